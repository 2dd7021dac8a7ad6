//! What is left of the sawtooth when its weights are not quite right.

use figures::{Axis, Figure, Layer, Role, format_number};
use random::Stream;
use serde::{Deserialize, Serialize};
use theory::sawtooth::{NetError, PiecewiseLinear, ReluNet, tent_net, tent_power};

use super::draw::{count, figure, rule};
use super::settings::Settings;
use crate::job::{Checkpoint, JobError};
use crate::statistics::mean_and_sd;

/// Sizes of the perturbation, a quarter of a decade apart, from 10^-5 to 1.
pub(super) const SIZES: usize = 21;
/// Copies of the net for each size.
pub(super) const COPIES: u64 = 12;
/// Most pieces of a perturbed net; those of an unperturbed one are 2^14.
const MAX_PIECES: usize = 1 << 17;

pub(super) fn size(index: usize) -> f64 {
    libm::pow(10.0, -5.0 + 5.0 * index as f64 / (SIZES - 1) as f64)
}

/// The net with every weight and bias w replaced by w (1 + sigma z), z standard normal; the z of a copy are the same for
/// every sigma.
pub(super) fn copy_of(net: &ReluNet, sigma: f64, seed: u64, copy: u64) -> Result<ReluNet, NetError> {
    let mut normals = Stream::new(seed, "sawtooth perturbation").child(copy).cursor();
    net.map_parameters(|w| w * (1.0 + sigma * normals.next_normal()))
}

/// What is left at one size, copy by copy.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub(super) struct Left {
    /// Crossings of 1/2 over 2^k.
    crossings: Vec<f64>,
    /// The largest distance from m^k, or 1 if it is larger.
    distance: Vec<f64>,
}

impl Left {
    pub(super) async fn measured(
        settings: &Settings,
        index: usize,
        pace: &mut dyn Checkpoint,
    ) -> Result<Self, JobError> {
        let mut left = Self::default();
        let exact = tent_net(settings.k).map_err(failed)?;
        for copy in 0..COPIES {
            let net = copy_of(&exact, size(index), settings.seed, copy).map_err(failed)?;
            let graph = PiecewiseLinear::of_net(&net, 0.0, 1.0, MAX_PIECES).map_err(failed)?;
            left.crossings.push(graph.crossings(0.5).len() as f64 / (1_u64 << settings.k) as f64);
            // The teeth are 1 high: beyond that nothing is left to lose.
            left.distance.push(distance(&graph, settings.k).min(1.0));
            pace.checkpoint().await?;
        }
        Ok(left)
    }
}

fn failed(error: NetError) -> JobError {
    JobError::Failed(error.to_string())
}

/// max |f - m^k|: both are affine between the kinks of both.
fn distance(f: &PiecewiseLinear, k: u32) -> f64 {
    let teeth = |x: f64| tent_power(k, x).unwrap_or(0.0);
    let at_kinks = f.x().iter().zip(f.y()).map(|(x, y)| (y - teeth(*x)).abs());
    let worst = at_kinks.fold(0.0, f64::max);
    let n = 1_usize << k;
    // The pieces of f and the teeth are walked through side by side.
    let mut piece = 0;
    (0..=n).fold(worst, |worst, i| {
        let x = i as f64 / n as f64;
        while piece + 1 < f.n_pieces() && f.x()[piece + 1] < x {
            piece += 1;
        }
        let y = f.y()[piece] + f.slopes()[piece] * (x - f.x()[piece]);
        worst.max((y - (i % 2) as f64).abs())
    })
}

/// What is left against the size of the perturbation.
pub(super) fn picture(settings: &Settings, left: &[Option<Left>]) -> Figure {
    let k = settings.k;
    let series = |pick: fn(&Left) -> &[f64]| -> Vec<(f64, f64, f64)> {
        let measured = left.iter().enumerate().filter_map(|(i, left)| Some((size(i), pick(left.as_ref()?))));
        let spread = |(size, values)| {
            let (mean, sd) = mean_and_sd(values);
            (size, mean, sd)
        };
        measured.map(spread).collect()
    };
    let crossings = series(|left| &left.crossings);
    let half = crossings.iter().find(|(_, mean, _)| *mean < 0.5).map(|(sigma, ..)| *sigma);
    let mut layers = vec![
        rule("1/2^k", Role::Theory, 0.5_f64.powi(k as i32), true),
        Layer::points_with_bars(
            &format!("crossings left, {}, ± s.d.", count(COPIES, "net")),
            Role::Simulation,
            crossings,
        ),
        Layer::points_with_bars("largest error, up to 1", Role::Chaotic, series(|left| &left.distance)),
    ];
    if settings.sigma > size(0) {
        layers.push(Layer::Rule { name: "σ".into(), role: Role::Accent, at: settings.sigma, upright: true });
    }
    figure(
        "perturbation",
        half.map_or(count(COPIES, "net"), |sigma| format!("half gone at σ = {}", format_number(sigma))),
        Axis::log("relative size of the perturbation, σ", 1e-5, 1.0),
        Axis::linear("part of the 2^k crossings; error", -0.03, 1.25),
        layers,
        "How many crossings of one half are left, and the largest error, against the size of the perturbation.".into(),
    )
}
