//! What a random net does to its inputs and to gradients, layer by layer.

use libm::log10;
use serde::{Deserialize, Serialize};

use crate::{Batch, NetError, NetParameters, RandomNets, cosine, mean_square};

/// One of several random nets: which layers there are, and how they are scaled.
#[derive(Debug)]
pub struct RandomNet<'a> {
    /// Where its weights are drawn and kept.
    pub drawn: &'a mut RandomNets,
    /// Its number.
    pub number: usize,
    /// Layers.
    pub depth: usize,
    /// What turns the draws into weights.
    pub parameters: NetParameters,
}

/// What was measured on one net, layer by layer from 0 to the depth. Plain data, so that it can travel to another core.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LayerStats {
    /// For each pair of inputs their [`cosine`], `[pairs, depth + 1]`.
    pub correlations: Vec<Vec<f64>>,
    /// Mean squared pre-activation of the first input.
    pub lengths: Vec<f64>,
    /// Base-10 logarithm of the mean squared gradient at the first input's pre-activations, relative to the last layer.
    pub log10_gradients: Vec<f64>,
}

impl RandomNet<'_> {
    /// Takes a batch through all layers. `checkpoint` is awaited after each layer, here and below.
    ///
    /// # Errors
    /// [`NetError::Size`] for another width, [`NetError::Candle`] without memory; those of `checkpoint`, which end it.
    pub async fn forward<E: From<NetError>>(
        &mut self,
        batch: &mut Batch,
        mut checkpoint: impl AsyncFnMut() -> Result<(), E>,
    ) -> Result<(), E> {
        for layer in 0..self.depth {
            batch.forward(&self.drawn.layer(self.number, layer)?, &self.parameters)?;
            checkpoint().await?;
        }
        Ok(())
    }

    /// Follows a batch of pre-activations at layer 0 forward and `cotangents`, random directions at the last layer, back along
    /// the way of the first input.
    ///
    /// # Shapes
    /// `batch`: `[inputs, width]`, at least one input; `pairs`: numbers of inputs; `cotangents`: `[directions, width]`.
    ///
    /// # Numerics
    /// Gradients are brought back to mean square 1 at every layer, so that no depth over- or underflows. A layer that leaves
    /// nothing takes 300 decades; where numbers have overflowed, correlations are NaN.
    ///
    /// # Errors
    /// As [`forward`](Self::forward), and [`NetError::NoExample`] for a pair beyond the batch or a batch without inputs.
    pub async fn layer_stats<E: From<NetError>>(
        &mut self,
        mut batch: Batch,
        pairs: &[(usize, usize)],
        cotangents: Batch,
        mut checkpoint: impl AsyncFnMut() -> Result<(), E>,
    ) -> Result<LayerStats, E> {
        if let Some(&(a, b)) = pairs.iter().chain([&(0, 0)]).find(|(a, b)| *a.max(b) >= batch.rows()) {
            return Err(NetError::NoExample { op: "layer by layer", got: a.max(b), n: batch.rows() }.into());
        }
        let mut correlations = vec![Vec::with_capacity(self.depth + 1); pairs.len()];
        let mut lengths = Vec::with_capacity(self.depth + 1);
        // The gradient needs the first input's pre-activations again.
        let mut path = Vec::with_capacity(self.depth);
        for layer in 0..=self.depth {
            for (&(a, b), found) in pairs.iter().zip(&mut correlations) {
                found.push(cosine(batch.row(a), batch.row(b)));
            }
            lengths.push(mean_square(batch.row(0)));
            if layer < self.depth {
                path.push(batch.row(0).to_vec());
                batch.forward(&self.drawn.layer(self.number, layer)?, &self.parameters)?;
                checkpoint().await?;
            }
        }
        let log10_gradients = self.log10_gradients(&path, cotangents, checkpoint).await?;
        Ok(LayerStats { correlations, lengths, log10_gradients })
    }

    async fn log10_gradients<E: From<NetError>>(
        &mut self,
        path: &[Vec<f32>],
        mut delta: Batch,
        mut checkpoint: impl AsyncFnMut() -> Result<(), E>,
    ) -> Result<Vec<f64>, E> {
        let mut logs = vec![0.0; path.len() + 1];
        let mut size = mean_square(delta.numbers());
        for (layer, below) in path.iter().enumerate().rev() {
            delta.backward(&self.drawn.layer(self.number, layer)?, &self.parameters, below)?;
            let now = mean_square(delta.numbers());
            logs[layer] = logs[layer + 1] + log10_of_growth(now / size);
            size = rescaled(&mut delta, now);
            checkpoint().await?;
        }
        Ok(logs)
    }
}

/// Nothing left is three hundred decades less; no number stays none.
fn log10_of_growth(growth: f64) -> f64 {
    if growth < 1e-300 { -300.0 } else { log10(growth) }
}

/// Brings a batch to mean square one and says what it is then; a batch that is zero or overflowed stays as it is.
fn rescaled(delta: &mut Batch, mean_square_now: f64) -> f64 {
    if !(mean_square_now > 0.0 && mean_square_now.is_finite()) {
        return 1.0;
    }
    delta.scale((1.0 / mean_square_now.sqrt()) as f32);
    mean_square(delta.numbers())
}
