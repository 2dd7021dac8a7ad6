//! The logistic function as a mixture of normal distribution functions.
//!
//! Logistic noise is normal noise of random scale (Andrews & Mallows 1974; Stefanski 1991):
//!
//! ```text
//! 1/(1 + e^-x) = E_tau Phi(x/tau),   P(tau <= t) = 1 + 2 sum_{j>=1} (-1)^j exp(-j^2 t^2/2)
//! ```
//!
//! (tau/2 has Kolmogorov's distribution). tanh, sigmoid, silu and softplus are made of the logistic function, and for a
//! Phi(x/tau) every Gaussian expectation of this crate is elementary. So a rule of a few nodes tau_i turns each map into
//! a short sum of closed forms, which holds for every q and c alike: no panel has to resolve the step that tanh(sqrt(q)
//! z) becomes at large q, nor the ridge on which z1 = z2 lie as c tends to 1.
//!
//! The rule is the trapezoidal one in ln tau. Phi(x e^-t) is bounded for |Im t| < pi/4, so with spacing h the error is
//! of order e^(-pi^2/(2h)), for all x at once.

use std::f64::consts::PI;
use std::sync::LazyLock;

/// One normal distribution function Phi(x/tau) of a mixture.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    /// tau^2, the variance of the noise.
    pub(crate) tau2: f64,
    /// Its weight; the weights of a mixture sum to 1.
    pub(crate) weight: f64,
}

/// e^(-pi^2/(2h)) is 7e-18 for h = 1/8; measured: 5e-15.
pub(crate) static LOGISTIC: LazyLock<Vec<Node>> = LazyLock::new(|| logistic_rule(0.125, 0.0, 1.0));
/// tanh x = 2 logistic(2x) - 1: the same rule at half the scale.
pub(crate) static TANH: LazyLock<Vec<Node>> = LazyLock::new(|| logistic_rule(0.125, 0.0, 0.5));
/// A quarter of the work for maps that are drawn in single precision: error 1.2e-7.
pub(crate) static LOGISTIC_COARSE: LazyLock<Vec<Node>> = LazyLock::new(|| logistic_rule(0.25, 0.5, 1.0));
/// As [`LOGISTIC_COARSE`], for tanh.
pub(crate) static TANH_COARSE: LazyLock<Vec<Node>> = LazyLock::new(|| logistic_rule(0.25, 0.5, 0.5));

/// erf x = 2 Phi(sqrt(2) x) - 1.
pub(crate) static ERF: [Node; 1] = [Node { tau2: 0.5, weight: 1.0 }];
/// erf(sqrt(pi) x/2) = 2 Phi(sqrt(pi/2) x) - 1.
pub(crate) static ERF_UNIT_SLOPE: [Node; 1] = [Node { tau2: 2.0 / PI, weight: 1.0 }];
/// gelu x = x Phi(x).
pub(crate) static GELU: [Node; 1] = [Node { tau2: 1.0, weight: 1.0 }];

/// Nodes tau = scale exp(spacing (k + shift)) where the density is above rounding.
fn logistic_rule(spacing: f64, shift: f64, scale: f64) -> Vec<Node> {
    // Below ln tau = -1.1 and above 2.25 (tau = 0.33 and 9.5) the density is below 1e-17.
    let first = libm::ceil(-1.1 / spacing - shift) as i32;
    let last = libm::floor(2.25 / spacing - shift) as i32;
    let mut nodes: Vec<Node> = (first..=last)
        .map(|k| {
            let tau = libm::exp(spacing * (f64::from(k) + shift));
            Node { tau2: scale * scale * tau * tau, weight: spacing * tau * logistic_scale_density(tau) }
        })
        .collect();
    let total: f64 = nodes.iter().map(|node| node.weight).sum();
    for node in &mut nodes {
        node.weight /= total;
    }
    nodes
}

/// Density of tau: the theta series above, and its transform F(t) = (2 sqrt(2 pi)/t) sum_{odd k} exp(-k^2 pi^2/(2 t^2))
/// for small t. Both converge to rounding within 5 terms near t = 2.
fn logistic_scale_density(t: f64) -> f64 {
    let mut sum = 0.0;
    if t < 2.0 {
        for k in [1.0, 3.0, 5.0, 7.0] {
            let a = k * PI / t;
            sum += libm::exp(-0.5 * a * a) * (a * a - 1.0);
        }
        2.0 * (2.0 * PI).sqrt() / (t * t) * sum
    } else {
        for j in [1.0, 2.0, 3.0, 4.0, 5.0, 6.0] {
            let sign = if j % 2.0 == 1.0 { 1.0 } else { -1.0 };
            sum += sign * j * j * libm::exp(-0.5 * j * j * t * t);
        }
        2.0 * t * sum
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::activation::normal_cdf;

    fn largest_error(nodes: &[Node]) -> f64 {
        let mut worst: f64 = 0.0;
        for k in -800..=800 {
            let x = 0.05 * f64::from(k);
            let mixture: f64 = nodes.iter().map(|node| node.weight * normal_cdf(x / node.tau2.sqrt())).sum();
            worst = worst.max((mixture - 1.0 / (1.0 + libm::exp(-x))).abs());
        }
        worst
    }

    #[test]
    fn mixtures_are_the_logistic_function() {
        // The errors stated where the rules are defined, with room for rounding.
        let fine = largest_error(&LOGISTIC);
        assert!(fine < 1e-14, "{fine:e}");
        let coarse = largest_error(&LOGISTIC_COARSE);
        assert!(coarse < 1.5e-7, "{coarse:e}");
        println!("{} nodes: {fine:e}, {} nodes: {coarse:e}", LOGISTIC.len(), LOGISTIC_COARSE.len());
    }

    #[test]
    fn slope_at_zero_is_a_quarter() {
        let slope: f64 = LOGISTIC.iter().map(|node| node.weight / (2.0 * PI * node.tau2).sqrt()).sum();
        assert!((slope - 0.25).abs() < 1e-14, "{slope}");
    }
}
