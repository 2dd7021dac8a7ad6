//! The mean-field maps of a wide random network.

use crate::activation::Activation;
use crate::correlation::CorrelationMap;
use crate::error::TheoryError;
use crate::family::Family;
use crate::fixed_point::{self, LengthFixedPoint};
use crate::kernel::PairKernel;
use crate::length;

/// Largest allowed sigma: its fourth power is still a number.
pub const SIGMA_MAX: f64 = 1e50;

/// A wide random network z^l = W^l phi(z^{l-1}) + b^l with W_ij ~ N(0, sigma_w^2/N) and b_i ~ N(0, sigma_b^2), in the
/// limit N to infinity.
///
/// q is the variance of a pre-activation, c the correlation of the pre-activations of two inputs. Source: Poole et al.
/// (2016), Schoenholz et al. (2017).
#[derive(Clone, Copy, Debug)]
pub struct MeanField {
    activation: Activation,
    family: Family,
    sigma_w: f64,
    sigma_b: f64,
}

impl MeanField {
    /// # Errors
    /// [`TheoryError::OutOfRange`] unless both sigmas lie in \[0, [`SIGMA_MAX`]\].
    pub fn new(activation: Activation, sigma_w: f64, sigma_b: f64) -> Result<Self, TheoryError> {
        let sigma_w = TheoryError::check("sigma_w", sigma_w, 0.0, SIGMA_MAX)?;
        let sigma_b = TheoryError::check("sigma_b", sigma_b, 0.0, SIGMA_MAX)?;
        Ok(Self { activation, family: Family::of(activation), sigma_w, sigma_b })
    }

    /// The same network with coarser forms of phi, for curves that are drawn: a seventh of the work for tanh, sigmoid,
    /// silu and softplus, and maps that differ by less than 2e-7 of themselves where lengths are above 1e-3.
    #[must_use]
    pub fn coarse(self) -> Self {
        Self { family: Family::coarse(self.activation), ..self }
    }

    /// The nonlinearity.
    pub const fn activation(&self) -> Activation {
        self.activation
    }

    /// Standard deviation of sqrt(N) W_ij.
    pub const fn sigma_w(&self) -> f64 {
        self.sigma_w
    }

    /// Standard deviation of b_i.
    pub const fn sigma_b(&self) -> f64 {
        self.sigma_b
    }

    pub(crate) const fn family(&self) -> Family {
        self.family
    }

    pub(crate) const fn sigma_w2(&self) -> f64 {
        self.sigma_w * self.sigma_w
    }

    pub(crate) const fn sigma_b2(&self) -> f64 {
        self.sigma_b * self.sigma_b
    }

    /// V(q) = sigma_w^2 E phi(sqrt(q) z)^2 + sigma_b^2, for q >= 0 (Poole et al. 2016, eq. 3).
    ///
    /// Infinite for infinite q where phi is unbounded and sigma_w > 0.
    pub fn length_map(&self, q: f64) -> f64 {
        if q == f64::INFINITY && !self.activation.is_bounded() && self.sigma_w > 0.0 {
            return f64::INFINITY;
        }
        self.sigma_w2() * length::moments(self.family, q).phi2 + self.sigma_b2()
    }

    /// q0, V(q0), V(V(q0)), ...: `depth` + 1 lengths. Infinite from where they exceed the range of numbers.
    pub fn length_trajectory(&self, q0: f64, depth: usize) -> Vec<f64> {
        let mut q = q0.max(0.0);
        let mut lengths = Vec::with_capacity(depth + 1);
        lengths.push(q);
        for _ in 0..depth {
            let next = self.length_map(q);
            lengths.push(next);
            // The fixed point, up to the rounding of the map: the rest are the same.
            if (next - q).abs() <= 2.0 * f64::EPSILON * q {
                lengths.resize(depth + 1, next);
                break;
            }
            q = next;
        }
        lengths
    }

    /// Where lengths go: the limit of [`length_trajectory`](Self::length_trajectory) from q0 = 1.
    pub fn fixed_point(&self) -> LengthFixedPoint {
        self.fixed_point_from(1.0)
    }

    /// The limit of the lengths from any q0 >= 0. It depends on q0 where V(q) = q has several roots (gelu, silu) and
    /// for relu and its like at their critical sigma_w.
    pub fn fixed_point_from(&self, q0: f64) -> LengthFixedPoint {
        fixed_point::limit_from(self, q0.max(0.0))
    }

    /// How many q >= 0 have V(q) = q, stable or not; `usize::MAX` where V is the identity.
    pub fn n_fixed_points(&self) -> usize {
        fixed_point::count(self)
    }

    /// chi_1(q) = sigma_w^2 E phi'(sqrt(q) z)^2: the factor of a layer on the squared distance of two close inputs, and
    /// on the squared norm of a gradient (Poole et al. 2016, eq. 7; Schoenholz et al. 2017, eq. 5).
    pub fn chi_1_at(&self, q: f64) -> f64 {
        self.sigma_w2() * length::moments(self.family, q).dphi2
    }

    /// chi_q(q) = V'(q) = sigma_w^2 E phi(u) phi'(u) z / sqrt(q), u = sqrt(q) z: equal to sigma_w^2 E\[phi'^2 + phi
    /// phi''\] for smooth phi (Schoenholz et al. 2017, eq. 8).
    pub fn chi_q_at(&self, q: f64) -> f64 {
        self.sigma_w2() * length::moments(self.family, q).phi2_slope
    }

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

    /// c0, C(c0), C(C(c0)), ...: `depth` + 1 correlations, with lengths at q* in every layer. Where there is no q* > 0,
    /// lengths start at 1 and follow the length map.
    pub fn correlation_trajectory(&self, c0: f64, depth: usize) -> Vec<f64> {
        match self.fixed_point() {
            LengthFixedPoint::Finite { q_star } | LengthFixedPoint::Marginal { q_star } => {
                CorrelationMap::new(self, q_star).trajectory(c0, depth)
            }
            LengthFixedPoint::Zero | LengthFixedPoint::Diverges => {
                self.joint_trajectory(1.0, 1.0, c0, depth).into_iter().map(|(_, _, c)| c).collect()
            }
        }
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

    /// The squared norm of dE/dz^l relative to that of the last layer, l = 0 ..= depth, with lengths at q*:
    /// chi_1^(depth - l). Where there is no q* > 0, lengths start at 1 and follow the length map.
    ///
    /// See [`gradient_norms_from`](Self::gradient_norms_from).
    pub fn gradient_norms(&self, depth: usize) -> Vec<f64> {
        match self.fixed_point() {
            LengthFixedPoint::Finite { q_star } | LengthFixedPoint::Marginal { q_star } => {
                self.gradient_norms_along(&vec![q_star; depth + 1])
            }
            LengthFixedPoint::Zero | LengthFixedPoint::Diverges => self.gradient_norms_from(1.0, depth),
        }
    }

    /// The squared norm of dE/dz^l relative to that of the last layer, for layers of equal width and first length q0:
    ///
    /// ```text
    /// E|dE/dz^l|^2 / E|dE/dz^L|^2 = prod_{k=l}^{L-1} chi_1(q^k),   l = 0 ..= L
    /// ```
    ///
    /// since dE/dz^l = phi'(z^l) W^T dE/dz^{l+1} with W taken as independent of it (Schoenholz et al. 2017, eqs. 19 to
    /// 21, there at q*). The last entry is 1.
    pub fn gradient_norms_from(&self, q0: f64, depth: usize) -> Vec<f64> {
        self.gradient_norms_along(&self.length_trajectory(q0, depth))
    }

    fn gradient_norms_along(&self, lengths: &[f64]) -> Vec<f64> {
        let mut norms = vec![1.0; lengths.len()];
        let mut known = (f64::NAN, 0.0);
        for l in (0..lengths.len().saturating_sub(1)).rev() {
            if lengths[l] != known.0 {
                known = (lengths[l], self.chi_1_at(lengths[l]));
            }
            // Saturates: an infinite norm times chi_1 = 0 further down would be NaN.
            norms[l] = (norms[l + 1] * known.1).min(f64::MAX);
        }
        norms
    }

    fn pair_step(&self, q1: f64, q2: f64, c: f64) -> (f64, f64, f64) {
        let (next_1, next_2) = (self.length_map(q1), self.length_map(q2));
        let norm = next_1.sqrt() * next_2.sqrt();
        if !(norm > 0.0 && norm < f64::INFINITY) {
            return (next_1, next_2, c.clamp(-1.0, 1.0));
        }
        let product = self.sigma_w2() * PairKernel::new(self.family, q1, q2).phi_phi(c) + self.sigma_b2();
        (next_1, next_2, (product / norm).clamp(-1.0, 1.0))
    }
}
