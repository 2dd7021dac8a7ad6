//! One-dimensional Gaussian expectations of an activation form: what the length map and the slopes need.

use std::f64::consts::{FRAC_1_PI, FRAC_2_PI};

use crate::activation::NORMAL_DENSITY_AT_0;
use crate::family::Family;
use crate::hard_tanh;
use crate::kernel::{angle, atan_and_bend, clamp_variance, for_each_pair};

const ONE_OVER_2PI: f64 = 0.5 * FRAC_1_PI;

/// The expectations at one variance that the length map and its fixed points use.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Moments {
    /// E phi^2.
    pub(crate) phi2: f64,
    /// E phi'^2.
    pub(crate) dphi2: f64,
    /// d/dq E phi^2 = E\[phi phi' z\]/sqrt(q).
    pub(crate) phi2_slope: f64,
    /// q E phi'^2 - E phi^2 = sum_k (k - 1) a_k^2, without cancellation. Positive where chi_1 = 1 is possible.
    pub(crate) excess: f64,
}

/// All of [`Moments`] at variance q >= 0.
pub(crate) fn moments(family: Family, q: f64) -> Moments {
    let q = clamp_variance(q);
    let mut m = Moments::default();
    match family {
        Family::Sign { offset, amplitude, nodes } => {
            for_each_pair(nodes, q, q, |t| {
                let root = t.rest(0.0).sqrt();
                let ratio = t.g / root;
                let (turn, bend) = atan_and_bend(ratio);
                m.phi2 += t.weight * turn;
                m.dphi2 += t.weight / (t.scale * root);
                m.phi2_slope += t.weight * t.s / (t.scale * root);
                m.excess += t.weight * bend;
            });
            let factor = amplitude * amplitude * FRAC_2_PI;
            m.phi2 = offset * offset + factor * m.phi2;
            m.dphi2 *= factor;
            m.phi2_slope *= 0.5 * factor;
            m.excess = factor * m.excess - offset * offset;
        }
        Family::Gated { nodes } => {
            for_each_pair(nodes, q, q, |t| {
                let rest = t.rest(0.0);
                let root = rest.sqrt();
                let turn = angle(t.g, root);
                m.phi2 += t.weight * (turn + t.g * (root + t.p / root));
                m.dphi2 += t.weight * (turn + t.g * (t.s + t.p / rest) / root);
                m.phi2_slope += t.weight
                    * (turn + t.g * (root * (1.0 + t.s) + (t.p * (t.s - 1.0) + 0.5 * t.s * t.p / rest) / root));
                m.excess += t.weight * t.g * t.p / (rest * root);
            });
            m.phi2 *= q * ONE_OVER_2PI;
            m.dphi2 *= ONE_OVER_2PI;
            m.phi2_slope *= ONE_OVER_2PI;
            m.excess *= q * ONE_OVER_2PI;
        }
        Family::Ramp { nodes } => {
            for_each_pair(nodes, q, q, |t| {
                let root = t.rest(0.0).sqrt();
                let turn = angle(t.g, root);
                m.phi2 += t.weight * (t.scale * root + q * turn);
                m.dphi2 += t.weight * turn;
                // scale (1/k11 + 1/k22) = (k11 + k22)/scale.
                m.phi2_slope += t.weight * (turn + 0.5 * root * (2.0 * q + t.tau2_sum) / t.scale);
                m.excess -= t.weight * t.scale * root;
            });
            m.phi2 *= ONE_OVER_2PI;
            m.dphi2 *= ONE_OVER_2PI;
            m.phi2_slope *= ONE_OVER_2PI;
            m.excess *= ONE_OVER_2PI;
        }
        Family::PiecewiseLinear { slope } => {
            let gain = 0.5 * (1.0 + slope * slope);
            m = Moments { phi2: gain * q, dphi2: gain, phi2_slope: gain, excess: 0.0 };
        }
        Family::HardTanh => {
            m = Moments {
                phi2: hard_tanh::phi2(q),
                dphi2: hard_tanh::dphi(q),
                phi2_slope: hard_tanh::dphi2_dq(q),
                excess: hard_tanh::excess(q),
            };
        }
        Family::Sin => {
            let decay = libm::exp(-2.0 * q);
            m = Moments {
                phi2: -0.5 * libm::expm1(-2.0 * q),
                dphi2: 0.5 * (1.0 + decay),
                phi2_slope: decay,
                excess: sine_excess(q),
            };
        }
    }
    m
}

/// ln d/dq E phi^2: that of the sine underflows where its logarithm does not.
pub(crate) fn ln_phi2_slope(family: Family, q: f64) -> f64 {
    match family {
        Family::Sin => -2.0 * clamp_variance(q),
        _ => libm::log(moments(family, q).phi2_slope),
    }
}

/// q (1 + e^-2q)/2 - (1 - e^-2q)/2 = e^-q (q cosh q - sinh q).
fn sine_excess(q: f64) -> f64 {
    if q > 0.5 {
        return 0.5 * (q * (1.0 + libm::exp(-2.0 * q)) + libm::expm1(-2.0 * q));
    }
    // q cosh q - sinh q = sum_{k>=1} 2k q^(2k+1)/(2k+1)!
    let q2 = q * q;
    let (mut term, mut sum) = (q, 0.0);
    for k in 1..=9_u32 {
        let n = f64::from(2 * k);
        term *= q2 / (n * (n + 1.0));
        sum += n * term;
    }
    libm::exp(-q) * sum
}

/// E phi at variance q.
pub(crate) fn mean(family: Family, q: f64) -> f64 {
    let q = clamp_variance(q);
    match family {
        Family::Sign { offset, .. } => offset,
        Family::Gated { nodes } => {
            NORMAL_DENSITY_AT_0 * nodes.iter().map(|node| node.weight * q / (q + node.tau2).sqrt()).sum::<f64>()
        }
        Family::Ramp { nodes } => {
            NORMAL_DENSITY_AT_0 * nodes.iter().map(|node| node.weight * (q + node.tau2).sqrt()).sum::<f64>()
        }
        Family::PiecewiseLinear { slope } => NORMAL_DENSITY_AT_0 * (1.0 - slope) * q.sqrt(),
        Family::HardTanh | Family::Sin => 0.0,
    }
}

/// E phi' at variance q.
pub(crate) fn mean_slope(family: Family, q: f64) -> f64 {
    let q = clamp_variance(q);
    match family {
        Family::Sign { amplitude, nodes, .. } => {
            let sum: f64 = nodes.iter().map(|node| node.weight / (q + node.tau2).sqrt()).sum();
            2.0 * NORMAL_DENSITY_AT_0 * amplitude * sum
        }
        // phi - x/2 is even.
        Family::Gated { .. } | Family::Ramp { .. } => 0.5,
        Family::PiecewiseLinear { slope } => 0.5 * (1.0 + slope),
        Family::HardTanh => hard_tanh::dphi(q),
        Family::Sin => libm::exp(-0.5 * q),
    }
}
