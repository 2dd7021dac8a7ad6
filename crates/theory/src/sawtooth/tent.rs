//! The tent map and its compositions.

use super::builder::{Builder, Wire};
use super::error::NetError;
use super::net::ReluNet;

/// Most compositions: 2^30 pieces.
pub const MAX_TENT_POWER: u32 = 30;

/// m(x) = relu(2 relu(x) - 4 relu(x - 1/2)): 2x on \[0, 1/2\], 2(1 - x) on \[1/2, 1\], 0 outside.
///
/// Exact where x is a whole multiple of a power of two with bits to spare.
///
/// # Source
/// Telgarsky 2015, arXiv 1509.08101, Lemma 2.4.
#[must_use]
pub fn tent(x: f64) -> f64 {
    (2.0 * x.max(0.0) - 4.0 * (x - 0.5).max(0.0)).max(0.0)
}

/// m^k(x), the k-fold composition; m^0(x) = x.
///
/// Exact for dyadic x; otherwise the rounding of x itself doubles with each step, to some 2^k 1.1e-16.
///
/// # Errors
/// [`NetError::Range`] for k > [`MAX_TENT_POWER`].
pub fn tent_power(k: u32, x: f64) -> Result<f64, NetError> {
    check_power(k)?;
    Ok((0..k).fold(x, |x, _| tent(x)))
}

/// x, m(x), m^2(x), ..., m^k(x).
///
/// # Errors
/// [`NetError::Range`] for k > [`MAX_TENT_POWER`].
pub fn tent_orbit(k: u32, x: f64) -> Result<Vec<f64>, NetError> {
    check_power(k)?;
    Ok(std::iter::successors(Some(x), |&x| Some(tent(x))).take(k as usize + 1).collect())
}

/// m^k(numerator/denominator) in whole numbers, as a fraction in lowest terms.
///
/// # Errors
/// [`NetError::Range`] for k > [`MAX_TENT_POWER`] or a denominator of 0 or above 2^63.
pub fn tent_power_exact(k: u32, numerator: i64, denominator: u64) -> Result<(i64, u64), NetError> {
    check_power(k)?;
    let bound = 1_u64 << 63;
    if denominator == 0 || denominator > bound {
        crate::TheoryError::check("denominator", denominator as f64, 1.0, bound as f64)?;
    }
    let (mut p, q) = (i128::from(numerator), i128::from(denominator));
    for _ in 0..k {
        p = if p <= 0 || p >= q { 0 } else { (2 * p).min(2 * (q - p)) };
    }
    let divisor = gcd(p.unsigned_abs(), q.unsigned_abs());
    // After one step p lies in [0, q]; without one it is the numerator itself. The divisor is >= 1 because q is.
    let reduce = |value: i128| value / i128::try_from(divisor).unwrap_or(1);
    Ok((i64::try_from(reduce(p)).unwrap_or(i64::MAX), u64::try_from(reduce(q)).unwrap_or(denominator)))
}

fn gcd(a: u128, b: u128) -> u128 {
    if b == 0 { a } else { gcd(b, a % b) }
}

pub(super) fn check_power(k: u32) -> Result<u32, NetError> {
    NetError::check_count("k", k as usize, 0, MAX_TENT_POWER as usize)?;
    Ok(k)
}

/// What is known of m^k on \[0, 1\], for k >= 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TentCounts {
    /// Affine pieces, 2^k.
    pub pieces: u64,
    /// Sign changes of m^k - 1/2, 2^k.
    pub crossings_of_half: u64,
    /// Intervals on which \[m^k >= 1/2\] is constant, 2^k + 1.
    pub classifier_intervals: u64,
    /// Peaks of height 1, 2^(k-1).
    pub teeth: u64,
    /// Largest |slope|, 2^k.
    pub max_abs_slope: u64,
    /// Points i 2^-k, i < 2^k, that m^k labels in turn 0 and 1.
    pub alternating_points: u64,
}

/// The counts of m^k.
///
/// # Errors
/// [`NetError::Range`] unless 1 <= k <= [`MAX_TENT_POWER`].
///
/// # Source
/// Telgarsky 2015, arXiv 1509.08101, Lemma 2.4.
pub fn tent_counts(k: u32) -> Result<TentCounts, NetError> {
    NetError::check_count("k", k as usize, 1, MAX_TENT_POWER as usize)?;
    let n = 1_u64 << k;
    Ok(TentCounts {
        pieces: n,
        crossings_of_half: n,
        classifier_intervals: n + 1,
        teeth: n / 2,
        max_abs_slope: n,
        alternating_points: n,
    })
}

/// m^k as a net of k hidden layers of two units, relu(y) and relu(y - 1/2), with 2k units and 6k + 1 parameters for k >= 1.
///
/// The outer relu of each tent is left to the next one's first unit, for relu(relu(y)) = relu(y) and
/// relu(relu(y) - 1/2) = relu(y - 1/2). The output is linear, so that m^1 goes below 0 outside \[0, 1\]; for k >= 2 the net
/// equals m^k everywhere. Telgarsky counts 2k layers because he keeps that relu.
///
/// # Errors
/// [`NetError::Range`] for k > [`MAX_TENT_POWER`].
pub fn tent_net(k: u32) -> Result<ReluNet, NetError> {
    check_power(k)?;
    let mut builder = Builder::new(1);
    let y = fold(&mut builder, k, Wire::unit(0));
    builder.finish(&y)
}

/// m^k of a wire.
pub(super) fn fold(builder: &mut Builder, k: u32, mut y: Wire) -> Wire {
    for _ in 0..k {
        let units = builder.layer(&[y.clone(), y.offset(-0.5)]);
        y = tent_of(&units[0], &units[1]);
    }
    y
}

/// 2 relu(y) - 4 relu(y - 1/2) from the two units.
pub(super) fn tent_of(unit: &Wire, unit_minus_half: &Wire) -> Wire {
    unit.clone().scaled(2.0).plus(&unit_minus_half.clone().scaled(-4.0))
}
