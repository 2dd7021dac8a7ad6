//! The mean-field maps of a wide random network.

use crate::activation::Activation;
use crate::error::TheoryError;
use crate::family::Family;
use crate::length;

/// Largest allowed sigma: its fourth power is still a number.
pub const SIGMA_MAX: f64 = 1e50;

/// |chi - 1| up to which a slope counts as 1: the rounding of the sums behind it, and of sqrt(2) written in 13 digits.
pub(crate) const CRITICAL_TOLERANCE: f64 = 1e-12;

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
    /// ln sigma_w^2, also where the square is no longer a number of the machine; -infinity for sigma_w = 0.
    pub(crate) fn ln_gain(&self) -> f64 {
        2.0 * libm::log(self.sigma_w)
    }

    /// ln [`chi_1_at`](Self::chi_1_at), also where chi_1 itself is too small for a number.
    pub fn ln_chi_1_at(&self, q: f64) -> f64 {
        self.ln_gain() + libm::log(length::moments(self.family, q).dphi2)
    }

    /// ln [`chi_q_at`](Self::chi_q_at), also where chi_q itself is too small for a number.
    pub fn ln_chi_q_at(&self, q: f64) -> f64 {
        self.ln_gain() + length::ln_phi2_slope(self.family, q)
    }

    /// Whether every pair keeps its correlation in every layer, at any length: linear networks without bias.
    pub fn keeps_correlations(&self) -> bool {
        self.activation == Activation::Linear && self.sigma_b == 0.0
    }
}
