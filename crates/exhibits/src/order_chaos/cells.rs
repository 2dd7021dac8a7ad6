//! The nets of the map of what depth can be trained, a round at a time.

use std::sync::Arc;

use data::Pack;
use figures::Samples;
use nets::mlp::Examples;
use nets::trainability::{Cell, CellRecipe, inputs_from_images};
use random::Stream;
use serde::{Deserialize, Serialize};
use theory::Activation;

use super::drawn::CoreState;
use crate::job::{Core, JobError};
use crate::kit::{Images, Part};

/// Neurons in each hidden layer.
pub(super) const WIDTH: usize = 48;
pub(super) const BATCH: usize = 32;
/// Steps of a round, after which accuracy is measured.
pub(super) const ROUND_STEPS: usize = 50;
pub(super) const LEARNING_RATE: f64 = 0.03;
/// Images that are trained on, and that accuracy is measured on: whether a net learns at all is the question.
const N_IMAGES: usize = 640;

/// What all nets of a map depend on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Task {
    #[serde(with = "crate::kit::as_key")]
    pub(super) activation: Activation,
    pub(super) sigma_b: f64,
    pub(super) seed: u64,
    /// Whether the images are those of the pack, and not generated ones.
    pub(super) is_real: bool,
}

/// The part that is one round of one cell.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Round {
    pub(super) task: Task,
    /// Hidden layers.
    pub(super) depth: usize,
    pub(super) sigma_w: f64,
    pub(super) round: u32,
    /// As the round before left them; empty before the first.
    pub(super) parameters: Samples,
}

/// What a round leaves.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Trained {
    pub(super) parameters: Samples,
    /// On the images that are trained on.
    pub(super) accuracy: f32,
    pub(super) is_diverged: bool,
}

impl Part for Round {
    type Kept = CoreState;
    type Answer = Trained;

    async fn run(self, kept: &mut CoreState, core: &mut dyn Core) -> Result<Trained, JobError> {
        let examples = self.examples(kept, core).await?;
        let mut cell = self.cell(examples)?;
        let progress = cell.advance_with(ROUND_STEPS, async || core.checkpoint().await).await?;
        let parameters = cell.parameters().to_vec().into();
        Ok(Trained { parameters, accuracy: progress.score.accuracy as f32, is_diverged: progress.is_diverged })
    }
}

impl Round {
    /// The images, loaded or drawn on this core.
    async fn examples(&self, kept: &mut CoreState, core: &mut dyn Core) -> Result<Arc<Examples>, JobError> {
        let load = async |is_real: &bool| {
            Ok::<_, JobError>(Arc::new(examples(&Images::first(N_IMAGES, *is_real, core).await?)?))
        };
        kept.examples.get_async(self.task.is_real, load).await.cloned()
    }

    /// The net as the round before left it.
    pub(super) fn cell(&self, examples: Arc<Examples>) -> Result<Cell, JobError> {
        let recipe = CellRecipe {
            activation: self.task.activation,
            depth: self.depth,
            width: WIDTH,
            sigma_w: self.sigma_w,
            sigma_b: self.task.sigma_b,
            learning_rate: LEARNING_RATE,
            batch: BATCH,
            measured: N_IMAGES,
        };
        let mut cell = Cell::new(recipe, examples, self.stream())?;
        if !self.parameters.is_empty() {
            cell.set_parameters(&self.parameters.0)?;
        }
        Ok(cell)
    }

    /// Each round takes the examples in orders of its own; the weights are those of the first.
    pub(super) fn stream(&self) -> Stream {
        Stream::new(self.task.seed, "order-chaos training").child(u64::from(self.round))
    }
}

/// The first images at half their size, as the nets see them.
pub(super) fn examples(pack: &Pack) -> Result<Examples, JobError> {
    let (n, size) = (pack.n().min(N_IMAGES), pack.rows() * pack.cols());
    let dim = (pack.rows() / 2) * (pack.cols() / 2);
    let inputs = inputs_from_images(n, pack.rows(), pack.cols(), &pack.pixels()[..n * size])?;
    let labels = pack.labels()[..n].iter().copied().map(u32::from).collect();
    Ok(Examples::with_classes(dim, inputs, labels)?)
}
