//! The derivative with respect to the input, in the phases of a stride.
//!
//! Place `y` of the input meets the filter's tap `a` at place `q` of the output where `y + p = q s + a`. With `r = (y + p) mod s`
//! these are the taps `r, r + s, …`: places of the same `r` are a phase, for which this is a correlation of stride 1 with the
//! taps of `r` in reverse.

use super::correlate::{Correlation, Source, Target};
use super::{Conv, Into, Numbers};
use crate::engine::Scalar;
use crate::engine::jet::Jets;

/// One phase of rows and columns.
#[derive(Clone, Copy, Debug)]
pub(super) struct Phase {
    axes: [Axis; 2],
}

#[derive(Clone, Copy, Debug)]
struct Axis {
    /// The remainder.
    r: usize,
    /// Taps of it.
    taps: usize,
    /// The first place of the input, and how many there are.
    first: usize,
    n: usize,
    /// The output's place that the first place and the phase's first tap of the filter meet.
    q: usize,
}

impl Axis {
    fn new(r: usize, n: usize, kernel: usize, stride: usize, padding: usize) -> Self {
        let first = (r + stride - padding % stride) % stride;
        Self {
            r,
            taps: kernel.saturating_sub(r).div_ceil(stride),
            first,
            n: n.saturating_sub(first).div_ceil(stride),
            q: (first + padding) / stride,
        }
    }

    /// The output's place of the turned filter's first tap.
    fn start(&self) -> isize {
        self.q as isize - (self.taps as isize - 1)
    }
}

impl Phase {
    pub(super) fn all(conv: &Conv) -> impl Iterator<Item = Self> {
        let Conv { input, window, .. } = *conv;
        let axis =
            move |i: usize, r: usize, n: usize| Axis::new(r, n, window.kernel[i], window.stride[i], window.padding[i]);
        let rows = (0..window.stride[0]).map(move |r| axis(0, r, input.rows));
        let columns = move || (0..window.stride[1]).map(move |r| axis(1, r, input.columns));
        let all = rows.flat_map(move |row| columns().map(move |column| Self { axes: [row, column] }));
        all.filter(|phase| phase.axes.iter().all(|axis| axis.n > 0))
    }

    /// The filter's tap at a place of the turned one.
    pub(super) fn tap(&self, conv: &Conv, turned: [usize; 2]) -> [usize; 2] {
        std::array::from_fn(|i| {
            let Axis { r, taps, .. } = self.axes[i];
            r + (taps - 1 - turned[i]) * conv.window.stride[i]
        })
    }

    fn target(&self, conv: &Conv) -> Target {
        let [rows, columns] = self.axes;
        let width = conv.input.columns;
        Target {
            rows: rows.n,
            columns: columns.n,
            start: rows.first * width + columns.first,
            row_step: conv.window.stride[0] * width,
            column_step: conv.window.stride[1],
            channel_step: conv.input.positions(),
        }
    }

    /// None where no tap meets the phase.
    pub(super) fn correlation(&self, conv: &Conv) -> Option<Correlation> {
        let [rows, columns] = self.axes;
        if rows.taps == 0 || columns.taps == 0 || conv.output.features() == 0 {
            return None;
        }
        let left = usize::try_from(-columns.start()).unwrap_or(0);
        let first_column = usize::try_from(columns.start()).unwrap_or(0);
        let end = first_column + columns.n - 1 + columns.taps;
        Some(Correlation {
            source: Source {
                channels: conv.output.channels,
                rows: conv.output.rows,
                columns: conv.output.columns,
                padding: [left, end.saturating_sub(left + conv.output.columns)],
            },
            kernel: [rows.taps, columns.taps],
            stride: [1, 1],
            first_row: rows.start(),
            first_column,
            target: self.target(conv),
        })
    }

    /// The derivative where there is no tap: zero.
    #[inline(always)]
    pub(super) fn without_taps<T: Scalar, const N: usize>(&self, conv: &Conv, below: &mut [Numbers<T, N>], into: Into) {
        if into == Into::Add {
            return;
        }
        let target = self.target(conv);
        for below in below.chunks_exact_mut(conv.input.features()) {
            for channel in 0..conv.input.channels {
                for row in 0..target.rows {
                    for column in 0..target.columns {
                        let place = channel * target.channel_step + row * target.row_step + column * target.column_step;
                        into.put(&mut below[target.start + place], Jets::zero());
                    }
                }
            }
        }
    }
}
