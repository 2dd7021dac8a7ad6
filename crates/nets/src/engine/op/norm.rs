//! Batch norm: `y = γ (x − m)/√(v + ε) + β`, with mean m and variance v of each channel over examples and places (Ioffe &
//! Szegedy 2015), or with running ones.
//!
//! ```text
//! x̂ = (x − m)/√(v + ε),   ∂γ = Σ ∂y x̂,   ∂β = Σ ∂y,   ∂x = γ/√(v + ε) (∂y − ∂β/n − x̂ ∂γ/n)
//! ```
//!
//! Mean and variance are truncated polynomials, summed in double precision over the lanes' own sums.

use super::{Into, Numbers};
use crate::engine::jet::{Jet, Jets};
use crate::engine::{Dims, Scalar};
use crate::lanes::LANES;

/// What PyTorch adds to variances.
const EPSILON: f64 = 1e-5;

/// Mean and the inverse of the standard deviation, as the forward pass used them.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Moments<const N: usize> {
    pub(crate) mean: Jet<N>,
    pub(crate) inverse: Jet<N>,
    /// Of the batch, without Bessel's correction; of no meaning for running statistics.
    pub(crate) variance: f64,
}

/// A batch norm over so many examples.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Norm {
    pub(crate) dims: Dims,
    pub(crate) examples: usize,
}

impl Norm {
    /// Numbers that a mean is taken of.
    pub(crate) fn n(&self) -> usize {
        self.examples * self.dims.positions()
    }

    /// The sum over examples and places of `of(block, place)` for one channel.
    #[inline(always)]
    fn sum<T: Scalar, const N: usize>(&self, channel: usize, of: impl Fn(usize) -> Jets<T, N>) -> Jet<N> {
        let mut sum = Jet::ZERO;
        for block in 0..self.examples.div_ceil(LANES) {
            let start = block * self.dims.features() + channel * self.dims.positions();
            let places = start..start + self.dims.positions();
            let lanes = places.fold(Jets::zero(), |sum: Jets<T, N>, i| sum.plus(of(i))).store();
            for l in 0..(self.examples - block * LANES).min(LANES) {
                sum = sum.plus(Jet::of_lane(&lanes, l));
            }
        }
        sum
    }

    /// Mean and variance of the batch.
    #[inline(always)]
    pub(crate) fn moments<T: Scalar, const N: usize>(&self, x: &[Numbers<T, N>], moments: &mut [Moments<N>]) {
        let share = 1.0 / self.n() as f64;
        for (channel, moments) in moments.iter_mut().enumerate() {
            let mean = self.sum::<T, N>(channel, |i| Jets::load(&x[i])).scaled(share);
            let rounded = Jets::splat(mean.to::<T>());
            let squares = self.sum::<T, N>(channel, |i| {
                let centred = Jets::load(&x[i]).minus(rounded);
                centred.times(centred)
            });
            let variance = squares.scaled(share);
            let mut shifted = variance;
            shifted.0[0] += EPSILON;
            *moments = Moments { mean, inverse: shifted.inverse_square_root(), variance: variance.0[0] };
        }
    }

    /// `parameters` are γ, then β.
    #[inline(always)]
    pub(crate) fn forward<T: Scalar, const N: usize>(
        &self,
        parameters: &[[T; N]],
        moments: &[Moments<N>],
        x: &[Numbers<T, N>],
        y: &mut [Numbers<T, N>],
    ) {
        let positions = self.dims.positions();
        let (gamma, beta) = parameters.split_at(self.dims.channels);
        let channels = x.chunks_exact(positions).zip(y.chunks_exact_mut(positions)).enumerate();
        for (k, (x, y)) in channels {
            let channel = k % self.dims.channels;
            let Moments { mean, inverse, .. } = moments[channel];
            let scale = Jets::<T, N>::splat(gamma[channel]).times(Jets::splat(inverse.to()));
            let (mean, shift) = (Jets::splat(mean.to::<T>()), Jets::splat(beta[channel]));
            for (x, y) in x.iter().zip(y) {
                *y = shift.plus_product(scale, Jets::load(x).minus(mean)).store();
            }
        }
    }

    /// `Σ ∂y` and `Σ ∂y x̂` for one channel.
    #[inline(always)]
    fn sums<T: Scalar, const N: usize>(
        &self,
        channel: usize,
        moments: &Moments<N>,
        x: &[Numbers<T, N>],
        delta: &[Numbers<T, N>],
    ) -> [Jet<N>; 2] {
        let (mean, inverse) = (Jets::splat(moments.mean.to::<T>()), Jets::splat(moments.inverse.to::<T>()));
        let normed = |i: usize| Jets::load(&x[i]).minus(mean).times(inverse);
        let deltas = self.sum::<T, N>(channel, |i| Jets::load(&delta[i]));
        let products = self.sum::<T, N>(channel, |i| Jets::load(&delta[i]).times(normed(i)));
        [deltas, products]
    }

    /// The gradient by γ and β, of all examples or of one.
    #[inline(always)]
    pub(crate) fn gradient<T: Scalar, const N: usize>(
        &self,
        moments: &[Moments<N>],
        (x, delta): (&[Numbers<T, N>], &[Numbers<T, N>]),
        gradient: &mut [[T; N]],
        into: Into,
    ) {
        let (gamma, beta) = gradient.split_at_mut(self.dims.channels);
        for (channel, moments) in moments.iter().enumerate() {
            let [deltas, products] = self.sums(channel, moments, x, delta);
            into.put_number(&mut gamma[channel], products.to());
            into.put_number(&mut beta[channel], deltas.to());
        }
    }

    /// The gradient by γ and β of one example of a single block, with running statistics.
    #[inline(always)]
    pub(crate) fn gradient_of_lane<T: Scalar, const N: usize>(
        &self,
        moments: &[Moments<N>],
        (x, delta): (&[Numbers<T, N>], &[Numbers<T, N>]),
        lane: usize,
        gradient: &mut [[T; N]],
        into: Into,
    ) {
        let (gamma, beta) = gradient.split_at_mut(self.dims.channels);
        let positions = self.dims.positions();
        for (channel, moments) in moments.iter().enumerate() {
            let (mean, inverse) = (Jets::splat(moments.mean.to::<T>()), Jets::splat(moments.inverse.to::<T>()));
            let (mut deltas, mut products) = (Jets::<T, N>::zero(), Jets::<T, N>::zero());
            for i in channel * positions..(channel + 1) * positions {
                let d = Jets::load(&delta[i]);
                deltas = deltas.plus(d);
                products = products.plus(d.times(Jets::load(&x[i]).minus(mean).times(inverse)));
            }
            into.put_number(&mut gamma[channel], products.store().map(|lanes| lanes[lane]));
            into.put_number(&mut beta[channel], deltas.store().map(|lanes| lanes[lane]));
        }
    }

    /// The derivative with respect to the input; lanes beyond the last example get zero.
    #[inline(always)]
    pub(crate) fn backward_input<T: Scalar, const N: usize>(
        &self,
        parameters: &[[T; N]],
        (moments, are_of_batch): (&[Moments<N>], bool),
        (x, delta): (&[Numbers<T, N>], &[Numbers<T, N>]),
        below: &mut [Numbers<T, N>],
        into: Into,
    ) {
        let Dims { channels, .. } = self.dims;
        let positions = self.dims.positions();
        let share = 1.0 / self.n() as f64;
        for (channel, moments) in moments.iter().enumerate() {
            let (mean, inverse) = (Jets::splat(moments.mean.to::<T>()), Jets::splat(moments.inverse.to::<T>()));
            let scale = Jets::<T, N>::splat(parameters[channel]).times(inverse);
            let means = if are_of_batch {
                self.sums(channel, moments, x, delta).map(|sum| sum.scaled(share))
            } else {
                [Jet::ZERO; 2]
            };
            let [of_deltas, of_products] = means.map(|mean| Jets::<T, N>::splat(mean.to()));
            for block in 0..self.examples.div_ceil(LANES) {
                let start = (block * channels + channel) * positions;
                let n = (self.examples - block * LANES).min(LANES);
                for i in start..start + positions {
                    let d = Jets::load(&delta[i]);
                    let centred = if are_of_batch {
                        let normed = Jets::load(&x[i]).minus(mean).times(inverse);
                        d.minus(of_deltas).minus(normed.times(of_products))
                    } else {
                        d
                    };
                    let value = scale.times(centred);
                    if n == LANES {
                        into.put(&mut below[i], value);
                    } else {
                        let mut lanes = value.store();
                        lanes.iter_mut().for_each(|lane| lane[n..].fill(T::ZERO));
                        into.put(&mut below[i], Jets::load(&lanes));
                    }
                }
            }
        }
    }
}

impl<const N: usize> Moments<N> {
    /// Given ones.
    pub(crate) fn running(mean: f64, variance: f64) -> Self {
        let mut of_mean = Jet::ZERO;
        of_mean.0[0] = mean;
        let mut shifted = Jet::ZERO;
        shifted.0[0] = variance + EPSILON;
        Self { mean: of_mean, inverse: shifted.inverse_square_root(), variance }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::jet::zeros;

    #[test]
    fn lanes_beyond_the_last_example_do_not_count() {
        let norm = Norm { dims: Dims::vector(1), examples: 2 };
        let mut x = [zeros::<f64, 1>()];
        x[0][0] = [1.0, 3.0, 99.0, 99.0, 99.0, 99.0, 99.0, 99.0];
        let mut moments = [Moments::running(0.0, 1.0)];
        norm.moments(&x, &mut moments);
        assert_eq!((moments[0].mean.0[0], moments[0].variance), (2.0, 1.0));
    }
}
