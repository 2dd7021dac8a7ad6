//! What a target costs: units of deep and of shallow nets for an error, and the nearest net of one layer.

use core::f64::consts::PI;

use super::error::NetError;
use super::fit::shallow_fit;
use super::net::NetCost;
use super::piecewise::PiecewiseLinear;
use super::product::{polynomial_steps, product_cost, product_steps};
use super::square::{SquareFit, shallow_square, shallow_square_error, square_cost, square_steps};
use super::target::Target;
use super::wave::interpolation_pieces;

/// Fewest and most places at which a net of one layer is fitted: some tens of milliseconds.
const SAMPLES: (usize, usize) = (1 << 10, 1 << 13);

/// Hidden units and layers that an error needs; `None` where no such net can be written down, or nothing is known.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct UnitsNeeded {
    /// Units of the deep net.
    pub deep: Option<f64>,
    /// Its hidden layers.
    pub depth: Option<f64>,
    /// Units of a net of one hidden layer that can be written down.
    pub shallow: Option<f64>,
    /// No net of one hidden layer has fewer.
    pub shallow_at_least: Option<f64>,
}

impl UnitsNeeded {
    fn of(cost: Result<NetCost, NetError>, shallow: Option<f64>, shallow_at_least: Option<f64>) -> Self {
        let (deep, depth) = cost.map(|cost| (cost.units as f64, cost.depth as f64)).ok().unzip();
        Self { deep, depth, shallow, shallow_at_least }
    }
}

/// What a net of one layer computes that is near to a target.
#[derive(Clone, Debug, PartialEq)]
pub struct ShallowRival {
    /// Its graph on the target's interval.
    pub function: PiecewiseLinear,
    /// How far it is from the target: [`Target::distance`].
    pub distance: f64,
    /// No net of one layer of as many units is nearer.
    pub least: f64,
}

impl Target {
    /// The net of one layer of m units that is nearest, or the nearest that is known.
    ///
    /// # Errors
    /// [`NetError::Range`] unless m lies in 1..=[`MAX_WIDTH`](super::MAX_WIDTH).
    pub fn shallow_rival(&self, m: usize) -> Result<ShallowRival, NetError> {
        if let Self::Square = self {
            let error = shallow_square_error(m)?;
            return Ok(ShallowRival { function: shallow_square(m)?, distance: error, least: error });
        }
        let (low, high) = self.interval();
        let arches = self.arches();
        if m + 1 < arches {
            // Whatever is nearer than a constant crosses the middle on each arch, and a piece crosses it once.
            let (middle, distance) = if let Self::Sawtooth { .. } = self { (0.5, 0.5) } else { (0.0, 1.0) };
            let function = PiecewiseLinear::through(&[low, high], &[middle, middle])?;
            return Ok(ShallowRival { function, distance, least: distance });
        }
        // Ends and middles of all arches are among them.
        let n_samples = (8 * arches).clamp(SAMPLES.0, SAMPLES.1);
        let fit = shallow_fit(|x| self.value(x), (low, high), m, n_samples)?;
        // A function that is met exactly is met to rounding.
        let largest = fit.function.y().iter().fold(0.0_f64, |largest, y| largest.max(y.abs()));
        let distance = Some(self.distance(&fit.function)).filter(|distance| *distance > 1e-13 * largest).unwrap_or(0.0);
        Ok(ShallowRival { function: fit.function, distance, least: fit.least_error })
    }

    /// Units for an error below epsilon < 1/2.
    #[must_use]
    pub fn units_needed(&self, epsilon: f64) -> UnitsNeeded {
        let pieces = |epsilon| SquareFit::Best.pieces(epsilon).ok().map(|n| n as f64);
        let second_derivative = |most, length| interpolation_pieces(most, length, epsilon).ok();
        match self {
            // Within 1/2 of m^k is what crosses 1/2 as often: 2^k pieces.
            Self::Sawtooth { k } => {
                let (k, n) = (f64::from(*k), (1_u64 << k) as f64);
                UnitsNeeded { deep: Some(2.0 * k), depth: Some(k), shallow: Some(n), shallow_at_least: Some(n - 1.0) }
            }
            Self::Square => {
                let n = pieces(epsilon);
                UnitsNeeded::of(square_steps(epsilon).and_then(square_cost), n, n.map(|n| n - 1.0))
            }
            Self::Product { .. } => {
                let cost = product_steps(epsilon, 1.0).and_then(product_cost);
                // x y = ((x+y)/2)^2 - ((x-y)/2)^2, squares on [-1, 1] with half of epsilon each; and on the diagonal it is
                // x^2 on [-1, 1], where n pieces of x^2 have four times the error of [0, 1].
                UnitsNeeded::of(cost, pieces(epsilon / 8.0).map(|n| 2.0 * n), pieces(epsilon / 4.0).map(|n| n - 1.0))
            }
            Self::Polynomial(p) => {
                let net = polynomial_steps(p.coefficients(), 1.0, epsilon).and_then(|steps| self.net(steps));
                let shallow = second_derivative(p.max_abs_second_derivative(-1.0, 1.0), 2.0);
                UnitsNeeded::of(net.map(|net| net.net.cost()), shallow, None)
            }
            // One piece crosses zero once, and the wave does so 2^k times.
            Self::Cosine { k, .. } => {
                let (folds, arches) = (f64::from(*k), (1_u64 << k) as f64);
                let n = second_derivative(PI.powi(2), 1.0);
                let (deep, shallow) = (n.map(|n| 2.0 * folds + n), n.map(|n| n * arches));
                UnitsNeeded { deep, depth: Some(folds + 1.0), shallow, shallow_at_least: Some(arches - 1.0) }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The square's least error for m units has m + 1 pieces behind it: one unit fewer cannot have it.
    #[test]
    fn a_rival_is_no_nearer_than_what_its_units_allow() {
        for (target, m) in [(Target::Square, 7), (Target::Sawtooth { k: 3 }, 4), (Target::Sawtooth { k: 3 }, 9)] {
            let rival = target.shallow_rival(m).unwrap();
            assert!(rival.distance >= rival.least * (1.0 - 1e-6), "{target:?}: {rival:?}");
            if rival.distance > 0.0 && rival.distance < 0.5 {
                let least = target.units_needed(0.999 * rival.distance).shallow_at_least.unwrap();
                assert!(m as f64 <= least, "{m} units of {target:?} would do with {least}");
            }
        }
    }

    #[test]
    fn depth_is_cheap_for_a_sawtooth_and_width_is_not() {
        let needed = Target::Sawtooth { k: 10 }.units_needed(0.1);
        assert_eq!((needed.deep, needed.depth, needed.shallow), (Some(20.0), Some(10.0), Some(1024.0)));
        assert_eq!(needed.shallow_at_least, Some(1023.0));
    }
}
