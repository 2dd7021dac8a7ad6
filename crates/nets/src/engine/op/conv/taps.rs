//! The gradient of filters: `∂W_oiab = Σ_{r,c} δ_orc x_{i, r s + a − p, c s + b − p}`, lane by lane.

use super::correlate::Source;
use super::{Conv, Numbers};
use crate::engine::Scalar;
use crate::engine::jet::Jets;

/// Channels whose sums are in registers together with those of 5, 3, 2 or 1 taps: as many as there is room for.
#[cfg(target_arch = "wasm32")]
const CHANNELS: [usize; 4] = [1, 2, 3, 4];
#[cfg(not(target_arch = "wasm32"))]
const CHANNELS: [usize; 4] = [2, 4, 4, 4];

/// Adds the sums of one block: filters, then biases.
#[inline(always)]
pub(super) fn add_block<T: Scalar, const N: usize>(
    conv: &Conv,
    source: &Source,
    x: &[Numbers<T, N>],
    delta: &[Numbers<T, N>],
    lanes: &mut [Numbers<T, N>],
) {
    let (weights, biases) = lanes.split_at_mut(conv.n_weights());
    for (bias, delta) in biases.iter_mut().zip(delta.chunks_exact(conv.output.positions())) {
        *bias = delta.iter().fold(Jets::load(bias), |sum, d| sum.plus(Jets::load(d))).store();
    }
    for i in 0..conv.input.channels {
        for a in 0..conv.window.kernel[0] {
            let row = Row { conv, source, x, delta, channel: i, a };
            let mut b = 0;
            if N == 1 {
                b = row.taps::<5, { CHANNELS[0] }>(b, weights);
            }
            b = row.taps::<3, { CHANNELS[1] }>(b, weights);
            b = row.taps::<2, { CHANNELS[2] }>(b, weights);
            row.taps::<1, { CHANNELS[3] }>(b, weights);
        }
    }
}

/// One row of the filters of one channel of the input.
struct Row<'a, T, const N: usize> {
    conv: &'a Conv,
    source: &'a Source,
    x: &'a [Numbers<T, N>],
    delta: &'a [Numbers<T, N>],
    channel: usize,
    a: usize,
}

impl<T: Scalar, const N: usize> Row<'_, T, N> {
    /// As many taps from `b` on as go into groups of `TAPS`; the first that is left.
    #[inline(always)]
    fn taps<const TAPS: usize, const M: usize>(&self, mut b: usize, weights: &mut [Numbers<T, N>]) -> usize {
        while b + TAPS <= self.conv.window.kernel[1] {
            let mut o = 0;
            while o + M <= self.conv.output.channels {
                self.tile::<TAPS, M>(o, b, weights);
                o += M;
            }
            while o < self.conv.output.channels {
                self.tile::<TAPS, 1>(o, b, weights);
                o += 1;
            }
            b += TAPS;
        }
        b
    }

    #[inline(always)]
    fn tile<const TAPS: usize, const M: usize>(&self, first: usize, b: usize, weights: &mut [Numbers<T, N>]) {
        let Conv { input, output, window, .. } = *self.conv;
        let place = |o: usize| ((o * input.channels + self.channel) * window.kernel[0] + self.a) * window.kernel[1] + b;
        let mut sums = [[Jets::<T, N>::zero(); TAPS]; M];
        for m in 0..M {
            for k in 0..TAPS {
                sums[m][k] = Jets::load(&weights[place(first + m) + k]);
            }
        }
        let width = self.source.width();
        for r in 0..output.rows {
            // Rows of zeros are left out.
            let Some(row) = (r * window.stride[0] + self.a).checked_sub(window.padding[0]) else { continue };
            if row >= input.rows {
                break;
            }
            let start = (self.channel * input.rows + row) * width;
            let x = &self.x[start..start + width];
            let delta: [&[Numbers<T, N>]; M] = std::array::from_fn(|m| {
                let start = ((first + m) * output.rows + r) * output.columns;
                &self.delta[start..start + output.columns]
            });
            for c in 0..output.columns {
                let Some(x) = x.get(c * window.stride[1] + b..).and_then(<[Numbers<T, N>]>::first_chunk::<TAPS>) else {
                    break;
                };
                for m in 0..M {
                    let d = Jets::load(&delta[m][c]);
                    for k in 0..TAPS {
                        sums[m][k] = sums[m][k].plus_product(d, Jets::load(&x[k]));
                    }
                }
            }
        }
        for m in 0..M {
            for k in 0..TAPS {
                weights[place(first + m) + k] = sums[m][k].store();
            }
        }
    }
}
