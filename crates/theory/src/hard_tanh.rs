//! Expectations of the clipped identity, phi(x) = min(max(x, -1), 1).
//!
//! phi' is the indicator of |x| < 1, so E phi'(u1) phi'(u2) = P(|z1| < a, |z2| < b) with a = 1/sqrt(q1), b = 1/sqrt(q2),
//! and dE phi phi/dc = sqrt(q1 q2) E phi' phi'. By Plackett's identity (1954) dP/dc is the normal density summed over
//! the corners of the rectangle, which leaves one smooth integral over omega = arccos of the correlation:
//!
//! ```text
//! P(c)   = P(0) + int_{arccos c}^{pi/2} p(omega) domega
//! E(c)   = sqrt(q1 q2) [c P(0) + int_{arccos c}^{pi/2} (c - cos omega) p(omega) domega]
//! pi p   = exp(-(a-b)^2/(2 sin^2 omega)) [exp(-ab/(1 + cos omega)) - exp(-ab/(1 - cos omega))]
//! ```
//!
//! for c >= 0; E is odd and P even in c.

use std::f64::consts::{FRAC_1_PI, FRAC_1_SQRT_2, FRAC_PI_2};
use std::sync::LazyLock;

use crate::activation::NORMAL_DENSITY_AT_0;
use crate::quadrature::legendre_rule;

const NODES: usize = 20;
static LEGENDRE: LazyLock<[(f64, f64); NODES]> = LazyLock::new(legendre_rule::<NODES>);

/// P(|z| < a).
fn central_probability(a: f64) -> f64 {
    libm::erf(a * FRAC_1_SQRT_2)
}

/// Standard normal density at a.
fn density(a: f64) -> f64 {
    NORMAL_DENSITY_AT_0 * libm::exp(-0.5 * a * a)
}

/// E z^2 over |z| < a: d/dq E phi(sqrt(q) z)^2 at q = 1/a^2.
fn central_second_moment(a: f64) -> f64 {
    if a > 0.7 {
        return central_probability(a) - 2.0 * a * density(a);
    }
    // The difference would cancel: 2 n(0) sum_k (-1/2)^k a^(2k+3)/(k! (2k+3)).
    let a2 = a * a;
    let (mut power, mut sum) = (a * a2, 0.0);
    for k in 0..14 {
        sum += power / f64::from(2 * k + 3);
        power *= -0.5 * a2 / f64::from(k + 1);
    }
    2.0 * NORMAL_DENSITY_AT_0 * sum
}

/// E phi^2 at variance q.
pub(crate) fn phi2(q: f64) -> f64 {
    if q == 0.0 {
        return 0.0;
    }
    let a = 1.0 / q.sqrt();
    q * central_second_moment(a) + libm::erfc(a * FRAC_1_SQRT_2)
}

/// E phi'^2 = E phi'^4 = E phi' at variance q.
pub(crate) fn dphi(q: f64) -> f64 {
    if q == 0.0 { 1.0 } else { central_probability(1.0 / q.sqrt()) }
}

/// d/dq E phi^2 at variance q.
pub(crate) fn dphi2_dq(q: f64) -> f64 {
    if q == 0.0 { 1.0 } else { central_second_moment(1.0 / q.sqrt()) }
}

/// q E phi'^2 - E phi^2 = 2 (n(a)/a - P(z > a)), which vanishes faster than any power of q.
pub(crate) fn excess(q: f64) -> f64 {
    if q == 0.0 {
        return 0.0;
    }
    let a = 1.0 / q.sqrt();
    (2.0 * density(a) / a - libm::erfc(a * FRAC_1_SQRT_2)).max(0.0)
}

/// p(omega), the derivative of P along the correlation cos(omega).
pub(crate) fn corner_density(a: f64, b: f64, omega: f64) -> f64 {
    let half_sine = libm::sin(0.5 * omega);
    let one_minus_cos = 2.0 * half_sine * half_sine;
    let sine2 = one_minus_cos * (2.0 - one_minus_cos);
    let near = libm::exp(-a * b / (2.0 - one_minus_cos));
    // exp(-ab/(1 - cos)) = near exp(-2 ab cos/sin^2): at large q the two exponentials nearly cancel.
    let share = -libm::expm1(-2.0 * a * b * (1.0 - one_minus_cos) / sine2);
    let apart = if a == b { 1.0 } else { libm::exp(-0.5 * (a - b) * (a - b) / sine2) };
    FRAC_1_PI * apart * near * share
}

/// (E phi(u1) phi(u2), E phi'(u1) phi'(u2)) at variances q1, q2 and correlation c.
pub(crate) fn pair(q1: f64, q2: f64, c: f64) -> (f64, f64) {
    if q1 == 0.0 || q2 == 0.0 {
        return (0.0, dphi(q1) * dphi(q2));
    }
    let (a, b) = (1.0 / q1.sqrt(), 1.0 / q2.sqrt());
    let independent = central_probability(a) * central_probability(b);
    let magnitude = c.abs();
    let omega_c = libm::acos(magnitude);
    // p changes on the scales |a - b| and sqrt(ab) near omega = 0: panels halve towards it, down to the smaller one.
    let mut smallest = (a * b).sqrt();
    if a != b {
        smallest = smallest.min((a - b).abs());
    }
    smallest = (0.1 * smallest).clamp(1e-9, FRAC_PI_2);
    let (mut probability, mut moment) = (0.0, 0.0);
    let mut upper = FRAC_PI_2;
    while upper > omega_c {
        let lower = if upper > smallest { (0.5 * upper).max(omega_c) } else { omega_c };
        let (middle, half) = (0.5 * (upper + lower), 0.5 * (upper - lower));
        for &(x, weight) in LEGENDRE.iter() {
            let omega = middle + half * x;
            let value = half * weight * corner_density(a, b, omega);
            probability += value;
            // c - cos omega, without cancellation near c = 1.
            moment += value * 2.0 * libm::sin(0.5 * (omega - omega_c)) * libm::sin(0.5 * (omega + omega_c));
        }
        upper = lower;
    }
    let product = (magnitude * independent + moment) / (a * b);
    (if c < 0.0 { -product } else { product }, independent + probability)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn branches_of_the_second_moment_meet() {
        // At a = 0.7 the difference loses a factor 10 to cancellation: 1e-14 relative.
        let (below, above) = (central_second_moment(0.7), central_second_moment(0.7 + 1e-15));
        assert!((below / above - 1.0).abs() < 1e-14, "{below} {above}");
    }

    #[test]
    fn full_correlation_is_the_one_dimensional_law() {
        for q in [1e-3, 0.1, 1.0, 30.0, 1e4, 1e6] {
            let (product, slope) = pair(q, q, 1.0);
            assert!((product / phi2(q) - 1.0).abs() < 1e-12, "q {q}: {product} {}", phi2(q));
            assert!((slope / dphi(q) - 1.0).abs() < 1e-12, "q {q}: {slope} {}", dphi(q));
        }
    }
}
