//! Correlations and gradients from layer to layer, with lengths where they settle.

use crate::correlation::CorrelationMap;
use crate::fixed_point::LengthFixedPoint;
use crate::mean_field::MeanField;

impl MeanField {
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
}
