//! Expectations of phi and phi' under normal laws.
//!
//! z ~ N(0, 1); u1, u2 are jointly normal with mean 0, variances q1, q2 and correlation c. Variances are used within
//! \[0, 1e300\] and correlations within \[-1, 1\]: values outside count as the nearer end.
//!
//! Relative errors are near 1e-14 for q up to 1e6, except where the expectation itself passes through zero.

use std::f64::consts::PI;

use crate::activation::{Activation, LEAKY_SLOPE};
use crate::family::Family;
use crate::kernel::{PairKernel, clamp_variance};
use crate::{hard_tanh, length, quadrature};

/// E phi(sqrt(q) z).
pub fn e_phi(activation: Activation, q: f64) -> f64 {
    length::mean(Family::of(activation), q)
}

/// E phi(sqrt(q) z)^2.
pub fn e_phi2(activation: Activation, q: f64) -> f64 {
    length::moments(Family::of(activation), q).phi2
}

/// d/dq E phi(sqrt(q) z)^2 = E phi(u) phi'(u) z / sqrt(q) with u = sqrt(q) z.
pub fn e_phi2_slope(activation: Activation, q: f64) -> f64 {
    length::moments(Family::of(activation), q).phi2_slope
}

/// E phi'(sqrt(q) z).
pub fn e_dphi(activation: Activation, q: f64) -> f64 {
    length::mean_slope(Family::of(activation), q)
}

/// E phi'(sqrt(q) z)^2.
pub fn e_dphi2(activation: Activation, q: f64) -> f64 {
    length::moments(Family::of(activation), q).dphi2
}

/// E phi'(sqrt(q) z)^4, which gives the spread of the Jacobian's singular values (Pennington et al. 2017).
pub fn e_dphi4(activation: Activation, q: f64) -> f64 {
    let q = clamp_variance(q);
    match activation {
        Activation::Relu => 0.5,
        Activation::LeakyRelu => 0.5 * (1.0 + LEAKY_SLOPE * LEAKY_SLOPE * LEAKY_SLOPE * LEAKY_SLOPE),
        Activation::Linear => 1.0,
        Activation::HardTanh => hard_tanh::dphi(q),
        Activation::Erf => 16.0 / (PI * PI * (1.0 + 8.0 * q).sqrt()),
        Activation::ErfUnitSlope => 1.0 / (1.0 + 2.0 * PI * q).sqrt(),
        Activation::Sin => 0.375 + 0.5 * libm::exp(-2.0 * q) + 0.125 * libm::exp(-8.0 * q),
        Activation::Tanh | Activation::Sigmoid | Activation::Gelu | Activation::Silu | Activation::Softplus => {
            let fourth = |x: f64| {
                let slope = activation.dphi(x);
                slope * slope * slope * slope
            };
            quadrature::normal_expectation(fourth, 0.0, q.sqrt(), &[])
        }
    }
}

/// E phi(u1) phi(u2).
///
/// Closed forms: Williams (1997) for erf, Cho & Saul (2009) for relu; see the text of the module `kernel` in the source
/// for the others.
pub fn e_phi_phi(activation: Activation, q1: f64, q2: f64, c: f64) -> f64 {
    PairKernel::new(Family::of(activation), q1, q2).phi_phi(c)
}

/// E phi'(u1) phi'(u2).
pub fn e_dphi_dphi(activation: Activation, q1: f64, q2: f64, c: f64) -> f64 {
    PairKernel::new(Family::of(activation), q1, q2).dphi_dphi(c)
}
