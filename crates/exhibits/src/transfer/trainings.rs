//! The nets that learn one task after another, each training a part of its own.

use std::sync::Arc;

use nets::engine::rules::{Fate, Mask};
use nets::engine::{Net, Op};
use random::Stream;
use serde::{Deserialize, Serialize};
use training::{Images, Step, Trainer};

use super::settings::{Origin, SOURCE_IMAGES, SOURCE_STEPS, TESTED, Tasks, spec};
use crate::job::{Core, JobError};
use crate::kit::{LoadedSet, Loader, Part};
use crate::parts;

/// Test images between two checkpoints.
const AT_ONCE: usize = 250;
/// Steps whose errors are averaged for the picture of a training.
pub(super) const AVERAGED: usize = 5;

/// What becomes of the first layers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum Start {
    /// They come from the first task, and stay as they are.
    Frozen,
    /// They come from the first task, and learn on.
    Tuned,
    /// They stay as they were drawn.
    Random,
}

/// One training of the second task.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct Which {
    pub(super) start: Start,
    pub(super) layers: usize,
    pub(super) examples: usize,
    pub(super) net: usize,
}

impl Which {
    /// Without layers from elsewhere all starts are one.
    pub(super) fn new(start: Start, layers: usize, examples: usize, net: usize) -> Self {
        Self { start: if layers == 0 { Start::Tuned } else { start }, layers, examples, net }
    }
}

/// How a training ended.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Ended {
    /// The share of test images that are classified wrongly; NaN where training diverged.
    pub(super) error: f64,
    /// The mean share of its batches that was, over a few steps each.
    pub(super) course: Vec<f32>,
}

/// What a core keeps: the images of both tasks, each for training and for the test.
#[derive(Default)]
pub(super) struct Loaded(Option<(Tasks, [TaskImages; 2])>);

/// Images of a task.
#[derive(Debug)]
pub(super) struct TaskImages {
    pub(super) train: Arc<Images>,
    pub(super) test: Arc<Images>,
    /// Says that they are not what was asked for, and why.
    pub(super) notice: Option<String>,
}

impl TaskImages {
    /// Those of both tasks.
    pub(super) async fn of_both<L: Loader + ?Sized>(tasks: Tasks, place: &mut L) -> Result<[Self; 2], JobError> {
        Ok([Self::load(tasks, true, place).await?, Self::load(tasks, false, place).await?])
    }

    async fn load<L: Loader + ?Sized>(tasks: Tasks, is_source: bool, place: &mut L) -> Result<Self, JobError> {
        let set = LoadedSet::load(&tasks.image_source(is_source), SOURCE_IMAGES, TESTED, place).await?;
        let those = |images: &Images| Arc::new(images.of_classes(|class| tasks.has_class(is_source, class)));
        Ok(Self { train: those(&set.train), test: those(&set.test), notice: set.notice })
    }
}

impl Loaded {
    async fn of(&mut self, tasks: Tasks, core: &mut dyn Core) -> Result<&[TaskImages; 2], JobError> {
        if self.0.as_ref().is_none_or(|(of, _)| *of != tasks) {
            self.0 = Some((tasks, TaskImages::of_both(tasks, core).await?));
        }
        self.0.as_ref().map(|(_, both)| both).ok_or_else(|| JobError::Failed("there are no images".into()))
    }
}

/// The first task.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SourcePart {
    pub(super) origin: Origin,
    pub(super) net: usize,
}

/// What it has taught.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Taught {
    pub(super) error: f64,
    pub(super) parameters: Vec<f32>,
}

impl Part for SourcePart {
    type Kept = Loaded;
    type Answer = Taught;

    async fn run(self, kept: &mut Loaded, core: &mut dyn Core) -> Result<Taught, JobError> {
        let [images, _] = kept.of(self.origin.tasks, core).await?;
        let mut trainer = Trainer::new(&spec(), Arc::clone(&images.train), self.origin.recipe(self.net, true))?;
        let Ended { error, .. } = ended(&mut trainer, SOURCE_STEPS, &images.test, core).await?;
        Ok(Taught { error, parameters: trainer.state().parameters().to_vec() })
    }
}

/// The second task.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct TargetPart {
    pub(super) origin: Origin,
    pub(super) which: Which,
    /// The parameters of the layers that are taken over.
    pub(super) taken: Vec<f32>,
}

impl Part for TargetPart {
    type Kept = Loaded;
    type Answer = Ended;

    async fn run(self, kept: &mut Loaded, core: &mut dyn Core) -> Result<Ended, JobError> {
        let Self { origin, which, taken } = self;
        let [_, images] = kept.of(origin.tasks, core).await?;
        let few = Images::clone(&images.train).first(which.examples);
        let recipe = origin.recipe(which.net, false);
        let net = spec().net(few.dims(), few.n_classes())?;
        let mut parameters = net.draw(Stream::new(recipe.seed, "weights"))?;
        if which.start != Start::Random {
            parameters.iter_mut().zip(&taken).for_each(|(new, taken)| *new = *taken);
        }
        let n_taken = n_parameters(&net, which.layers);
        let mask = (which.start != Start::Tuned).then(|| {
            let fate = |i| if i < n_taken { Fate::Frozen } else { Fate::Free };
            Mask::new((0..parameters.len()).map(fate).collect())
        });
        let mut trainer = Trainer::from_parameters(net, parameters, Arc::new(few), recipe)?;
        if let Some(mask) = mask {
            trainer = trainer.with_mask(mask)?;
        }
        ended(&mut trainer, origin.steps, &images.test, core).await
    }
}

parts!(
    /// What does the parts.
    pub TransferParts(Loaded): SourcePart, TargetPart
);

/// Parameters of the first layers with weights, which come before all others.
pub(super) fn n_parameters(net: &Net, layers: usize) -> usize {
    let with_weights = net.nodes().iter().filter(|node| matches!(node.op, Op::Dense(_) | Op::Conv(_)));
    with_weights.take(layers).map(|node| node.parameters.end).max().unwrap_or(0)
}

/// Trains to the end and counts mistakes.
async fn ended(trainer: &mut Trainer, steps: u64, test: &Images, core: &mut dyn Core) -> Result<Ended, JobError> {
    let mut wrong = Vec::new();
    for _ in 0..steps {
        core.checkpoint().await?;
        match trainer.step()? {
            Step::Done { right, .. } => wrong.push(1.0 - right as f32),
            Step::Diverged => break,
        }
    }
    let course = wrong.chunks(AVERAGED).map(|few| few.iter().sum::<f32>() / few.len() as f32).collect();
    if trainer.state().is_diverged() || test.n() == 0 {
        return Ok(Ended { error: f64::NAN, course });
    }
    let mut right = 0;
    for start in (0..test.n()).step_by(AT_ONCE) {
        core.checkpoint().await?;
        right += trainer.score(test, start..test.n().min(start + AT_ONCE))?.right;
    }
    Ok(Ended { error: 1.0 - right as f64 / test.n() as f64, course })
}
