//! Whether training finds the sawtooth that the same net can be.

use figures::{Axis, Figure, Layer, Role, Stroke};
use nets::mlp::{Examples, Loss, Recipe, Shape, Trainer};
use random::Stream;
use serde::{Deserialize, Serialize};
use theory::Activation;
use theory::sawtooth::tent_power;

use super::draw::{count, figure, nothing, rule};
use super::settings::Settings;
use crate::job::{Checkpoint, JobError};
use crate::statistics::mean_and_sd;

/// Depths that are tried, at most.
const MAX_K: u32 = 8;
/// Nets of each depth.
pub(super) const COPIES: u64 = 5;
const BATCH: usize = 64;
/// Examples for each tooth, and at least.
const EXAMPLES_PER_PIECE: usize = 16;
const LEAST_EXAMPLES: usize = 256;
/// Steps between two checkpoints: about 100 microseconds each.
const STEPS_PER_CHECKPOINT: usize = 40;
/// Of the biases at first: without them every unit turns at 0.
const SIGMA_B: f64 = 0.5;
/// The root mean square distance of m^k from its mean 1/2.
const CONSTANT: f64 = 0.288_675_134_594_812_9;
/// Places at which the best net is drawn.
const DRAWN: usize = 257;

pub(super) fn depths(settings: &Settings) -> u32 {
    settings.k.min(MAX_K)
}

/// A trained net.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Trained {
    /// Root mean square over even points; none if training diverged.
    error: Option<f64>,
    /// Outputs at even places of \[0, 1\].
    outputs: Vec<f32>,
}

impl Trained {
    /// A net of k hidden layers, learning m^k.
    pub(super) async fn measured(
        settings: &Settings,
        k: u32,
        copy: u64,
        pace: &mut dyn Checkpoint,
    ) -> Result<Self, JobError> {
        let n = (EXAMPLES_PER_PIECE << k).max(LEAST_EXAMPLES);
        let x: Vec<f32> = (0..n).map(|i| (i as f32 + 0.5) / n as f32).collect();
        let y = x.iter().map(|&x| tent_power(k, f64::from(x)).unwrap_or(0.0) as f32).collect();
        let examples = Examples::with_numbers(n, 1, x, 1, y)?;
        let mut widths = vec![settings.width; k as usize + 2];
        widths[0] = 1;
        widths[k as usize + 1] = 1;
        let recipe = Recipe {
            sigma_w: 2_f64.sqrt(),
            sigma_b: SIGMA_B,
            loss: Loss::SquaredError,
            optimiser: settings.optimiser,
            batch: BATCH,
        };
        let stream = Stream::new(settings.seed, "sawtooth training").child(k.into()).child(copy);
        let mut trainer = Trainer::new(Shape::new(&widths, Activation::Relu)?, recipe, stream)?;
        for step in 0..settings.steps {
            trainer.step(&examples)?;
            if step % STEPS_PER_CHECKPOINT == 0 {
                pace.checkpoint().await?;
            }
        }
        let mut outputs = vec![0.0; DRAWN];
        let places: Vec<f32> = (0..DRAWN).map(|i| i as f32 / (DRAWN - 1) as f32).collect();
        trainer.outputs(DRAWN, &places, &mut outputs)?;
        // The loss is half the mean square.
        let error = (2.0 * trainer.score(&examples)?.loss).sqrt();
        Ok(Self { error: Some(error).filter(|e| e.is_finite() && !trainer.is_diverged()), outputs })
    }
}

/// Both pictures of the nets that are there, in the order of their copies whichever was the first: the mean must not depend on
/// it. `order` names the depth of each.
pub(super) fn pictures(settings: &Settings, order: &[(u32, u64)], nets: &[Option<Trained>]) -> Vec<Figure> {
    let mut trained = vec![Vec::new(); depths(settings) as usize];
    for ((k, _), net) in order.iter().zip(nets) {
        trained[*k as usize - 1].extend(net.clone());
    }
    vec![picture(settings, &trained), best(settings, &trained)]
}

/// Errors against depth.
fn picture(settings: &Settings, trained: &[Vec<Trained>]) -> Figure {
    let mut found = Vec::new();
    let mut best = Vec::new();
    for (i, nets) in trained.iter().enumerate() {
        let errors: Vec<f64> = nets.iter().filter_map(|net| net.error).collect();
        if !errors.is_empty() {
            let k = i as f64 + 1.0;
            let (mean, sd) = mean_and_sd(&errors);
            found.push((k, mean, sd));
            best.push((k, errors.iter().copied().fold(f64::INFINITY, f64::min)));
        }
    }
    let layers = vec![
        rule("no better than a constant", Role::Neutral, CONSTANT, false),
        Layer::line(
            "such a net exists",
            Role::Theory,
            Stroke::Solid,
            (1..=depths(settings)).map(|k| (f64::from(k), 0.0)),
        ),
        Layer::points_with_bars(&format!("trained, {}, ± s.d.", count(COPIES, "net")), Role::Simulation, found),
        Layer::line("the best of them", Role::Simulation, Stroke::Dashed, best),
    ];
    let mut x = Axis::linear("layers k", 0.5, f64::from(depths(settings)) + 0.5);
    x.names = (1..=depths(settings)).map(|k| (f64::from(k), k.to_string())).collect();
    figure(
        "training",
        format!("{} a layer", count(settings.width as u64, "unit")),
        x,
        Axis::linear("root mean square error", -0.02, 0.5),
        layers,
        "Error of trained nets against depth, beside zero, which the same nets can reach.".into(),
    )
}

/// The best net of the greatest depth, beside what it was to learn.
fn best(settings: &Settings, trained: &[Vec<Trained>]) -> Figure {
    let k = depths(settings);
    let nets = trained.get(k as usize - 1).into_iter().flatten();
    let error = |net: &&Trained| net.error.unwrap_or(f64::INFINITY);
    let Some(best) = nets.min_by(|a, b| error(a).total_cmp(&error(b))) else {
        return nothing("trained", "The nets are still in training.");
    };
    let n = 1_usize << k;
    let teeth = (0..=n).map(|i| (i as f64 / n as f64, (i % 2) as f64));
    let learnt = best.outputs.iter().enumerate().map(|(i, y)| (i as f64 / (DRAWN - 1) as f64, f64::from(*y)));
    figure(
        "trained",
        count(k.into(), "layer"),
        Axis::linear("x", 0.0, 1.0),
        Axis::linear("output", -0.3, 1.3),
        vec![
            Layer::line("to be learnt", Role::Theory, Stroke::Thin, teeth),
            Layer::line("learnt", Role::Simulation, Stroke::Solid, learnt),
        ],
        "The best trained net of the greatest depth beside the sawtooth that it was to learn.".into(),
    )
}
