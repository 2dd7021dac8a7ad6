//! A training that was interrupted.

use serde::{Deserialize, Serialize};

/// All that a [`Trainer`](super::Trainer) of the same net, recipe and stream needs to go on with the same bits. Plain data,
/// so that it can travel to another core.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Saved {
    /// Of the net, in its own order.
    pub parameters: Vec<f32>,
    /// The velocity of SGD or the first moment of Adam; empty where the rule has none.
    pub first: Vec<f32>,
    /// The second moment of Adam; empty where the rule has none.
    pub second: Vec<f32>,
    /// The sum of squared gradients of AdaGrad-Norm.
    pub squares: f64,
    /// Steps made.
    pub steps: u64,
    /// The epoch it was in.
    pub epoch: u64,
    /// Examples that this epoch had taken.
    pub taken: usize,
    /// Whether it had ended in numbers without bounds.
    pub is_diverged: bool,
}
