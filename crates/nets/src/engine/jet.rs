//! Truncated polynomials `R[ε]/(ε^N)`: a number with its first N − 1 Taylor coefficients along a direction.
//!
//! ```text
//! (x + y)_n = x_n + y_n,   (x y)_n = Σ_{i ≤ n} x_i y_{n−i},   φ(x)_1 = φ'(x_0) x_1,   φ(x)_2 = φ'(x_0) x_2 + ½ φ''(x_0) x_1²
//! ```
//!
//! Coefficient n is the n-th derivative along the direction over n!. Griewank & Walther, Evaluating derivatives (2008),
//! chapter 13.

use super::Scalar;
use crate::lanes::{Eights, LANES, Lanes};

/// Eight jets as they lie in memory: `[coefficient][lane]`; lanes are examples.
pub type Numbers<T, const N: usize> = [[T; LANES]; N];

/// The zero of [`Numbers`].
#[must_use]
pub fn zeros<T: Scalar, const N: usize>() -> Numbers<T, N> {
    [[T::ZERO; LANES]; N]
}

/// Eight jets in registers.
#[derive(Clone, Copy)]
pub(crate) struct Jets<T: Scalar, const N: usize>([T::Eights; N]);

impl<T: Scalar, const N: usize> Jets<T, N> {
    #[inline(always)]
    pub(crate) fn load(from: &Numbers<T, N>) -> Self {
        Self(std::array::from_fn(|n| T::Eights::from_lane(&from[n])))
    }

    #[inline(always)]
    pub(crate) fn store(self) -> Numbers<T, N> {
        self.0.map(T::Eights::to_lane)
    }

    /// The same jet in every lane.
    #[inline(always)]
    pub(crate) fn splat(x: [T; N]) -> Self {
        Self(x.map(T::Eights::splat))
    }

    #[inline(always)]
    pub(crate) fn zero() -> Self {
        Self([T::Eights::splat(T::ZERO); N])
    }

    #[inline(always)]
    pub(crate) fn plus(mut self, other: Self) -> Self {
        for n in 0..N {
            self.0[n] = self.0[n].plus(other.0[n]);
        }
        self
    }

    #[inline(always)]
    pub(crate) fn minus(mut self, other: Self) -> Self {
        for n in 0..N {
            self.0[n] = self.0[n].minus(other.0[n]);
        }
        self
    }

    /// Times one number for each lane.
    #[inline(always)]
    pub(crate) fn scaled(mut self, factor: T::Eights) -> Self {
        for n in 0..N {
            self.0[n] = factor.times(self.0[n]);
        }
        self
    }

    #[inline(always)]
    pub(crate) fn times(self, other: Self) -> Self {
        let mut product = self;
        for n in 0..N {
            product.0[n] = self.0[0].times(other.0[n]);
            for i in 1..=n {
                product.0[n] = product.0[n].plus_product(self.0[i], other.0[n - i]);
            }
        }
        product
    }

    /// `self + x y`.
    #[inline(always)]
    pub(crate) fn plus_product(mut self, x: Self, y: Self) -> Self {
        for n in 0..N {
            for i in 0..=n {
                self.0[n] = self.0[n].plus_product(x.0[i], y.0[n - i]);
            }
        }
        self
    }

    /// `1 / x`: `r_n = −r_0 Σ_{1 ≤ i ≤ n} x_i r_{n−i}`, given `r_0`.
    #[inline(always)]
    pub(crate) fn reciprocal(self, of_values: T::Eights) -> Self {
        let mut r = self;
        r.0[0] = of_values;
        let zero = T::Eights::splat(T::ZERO);
        for n in 1..N {
            let sum = (1..=n).fold(zero, |sum, i| sum.plus_product(self.0[i], r.0[n - i]));
            r.0[n] = zero.minus(of_values.times(sum));
        }
        r
    }

    /// `φ(x)` given `φ(x_0)`, `φ'(x_0)`, `φ''(x_0)`; N is 3 at most, and of the derivatives only those up to N − 1 are read.
    #[inline(always)]
    pub(crate) fn composed(self, of_values: [&[T; LANES]; 3]) -> Self {
        let [value, first, second] = of_values;
        let mut y = self;
        y.0[0] = T::Eights::from_lane(value);
        if N > 1 {
            let first = T::Eights::from_lane(first);
            for n in 1..N {
                y.0[n] = first.times(self.0[n]);
            }
            if N > 2 {
                let half = T::Eights::splat(T::from_f64(0.5)).times(T::Eights::from_lane(second));
                y.0[2] = y.0[2].plus_product(half, self.0[1].times(self.0[1]));
            }
        }
        y
    }
}

/// One jet in double precision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Jet<const N: usize>(pub(crate) [f64; N]);

impl<const N: usize> Jet<N> {
    pub(crate) const ZERO: Self = Self([0.0; N]);

    /// `factor x`.
    pub(crate) fn scaled(self, factor: f64) -> Self {
        Self(self.0.map(|x| factor * x))
    }

    /// `x^{−1/2}` of a positive value: with `y = x^a`, `n x_0 y_n = Σ_{1 ≤ k ≤ n} (k a − (n − k)) x_k y_{n−k}`.
    pub(crate) fn inverse_square_root(self) -> Self {
        let mut y = Self::ZERO;
        y.0[0] = 1.0 / self.0[0].sqrt();
        for n in 1..N {
            let sum: f64 = (1..=n).map(|k| (-0.5 * k as f64 - (n - k) as f64) * self.0[k] * y.0[n - k]).sum();
            y.0[n] = sum / (n as f64 * self.0[0]);
        }
        y
    }

    /// `ln x` of a positive value: `x_0 y_n = x_n − (1/n) Σ_{1 ≤ k < n} k y_k x_{n−k}`.
    pub(crate) fn ln(self) -> Self {
        let mut y = Self::ZERO;
        y.0[0] = libm::log(self.0[0]);
        for n in 1..N {
            let sum: f64 = (1..n).map(|k| k as f64 * y.0[k] * self.0[n - k]).sum();
            y.0[n] = (self.0[n] - sum / n as f64) / self.0[0];
        }
        y
    }

    pub(crate) fn plus(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(x, y)| *x += y);
        self
    }

    pub(crate) fn minus(mut self, other: Self) -> Self {
        self.0.iter_mut().zip(other.0).for_each(|(x, y)| *x -= y);
        self
    }

    pub(crate) fn to<T: Scalar>(self) -> [T; N] {
        self.0.map(T::from_f64)
    }

    /// One lane of eight jets.
    pub(crate) fn of_lane<T: Scalar>(numbers: &Numbers<T, N>, lane: usize) -> Self {
        Self(std::array::from_fn(|n| numbers[n][lane].to_f64()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::lanes::WideEight;

    /// `(2 + 3ε + 5ε²)` and its functions, by hand.
    #[test]
    fn functions_of_a_polynomial() {
        let x = Jet([2.0, 3.0, 5.0]);
        // Back by squaring: y² x = 1.
        let y = x.inverse_square_root();
        let product = |a: Jet<3>, b: Jet<3>| Jet(std::array::from_fn(|n| (0..=n).map(|i| a.0[i] * b.0[n - i]).sum()));
        let one = product(product(y, y), x);
        assert!((one.0[0] - 1.0).abs() < 1e-15 && one.0[1].abs() < 1e-15 && one.0[2].abs() < 1e-15, "{one:?}");
        // (ln x)_1 = x_1/x_0, (ln x)_2 = x_2/x_0 − x_1²/(2 x_0²).
        let y = x.ln();
        assert!((y.0[1] - 1.5).abs() < 1e-15 && (y.0[2] - (2.5 - 1.125)).abs() < 1e-15, "{y:?}");
        let numbers = x.0.map(|x| [x; LANES]);
        let jets = Jets::<f64, 3>::load(&numbers);
        let r = jets.reciprocal(WideEight::splat(0.5)).times(jets).store();
        assert_eq!(r.map(|lane| lane[3]), [1.0, 0.0, 0.0]);
    }
}
