//! What a trainer needs to know of a net.

use std::fmt::Debug;
use std::ops::Range;

use random::Stream;

use super::{Examples, Loss, Mlp, Score, Workspace};
use crate::NetError;

/// A net that a [`Trainer`](super::Trainer) can train: its parameters are one slice, and buffers of its own type serve its
/// passes.
pub trait Trainable: Clone + Debug {
    /// The buffers.
    type Workspace: Clone + Debug;

    /// Buffers for batches of about `batch` examples.
    ///
    /// # Errors
    /// [`NetError::TooLarge`] when they would not fit into memory.
    fn workspace(&self, batch: usize) -> Result<Self::Workspace, NetError>;

    /// Draws all parameters anew: weights from `N(0, sigma_w²/fan_in)`, biases from `N(0, sigma_b²)`.
    fn draw(&mut self, sigma_w: f64, sigma_b: f64, stream: Stream);

    /// All parameters.
    fn parameters(&self) -> &[f32];

    /// All parameters, to change them in place.
    fn parameters_mut(&mut self) -> &mut [f32];

    /// Mean loss of the examples at `indices` and its gradient: see [`Workspace::loss_and_gradient`].
    ///
    /// # Errors
    /// [`NetError`] for buffers, examples or indices that do not fit.
    fn loss_and_gradient(
        &self,
        workspace: &mut Self::Workspace,
        loss: Loss,
        examples: &Examples,
        indices: &[usize],
        gradient: &mut [f32],
    ) -> Result<f64, NetError>;

    /// Mean loss and accuracy of the examples in a range: see [`Workspace::score_range`].
    ///
    /// # Errors
    /// [`NetError`] for buffers or examples that do not fit.
    fn score_range(
        &self,
        workspace: &mut Self::Workspace,
        loss: Loss,
        examples: &Examples,
        range: Range<usize>,
    ) -> Result<Score, NetError>;

    /// The outputs `[n, outputs]` for inputs `[n, inputs]`, both row-major.
    ///
    /// # Errors
    /// [`NetError`] for buffers or slices that do not fit.
    fn outputs(
        &self,
        workspace: &mut Self::Workspace,
        n: usize,
        inputs: &[f32],
        outputs: &mut [f32],
    ) -> Result<(), NetError>;
}

impl Trainable for Mlp {
    type Workspace = Workspace;

    fn workspace(&self, batch: usize) -> Result<Workspace, NetError> {
        Workspace::new(self.shape(), batch)
    }

    fn draw(&mut self, sigma_w: f64, sigma_b: f64, stream: Stream) {
        Self::draw(self, sigma_w, sigma_b, stream);
    }

    fn parameters(&self) -> &[f32] {
        Self::parameters(self)
    }

    fn parameters_mut(&mut self) -> &mut [f32] {
        Self::parameters_mut(self)
    }

    fn loss_and_gradient(
        &self,
        workspace: &mut Workspace,
        loss: Loss,
        examples: &Examples,
        indices: &[usize],
        gradient: &mut [f32],
    ) -> Result<f64, NetError> {
        workspace.loss_and_gradient(self, loss, examples, indices, gradient)
    }

    fn score_range(
        &self,
        workspace: &mut Workspace,
        loss: Loss,
        examples: &Examples,
        range: Range<usize>,
    ) -> Result<Score, NetError> {
        workspace.score_range(self, loss, examples, range)
    }

    fn outputs(
        &self,
        workspace: &mut Workspace,
        n: usize,
        inputs: &[f32],
        outputs: &mut [f32],
    ) -> Result<(), NetError> {
        workspace.outputs(self, n, inputs, outputs)
    }
}
