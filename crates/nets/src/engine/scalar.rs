//! The numbers that nets are computed in.

use std::fmt::Debug;
use std::ops::{Add, Div, Mul, Neg, Sub};

use theory::Activation;

use crate::lanes::{Eight, Eights, WideEight};
use crate::{derivatives, elementwise};

/// Numbers of an activation that are worked on together.
pub(crate) const CHUNK: usize = 128;

/// `f32`, which everything is made for, or `f64`, for second opinions.
pub trait Scalar:
    Copy
    + Debug
    + Default
    + PartialOrd
    + Add<Output = Self>
    + Sub<Output = Self>
    + Mul<Output = Self>
    + Div<Output = Self>
    + Neg<Output = Self>
    + Send
    + Sync
    + 'static
    + sealed::Sealed
{
    /// 0.
    const ZERO: Self;
    /// 1.
    const ONE: Self;
    /// The nearest number.
    fn from_f64(x: f64) -> Self;
    /// As it is.
    fn to_f64(self) -> f64;
    /// The square root.
    fn sqrt(self) -> Self;
    /// Whether it is neither infinite nor NaN.
    fn is_finite(self) -> bool;
}

pub(crate) mod sealed {
    use super::{Activation, CHUNK, Eights};

    /// What only the crate calls.
    pub trait Sealed: Sized {
        /// Eight of them.
        type Eights: Eights<Number = Self>;
        /// Replaces each by its activation.
        fn activate(activation: Activation, x: &mut [Self]);
        /// `out[k][i]` is the k-th derivative at `x[i]` for k up to `order`, at most 3.
        fn derivatives(activation: Activation, order: usize, x: &[Self; CHUNK], out: &mut [[Self; CHUNK]; 4]);
        /// Replaces each by its exponential.
        fn exponentiate(x: &mut [Self]);
    }
}

macro_rules! scalar {
    ($number:ty) => {
        impl Scalar for $number {
            const ZERO: Self = 0.0;
            const ONE: Self = 1.0;

            #[inline(always)]
            fn from_f64(x: f64) -> Self {
                x as Self
            }

            #[inline(always)]
            fn to_f64(self) -> f64 {
                f64::from(self)
            }

            #[inline(always)]
            fn sqrt(self) -> Self {
                self.sqrt()
            }

            #[inline(always)]
            fn is_finite(self) -> bool {
                self.is_finite()
            }
        }
    };
}

scalar!(f32);
scalar!(f64);

impl sealed::Sealed for f32 {
    type Eights = Eight;

    #[inline(always)]
    fn activate(activation: Activation, x: &mut [Self]) {
        elementwise::apply_inline(activation, x);
    }

    #[inline(always)]
    fn derivatives(activation: Activation, order: usize, x: &[Self; CHUNK], out: &mut [[Self; CHUNK]; 4]) {
        derivatives::derivatives(activation, order, x, out);
    }

    #[inline(always)]
    fn exponentiate(x: &mut [Self]) {
        x.iter_mut().for_each(|x| *x = elementwise::exp(*x));
    }
}

impl sealed::Sealed for f64 {
    type Eights = WideEight;

    fn activate(activation: Activation, x: &mut [Self]) {
        x.iter_mut().for_each(|x| *x = activation.phi(*x));
    }

    fn derivatives(activation: Activation, order: usize, x: &[Self; CHUNK], out: &mut [[Self; CHUNK]; 4]) {
        let of = [Activation::phi, Activation::dphi, Activation::d2phi, Activation::d3phi];
        for (out, of) in out.iter_mut().zip(of).take(order + 1) {
            out.iter_mut().zip(x).for_each(|(out, x)| *out = of(activation, *x));
        }
    }

    fn exponentiate(x: &mut [Self]) {
        x.iter_mut().for_each(|x| *x = libm::exp(*x));
    }
}
