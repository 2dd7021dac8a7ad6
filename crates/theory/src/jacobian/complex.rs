//! Complex numbers, as far as the spectra need them, with portable transcendental functions.

use std::ops::{Add, Mul, Neg, Sub};

/// re + i im.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Complex {
    pub(crate) re: f64,
    pub(crate) im: f64,
}

impl Complex {
    pub(crate) const ZERO: Self = Self { re: 0.0, im: 0.0 };

    pub(crate) const fn new(re: f64, im: f64) -> Self {
        Self { re, im }
    }

    /// r as a complex number.
    pub(crate) const fn real(re: f64) -> Self {
        Self { re, im: 0.0 }
    }

    pub(crate) fn norm_squared(self) -> f64 {
        self.re * self.re + self.im * self.im
    }

    pub(crate) fn norm(self) -> f64 {
        libm::hypot(self.re, self.im)
    }

    pub(crate) fn scale(self, factor: f64) -> Self {
        Self { re: self.re * factor, im: self.im * factor }
    }

    pub(crate) fn exp(self) -> Self {
        let size = libm::exp(self.re);
        Self { re: size * libm::cos(self.im), im: size * libm::sin(self.im) }
    }

    /// ln of a number in the closed lower half plane, with argument in [-pi, 0]: negative numbers count as approached
    /// from below.
    pub(crate) fn ln_from_below(self) -> Self {
        // -0.0, for which atan2 chooses the lower side.
        let im = if self.im < 0.0 { self.im } else { -0.0 };
        Self { re: libm::log(self.norm()), im: libm::atan2(im, self.re) }
    }

    /// 1/self; the parts stay far from overflow where they are used.
    pub(crate) fn inverse(self) -> Self {
        let inverse = 1.0 / self.norm_squared();
        Self { re: self.re * inverse, im: -self.im * inverse }
    }

    pub(crate) fn over(self, divisor: Self) -> Self {
        self * divisor.inverse()
    }
}

impl Add for Complex {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self { re: self.re + other.re, im: self.im + other.im }
    }
}

impl Sub for Complex {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self { re: self.re - other.re, im: self.im - other.im }
    }
}

impl Mul for Complex {
    type Output = Self;
    fn mul(self, other: Self) -> Self {
        Self { re: self.re * other.re - self.im * other.im, im: self.re * other.im + self.im * other.re }
    }
}

impl Neg for Complex {
    type Output = Self;
    fn neg(self) -> Self {
        Self { re: -self.re, im: -self.im }
    }
}
