//! `y_o = e^{x_o} / Σ_p e^{x_p}` over channels, at each place: `∂x = y (∂y − Σ_p y_p ∂y_p)`.

use super::{Into, Numbers};
use crate::engine::jet::Jets;
use crate::engine::{Dims, Scalar};
use crate::lanes::{Eights, LANES, Lanes};

/// For all blocks; `y` holds the arguments and is left with the values.
#[inline(always)]
pub(crate) fn forward<T: Scalar, const N: usize>(dims: Dims, y: &mut [Numbers<T, N>]) {
    let positions = dims.positions();
    for block in y.chunks_exact_mut(dims.features()) {
        for place in 0..positions {
            let mut largest = T::Eights::from_lane(&block[place][0]);
            for value in block[place..].iter().step_by(positions) {
                largest = largest.or_greater(T::Eights::from_lane(&value[0]));
            }
            let mut sum = Jets::<T, N>::zero();
            for value in block[place..].iter_mut().step_by(positions) {
                *value = exponential(value, largest);
                sum = sum.plus(Jets::load(value));
            }
            let share = reciprocal(sum);
            for value in block[place..].iter_mut().step_by(positions) {
                *value = Jets::load(value).times(share).store();
            }
        }
    }
}

/// `e^{x − largest}`, where `largest` is a number, not a polynomial: the shift cancels.
#[inline(always)]
pub(crate) fn exponential<T: Scalar, const N: usize>(x: &Numbers<T, N>, largest: T::Eights) -> Numbers<T, N> {
    let mut e: [T; LANES] = T::Eights::from_lane(&x[0]).minus(largest).to_lane();
    T::exponentiate(&mut e);
    // All derivatives of the exponential are itself.
    Jets::load(x).composed([&e, &e, &e]).store()
}

#[inline(always)]
pub(crate) fn reciprocal<T: Scalar, const N: usize>(sum: Jets<T, N>) -> Jets<T, N> {
    let values = sum.store()[0].map(|value| T::ONE / value);
    sum.reciprocal(T::Eights::from_lane(&values))
}

/// The backward pass, given values, for all blocks.
#[inline(always)]
pub(crate) fn backward<T: Scalar, const N: usize>(
    dims: Dims,
    y: &[Numbers<T, N>],
    delta: &[Numbers<T, N>],
    below: &mut [Numbers<T, N>],
    into: Into,
) {
    let (positions, features) = (dims.positions(), dims.features());
    let blocks = y.chunks_exact(features).zip(delta.chunks_exact(features)).zip(below.chunks_exact_mut(features));
    for ((y, delta), below) in blocks {
        for place in 0..positions {
            let places = (place..features).step_by(positions);
            let sum = places
                .clone()
                .fold(Jets::zero(), |sum: Jets<T, N>, i| sum.plus_product(Jets::load(&y[i]), Jets::load(&delta[i])));
            for i in places {
                into.put(&mut below[i], Jets::load(&y[i]).times(Jets::load(&delta[i]).minus(sum)));
            }
        }
    }
}
