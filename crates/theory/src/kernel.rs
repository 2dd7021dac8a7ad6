//! Closed forms of E phi(u1) phi(u2) and E phi'(u1) phi'(u2) for jointly normal u1, u2.
//!
//! For a pair of mixture nodes with noise tau_i, tau_j the arguments are y1 = u1 + tau_i n1 and y2 = u2 + tau_j n2, of
//! variances q1 + tau_i^2 and q2 + tau_j^2. Write x = q1/(q1 + tau_i^2), X = 1 - x, and y, Y for the second argument;
//!
//! ```text
//! g = sqrt(x y)            so that the correlation of y1, y2 is g c
//! h = 1 - x y              as Y + X y, so that nothing cancels
//! s = X + Y,  p = X Y
//! R = 1 - g^2 c^2 = h + (1 - c)(1 + c) g^2
//! T = pi - arccos(g c)     so that P(y1 > 0, y2 > 0) = T/(2 pi)
//! ```
//!
//! The forms below follow from Price's theorem and are arranged so that no term cancels at c = -1, at c = 1, at small or
//! at large q.

use std::f64::consts::{FRAC_1_PI, FRAC_2_PI, FRAC_PI_2, LN_2, PI};

use crate::family::Family;
use crate::hard_tanh;
use crate::mixture::Node;

/// Largest variance that is told apart from infinity; its square root and reciprocal are still normal numbers.
pub(crate) const Q_MAX: f64 = 1e300;
const ONE_OVER_2PI: f64 = 0.5 * FRAC_1_PI;

/// Variances are used within \[0, 1e300\]: a map then has no overflow in it, and its limit at infinity within rounding.
pub(crate) fn clamp_variance(q: f64) -> f64 {
    q.clamp(0.0, Q_MAX)
}

/// One pair of mixture nodes; see the module's text.
#[derive(Clone, Copy, Debug)]
pub(crate) struct PairTerm {
    pub(crate) weight: f64,
    pub(crate) g: f64,
    pub(crate) g2: f64,
    pub(crate) h: f64,
    pub(crate) s: f64,
    pub(crate) p: f64,
    /// sqrt((q1 + tau_i^2)(q2 + tau_j^2)).
    pub(crate) scale: f64,
    /// tau_i^2 + tau_j^2.
    pub(crate) tau2_sum: f64,
}

impl PairTerm {
    /// R = 1 - g^2 c^2, kept above zero so that its root divides.
    #[inline(always)]
    pub(crate) fn rest(&self, one_minus_c2: f64) -> f64 {
        (self.h + one_minus_c2 * self.g2).max(f64::MIN_POSITIVE)
    }
}

/// Calls `visit` for each pair of nodes. Equal variances give each unordered pair once, with double weight.
pub(crate) fn for_each_pair(nodes: &[Node], q1: f64, q2: f64, mut visit: impl FnMut(PairTerm)) {
    let same = q1 == q2;
    let at = |node: &Node, q: f64| {
        let k = q + node.tau2;
        (q / k, node.tau2 / k, k.sqrt())
    };
    for (i, first) in nodes.iter().enumerate() {
        let (x, x_rest, root_1) = at(first, q1);
        for (j, second) in nodes.iter().enumerate().skip(if same { i } else { 0 }) {
            let (y, y_rest, root_2) = at(second, q2);
            let multiplicity = if same && i != j { 2.0 } else { 1.0 };
            let g2 = x * y;
            visit(PairTerm {
                weight: multiplicity * first.weight * second.weight,
                g: g2.sqrt(),
                g2,
                h: y_rest + x_rest * y,
                s: x_rest + y_rest,
                p: x_rest * y_rest,
                scale: root_1 * root_2,
                tau2_sum: first.tau2 + second.tau2,
            });
        }
    }
}

/// (arctan r, r - arctan r) for r >= 0, the second without cancellation.
pub(crate) fn atan_and_bend(r: f64) -> (f64, f64) {
    if r > 0.15 {
        let turn = libm::atan(r);
        return (turn, r - turn);
    }
    // r^3/3 - r^5/5 + ... to r^19: the next term is below 1e-17 of the first.
    let r2 = r * r;
    let mut sum = 0.0;
    for k in (1..=9_u32).rev() {
        sum = 1.0 / f64::from(2 * k + 1) - r2 * sum;
    }
    let bend = r * r2 * sum;
    (r - bend, bend)
}

/// T = pi - arccos(rho), given rho and sqrt(1 - rho^2) > 0.
#[inline(always)]
pub(crate) fn angle(rho: f64, root_rest: f64) -> f64 {
    if rho >= 0.0 { FRAC_PI_2 + libm::atan(rho / root_rest) } else { libm::atan(root_rest / -rho) }
}

/// sqrt(1 - rho^2) + rho T: 2 pi times the arc-cosine kernel of degree 1 at unit variances.
fn arc_cosine(rho: f64, root_rest: f64) -> f64 {
    if rho >= 0.0 {
        return root_rest + rho * angle(rho, root_rest);
    }
    let ratio = root_rest / -rho;
    if ratio < 1.0 { -rho * atan_and_bend(ratio).1 } else { root_rest + rho * libm::atan(ratio) }
}

/// The joint law's expectations at fixed variances, as functions of the correlation.
#[derive(Clone, Debug)]
pub(crate) struct PairKernel {
    family: Family,
    q1: f64,
    q2: f64,
    /// sqrt(q1 q2).
    root: f64,
    terms: Vec<PairTerm>,
}

impl PairKernel {
    /// Variances in \[0, inf); see [`clamp_variance`].
    pub(crate) fn new(family: Family, q1: f64, q2: f64) -> Self {
        let (q1, q2) = (clamp_variance(q1), clamp_variance(q2));
        let mut terms = Vec::new();
        if let Family::Sign { nodes, .. } | Family::Gated { nodes } | Family::Ramp { nodes } = family {
            terms.reserve(nodes.len() * nodes.len());
            for_each_pair(nodes, q1, q2, |term| terms.push(term));
        }
        Self { family, q1, q2, root: q1.sqrt() * q2.sqrt(), terms }
    }

    /// E phi(u1) phi(u2) at correlation c in \[-1, 1\].
    pub(crate) fn phi_phi(&self, c: f64) -> f64 {
        let c = c.clamp(-1.0, 1.0);
        let one_minus_c2 = (1.0 - c) * (1.0 + c);
        match self.family {
            Family::Sign { offset, amplitude, .. } => {
                let signs = self.sum(one_minus_c2, |t, rest| libm::atan(c * t.g / rest.sqrt()));
                offset * offset + amplitude * amplitude * FRAC_2_PI * signs
            }
            Family::Gated { .. } => {
                let sum = self.sum(one_minus_c2, |t, rest| {
                    let root = rest.sqrt();
                    c * angle(c * t.g, root) + t.g * (root + c * c * t.p / root)
                });
                self.root * ONE_OVER_2PI * sum
            }
            Family::Ramp { .. } => {
                ONE_OVER_2PI * self.sum(one_minus_c2, |t, rest| t.scale * arc_cosine(c * t.g, rest.sqrt()))
            }
            // phi = x: exact, where the difference below would round.
            Family::PiecewiseLinear { slope: 1.0 } => self.root * c,
            Family::PiecewiseLinear { slope } => {
                let root = one_minus_c2.sqrt().max(f64::MIN_POSITIVE);
                let (same, opposite) = (arc_cosine(c, root), arc_cosine(-c, root));
                self.root * ONE_OVER_2PI * ((1.0 + slope * slope) * same - 2.0 * slope * opposite)
            }
            Family::HardTanh => hard_tanh::pair(self.q1, self.q2, c).0,
            Family::Sin => {
                let (decay, twice) = self.sine_factors(c);
                let value = -0.5 * decay * libm::expm1(-twice);
                if c < 0.0 { -value } else { value }
            }
        }
    }

    /// E phi'(u1) phi'(u2) at correlation c in \[-1, 1\].
    pub(crate) fn dphi_dphi(&self, c: f64) -> f64 {
        let c = c.clamp(-1.0, 1.0);
        let one_minus_c2 = (1.0 - c) * (1.0 + c);
        match self.family {
            Family::Sign { amplitude, .. } => {
                amplitude * amplitude * FRAC_2_PI * self.sum(one_minus_c2, |t, rest| 1.0 / (t.scale * rest.sqrt()))
            }
            Family::Gated { .. } => {
                let sum = self.sum(one_minus_c2, |t, rest| {
                    let root = rest.sqrt();
                    angle(c * t.g, root) + t.g * c * (t.s + t.p / rest) / root
                });
                ONE_OVER_2PI * sum
            }
            Family::Ramp { .. } => ONE_OVER_2PI * self.sum(one_minus_c2, |t, rest| angle(c * t.g, rest.sqrt())),
            Family::PiecewiseLinear { slope } => {
                let same = angle(c, one_minus_c2.sqrt().max(f64::MIN_POSITIVE));
                ONE_OVER_2PI * ((1.0 + slope * slope) * same + 2.0 * slope * (PI - same))
            }
            Family::HardTanh => hard_tanh::pair(self.q1, self.q2, c).1,
            Family::Sin => {
                let (decay, twice) = self.sine_factors(c);
                0.5 * decay * (1.0 + libm::exp(-twice))
            }
        }
    }

    /// ln of [`dphi_dphi`](Self::dphi_dphi): that of the sine underflows where its logarithm does not.
    pub(crate) fn ln_dphi_dphi(&self, c: f64) -> f64 {
        let c = c.clamp(-1.0, 1.0);
        match self.family {
            Family::Sin => {
                let twice = 2.0 * self.root * c.abs();
                libm::log1p(libm::exp(-twice)) - self.sine_exponent(c) - LN_2
            }
            _ => libm::log(self.dphi_dphi(c)),
        }
    }

    /// sum over pairs of weight times value(term, R).
    #[inline(always)]
    fn sum(&self, one_minus_c2: f64, value: impl Fn(&PairTerm, f64) -> f64) -> f64 {
        self.terms.iter().map(|term| term.weight * value(term, term.rest(one_minus_c2))).sum()
    }

    /// (q1 + q2)/2 - k, k = sqrt(q1 q2)|c|, as a sum of terms of one sign.
    fn sine_exponent(&self, c: f64) -> f64 {
        let apart = self.q1.sqrt() - self.q2.sqrt();
        0.5 * apart * apart + self.root * (1.0 - c.abs())
    }

    /// exp(-(q1 + q2)/2 + k) and 2k.
    fn sine_factors(&self, c: f64) -> (f64, f64) {
        (libm::exp(-self.sine_exponent(c)), 2.0 * self.root * c.abs())
    }
}
