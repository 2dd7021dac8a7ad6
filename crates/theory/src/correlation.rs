//! The correlation map at one length, prepared for repeated use.

use std::sync::LazyLock;

use crate::kernel::PairKernel;
use crate::length;
use crate::mean_field::MeanField;
use crate::quadrature::legendre_rule;

/// |chi - 1| up to which a slope counts as 1: the rounding of the sums behind it.
pub(crate) const CRITICAL_TOLERANCE: f64 = 1e-12;

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
        };
        map.slope_at_1 = map.slope_of(moments.dphi2);
        map
    }

    /// C(c) = (sigma_w^2 E phi(u1) phi(u2) + sigma_b^2)/V(q), c within \[-1, 1\]. The identity where V(q)
    /// is 0 or infinite.
    pub fn map(&self, c: f64) -> f64 {
        let c = c.clamp(-1.0, 1.0);
        if !self.is_defined() {
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

    /// The stable fixed point c* in \[0, 1\]: 1 if C'(1) <= 1, else the root of C(c) = c below 1.
    ///
    /// C has a power series with coefficients >= 0 (Mehler), so it is convex on \[0, 1\] and there is one such root.
    pub fn fixed_point(&self) -> f64 {
        if self.slope_at_1 <= 1.0 + CRITICAL_TOLERANCE {
            return 1.0;
        }
        if self.fixes_0 {
            return 0.0;
        }
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

    /// c0, C(c0), C(C(c0)), ...: `depth` + 1 correlations.
    pub fn trajectory(&self, c0: f64, depth: usize) -> Vec<f64> {
        let mut c = c0.clamp(-1.0, 1.0);
        let mut correlations = Vec::with_capacity(depth + 1);
        correlations.push(c);
        for _ in 0..depth {
            c = self.map(c);
            correlations.push(c);
        }
        correlations
    }
}
