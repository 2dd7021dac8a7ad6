//! Sums and concatenations of several values.

use super::{Into, Numbers};
use crate::engine::Scalar;
use crate::engine::jet::Jets;

/// `y` is set to `x`, or `x` added to it.
#[inline(always)]
pub(crate) fn add<T: Scalar, const N: usize>(x: &[Numbers<T, N>], y: &mut [Numbers<T, N>], into: Into) {
    match into {
        Into::Set => y.copy_from_slice(x),
        Into::Add => y.iter_mut().zip(x).for_each(|(y, x)| *y = Jets::load(y).plus(Jets::load(x)).store()),
    }
}

/// The features of `x`, so many a block, become those from `first` on of `y`, so many a block.
#[inline(always)]
pub(crate) fn insert<T: Scalar, const N: usize>(
    (x, of_x): (&[Numbers<T, N>], usize),
    (y, of_y): (&mut [Numbers<T, N>], usize),
    first: usize,
) {
    for (x, y) in x.chunks_exact(of_x.max(1)).zip(y.chunks_exact_mut(of_y.max(1))) {
        y[first..first + of_x].copy_from_slice(x);
    }
}

/// The backward pass of [`insert`].
#[inline(always)]
pub(crate) fn extract<T: Scalar, const N: usize>(
    (delta, of_y): (&[Numbers<T, N>], usize),
    (below, of_x): (&mut [Numbers<T, N>], usize),
    first: usize,
    into: Into,
) {
    for (below, delta) in below.chunks_exact_mut(of_x.max(1)).zip(delta.chunks_exact(of_y.max(1))) {
        add(&delta[first..first + of_x], below, into);
    }
}
