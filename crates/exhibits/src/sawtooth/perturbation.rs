//! What is left of the sawtooth when its weights are not quite right.

use std::collections::BTreeMap;

use figures::{Axis, Chart, Figure, Role, format_number};
use random::Stream;
use serde::{Deserialize, Serialize};
use theory::sawtooth::{NetError, PiecewiseLinear, ReluNet, Target, tent_net};

use super::settings::Settings;
use super::words::count;
use crate::job::{Core, JobError};
use crate::kit::Part;
use crate::statistics::mean_and_sd;

/// Sizes of the perturbation, a quarter of a decade apart, from 10^-5 to 1.
pub(super) const SIZES: usize = 21;
/// Copies of the net for each size.
const COPIES: u64 = 12;
/// Most pieces of a perturbed net; those of an unperturbed one are 2^14.
const MAX_PIECES: usize = 1 << 17;

fn size(index: usize) -> f64 {
    libm::pow(10.0, -5.0 + 5.0 * index as f64 / (SIZES - 1) as f64)
}

/// The net with every weight and bias w replaced by w (1 + sigma z), z standard normal; the z of a copy are the same for
/// every sigma.
fn copy_of(net: &ReluNet, sigma: f64, seed: u64, copy: u64) -> Result<ReluNet, NetError> {
    let mut normals = Stream::new(seed, "sawtooth perturbation").child(copy).cursor();
    net.map_parameters(|w| w * (1.0 + sigma * normals.next_normal()))
}

/// The net as it is shown and measured: perturbed, if it is to be.
pub(super) fn shown(net: &ReluNet, settings: &Settings) -> Result<ReluNet, NetError> {
    if settings.is_perturbed() { copy_of(net, settings.sigma, settings.seed, 0) } else { Ok(net.clone()) }
}

/// The part that measures all copies of m^k at one size of the perturbation.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Perturbed {
    pub(super) k: u32,
    pub(super) seed: u64,
    /// Index of the size.
    pub(super) index: usize,
}

/// What is left at one size, copy by copy.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct PerturbedStats {
    /// Crossings of 1/2 over 2^k.
    crossings: Vec<f64>,
    /// The largest distance from m^k, or 1 if it is larger.
    distance: Vec<f64>,
}

impl Part for Perturbed {
    type Kept = ();
    type Answer = PerturbedStats;

    async fn run(self, (): &mut (), core: &mut dyn Core) -> Result<PerturbedStats, JobError> {
        let mut stats = PerturbedStats::default();
        let exact = tent_net(self.k)?;
        for copy in 0..COPIES {
            let net = copy_of(&exact, size(self.index), self.seed, copy)?;
            let graph = PiecewiseLinear::of_net(&net, 0.0, 1.0, MAX_PIECES)?;
            stats.crossings.push(graph.crossings(0.5).len() as f64 / (1_u64 << self.k) as f64);
            // The teeth are 1 high: beyond that nothing is left to lose.
            stats.distance.push(Target::Sawtooth { k: self.k }.distance(&graph).min(1.0));
            core.checkpoint().await?;
        }
        Ok(stats)
    }
}

/// What is left against the size of the perturbation; `stats` is by the index of the size.
pub(super) fn picture(settings: &Settings, stats: &BTreeMap<usize, PerturbedStats>) -> Figure {
    let series = |pick: fn(&PerturbedStats) -> &[f64]| -> Vec<(f64, f64, f64)> {
        let spread = |(index, stats): (&usize, &PerturbedStats)| {
            let (mean, sd) = mean_and_sd(pick(stats));
            (size(*index), mean, sd)
        };
        stats.iter().map(spread).collect()
    };
    let crossings = series(|stats| &stats.crossings);
    let half = crossings.iter().find(|(_, mean, _)| *mean < 0.5).map(|(sigma, ..)| *sigma);
    let title = match half {
        Some(sigma) => format!("fewer than half of the crossings are left at σ = {}", format_number(sigma)),
        None => count(COPIES, "net"),
    };
    let x = Axis::log("relative size of the perturbation, σ", 1e-5, 1.0);
    Chart::new("perturbation", x, Axis::linear("part of the 2^k crossings; error", -0.03, 1.25))
        .rule_at_x("1/2^k", Role::Theory, 0.5_f64.powi(settings.k as i32))
        .points_with_bars(&format!("crossings left, {}, ± s.d.", count(COPIES, "net")), Role::Simulation, crossings)
        .points_with_bars("largest error, up to 1", Role::Chaotic, series(|stats| &stats.distance))
        .with(Some(settings.sigma).filter(|sigma| *sigma > size(0)), |chart, sigma| {
            chart.rule_at_x("σ", Role::Accent, sigma)
        })
        .title(title)
        .alt("How many crossings of one half are left, and the largest error, against the size of the perturbation.")
        .build()
}
