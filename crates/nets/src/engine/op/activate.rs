//! `y = φ(x)`, and `∂x = φ'(x) ∂y`, in which `φ'(x)` is a truncated polynomial too.

use theory::Activation;

use super::{Into, Numbers};
use crate::elementwise::is_derivative_of_value;
use crate::engine::Scalar;
use crate::engine::jet::Jets;
use crate::engine::scalar::CHUNK;
use crate::lanes::{LANES, Lanes};

/// Jets of a chunk.
const JETS: usize = CHUNK / LANES;

/// Whether the backward pass needs the value alone, so that the result may stand where the argument was.
pub(crate) fn is_in_place(activation: Activation) -> bool {
    is_derivative_of_value(activation)
}

/// Replaces arguments by values.
#[inline(always)]
pub(crate) fn forward<T: Scalar, const N: usize>(activation: Activation, values: &mut [Numbers<T, N>]) {
    if N == 1 {
        T::activate(activation, values.as_flattened_mut().as_flattened_mut());
        return;
    }
    let (mut x, mut of) = ([T::ZERO; CHUNK], [[T::ZERO; CHUNK]; 4]);
    for chunk in values.chunks_mut(JETS) {
        gather(chunk, &mut x);
        T::derivatives(activation, N - 1, &x, &mut of);
        let lanes = of.each_ref().map(|of| of.as_chunks::<LANES>().0);
        for (i, value) in chunk.iter_mut().enumerate() {
            *value = Jets::load(value).composed([&lanes[0][i], &lanes[1][i], &lanes[2][i]]).store();
        }
    }
}

#[inline(always)]
fn gather<T: Scalar, const N: usize>(chunk: &[Numbers<T, N>], x: &mut [T; CHUNK]) {
    for (x, value) in x.as_chunks_mut::<LANES>().0.iter_mut().zip(chunk) {
        *x = value[0];
    }
}

/// Multiplies `delta` by the slopes, given the values; for activations that are [`is_in_place`].
#[inline(always)]
pub(crate) fn backward_in_place<T: Scalar, const N: usize>(
    activation: Activation,
    values: &[Numbers<T, N>],
    delta: &mut [Numbers<T, N>],
) {
    if N == 1 {
        let delta = delta.as_flattened_mut().as_flattened_mut();
        let (values, one) = (values.as_flattened().as_flattened(), T::ONE);
        match activation {
            Activation::Tanh => each_pair(delta, values, |d, t| d * (one - t * t)),
            Activation::Relu => each_pair(delta, values, |d, v| if v > T::ZERO { d } else { T::ZERO }),
            Activation::LeakyRelu => {
                let leak = T::from_f64(LEAK);
                each_pair(delta, values, |d, v| d * if v > T::ZERO { one } else { leak });
            }
            Activation::HardTanh => each_pair(delta, values, |d, v| if v < one && v > -one { d } else { T::ZERO }),
            Activation::Sigmoid => each_pair(delta, values, |d, s| d * (s * (one - s))),
            _ => {}
        }
        return;
    }
    let mut one = [T::ZERO; N];
    one[0] = T::ONE;
    let one = Jets::<T, N>::splat(one);
    for (d, y) in delta.iter_mut().zip(values) {
        let jets = Jets::load(y);
        let slope = match activation {
            Activation::Tanh => one.minus(jets.times(jets)),
            Activation::Sigmoid => jets.times(one.minus(jets)),
            Activation::Relu => one.scaled(lanes_of(&y[0], |y| if y > T::ZERO { T::ONE } else { T::ZERO })),
            Activation::LeakyRelu => {
                one.scaled(lanes_of(&y[0], |y| if y > T::ZERO { T::ONE } else { T::from_f64(LEAK) }))
            }
            Activation::HardTanh => {
                one.scaled(lanes_of(&y[0], |y| if y < T::ONE && y > -T::ONE { T::ONE } else { T::ZERO }))
            }
            _ => one,
        };
        *d = slope.times(Jets::load(d)).store();
    }
}

/// Always inlined, as `for_each` is not: see [`crate::lanes::Work`].
#[inline(always)]
fn each_pair<T: Scalar>(delta: &mut [T], values: &[T], of: impl Fn(T, T) -> T) {
    for (d, v) in delta.iter_mut().zip(values) {
        *d = of(*d, *v);
    }
}

/// The slope of the leaky relu below zero.
const LEAK: f64 = 0.1;

#[inline(always)]
fn lanes_of<T: Scalar>(y: &[T; LANES], of: impl Fn(T) -> T) -> T::Eights {
    T::Eights::from_lane(&y.map(of))
}

/// `φ'(x) δ`, given the arguments.
#[inline(always)]
pub(crate) fn backward<T: Scalar, const N: usize>(
    activation: Activation,
    arguments: &[Numbers<T, N>],
    delta: &[Numbers<T, N>],
    below: &mut [Numbers<T, N>],
    into: Into,
) {
    let (mut x, mut of) = ([T::ZERO; CHUNK], [[T::ZERO; CHUNK]; 4]);
    let chunks = arguments.chunks(JETS).zip(delta.chunks(JETS)).zip(below.chunks_mut(JETS));
    for ((arguments, delta), below) in chunks {
        gather(arguments, &mut x);
        T::derivatives(activation, N, &x, &mut of);
        let lanes = of.each_ref().map(|of| of.as_chunks::<LANES>().0);
        for (i, ((x, d), below)) in arguments.iter().zip(delta).zip(below).enumerate() {
            let slope = Jets::load(x).composed([&lanes[1][i], &lanes[2][i], &lanes[3][i]]);
            into.put(below, slope.times(Jets::load(d)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_leak_is_that_of_theory() {
        assert_eq!(LEAK, Activation::LeakyRelu.dphi(-1.0));
    }
}
