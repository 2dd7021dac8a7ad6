//! The target: one function of two variables at each node of a full binary tree.

use nets::mlp::Examples;
use random::Stream;
use theory::Activation;

use crate::job::{Checkpoint, JobError};

/// Examples between two checkpoints: a millisecond.
const AT_ONCE: usize = 2048;

/// The function of two variables; it takes the square of −1 to 1 to −1 to 1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Constituent {
    /// sin(3a/2 + b + ab): smooth, bounded, no product and no function of one sum.
    Sine,
    /// 1 − |a + b|: one derivative, two ReLU units.
    Kink,
    /// (a + b + ab)/3: nearly a sum.
    Additive,
    /// ab: the target is the same for every wiring.
    Product,
}

impl Constituent {
    pub(super) const ALL: [Self; 4] = [Self::Sine, Self::Kink, Self::Additive, Self::Product];

    pub(super) fn key(self) -> &'static str {
        match self {
            Self::Sine => "sine",
            Self::Kink => "kink",
            Self::Additive => "additive",
            Self::Product => "product",
        }
    }

    pub(super) fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|constituent| constituent.key() == key)
    }

    pub(super) fn value(self, a: f64, b: f64) -> f64 {
        match self {
            // The same bits on every target.
            Self::Sine => Activation::Sin.phi(1.5 * a + b + a * b),
            Self::Kink => 1.0 - (a + b).abs(),
            Self::Additive => (a + b + a * b) / 3.0,
            Self::Product => a * b,
        }
    }

    /// Mean and standard deviation of the tree of 2 or 3 levels, of independent inputs that are uniform on −1 to 1.
    ///
    /// Of products and sums in closed form; of the others from a fine grid of the values of one level after the other, whose
    /// two inputs are independent.
    fn moments(self, levels: usize) -> (f64, f64) {
        match (self, levels) {
            (Self::Sine, 2) => (-0.348_999, 0.669_894),
            (Self::Sine, _) => (-0.611_791, 0.563_822),
            (Self::Kink, 2) => (0.2, 0.498_888),
            (Self::Kink, _) => (0.332_628, 0.460_860),
            (Self::Additive, 2) => (0.0, 0.141_542_2),
            (Self::Additive, _) => (0.0, 0.067_057_0),
            (Self::Product, 2) => (0.0, 1.0 / 9.0),
            (Self::Product, _) => (0.0, 1.0 / 81.0),
        }
    }
}

/// The target at `x`, which has 4 or 8 numbers, with mean 0 and standard deviation 1 over the cube.
pub(super) fn value(constituent: Constituent, x: &[f64]) -> f64 {
    let mut values = x.to_vec();
    let mut levels = 0;
    while values.len() > 1 {
        values = values.chunks_exact(2).map(|pair| constituent.value(pair[0], pair[1])).collect();
        levels += 1;
    }
    let (mean, sd) = constituent.moments(levels);
    (values.first().copied().unwrap_or(mean) - mean) / sd
}

/// `n` random points of the cube with the target's values; the same bits everywhere.
pub(super) async fn examples(
    constituent: Constituent,
    dimension: usize,
    n: usize,
    stream: Stream,
    pace: &mut dyn Checkpoint,
) -> Result<Examples, JobError> {
    let (mut inputs, mut targets) = (Vec::with_capacity(n * dimension), Vec::with_capacity(n));
    let mut cursor = stream.cursor();
    let mut x = vec![0.0; dimension];
    for i in 0..n {
        if i % AT_ONCE == AT_ONCE - 1 {
            pace.checkpoint().await?;
        }
        for x in &mut x {
            // As the net sees it.
            let rounded = (2.0 * cursor.next_f64() - 1.0) as f32;
            inputs.push(rounded);
            *x = rounded.into();
        }
        targets.push(value(constituent, &x) as f32);
    }
    Ok(Examples::with_numbers(n, dimension, inputs, 1, targets)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2^17 points: standard errors are 0.003 for the mean and 0.002 for the deviation of the sine and the kink; a deviation
    /// of a sum of products of up to eight numbers with heavy tails is known to a few percent only, so that those two have a
    /// test of their own.
    #[test]
    fn mean_is_0_and_deviation_is_1() {
        for constituent in [Constituent::Sine, Constituent::Kink, Constituent::Additive] {
            for dimension in [4, 8] {
                let n = 1 << 17;
                let stream = Stream::new(7, "moments");
                let (mut sum, mut squares) = (0.0, 0.0);
                let mut x = vec![0.0; dimension];
                for i in 0..n {
                    for (j, x) in x.iter_mut().enumerate() {
                        *x = 2.0 * stream.uniform((i * dimension + j) as u64) - 1.0;
                    }
                    let y = value(constituent, &x);
                    sum += y;
                    squares += y * y;
                }
                let mean = sum / n as f64;
                let sd = (squares / n as f64 - mean * mean).sqrt();
                assert!(mean.abs() < 0.012 && (sd - 1.0).abs() < 0.012, "{constituent:?}, {dimension}: {mean} {sd}");
            }
        }
    }

    /// With mean 0 and variance s of both inputs, (a + b + ab)/3 has the variance (2s + s²)/9, and ab has s².
    #[test]
    fn closed_forms() {
        for levels in [2, 3] {
            let after = |of: fn(f64) -> f64| (0..levels).fold(1.0 / 3.0, |s, _| of(s)).sqrt();
            let additive = after(|s| (2.0 * s + s * s) / 9.0);
            assert!((Constituent::Additive.moments(levels).1 / additive - 1.0).abs() < 1e-6, "{additive}");
            assert!((Constituent::Product.moments(levels).1 / after(|s| s * s) - 1.0).abs() < 1e-12);
        }
    }

    #[test]
    fn by_hand() {
        let near = |got: f64, expected: f64| assert!((got - expected).abs() < 1e-12, "{got} {expected}");
        near(value(Constituent::Product, &[0.5, -1.0, 1.0, 0.25]), -0.125 * 9.0);
        near(value(Constituent::Kink, &[0.5, -1.0, 1.0, 0.25]), (1.0 - 0.25 - 0.2) / 0.498_888);
        let (left, right) = ((1.5_f64 * 0.2 + 0.1 + 0.02).sin(), (-0.75_f64 + 0.5 - 0.25).sin());
        let root = (1.5 * left + right + left * right).sin();
        near(value(Constituent::Sine, &[0.2, 0.1, -0.5, 0.5]), (root + 0.348_999) / 0.669_894);
        for key in ["sine", "kink", "additive", "product"] {
            assert_eq!(Constituent::from_key(key).map(Constituent::key), Some(key));
        }
    }
}
