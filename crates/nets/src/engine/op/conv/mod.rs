//! `z_orc = b_o + Σ_{i,a,b} W_oiab x_{i, r s + a − p, c s + b − p}`: correlations, which is what deep learning calls convolutions.
//!
//! Examples are lanes, so that a tap of the filter is a load of numbers that lie side by side: there is no matrix to be
//! gathered first. Sums of a few channels, or of a few places where there are few channels, stay in registers
//! ([`correlate`]). The derivative with respect to the input is a correlation too, of the output's derivative with the turned
//! filters; a stride of s makes s² of it, each with the taps that meet its places ([`phases`]).

mod correlate;
mod phases;
mod taps;

use super::{Into, Numbers};
use crate::NetError;
use crate::engine::{Dims, Scalar, Window};
use correlate::Correlation;
use phases::Phase;

/// A convolution.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Conv {
    /// What it takes.
    pub input: Dims,
    /// What it gives.
    pub output: Dims,
    /// Filters' size, step and padding.
    pub window: Window,
    /// Whether it has biases, one for each channel.
    pub has_biases: bool,
}

/// Buffers that convolutions share.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scratch<T, const N: usize> {
    /// One block with zeros beside its rows.
    padded: Vec<Numbers<T, N>>,
    /// Filters in the order in which they are used.
    filters: Vec<[T; N]>,
    /// Sums of a gradient, lane by lane.
    lanes: Vec<Numbers<T, N>>,
}

impl Conv {
    pub(crate) fn new(input: Dims, channels: usize, window: Window, has_biases: bool) -> Result<Self, NetError> {
        let [rows, columns] = window.places("convolution", input)?;
        Ok(Self { input, output: Dims::image(channels, rows, columns), window, has_biases })
    }

    /// Filters `[outputs, inputs, rows, columns]`, row-major, then biases.
    pub(crate) fn n_parameters(&self) -> usize {
        self.n_weights().saturating_add(if self.has_biases { self.output.channels } else { 0 })
    }

    /// Filters alone.
    pub(crate) fn n_weights(&self) -> usize {
        self.output.channels.saturating_mul(self.fan_in())
    }

    /// Numbers in a filter.
    pub(crate) fn fan_in(&self) -> usize {
        self.input.channels.saturating_mul(self.taps())
    }

    /// Places of a filter.
    pub(crate) fn taps(&self) -> usize {
        self.window.kernel[0].saturating_mul(self.window.kernel[1])
    }

    /// For all blocks.
    #[inline(always)]
    pub(crate) fn forward<T: Scalar, const N: usize>(
        &self,
        parameters: &[[T; N]],
        x: &[Numbers<T, N>],
        z: &mut [Numbers<T, N>],
        scratch: &mut Scratch<T, N>,
    ) {
        if self.output.features() == 0 {
            return;
        }
        let (weights, biases) = parameters.split_at(self.n_weights());
        let correlation = Correlation::forward(self);
        correlation.pack(self.output.channels, &mut scratch.filters, |o, i, a, b| {
            let [rows, columns] = self.window.kernel;
            weights[((o * self.input.channels + i) * rows + a) * columns + b]
        });
        let blocks = x.chunks_exact(self.input.features()).zip(z.chunks_exact_mut(self.output.features()));
        for (x, z) in blocks {
            let x = correlation.source.padded(x, &mut scratch.padded);
            correlation.run(x, &scratch.filters, biases, z, Into::Set);
        }
    }

    /// The derivative with respect to the input, for all blocks.
    #[inline(always)]
    pub(crate) fn backward_input<T: Scalar, const N: usize>(
        &self,
        parameters: &[[T; N]],
        delta: &[Numbers<T, N>],
        below: &mut [Numbers<T, N>],
        into: Into,
        scratch: &mut Scratch<T, N>,
    ) {
        if self.input.features() == 0 {
            return;
        }
        for phase in Phase::all(self) {
            let Some(correlation) = phase.correlation(self) else {
                phase.without_taps(self, below, into);
                continue;
            };
            correlation.pack(self.input.channels, &mut scratch.filters, |i, o, a, b| {
                let [rows, columns] = self.window.kernel;
                let [a, b] = phase.tap(self, [a, b]);
                parameters[((o * self.input.channels + i) * rows + a) * columns + b]
            });
            let blocks = below.chunks_exact_mut(self.input.features()).enumerate();
            for (block, below) in blocks {
                let n = self.output.features();
                let delta = correlation.source.padded(&delta[block * n..(block + 1) * n], &mut scratch.padded);
                correlation.run(delta, &scratch.filters, &[], below, into);
            }
        }
    }

    /// The gradient by the parameters, summed over all examples of all blocks, or of one example of a single block.
    #[inline(always)]
    pub(crate) fn gradient<T: Scalar, const N: usize>(
        &self,
        (x, delta): (&[Numbers<T, N>], &[Numbers<T, N>]),
        lane: Option<usize>,
        gradient: &mut [[T; N]],
        into: Into,
        scratch: &mut Scratch<T, N>,
    ) {
        scratch.lanes.clear();
        scratch.lanes.resize(self.n_parameters(), crate::engine::jet::zeros());
        if self.output.features() > 0 {
            let source = Correlation::forward(self).source;
            let blocks = x.chunks_exact(self.input.features().max(1)).zip(delta.chunks_exact(self.output.features()));
            for (x, delta) in blocks {
                let x = source.padded(x, &mut scratch.padded);
                taps::add_block(self, &source, x, delta, &mut scratch.lanes);
            }
        }
        for (g, sum) in gradient.iter_mut().zip(&scratch.lanes) {
            let sum = match lane {
                None => super::sum_of_lanes(sum),
                Some(lane) => sum.map(|sum| sum[lane]),
            };
            into.put_number(g, sum);
        }
    }
}
