//! Pictures of curves: maps with cobwebs, correlations and gradients with depth. Theory and simulation in the same axes.

use figures::{Axis, Device, Figure, Layer, Role, Stroke, View};
use theory::{CorrelationMap, DepthScale};

use super::inputs::Pair;
use super::measurement::{Measurement, Spread};
use super::prediction::Prediction;
use super::settings::{InputKind, Settings};
use crate::round::round_up;

/// Abscissae of a map's curve: each costs a double sum, and 65 make segments of a few pixels.
const CURVE_POINTS: usize = 65;
/// Layers at which simulated points are drawn, at most; more would hide the line.
const DRAWN_LAYERS: usize = 16;
/// Steps of a cobweb; beyond them it has arrived.
const COBWEB_STEPS: usize = 40;

fn diagonal(low: f64, high: f64) -> Layer {
    Layer::line("", Role::Neutral, Stroke::Thin, [(low, low), (high, high)])
}

/// The staircase between a map and the diagonal.
fn cobweb(trajectory: &[f64]) -> Layer {
    let steps = trajectory.windows(2).take(COBWEB_STEPS);
    let corners = steps.flat_map(|pair| [(pair[0], pair[0]), (pair[0], pair[1])]);
    Layer::line("layer by layer", Role::Accent, Stroke::Thin, corners)
}

/// Simulated values at one layer against the layer before, mean over nets.
fn next_against_this(spread: &Spread, name: &str) -> Layer {
    let pairs = spread.mean.windows(2).take(COBWEB_STEPS).map(|pair| (pair[0], pair[1]));
    Layer::points(name, Role::Simulation, pairs)
}

fn points_with_depth(spread: &Spread, name: &str) -> Layer {
    let step = spread.mean.len().div_ceil(DRAWN_LAYERS).max(1);
    let at = (0..spread.mean.len()).step_by(step);
    Layer::points_with_bars(name, Role::Simulation, at.map(|l| (l as f64, spread.mean[l], spread.sd[l])))
}

fn simulated_name(measurement: &Measurement, settings: &Settings) -> String {
    match measurement.n_nets() {
        1 => format!("one net, width {}", settings.width),
        n => format!("{n} nets, width {}, ± s.d.", settings.width),
    }
}

/// Three or four to a factor of two: the axis stands still while a control is dragged, and its labels are not painted anew.
const ROUND: [f64; 13] = [1.0, 1.2, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 8.0];

pub(super) fn length_map(settings: &Settings, prediction: &Prediction, measured: Option<&Measurement>) -> Figure {
    let q_star = prediction.summary.q_star;
    let highest = q_star.map_or(6.0 * settings.q_0, |q| 1.2 * q.max(settings.q_0));
    let top = round_up(highest, &ROUND);
    let curve = (0..CURVE_POINTS).map(|i| {
        let q = top * i as f64 / (CURVE_POINTS - 1) as f64;
        (q, settings.sketch.length_map(q))
    });
    let mut layers = vec![
        diagonal(0.0, top),
        Layer::line("theory", Role::Theory, Stroke::Solid, curve),
        cobweb(&prediction.lengths),
    ];
    if let Some(q) = q_star {
        layers.push(Layer::Rule { name: "q*".into(), role: Role::Neutral, at: q, upright: true });
    }
    layers.extend(measured.map(|m| next_against_this(&m.length(), "simulation")));
    layers.push(Layer::Handle {
        x: settings.q_0,
        y: prediction.field.length_map(settings.q_0).min(top),
        x_control: "q_0".into(),
        y_control: String::new(),
    });
    Figure {
        id: "length-map".into(),
        title: match q_star {
            Some(q) => format!("q* = {}", figures::format_number(q)),
            None => "no fixed point: the curve stays above the diagonal".into(),
        },
        x: Axis::linear("length in this layer, q", 0.0, top),
        y: Axis::linear("length in the next layer", 0.0, top),
        layers,
        view: View::Square,
        alt: "The length map with its diagonal, and the staircase of lengths from layer to layer.".into(),
        note: None,
        device: Device::Theory,
    }
}

pub(super) fn correlation_map(
    settings: &Settings,
    prediction: &Prediction,
    measured: Option<&Measurement>,
    pairs: &[Pair],
) -> Figure {
    let map = CorrelationMap::new(&prediction.field, prediction.q_of_map);
    let start = pairs.last().map_or(settings.c_0, |p| p.c_0);
    let low = if start < 0.0 { -1.0 } else { 0.0 };
    let at = |i: usize| low + (1.0 - low) * i as f64 / (CURVE_POINTS - 1) as f64;
    let sketch = CorrelationMap::new(&settings.sketch, prediction.q_of_map);
    let curve = (0..CURVE_POINTS).map(|i| (at(i), sketch.map(at(i))));
    let mut trajectory = vec![start];
    let mut c = start;
    for _step in 0..COBWEB_STEPS.min(settings.depth) {
        let next = map.map(c);
        trajectory.push(next);
        // Steps that no eye can see.
        if (next - c).abs() < 1e-4 {
            break;
        }
        c = next;
    }
    let mut layers =
        vec![diagonal(low, 1.0), Layer::line("theory", Role::Theory, Stroke::Solid, curve), cobweb(&trajectory)];
    if let Some(chi_1) = prediction.summary.chi_1 {
        let tangent = [(1.0, 1.0), (low, 1.0 - chi_1 * (1.0 - low))];
        layers.push(Layer::line("slope χ₁ at 1", Role::Critical, Stroke::Dashed, tangent));
    }
    if let Some(c) = prediction.summary.c_star.filter(|c| *c < 1.0) {
        layers.push(Layer::Rule { name: "c*".into(), role: Role::Neutral, at: c, upright: true });
    }
    if let Some(measured) = measured {
        let pair = pairs.len().saturating_sub(1);
        layers.push(next_against_this(&measured.correlation(pair), "simulation"));
    }
    if matches!(settings.inputs, InputKind::Circle | InputKind::Pair) {
        layers.push(Layer::Handle { x: start, y: map.map(start), x_control: "c_0".into(), y_control: String::new() });
    }
    Figure {
        id: "correlation-map".into(),
        title: match (prediction.summary.q_star, prediction.summary.c_star) {
            (Some(q), Some(c)) => {
                format!("at q* = {}; c* = {}", figures::format_number(q), figures::format_number(c))
            }
            _ => format!("at the last layer's length, q = {}", figures::format_number(prediction.q_of_map)),
        },
        x: Axis::linear("correlation in this layer, c", low, 1.0),
        y: Axis::linear("correlation in the next layer", low, 1.0),
        layers,
        view: View::Square,
        alt: "The correlation map with its diagonal, its slope at one, and the staircase of correlations.".into(),
        note: None,
        device: Device::Theory,
    }
}

pub(super) fn correlation_depth(
    settings: &Settings,
    prediction: &Prediction,
    measured: Option<&Measurement>,
    pairs: &[Pair],
    theory: &[Vec<f64>],
) -> Figure {
    let depth = settings.depth as f64;
    let low = pairs.iter().map(|p| p.c_0).fold(0.0f64, f64::min) - 0.06;
    let mut layers = Vec::new();
    if let Some(c) = prediction.summary.c_star {
        layers.push(Layer::Rule { name: "c*".into(), role: Role::Neutral, at: c, upright: false });
    }
    layers.extend(rate(settings, prediction, theory));
    for (i, trajectory) in theory.iter().enumerate() {
        let name = if i == 0 { "theory" } else { "" };
        let points = trajectory.iter().enumerate().map(|(l, c)| (l as f64, *c));
        layers.push(Layer::line(name, Role::Theory, Stroke::Solid, points));
    }
    if let (Some(pair), Some(q)) = (pairs.last(), prediction.summary.q_star.filter(|q| *q > 0.0)) {
        let map = CorrelationMap::new(&prediction.field, q);
        let (mut c, mut stands) = (pair.c_0, false);
        let at_q_star = (0..=settings.depth).map(|l| {
            let point = (l as f64, c);
            if !stands {
                let next = map.map(c);
                stands = (next - c).abs() < 1e-15;
                c = next;
            }
            point
        });
        layers.push(Layer::line("with q = q* throughout", Role::Theory, Stroke::Thin, at_q_star.collect::<Vec<_>>()));
    }
    if let Some(measured) = measured {
        for i in 0..pairs.len() {
            let name = if i == 0 { simulated_name(measured, settings) } else { String::new() };
            layers.push(points_with_depth(&measured.correlation(i), &name));
        }
    }
    let end = theory.last().and_then(|t| t.last()).copied().unwrap_or(0.0);
    Figure {
        id: "correlation-depth".into(),
        title: match prediction.summary.xi_c {
            DepthScale::Finite(xi) => format!("depth scale ξ_c = {} layers", figures::format_number(xi)),
            DepthScale::Infinite => "critical: no exponential depth scale".into(),
            DepthScale::Undefined => "no depth scale here".into(),
        },
        x: Axis::linear("layer l", 0.0, depth.max(1.0)),
        y: Axis::linear("correlation of two inputs", low, 1.06),
        layers,
        view: View::Plane,
        alt: format!(
            "Correlation of pairs of inputs over {} layers, predicted and simulated; the chosen pair ends at {}.",
            settings.depth,
            figures::format_number(end)
        ),
        note: None,
        device: Device::Theory,
    }
}

/// `c* + A e^{-l/ξ_c}` for the chosen pair, with `A` such that it meets the exact line where that has come within a
/// tenth of its way, or at the last layer: the predicted rate, not a fit.
fn rate(settings: &Settings, prediction: &Prediction, theory: &[Vec<f64>]) -> Option<Layer> {
    let (c_star, DepthScale::Finite(xi)) = (prediction.summary.c_star?, prediction.summary.xi_c) else { return None };
    let trajectory = theory.last()?;
    let way = trajectory.first()? - c_star;
    let near = trajectory.iter().position(|c| (c - c_star).abs() < 0.1 * way.abs());
    let meets = near.unwrap_or(trajectory.len() - 1);
    let amplitude = (trajectory[meets] - c_star) * (meets as f64 / xi).exp();
    let at = |l: usize| (l as f64, c_star + amplitude * (-(l as f64) / xi).exp());
    let near = (0..=settings.depth).map(at).filter(|(_, c)| (-1.0..=1.0).contains(c));
    Some(Layer::line("predicted rate, 1/ξ_c", Role::Critical, Stroke::Dashed, near))
}

pub(super) fn gradient_depth(settings: &Settings, prediction: &Prediction, measured: Option<&Measurement>) -> Figure {
    let theory = &prediction.log_gradients;
    let spread = measured.map(Measurement::log_gradient);
    let shown = theory.iter().chain(spread.iter().flat_map(|s| &s.mean)).copied().filter(|g| g.is_finite());
    let (low, high) = shown.fold((-0.5f64, 0.5f64), |(low, high), v| (low.min(v), high.max(v)));
    // Room for the line's width, and round ends.
    let room = round_up(1.04 * (high - low), &ROUND) / 20.0;
    let (low, high) = ((low / room - 0.5).floor() * room, (high / room + 0.5).ceil() * room);
    let mut layers = vec![
        Layer::Rule { name: String::new(), role: Role::Neutral, at: 0.0, upright: false },
        Layer::line("theory", Role::Theory, Stroke::Solid, theory.iter().enumerate().map(|(l, g)| (l as f64, *g))),
    ];
    if let (Some(spread), Some(measured)) = (&spread, measured) {
        layers.push(points_with_depth(spread, &simulated_name(measured, settings)));
    }
    Figure {
        id: "gradient-depth".into(),
        title: match theory.first() {
            Some(g) if *g > 0.5 => format!("exploding: 10^{} from the last layer to the first", rounded(*g)),
            Some(g) if *g < -0.5 => format!("vanishing: 10^{} from the last layer to the first", rounded(*g)),
            _ => "kept to within a factor of three".into(),
        },
        x: Axis::linear("layer l", 0.0, (settings.depth as f64).max(1.0)),
        y: Axis::linear("log₁₀ mean squared gradient, relative to layer L", low, high),
        layers,
        view: View::Plane,
        alt: "Mean squared gradient at each layer relative to the last, predicted and simulated.".into(),
        note: None,
        device: Device::Theory,
    }
}

fn rounded(exponent: f64) -> String {
    format!("{exponent:.1}").replace('-', "−")
}
