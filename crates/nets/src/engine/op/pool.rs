//! Means and largest numbers of windows, without padding.

use super::{Into, Numbers};
use crate::NetError;
use crate::engine::jet::{Jets, zeros};
use crate::engine::{Dims, Scalar, Window};
use crate::lanes::{LANES, Lanes};

/// A pooling.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pool {
    /// What it takes.
    pub input: Dims,
    /// What it gives.
    pub output: Dims,
    /// Its windows, without padding.
    pub window: Window,
}

impl Pool {
    pub(crate) fn new(input: Dims, window: Window) -> Result<Self, NetError> {
        if window.padding != [0, 0] {
            let got = window.padding[0].max(window.padding[1]) as f64;
            return Err(NetError::Range { name: "padding of a pooling", got, allowed: "[0, 0]" });
        }
        let [rows, columns] = window.places("pooling", input)?;
        Ok(Self { input, output: Dims::image(input.channels, rows, columns), window })
    }

    /// Calls `of(output, first input, ...)` for each window of a block.
    #[inline(always)]
    fn windows(&self, mut of: impl FnMut(usize, usize)) {
        let Self { input, output, window } = self;
        let mut place = 0;
        for channel in 0..output.channels {
            for row in 0..output.rows {
                let start = (channel * input.rows + row * window.stride[0]) * input.columns;
                for column in 0..output.columns {
                    of(place, start + column * window.stride[1]);
                    place += 1;
                }
            }
        }
    }

    fn factor<T: Scalar>(&self) -> T::Eights {
        T::Eights::splat(T::from_f64(1.0 / (self.window.kernel[0] * self.window.kernel[1]) as f64))
    }

    /// Means, for all blocks.
    #[inline(always)]
    pub(crate) fn mean<T: Scalar, const N: usize>(&self, x: &[Numbers<T, N>], y: &mut [Numbers<T, N>]) {
        let factor = self.factor::<T>();
        let [rows, columns] = self.window.kernel;
        let blocks = x.chunks_exact(self.input.features()).zip(y.chunks_exact_mut(self.output.features()));
        for (x, y) in blocks {
            self.windows(|place, first| {
                let mut sum = Jets::zero();
                for row in 0..rows {
                    let start = first + row * self.input.columns;
                    for x in &x[start..start + columns] {
                        sum = sum.plus(Jets::load(x));
                    }
                }
                y[place] = sum.scaled(factor).store();
            });
        }
    }

    /// The backward pass of means, for all blocks.
    #[inline(always)]
    pub(crate) fn mean_backward<T: Scalar, const N: usize>(
        &self,
        delta: &[Numbers<T, N>],
        below: &mut [Numbers<T, N>],
        into: Into,
    ) {
        let factor = self.factor::<T>();
        let [rows, columns] = self.window.kernel;
        // Windows side by side that fill the image meet each place once.
        let fills = |places: usize, size: usize, all: usize| places * size == all;
        let is_tiling = self.window.kernel == self.window.stride
            && fills(self.output.rows, rows, self.input.rows)
            && fills(self.output.columns, columns, self.input.columns);
        if into == Into::Set && !is_tiling {
            below.fill(zeros());
        }
        let into = if is_tiling { into } else { Into::Add };
        let blocks = below.chunks_exact_mut(self.input.features()).zip(delta.chunks_exact(self.output.features()));
        for (below, delta) in blocks {
            self.windows(|place, first| {
                let share = Jets::load(&delta[place]).scaled(factor);
                for row in 0..rows {
                    let start = first + row * self.input.columns;
                    for below in &mut below[start..start + columns] {
                        into.put(below, share);
                    }
                }
            });
        }
    }

    /// The number of the largest value, for all blocks: of equal ones the first.
    #[inline(always)]
    pub(crate) fn largest<T: Scalar, const N: usize>(&self, x: &[Numbers<T, N>], y: &mut [Numbers<T, N>]) {
        let [rows, columns] = self.window.kernel;
        let blocks = x.chunks_exact(self.input.features()).zip(y.chunks_exact_mut(self.output.features()));
        for (x, y) in blocks {
            self.windows(|place, first| {
                let mut largest = x[first];
                for row in 0..rows {
                    let start = first + row * self.input.columns;
                    for x in &x[start..start + columns] {
                        for l in 0..LANES {
                            let is_greater = x[0][l] > largest[0][l];
                            for n in 0..N {
                                largest[n][l] = if is_greater { x[n][l] } else { largest[n][l] };
                            }
                        }
                    }
                }
                y[place] = largest;
            });
        }
    }

    /// The backward pass of largest numbers, given arguments and values, for all blocks.
    #[inline(always)]
    pub(crate) fn largest_backward<T: Scalar, const N: usize>(
        &self,
        (x, y): (&[Numbers<T, N>], &[Numbers<T, N>]),
        delta: &[Numbers<T, N>],
        below: &mut [Numbers<T, N>],
        into: Into,
    ) {
        if into == Into::Set {
            below.fill(zeros());
        }
        let [rows, columns] = self.window.kernel;
        let inputs = x.chunks_exact(self.input.features()).zip(below.chunks_exact_mut(self.input.features()));
        let outputs = y.chunks_exact(self.output.features()).zip(delta.chunks_exact(self.output.features()));
        for ((x, below), (y, delta)) in inputs.zip(outputs) {
            self.windows(|place, first| {
                let (largest, mut left) = (&y[place][0], delta[place]);
                for row in 0..rows {
                    let start = first + row * self.input.columns;
                    for (x, below) in x[start..start + columns].iter().zip(&mut below[start..start + columns]) {
                        for l in 0..LANES {
                            let is_it = x[0][l] == largest[l];
                            for n in 0..N {
                                let share = if is_it { left[n][l] } else { T::ZERO };
                                below[n][l] = below[n][l] + share;
                                left[n][l] = if is_it { T::ZERO } else { left[n][l] };
                            }
                        }
                    }
                }
            });
        }
    }
}
