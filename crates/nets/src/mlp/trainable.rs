//! What a trainer needs to know of a net.

use std::fmt::Debug;
use std::ops::Range;

use random::Stream;

use super::{Examples, Loss, Score};
use crate::NetError;

/// A net that a [`Trainer`](super::Trainer) can train: its parameters are one slice, and buffers of its own type serve its
/// passes.
pub trait Trainable: Clone + Debug {
    /// The buffers.
    type Workspace: Passes<Net = Self>;

    /// Buffers for batches of about `batch` examples.
    ///
    /// # Errors
    /// [`NetError::TooLarge`] when they would not fit into memory.
    fn workspace(&self, batch: usize) -> Result<Self::Workspace, NetError>;

    /// Draws all parameters anew: weights from `N(0, sigma_w²/fan_in)`, biases from `N(0, sigma_b²)`.
    fn draw(&mut self, sigma_w: f64, sigma_b: f64, stream: Stream);

    /// All parameters.
    fn parameters(&self) -> &[f32];

    /// The outputs `[n, 1]` of a net with one output for inputs `[n, d]`.
    ///
    /// # Errors
    /// [`NetError::Size`] when the inputs are no multiple of what the net takes, or it has more outputs.
    fn outputs_at(&self, n: usize, inputs: &[f32]) -> Result<Vec<f32>, NetError> {
        let mut outputs = vec![0.0; n];
        self.workspace(n)?.outputs(self, n, inputs, &mut outputs)?;
        Ok(outputs)
    }

    /// All parameters, to change them in place.
    fn parameters_mut(&mut self) -> &mut [f32];
}

/// The passes of nets of one shape, in buffers that are kept.
pub trait Passes: Clone + Debug {
    /// Whose passes.
    type Net;

    /// Mean loss of the examples at `indices` (which may repeat), and its gradient with respect to all parameters, in their
    /// order. Either may be infinite or NaN where the net overflows.
    ///
    /// # Errors
    /// [`NetError::Empty`] without indices, [`NetError::NoExample`], [`NetError::Size`], [`NetError::NoClass`] and
    /// [`NetError::Targets`] for what does not fit.
    fn loss_and_gradient(
        &mut self,
        net: &Self::Net,
        loss: Loss,
        examples: &Examples,
        indices: &[usize],
        gradient: &mut [f32],
    ) -> Result<f64, NetError>;

    /// Mean loss and accuracy of the examples in a range.
    ///
    /// # Errors
    /// As [`loss_and_gradient`](Self::loss_and_gradient).
    fn score_range(
        &mut self,
        net: &Self::Net,
        loss: Loss,
        examples: &Examples,
        range: Range<usize>,
    ) -> Result<Score, NetError>;

    /// The outputs of a net, `[n, outputs]`, for inputs `[n, inputs]`, both row-major.
    ///
    /// # Errors
    /// [`NetError::Size`] when the net has another shape or the slices do not fit.
    fn outputs(&mut self, net: &Self::Net, n: usize, inputs: &[f32], outputs: &mut [f32]) -> Result<(), NetError>;
}
