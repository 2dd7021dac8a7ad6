//! The controls.

use nets::engine::rules::Optimiser;
use serde::{Deserialize, Serialize};
use theory::Activation;
use training::{DataSet, NetKind, Recipe, Spec};

use crate::controls;
use crate::kit::{Choices, Source};

const SETS: Choices<DataSet, 3> = Choices([
    ("digits", "generated digits", DataSet::Digits),
    ("mnist", "MNIST", DataSet::Mnist),
    ("fashion-mnist", "Fashion-MNIST", DataSet::FashionMnist),
]);

/// Layers with weights that can be taken over: all of LeNet-5 but the one that names classes.
pub(super) const MOST_LAYERS: usize = 4;
/// Images in a step.
const BATCH: usize = 64;
/// Of the momentum.
const MOMENTUM: f64 = 0.9;
/// Weight decay.
const DECAY: f64 = 5e-4;
/// Images that the first task is learnt from, and steps.
pub(super) const SOURCE_IMAGES: usize = 4000;
pub(super) const SOURCE_STEPS: u64 = 300;
/// Test images of a data set.
pub(super) const TESTED: usize = 2000;

controls! {
    /// The control values.
    pub struct Settings {
        source: DataSet = choice(SETS).name("learnt first"),
        target: DataSet = choice(SETS).name("learnt then"),
        layers: usize = int(0..=4, 1).play(1.0).name("layers taken over").symbol("<mi>k</mi>")
            .help("The first k layers with weights come from the net that learnt the first task"),
        examples: usize = int(20..=2000, 25).log().name("images of the new task")
            .help("How many labelled images of the second task there are"),
        nets: usize = int(1..=8, 3).name("nets").group("Training").help("Each begins with other weights and learns both tasks"),
        steps: u64 = int(10..=1000, 100).step(10.0).name("training steps").group("Training").help("Of the second task, on batches of up to 64 images"),
        rate: f64 = real(0.0..=1.0, 0.02).track(0.0, 0.1).step(0.005).name("learning rate").symbol("<mi>η</mi>").group("Training"),
        seed: u64 = seed(1).group("Training"),
    }
}

/// Two tasks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Tasks {
    pub(super) source: DataSet,
    pub(super) target: DataSet,
}

impl Tasks {
    /// Whether classes of one task are learnt; of one data set the first task has the lower five, the second the others.
    pub(super) fn has_class(self, is_source: bool, class: u8) -> bool {
        self.source != self.target || (class < 5) == is_source
    }

    /// What a task is called.
    pub(super) fn label(self, is_source: bool) -> String {
        let set = if is_source { self.source } else { self.target };
        let part = match (self.source == self.target, is_source) {
            (false, _) => String::new(),
            (true, true) => ", classes 0 to 4".to_owned(),
            (true, false) => ", classes 5 to 9".to_owned(),
        };
        format!("{}{part}", set.label())
    }

    pub(super) fn image_source(self, is_source: bool) -> Source {
        Source::Named(if is_source { self.source } else { self.target })
    }
}

/// What all trainings depend on, besides which they are.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Origin {
    pub(super) tasks: Tasks,
    pub(super) steps: u64,
    pub(super) rate: f64,
    pub(super) seed: u64,
}

impl Origin {
    /// How net `net` learns its first task, or the second one.
    pub(super) fn recipe(&self, net: usize, is_source: bool) -> Recipe {
        let optimiser = Optimiser { decay: DECAY, ..Optimiser::momentum(self.rate, MOMENTUM) };
        // Both tasks begin with weights of their own.
        let seed = self.seed.wrapping_mul(1000).wrapping_add(2 * net as u64 + u64::from(is_source));
        Recipe { batch: BATCH, ..Recipe::new(optimiser, seed) }
    }
}

/// LeNet-5 with ReLU.
pub(super) fn spec() -> Spec {
    NetKind::LeNet5.spec(Activation::Relu)
}

impl Settings {
    pub(super) fn tasks(&self) -> Tasks {
        Tasks { source: self.source, target: self.target }
    }

    pub(super) fn origin(&self) -> Origin {
        Origin { tasks: self.tasks(), steps: self.steps, rate: self.rate, seed: self.seed }
    }
}
