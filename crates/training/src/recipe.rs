//! How a net is trained.

use data::distort::Distortion;
use nets::NetError;
use nets::engine::rules::{Optimiser, Schedule};
use nets::engine::{Pass, loss};
use serde::{Deserialize, Serialize};

use crate::TrainingError;

/// What a net is to make small, as a mean over examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum Loss {
    /// Cross-entropy of the softmax with the class.
    CrossEntropy,
    /// Half the squared distance from 1 at the class and 0 elsewhere.
    SquaredError,
    /// The hinge loss of several classes (Weston & Watkins 1999).
    Hinge,
    /// Half the squared distance from the input: an autoencoder's.
    Reconstruction,
}

impl Loss {
    /// How many examples of a pass are classified rightly; none where outputs are no classes.
    pub(crate) fn n_right<const N: usize>(self, pass: &Pass<f32, N>, classes: &[u32]) -> Result<usize, NetError> {
        if self == Self::Reconstruction { Ok(0) } else { loss::n_right(pass, classes) }
    }

    /// `factor Σ loss` over the examples of a pass, whose seed is written.
    pub(crate) fn write_seed<const N: usize>(
        self,
        pass: &mut Pass<f32, N>,
        classes: &[u32],
        factor: f64,
    ) -> Result<[f64; N], NetError> {
        let outputs = pass.net().output().features();
        match self {
            Self::CrossEntropy => loss::cross_entropy(pass, classes, factor),
            Self::Hinge => loss::hinge(pass, classes, factor),
            Self::SquaredError => {
                let mut targets = vec![0.0; outputs * classes.len()];
                for (targets, class) in targets.chunks_exact_mut(outputs.max(1)).zip(classes) {
                    let class = *class as usize;
                    *targets.get_mut(class).ok_or(NetError::NoClass { got: class, classes: outputs })? = 1.0;
                }
                loss::squared_error(pass, &targets, factor)
            }
            Self::Reconstruction => loss::reconstruction(pass, factor),
        }
    }
}

/// How a net is trained. With a [`Spec`](crate::Spec) and the images it determines every number.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Recipe {
    /// What is to become small.
    pub loss: Loss,
    /// How parameters follow its gradient, and the rate that the schedule starts from.
    pub optimiser: Optimiser,
    /// The learning rate over steps.
    pub schedule: Schedule,
    /// Steps in which the rate rises to the schedule's first.
    pub warm_up: u64,
    /// Images in a step, at least 1; more than there are means all. Each epoch takes them in a new order, and leaves out those
    /// that do not fill a batch.
    pub batch: usize,
    /// Into how many parts a batch is cut whose gradients are computed by themselves, on any core, and added in their
    /// order: the same number gives the same bits wherever they are computed. At least 1; batch norms see their part alone.
    pub parts: usize,
    /// How images are distorted anew each time.
    pub distortion: Option<Distortion>,
    /// How fast batch norms' running statistics follow, in (0, 1].
    pub statistics_share: f64,
    /// Of weights, order and distortions.
    pub seed: u64,
}

impl Recipe {
    /// Cross-entropy, batches of 64, at a constant rate.
    #[must_use]
    pub fn new(optimiser: Optimiser, seed: u64) -> Self {
        Self {
            loss: Loss::CrossEntropy,
            optimiser,
            schedule: Schedule::Constant,
            warm_up: 0,
            batch: 64,
            parts: 1,
            distortion: None,
            statistics_share: 0.1,
            seed,
        }
    }

    /// # Errors
    /// The first number outside its range.
    pub fn check(&self) -> Result<(), TrainingError> {
        self.optimiser.check()?;
        self.schedule.check()?;
        if let Some(distortion) = self.distortion {
            distortion.check()?;
        }
        let range = |name, got: f64, is_in: bool, allowed: &str| {
            if is_in { Ok(()) } else { Err(TrainingError::Range { name, got, allowed: allowed.to_owned() }) }
        };
        range("batch", self.batch as f64, self.batch > 0, "[1, inf)")?;
        range("parts", self.parts as f64, (1..=self.batch.max(1)).contains(&self.parts), "[1, batch]")?;
        let share = self.statistics_share;
        range("statistics_share", share, share > 0.0 && share <= 1.0, "(0, 1]")
    }

    /// Images in a step, of so many.
    #[must_use]
    pub fn images_in_a_step(&self, n: usize) -> usize {
        self.batch.min(n).max(1)
    }

    /// Steps in which every image of so many is seen once, but for those that do not fill a batch.
    #[must_use]
    pub fn steps_of_an_epoch(&self, n: usize) -> u64 {
        (n / self.images_in_a_step(n)).max(1) as u64
    }
}
