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
//! The rule for numbers is the trapezoidal one in ln tau. Phi(x e^-t) is bounded for |Im t| < pi/4, so with spacing h the error is
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

/// 28 nodes, error 5e-15.
pub(crate) static LOGISTIC: LazyLock<Vec<Node>> = LazyLock::new(|| trapezoidal_rule(1.0));
/// tanh x = 2 logistic(2x) - 1: the same rule at half the scale.
pub(crate) static TANH: LazyLock<Vec<Node>> = LazyLock::new(|| trapezoidal_rule(0.5));
/// A seventh of the work for maps that are drawn in single precision: error 7e-9.
pub(crate) static LOGISTIC_COARSE: LazyLock<Vec<Node>> = LazyLock::new(|| coarse_rule(1.0));
/// As [`LOGISTIC_COARSE`], for tanh.
pub(crate) static TANH_COARSE: LazyLock<Vec<Node>> = LazyLock::new(|| coarse_rule(0.5));

/// (tau, weight) of the Gaussian quadrature in ln tau with the density of tau as weight function. Computed in 60 digits
/// from the trapezoidal rule of spacing 1/32 by Lanczos' method.
const GAUSS_RULE: [(f64, f64); 10] = [
    (0.604_503_145_158_677, 0.000_069_566_939_142_826_93),
    (0.756_680_054_361_758_4, 0.004_269_207_908_548_157),
    (0.944_158_228_722_933_6, 0.047_389_418_027_908_31),
    (1.188_291_082_984_385, 0.180_704_830_074_298_05),
    (1.512_083_193_398_785_4, 0.312_182_657_537_015_6),
    (1.938_429_881_136_346_3, 0.282_386_436_033_176_76),
    (2.482_521_489_199_464, 0.137_923_705_813_558),
    (3.152_796_723_181_404, 0.032_311_345_253_772),
    (3.970_601_652_581_289, 0.002_720_151_435_003_654),
    (5.014_787_011_649_723, 0.000_042_680_977_576_607_15),
];

/// erf x = 2 Phi(sqrt(2) x) - 1.
pub(crate) static ERF: [Node; 1] = [Node { tau2: 0.5, weight: 1.0 }];
/// erf(sqrt(pi) x/2) = 2 Phi(sqrt(pi/2) x) - 1.
pub(crate) static ERF_UNIT_SLOPE: [Node; 1] = [Node { tau2: 2.0 / PI, weight: 1.0 }];
/// gelu x = x Phi(x).
pub(crate) static GELU: [Node; 1] = [Node { tau2: 1.0, weight: 1.0 }];

/// Spacing of the trapezoidal rule. e^(-pi^2/(2h)) is 7e-18; measured, with rounding: 5e-15.
const SPACING: f64 = 0.125;

/// Nodes tau = e^(SPACING k) where the density is above rounding, for scale times the noise.
fn trapezoidal_rule(scale: f64) -> Vec<Node> {
    // Below tau = 0.32 and above 9.5 the density is below 1e-17.
    let mut nodes: Vec<Node> = (-9..=18)
        .map(|k| {
            let tau = libm::exp(SPACING * f64::from(k));
            Node { tau2: scale * scale * tau * tau, weight: SPACING * tau * logistic_scale_density(tau) }
        })
        .collect();
    let total: f64 = nodes.iter().map(|node| node.weight).sum();
    for node in &mut nodes {
        node.weight /= total;
    }
    with_exact_slope(nodes, scale)
}

fn coarse_rule(scale: f64) -> Vec<Node> {
    let nodes = GAUSS_RULE.map(|(tau, weight)| Node { tau2: scale * scale * tau * tau, weight });
    with_exact_slope(nodes.to_vec(), scale)
}

/// Widens the noise by as little as the rule is wrong, so that the slope at 0, E (2 pi)^(-1/2)/tau, is the logistic
/// function's 1/(4 scale) to rounding: there tanh is critical at sigma_w = 1 exactly.
fn with_exact_slope(mut nodes: Vec<Node>, scale: f64) -> Vec<Node> {
    let slope: f64 = nodes.iter().map(|node| node.weight / (2.0 * PI * node.tau2).sqrt()).sum();
    let wider = slope * 4.0 * scale;
    for node in &mut nodes {
        node.tau2 *= wider * wider;
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
        assert!(coarse < 8e-9, "{coarse:e}");
        println!("{} nodes: {fine:e}, {} nodes: {coarse:e}", LOGISTIC.len(), LOGISTIC_COARSE.len());
    }

    #[test]
    fn slope_at_zero_is_a_quarter() {
        let slope: f64 = LOGISTIC.iter().map(|node| node.weight / (2.0 * PI * node.tau2).sqrt()).sum();
        assert!((slope - 0.25).abs() < 1e-14, "{slope}");
    }
}
