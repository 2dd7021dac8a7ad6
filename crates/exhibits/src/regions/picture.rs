//! The pictures of the plane: regions in the window, and the output around it.

use data::toys::Points;
use figures::{Axis, COARSE, Cells, Chart, ColourMap, ColourScale, Figure, Layer, Role, round_up};
use theory::regions::{Region, Window};

use super::settings::{Colour, Settings};
use super::window_regions::{Pixels, SIDE, WindowRegions};
use crate::statistics::quantile;

/// The colour of each layer, here and wherever layers or depths are told apart.
pub(super) const LAYER_ROLES: [Role; 4] = [Role::Critical, Role::Theory, Role::Simulation, Role::Neutral];
/// Cells a side of the output's picture.
pub(super) const OUTPUT_SIDE: usize = 128;
/// The data lie within 1.
const LEAST_REACH: f64 = 1.5;

/// The points of both classes.
fn with_points(chart: Chart, points: &Points) -> Chart {
    [(0, Role::Ordered), (1, Role::Chaotic)]
        .into_iter()
        .fold(chart, |chart, (class, role)| chart.points("", role, points.of_class(class)))
}

/// Outputs beyond some 3 are as good as a class, so that tanh shows what matters.
fn output_colours() -> ColourScale {
    ColourScale::new("tanh f", ColourMap::Diverging, (-1.0, 1.0))
}

fn squashed(outputs: &[f32]) -> Vec<f32> {
    // The same bits on every target.
    outputs.iter().map(|f| libm::tanhf(*f)).collect()
}

/// The regions, or why there are none.
pub(super) fn regions(
    settings: &Settings,
    cut: Result<(&WindowRegions, &Pixels), &String>,
    points: Option<&Points>,
) -> Figure {
    let Window { x_min, x_max, y_min, y_max } = settings.window();
    let chart = Chart::new("regions", Axis::linear("x", x_min, x_max), Axis::linear("y", y_min, y_max)).square();
    let chart = match cut {
        Ok((cut, pixels)) => with_regions(chart, settings, cut, pixels),
        Err(why) => chart.note(why),
    };
    let [a, b] = settings.segment();
    let moved = Layer::Window {
        x_control: "centre_x".into(),
        y_control: "centre_y".into(),
        half_width_control: "half_width".into(),
    };
    chart
        .with(points, with_points)
        .layers([moved, Layer::Probe])
        .line("", Role::Accent, [a.into(), b.into()])
        .handle_xy("a_x", "a_y", a[0], a[1])
        .handle_xy("b_x", "b_y", b[0], b[1])
        .build()
}

fn with_regions(chart: Chart, settings: &Settings, cut: &WindowRegions, pixels: &Pixels) -> Chart {
    let n = cut.regions.len();
    let of_regions = |values: &[f32]| pixels.regions.iter().map(|region| values[*region as usize]).collect();
    let outputs = if settings.colour == Colour::Output { outputs(cut, pixels) } else { Vec::new() };
    let heat = match settings.colour {
        Colour::None => None,
        // They tell patches apart and mean no number.
        Colour::Pattern => {
            let colours = ColourScale::new("", ColourMap::Tints, (0.0, 1.0));
            Some((of_regions(&cut.regions.shades()), colours))
        }
        Colour::Slope => {
            let slope = |Region { gradient: [x, y], .. }: Region<'_>| (x * x + y * y).sqrt() as f32;
            let values: Vec<f32> = of_regions(&cut.regions.iter().map(slope).collect::<Vec<_>>());
            let colours = ColourScale::new("slope |∇f|", ColourMap::Tints, (0.0, high_end(&values)));
            Some((values, colours))
        }
        Colour::Output => Some((squashed(&outputs), output_colours())),
    };
    let Window { x_min, x_max, y_min, y_max } = settings.window();
    let cells =
        |values: Vec<f32>| Cells { columns: SIDE as u32, values: values.into(), x: (x_min, x_max), y: (y_min, y_max) };
    chart
        .with(heat, |chart, (values, colours)| chart.heat(cells(values), colours))
        .with_each(cut.lines.iter().enumerate(), |chart, (l, line)| {
            chart.thin(&format!("layer {}", l + 1), LAYER_ROLES[l % 4], line.iter().copied())
        })
        .with((!outputs.is_empty()).then_some(outputs), |chart, outputs| {
            chart.boundary("f = 0", Role::Critical, cells(outputs), 0.0)
        })
        .title(format!("{n} regions in the window"))
        .alt(format!("{n} linear regions in the window, with the lines between them."))
}

/// The output at each point of the grid.
fn outputs(cut: &WindowRegions, pixels: &Pixels) -> Vec<f32> {
    pixels.outputs.clone().unwrap_or_else(|| cut.regions.values_at_pixels(&pixels.regions, SIDE))
}

/// Where colours of sizes end: nine tenths of the picture are below.
fn high_end(sizes: &[f32]) -> f32 {
    let end = round_up(quantile(sizes.iter().step_by(7).copied(), 0.9).unwrap_or(0.0).into(), &COARSE) as f32;
    Some(end).filter(|end| (1e-30..1e30).contains(end)).unwrap_or(1.0)
}

/// Half the side of the square in which the output is shown. It does not depend on the centre while that is dragged within.
pub(super) fn reach(settings: &Settings, points: &Points) -> f64 {
    let farthest = points.xy.iter().fold(0.0f32, |most, x| most.max(x.abs()));
    let points = if settings.data.is_none() { f64::from(farthest) } else { 0.0 };
    let centre = settings.centre_x.abs().max(settings.centre_y.abs());
    LEAST_REACH.max(1.25 * settings.half_width).max(centre).max(points)
}

/// The output with the points and the frame of the window.
pub(super) fn output(cells: &Cells, settings: &Settings, points: &Points) -> Chart {
    let (low, high) = cells.x;
    let heat = Cells { values: squashed(&cells.values.0).into(), ..cells.clone() };
    let corners = settings.window().corners();
    let pen = || Layer::Pen { points_control: "points".into(), class_control: "pen".into() };
    let chart = Chart::new("output", Axis::linear("x", low, high), Axis::linear("y", low, high))
        .square()
        .heat(heat, output_colours())
        .boundary("f = 0", Role::Critical, cells.clone(), 0.0);
    with_points(chart, points)
        .layers(settings.data.is_none().then(pen))
        .line("window", Role::Accent, corners.into_iter().chain([corners[0]]).map(Into::into))
        .handle_xy("centre_x", "centre_y", settings.centre_x, settings.centre_y)
        .alt("The output of the net with the points of both classes, and the window.")
}
