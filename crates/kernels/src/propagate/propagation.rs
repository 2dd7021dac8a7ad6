//! What came out of random nets.

use super::{Batch, RandomNets};
use crate::kernels::inner_products;

/// From this mean square on a pre-activation is near the end of `f32`, and what follows on a device may be anything.
const DIVERGED: f64 = 1e75;

/// Lengths, correlations and gradient sizes, by net and layer.
#[derive(Clone, Debug, PartialEq)]
pub struct Propagation {
    n_nets: usize,
    rows: usize,
    pairs: Vec<[u32; 2]>,
    first_layer: usize,
    n_layers: usize,
    depth: usize,
    has_gradients: bool,
    /// `[n_nets, n_layers, rows + pairs]`.
    products: Vec<f64>,
    /// `[n_nets, depth + 1]`.
    log10_gradients: Vec<f64>,
}

impl Propagation {
    pub(super) fn new(nets: &RandomNets, batch: &Batch<'_>) -> Self {
        Self {
            n_nets: 0,
            rows: batch.rows,
            pairs: batch.pairs.to_vec(),
            first_layer: batch.first_layer,
            n_layers: (nets.depth + 1).saturating_sub(batch.first_layer),
            depth: nets.depth,
            has_gradients: !batch.cotangents.is_empty(),
            products: Vec::new(),
            log10_gradients: Vec::new(),
        }
    }

    /// Adds a group of nets: `products` `[layers, nets, products]`, `sizes` `[depth + 1, nets]`.
    pub(super) fn add(&mut self, n_nets: usize, products: &[[f32; 2]], sizes: &[[f32; 2]]) {
        let stride = self.rows + self.pairs.len();
        for net in 0..n_nets {
            let start = self.products.len();
            for layer in 0..self.n_layers {
                let found = &products[(layer * n_nets + net) * stride..][..stride];
                self.products.extend(found.iter().map(|p| inner_products::value(*p)));
            }
            let has_diverged = self.mark_diverged(start);
            if self.has_gradients {
                let mut logs = log10_gradients(self.depth, |layer| sizes[layer * n_nets + net]);
                if has_diverged.first() == Some(&true) {
                    logs[..self.depth].fill(f64::NAN);
                }
                self.log10_gradients.extend(logs);
            }
        }
        self.n_nets += n_nets;
    }

    /// Shaders do not keep infinity and NaN apart from numbers: what follows an overflow is replaced here. Says which inputs
    /// have overflowed.
    fn mark_diverged(&mut self, start: usize) -> Vec<bool> {
        let stride = self.rows + self.pairs.len();
        let mut has_diverged = vec![false; self.rows];
        for layer in self.products[start..].chunks_exact_mut(stride.max(1)) {
            let (squares, inner) = layer.split_at_mut(self.rows);
            for (square, diverged) in squares.iter_mut().zip(&mut has_diverged) {
                *diverged |= square.is_nan() || *square >= DIVERGED;
                if *diverged {
                    *square = f64::INFINITY;
                }
            }
            for (inner, pair) in inner.iter_mut().zip(&self.pairs) {
                if pair.iter().any(|r| has_diverged[*r as usize]) {
                    *inner = f64::NAN;
                }
            }
        }
        has_diverged
    }

    /// Number of nets.
    #[must_use]
    pub fn n_nets(&self) -> usize {
        self.n_nets
    }

    /// Mean squared pre-activation of an input at a layer of a net; infinite once it has overflowed. `None` for what
    /// was not asked for.
    #[must_use]
    pub fn mean_square(&self, net: usize, layer: usize, row: usize) -> Option<f64> {
        (row < self.rows).then_some(())?;
        self.product(net, layer, row)
    }

    /// Correlation (cosine) of a pair of inputs at a layer of a net, within `[-1, 1]`; NaN where a length is zero and once
    /// one has overflowed. `None` for what was not asked for.
    #[must_use]
    pub fn correlation(&self, net: usize, layer: usize, pair: usize) -> Option<f64> {
        let [a, b] = *self.pairs.get(pair)?;
        let inner = self.product(net, layer, self.rows + pair)?;
        let norm = (self.product(net, layer, a as usize)? * self.product(net, layer, b as usize)?).sqrt();
        Some((inner / norm).clamp(-1.0, 1.0))
    }

    /// Base-10 logarithm of the mean squared gradient at layers `0..=depth` of a net, relative to the last: −300 where
    /// nothing is left, NaN in a net whose first input has overflowed. Empty when none was asked for.
    #[must_use]
    pub fn log10_gradients(&self, net: usize) -> &[f64] {
        self.log10_gradients.chunks_exact(self.depth + 1).nth(net).unwrap_or_default()
    }

    fn product(&self, net: usize, layer: usize, product: usize) -> Option<f64> {
        let layer = layer.checked_sub(self.first_layer).filter(|l| *l < self.n_layers)?;
        (net < self.n_nets).then_some(())?;
        self.products.get((net * self.n_layers + layer) * (self.rows + self.pairs.len()) + product).copied()
    }
}

/// The gradients were brought to size one at every layer, so that each size is the growth across one layer.
fn log10_gradients(depth: usize, size: impl Fn(usize) -> [f32; 2]) -> Vec<f64> {
    let mut logs = vec![0.0; depth + 1];
    for layer in (0..depth).rev() {
        logs[layer] = logs[layer + 1] + libm::log10(inner_products::value(size(layer)).max(1e-300));
    }
    logs
}
