//! Pictures of curves: maps with cobwebs, correlations and gradients with depth. Theory and simulation in the same axes.

use figures::{Axis, Chart, FINE_STEPS, Figure, Role, format_number, round_up};
use theory::{CorrelationMap, DepthScale, exponential_approach};

use super::measurement::Measurement;
use super::prediction::Prediction;
use super::settings::Settings;
use crate::statistics::Spread;

/// Abscissae of a map's curve: each costs a double sum, and 65 make segments of a few pixels.
const CURVE_POINTS: usize = 65;
/// Layers at which simulated points are drawn, at most.
pub(super) const DRAWN_LAYERS: usize = 16;
/// Steps of a cobweb; beyond them it has arrived. No eye can see shorter ones.
const COBWEB_STEPS: usize = 40;
const LEAST_STEP: f64 = 1e-4;

/// Number `i` of the abscissae of a curve, as a share of the whole.
fn share(i: usize) -> f64 {
    i as f64 / (CURVE_POINTS - 1) as f64
}

/// A map beside the diagonal, and the staircase between them.
fn map(id: &str, axes: [Axis; 2], curve: impl Iterator<Item = (f64, f64)>, trajectory: &[f64]) -> Chart {
    let [x, y] = axes;
    let (low, high) = x.range;
    let steps = trajectory.windows(2).take(COBWEB_STEPS);
    let corners = steps.flat_map(|pair| [(pair[0], pair[0]), (pair[0], pair[1])]);
    Chart::new(id, x, y)
        .thin("", Role::Neutral, [(low, low), (high, high)])
        .line("theory", Role::Theory, curve)
        .thin("layer by layer", Role::Accent, corners)
        .square()
}

/// Simulated values at one layer against the layer before, mean over nets.
fn next_against_this(chart: Chart, of: Measurement<'_>, spread: &Spread) -> Chart {
    let name = if of.is_current { "simulation" } else { "nets before this change" };
    let pairs = spread.mean.windows(2).take(COBWEB_STEPS).map(|pair| (pair[0], pair[1]));
    let pairs = pairs.filter(|(x, y)| x.is_finite() && y.is_finite());
    chart.points(name, of.role(), pairs)
}

fn points_with_depth(chart: Chart, of: Measurement<'_>, spread: &Spread, name: &str) -> Chart {
    chart.points_with_bars(name, of.role(), spread.at_few(DRAWN_LAYERS))
}

/// The device where something was measured.
fn built(chart: Chart, measured: Option<Measurement<'_>>) -> Figure {
    chart.with(measured, |chart, of| chart.device(of.by.clone())).build()
}

pub(super) fn length_map(settings: &Settings, theory: &Prediction, measured: Option<Measurement<'_>>) -> Figure {
    let (q_star, basin) = (theory.summary.q_star, &theory.basin);
    let highest = q_star.map_or(6.0 * settings.q_0, |q| 1.2 * q.max(settings.q_0));
    let top = round_up(highest, &FINE_STEPS);
    let curve = (0..CURVE_POINTS).map(|i| (top * share(i), theory.sketch.length_map(top * share(i))));
    let axes = ["length in this layer, q", "length in the next layer"].map(|label| Axis::linear(label, 0.0, top));
    let chart = map("length-map", axes, curve, &theory.lengths)
        .with(q_star, |chart, q| chart.rule_at_x("q*", Role::Neutral, q))
        .with_each(basin.unstable.iter().filter(|q| **q < top), |chart, q| {
            chart.rule_at_x("unstable", Role::Critical, *q)
        })
        .with(measured, |chart, of| next_against_this(chart, of, &of.length()))
        .handle_x("q_0", settings.q_0, theory.field.length_map(settings.q_0).min(top))
        .title(match q_star {
            Some(q) if basin.is_whole() => format!("q* = {}", format_number(q)),
            Some(q) => format!("from this q₀: q* = {}", format_number(q)),
            None if basin.is_whole() => "no fixed point: the curve stays above the diagonal".into(),
            None => "from this q₀ lengths grow without bound".into(),
        })
        .alt("The length map with its diagonal, and the staircase of lengths from layer to layer.");
    built(chart, measured)
}

pub(super) fn correlation_map(settings: &Settings, theory: &Prediction, measured: Option<Measurement<'_>>) -> Figure {
    let map_at_q = CorrelationMap::new(&theory.field, theory.q_of_map);
    let sketch = CorrelationMap::new(&theory.sketch, theory.q_of_map);
    let start = theory.pairs.last().map_or(settings.c_0, |p| p.c_0);
    let low: f64 = if start < 0.0 { -1.0 } else { 0.0 };
    // Dense where maps can be steep: near 1, and near -1 as well.
    let at = |i: usize| (low.acos() * (1.0 - share(i))).cos();
    let curve = (0..CURVE_POINTS).map(|i| (at(i), sketch.map(at(i))));
    let trajectory = map_at_q.steps(start, COBWEB_STEPS.min(settings.depth), LEAST_STEP);
    let summary = &theory.summary;
    let axes =
        ["correlation in this layer, c", "correlation in the next layer"].map(|label| Axis::linear(label, low, 1.0));
    let mut chart = map("correlation-map", axes, curve, &trajectory)
        .with(summary.chi_1, |chart, chi_1| {
            let tangent = [(1.0, 1.0), (low, 1.0 - chi_1 * (1.0 - low))];
            chart.dashed("slope χ₁ at 1", Role::Critical, tangent)
        })
        .with(summary.c_star.filter(|c| *c < 1.0), |chart, c| chart.rule_at_x("c*", Role::Neutral, c))
        .with(measured, |chart, of| next_against_this(chart, of, &of.correlation(theory.pairs.len().saturating_sub(1))))
        .title(match (summary.q_star, summary.c_star) {
            (Some(q), Some(c)) => format!("at q* = {}; c* = {}", format_number(q), format_number(c)),
            _ if theory.field.keeps_correlations() => "every correlation is kept".into(),
            _ => format!("at the last layer’s length, q = {}", format_number(theory.q_of_map)),
        })
        .alt("The correlation map with its diagonal, its slope at one, and the staircase of correlations.");
    if !settings.inputs.is_images() {
        chart = chart.handle_x("c_0", start, map_at_q.map(start));
    }
    built(chart, measured)
}

pub(super) fn correlation_depth(settings: &Settings, theory: &Prediction, measured: Option<Measurement<'_>>) -> Figure {
    let low = theory.pairs.iter().map(|p| p.c_0).fold(0.0f64, f64::min) - 0.06;
    let x = Axis::linear("layer l", 0.0, (settings.depth as f64).max(1.0));
    let end = theory.correlations.last().and_then(|t| t.last()).copied().unwrap_or(0.0);
    let chart = Chart::new("correlation-depth", x, Axis::linear("correlation of two inputs", low, 1.06))
        .with(theory.summary.c_star, |chart, c| chart.rule_at_y("c*", Role::Neutral, c))
        .with(approach(theory), |chart, c| {
            let within = by_layer(&c).filter(|(_, c)| (-1.0..=1.0).contains(c));
            chart.dashed("predicted rate, 1/ξ_c", Role::Critical, within)
        })
        .with_each(theory.correlations.iter().enumerate(), |chart, (i, trajectory)| {
            chart.line(if i == 0 { "theory" } else { "" }, Role::Theory, by_layer(trajectory))
        })
        .with(at_q_star(settings, theory), |chart, c| chart.thin("with q = q* throughout", Role::Theory, by_layer(&c)))
        .with(measured, |chart, of| {
            chart.with_each(0..theory.pairs.len(), |chart, i| {
                let name = if i == 0 { of.name(settings.width) } else { String::new() };
                points_with_depth(chart, of, &of.correlation(i), &name)
            })
        })
        .title(match theory.summary.xi_c {
            DepthScale::Finite(xi) => format!("depth scale ξ_c = {} layers", format_number(xi)),
            DepthScale::Infinite => "critical: no exponential depth scale".into(),
            DepthScale::Undefined => "no depth scale here".into(),
        })
        .alt(format!(
            "Correlation of pairs of inputs over {} layers, predicted and simulated; the chosen pair ends at {}.",
            settings.depth,
            format_number(end)
        ));
    built(chart, measured)
}

/// The chosen pair's correlations if lengths were `q*` from the start.
fn at_q_star(settings: &Settings, theory: &Prediction) -> Option<Vec<f64>> {
    let map = CorrelationMap::new(&theory.field, theory.summary.q_star.filter(|q| *q > 0.0)?);
    Some(map.trajectory(theory.pairs.last()?.c_0, settings.depth))
}

/// The chosen pair's approach to c* at the predicted rate.
fn approach(theory: &Prediction) -> Option<Vec<f64>> {
    let (c_star, DepthScale::Finite(xi)) = (theory.summary.c_star?, theory.summary.xi_c) else { return None };
    Some(exponential_approach(theory.correlations.last()?, c_star, xi))
}

/// With the layers as abscissae.
fn by_layer(values: &[f64]) -> impl Iterator<Item = (f64, f64)> {
    values.iter().enumerate().map(|(l, value)| (l as f64, *value))
}

pub(super) fn gradient_depth(settings: &Settings, theory: &Prediction, measured: Option<Measurement<'_>>) -> Figure {
    let predicted = &theory.log_gradients;
    let found = measured.map(|of| (of, of.log_gradient()));
    let simulated = found.iter().flat_map(|(_, spread)| &spread.mean);
    let shown = predicted.iter().chain(simulated).copied().filter(|g| g.is_finite());
    let (low, high) = shown.fold((-0.5f64, 0.5f64), |(low, high), v| (low.min(v), high.max(v)));
    // Room for the line's width, and round ends.
    let room = round_up(1.04 * (high - low), &FINE_STEPS) / 20.0;
    let y = (low - 0.5 * room, high + 0.5 * room);
    let chart = Chart::new(
        "gradient-depth",
        Axis::linear("layer l", 0.0, (settings.depth as f64).max(1.0)),
        Axis::in_steps("log₁₀ of the mean squared gradient, relative to layer L", y, room, room),
    )
    .rule_at_y("", Role::Neutral, 0.0)
    .line("theory", Role::Theory, by_layer(predicted))
    .with(found, |chart, (of, spread)| points_with_depth(chart, of, &spread, &of.name(settings.width)))
    .title(match predicted.first() {
        Some(g) if *g > 0.5 => format!("exploding: 10^{} from the last layer to the first", exponent(*g)),
        Some(g) if *g < -0.5 => format!("vanishing: 10^{} from the last layer to the first", exponent(*g)),
        _ => "kept to within a factor of about three".into(),
    })
    .alt("Mean squared gradient at each layer relative to the last, predicted and simulated.");
    built(chart, measured)
}

fn exponent(log: f64) -> String {
    format!("{log:.1}").replace('-', "−")
}
