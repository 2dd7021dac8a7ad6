//! Smooth functions by pieces, and cosines whose frequency depth doubles.

use super::builder::{Builder, Wire};
use super::error::NetError;
use super::piecewise::PiecewiseLinear;
use super::product::ApproximateNet;
use super::shallow::interpolating_net;
use super::tent::{MAX_TENT_POWER, check_power, fold};
use crate::TheoryError;

/// Most pieces of an interpolation.
const MAX_KNOTS: usize = 1 << 20;

/// The interpolation of f at n + 1 even points of \[low, high\].
///
/// # Numerics
/// Its error is at most max|f''| (high - low)^2/(8 n^2), see [`interpolation_error`].
///
/// # Errors
/// [`NetError::Range`] unless 1 <= n <= 2^20; [`NetError::NotIncreasing`], [`NetError::NotFinite`].
pub fn interpolation(f: impl Fn(f64) -> f64, low: f64, high: f64, n: usize) -> Result<PiecewiseLinear, NetError> {
    NetError::check_count("n", n, 1, MAX_KNOTS)?;
    let at = |i: usize| {
        let part = i as f64 / n as f64;
        low * (1.0 - part) + high * part
    };
    let x: Vec<f64> = (0..=n).map(at).collect();
    let y: Vec<f64> = x.iter().map(|&x| f(x)).collect();
    PiecewiseLinear::through(&x, &y)
}

/// max|f''| h^2/8 with h = (high - low)/n: the largest error of linear interpolation at n + 1 even points.
#[must_use]
pub fn interpolation_error(max_abs_second_derivative: f64, length: f64, n: u64) -> f64 {
    let h = length / n as f64;
    max_abs_second_derivative * h * h / 8.0
}

/// The fewest even pieces for which [`interpolation_error`] is at most epsilon; a shallow net has as many units.
///
/// # Errors
/// [`NetError::Range`] unless both numbers are finite and >= 0 and epsilon >= 1e-30.
pub fn interpolation_pieces(max_abs_second_derivative: f64, length: f64, epsilon: f64) -> Result<f64, NetError> {
    pieces(8.0, max_abs_second_derivative, length, epsilon).map(|n| n.ceil().max(1.0))
}

/// No piecewise-linear function with fewer pieces is within epsilon of f on an interval of this length, where |f''| is
/// nowhere less than `min_abs_second_derivative`: length sqrt(min|f''|/(16 epsilon)).
///
/// On a piece of length h the best line misses f by at least min|f''| h^2/16, for the second difference of f over its ends
/// and middle is at least min|f''| h^2/4, and that of the error at most 4 epsilon.
///
/// # Errors
/// As for [`interpolation_pieces`].
///
/// # Source
/// Yarotsky 2017, arXiv 1610.01145, Theorem 6 rests on it.
pub fn least_pieces(min_abs_second_derivative: f64, length: f64, epsilon: f64) -> Result<f64, NetError> {
    pieces(16.0, min_abs_second_derivative, length, epsilon).map(|n| n.max(1.0))
}

fn pieces(divisor: f64, second_derivative: f64, length: f64, epsilon: f64) -> Result<f64, NetError> {
    TheoryError::check("|f''|", second_derivative, 0.0, f64::MAX)?;
    TheoryError::check("length", length, 0.0, f64::MAX)?;
    TheoryError::check("epsilon", epsilon, super::MIN_EPSILON, f64::MAX)?;
    Ok(length * (second_derivative / (divisor * epsilon)).sqrt())
}

/// cos(2^k pi x) on \[0, 1\] as a net that folds k times and then interpolates half a period with n pieces: 2k + n units,
/// where a shallow net needs n 2^k for the same error.
///
/// m folds a period: cos(pi m(x)) = cos(2 pi x) on \[0, 1\], hence cos(pi m^k(x)) = cos(2^k pi x).
///
/// # Errors
/// [`NetError::Range`] for k > 30, n = 0 or n > 4096.
///
/// # Source
/// Ours, from Telgarsky 2015, arXiv 1509.08101, Lemma 2.4.
pub fn folded_cosine_net(k: u32, n: usize) -> Result<ApproximateNet, NetError> {
    check_power(k)?;
    let half_period = half_cosine(n)?;
    let mut builder = Builder::new(1);
    let t = fold(&mut builder, k, Wire::unit(0));
    let wires: Vec<Wire> = (0..n).map(|i| t.clone().offset(-half_period.x()[i])).collect();
    let units = builder.layer(&wires);
    let turns = (0..n).map(|i| half_period.slopes()[i] - if i == 0 { 0.0 } else { half_period.slopes()[i - 1] });
    let terms = units.into_iter().zip(turns).map(|(unit, turn)| unit.scaled(turn));
    let sum = terms.fold(Wire::constant(half_period.y()[0]), |sum, term| sum.plus(&term));
    Ok(ApproximateNet { net: builder.finish(&sum)?, error_bound: cosine_error(n) })
}

/// The shallow net of the same function and error bound: n 2^k units.
///
/// # Errors
/// [`NetError::Range`] unless 1 <= n 2^k <= 4096.
pub fn shallow_cosine_net(k: u32, n: usize) -> Result<ApproximateNet, NetError> {
    check_power(k)?;
    let periods = 1_usize << k.min(MAX_TENT_POWER);
    NetError::check_count("n 2^k", n.saturating_mul(periods), 1, super::MAX_WIDTH)?;
    let frequency = periods as f64 * core::f64::consts::PI;
    let function = interpolation(|x| libm::cos(frequency * x), 0.0, 1.0, n * periods)?;
    Ok(ApproximateNet { net: interpolating_net(&function)?, error_bound: cosine_error(n) })
}

fn half_cosine(n: usize) -> Result<PiecewiseLinear, NetError> {
    NetError::check_count("n", n, 1, super::MAX_WIDTH)?;
    interpolation(|t| libm::cos(core::f64::consts::PI * t), 0.0, 1.0, n)
}

fn cosine_error(n: usize) -> f64 {
    interpolation_error(core::f64::consts::PI * core::f64::consts::PI, 1.0, n as u64)
}
