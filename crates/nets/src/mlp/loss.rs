//! Losses and their derivatives, for blocks of eight examples.

use crate::elementwise::{exp, sigmoid, softplus};
use crate::lanes::{Eight, Eights, LANES, Lane, Lanes};

/// What is minimised: a mean over examples.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Loss {
    /// `ln Σ_o e^{f_o} − f_class`, in nats: the cross-entropy of the softmax. Takes classes.
    CrossEntropy,
    /// `½ Σ_o (f_o − y_o)²`. Takes numbers, or classes: `y` is then 1 at the class and 0 elsewhere; for a single output
    /// −1 for class 0 and 1 for class 1.
    SquaredError,
    /// `Σ_o ln(1 + e^{−y_o f_o})`. Takes numbers −1 and 1, or classes: `y` is then 1 at the class and −1 elsewhere; for a
    /// single output −1 for class 0 and 1 for class 1.
    Logistic,
}

/// How well a net does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Mean loss; infinite where the net overflows.
    pub loss: f64,
    /// Share of the examples that are right: the largest output is that of the class, or, where targets are numbers or there
    /// is a single output, all outputs have their target's sign.
    pub accuracy: f64,
}

impl Loss {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::CrossEntropy, Self::SquaredError, Self::Logistic];

    /// Losses of the eight examples of a block whose outputs are `z` and targets `y`, both `[outputs]`. Writes
    /// `scale × ∂loss/∂z` to `delta`.
    pub(crate) fn of_block(self, z: &[Lane], y: &[Lane], scale: f32, delta: &mut [Lane]) -> [f64; LANES] {
        match self {
            Self::CrossEntropy => cross_entropy(z, y, scale, delta),
            Self::SquaredError => squared_error(z, y, scale, delta),
            Self::Logistic => logistic(z, y, scale, delta),
        }
    }
}

fn cross_entropy(z: &[Lane], y: &[Lane], scale: f32, delta: &mut [Lane]) -> [f64; LANES] {
    let (sum, right) = cross_entropy_of_block(z, y, delta);
    let (factor, scale) = (Eight::from_lane(&sum.map(|sum| 1.0 / sum)), Eight::splat(scale));
    for (y, e) in y.iter().zip(delta) {
        let share = Eight::from_lane(e).times(factor);
        *e = scale.times(share.minus(Eight::from_lane(y))).to_lane();
    }
    std::array::from_fn(|l| libm::log(f64::from(sum[l])) - f64::from(right[l]))
}

/// The loss is the logarithm of the first less the second: sums over outputs of `e^{f_o - max}`, which `e` is left with, and
/// `f_class - max`.
pub(super) fn cross_entropy_of_block(z: &[Lane], y: &[Lane], e: &mut [Lane]) -> (Lane, Lane) {
    let start = Eight::splat(f32::NEG_INFINITY);
    let largest = z.iter().fold(start, |largest, z| largest.or_greater(Eight::from_lane(z)));
    let mut right = Eight::splat(0.0);
    for ((z, y), e) in z.iter().zip(y).zip(e.iter_mut()) {
        // Differences first: an output and the largest one may both be large.
        let difference = Eight::from_lane(z).minus(largest);
        right = right.plus_product(Eight::from_lane(y), difference);
        *e = difference.to_lane();
    }
    // A plain loop over all numbers is one that LLVM makes SIMD of, on WebAssembly too.
    for e in e.as_flattened_mut() {
        *e = exp(*e);
    }
    let sum = e.iter().fold(Eight::splat(0.0), |sum, e| sum.plus(Eight::from_lane(e)));
    (sum.to_lane(), right.to_lane())
}

fn squared_error(z: &[Lane], y: &[Lane], scale: f32, delta: &mut [Lane]) -> [f64; LANES] {
    let mut sum = [0.0_f32; LANES];
    for ((z, y), d) in z.iter().zip(y).zip(delta) {
        for l in 0..LANES {
            let error = z[l] - y[l];
            d[l] = scale * error;
            sum[l] += error * error;
        }
    }
    sum.map(|sum| 0.5 * f64::from(sum))
}

fn logistic(z: &[Lane], y: &[Lane], scale: f32, delta: &mut [Lane]) -> [f64; LANES] {
    let mut sum = [0.0_f32; LANES];
    for ((z, y), d) in z.iter().zip(y).zip(delta) {
        for l in 0..LANES {
            let against = -y[l] * z[l];
            sum[l] += softplus(against);
            d[l] = -scale * y[l] * sigmoid(against);
        }
    }
    sum.map(f64::from)
}

/// Which of the eight examples of a block are right: the largest output (the first of several equal ones) is that of the
/// largest target, or, without `by_largest`, every output has its target's sign.
pub(crate) fn right_in_block(z: &[Lane], y: &[Lane], by_largest: bool) -> [bool; LANES] {
    std::array::from_fn(|l| {
        if by_largest {
            let largest = |x: &[Lane]| (1..x.len()).fold(0, |best, o| if x[o][l] > x[best][l] { o } else { best });
            largest(z) == largest(y)
        } else {
            z.iter().zip(y).all(|(z, y)| z[l] * y[l] > 0.0)
        }
    })
}
