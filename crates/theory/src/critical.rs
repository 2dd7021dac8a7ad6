//! The critical line chi_1 = 1.

use crate::activation::Activation;
use crate::family::Family;
use crate::fixed_point::LengthFixedPoint;
use crate::length::moments;
use crate::mean_field::{MeanField, SIGMA_MAX};

/// A point of the line chi_1 = 1 at a given sigma_b.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CriticalPoint {
    /// The sigma_w with chi_1 = 1.
    pub sigma_w: f64,
    /// The length at which chi_1 = 1: 0 in the limit sigma_b to 0 for odd activations, infinite for relu and its like
    /// with a bias.
    pub q_star: f64,
    /// V'(q*) there.
    pub chi_q: f64,
}

/// How far a line for plotting may run in sigma_b before it is cut: beyond, lengths are out of any range of interest.
const LENGTH_MAX: f64 = 1e12;
/// Relative distance within which the limit of lengths counts as the length asked for.
const SAME_LENGTH: f64 = 1e-6;

/// Where chi_1 = 1 at the given sigma_b >= 0, if anywhere.
///
/// With phi'^2 and phi^2 averaged at q, chi_1 = 1 and V(q) = q give sigma_w^2 = 1/E phi'^2 and
///
/// ```text
/// sigma_b^2 = (q E phi'^2 - E phi^2)/E phi'^2
/// ```
///
/// whose right-hand side increases in q. What this means for each activation:
///
/// - tanh, erf, hard tanh, sine: one point; at sigma_b = 0 the limit sigma_w = 1/phi'(0), q* = 0, chi_q = 1.
/// - sigmoid: one point, at a large sigma_w (q* stays above 0).
/// - relu, leaky relu, linear: chi_1 = sigma_w^2 E phi'^2 does not depend on q, so the line is the vertical one,
///   sigma_w = sqrt(2) for relu. Without bias every length is kept there (q* = 1 is the limit from q0 = 1); with a bias
///   lengths grow linearly with depth and `q_star` is infinite. It is at the same time the border of the unbounded phase.
/// - gelu, silu: a point only where lengths from q0 = 1 do reach the length with chi_1 = 1, which needs a large sigma_b.
/// - softplus: `None`; chi_1 < 1 wherever lengths stay bounded.
///
/// `None` also for a sigma_b that is not in \[0, [`SIGMA_MAX`]\].
pub fn critical_line(activation: Activation, sigma_b: f64) -> Option<CriticalPoint> {
    if !(0.0..=SIGMA_MAX).contains(&sigma_b) {
        return None;
    }
    let family = Family::of(activation);
    if let Some(gain) = family.homogeneous_gain() {
        let q_star = if sigma_b == 0.0 { 1.0 } else { f64::INFINITY };
        return Some(CriticalPoint { sigma_w: 1.0 / gain.sqrt(), q_star, chi_q: 1.0 });
    }
    let point = point_at(family, critical_length(family, sigma_b * sigma_b)?);
    reaches(activation, sigma_b, point).then_some(point)
}

/// The ordinate at which a line through points first has the abscissa `x`, by interpolation; `None` where it never has. For
/// reading values off [`critical_line_points`] as exactly as a picture shows them.
pub fn ordinate_at(line: &[(f64, f64)], x: f64) -> Option<f64> {
    line.windows(2).find_map(|ends| {
        let ((x_0, y_0), (x_1, y_1)) = (ends[0], ends[1]);
        let share = (x - x_0) / (x_1 - x_0);
        (0.0..=1.0).contains(&share).then_some(y_0 + share * (y_1 - y_0))
    })
}

/// `n` points (sigma_b, sigma_w) of the critical line from sigma_b = 0 to `sigma_b_max`, for plotting.
///
/// They are spaced evenly in sqrt(q*), which resolves the cusp sigma_w - 1 ~ sigma_b^(2/3) at sigma_b = 0 (in the fourth
/// root of q* for gelu and silu, where sigma_b^4 ~ q*). Empty where the line does not exist, shorter where it does only for the larger sigma_b (gelu, silu).
pub fn critical_line_points(activation: Activation, sigma_b_max: f64, n: usize) -> Vec<(f64, f64)> {
    if n < 2 || !(0.0..=SIGMA_MAX).contains(&sigma_b_max) {
        return Vec::new();
    }
    let last = (n - 1) as f64;
    let family = Family::of(activation);
    if let Some(gain) = family.homogeneous_gain() {
        return (0..n).map(|i| (sigma_b_max * i as f64 / last, 1.0 / gain.sqrt())).collect();
    }
    let (Some(q_first), Some(q_last)) =
        (critical_length(family, 0.0), critical_length(family, sigma_b_max * sigma_b_max))
    else {
        return Vec::new();
    };
    let sample = |i: usize| {
        let t = i as f64 / last;
        let share = if family.is_concave() { t * t } else { t * t * t * t };
        let q = q_first + (q_last - q_first) * share;
        let sigma_b = if i == 0 {
            0.0
        } else if i + 1 == n {
            sigma_b_max
        } else {
            bias_variance(family, q).max(0.0).sqrt()
        };
        (sigma_b, point_at(family, q))
    };
    let is_reached = |i: usize| {
        let (sigma_b, point) = sample(i);
        reaches(activation, sigma_b, point)
    };
    // Where only a part of the line is reached, it is the part of large sigma_b: bisect for its start.
    if !is_reached(n - 1) {
        return Vec::new();
    }
    let (mut missed, mut reached) = (0, n - 1);
    if is_reached(0) {
        reached = 0;
    }
    while reached > missed + 1 {
        let middle = usize::midpoint(missed, reached);
        if is_reached(middle) {
            reached = middle;
        } else {
            missed = middle;
        }
    }
    (reached..n)
        .map(|i| {
            let (sigma_b, point) = sample(i);
            (sigma_b, point.sigma_w)
        })
        .collect()
}

/// sigma_b^2 of the point with chi_1 = 1 and length q.
fn bias_variance(family: Family, q: f64) -> f64 {
    let at_q = moments(family, q);
    at_q.excess / at_q.dphi2
}

fn point_at(family: Family, q: f64) -> CriticalPoint {
    let at_q = moments(family, q);
    CriticalPoint { sigma_w: 1.0 / at_q.dphi2.sqrt(), q_star: q, chi_q: at_q.phi2_slope / at_q.dphi2 }
}

/// Whether lengths from q0 = 1 settle at the point's length. Always so where V is concave.
fn reaches(activation: Activation, sigma_b: f64, point: CriticalPoint) -> bool {
    if Family::of(activation).is_concave() {
        return true;
    }
    let limit = MeanField::new(activation, point.sigma_w, sigma_b).map(|mean_field| mean_field.fixed_point());
    match limit {
        Ok(LengthFixedPoint::Finite { q_star }) => (q_star / point.q_star - 1.0).abs() < SAME_LENGTH,
        _ => false,
    }
}

/// The q with `bias_variance(q)` = sigma_b^2, by false position on ln q with bisection every third step.
fn critical_length(family: Family, sigma_b2: f64) -> Option<f64> {
    let at_zero = bias_variance(family, 0.0);
    if sigma_b2 == 0.0 && at_zero == 0.0 {
        return Some(0.0);
    }
    // Where the bias variance is a power of q its logarithm is a line in ln q; it may be negative only for sigmoid.
    let logarithmic = at_zero >= 0.0;
    let gap = |q: f64| {
        let value = bias_variance(family, q);
        if !logarithmic {
            value - sigma_b2
        } else if value > 0.0 {
            libm::log(value / sigma_b2)
        } else {
            f64::NEG_INFINITY
        }
    };
    let (mut low, mut high) = (1.0, 1.0);
    let (mut at_low, mut at_high) = (gap(1.0), gap(1.0));
    while at_high < 0.0 {
        (low, at_low) = (high, at_high);
        high *= 4.0;
        // Lengths beyond serve no sigma_b below SIGMA_MAX but the largest; softplus never gets there.
        if high > LENGTH_MAX * (1.0 + sigma_b2) {
            return None;
        }
        at_high = gap(high);
    }
    while at_low > 0.0 {
        (high, at_high) = (low, at_low);
        low *= 0.25;
        if low < 1e-300 {
            return None;
        }
        at_low = gap(low);
    }
    for step in 0..200 {
        if high - low <= 4.0 * f64::EPSILON * low {
            break;
        }
        let fraction = at_low / (at_low - at_high);
        let middle = if step % 3 == 2 || !(fraction > 0.0 && fraction < 1.0) {
            low.sqrt() * high.sqrt()
        } else {
            low * libm::exp(fraction * libm::log(high / low))
        };
        if middle <= low || middle >= high {
            break;
        }
        let at_middle = gap(middle);
        if at_middle == 0.0 {
            return Some(middle);
        }
        if at_middle < 0.0 {
            (low, at_low) = (middle, at_middle);
            at_high *= 0.5;
        } else {
            (high, at_high) = (middle, at_middle);
            at_low *= 0.5;
        }
    }
    Some(if at_low.abs() < at_high.abs() { low } else { high })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_read_off_a_line() {
        let line = [(0.0, 1.0), (2.0, 5.0), (1.0, 8.0), (1.0, 9.0)];
        assert_eq!([0.0, 0.5, 2.0].map(|x| ordinate_at(&line, x)), [Some(1.0), Some(2.0), Some(5.0)]);
        assert_eq!((ordinate_at(&line, 2.1), ordinate_at(&line[2..], 1.5), ordinate_at(&[], 0.0)), (None, None, None));
    }
}
