//! What outputs are worth, block after block.

use super::super::loss::{cross_entropy_of_block, right_in_block};
use super::super::{Examples, Loss, Score};
use crate::lanes::{LANES, Lane};

/// The targets of all examples, and how outputs are compared with them.
#[derive(Clone, Debug)]
pub(super) struct Scorer {
    loss: Loss,
    n_examples: usize,
    by_largest: bool,
    /// `[blocks][outputs]`.
    targets: Vec<Lane>,
    /// `[outputs]`.
    delta: Vec<Lane>,
}

impl Scorer {
    pub(super) fn new(loss: Loss, examples: &Examples, outputs: usize) -> Self {
        let n_examples = examples.n();
        let mut targets = vec![[0.0; LANES]; n_examples.div_ceil(LANES) * outputs];
        for i in 0..n_examples {
            let of_block = &mut targets[i / LANES * outputs..];
            examples.targets_of(i, outputs, loss, |o, y| of_block[o][i % LANES] = y);
        }
        let by_largest = examples.are_right_by_largest(loss, outputs);
        Self { loss, n_examples, by_largest, targets, delta: vec![[0.0; LANES]; outputs] }
    }

    pub(super) fn n_blocks(&self) -> usize {
        self.n_examples.div_ceil(LANES)
    }

    /// Examples of a block.
    pub(super) fn count(&self, block: usize) -> usize {
        (self.n_examples - block * LANES).min(LANES)
    }

    /// Sum of a block's losses with these outputs.
    pub(super) fn loss(&mut self, block: usize, z: &[Lane]) -> f64 {
        let (outputs, count) = (self.delta.len(), self.count(block));
        let targets = &self.targets[block * outputs..(block + 1) * outputs];
        match self.loss {
            Loss::CrossEntropy => {
                // One logarithm for all: a sum is at most the number of outputs, so that the product of eight is finite.
                let (sums, rights) = cross_entropy_of_block(z, targets, &mut self.delta);
                let product: f64 = sums[..count].iter().map(|sum| f64::from(*sum)).product();
                libm::log(product) - rights[..count].iter().map(|right| f64::from(*right)).sum::<f64>()
            }
            loss => loss.of_block(z, targets, 0.0, &mut self.delta)[..count].iter().sum(),
        }
    }

    /// How many of a block are right with these outputs.
    pub(super) fn right(&self, block: usize, z: &[Lane]) -> usize {
        let outputs = self.delta.len();
        let targets = &self.targets[block * outputs..(block + 1) * outputs];
        let of_block = right_in_block(z, targets, self.by_largest);
        of_block[..self.count(block)].iter().filter(|right| **right).count()
    }

    pub(super) fn scores(&self, sums: &[(f64, usize)]) -> Vec<Score> {
        sums.iter().map(|(sum, right)| Score::of_sums(*sum, *right, self.n_examples)).collect()
    }
}
