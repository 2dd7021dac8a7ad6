//! What nets of one input are built for, and the deep nets that compute it.

use core::f64::consts::PI;

use super::error::NetError;
use super::net::ReluNet;
use super::piecewise::PiecewiseLinear;
use super::product::{ApproximateNet, polynomial_net, product_error, product_net};
use super::square::{distance_from_square, square_error, square_net};
use super::tent::{tent_net, tent_power};
use super::wave::{folded_cosine_net, interpolation_pieces};
use crate::polynomial::Polynomial;

/// Most pieces of the half period of a cosine, and of all its periods together.
const MAX_COSINE_PIECES: u64 = 64;
const MAX_WAVE_PIECES: u64 = 1 << 15;

/// A function of one variable for which there are deep nets and shallow ones.
#[derive(Clone, Debug, PartialEq)]
pub enum Target {
    /// m^k on \[0, 1\], k at most [`MAX_TENT_POWER`](super::MAX_TENT_POWER).
    Sawtooth {
        /// Tents in a row.
        k: u32,
    },
    /// x^2 on \[0, 1\].
    Square,
    /// x y on \[-1, 1\] along a line of constant y.
    Product {
        /// The second factor, in \[-1, 1\].
        y: f64,
    },
    /// A polynomial on \[-1, 1\].
    Polynomial(Polynomial),
    /// cos(2^k pi x) on \[0, 1\].
    Cosine {
        /// Folds of its half period.
        k: u32,
        /// The error that the half period may have.
        epsilon: f64,
    },
}

impl Target {
    /// Where it is to be computed.
    #[must_use]
    pub fn interval(&self) -> (f64, f64) {
        match self {
            Self::Product { .. } | Self::Polynomial(_) => (-1.0, 1.0),
            Self::Sawtooth { .. } | Self::Square | Self::Cosine { .. } => (0.0, 1.0),
        }
    }

    /// Monotone arches of a wave, 2^k of them: teeth's flanks, or half periods. 1 for what is no wave.
    #[must_use]
    pub fn arches(&self) -> usize {
        match self {
            Self::Sawtooth { k } | Self::Cosine { k, .. } => 1 << k,
            Self::Square | Self::Product { .. } | Self::Polynomial(_) => 1,
        }
    }

    /// The value at x; 0 for a sawtooth of a power that is too large.
    #[must_use]
    pub fn value(&self, x: f64) -> f64 {
        match self {
            Self::Sawtooth { k } => tent_power(*k, x).unwrap_or(0.0),
            Self::Square => x * x,
            Self::Product { y } => x * y,
            Self::Polynomial(p) => p.eval(x),
            Self::Cosine { k, .. } => libm::cos((1_u64 << k) as f64 * PI * x),
        }
    }

    /// The deep net after so many steps of its construction, with a bound of its error on the interval: of as many tents for
    /// the sawtooth and folds for the cosine (whatever their own k), of so many sawteeth for x^2 and what is made of it.
    ///
    /// # Errors
    /// [`NetError`] where the construction has no net of so many steps.
    pub fn net(&self, steps: u32) -> Result<ApproximateNet, NetError> {
        match self {
            Self::Sawtooth { .. } => Ok(ApproximateNet { net: tent_net(steps)?, error_bound: 0.0 }),
            Self::Square => Ok(ApproximateNet { net: square_net(steps)?, error_bound: square_error(steps)? }),
            Self::Product { y } => {
                let net = at_constant_second_input(&product_net(steps, 1.0)?, *y)?;
                Ok(ApproximateNet { net, error_bound: product_error(steps, 1.0)? })
            }
            Self::Polynomial(p) => polynomial_net(p.coefficients(), 1.0, steps),
            Self::Cosine { k, epsilon } => folded_cosine_net(steps, cosine_pieces(*k, *epsilon)),
        }
    }

    /// The largest distance of a function from the target: exact for the sawtooth, x^2 and x y, else from nine points or
    /// more of each piece.
    #[must_use]
    pub fn distance(&self, f: &PiecewiseLinear) -> f64 {
        match self {
            Self::Square => distance_from_square(f),
            Self::Product { .. } => f.max_distance(|x| self.value(x), 2).1,
            Self::Sawtooth { k } => {
                let n = 1_u64 << k;
                // Both are affine between the kinks of both.
                let ends = (f.x()[0], f.x()[f.n_pieces()]);
                let kinks = (0..=n).map(|i| i as f64 / n as f64).filter(|x| (ends.0..=ends.1).contains(x));
                let at_kinks = kinks.map(|x| (f.eval(x) - self.value(x)).abs());
                at_kinks.fold(f.max_distance(|x| self.value(x), 2).1, f64::max)
            }
            Self::Polynomial(_) => f.max_distance(|x| self.value(x), 9).1,
            Self::Cosine { k, .. } => {
                let per_piece = (16 << k) / f.n_pieces().max(1);
                f.max_distance(|x| self.value(x), per_piece.max(9)).1
            }
        }
    }
}

/// Pieces of half a period: as many as the error needs, and as few as can still be listed for 2^k of them.
fn cosine_pieces(k: u32, epsilon: f64) -> usize {
    let needed = interpolation_pieces(PI.powi(2), 1.0, epsilon).unwrap_or(2.0);
    let most = (MAX_WAVE_PIECES >> k).clamp(2, MAX_COSINE_PIECES);
    (needed as usize).clamp(2, most as usize)
}

/// A net of two inputs on the line where the second has this value.
fn at_constant_second_input(net: &ReluNet, second: f64) -> Result<ReluNet, NetError> {
    let mut hidden: Vec<_> = net.hidden().iter().map(|l| (l.weights().to_vec(), l.biases().to_vec())).collect();
    if let Some((weights, biases)) = hidden.first_mut() {
        for (row, bias) in weights.chunks_exact(2).zip(biases.iter_mut()) {
            *bias += row[1] * second;
        }
        *weights = weights.iter().step_by(2).copied().collect();
    }
    ReluNet::new(1, hidden, net.output().weights().to_vec(), net.output().biases()[0])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all() -> [Target; 5] {
        let polynomial = "x^3 - 2x + 0.5".parse().unwrap();
        [
            Target::Sawtooth { k: 4 },
            Target::Square,
            Target::Product { y: -0.7 },
            Target::Polynomial(polynomial),
            Target::Cosine { k: 4, epsilon: 1e-2 },
        ]
    }

    /// Against the net's own graph, sampled: what is measured is within the bound, and no sample is farther.
    #[test]
    fn nets_are_within_their_bounds_and_no_sample_is_beyond_the_distance() {
        for target in all() {
            let ApproximateNet { net, error_bound } = target.net(4).unwrap();
            let (low, high) = target.interval();
            let graph = PiecewiseLinear::of_net(&net, low, high, 1 << 16).unwrap();
            let distance = target.distance(&graph);
            assert!(distance <= error_bound + 1e-12, "{target:?}: {distance:e} beyond {error_bound:e}");
            for i in 0..=1000 {
                let x = low + (high - low) * f64::from(i) / 1000.0;
                let here = (net.eval(&[x]).unwrap() - target.value(x)).abs();
                assert!(here <= distance + 1e-12, "{target:?} at {x}: {here:e} beyond {distance:e}");
            }
        }
    }
}
