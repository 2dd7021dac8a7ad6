//! Pictures of trained nets: errors against parameters and against steps, and outputs on a line.

use figures::{Axis, Chart, Figure, Role, format_number, round_down};
use random::Stream;

use super::experiment::Experiment;
use super::settings::NetKind;
use super::training::{Net, ROUNDS, steps_of};
use crate::job::JobError;
use crate::statistics::{Range, two_digits};

/// Ends of the axis of parameters, for both dimensions.
const PARAMETERS: (f64, f64) = (20.0, 2000.0);
/// The lowest error that is drawn.
const LEAST: f64 = 1e-4;
/// Points of a slice on each side of its middle.
const HALF: i32 = 150;

/// How a kind of nets is called in a readout's key and in words, and how it looks.
pub(super) struct Looks {
    pub(super) key: &'static str,
    pub(super) name: &'static str,
    role: Role,
}

impl NetKind {
    pub(super) fn looks(self) -> Looks {
        match self {
            Self::Tree => Looks { key: "tree", name: "tree", role: Role::Simulation },
            Self::Shuffled => Looks { key: "shuffled", name: "shuffled tree", role: Role::Chaotic },
            Self::Shallow => Looks { key: "shallow", name: "shallow", role: Role::Ordered },
        }
    }
}

/// The axis of errors: from 1, 2 or 5 times a power of ten below the least, to two constants' errors. It stands still while
/// the least moves between two such numbers.
fn error_axis(spreads: impl Iterator<Item = Range>) -> Axis {
    let least = spreads.map(|spread| spread.low).fold(0.06_f64, f64::min).max(LEAST);
    Axis::log("root mean square error", round_down(least, &[1.0, 2.0, 5.0]), 2.0)
}

fn curve(chart: Chart, kind: NetKind, found: &[(f64, Range)], with_points: bool) -> Chart {
    Range::drawn(chart, kind.looks().name, kind.looks().role, found, with_points)
}

/// Test errors against parameters, beside theory's slopes.
pub(super) fn error_parameters(experiment: &Experiment<'_>) -> Result<Figure, JobError> {
    let settings = experiment.settings;
    let (units, theory) = (settings.units(), settings.theory()?);
    let sizes = settings.sizes();
    let found = NetKind::ALL.map(|kind| {
        let of = |units: &usize| {
            let spread = experiment.latest(kind, *units)?;
            Some((settings.n_parameters(kind, *units) as f64, spread))
        };
        sizes.iter().filter_map(of).collect::<Vec<_>>()
    });
    let y = error_axis(found.iter().flatten().map(|(_, spread)| *spread));
    let here = experiment.latest(NetKind::Tree, units).map_or(1.0, |spread| spread.median).clamp(y.range.0, 1.9);
    let chart = Chart::new("error-parameters", Axis::log("parameters N", PARAMETERS.0, PARAMETERS.1), y)
        .with_each(NetKind::ALL.into_iter().zip(&found), |chart, (kind, found)| curve(chart, kind, found, true));
    let of_theory = [
        (NetKind::Tree, Role::Theory, theory.tree_rate(), 2.0),
        (NetKind::Shallow, Role::Ordered, theory.shallow_rate(), settings.dimension as f64),
    ];
    let chart = chart
        .with_each(of_theory, |chart, (kind, role, rate, divisor)| {
            // Through the first measurement; through a constant's error before there is one.
            let first = found[kind as usize].first().filter(|(_, spread)| spread.median > 0.0 && spread.median < 1e9);
            let before = settings.n_parameters(kind, sizes[0]) as f64;
            let (start, height) = first.map_or((before, 1.0), |(n, spread)| (*n, spread.median));
            let ends = [start, PARAMETERS.1].map(|n| (n, height * (n / start).powf(-rate)));
            let power = format!("{}/{}", format_number(theory.smoothness()), format_number(divisor));
            chart.dashed(&format!("theory, {}: N^{{−{power}}}", kind.looks().name), role, ends)
        })
        .rule_at_y("a constant", Role::Neutral, 1.0)
        .handle_x("parameters", settings.parameters as f64, here);
    let [Some(tree), shuffled, Some(shallow)] =
        NetKind::ALL.map(|kind| experiment.latest(kind, units).map(|spread| two_digits(spread.median)))
    else {
        let alt = "Errors of trees and shallow nets against their parameters; training has not begun.";
        return Ok(chart.alt(alt).build());
    };
    let alt = format!(
        "At {} parameters the error is {tree} for the tree, {} for the shuffled tree, {shallow} for the shallow net.",
        settings.n_parameters(NetKind::Tree, units),
        shuffled.as_deref().unwrap_or("unknown"),
    );
    Ok(chart.title(format!("tree {tree}, shallow {shallow}")).alt(alt).build())
}

/// Test errors in training, of the nets that are shown one by one.
pub(super) fn error_steps(experiment: &Experiment<'_>) -> Figure {
    let settings = experiment.settings;
    let units = settings.units();
    let of = |kind, round| {
        let spread = experiment.spread(kind, units, round)?;
        Some((steps_of(settings, round) as f64, spread))
    };
    let found = NetKind::ALL.map(|kind| (0..=ROUNDS).map_while(|round| of(kind, round)).collect::<Vec<_>>());
    let y = error_axis(found.iter().flatten().map(|(_, spread)| *spread));
    let title = match found.iter().map(Vec::len).min() {
        Some(0 | 1) | None => "the nets are waiting".into(),
        Some(rounds) => format!("after {} steps", steps_of(settings, rounds as u64 - 1)),
    };
    Chart::new("error-steps", Axis::linear("training steps", 0.0, settings.steps as f64), y)
        .with_each(NetKind::ALL.into_iter().zip(&found), |chart, (kind, found)| curve(chart, kind, found, false))
        .rule_at_y("a constant", Role::Neutral, 1.0)
        .title(title)
        .alt("Test errors of the three kinds of nets against training steps.")
        .build()
}

/// Target and nets on a diagonal of the cube.
pub(super) fn slice(experiment: &Experiment<'_>) -> Result<Figure, JobError> {
    let settings = experiment.settings;
    let stream = Stream::new(settings.seed, "composition slice");
    let corner: Vec<f64> = (0..settings.dimension as u64).map(|i| (stream.uniform(i) - 0.5).signum()).collect();
    let places = || (-HALF..=HALF).map(|i| f64::from(i) / f64::from(HALF));
    let inputs: Vec<f32> = places().flat_map(|t| corner.iter().map(move |s| (s * t) as f32)).collect();
    let exact = places().map(|t| {
        let x: Vec<f64> = corner.iter().map(|s| s * t).collect();
        settings.constituent.target(&x)
    });
    let exact: Vec<f64> = exact.collect();
    let reach = exact.iter().fold(1.0_f64, |reach, y| reach.max(y.abs()));
    let top = 1.25 * reach;
    let place = Axis::linear("place t, input = t × corner", -1.0, 1.0);
    let mut chart = Chart::new("slice", place, Axis::linear("output", -top, top));
    chart = chart.line("target", Role::Theory, places().zip(exact));
    for kind in [NetKind::Shallow, settings.wiring] {
        let key = (kind, settings.units(), 0);
        let Some(saved) = experiment.nets.get(&key).and_then(|net| net.saved.as_ref()) else { continue };
        let outputs = Net::new(settings, key, Some(saved))?.outputs(1 + 2 * HALF as usize, &inputs)?;
        let shown = places().zip(outputs.into_iter().map(|y| f64::from(y.clamp(-1e6, 1e6))));
        chart = chart.line(kind.looks().name, kind.looks().role, shown);
    }
    let signs: String = corner.iter().map(|s| if *s > 0.0 { '+' } else { '−' }).collect();
    let alt = "The target on a diagonal of the cube, beside the outputs of a tree and of a shallow net.";
    Ok(chart.title(format!("towards {signs}")).alt(alt).build())
}
