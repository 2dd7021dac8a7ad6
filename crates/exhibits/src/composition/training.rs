//! One net in training, a round at a time.

use std::sync::Arc;

use data::cube::{Samples, sampled};
use nets::engine::rules::Optimiser;
use nets::mlp::{Examples, Loss, Mlp, Recipe, Saved, Trainable, Trainer};
use nets::tree::TreeNet;
use random::Stream;
use serde::{Deserialize, Serialize};

use super::settings::{NetKind, Settings};
use crate::job::{Core, JobError};
use crate::kit::{Kept, Part, Rounds, rms_error, train_round};
use crate::parts;

/// After each the error is measured and shown.
pub(super) const ROUNDS: u64 = 16;
const BATCH: usize = 64;
/// Points on which errors are measured: a root mean square is then known to 2 %.
const N_TEST: usize = 2048;
/// Hidden units then bend within the range of their inputs, in every node of a tree.
pub(super) const SIGMA_W: f64 = 1.5;
pub(super) const SIGMA_B: f64 = 0.5;
/// One of the nets: kind, units of a node that it stands for, number.
pub(super) type NetKey = (NetKind, usize, u64);

/// The part that is one round of one net, from where the round before left it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Round {
    pub(super) settings: Settings,
    pub(super) net: NetKey,
    pub(super) state: Option<Saved>,
}

/// The examples for training and test.
type Data = Kept<Settings, Arc<[Examples; 2]>>;

parts! {
    /// What a core does for this exhibit.
    pub Parts(Data): Round
}

impl Part for Round {
    type Kept = Data;
    type Answer = Rounds;

    async fn run(self, kept: &mut Data, core: &mut dyn Core) -> Result<Rounds, JobError> {
        let settings = &self.settings;
        let make = |of: &Settings| Ok::<_, JobError>(Arc::new([examples(of, of.examples, 0)?, test_examples(of)?]));
        let data = Arc::clone(kept.try_get(settings.clone(), make)?);
        match Net::new(settings, self.net, None)? {
            Net::Tree(net) => self.train(net, &data, core).await,
            Net::Shallow(net) => self.train(net, &data, core).await,
        }
    }
}

impl Round {
    async fn train<N: Trainable>(
        &self,
        net: N,
        [train, test]: &[Examples; 2],
        core: &mut dyn Core,
    ) -> Result<Rounds, JobError> {
        let (settings, (kind, units, copy)) = (&self.settings, self.net);
        let optimiser = Optimiser::adam(settings.rate);
        let recipe = Recipe { sigma_w: SIGMA_W, sigma_b: SIGMA_B, loss: Loss::SquaredError, optimiser, batch: BATCH };
        let stream = Stream::new(settings.seed, "composition nets").child(kind as u64).child(units as u64).child(copy);
        let mut trainer = Trainer::drawn(net, recipe, stream)?;
        let slow_down = |trainer: &mut Trainer<N>| {
            trainer.set_optimiser(Optimiser::adam(rate(settings, trainer.steps()))).map_err(JobError::from)
        };
        let (saved, all) = (self.state.as_ref(), (settings.steps, ROUNDS));
        train_round(&mut trainer, saved, all, train, core, slow_down, |trainer| rms_error(trainer, test)).await
    }
}

/// The learning rate at a step: as chosen for half of them, then in a straight line down to the last.
fn rate(settings: &Settings, step: u64) -> f64 {
    let left = (settings.steps - step.min(settings.steps)) as f64 / settings.steps as f64;
    settings.rate * (2.0 * left).min(1.0)
}

/// Steps made after so many rounds.
pub(super) fn steps_of(settings: &Settings, rounds: u64) -> u64 {
    settings.steps * rounds / ROUNDS
}

/// The points on which errors are measured.
pub(super) fn test_examples(settings: &Settings) -> Result<Examples, JobError> {
    examples(settings, N_TEST, 1)
}

/// `n` random points of the cube with the target's values; the same bits everywhere.
fn examples(settings: &Settings, n: usize, set: u64) -> Result<Examples, JobError> {
    let stream = Stream::new(settings.seed, "composition data").child(set);
    let Samples { points, values } = sampled(n, settings.dimension, stream, |x| settings.constituent.target(x));
    Ok(Examples::with_numbers(n, settings.dimension, points, 1, values)?)
}

/// A net of either structure.
pub(super) enum Net {
    Tree(TreeNet),
    Shallow(Mlp),
}

impl Net {
    /// With these parameters; with zeros without.
    pub(super) fn new(settings: &Settings, (kind, units, _): NetKey, saved: Option<&Saved>) -> Result<Self, JobError> {
        let mut net = match kind {
            NetKind::Tree | NetKind::Shuffled => Self::Tree(TreeNet::zeros(settings.tree(kind, units)?)),
            NetKind::Shallow => Self::Shallow(Mlp::zeros(settings.shallow(units)?)),
        };
        if let Some(saved) = saved {
            match &mut net {
                Self::Tree(net) => net.parameters_mut().copy_from_slice(&saved.parameters),
                Self::Shallow(net) => net.parameters_mut().copy_from_slice(&saved.parameters),
            }
        }
        Ok(net)
    }

    /// Outputs for inputs `[n, d]`.
    pub(super) fn outputs(&self, n: usize, inputs: &[f32]) -> Result<Vec<f32>, JobError> {
        Ok(match self {
            Self::Tree(net) => net.outputs_at(n, inputs)?,
            Self::Shallow(net) => net.outputs_at(n, inputs)?,
        })
    }
}
