//! How nets follow the gradient, as a choice of the user.

use nets::engine::rules::Optimiser;
use serde::{Deserialize, Serialize};

/// Of SGD.
const MOMENTUM: f64 = 0.9;

/// The rule of training.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Rule {
    /// Adam with its usual decays.
    Adam,
    /// Stochastic gradient descent with momentum 0.9.
    Sgd,
}

impl Rule {
    /// With this learning rate.
    #[must_use]
    pub fn optimiser(self, learning_rate: f64) -> Optimiser {
        match self {
            Self::Adam => Optimiser::adam(learning_rate),
            Self::Sgd => Optimiser::momentum(learning_rate, MOMENTUM),
        }
    }
}
