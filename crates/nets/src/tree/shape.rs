//! Levels, units and wiring of a tree.

use theory::Activation;

use crate::NetError;
use crate::error::{check_limit, check_size};

/// Most levels of nodes: 2^16 inputs.
pub const MOST_LEVELS: usize = 16;
/// Most parameters; there are eight numbers for each of them in a workspace.
const MOST_PARAMETERS: usize = 1 << 23;

/// A full binary tree of small nets.
#[derive(Clone, Debug, PartialEq)]
pub struct TreeShape {
    levels: usize,
    units: usize,
    /// Which input each leaf takes.
    leaves: Vec<usize>,
    activation: Activation,
}

impl TreeShape {
    /// A tree over `2^levels` inputs in their order, with `units` hidden units in each node; there may be none.
    ///
    /// # Errors
    /// [`NetError::Range`] unless 1 <= levels <= [`MOST_LEVELS`], [`NetError::TooLarge`] beyond 2^23 parameters.
    pub fn new(levels: usize, units: usize, activation: Activation) -> Result<Self, NetError> {
        if !(1..=MOST_LEVELS).contains(&levels) {
            return Err(NetError::Range { name: "levels", got: levels as f64, allowed: "[1, 16]" });
        }
        let shape = Self { levels, units, leaves: (0..1 << levels).collect(), activation };
        let of_node = units.saturating_mul(4).saturating_add(1);
        check_limit("parameters of a tree", shape.n_nodes().saturating_mul(of_node), MOST_PARAMETERS)?;
        Ok(shape)
    }

    /// The same with input `leaves[i]` at leaf `i`: a permutation makes it the tree of another function; an input may also
    /// come several times, or not at all.
    ///
    /// # Errors
    /// [`NetError::Size`] unless there is one for each leaf, [`NetError::Range`] for an input that does not exist.
    pub fn with_leaves(self, leaves: Vec<usize>) -> Result<Self, NetError> {
        check_size("leaves of a tree", self.leaves.len(), leaves.len())?;
        if let Some(&got) = leaves.iter().find(|&&input| input >= self.inputs()) {
            return Err(NetError::Range { name: "leaf", got: got as f64, allowed: "[0, inputs)" });
        }
        Ok(Self { leaves, ..self })
    }

    /// The same with the even inputs at the first leaves and the odd ones at the others: no pair, and no four, of neighbours are
    /// those of the order `0, 1, 2, ...`.
    #[must_use]
    pub fn evens_first(self) -> Self {
        let leaves = (0..self.inputs()).step_by(2).chain((1..self.inputs()).step_by(2)).collect();
        Self { leaves, ..self }
    }

    /// Levels of nodes.
    #[must_use]
    pub fn levels(&self) -> usize {
        self.levels
    }

    /// Hidden units of each node.
    #[must_use]
    pub fn units(&self) -> usize {
        self.units
    }

    /// Which input each leaf takes.
    #[must_use]
    pub fn leaves(&self) -> &[usize] {
        &self.leaves
    }

    /// Of the hidden units.
    #[must_use]
    pub fn activation(&self) -> Activation {
        self.activation
    }

    /// Numbers in an input, `d = 2^levels`.
    #[must_use]
    pub fn inputs(&self) -> usize {
        1 << self.levels
    }

    /// `d - 1` nodes: those above the leaves first, the root last.
    #[must_use]
    pub fn n_nodes(&self) -> usize {
        self.inputs() - 1
    }

    /// `4 units + 1` parameters of one node: the weights `[units, 2]`, row-major, the biases, the weights of the output, its
    /// bias. They are those of a perceptron of the widths `[2, units, 1]`.
    #[must_use]
    pub fn parameters_of_node(&self) -> usize {
        4 * self.units + 1
    }

    /// `(d - 1)(4 units + 1)` parameters in all, node after node.
    #[must_use]
    pub fn n_parameters(&self) -> usize {
        self.n_nodes() * self.parameters_of_node()
    }
}
