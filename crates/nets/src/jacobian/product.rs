//! The product of layers as Q T.

use libm::{exp, log};

use super::JacobiSvd;
use super::dense::{dot, product};
use super::orthogonal::factors;
use crate::error::check_size;
use crate::{Batch, Layer, NetError, NetParameters};

/// J of the layers so far, as Q T: the columns of Q are orthonormal, T has rows of their own scale.
#[derive(Clone, Debug)]
pub struct JacobianProduct {
    width: usize,
    z: Batch,
    /// Q^T, `[rank, width]`.
    basis: Vec<f64>,
    /// T over its scales, `[rank, width]`, rows of norm 1.
    factor: Vec<f64>,
    /// Natural logarithms of the scales of T's rows.
    ln_scales: Vec<f64>,
    ln_mean_squares: Vec<f64>,
}

impl JacobianProduct {
    /// No layers yet: J = 1 at the pre-activations `z0` of the layer below the first. Their mean square should be near the
    /// fixed point q* where theory of infinite depth is to hold.
    ///
    /// # Errors
    /// [`NetError::Size`], which one row of any length does not give.
    pub fn new(z0: Vec<f32>) -> Result<Self, NetError> {
        let width = z0.len();
        let mut identity = vec![0.0; width * width];
        identity.iter_mut().step_by(width + 1).for_each(|x| *x = 1.0);
        Ok(Self {
            width,
            z: Batch::new(1, width, z0)?,
            basis: identity.clone(),
            factor: identity,
            ln_scales: vec![0.0; width],
            ln_mean_squares: Vec::new(),
        })
    }

    /// Takes the next layer: z <- W phi(z) + b with W = `sigma_w/sqrt(N)` times the layer's weights, J <- diag(phi'(z)) W J.
    ///
    /// # Numerics
    /// f64 from the f32 weights. A direction of which a layer leaves less than 1e-13 counts as lost: its singular value is
    /// reported as 0.
    ///
    /// # Errors
    /// [`NetError::Size`] when the layer has another width, [`NetError::Candle`] when there is no memory.
    pub fn push(&mut self, layer: &Layer, parameters: &NetParameters) -> Result<(), NetError> {
        let n = self.width;
        check_size("jacobian", n, layer.width())?;
        if n == 0 {
            self.ln_mean_squares.push(f64::NEG_INFINITY);
            return Ok(());
        }
        self.z.forward(layer, parameters)?;
        let scale = parameters.sigma_w / (n as f64).sqrt();
        // In f64: in f32 the tails of tanh would be lost.
        let slopes: Vec<f64> =
            self.z.row(0).iter().map(|&z| scale * parameters.activation.dphi(f64::from(z))).collect();
        let weights: Vec<f64> = layer.weights()?.into_iter().map(f64::from).collect();
        let rank = self.ln_scales.len();
        // (D W Q)^T, row by row.
        let mut image = product(&self.basis, &weights, (rank, n, n), true);
        for row in image.chunks_exact_mut(n.max(1)) {
            row.iter_mut().zip(&slopes).for_each(|(x, slope)| *x *= slope);
        }
        let next = factors(image, rank, n);
        self.multiply_factor(&next.l, next.rank);
        self.basis = next.q;
        self.ln_mean_squares.push(self.ln_mean_square());
        Ok(())
    }

    /// T <- L^T T, with L `[rows, rank]` lower trapezoidal.
    fn multiply_factor(&mut self, l: &[f64], rank: usize) {
        let (n, rows) = (self.width, self.ln_scales.len());
        let mut weights = vec![0.0; rank * rows];
        let mut ln_scales = Vec::with_capacity(rank);
        for i in 0..rank {
            // Row i of T is the sum of L_ji e^(s_j) x_j over j >= i: in units of the largest term.
            let term = |j: usize| (l[j * rank + i], self.ln_scales[j]);
            let largest = (i..rows).map(term).map(|(l, s)| s + log(l.abs())).fold(f64::NEG_INFINITY, f64::max);
            for j in i..rows {
                let (l, s) = term(j);
                // Terms below rounding stay 0, which spares most of the exponentials of a deep net.
                if l != 0.0 && s + log(l.abs()) > largest - 50.0 {
                    weights[i * rows + j] = l * exp(s - largest);
                }
            }
            ln_scales.push(largest);
        }
        self.factor = product(&weights, &self.factor, (rank, rows, n), false);
        for (row, ln_scale) in self.factor.chunks_exact_mut(n.max(1)).zip(&mut ln_scales) {
            let size = dot(row, row).sqrt();
            if size > 0.0 {
                row.iter_mut().for_each(|x| *x /= size);
                *ln_scale += log(size);
            }
        }
        self.ln_scales = ln_scales;
    }

    /// Number of layers so far.
    #[must_use]
    pub fn depth(&self) -> usize {
        self.ln_mean_squares.len()
    }

    /// Pre-activations of the last layer.
    #[must_use]
    pub fn pre_activations(&self) -> &Batch {
        &self.z
    }

    /// Number of singular values that are not 0.
    #[must_use]
    pub fn rank(&self) -> usize {
        self.ln_scales.len()
    }

    /// ln of the mean squared singular value, from the squares of all elements; -infinity when all are 0.
    #[must_use]
    pub fn ln_mean_square(&self) -> f64 {
        let largest = self.ln_scales.iter().copied().fold(f64::NEG_INFINITY, f64::max);
        if largest == f64::NEG_INFINITY {
            return largest;
        }
        let sum: f64 = self.ln_scales.iter().map(|s| exp(2.0 * (s - largest))).sum();
        2.0 * largest + log(sum / self.width as f64)
    }

    /// The mean squared singular value after each layer so far; infinite or 0 where it leaves the range of numbers.
    #[must_use]
    pub fn mean_squares(&self) -> Vec<f64> {
        self.ln_mean_squares.iter().map(|ln| exp(*ln)).collect()
    }

    /// Starts to compute the singular values of J.
    #[must_use]
    pub fn svd(&self) -> JacobiSvd {
        JacobiSvd::new(self.factor.clone(), self.ln_scales.clone(), self.width)
    }
}
