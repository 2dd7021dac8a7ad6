//! Gauss-Legendre quadrature against the normal density, in one and two dimensions.
//!
//! This is the slow, general route: it knows nothing of an activation but its values, its kinks and that it changes on
//! a scale of about 1 around 0 and around each kink. The maps of this crate use closed forms instead (see
//! the module `kernel` in the source); the tests compare the two.

use std::f64::consts::PI;
use std::sync::LazyLock;

use crate::activation::NORMAL_DENSITY_AT_0;

/// Nodes of a panel. On a panel as long as its distance to the nearest singularity (the tails, where a panel doubles
/// its distance from the centre) the error falls as (3 + sqrt 8)^(-2 NODES).
const NODES: usize = 20;
/// Range of z: the density at 9.5 is 1e-20.
const Z_MAX: f64 = 9.5;
/// Longest panel in z, for which e^(-z^2/2) is integrated to rounding.
const LONGEST_PANEL: f64 = 1.25;

static LEGENDRE: LazyLock<[(f64, f64); NODES]> = LazyLock::new(legendre_rule::<NODES>);

/// Nodes and weights of the N-point Gauss-Legendre rule on \[-1, 1\], by Newton's method on P_N.
pub(crate) fn legendre_rule<const N: usize>() -> [(f64, f64); N] {
    let mut rule = [(0.0, 0.0); N];
    let n = N as f64;
    for (i, entry) in rule.iter_mut().enumerate() {
        let mut x = libm::cos(PI * (i as f64 + 0.75) / (n + 0.5));
        let mut slope = 1.0;
        for _ in 0..8 {
            let (mut previous, mut current) = (1.0, x);
            for k in 2..=N {
                let k = k as f64;
                (previous, current) = (current, ((2.0 * k - 1.0) * x * current - (k - 1.0) * previous) / k);
            }
            slope = n * (x * current - previous) / (x * x - 1.0);
            x -= current / slope;
        }
        *entry = (x, 2.0 / ((1.0 - x * x) * slope * slope));
    }
    rule
}

/// Nodes z and weights of the `count`-point Gauss-Hermite rule for the standard normal density, 1 <= `count` <= 200: the
/// sum of weight f(z) is E f(z) for polynomials f of degree below 2 `count`.
///
/// Many programs for mean-field theory use this rule. It is not to be trusted for tanh(sqrt(q) z) at large q, whose step
/// is narrower than the distance of two nodes: with 64 nodes, chi_1 of tanh at q = 12 is 15 % too small.
pub fn hermite_rule(count: usize) -> Vec<(f64, f64)> {
    let count = count.clamp(1, 200);
    let n = count as f64;
    let mut rule: Vec<(f64, f64)> = Vec::with_capacity(count);
    // Roots from the largest down to 0 (the rule is even), each started from those before it.
    let mut roots: Vec<f64> = Vec::new();
    for i in 0..count.div_ceil(2) {
        let mut z = match i {
            0 => (2.0 * n + 1.0).sqrt() * std::f64::consts::SQRT_2 - 2.6239 / libm::cbrt(2.0 * n + 1.0).sqrt(),
            1 => roots[0] - 1.6124 * libm::pow(n, 0.426) / roots[0].max(1.0),
            2 => 1.86 * roots[1] - 0.86 * roots[0],
            3 => 1.91 * roots[2] - 0.91 * roots[1],
            _ => 2.0 * roots[i - 1] - roots[i - 2],
        };
        let mut below = 0.0;
        for _ in 0..60 {
            // Normalised: sqrt(k + 1) h_{k+1} = z h_k - sqrt(k) h_{k-1}, and h_n' = sqrt(n) h_{n-1}.
            let (mut previous, mut current) = (0.0, 1.0);
            for k in 0..count {
                let k = k as f64;
                (previous, current) = (current, (z * current - k.sqrt() * previous) / (k + 1.0).sqrt());
            }
            below = previous;
            let step = current / (n.sqrt() * previous);
            z -= step;
            if step.abs() < 1e-15 * (1.0 + z.abs()) {
                break;
            }
        }
        roots.push(z);
        let weight = 1.0 / (n * below * below);
        if 2 * i + 1 == count {
            rule.push((0.0, weight));
        } else {
            rule.extend([(z, weight), (-z, weight)]);
        }
    }
    rule.sort_by(|left, right| left.0.total_cmp(&right.0));
    rule
}

/// Integral of f over [a, b] with one panel.
fn panel(a: f64, b: f64, mut f: impl FnMut(f64) -> f64) -> f64 {
    let (middle, half) = (0.5 * (a + b), 0.5 * (b - a));
    let mut sum = 0.0;
    for &(x, weight) in LEGENDRE.iter() {
        sum += weight * f(middle + half * x);
    }
    half * sum
}

/// Panel edges on [-Z_MAX, Z_MAX]: around each centre the first panel has length `scale`, the next ones double, none
/// is longer than `LONGEST_PANEL`.
fn graded_edges(centres: &[f64], scale: f64) -> Vec<f64> {
    let mut edges = vec![-Z_MAX, Z_MAX];
    for &centre in centres {
        let centre = centre.clamp(-Z_MAX, Z_MAX);
        edges.push(centre);
        let mut distance = scale;
        while distance < 2.0 * Z_MAX {
            edges.extend([centre - distance, centre + distance]);
            distance += distance.min(LONGEST_PANEL);
        }
    }
    edges.retain(|edge| edge.abs() <= Z_MAX);
    edges.sort_by(f64::total_cmp);
    edges.dedup();
    edges
}

/// E f(mean + std z), z ~ N(0, 1), for f that changes on the scale 1 around 0 and around its `kinks`.
///
/// Relative error near 1e-14 for the activations of this crate, their derivatives and products, for std from 0 to 1e3
/// (relative to the largest value of f on the range that matters).
pub fn normal_expectation(f: impl Fn(f64) -> f64, mean: f64, std: f64, kinks: &[f64]) -> f64 {
    if std == 0.0 {
        return f(mean);
    }
    let mut centres = vec![-mean / std];
    centres.extend(kinks.iter().map(|kink| (kink - mean) / std));
    integrate(&graded_edges(&centres, (1.0 / std).min(LONGEST_PANEL)), |z| f(mean + std * z))
}

/// E f1(u1) f2(u2) for jointly normal u1, u2 with mean 0, variances q1, q2 and correlation c, by nested quadrature.
///
/// `kinks` are those of f1 and of f2 alike. Costs about 1e5 evaluations.
pub fn pair_expectation(
    f1: impl Fn(f64) -> f64,
    f2: impl Fn(f64) -> f64,
    q1: f64,
    q2: f64,
    c: f64,
    kinks: &[f64],
) -> f64 {
    let (std1, std2) = (q1.sqrt(), q2.sqrt());
    let rest = ((1.0 - c) * (1.0 + c)).sqrt();
    // Given z1, u2 has mean c std2 z1: seen from z1 its features lie at kink/(c std2), blurred by rest/|c|.
    let mut centres = vec![0.0];
    let mut scale = (1.0 / std1).min(LONGEST_PANEL);
    centres.extend(kinks.iter().map(|kink| kink / std1));
    if c != 0.0 {
        centres.extend(kinks.iter().map(|kink| kink / (c * std2)));
        // A smooth f2 keeps its own width 1/(|c| std2) when the blur is less; a kink has none.
        let blur = rest / c.abs();
        let width = if kinks.is_empty() || blur == 0.0 { 1.0 / (std2 * c.abs()) } else { 0.0 };
        scale = scale.min(blur.max(width));
    }
    centres.retain(|centre| centre.is_finite());
    integrate(&graded_edges(&centres, scale), |z| {
        f1(std1 * z) * normal_expectation(&f2, c * std2 * z, rest * std2, kinks)
    })
}

/// Sum over panels of f(z) times the normal density.
fn integrate(edges: &[f64], f: impl Fn(f64) -> f64) -> f64 {
    let mut sum = 0.0;
    for pair in edges.windows(2) {
        sum += panel(pair[0], pair[1], |z| f(z) * libm::exp(-0.5 * z * z));
    }
    NORMAL_DENSITY_AT_0 * sum
}

/// The coefficients a_k = E phi(sqrt(q) z) h_k(z), k < count, h_k the normalised Hermite polynomials, of a function f
/// with the given kinks, so that E f(u1) f(u2) = sum_k a_k^2 c^k (Mehler's formula).
pub fn hermite_coefficients(f: impl Fn(f64) -> f64, q: f64, kinks: &[f64], count: usize) -> Vec<f64> {
    let std = q.sqrt();
    let mut centres = vec![0.0];
    centres.extend(kinks.iter().map(|kink| kink / std));
    // h_k has zeros about pi/sqrt(k) apart.
    let scale = (1.0 / std).min(LONGEST_PANEL / (1.0 + 0.1 * (count as f64).sqrt()));
    let edges = graded_edges(&centres, scale);
    let mut coefficients = vec![0.0; count];
    for pair in edges.windows(2) {
        let (middle, half) = (0.5 * (pair[0] + pair[1]), 0.5 * (pair[1] - pair[0]));
        for &(x, weight) in LEGENDRE.iter() {
            let z = middle + half * x;
            let value = half * weight * NORMAL_DENSITY_AT_0 * libm::exp(-0.5 * z * z) * f(std * z);
            let (mut previous, mut current) = (0.0, 1.0);
            for (k, coefficient) in coefficients.iter_mut().enumerate() {
                *coefficient += value * current;
                let k = k as f64;
                (previous, current) = (current, (z * current - k.sqrt() * previous) / (k + 1.0).sqrt());
            }
        }
    }
    coefficients
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_of_the_normal_law() {
        // Exact values 1, sigma^2 + mean^2, 3 sigma^4 (mean 0); tolerance 1e-13 is rounding of about 400 terms.
        assert!((normal_expectation(|_| 1.0, 0.3, 2.0, &[]) - 1.0).abs() < 1e-13);
        assert!((normal_expectation(|x| x * x, 0.5, 2.0, &[]) - 4.25).abs() < 1e-13 * 4.25);
        assert!((normal_expectation(|x| x * x * x * x, 0.0, 30.0, &[]) / (3.0 * 810_000.0) - 1.0).abs() < 1e-13);
    }

    #[test]
    fn hermite_rules_are_exact_for_polynomials() {
        for count in [1, 2, 3, 5, 10, 21, 32, 64, 100, 199, 200] {
            let rule = hermite_rule(count);
            assert_eq!(rule.len(), count);
            assert!(rule.windows(2).all(|pair| pair[0].0 < pair[1].0), "{count} nodes are distinct");
            // E z^(2k) = (2k - 1)!!, to rounding of a sum of `count` terms of one sign.
            let mut exact = 1.0;
            for k in 0..count.min(8) {
                let moment: f64 = rule.iter().map(|&(z, weight)| weight * (0..2 * k).map(|_| z).product::<f64>()).sum();
                assert!((moment / exact - 1.0).abs() < 1e-12, "{count} nodes, E z^{}: {moment}", 2 * k);
                exact *= (2 * k + 1) as f64;
            }
        }
    }

    #[test]
    fn legendre_rule_is_exact_for_polynomials() {
        let rule = legendre_rule::<5>();
        for degree in 0..10_u32 {
            let sum: f64 = rule.iter().map(|&(x, weight)| weight * (0..degree).map(|_| x).product::<f64>()).sum();
            let exact = if degree % 2 == 0 { 2.0 / f64::from(degree + 1) } else { 0.0 };
            assert!((sum - exact).abs() < 1e-15, "degree {degree}: {sum} against {exact}");
        }
    }
}
