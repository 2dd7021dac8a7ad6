//! All singular values of one random net.

use serde::{Deserialize, Serialize};
use theory::jacobian::Ensemble;

use super::{JacobianProduct, orthogonal_layer};
use crate::{NetError, RandomNet, mean_square};

/// Pairs of rows that are rotated between two checkpoints.
const PAIRS: usize = 2_000;

/// What was found on one net. Plain data, so that it can travel to another core.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct SingularValues {
    /// Natural logarithms of the singular values of the whole net, descending; without zeros.
    pub ln_values: Vec<f64>,
    /// Number of singular values, zeros included: the width.
    pub n_values: usize,
    /// Natural logarithm of the mean squared singular value after each layer; -infinity from where nothing is passed on.
    pub ln_mean_squares: Vec<f64>,
}

impl RandomNet<'_> {
    /// The singular values of the Jacobian at pre-activations `z0` of layer 0, which are first brought to mean square `q`;
    /// orthogonal weights are made from the Gaussian ones. `checkpoint` is awaited after each layer, and now and then after.
    ///
    /// # Errors
    /// [`NetError::Size`] for another width, [`NetError::Candle`] without memory; those of `checkpoint`, which end it.
    pub async fn singular_values<E: From<NetError>>(
        &mut self,
        mut z0: Vec<f32>,
        q: f64,
        ensemble: Ensemble,
        mut checkpoint: impl AsyncFnMut() -> Result<(), E>,
    ) -> Result<SingularValues, E> {
        let n_values = z0.len();
        let scale = (q / mean_square(&z0).max(1e-30)).sqrt() as f32;
        z0.iter_mut().for_each(|z| *z *= scale);
        let mut product = JacobianProduct::new(z0)?;
        let mut ln_mean_squares = Vec::with_capacity(self.depth);
        for layer in 0..self.depth {
            let layer = self.drawn.layer(self.number, layer)?;
            let layer = if ensemble == Ensemble::Orthogonal { orthogonal_layer(&layer)? } else { layer };
            product.push(&layer, &self.parameters)?;
            ln_mean_squares.push(product.ln_mean_square());
            checkpoint().await?;
        }
        let mut svd = product.svd();
        while !svd.advance(PAIRS) {
            checkpoint().await?;
        }
        let ln_values = svd.ln_singular_values().into_iter().filter(|ln| ln.is_finite()).collect();
        Ok(SingularValues { ln_values, n_values, ln_mean_squares })
    }
}
