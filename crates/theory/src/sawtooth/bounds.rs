//! How badly few pieces must fit many teeth.
//!
//! The task is the *n-ap* of Telgarsky 2015: n = 2^k points i 2^-k, i < n, labelled i mod 2. A function g labels x by
//! \[g(x) >= 1/2\]. All bounds follow from how many pieces g can have.

use super::error::NetError;
use super::tent::check_power;

/// Largest n times N of [`min_errors_dp`].
pub const MAX_DP_STEPS: usize = 1 << 26;

/// The points and labels of the n-ap, n = 2^k.
///
/// # Errors
/// [`NetError::Range`] for k > 30.
pub fn alternating_points(k: u32) -> Result<impl Iterator<Item = (f64, bool)>, NetError> {
    let n = 1_u64 << check_power(k)?;
    // Both are exact: a power of two divides.
    Ok((0..n).map(move |i| (i as f64 / n as f64, i % 2 == 1)))
}

/// How many of the n = 2^k alternating points \[g(x) >= 1/2\] labels wrongly; g is called n times.
///
/// # Errors
/// [`NetError::Range`] for k > 30.
pub fn alternating_errors(k: u32, mut g: impl FnMut(f64) -> f64) -> Result<u64, NetError> {
    let wrong = alternating_points(k)?.filter(|&(x, label)| (g(x) >= 0.5) != label);
    Ok(wrong.count() as u64)
}

/// (2m)^l: a relu net of l layers of at most m nodes has no more affine pieces. `u128::MAX` stands for all larger numbers.
///
/// # Source
/// Telgarsky 2015, arXiv 1509.08101, Lemmas 2.2 and 2.3, relu being 2-sawtooth.
#[must_use]
pub fn sawtooth_pieces(m: u64, l: u32) -> u128 {
    (2 * u128::from(m)).saturating_pow(l)
}

/// m + 1: the most affine pieces of a net of one hidden layer of m units, for each unit has one kink.
#[must_use]
pub fn shallow_pieces(m: u64) -> u128 {
    u128::from(m) + 1
}

/// max(0, (n - 4t)/(3n)): the least part of the n = 2^k alternating points that a function of t affine pieces labels wrongly.
///
/// # Errors
/// [`NetError::Range`] for k > 30.
///
/// # Source
/// Telgarsky 2015, arXiv 1509.08101, Lemma 2.1.
pub fn lemma_2_1_error(k: u32, t: u128) -> Result<f64, NetError> {
    let n = (1_u64 << check_power(k)?) as f64;
    Ok(((n - 4.0 * t as f64) / (3.0 * n)).max(0.0))
}

/// 1/6, the least error on the n-ap of every net of l layers of at most m nodes, if m <= 2^((k-3)/l - 1), that is
/// (2m)^l <= 2^(k-3); `None` otherwise. The net m^k has none, with 2 nodes in each of 2k layers.
///
/// # Errors
/// [`NetError::Range`] for k > 30.
///
/// # Source
/// Telgarsky 2015, arXiv 1509.08101, Theorem 1.1.
pub fn theorem_1_1_error(k: u32, m: u64, l: u32) -> Result<Option<f64>, NetError> {
    check_power(k)?;
    let few = k.checked_sub(3).is_some_and(|power| sawtooth_pieces(m, l) <= 1 << power);
    Ok(few.then_some(1.0 / 6.0))
}

/// t + 1: the most intervals on which the label of a continuous function of t affine pieces is constant, for each piece
/// crosses 1/2 at most once.
#[must_use]
pub fn crossing_intervals(t: u128) -> u128 {
    t.saturating_add(1)
}

/// max(0, (n - N)/(2n)): the least part of the n = 2^k alternating points that a classifier of N constant intervals labels
/// wrongly, for it errs on at least floor(p/2) of p points in one interval.
///
/// # Errors
/// [`NetError::Range`] for k > 30.
///
/// # Source
/// Elementary; the shape of the crossing-number lemma of Telgarsky 2016, arXiv 1602.04485.
pub fn crossing_error(k: u32, n_intervals: u128) -> Result<f64, NetError> {
    let n = (1_u64 << check_power(k)?) as f64;
    Ok(((n - n_intervals as f64) / (2.0 * n)).max(0.0))
}

/// The same as a whole number: max(0, ceil((n - N)/2)) of the n = 2^k points, attained for every N >= 1.
///
/// # Errors
/// [`NetError::Range`] for k > 30.
pub fn min_errors(k: u32, n_intervals: u128) -> Result<u64, NetError> {
    let n = 1_u64 << check_power(k)?;
    Ok(u64::try_from(n_intervals).map_or(0, |intervals| n.saturating_sub(intervals).div_ceil(2)))
}

/// The exact least number of wrong labels over all classifiers of at most N constant intervals, for any labels of points in
/// order: dynamic programming over (points seen, intervals used, label of the last).
///
/// # Errors
/// [`NetError::Range`] for N = 0 or if labels times N exceeds [`MAX_DP_STEPS`].
pub fn min_errors_dp(labels: &[bool], n_intervals: usize) -> Result<u64, NetError> {
    // More intervals than points are of no use.
    let n_intervals = n_intervals.min(labels.len().max(1));
    NetError::check_count("N", n_intervals, 1, usize::MAX)?;
    NetError::check_count("n N", labels.len().saturating_mul(n_intervals), 0, MAX_DP_STEPS)?;
    // errors[j][label]: j + 1 intervals, the last with this label.
    let mut errors = vec![[0_u64; 2]; n_intervals];
    for &label in labels {
        for j in (0..n_intervals).rev() {
            let switched = if j == 0 { [u64::MAX; 2] } else { [errors[j - 1][1], errors[j - 1][0]] };
            for side in 0..2 {
                let wrong = u64::from((side == 1) != label);
                errors[j][side] = errors[j][side].min(switched[side]).saturating_add(wrong);
            }
        }
    }
    // Intervals may be empty: every cell starts from no errors.
    Ok(errors.iter().flatten().copied().min().unwrap_or(0))
}
