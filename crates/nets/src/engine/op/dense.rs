//! `z_o = b_o + Σ_i W_oi a_i`.
//!
//! Tiles of a few neurons and eight lanes stay in registers, as many sums as sixteen registers of four lanes hold, and no sum
//! goes across lanes. For the gradient of the weights, whose sums do run over examples, the activations are turned over,
//! so that lanes are inputs there.

use super::{Into, Numbers};
use crate::engine::Scalar;
use crate::engine::jet::{Jets, zeros};
use crate::lanes::LANES;

/// A dense layer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dense {
    /// Numbers that it takes.
    pub inputs: usize,
    /// Numbers that it gives.
    pub outputs: usize,
    /// Whether it has biases.
    pub has_biases: bool,
}

impl Dense {
    /// Weights `[outputs, inputs]`, row-major, then biases.
    pub(crate) fn n_parameters(&self) -> usize {
        self.outputs.saturating_mul(self.inputs.saturating_add(usize::from(self.has_biases)))
    }

    fn weights<'a, P>(&self, parameters: &'a [P]) -> (&'a [P], &'a [P]) {
        parameters.split_at(self.inputs * self.outputs)
    }

    /// For all blocks: `x` is `[blocks][inputs]`, `z` `[blocks][outputs]`.
    #[inline(always)]
    pub(crate) fn forward<T: Scalar, const N: usize>(
        &self,
        parameters: &[[T; N]],
        x: &[Numbers<T, N>],
        z: &mut [Numbers<T, N>],
    ) {
        if self.outputs == 0 {
            return;
        }
        let (weights, biases) = self.weights(parameters);
        for (block, z) in z.chunks_exact_mut(self.outputs).enumerate() {
            let x = &x[block * self.inputs..(block + 1) * self.inputs];
            let mut o = 0;
            if N == 1 {
                o = self.forward_tiles::<T, N, 4>(weights, biases, x, z, o);
                o = self.forward_tiles::<T, N, 3>(weights, biases, x, z, o);
            }
            o = self.forward_tiles::<T, N, 2>(weights, biases, x, z, o);
            self.forward_tiles::<T, N, 1>(weights, biases, x, z, o);
        }
    }

    #[inline(always)]
    fn forward_tiles<T: Scalar, const N: usize, const M: usize>(
        &self,
        weights: &[[T; N]],
        biases: &[[T; N]],
        x: &[Numbers<T, N>],
        z: &mut [Numbers<T, N>],
        mut o: usize,
    ) -> usize {
        let n = self.inputs;
        while let Some(out) = z.get_mut(o..o + M) {
            let rows: [&[[T; N]]; M] = std::array::from_fn(|m| &weights[(o + m) * n..(o + m + 1) * n]);
            let x = &x[..n];
            let mut sums: [Jets<T, N>; M] =
                std::array::from_fn(|m| Jets::splat(biases.get(o + m).copied().unwrap_or([T::ZERO; N])));
            for i in 0..n {
                let a = Jets::load(&x[i]);
                for m in 0..M {
                    sums[m] = sums[m].plus_product(Jets::splat(rows[m][i]), a);
                }
            }
            for m in 0..M {
                out[m] = sums[m].store();
            }
            o += M;
        }
        o
    }

    /// `∂x_i = Σ_o W_oi δ_o`, for all blocks.
    #[inline(always)]
    pub(crate) fn backward_input<T: Scalar, const N: usize>(
        &self,
        parameters: &[[T; N]],
        delta: &[Numbers<T, N>],
        below: &mut [Numbers<T, N>],
        into: Into,
    ) {
        if self.inputs == 0 {
            return;
        }
        let (weights, _) = self.weights(parameters);
        for (block, below) in below.chunks_exact_mut(self.inputs).enumerate() {
            let delta = &delta[block * self.outputs..(block + 1) * self.outputs];
            let mut i = 0;
            if N == 1 {
                i = self.backward_tiles::<T, N, 4>(weights, delta, below, into, i);
            }
            i = self.backward_tiles::<T, N, 2>(weights, delta, below, into, i);
            self.backward_tiles::<T, N, 1>(weights, delta, below, into, i);
        }
    }

    #[inline(always)]
    fn backward_tiles<T: Scalar, const N: usize, const M: usize>(
        &self,
        weights: &[[T; N]],
        delta: &[Numbers<T, N>],
        below: &mut [Numbers<T, N>],
        into: Into,
        mut i: usize,
    ) -> usize {
        while let Some(out) = below.get_mut(i..i + M) {
            let mut sums = [Jets::<T, N>::zero(); M];
            for (row, d) in weights.chunks_exact(self.inputs).zip(delta) {
                let Some(w) = row.get(i..).and_then(<[[T; N]]>::first_chunk::<M>) else { break };
                let d = Jets::load(d);
                for m in 0..M {
                    sums[m] = sums[m].plus_product(Jets::splat(w[m]), d);
                }
            }
            for m in 0..M {
                into.put(&mut out[m], sums[m]);
            }
            i += M;
        }
        i
    }

    /// The gradient by the parameters, from the examples of `lanes`: `∂W_oi = Σ_b δ_ob x_bi`, `∂b_o = Σ_b δ_ob`.
    #[inline(always)]
    pub(crate) fn gradient<T: Scalar, const N: usize>(
        &self,
        of: &Turned<'_, T, N>,
        gradient: &mut [[T; N]],
        into: Into,
    ) {
        let (weights, biases) = gradient.split_at_mut(self.inputs * self.outputs);
        if self.outputs == 0 {
            return;
        }
        for (o, bias) in biases.iter_mut().enumerate() {
            let sum = match of.lane {
                None => {
                    let blocks = of.delta.chunks_exact(self.outputs);
                    super::sum_of_lanes(&blocks.fold(Jets::zero(), |sum, d| sum.plus(Jets::load(&d[o]))).store())
                }
                Some(lane) => of.delta[o].map(|d| d[lane]),
            };
            into.put_number(bias, sum);
        }
        for p in 0..self.inputs.div_ceil(LANES) {
            let mut o = 0;
            if N == 1 {
                o = self.gradient_tiles::<T, N, 4>(of, p, weights, into, o);
            }
            o = self.gradient_tiles::<T, N, 2>(of, p, weights, into, o);
            self.gradient_tiles::<T, N, 1>(of, p, weights, into, o);
        }
    }

    #[inline(always)]
    fn gradient_tiles<T: Scalar, const N: usize, const M: usize>(
        &self,
        of: &Turned<'_, T, N>,
        panel: usize,
        weights: &mut [[T; N]],
        into: Into,
        mut o: usize,
    ) -> usize {
        let panels = self.inputs.div_ceil(LANES);
        let lanes = of.lane.map_or(0..LANES, |lane| lane..lane + 1);
        while o + M <= self.outputs {
            let mut sums = [Jets::<T, N>::zero(); M];
            for (delta, rows) in of.delta.chunks_exact(self.outputs).zip(of.rows.chunks_exact(panels * LANES)) {
                let Some(d) = delta.get(o..).and_then(<[Numbers<T, N>]>::first_chunk::<M>) else { break };
                for l in lanes.clone() {
                    let Some(row) = rows.get(l * panels + panel) else { break };
                    let a = Jets::load(row);
                    for m in 0..M {
                        sums[m] = sums[m].plus_product(Jets::splat(std::array::from_fn(|n| d[m][n][l])), a);
                    }
                }
            }
            let first = panel * LANES;
            let valid = (self.inputs - first).min(LANES);
            for m in 0..M {
                let start = (o + m) * self.inputs + first;
                let sum = sums[m].store();
                for (l, w) in weights[start..start + valid].iter_mut().enumerate() {
                    into.put_number(w, std::array::from_fn(|n| sum[n][l]));
                }
            }
            o += M;
        }
        o
    }
}

/// What the gradient of the weights is made from.
pub(crate) struct Turned<'a, T, const N: usize> {
    /// `[blocks][outputs]`.
    pub(crate) delta: &'a [Numbers<T, N>],
    /// What the layer took with a row for each example: `[blocks × 8][panels]`, lanes are inputs.
    pub(crate) rows: &'a [Numbers<T, N>],
    /// One example of a single block, or all.
    pub(crate) lane: Option<usize>,
}

/// `[8][panels]` of `[features]`: a row for each example, lanes are features. Those beyond the last feature are zero.
#[inline(always)]
pub(crate) fn turn<T: Scalar, const N: usize>(x: &[Numbers<T, N>], rows: &mut [Numbers<T, N>]) {
    let panels = x.len().div_ceil(LANES);
    for (p, features) in x.chunks(LANES).enumerate() {
        if let Some(features) = features.first_chunk::<LANES>() {
            for l in 0..LANES {
                for n in 0..N {
                    rows[l * panels + p][n] = std::array::from_fn(|i| features[i][n][l]);
                }
            }
        } else {
            for l in 0..LANES {
                rows[l * panels + p] = zeros();
                for (i, feature) in features.iter().enumerate() {
                    for n in 0..N {
                        rows[l * panels + p][n][i] = feature[n][l];
                    }
                }
            }
        }
    }
}
