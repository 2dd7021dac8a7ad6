//! Pictures of costs: pieces against units, and units against error.

use figures::{Axis, Chart, Figure, Role, format_number};
use theory::sawtooth::{
    MAX_WIDTH, PiecewiseLinear, ReluNet, SAME_SLOPE, Target, UnitsNeeded, best_shallow_net, shallow_pieces, tent_net,
};

use super::settings::Settings;
use super::words::count;

/// Most tents of the picture of pieces.
const MAX_K: u32 = 14;
/// Epsilons of the curves, and the logarithms of the least and the greatest.
const EPSILONS: usize = 47;
const LOG_EPSILON: (f64, f64) = (-12.0, -0.5);

/// (units, pieces) counted on real nets: a table for all settings.
#[derive(Clone, Debug)]
pub(super) struct Counted {
    deep: Vec<(f64, f64)>,
    shallow: Vec<(f64, f64)>,
}

impl Counted {
    pub(super) fn new() -> Self {
        // Up to k = 10 in the first frame: a few thousand pieces in all.
        let deep = (1..=10).filter_map(|k| pieces(&tent_net(k).ok()?, 0.0).map(|n| (f64::from(2 * k), n)));
        // As good as any: each of its units has a kink, the only one of m = 1 at 0.
        let shallow = (0..=8).filter_map(|i| {
            let m = 1_usize << i;
            pieces(&best_shallow_net(MAX_K, m).ok()?, -1.0).map(|n| (m as f64, n))
        });
        Self { deep: deep.collect(), shallow: shallow.collect() }
    }
}

fn pieces(net: &ReluNet, low: f64) -> Option<f64> {
    let graph = PiecewiseLinear::of_net(net, low, 1.0, 1 << 15).ok()?.merged(SAME_SLOPE);
    Some(graph.n_pieces() as f64)
}

/// Pieces against units, deep and shallow; `here` is what the deep net has of both.
pub(super) fn pieces_against_units(settings: &Settings, counted: &Counted, here: Option<(u64, usize)>) -> Figure {
    let m = settings.m as u64;
    let deep = (2..=8 * MAX_K).map(|u| (f64::from(u) / 4.0, (f64::from(u) / 8.0).exp2()));
    let shallow = (0..=96).map(|i| {
        let units = (MAX_WIDTH as f64).powf(f64::from(i) / 96.0);
        (units, units + 1.0)
    });
    let here = here.map(|(units, pieces)| (units as f64, pieces as f64));
    let rival = shallow_pieces(m) as f64;
    let x = Axis::log("hidden units", 1.0, MAX_WIDTH as f64);
    Chart::new("pieces", x, Axis::decades("straight pieces", [1.0, here.map_or(0.0, |(_, n)| n).max(2e4)]))
        .line("deep, 2^{units/2}", Role::Theory, deep)
        .line("one layer, units + 1", Role::Ordered, shallow)
        .points("counted, deep", Role::Simulation, counted.deep.iter().copied())
        .points("counted, one layer", Role::Ordered, counted.shallow.iter().copied())
        .with(here, |chart, here| chart.points("this net", Role::Accent, [here]))
        .handle_x("m", settings.m as f64, rival)
        .title(format!("{} in one layer: {}", count(m, "unit"), count(m + 1, "piece")))
        .alt("Straight pieces against hidden units: exponential for the deep net, units plus one for one layer.")
        .build()
}

/// What errors cost, for the curves.
pub(super) fn costs(target: &Target) -> Vec<(f64, UnitsNeeded)> {
    let log = |i: usize| LOG_EPSILON.0 + (LOG_EPSILON.1 - LOG_EPSILON.0) * i as f64 / (EPSILONS - 1) as f64;
    (0..EPSILONS).map(log).map(|log| (log, target.units_needed(10_f64.powf(log)))).collect()
}

/// Units and depth against the error; `measured` is the error of the deep net, and its units.
pub(super) fn cost(
    settings: &Settings,
    target: &Target,
    all: &[(f64, UnitsNeeded)],
    measured: Option<(f64, u64)>,
) -> Figure {
    // A NaN breaks the line where no such net can be written down.
    let curve = |pick: fn(&UnitsNeeded) -> Option<f64>| {
        all.iter().map(move |(log, needed)| (*log, pick(needed).unwrap_or(f64::NAN)))
    };
    let here = target.units_needed(10_f64.powf(settings.log_epsilon));
    let most =
        all.iter().flat_map(|(_, n)| [n.deep, n.shallow]).flatten().filter(|n| n.is_finite()).fold(10.0, f64::max);
    let y = Axis::decades("hidden units, layers", [1.0, most]);
    let top = y.range.1;
    let is_bounded = all.iter().any(|(_, n)| n.shallow_at_least.is_some());
    let name = if settings.is_perturbed() { "this net, perturbed" } else { "this net, measured" };
    let number = |n: Option<f64>| n.map_or("—".into(), |n| format_number(n.ceil()));
    Chart::new("cost", Axis::linear("log₁₀ of the error ε", LOG_EPSILON.0, 0.0), y)
        .line("units, one layer, built", Role::Ordered, curve(|n| n.shallow))
        .with(is_bounded.then(|| curve(|n| n.shallow_at_least)), |chart, least| {
            chart.dashed("units, one layer, at least", Role::Critical, least)
        })
        .line("units, deep", Role::Theory, curve(|n| n.deep))
        .dashed("layers, deep", Role::Theory, curve(|n| n.depth))
        .with(measured.filter(|(error, _)| *error > 1e-13), |chart, (error, units)| {
            chart.points(name, Role::Simulation, [(error.log10(), units as f64)])
        })
        .with(here.deep, |chart, units| chart.handle_x("log_epsilon", settings.log_epsilon, units.clamp(1.0, top)))
        .title(format!("units: deep {}, one layer {}", number(here.deep), number(here.shallow)))
        .alt("Hidden units that an error needs, of deep nets and of nets of one layer.")
        .build()
}
