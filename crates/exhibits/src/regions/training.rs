//! The nets: as they are drawn, and on their way through training.

use data::toys::{Points, points};
use nets::mlp::{Examples, Loss, Mlp, Recipe, Shape, Trainer};
use nets::relu_net;
use random::Stream;
use theory::Activation;
use theory::sawtooth::ReluNet;

use super::settings::{Data, NetKey};
use crate::job::{Checkpoint, JobError};
use crate::kit::Session;

/// Points of a data set.
pub(super) const N_POINTS: usize = 300;
pub(super) const NOISE: f64 = 0.04;
pub(super) const BATCH: usize = 64;
/// Steps between kept states: at most so many are done again when scrubbing back.
pub(super) const KEPT_EVERY: u64 = 100;

/// All that is known of one net's training.
#[derive(Debug)]
pub(super) struct Training {
    pub(super) points: Points,
    pub(super) examples: Examples,
    pub(super) session: Session<Mlp>,
    /// The last step that could be made, once training has diverged.
    diverged_after: Option<u64>,
}

/// A net after so many steps.
#[derive(Debug)]
pub(super) struct State {
    pub(super) trainer: Trainer,
    /// The same net in double precision.
    pub(super) net: ReluNet,
    /// On all points; `None` without any.
    pub(super) accuracy: Option<f64>,
}

impl Training {
    pub(super) fn new(key: &NetKey) -> Result<Self, JobError> {
        let (points, examples, start) = start(key)?;
        Ok(Self { points, examples, session: Session::new(start, KEPT_EVERY), diverged_after: None })
    }

    pub(super) async fn state(&mut self, steps: u64, pace: &mut dyn Checkpoint) -> Result<State, JobError> {
        let trainer = self.session.advance(steps, &self.examples, pace).await?;
        if trainer.is_diverged() {
            self.diverged_after = Some(trainer.steps());
        }
        let has_points = self.examples.n() > 0;
        let accuracy = if has_points { Some(trainer.score(&self.examples)?.accuracy) } else { None };
        Ok(State { net: relu_net(trainer.net())?, trainer: trainer.clone(), accuracy })
    }

    /// What is to be said of a net that was to be trained for so many steps.
    pub(super) fn complaint(&self, steps: u64) -> Option<String> {
        let ended = self.diverged_after.filter(|last| *last < steps)?;
        Some(format!(
            "Training diverged at step {}: the net shown is the one before. Lower the learning rate or the weight scale.",
            ended + 1
        ))
    }
}

/// Points, the same as examples, and the net before its first step.
pub(super) fn start(key: &NetKey) -> Result<(Points, Examples, Trainer), JobError> {
    let points = match &key.data {
        Data::Toy(toy) => points(*toy, N_POINTS, NOISE, Stream::new(key.seed, "regions data"))?,
        Data::Drawn(drawn) => Points::of_classes(drawn),
    };
    let labels = points.labels.iter().copied().map(u32::from).collect();
    let examples = Examples::with_classes(2, points.xy.clone(), labels)?;
    let ((sigma_w, sigma_b), optimiser) = (key.sigmas, key.optimiser);
    let recipe = Recipe { sigma_w, sigma_b, loss: Loss::Logistic, optimiser, batch: BATCH };
    let trainer = Trainer::new(shape(&key.widths())?, recipe, Stream::new(key.seed, "regions net"))?;
    Ok((points, examples, trainer))
}

/// Two inputs, the hidden layers, one output.
pub(super) fn shape(widths: &[usize]) -> Result<Shape, JobError> {
    let all: Vec<usize> = [2].into_iter().chain(widths.iter().copied()).chain([1]).collect();
    Ok(Shape::new(&all, Activation::Relu)?)
}

/// A random net, number `index` of those of a seed.
pub(super) fn random_net(
    widths: &[usize],
    (sigma_w, sigma_b): (f64, f64),
    (seed, index): (u64, u64),
) -> Result<Mlp, JobError> {
    let stream = Stream::new(seed, "regions random nets").child(index);
    Ok(Mlp::random(shape(widths)?, sigma_w, sigma_b, stream))
}
