//! The correlation map at one length, prepared for repeated use.

use std::sync::LazyLock;

use crate::kernel::PairKernel;
use crate::length;
use crate::mean_field::{CRITICAL_TOLERANCE, MeanField};
use crate::quadrature::legendre_rule;

/// A slope below this is found from logarithms: its factors may have underflowed.
pub(crate) const LEAST_SLOPE: f64 = 1e-280;
/// c* above this is found from the mean of C' instead of C itself.
const NEAR_1: f64 = 1.0 - 1e-4;
static LEGENDRE: LazyLock<[(f64, f64); 8]> = LazyLock::new(legendre_rule::<8>);

/// C(c) and C'(c) at one length q, a few microseconds per value.
#[derive(Clone, Debug)]
pub struct CorrelationMap {
    kernel: PairKernel,
    sigma_b2: f64,
    /// sigma_w^2.
    gain: f64,
    /// V(q).
    next: f64,
    q: f64,
    /// C'(1) = chi_1 q/V(q).
    slope_at_1: f64,
    /// Whether C(0) = 0 exactly: E phi = 0 and no bias.
    fixes_0: bool,
    /// ln sigma_w^2.
    ln_gain: f64,
    /// Whether C is the identity by its form: phi = x without bias.
    keeps_all: bool,
}

impl CorrelationMap {
    /// The map at length q >= 0.
    pub fn new(mean_field: &MeanField, q: f64) -> Self {
        let q = crate::kernel::clamp_variance(q);
        let moments = length::moments(mean_field.family(), q);
        let next = mean_field.sigma_w2() * moments.phi2 + mean_field.sigma_b2();
        let mut map = Self {
            kernel: PairKernel::new(mean_field.family(), q, q),
            sigma_b2: mean_field.sigma_b2(),
            gain: mean_field.sigma_w2(),
            next,
            q,
            slope_at_1: 0.0,
            fixes_0: mean_field.sigma_b2() == 0.0 && length::mean(mean_field.family(), q) == 0.0,
            ln_gain: mean_field.ln_gain(),
            keeps_all: mean_field.keeps_correlations(),
        };
        map.slope_at_1 = map.slope_of(moments.dphi2);
        map
    }

    /// C(c) = (sigma_w^2 E phi(u1) phi(u2) + sigma_b^2)/V(q), c within \[-1, 1\]. The identity where V(q)
    /// is 0 or infinite, and for phi = x without bias.
    pub fn map(&self, c: f64) -> f64 {
        let c = c.clamp(-1.0, 1.0);
        if self.is_identity() {
            return c;
        }
        if c == 1.0 {
            return 1.0;
        }
        ((self.gain * self.kernel.phi_phi(c) + self.sigma_b2) / self.next).clamp(-1.0, 1.0)
    }

    /// C'(c) = sigma_w^2 E phi'(u1) phi'(u2) q/V(q). 1 where V(q) is 0 or infinite.
    pub fn slope(&self, c: f64) -> f64 {
        if c == 1.0 {
            return self.slope_at_1;
        }
        self.slope_of(self.kernel.dphi_dphi(c))
    }

    /// ln C'(c), also where C' itself is too small for a number.
    pub fn ln_slope(&self, c: f64) -> f64 {
        let slope = self.slope(c);
        if slope > LEAST_SLOPE {
            return libm::log(slope);
        }
        self.ln_gain - libm::log(self.next) + libm::log(self.q) + self.kernel.ln_dphi_dphi(c)
    }

    /// Whether every correlation is kept: phi = x without bias, or V(q) = 0 or infinite.
    pub fn is_identity(&self) -> bool {
        self.keeps_all || !self.is_defined()
    }

    fn is_defined(&self) -> bool {
        self.next > 0.0 && self.next < f64::INFINITY
    }

    fn slope_of(&self, dphi_dphi: f64) -> f64 {
        if !self.is_defined() {
            return 1.0;
        }
        // In this order no factor overflows: sigma_w^2/V(q) <= 1/E phi^2, and q E phi'^2 is of the order of E phi^2.
        (self.gain / self.next) * (self.q * dphi_dphi)
    }

    /// The stable fixed point c* in \[0, 1\]: 1 if C'(1) <= 1, else the root of C(c) = c below 1. `None` where every
    /// correlation is kept.
    ///
    /// C has a power series with coefficients >= 0 (Mehler), so it is convex on \[0, 1\] and there is one such root.
    ///
    /// # Numerics
    /// Good to 1e-12, but ill-conditioned close to the critical line: 1 - c* is proportional to C'(1) - 1 for smooth phi (to its
    /// square at kinks), in which the rounding of V(q) and q is 1e-13. Within 1e-6 of the line 1 - c* is good to a relative
    /// 1e-7 only.
    pub fn fixed_point(&self) -> Option<f64> {
        if self.is_identity() {
            return None;
        }
        if self.slope_at_1 <= 1.0 + CRITICAL_TOLERANCE {
            return Some(1.0);
        }
        Some(if self.fixes_0 { 0.0 } else { self.root_below_1() })
    }

    fn root_below_1(&self) -> f64 {
        // C - c is positive at 0 and convex: Newton's method from the left never passes the root.
        let mut c: f64 = 0.0;
        for _ in 0..100 {
            let gap = self.map(c) - c;
            let fall = 1.0 - self.slope(c);
            if !(gap > 0.0 && fall > 0.0) {
                break;
            }
            let next = (c + gap / fall).min(1.0);
            if next - c <= 1e-16 * next {
                break;
            }
            c = next;
        }
        if c < NEAR_1 { c } else { self.fixed_point_near_1(c) }
    }

    /// The fixed point from a guess close to 1, where C(c) - c is lost to rounding.
    ///
    /// With c = 1 - x^2 the equation is M(x) = 1, M the mean of C' over \[c, 1\]: it falls from C'(1), linearly in x at
    /// kinks and in x^2 for smooth phi. Newton's method inside a bracket.
    fn fixed_point_near_1(&self, guess: f64) -> f64 {
        let mut x = (1.0 - guess).sqrt().max(1e-9);
        let (mut low, mut high) = (0.0, f64::INFINITY);
        for _ in 0..100 {
            let mean = self.mean_slope(x);
            if mean < 1.0 {
                high = x;
            } else {
                low = x;
            }
            // dM/dx = -2 (M - C'(1 - x^2))/x.
            let step = 0.5 * x * (1.0 - mean) / (mean - self.slope(1.0 - x * x));
            let newton = (x - step).min(1.0);
            let next = if low < newton && newton < high {
                newton
            } else if high.is_finite() {
                0.5 * (low + high)
            } else {
                2.0 * x
            };
            if (next - x).abs() <= 1e-15 * x {
                break;
            }
            x = next;
        }
        // The largest number below 1 if c* is closer than that: it is not 1, which is unstable here.
        (1.0 - x * x).min(1.0 - 0.5 * f64::EPSILON)
    }

    /// (1 - C(c))/(1 - c) at c = 1 - x^2, as int_0^1 2v C'(1 - x^2 v^2) dv: the integrand is smooth for small x.
    fn mean_slope(&self, x: f64) -> f64 {
        LEGENDRE
            .iter()
            .map(|&(node, weight)| {
                let v = 0.5 + 0.5 * node;
                let distance = x * v;
                weight * v * self.slope(1.0 - distance * distance)
            })
            .sum()
    }

    /// c0, C(c0), C(C(c0)), ...: `depth` + 1 correlations; from where they stand still to 1e-15 the rest are the same.
    pub fn trajectory(&self, c0: f64, depth: usize) -> Vec<f64> {
        let mut correlations = self.steps(c0, depth, 1e-15);
        let last = correlations.last().copied().unwrap_or(c0);
        correlations.resize(depth + 1, last);
        correlations
    }

    /// c0, C(c0), C(C(c0)), ...: at most `most` steps from c0, up to the first that is shorter than `least_step`.
    pub fn steps(&self, c0: f64, most: usize, least_step: f64) -> Vec<f64> {
        let mut c = c0.clamp(-1.0, 1.0);
        let mut correlations = Vec::with_capacity(most + 1);
        correlations.push(c);
        for _ in 0..most {
            let next = self.map(c);
            correlations.push(next);
            if (next - c).abs() < least_step {
                break;
            }
            c = next;
        }
        correlations
    }
}

impl MeanField {
    /// C(c) = (sigma_w^2 E phi(u1) phi(u2) + sigma_b^2)/V(q), both inputs of length q (Poole et al. 2016, eq. 5). At a
    /// fixed point V(q) = q.
    pub fn correlation_map(&self, q: f64, c: f64) -> f64 {
        CorrelationMap::new(self, q).map(c)
    }

    /// The correlation after a layer for inputs of lengths q1 and q2: (sigma_w^2 E phi(u1) phi(u2) + sigma_b^2)/
    /// sqrt(V(q1) V(q2)). Stays at c where a length is 0 after the layer, or infinite.
    pub fn correlation_map_unequal(&self, q1: f64, q2: f64, c: f64) -> f64 {
        self.pair_step(q1, q2, c).2
    }

    /// C'(c) = sigma_w^2 E phi'(u1) phi'(u2) q/V(q), both inputs of length q.
    pub fn correlation_slope(&self, q: f64, c: f64) -> f64 {
        CorrelationMap::new(self, q).slope(c)
    }

    /// (q_a, q_b, c) layer by layer from any start lengths: `depth` + 1 triples, the first of them the start.
    pub fn joint_trajectory(&self, q0_a: f64, q0_b: f64, c0: f64, depth: usize) -> Vec<(f64, f64, f64)> {
        let mut state = (q0_a.max(0.0), q0_b.max(0.0), c0.clamp(-1.0, 1.0));
        let mut states = Vec::with_capacity(depth + 1);
        states.push(state);
        for _ in 0..depth {
            state = self.pair_step(state.0, state.1, state.2);
            states.push(state);
        }
        states
    }

    fn pair_step(&self, q1: f64, q2: f64, c: f64) -> (f64, f64, f64) {
        let (next_1, next_2) = (self.length_map(q1), self.length_map(q2));
        let norm = next_1.sqrt() * next_2.sqrt();
        if !(norm > 0.0 && norm < f64::INFINITY) {
            return (next_1, next_2, c.clamp(-1.0, 1.0));
        }
        let product = self.sigma_w2() * PairKernel::new(self.family(), q1, q2).phi_phi(c) + self.sigma_b2();
        (next_1, next_2, (product / norm).clamp(-1.0, 1.0))
    }
}
