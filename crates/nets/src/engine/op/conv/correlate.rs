//! The correlation of one block with packed filters.

use super::{Conv, Into, Numbers};
use crate::engine::Scalar;
use crate::engine::jet::{Jets, zeros};

/// Channels of the output whose sums are in registers together, at most.
const TILE: usize = 4;

/// What is read: channels of rows, with zeros beside them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Source {
    pub(super) channels: usize,
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// Zeros before and after each row.
    pub(super) padding: [usize; 2],
}

impl Source {
    pub(super) fn width(&self) -> usize {
        self.padding[0] + self.columns + self.padding[1]
    }

    /// The rows with their zeros; the block itself where there are none.
    #[inline(always)]
    pub(super) fn padded<'a, T: Scalar, const N: usize>(
        &self,
        x: &'a [Numbers<T, N>],
        buffer: &'a mut Vec<Numbers<T, N>>,
    ) -> &'a [Numbers<T, N>] {
        if self.padding == [0, 0] || self.columns == 0 {
            return x;
        }
        buffer.clear();
        buffer.resize(self.channels * self.rows * self.width(), zeros());
        for (row, padded) in x.chunks_exact(self.columns).zip(buffer.chunks_exact_mut(self.width())) {
            padded[self.padding[0]..self.padding[0] + self.columns].copy_from_slice(row);
        }
        buffer
    }
}

/// Where results go.
#[derive(Clone, Copy, Debug)]
pub(super) struct Target {
    /// How many.
    pub(super) rows: usize,
    pub(super) columns: usize,
    /// The first one.
    pub(super) start: usize,
    /// From one to the next.
    pub(super) row_step: usize,
    pub(super) column_step: usize,
    pub(super) channel_step: usize,
}

/// `out_orc = start_o + Σ_{i,a,b} W_oiab x_{i, first_row + r s_0 + a, first_column + c s_1 + b}`, rows outside left out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Correlation {
    pub(super) source: Source,
    pub(super) kernel: [usize; 2],
    pub(super) stride: [usize; 2],
    pub(super) first_row: isize,
    /// In a row with its zeros.
    pub(super) first_column: usize,
    pub(super) target: Target,
}

impl Correlation {
    /// The forward pass of a convolution.
    pub(super) fn forward(conv: &Conv) -> Self {
        let Conv { input, output, window, .. } = *conv;
        let needed = (output.columns - 1) * window.stride[1] + window.kernel[1];
        let left = window.padding[1];
        Self {
            source: Source {
                channels: input.channels,
                rows: input.rows,
                columns: input.columns,
                padding: [left, needed.saturating_sub(left + input.columns)],
            },
            kernel: window.kernel,
            stride: window.stride,
            first_row: -(window.padding[0] as isize),
            first_column: 0,
            target: Target {
                rows: output.rows,
                columns: output.columns,
                start: 0,
                row_step: output.columns,
                column_step: 1,
                channel_step: output.positions(),
            },
        }
    }

    /// Channels in tiles as even as can be, of four at most.
    pub(super) fn tiles(channels: usize) -> impl Iterator<Item = (usize, usize)> {
        let n = channels.div_ceil(TILE);
        (0..n).map(move |t| {
            let (start, end) = (t * channels / n, (t + 1) * channels / n);
            (start, end - start)
        })
    }

    /// Filters of `outputs` channels as [`run`](Self::run) takes them: `[tile][channel][row][column][of the tile]`.
    pub(super) fn pack<T: Copy>(
        &self,
        outputs: usize,
        packed: &mut Vec<T>,
        weight: impl Fn(usize, usize, usize, usize) -> T,
    ) {
        packed.clear();
        for (first, size) in Self::tiles(outputs) {
            for i in 0..self.source.channels {
                for a in 0..self.kernel[0] {
                    for b in 0..self.kernel[1] {
                        packed.extend((first..first + size).map(|o| weight(o, i, a, b)));
                    }
                }
            }
        }
    }

    /// All channels of one block; sums begin with `starts`, or with zero where there are none.
    #[inline(always)]
    pub(super) fn run<T: Scalar, const N: usize>(
        &self,
        x: &[Numbers<T, N>],
        packed: &[[T; N]],
        starts: &[[T; N]],
        out: &mut [Numbers<T, N>],
        into: Into,
    ) {
        let taps = self.source.channels * self.kernel[0] * self.kernel[1];
        if taps == 0 {
            return;
        }
        let channels = packed.len() / taps;
        let mut rest = packed;
        for (first, size) in Self::tiles(channels) {
            let (filters, after) = rest.split_at(taps * size);
            rest = after;
            let tile = Tile { of: self, x, filters, starts, first, into };
            match self.kernel[1] {
                n if n.is_multiple_of(5) => tile.sized::<5>(size, out),
                n if n.is_multiple_of(3) => tile.sized::<3>(size, out),
                n if n.is_multiple_of(2) => tile.sized::<2>(size, out),
                _ => tile.sized::<1>(size, out),
            }
        }
    }

    /// Rows of the filter that meet rows of the source, and the source's row for the first of them.
    #[inline(always)]
    fn meeting(&self, row: usize) -> (std::ops::Range<usize>, usize) {
        let base = self.first_row + (row * self.stride[0]) as isize;
        let first = usize::try_from(-base).unwrap_or(0).min(self.kernel[0]);
        let end = usize::try_from(self.source.rows as isize - base).unwrap_or(0).min(self.kernel[0]);
        (first..end.max(first), usize::try_from(base + first as isize).unwrap_or(0))
    }
}

/// A few channels of the output.
struct Tile<'a, T, const N: usize> {
    of: &'a Correlation,
    x: &'a [Numbers<T, N>],
    filters: &'a [[T; N]],
    starts: &'a [[T; N]],
    first: usize,
    into: Into,
}

impl<T: Scalar, const N: usize> Tile<'_, T, N> {
    /// With few channels a few places are worked on together, so that as many sums are in registers.
    #[inline(always)]
    fn sized<const TAPS: usize>(&self, size: usize, out: &mut [Numbers<T, N>]) {
        match size {
            4 => self.rows::<TAPS, 4, 1>(out),
            3 => self.rows::<TAPS, 3, 1>(out),
            2 => self.rows::<TAPS, 2, 2>(out),
            _ => self.rows::<TAPS, 1, 4>(out),
        }
    }

    #[inline(always)]
    fn rows<const TAPS: usize, const M: usize, const P: usize>(&self, out: &mut [Numbers<T, N>]) {
        let target = &self.of.target;
        for row in 0..target.rows {
            let mut column = 0;
            // Coefficients take registers too.
            if N == 1 {
                while column + P <= target.columns {
                    self.place::<TAPS, M, P>(row, column, out);
                    column += P;
                }
            }
            while column < target.columns {
                self.place::<TAPS, M, 1>(row, column, out);
                column += 1;
            }
        }
    }

    #[inline(always)]
    fn place<const TAPS: usize, const M: usize, const P: usize>(
        &self,
        row: usize,
        column: usize,
        out: &mut [Numbers<T, N>],
    ) {
        let Correlation { source, kernel, stride, target, .. } = self.of;
        let start = |m| self.starts.get(self.first + m).copied().unwrap_or([T::ZERO; N]);
        let mut sums: [[Jets<T, N>; P]; M] = std::array::from_fn(|m| [Jets::splat(start(m)); P]);
        let (meeting, first_row) = self.of.meeting(row);
        let width = source.width();
        let (filters, _) = self.filters.as_chunks::<M>();
        let at = first_row * width + self.of.first_column + column * stride[1];
        for i in 0..source.channels {
            let mut at = i * source.rows * width + at;
            let mut tap = (i * kernel[0] + meeting.start) * kernel[1];
            for _row in meeting.clone() {
                for b in (0..kernel[1]).step_by(TAPS) {
                    let Some(w) = filters.get(tap + b..).and_then(<[[[T; N]; M]]>::first_chunk::<TAPS>) else { break };
                    let Some(first) = self.x.get(at + b..).and_then(<[Numbers<T, N>]>::first_chunk::<TAPS>) else {
                        break;
                    };
                    let mut x = [first; P];
                    for p in 1..P {
                        let place = self.x.get(at + b + p * stride[1]..);
                        x[p] = place.and_then(<[Numbers<T, N>]>::first_chunk::<TAPS>).unwrap_or(first);
                    }
                    for k in 0..TAPS {
                        let x: [Jets<T, N>; P] = std::array::from_fn(|p| Jets::load(&x[p][k]));
                        for m in 0..M {
                            let w = Jets::splat(w[k][m]);
                            for p in 0..P {
                                sums[m][p] = sums[m][p].plus_product(w, x[p]);
                            }
                        }
                    }
                }
                at += width;
                tap += kernel[1];
            }
        }
        for m in 0..M {
            for p in 0..P {
                let place = target.start
                    + (self.first + m) * target.channel_step
                    + row * target.row_step
                    + (column + p) * target.column_step;
                if let Some(out) = out.get_mut(place) {
                    self.into.put(out, sums[m][p]);
                }
            }
        }
    }
}
