//! The pictures of the window: its regions, and the output along a segment through it.

use std::collections::BTreeMap;

use data::toys::Points;
use figures::{Axis, ColourMap, ColourScale, Figure, Layer, Role, Samples, Stroke, View, format_number};
use kernels::pattern_name;
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
        Layer::Points { name: String::new(), role, x: of_class(0), y: of_class(1), spread: Samples::default() }
    })
}

/// The colours of the output, −`end` to `end`.
pub(super) fn output_colours(end: f64) -> ColourScale {
    let end = end as f32;
    ColourScale { label: "output f".into(), map: ColourMap::Diverging, range: (-end, end), names: Vec::new() }
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
            let shades = pixel_shades(cut);
            // The middle of the map: pale enough for lines to be seen on it.
            let colours = ColourScale {
                // They tell patches apart and mean no number: no bar, and nothing between two of them.
                label: String::new(),
                map: ColourMap::Diverging,
                range: (-0.6, 1.6),
                names: vec![(9.0, String::new())],
            };
            Some(layer(shades, colours))
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

/// The shade of the region that each pixel is in, by whichever device it was found: patterns have the same names everywhere.
fn pixel_shades(cut: &Cut) -> Vec<f32> {
    let of_region = shades(cut);
    let by_cut = cut.pixels.iter().map(|region| of_region[*region as usize]);
    let Some(on_gpu) = &cut.on_gpu else { return by_cut.collect() };
    let hidden = cut.regions.widths();
    let name = |region: Region<'_>| pattern_name(hidden, |unit| region.is_on(unit));
    let by_name: BTreeMap<u64, f32> = cut.regions.iter().map(name).zip(of_region.iter().copied()).collect();
    // Beside a border, rounding in f32 makes a pattern now and then that no region has; of the first layers alone, none has.
    on_gpu.map.patterns.iter().zip(by_cut).map(|(name, shade)| by_name.get(name).copied().unwrap_or(shade)).collect()
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

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use kernels::{Gpu, PatternMap, PixelGrid, pattern_map, pattern_map_on_cpu};
    use nets::mlp::{Mlp, Shape};
    use random::Stream;
    use theory::Activation;

    use super::super::on_gpu::OnGpu;
    use super::super::training::relu_net;
    use super::*;
    use crate::job::Unhurried;

    const WINDOW: Window = Window { x_min: -1.2, x_max: 0.8, y_min: -0.5, y_max: 1.5 };
    const GRID: PixelGrid = PixelGrid { x: (-1.2, 0.8), y: (-0.5, 1.5), columns: SIDE, rows: SIDE };

    fn nets() -> impl Iterator<Item = Mlp> {
        [&[2, 24, 1][..], &[2, 40, 33, 1], &[2, 12, 12, 12, 1]].into_iter().enumerate().map(|(seed, widths)| {
            let shape = Shape::new(widths, Activation::Relu).unwrap();
            Mlp::random(shape, 1.6, 0.4, Stream::new(seed as u64, "test"))
        })
    }

    fn cut(net: &Mlp, map: Option<PatternMap>) -> Cut {
        let on_gpu = map.map(|map| OnGpu { map, device: "another device".into() });
        let net = relu_net(net).unwrap();
        wait(Cut::new(&net, WINDOW, on_gpu, &mut Unhurried)).unwrap().unwrap()
    }

    fn wait<T>(future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return value;
            }
        }
    }

    /// Patterns of a pixel in 10,000 are within rounding of f32 of a border.
    fn assert_same_colours(net: &Mlp, map: PatternMap) {
        let (alone, with_map) = (cut(net, None), cut(net, Some(map)));
        let (want, got) = (pixel_shades(&alone), pixel_shades(&with_map));
        let differ: Vec<usize> = (0..SIDE * SIDE).filter(|at| want[*at] != got[*at]).collect();
        assert!(differ.len() <= 6, "{} of {} pixels differ", differ.len(), SIDE * SIDE);
        assert!(alone.regions.len() > 50, "{} regions are no picture", alone.regions.len());
    }

    #[test]
    fn colours_are_the_same_by_pixels_and_by_polygons() {
        for net in nets() {
            let of_kernel = kernels::ReluNet { widths: net.shape().widths(), parameters: net.parameters() };
            assert_same_colours(&net, pattern_map_on_cpu(&of_kernel, &GRID, 0, SIDE).unwrap());
        }
    }

    #[test]
    #[ignore = "needs a Vulkan adapter"]
    fn gpu_colours_are_the_cpus() {
        let gpu = wait(Gpu::request()).expect("a test named gpu_ needs an adapter");
        for net in nets() {
            let of_kernel = kernels::ReluNet { widths: net.shape().widths(), parameters: net.parameters() };
            assert_same_colours(&net, wait(pattern_map(&gpu, &of_kernel, &GRID)).unwrap());
        }
    }
}
