//! Pictures of costs: pieces against units, and units against error.

use figures::{Axis, Figure, Layer, Role, Stroke, format_number};
use theory::sawtooth::{
    MAX_WIDTH, NetCost, PiecewiseLinear, ReluNet, SAME_SLOPE, best_shallow_net, shallow_pieces, tent_net,
};

use super::draw::{count, decades, figure};
use super::settings::Settings;
use super::task::Task;

/// Most tents of the picture of pieces.
const MAX_K: u32 = 14;
/// Epsilons of the curves.
const EPSILONS: usize = 47;

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

/// Pieces against units, deep and shallow.
pub(super) fn pieces_against_units(settings: &Settings, counted: &Counted, here: Option<(NetCost, usize)>) -> Figure {
    let m = settings.m as u64;
    let deep = (2..=8 * MAX_K).map(|u| (f64::from(u) / 4.0, (f64::from(u) / 8.0).exp2()));
    let shallow = (0..=96).map(|i| {
        let units = (MAX_WIDTH as f64).powf(f64::from(i) / 96.0);
        (units, units + 1.0)
    });
    let mut layers = vec![
        Layer::line("deep, 2^{units/2}", Role::Theory, Stroke::Solid, deep),
        Layer::line("shallow, units + 1", Role::Ordered, Stroke::Solid, shallow),
        Layer::points("counted on tents", Role::Simulation, counted.deep.iter().copied()),
        Layer::points("counted on shallow nets", Role::Ordered, counted.shallow.iter().copied()),
    ];
    let most = here.map_or(2.0, |(cost, n)| {
        layers.push(Layer::points("this net", Role::Accent, [(cost.units as f64, n as f64)]));
        n as f64
    });
    let rival = shallow_pieces(m) as f64;
    layers.push(Layer::Handle { x: settings.m as f64, y: rival, x_control: "m".into(), y_control: String::new() });
    figure(
        "pieces",
        format!("{} side by side: {}", count(m, "unit"), format_number(rival)),
        Axis::log("hidden units", 1.0, MAX_WIDTH as f64),
        Axis::log("affine pieces", 1.0, decades(1.0, most.max(2e4)).1),
        layers,
        "Affine pieces against hidden units: exponential for the deep net, units plus one for the shallow one.".into(),
    )
}

/// Units and depth against the error.
pub(super) fn cost(settings: &Settings, task: &Task, measured: Option<(f64, NetCost)>) -> Figure {
    let (low, high) = (-12.0, -0.5);
    let all: Vec<_> = (0..EPSILONS)
        .map(|i| {
            let log = low + (high - low) * i as f64 / (EPSILONS - 1) as f64;
            (log, task.needed(10_f64.powf(log)))
        })
        .collect();
    // A NaN breaks the line where no such net can be written down.
    let curve = |pick: fn(&super::task::Needed) -> Option<f64>| {
        all.iter().map(move |(log, needed)| (*log, pick(needed).unwrap_or(f64::NAN)))
    };
    let mut layers = vec![
        Layer::line("shallow units, built", Role::Ordered, Stroke::Solid, curve(|n| n.shallow)),
        Layer::line("deep units", Role::Theory, Stroke::Solid, curve(|n| n.deep)),
        Layer::line("deep layers", Role::Theory, Stroke::Dashed, curve(|n| n.depth)),
    ];
    if all.iter().any(|(_, n)| n.shallow_at_least.is_some()) {
        layers.insert(
            1,
            Layer::line("shallow units, at least", Role::Critical, Stroke::Dashed, curve(|n| n.shallow_at_least)),
        );
    }
    if let Some((error, cost)) = measured.filter(|(error, _)| *error > 1e-13) {
        layers.push(Layer::points("this net, measured", Role::Simulation, [(error.log10(), cost.units as f64)]));
    }
    let here = task.needed(10_f64.powf(settings.log_epsilon));
    let most =
        all.iter().flat_map(|(_, n)| [n.deep, n.shallow]).flatten().filter(|n| n.is_finite()).fold(10.0, f64::max);
    let top = decades(1.0, most).1;
    if let Some(units) = here.deep {
        layers.push(Layer::Handle {
            x: settings.log_epsilon,
            y: units.clamp(1.0, top),
            x_control: "log_epsilon".into(),
            y_control: String::new(),
        });
    }
    let number = |n: Option<f64>| n.map_or("—".into(), |n| format_number(n.ceil()));
    figure(
        "cost",
        format!("deep {}, shallow {}", number(here.deep), number(here.shallow)),
        Axis::linear("log₁₀ of the error ε", low, 0.0),
        Axis::log("hidden units, layers", 1.0, top),
        layers,
        "Hidden units that an error needs, of deep and shallow nets.".into(),
    )
}
