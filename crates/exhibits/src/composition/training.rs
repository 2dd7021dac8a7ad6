//! One net in training, a round at a time.

use std::sync::Arc;

use nets::mlp::{Examples, Loss, Mlp, Optimiser, Passes as _, Recipe, Saved, Step, Trainable, Trainer};
use nets::tree::TreeNet;
use random::Stream;
use serde::{Deserialize, Serialize};

use super::settings::{NetKind, Task};
use super::target;
use crate::job::{Checkpoint, JobError};

/// After each the error is measured and shown.
pub(super) const ROUNDS: u64 = 16;
const BATCH: usize = 64;
/// Points on which errors are measured: a root mean square is then known to 2 %.
pub(super) const N_TEST: usize = 2048;
/// Hidden units then bend within the range of their inputs, in every node of a tree.
const SIGMA_W: f64 = 1.5;
const SIGMA_B: f64 = 0.5;
/// Steps between checkpoints; the largest net takes a third of a millisecond for a step.
const STEPS_AT_ONCE: u64 = 8;
/// Examples of the test between checkpoints.
const TESTS_AT_ONCE: usize = 512;

/// One of the nets: kind, units of a node that it stands for, number.
pub(super) type NetKey = (NetKind, usize, u64);

/// A net on its way.
#[derive(Clone, Debug, Default)]
pub(super) struct Progress {
    /// As the last round left it.
    pub(super) saved: Option<Saved>,
    /// Root mean square errors on the test: before the first round, and after each.
    pub(super) errors: Vec<f64>,
}

impl Progress {
    /// Rounds made; all of them where another would change nothing.
    pub(super) fn rounds(&self) -> u64 {
        if self.is_diverged() { ROUNDS } else { self.errors.len().saturating_sub(1) as u64 }
    }

    pub(super) fn is_diverged(&self) -> bool {
        self.saved.as_ref().is_some_and(|saved| saved.is_diverged)
    }

    /// The error after so many rounds, or the last one of a training that diverged before.
    pub(super) fn error(&self, round: u64) -> Option<f64> {
        let last = self.errors.len().checked_sub(1)?;
        let index = round as usize;
        if index > last && !self.is_diverged() { None } else { self.errors.get(index.min(last)).copied() }
    }
}

/// What a round gives.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Round {
    pub(super) errors: Vec<f64>,
    pub(super) state: Saved,
}

/// The examples of a task, kept by every core.
#[derive(Clone, Debug)]
pub(super) struct Data {
    of: Task,
    train: Arc<Examples>,
    test: Arc<Examples>,
}

impl Data {
    /// Those of `kept` where they are of the same target.
    pub(super) async fn of(task: &Task, kept: &mut Option<Self>, pace: &mut dyn Checkpoint) -> Result<Self, JobError> {
        let same = |old: &&Self| {
            let [old, new] = [&old.of, task].map(|t| (t.levels, t.constituent, t.examples, t.seed));
            old == new
        };
        if let Some(data) = kept.as_ref().filter(same) {
            return Ok(data.clone());
        }
        *kept = None;
        let stream = Stream::new(task.seed, "composition data");
        let (constituent, dimension) = (task.constituent, task.dimension());
        let train = target::examples(constituent, dimension, task.examples, stream.child(0), pace).await?;
        let test = target::examples(constituent, dimension, N_TEST, stream.child(1), pace).await?;
        Ok(kept.insert(Self { of: *task, train: Arc::new(train), test: Arc::new(test) }).clone())
    }
}

/// The learning rate at a step: as chosen for half of them, then in a straight line down to the last.
fn rate(task: &Task, step: u64) -> f64 {
    let left = (task.steps - step.min(task.steps)) as f64 / task.steps as f64;
    task.rate * (2.0 * left).min(1.0)
}

fn stream(task: &Task, (kind, units, copy): NetKey) -> Stream {
    Stream::new(task.seed, "composition nets").child(kind as u64).child(units as u64).child(copy)
}

/// Trains one net for a round from where it was.
pub(super) async fn round(
    task: &Task,
    net: NetKey,
    state: Option<Saved>,
    kept: &mut Option<Data>,
    pace: &mut dyn Checkpoint,
) -> Result<Round, JobError> {
    let data = Data::of(task, kept, pace).await?;
    let (kind, units, _) = net;
    match kind {
        NetKind::Tree | NetKind::Shuffled => {
            train(task, TreeNet::zeros(task.tree(kind, units)?), net, state, &data, pace).await
        }
        NetKind::Shallow => train(task, Mlp::zeros(task.shallow(units)?), net, state, &data, pace).await,
    }
}

async fn train<N: Trainable>(
    task: &Task,
    net: N,
    key: NetKey,
    state: Option<Saved>,
    data: &Data,
    pace: &mut dyn Checkpoint,
) -> Result<Round, JobError> {
    let optimiser = Optimiser::adam(task.rate);
    let recipe = Recipe { sigma_w: SIGMA_W, sigma_b: SIGMA_B, loss: Loss::SquaredError, optimiser, batch: BATCH };
    let mut trainer = Trainer::drawn(net, recipe, stream(task, key))?;
    let mut errors = Vec::new();
    match state {
        Some(state) => trainer.restore(&state, &data.train)?,
        None => errors.push(error(&mut trainer, &data.test, pace).await?),
    }
    let end = steps_after(task, trainer.steps());
    while trainer.steps() < end {
        if trainer.steps().is_multiple_of(STEPS_AT_ONCE) {
            pace.checkpoint().await?;
        }
        trainer.set_optimiser(Optimiser::adam(rate(task, trainer.steps())))?;
        if trainer.step(&data.train)? == Step::Diverged {
            break;
        }
    }
    errors.push(error(&mut trainer, &data.test, pace).await?);
    Ok(Round { errors, state: trainer.save() })
}

/// Where the round ends that begins at `step`.
fn steps_after(task: &Task, step: u64) -> u64 {
    (1..=ROUNDS).map(|round| steps_of(task, round)).find(|end| *end > step).unwrap_or(task.steps)
}

/// Steps made after so many rounds.
pub(super) fn steps_of(task: &Task, rounds: u64) -> u64 {
    task.steps * rounds / ROUNDS
}

/// The root mean square error; infinite where the net overflows.
async fn error<N: Trainable>(
    trainer: &mut Trainer<N>,
    test: &Examples,
    pace: &mut dyn Checkpoint,
) -> Result<f64, JobError> {
    let mut sum = 0.0;
    for start in (0..test.n()).step_by(TESTS_AT_ONCE) {
        let end = (start + TESTS_AT_ONCE).min(test.n());
        sum += trainer.score_range(test, start..end)?.loss * (end - start) as f64;
        pace.checkpoint().await?;
    }
    // The loss is half the mean square.
    Ok((2.0 * sum / test.n() as f64).sqrt())
}

/// Outputs of a net for inputs `[n, d]`.
pub(super) fn outputs(
    task: &Task,
    (kind, units, _): NetKey,
    parameters: &[f32],
    inputs: &[f32],
) -> Result<Vec<f32>, JobError> {
    fn of<N: Trainable>(net: &N, dimension: usize, inputs: &[f32]) -> Result<Vec<f32>, JobError> {
        let n = inputs.len() / dimension;
        let mut outputs = vec![0.0; n];
        net.workspace(n)?.outputs(net, n, inputs, &mut outputs)?;
        Ok(outputs)
    }
    let dimension = task.dimension();
    match kind {
        NetKind::Tree | NetKind::Shuffled => {
            of(&TreeNet::new(task.tree(kind, units)?, parameters.to_vec())?, dimension, inputs)
        }
        NetKind::Shallow => of(&Mlp::new(task.shallow(units)?, parameters.to_vec())?, dimension, inputs),
    }
}
