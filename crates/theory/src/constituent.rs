//! Targets that are binary trees of one function of two variables, with their moments.

use crate::Activation;

/// A function of two variables that takes the square of −1 to 1 to −1 to 1; the target has it at each node of a full binary
/// tree.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Constituent {
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
    /// Every one.
    pub const ALL: [Self; 4] = [Self::Sine, Self::Kink, Self::Additive, Self::Product];

    /// As written in an address.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Sine => "sine",
            Self::Kink => "kink",
            Self::Additive => "additive",
            Self::Product => "product",
        }
    }

    /// Reads what [`key`](Self::key) writes.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|constituent| constituent.key() == key)
    }

    /// The value at a node, with the same bits on every target.
    #[must_use]
    pub fn value(self, a: f64, b: f64) -> f64 {
        match self {
            Self::Sine => Activation::Sin.phi(1.5 * a + b + a * b),
            Self::Kink => 1.0 - (a + b).abs(),
            Self::Additive => (a + b + a * b) / 3.0,
            Self::Product => a * b,
        }
    }

    /// Mean and standard deviation of the tree of 2 or 3 levels, of independent inputs that are uniform on −1 to 1.
    ///
    /// Of products and sums in closed form: with mean 0 and variance s of both inputs, ab has the variance s², and (a + b + ab)/3
    /// has (2s + s²)/9. Of the others by the law of one level after the other on a fine grid, good to 10⁻⁵; a test repeats it.
    #[must_use]
    pub fn moments(self, levels: usize) -> (f64, f64) {
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

    /// The target at `x`, which has 4 or 8 numbers, with mean 0 and standard deviation 1 over the cube.
    #[must_use]
    pub fn target(self, x: &[f64]) -> f64 {
        let mut values = x.to_vec();
        let mut levels = 0;
        while values.len() > 1 {
            values = values.chunks_exact(2).map(|pair| self.value(pair[0], pair[1])).collect();
            levels += 1;
        }
        let (mean, sd) = self.moments(levels);
        (values.first().copied().unwrap_or(mean) - mean) / sd
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Cells of the interval from −1 to 1, on which a law is a share for each.
    const CELLS: usize = 2000;

    fn middle(cell: usize) -> f64 {
        (cell as f64 + 0.5) / (CELLS as f64 / 2.0) - 1.0
    }

    /// The law of a node whose two inputs are independent with this law. A value between two middles goes to both, so that the
    /// mean is kept.
    fn after(constituent: Constituent, law: &[f64]) -> Vec<f64> {
        let mut next = vec![0.0; CELLS];
        for (i, p) in law.iter().enumerate().filter(|(_, p)| **p > 0.0) {
            for (j, q) in law.iter().enumerate() {
                let place = (constituent.value(middle(i), middle(j)) + 1.0) * CELLS as f64 / 2.0 - 0.5;
                let low = place.floor().clamp(0.0, (CELLS - 2) as f64);
                let share = (place - low).clamp(0.0, 1.0);
                next[low as usize] += p * q * (1.0 - share);
                next[low as usize + 1] += p * q * share;
            }
        }
        next
    }

    /// Cells are 1/1000 wide: sharing between two of them adds at most 2.5·10⁻⁷ to a variance at each level, and cells that
    /// stand for the uniform law take away 8·10⁻⁸.
    #[test]
    fn moments_are_those_of_the_laws() {
        for constituent in Constituent::ALL {
            let mut law = vec![1.0 / CELLS as f64; CELLS];
            for level in 1..=3 {
                law = after(constituent, &law);
                let sum = |of: fn(f64) -> f64| law.iter().enumerate().map(|(i, p)| p * of(middle(i))).sum::<f64>();
                let (mean, square) = (sum(|y| y), sum(|y| y * y));
                let sd = (square - mean * mean).sqrt();
                if level > 1 {
                    let (expected, deviation) = constituent.moments(level);
                    let is_near = (mean - expected).abs() < 2e-5 && (sd / deviation - 1.0).abs() < 2e-3;
                    assert!(is_near, "{constituent:?}, {level}: {mean} {sd}, not {expected} {deviation}");
                }
            }
        }
    }

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
    fn keys_are_read_back() {
        for constituent in Constituent::ALL {
            assert_eq!(Constituent::from_key(constituent.key()), Some(constituent));
        }
        assert_eq!(Constituent::from_key("sines"), None);
    }

    #[test]
    fn by_hand() {
        let near = |got: f64, expected: f64| assert!((got - expected).abs() < 1e-12, "{got} {expected}");
        near(Constituent::Product.target(&[0.5, -1.0, 1.0, 0.25]), -0.125 * 9.0);
        near(Constituent::Kink.target(&[0.5, -1.0, 1.0, 0.25]), (1.0 - 0.25 - 0.2) / 0.498_888);
        let (left, right) = ((1.5_f64 * 0.2 + 0.1 + 0.02).sin(), (-0.75_f64 + 0.5 - 0.25).sin());
        let root = (1.5 * left + right + left * right).sin();
        near(Constituent::Sine.target(&[0.2, 0.1, -0.5, 0.5]), (root + 0.348_999) / 0.669_894);
    }
}
