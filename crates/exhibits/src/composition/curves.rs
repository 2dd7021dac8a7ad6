//! Pictures of trained nets: errors against parameters and against steps, and outputs on a line.

use figures::{Axis, Figure, Layer, Role, Samples, Stroke, format_number};
use random::Stream;

use super::experiment::{Experiment, Spread};
use super::settings::{NetKind, Settings};
use super::target;
use super::training::{self, ROUNDS, steps_of};
use crate::job::JobError;
use crate::round::round_down;

/// Ends of the axis of parameters, for both dimensions.
const PARAMETERS: (f64, f64) = (20.0, 2000.0);
/// The lowest error that is drawn.
const LEAST: f64 = 1e-4;
/// Points of a slice on each side of its middle.
const HALF: i32 = 150;

impl NetKind {
    fn name(self) -> &'static str {
        match self {
            Self::Tree => "tree",
            Self::Shuffled => "shuffled tree",
            Self::Shallow => "shallow",
        }
    }

    fn role(self) -> Role {
        match self {
            Self::Tree => Role::Simulation,
            Self::Shuffled => Role::Chaotic,
            Self::Shallow => Role::Ordered,
        }
    }
}

/// The axis of errors: from 1, 2 or 5 times a power of ten below the least, to two constants' errors. It stands still while
/// the least moves between two such numbers.
fn error_axis(spreads: impl Iterator<Item = Spread>) -> Axis {
    let least = spreads.map(|spread| spread.low).fold(0.06_f64, f64::min).max(LEAST);
    Axis::log("root mean square error", round_down(least, &[1.0, 2.0, 5.0]), 2.0)
}

/// A line through medians with points, over the band from the least to the greatest.
fn curve(kind: NetKind, found: &[(f64, Spread)], with_points: bool, layers: &mut Vec<Layer>) {
    let samples = |of: fn(&Spread) -> f64| Samples::from_f64(found.iter().map(|(_, spread)| of(spread)));
    let x = Samples::from_f64(found.iter().map(|(x, _)| *x));
    // Numbers that are too large for a picture are beyond its axis.
    let band = (samples(|s| s.low.min(1e9)), samples(|s| s.high.min(1e9)));
    let (name, role) = (kind.name(), kind.role());
    layers.push(Layer::Band { name: String::new(), role, x, low: band.0, high: band.1 });
    let medians = found.iter().map(|(x, spread)| (*x, spread.median.min(1e9)));
    let of_line = if with_points { "" } else { name };
    layers.push(Layer::line(of_line, role, Stroke::Solid, medians.clone()));
    if with_points {
        layers.push(Layer::points(name, role, medians));
    }
}

/// Test errors against parameters, beside theory's slopes.
pub(super) fn error_parameters(settings: &Settings, experiment: &Experiment) -> Figure {
    let task = &settings.task;
    let sizes = settings.sizes();
    let found = NetKind::ALL.map(|kind| {
        let of = |units: &usize| {
            let spread = experiment.latest(settings, kind, *units)?;
            Some((task.parameters(kind, *units) as f64, spread))
        };
        sizes.iter().filter_map(of).collect::<Vec<_>>()
    });
    let mut figure = Figure::blank(
        "error-parameters",
        Axis::log("parameters N", PARAMETERS.0, PARAMETERS.1),
        error_axis(found.iter().flatten().map(|(_, spread)| *spread)),
    );
    for (kind, found) in NetKind::ALL.iter().zip(&found) {
        curve(*kind, found, true, &mut figure.layers);
    }
    let m = settings.theory.smoothness();
    let of_theory = [
        (NetKind::Tree, Role::Theory, settings.theory.tree_rate(), 2.0),
        (NetKind::Shallow, Role::Ordered, settings.theory.shallow_rate(), task.dimension() as f64),
    ];
    for (kind, role, rate, divisor) in of_theory {
        // Through the first measurement; through a constant's error before there is one.
        let first = found[kind as usize].first().filter(|(_, spread)| spread.median > 0.0 && spread.median < 1e9);
        let before = task.parameters(kind, sizes[0]) as f64;
        let (start, height) = first.map_or((before, 1.0), |(n, spread)| (*n, spread.median));
        let ends = [start, PARAMETERS.1].map(|n| (n, height * (n / start).powf(-rate)));
        let name = format!("theory, {}: N^{{−{}/{}}}", kind.name(), format_number(m), format_number(divisor));
        figure.layers.push(Layer::line(&name, role, Stroke::Dashed, ends));
    }
    figure.layers.push(Layer::Rule { name: "a constant".into(), role: Role::Neutral, at: 1.0, upright: false });
    let here = experiment.latest(settings, NetKind::Tree, settings.units);
    figure.layers.push(Layer::Handle {
        x: settings.parameters as f64,
        y: here.map_or(1.0, |spread| spread.median).clamp(figure.y.range.0, 1.9),
        x_control: "parameters".into(),
        y_control: String::new(),
    });
    if let [Some(tree), shuffled, Some(shallow)] = NetKind::ALL.map(|k| experiment.latest(settings, k, settings.units))
    {
        let number = |spread: Spread| two_digits(spread.median);
        figure.title = format!("tree {}, shallow {}", number(tree), number(shallow));
        figure.alt = format!(
            "At {} parameters the error is {} for the tree, {} for the shuffled tree, {} for the shallow net.",
            task.parameters(NetKind::Tree, settings.units),
            number(tree),
            shuffled.map_or("unknown".into(), number),
            number(shallow)
        );
    } else {
        figure.alt = "Errors of trees and shallow nets against their parameters; training has not begun.".into();
    }
    figure
}

/// Two digits: more are noise here.
pub(super) fn two_digits(x: f64) -> String {
    if !(1e-9..1e9).contains(&x) {
        return format_number(x);
    }
    let decimals = (1.0 - x.log10().floor()).clamp(0.0, 10.0);
    format!("{x:.*}", decimals as usize)
}

/// Test errors in training, of the nets that are shown one by one.
pub(super) fn error_steps(settings: &Settings, experiment: &Experiment) -> Figure {
    let task = &settings.task;
    let of = |kind, round| {
        let spread = experiment.spread(settings, kind, settings.units, round)?;
        Some((steps_of(task, round) as f64, spread))
    };
    let found = NetKind::ALL.map(|kind| (0..=ROUNDS).map_while(|round| of(kind, round)).collect::<Vec<_>>());
    let mut figure = Figure::blank(
        "error-steps",
        Axis::linear("training steps", 0.0, task.steps as f64),
        error_axis(found.iter().flatten().map(|(_, spread)| *spread)),
    );
    for (kind, found) in NetKind::ALL.iter().zip(&found) {
        curve(*kind, found, false, &mut figure.layers);
    }
    figure.layers.push(Layer::Rule { name: "a constant".into(), role: Role::Neutral, at: 1.0, upright: false });
    figure.title = match found.iter().map(Vec::len).min() {
        Some(0 | 1) | None => "the nets are waiting".into(),
        Some(rounds) => format!("after {} steps", steps_of(task, rounds as u64 - 1)),
    };
    figure.alt = "Test errors of the three kinds of nets against training steps.".into();
    figure
}

/// Target and nets on a diagonal of the cube.
pub(super) fn slice(settings: &Settings, experiment: &Experiment) -> Result<Figure, JobError> {
    let task = &settings.task;
    let stream = Stream::new(task.seed, "composition slice");
    let corner: Vec<f64> = (0..task.dimension() as u64).map(|i| (stream.uniform(i) - 0.5).signum()).collect();
    let places = || (-HALF..=HALF).map(|i| f64::from(i) / f64::from(HALF));
    let inputs: Vec<f32> = places().flat_map(|t| corner.iter().map(move |s| (s * t) as f32)).collect();
    let exact = places().map(|t| {
        let x: Vec<f64> = corner.iter().map(|s| s * t).collect();
        target::value(task.constituent, &x)
    });
    let exact: Vec<f64> = exact.collect();
    let reach = exact.iter().fold(1.0_f64, |reach, y| reach.max(y.abs()));
    let top = 1.25 * reach;
    let mut figure = Figure::blank(
        "slice",
        Axis::linear("place t, input = t × corner", -1.0, 1.0),
        Axis::linear("output", -top, top),
    );
    figure.layers.push(Layer::line("target", Role::Theory, Stroke::Solid, places().zip(exact)));
    for kind in [NetKind::Shallow, settings.shown] {
        let key = (kind, settings.units, 0);
        let Some(saved) = experiment.net(&key).and_then(|net| net.saved.as_ref()) else { continue };
        let outputs = training::outputs(task, key, &saved.parameters, &inputs)?;
        let shown = places().zip(outputs.into_iter().map(|y| f64::from(y.clamp(-1e6, 1e6))));
        figure.layers.push(Layer::line(kind.name(), kind.role(), Stroke::Solid, shown));
    }
    let signs: String = corner.iter().map(|s| if *s > 0.0 { '+' } else { '−' }).collect();
    figure.title = format!("towards {signs}");
    figure.alt = "The target on a diagonal of the cube, beside the outputs of a tree and of a shallow net.".into();
    Ok(figure)
}
