//! Pictures of functions: the net over its layers, and how far it is from what it stands for.

use figures::{Axis, Figure, Layer, Role, Stroke, format_number};
use theory::sawtooth::{PiecewiseLinear, ReluNet};

use super::draw::{count, decades, figure, rule};
use super::graph::{Graph, outline};
use super::settings::Settings;
use super::task::Task;

/// Strips of a picture; a curve has at most two points in each.
const BINS: usize = 900;
/// Pieces of an earlier layer's output that is still drawn: beyond them it would hide the others.
const THIN_PIECES: u64 = 64;
/// Kinks that are marked.
const MARKED: usize = 65;
/// Teeth and waves that can be told apart; of more the picture shows so many from the left.
const TOLD_APART: f64 = 128.0;
/// Places at which a distance is measured for its picture, if its pieces are fewer; else at the ends and middles.
const SAMPLES: usize = 1 << 14;
/// Distances are drawn down to this part of the smallest maximum.
const DEPTH_OF_FIELD: f64 = 0.03;
/// More arches of a distance than this are drawn by their height alone, three in a strip, in at most so many.
const ARCHES: usize = 48;
const STRIPS: usize = 240;
/// Beyond rounding.
const LEAST_DISTANCE: f64 = 1e-15;

/// The net's output over its interval, with those of fewer layers; `before` is the net before it was perturbed.
pub(super) fn outputs(settings: &Settings, task: &Task, graph: &Graph, before: Option<&ReluNet>) -> Figure {
    let interval = task.interval();
    let shown = (interval.0, interval.0 + (interval.1 - interval.0) * (TOLD_APART / task.arches() as f64).min(1.0));
    let target: Vec<_> = (0..=1024).map(|i| at(shown, i, 1024)).map(|x| (x, task.value(x))).collect();
    // One point more than is in view, for the line that leaves it.
    let in_view = |graph: &Graph| {
        let mut beyond = 0;
        let near = graph.points().take_while(|p| {
            beyond += usize::from(p.0 >= shown.1);
            beyond < 2
        });
        outline(near.collect(), BINS)
    };
    let kinks = in_view(graph);
    let (low, high) =
        target.iter().chain(&kinks).fold((0.0_f64, 0.0_f64), |(low, high), p| (low.min(p.1), high.max(p.1)));
    let room = 0.06 * (high - low).max(1e-9);
    let mut layers = Vec::new();
    // Where the picture shows a part, an earlier layer has fewer pieces in it.
    let thin = THIN_PIECES * (task.arches() as u64 / TOLD_APART as u64).max(1);
    for (i, steps) in (1..settings.k).enumerate() {
        let earlier = task.net(steps).ok().filter(|_| 1_u64 << steps <= thin);
        let Some(found) = earlier.and_then(|net| Graph::at_once(&net.net, shown).ok()) else { break };
        // The one that is folded last stands out.
        let (name, role) = match settings.k - steps {
            1 => ("one layer less", Role::Ordered),
            _ if i == 0 => ("fewer layers", Role::Neutral),
            _ => ("", Role::Neutral),
        };
        layers.push(Layer::line(name, role, Stroke::Thin, in_view(&found)));
    }
    if let Task::Sawtooth { .. } = task {
        layers.push(rule("1/2", Role::Neutral, 0.5, false));
    } else {
        layers.push(Layer::line("target", Role::Theory, Stroke::Dashed, target));
    }
    if let Some(before) = before.and_then(|net| Graph::at_once(net, shown).ok()) {
        layers.push(Layer::line("unperturbed", Role::Neutral, Stroke::Dashed, in_view(&before)));
    }
    let name = if before.is_some() { format!("perturbed, σ = {}", settings.sigma) } else { "the net".into() };
    let are_told_apart = kinks.len() <= MARKED;
    layers.push(Layer::line(&name, Role::Simulation, Stroke::Solid, kinks.clone()));
    if are_told_apart {
        // Every other piece in another colour.
        let others = kinks.windows(2).skip(1).step_by(2).flat_map(|p| [p[0], p[1], (p[1].0, f64::NAN)]);
        layers.push(Layer::line("every other piece", Role::Chaotic, Stroke::Solid, others));
    }
    let pieces = graph.n_pieces() as u64;
    let times = ((interval.1 - interval.0) / (shown.1 - shown.0)).round() as u64;
    let (part, x) = if times > 1 {
        (" in all", format!("x, enlarged {times} times: the first 1/{times} of the interval"))
    } else {
        ("", "x".into())
    };
    figure(
        "sawtooth",
        format!("{}{part} for {}", count(pieces, "piece"), task.name()),
        Axis::linear(&x, shown.0, shown.1),
        Axis::linear("output", low - room, high + room),
        layers,
        format!(
            "The output of the net for {} over its input, which has {}.",
            task.name(),
            count(pieces, "affine piece")
        ),
    )
}

fn at((low, high): (f64, f64), i: usize, n: usize) -> f64 {
    low + (high - low) * i as f64 / n as f64
}

/// Distances from the target, of the deep net and of the shallow rival.
pub(super) struct Distances {
    pub(super) deep: f64,
    pub(super) bound: f64,
    pub(super) shallow: f64,
}

/// The distance from the target over x, deep and shallow.
pub(super) fn approximation(
    task: &Task,
    graph: &Graph,
    rival: &PiecewiseLinear,
    distances: &Distances,
    m: usize,
) -> Figure {
    let sizes = [distances.deep, distances.bound, distances.shallow];
    let seen = || sizes.into_iter().filter(|d| d.is_finite() && *d > LEAST_DISTANCE);
    let top = seen().fold(LEAST_DISTANCE, f64::max);
    let bottom = seen().fold(top, f64::min);
    let (low, high) = decades(DEPTH_OF_FIELD * bottom, 1.5 * top);
    let mut layers = Vec::new();
    let deep: Vec<_> = graph.points().collect();
    let shallow: Vec<_> = rival.x().iter().copied().zip(rival.y().iter().copied()).collect();
    if distances.shallow > LEAST_DISTANCE {
        let name = format!("shallow, {}", count(m as u64, "unit"));
        layers.push(Layer::line(&name, Role::Ordered, Stroke::Thin, distance_curve(task, &shallow, low)));
    }
    if distances.deep > LEAST_DISTANCE {
        layers.push(Layer::line("the deep net", Role::Simulation, Stroke::Solid, distance_curve(task, &deep, low)));
    } else {
        layers.push(rule("the deep net: 0 everywhere", Role::Simulation, 1.5 * low, false));
    }
    if distances.bound > 0.0 && distances.bound.is_finite() {
        layers.push(rule("bound", Role::Theory, distances.bound, false));
    }
    let interval = task.interval();
    let label = if arches(task, &deep).max(arches(task, &shallow)) > ARCHES {
        "distance from the target, its crests"
    } else {
        "distance from the target"
    };
    let title = if distances.deep > LEAST_DISTANCE {
        format!("deep {}, shallow {}", format_number(distances.deep), format_number(distances.shallow))
    } else {
        format!("deep 0, shallow {}", format_number(distances.shallow))
    };
    figure(
        "approximation",
        title,
        Axis::linear("x", interval.0, interval.1),
        Axis::log(label, low, high),
        layers,
        "The distance of the deep net and of the shallow one from the target over x.".into(),
    )
}

/// Arches of the distance between a function with these kinks and the task, at most.
fn arches(task: &Task, kinks: &[(f64, f64)]) -> usize {
    kinks.len().max(task.arches())
}

/// Distances at some places of each piece, no less than `least`, for a logarithm has no zero.
fn distance_curve(task: &Task, kinks: &[(f64, f64)], least: f64) -> Vec<(f64, f64)> {
    let arches = arches(task, kinks);
    let per_piece = ((8 * arches).clamp(4096, SAMPLES) / kinks.len().max(1)).max(2);
    let mut curve = Vec::with_capacity(kinks.len() * per_piece);
    for pair in kinks.windows(2) {
        let ((x_0, y_0), (x_1, y_1)) = (pair[0], pair[1]);
        curve.extend((0..per_piece).map(|i| {
            let part = i as f64 / per_piece as f64;
            let (x, y) = (x_0 + part * (x_1 - x_0), y_0 + part * (y_1 - y_0));
            (x, (y - task.value(x)).abs().max(least))
        }));
    }
    curve.extend(kinks.last().map(|&(x, y)| (x, (y - task.value(x)).abs().max(least))));
    if arches <= ARCHES {
        return outline(curve, BINS);
    }
    let highest = |strip: &[(f64, f64)]| strip.iter().copied().max_by(|a, b| a.1.total_cmp(&b.1));
    curve.chunks(curve.len().div_ceil((arches / 3).min(STRIPS))).filter_map(highest).collect()
}
