//! Losses, outside the net: each reads a pass's outputs and writes its seed. An exhibit may write any other the same way.
//!
//! Every function takes a factor, commonly 1 over the number of examples, gives `factor Σ loss` over the examples of the pass as
//! a truncated polynomial (its value first), and writes `factor ∂loss/∂f` for each output f. Both may be infinite or NaN where
//! the net overflows.

use std::ops::Range;

use super::jet::{Jet, Jets, Numbers};
use super::op::softmax::{exponential, reciprocal};
use super::{NodeId, Pass, Scalar};
use crate::NetError;
use crate::error::check_size;
use crate::lanes::{Eights, LANES, Lanes};

/// Cross-entropy of the softmax with the class of each example, in nats: `ln Σ_o e^{f_o} − f_class`.
///
/// # Errors
/// [`NetError::Size`] unless there is a class for each example, [`NetError::NoClass`] for one without an output,
/// [`NetError::Pass`] before a pass forward.
pub fn cross_entropy<T: Scalar, const N: usize>(
    pass: &mut Pass<T, N>,
    classes: &[u32],
    factor: f64,
) -> Result<[f64; N], NetError> {
    check_classes(pass, classes)?;
    let scale = T::Eights::splat(T::from_f64(factor));
    by_block(pass, |examples, z, seed| {
        let classes = &classes[examples];
        let largest = z.iter().map(|z| T::Eights::from_lane(&z[0])).reduce(T::Eights::or_greater);
        let Some(largest) = largest else { return Jet::ZERO };
        let mut sum = Jets::zero();
        for (e, z) in seed.iter_mut().zip(z) {
            *e = exponential(z, largest);
            sum = sum.plus(Jets::load(e));
        }
        let share = reciprocal(sum);
        for seed in seed.iter_mut() {
            *seed = Jets::load(seed).times(share).store();
        }
        let (mut losses, sum, shift) = (Jet::ZERO, sum.store(), largest.to_lane());
        for (l, class) in classes.iter().map(|class| *class as usize).enumerate() {
            seed[class][0][l] = seed[class][0][l] - T::ONE;
            let mut right = Jet::of_lane(&z[class], l);
            right.0[0] -= shift[l].to_f64();
            losses = losses.plus(Jet::of_lane(&sum, l).ln()).minus(right);
        }
        for seed in seed.iter_mut() {
            *seed = Jets::load(seed).scaled(scale).store();
        }
        losses
    })
    .map(|sum| sum.scaled(factor).0)
}

/// Squared error, `½ Σ_o (f_o − y_o)²`. Targets are `[examples, outputs]`, row-major.
///
/// # Errors
/// [`NetError::Size`] unless there is a target for each output of each example, [`NetError::Pass`] before a pass forward.
pub fn squared_error<T: Scalar, const N: usize>(
    pass: &mut Pass<T, N>,
    targets: &[T],
    factor: f64,
) -> Result<[f64; N], NetError> {
    let outputs = pass.net().output().features();
    check_size("targets", pass.n().saturating_mul(outputs), targets.len())?;
    let scale = T::Eights::splat(T::from_f64(factor));
    by_block(pass, |examples, z, seed| {
        let n = examples.len();
        let targets = &targets[examples.start * outputs..examples.end * outputs];
        let mut sum = Jets::zero();
        for (o, (z, seed)) in z.iter().zip(seed).enumerate() {
            let mut error = *z;
            for (l, target) in targets.chunks_exact(outputs).enumerate() {
                error[0][l] = error[0][l] - target[o];
            }
            let error = Jets::load(&error);
            sum = sum.plus(error.times(error));
            *seed = error.scaled(scale).store();
        }
        sum_of(&sum.store(), n)
    })
    .map(|sum| sum.scaled(0.5 * factor).0)
}

/// Squared distance of the outputs from the inputs, `½ Σ_o (f_o − x_o)²`, inputs taken as given: what an autoencoder makes small.
///
/// # Errors
/// [`NetError::Size`] unless there are as many outputs as inputs, [`NetError::Pass`] before a pass forward.
pub fn reconstruction<T: Scalar, const N: usize>(pass: &mut Pass<T, N>, factor: f64) -> Result<[f64; N], NetError> {
    let features = pass.net().input().features();
    check_size("outputs of an autoencoder", features, pass.net().output().features())?;
    let inputs = pass.values(NodeId(0)).unwrap_or_default();
    let of_example = |i: usize| inputs[i / LANES * features..][..features].iter().map(move |x| x[0][i % LANES]);
    let n = if inputs.is_empty() { 0 } else { pass.n() };
    let targets: Vec<T> = (0..n).flat_map(of_example).collect();
    squared_error(pass, &targets, factor)
}

/// Hinge loss of several classes, `Σ_{o ≠ class} max(0, 1 + f_o − f_class)` (Weston & Watkins 1999).
///
/// # Errors
/// As [`cross_entropy`].
pub fn hinge<T: Scalar, const N: usize>(
    pass: &mut Pass<T, N>,
    classes: &[u32],
    factor: f64,
) -> Result<[f64; N], NetError> {
    check_classes(pass, classes)?;
    let slope = T::from_f64(factor);
    by_block(pass, |examples, z, seed| {
        seed.fill(super::zeros());
        let mut losses = Jet::ZERO;
        for (l, class) in classes[examples].iter().map(|class| *class as usize).enumerate() {
            for o in (0..z.len()).filter(|o| *o != class) {
                let mut margin = Jet::of_lane(&z[o], l).minus(Jet::of_lane(&z[class], l));
                margin.0[0] += 1.0;
                // NaN is to show.
                if margin.0[0] > 0.0 || margin.0[0].is_nan() {
                    losses = losses.plus(margin);
                    seed[o][0][l] = seed[o][0][l] + slope;
                    seed[class][0][l] = seed[class][0][l] - slope;
                }
            }
        }
        losses
    })
    .map(|sum| sum.scaled(factor).0)
}

/// How many examples have the largest output (the first of equal ones) at their class.
///
/// # Errors
/// As [`cross_entropy`].
pub fn n_right<T: Scalar, const N: usize>(pass: &Pass<T, N>, classes: &[u32]) -> Result<usize, NetError> {
    check_classes(pass, classes)?;
    let outputs = pass.net().output().features();
    let blocks = pass.outputs()?.chunks_exact(outputs.max(1)).zip(classes.chunks(LANES));
    let right = |(z, classes): (&[Numbers<T, N>], &[u32])| {
        let largest = |l: usize| (1..z.len()).fold(0, |best, o| if z[o][0][l] > z[best][0][l] { o } else { best });
        classes.iter().enumerate().filter(|(l, class)| largest(*l) == **class as usize).count()
    };
    Ok(blocks.map(right).sum())
}

fn check_classes<T: Scalar, const N: usize>(pass: &Pass<T, N>, classes: &[u32]) -> Result<(), NetError> {
    check_size("classes", pass.n(), classes.len())?;
    let outputs = pass.net().output().features();
    match classes.iter().find(|class| **class as usize >= outputs) {
        Some(got) => Err(NetError::NoClass { got: *got as usize, classes: outputs }),
        None => Ok(()),
    }
}

/// The sum of what `of` gives for the examples, outputs and seeds of each block.
fn by_block<T: Scalar, const N: usize>(
    pass: &mut Pass<T, N>,
    mut of: impl FnMut(Range<usize>, &[Numbers<T, N>], &mut [Numbers<T, N>]) -> Jet<N>,
) -> Result<Jet<N>, NetError> {
    let (n, outputs) = (pass.n(), pass.net().output().features());
    let (values, seed) = pass.outputs_and_seed()?;
    let mut sum = Jet::ZERO;
    if outputs == 0 {
        return Ok(sum);
    }
    let blocks = values.chunks_exact(outputs).zip(seed.chunks_exact_mut(outputs)).enumerate();
    for (block, (values, seed)) in blocks {
        let start = block * LANES;
        sum = sum.plus(of(start..n.min(start + LANES), values, seed));
    }
    Ok(sum)
}

/// Of the first `n` lanes.
fn sum_of<T: Scalar, const N: usize>(numbers: &Numbers<T, N>, n: usize) -> Jet<N> {
    (0..n).fold(Jet::ZERO, |sum, l| sum.plus(Jet::of_lane(numbers, l)))
}
