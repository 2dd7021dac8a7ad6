//! The pictures of the window: its regions, and the output along a segment through it.

use data::toys::Points;
use figures::{Axis, ColourMap, ColourScale, Figure, Layer, Role, Samples, Stroke, View, format_number};
use theory::regions::{Region, Window};

use super::cut::{Cut, SIDE, centre};
use super::settings::{Colour, Settings};
use crate::round::round_up;

/// The colour of each layer, here and wherever layers or depths are told apart.
pub(super) const LAYER_ROLES: [Role; 4] = [Role::Critical, Role::Theory, Role::Simulation, Role::Neutral];

/// A line, or lines with gaps between them.
pub(super) fn line(name: &str, role: Role, stroke: Stroke, [x, y]: [Samples; 2]) -> Layer {
    Layer::Line { name: name.into(), role, stroke, x, y }
}

/// The points of both classes.
pub(super) fn data_points(points: &Points) -> impl Iterator<Item = Layer> + use<'_> {
    [(0, Role::Ordered), (1, Role::Chaotic)].into_iter().map(move |(class, role)| {
        let of_class = |axis: usize| {
            let all = points.xy.chunks_exact(2).zip(&points.labels);
            Samples(all.filter(|(_, label)| **label == class).map(|(xy, _)| xy[axis]).collect())
        };
        Layer::Points {
            name: String::new(),
            role,
            x: of_class(0),
            y: of_class(1),
            spread: Samples::default(),
            shape: None,
        }
    })
}

/// The colours of the output, −`end` to `end`.
pub(super) fn output_colours(end: f64) -> ColourScale {
    let end = end as f32;
    ColourScale::new("output f", ColourMap::Diverging, (-end, end))
}

/// Where the colours of outputs end: most of the picture is below.
pub(super) fn output_end(mut sizes: Vec<f64>) -> f64 {
    sizes.retain(|size| size.is_finite());
    let at = sizes.len() * 9 / 10;
    let size = if at < sizes.len() { *sizes.select_nth_unstable_by(at, f64::total_cmp).1 } else { 0.0 };
    Some(round_up(size, &[1.0, 2.0, 5.0])).filter(|end| (1e-30..1e30).contains(end)).unwrap_or(1.0)
}

/// The regions, `None` with the reason.
pub(super) fn regions(settings: &Settings, cut: Result<&Cut, &String>, points: Option<&Points>) -> Figure {
    let Window { x_min, x_max, y_min, y_max } = settings.window();
    let mut figure = Figure::blank("regions", Axis::linear("x", x_min, x_max), Axis::linear("y", y_min, y_max));
    figure.view = View::Square;
    match cut {
        Ok(cut) => {
            figure.title = format!("{} regions", cut.regions.len());
            figure.alt = format!("{} linear regions in the window, with the lines between them.", cut.regions.len());
            figure.layers.extend(heat(settings, cut));
            for (l, samples) in cut.lines.iter().enumerate() {
                let name = format!("layer {}", l + 1);
                figure.layers.push(line(&name, LAYER_ROLES[l % 4], Stroke::Thin, samples.clone()));
            }
            if settings.colour == Colour::Output {
                figure.layers.push(line("f = 0", Role::Critical, Stroke::Solid, cut.decision.clone()));
            }
        }
        Err(why) => figure.note = Some(why.clone()),
    }
    figure.layers.extend(points.into_iter().flat_map(data_points));
    figure.layers.push(Layer::Window {
        x_control: "centre_x".into(),
        y_control: "centre_y".into(),
        half_width_control: "half_width".into(),
    });
    figure.layers.push(Layer::Probe);
    let [a, b] = settings.segment;
    figure.layers.push(line("", Role::Accent, Stroke::Solid, super::chain::samples(&[vec![a, b]])));
    for ([x, y], x_control, y_control) in [(a, "a_x", "a_y"), (b, "b_x", "b_y")] {
        figure.layers.push(Layer::Handle { x, y, x_control: x_control.into(), y_control: y_control.into() });
    }
    figure
}

fn heat(settings: &Settings, cut: &Cut) -> Option<Layer> {
    let Window { x_min, x_max, y_min, y_max } = settings.window();
    let layer = |values: Vec<f32>, colours| Layer::Heat {
        columns: SIDE as u32,
        values: Samples(values),
        x: (x_min, x_max),
        y: (y_min, y_max),
        colours,
    };
    match settings.colour {
        Colour::Layer => None,
        Colour::Pattern => {
            let shades = match &cut.on_gpu {
                Some(on_gpu) => on_gpu.shades(),
                None => {
                    let of_region = shades(cut);
                    cut.pixels.iter().map(|region| of_region[*region as usize]).collect()
                }
            };
            // They tell patches apart and mean no number.
            Some(layer(shades, ColourScale::new("", ColourMap::Tints, (0.0, 1.0))))
        }
        Colour::Output => {
            let maps: Vec<Region<'_>> = cut.regions.iter().collect();
            let value = |(at, region): (usize, &u32)| {
                let [x, y] = centre(at, settings.window());
                let Region { gradient, offset, .. } = maps[*region as usize];
                gradient[0] * x + gradient[1] * y + offset
            };
            let values: Vec<f32> = match &cut.on_gpu {
                Some(on_gpu) => on_gpu.map.outputs.clone(),
                None => cut.pixels.iter().enumerate().map(|at| value(at) as f32).collect(),
            };
            let end = output_end(values.iter().step_by(7).map(|f| f64::from(f.abs())).collect());
            Some(layer(values, output_colours(end)))
        }
    }
}

/// A number from 0 to 1 for each region. Regions on both sides of a line differ by at least 0.2: each unit that is on adds
/// 0.2 to 0.8, modulo 1.
fn shades(cut: &Cut) -> Vec<f32> {
    let n_units: usize = cut.regions.widths().iter().sum();
    let golden = |i: usize| (0.618_033_988_749_895 * (i + 1) as f64).fract();
    let shares: Vec<f64> = (0..n_units).map(|i| 0.2 + 0.6 * golden(i)).collect();
    let of_region = |region: Region<'_>| {
        let sum: f64 = shares.iter().enumerate().filter(|(i, _)| region.is_on(*i)).map(|(_, share)| share).sum();
        sum.fract() as f32
    };
    cut.regions.iter().map(of_region).collect()
}

/// What a segment meets: points of the output's graph over the way from its start, those where a unit's line is crossed
/// with the layer, and the number of regions.
pub(super) struct Met {
    graph: Vec<[f64; 2]>,
    crossings: Vec<(usize, [f64; 2])>,
    pub(super) n_regions: usize,
}

impl Met {
    pub(super) fn new(settings: &Settings, cut: &Cut) -> Self {
        let [a, b] = settings.segment;
        let length = (b[0] - a[0]).hypot(b[1] - a[1]);
        let parts = cut.regions.along_segment(a, b);
        let mut met = Self { graph: Vec::new(), crossings: Vec::new(), n_regions: parts.len() };
        for part in &parts {
            let Some(region) = cut.regions.get(part.region) else { continue };
            let at = |t: f64| {
                let (x, y) = (a[0] + t * (b[0] - a[0]), a[1] + t * (b[1] - a[1]));
                [t * length, region.gradient[0] * x + region.gradient[1] * y + region.offset]
            };
            met.crossings.extend(part.maker.map(|maker| (maker.layer, at(part.t_from))));
            met.graph.extend([at(part.t_from), at(part.t_to)]);
        }
        met
    }

    pub(super) fn figure(&self, settings: &Settings) -> Figure {
        let [a, b] = settings.segment;
        let length = (b[0] - a[0]).hypot(b[1] - a[1]);
        let (low, high) = range(self.graph.iter().map(|p| p[1]));
        let x = Axis::linear("way from the start of the segment", 0.0, if length > 0.0 { length } else { 1.0 });
        let mut figure = Figure::blank("line", x, Axis::linear("output f", low, high));
        if self.n_regions == 0 {
            figure.note = Some("The segment is outside of the window.".into());
            return figure;
        }
        figure.title = format!("{} regions, {} crossings", self.n_regions, self.n_regions - 1);
        figure.alt = format!("The output along the segment, which meets {} regions.", self.n_regions);
        if low < 0.0 && high > 0.0 {
            figure.layers.push(Layer::Rule { name: String::new(), role: Role::Neutral, at: 0.0, upright: false });
        }
        figure.layers.push(line(
            "",
            Role::Accent,
            Stroke::Solid,
            super::chain::samples(std::slice::from_ref(&self.graph)),
        ));
        for l in 1..=settings.net.layers {
            let of_layer = self.crossings.iter().filter(|c| c.0 == l).map(|c| c.1.into());
            figure.layers.push(Layer::points(&format!("layer {l}"), LAYER_ROLES[(l - 1) % 4], of_layer));
        }
        figure
    }
}

/// Round ends around some values, apart from each other.
fn range(values: impl Iterator<Item = f64>) -> (f64, f64) {
    let (low, high) = values.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    let span = (high - low).max(1e-2 * low.abs().max(high.abs()));
    if !span.is_finite() || span <= 0.0 {
        return (-1.0, 1.0);
    }
    let step = 10f64.powf((span / 2.0).log10().floor());
    ((low / step - 0.2).floor() * step, (high / step + 0.2).ceil() * step)
}

/// A count for a title: all digits while they can be read.
pub(super) fn count(n: f64) -> String {
    if n < 1e6 { format!("{n:.0}") } else { format_number(n) }
}
