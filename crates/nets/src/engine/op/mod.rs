//! The operations, each with its forward pass and both parts of its backward pass.
//!
//! Values lie as `[block][feature][coefficient][lane]`, features as `[channel][row][column]`; lanes are examples, so that every
//! operation but a norm over the batch works on each lane for itself.

pub(crate) mod activate;
pub(crate) mod conv;
pub(crate) mod dense;
pub(crate) mod join;
pub(crate) mod norm;
pub(crate) mod pool;
pub(crate) mod softmax;

use super::Scalar;
use super::jet::Jets;
pub(crate) use super::jet::Numbers;
use crate::lanes::LANES;

/// Whether what is there is replaced or added to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Into {
    /// Replaced.
    Set,
    /// Added to.
    Add,
}

impl Into {
    #[inline(always)]
    pub(crate) fn put<T: Scalar, const N: usize>(self, out: &mut Numbers<T, N>, value: Jets<T, N>) {
        *out = match self {
            Self::Set => value.store(),
            Self::Add => Jets::load(out).plus(value).store(),
        };
    }

    #[inline(always)]
    pub(crate) fn put_number<T: Scalar, const N: usize>(self, out: &mut [T; N], value: [T; N]) {
        match self {
            Self::Set => *out = value,
            Self::Add => out.iter_mut().zip(value).for_each(|(out, value)| *out = *out + value),
        }
    }
}

/// From the first lane to the last.
#[inline(always)]
pub(crate) fn sum_of_lanes<T: Scalar, const N: usize>(numbers: &Numbers<T, N>) -> [T; N] {
    std::array::from_fn(|n| (0..LANES).fold(T::ZERO, |sum, l| sum + numbers[n][l]))
}
