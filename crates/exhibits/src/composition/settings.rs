//! The control values as the computation uses them.

use nets::mlp::Shape;
use nets::tree::TreeShape;
use serde::{Deserialize, Serialize};
use theory::Activation;
use theory::composition::Composition;

use super::target::Constituent;
use crate::job::JobError;
use crate::values::Values;

/// Units of each node on the curve: each has twice as many parameters as the one before.
pub(super) const UNITS: [usize; 5] = [2, 4, 8, 16, 32];

/// What is trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) enum NetKind {
    /// A tree with the target's wiring.
    Tree,
    /// A tree with another wiring.
    Shuffled,
    /// One hidden layer.
    Shallow,
}

impl NetKind {
    pub(super) const ALL: [Self; 3] = [Self::Tree, Self::Shuffled, Self::Shallow];
}

/// What the training of all nets depends on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Task {
    /// The target has 2 to this power of variables.
    pub(super) levels: usize,
    pub(super) constituent: Constituent,
    pub(super) activation: Activation,
    pub(super) examples: usize,
    pub(super) steps: u64,
    pub(super) rate: f64,
    pub(super) seed: u64,
}

impl Task {
    pub(super) fn dimension(&self) -> usize {
        1 << self.levels
    }

    /// The tree of a kind with so many units in each node.
    pub(super) fn tree(&self, kind: NetKind, units: usize) -> Result<TreeShape, JobError> {
        let shape = TreeShape::new(self.levels, units, self.activation)?;
        Ok(if kind == NetKind::Shuffled { shape.with_leaves(shuffled(self.dimension()))? } else { shape })
    }

    /// Hidden units of the shallow net whose number of parameters is nearest to that of the tree.
    pub(super) fn shallow_units(&self, units: usize) -> usize {
        let (budget, of_unit) = (self.tree_parameters(units), self.dimension() + 2);
        // To the nearest: half a unit is added before the division; one parameter is the output's bias.
        ((budget - 1 + of_unit / 2) / of_unit).max(1)
    }

    /// The shallow net.
    pub(super) fn shallow(&self, units: usize) -> Result<Shape, JobError> {
        Ok(Shape::new(&[self.dimension(), self.shallow_units(units), 1], self.activation)?)
    }

    /// `(d - 1)(4 units + 1)`.
    pub(super) fn tree_parameters(&self, units: usize) -> usize {
        (self.dimension() - 1) * (4 * units + 1)
    }

    /// Of a net that stands for so many units of a node.
    pub(super) fn parameters(&self, kind: NetKind, units: usize) -> usize {
        match kind {
            NetKind::Tree | NetKind::Shuffled => self.tree_parameters(units),
            NetKind::Shallow => (self.dimension() + 2) * self.shallow_units(units) + 1,
        }
    }

    /// Units of a node of the tree whose number of parameters is nearest.
    fn units_for(&self, parameters: usize) -> usize {
        let nodes = self.dimension() - 1;
        ((parameters + nodes).saturating_sub(1) / (4 * nodes)).max(1)
    }
}

/// An order of the inputs in which no pair, and no four, are those of the order `0, 1, 2, ...`: even ones first.
pub(super) fn shuffled(dimension: usize) -> Vec<usize> {
    (0..dimension).step_by(2).chain((1..dimension).step_by(2)).collect()
}

/// The control values.
#[derive(Clone, Debug)]
pub(super) struct Settings {
    pub(super) task: Task,
    /// Units of each node of the nets that are shown one by one.
    pub(super) units: usize,
    /// As chosen; the nets have the nearest number that there is.
    pub(super) parameters: usize,
    /// The tree that is shown: matched or shuffled.
    pub(super) shown: NetKind,
    /// Nets of each kind and size.
    pub(super) nets: u64,
    pub(super) theory: Composition,
    pub(super) epsilon: f64,
}

impl Settings {
    /// # Errors
    /// A sentence, should a declared choice not be known here (a test walks through all).
    pub(super) fn from_values(values: &Values) -> Result<Self, JobError> {
        let unknown = |key: &str| JobError::Failed(format!("{key} = “{}” is not known here", values.choice(key)));
        let levels = match values.choice("dimension") {
            "4" => 2,
            "8" => 3,
            _ => return Err(unknown("dimension")),
        };
        let shown = match values.choice("wiring") {
            "matched" => NetKind::Tree,
            "shuffled" => NetKind::Shuffled,
            _ => return Err(unknown("wiring")),
        };
        let task = Task {
            levels,
            constituent: Constituent::from_key(values.choice("constituent")).ok_or_else(|| unknown("constituent"))?,
            activation: Activation::from_key(values.choice("activation")).ok_or_else(|| unknown("activation"))?,
            examples: values.size("examples").max(1),
            steps: values.size("steps").max(1) as u64,
            rate: values.real("rate"),
            seed: values.seed("seed"),
        };
        let parameters = values.size("parameters");
        let theory = Composition::new(task.dimension() as u32, values.size("smoothness") as f64);
        Ok(Self {
            units: task.units_for(parameters),
            task,
            parameters,
            shown,
            nets: values.size("nets").max(1) as u64,
            theory: theory.map_err(|e| JobError::Failed(e.to_string()))?,
            epsilon: libm::pow(10.0, values.real("log_epsilon")),
        })
    }

    /// Of the hidden units, for a legend.
    pub(super) fn activation_name(&self) -> &'static str {
        if self.task.activation == Activation::Relu { "ReLUs" } else { "tanh units" }
    }

    /// Units of each node of all nets on the curve, the chosen ones among them.
    pub(super) fn sizes(&self) -> Vec<usize> {
        let mut sizes = UNITS.to_vec();
        sizes.push(self.units);
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn task(levels: usize) -> Task {
        let constituent = Constituent::Sine;
        Task { levels, constituent, activation: Activation::Tanh, examples: 64, steps: 100, rate: 0.01, seed: 1 }
    }

    #[test]
    fn counted_parameters_are_those_of_the_nets() {
        for levels in [2, 3] {
            for units in 1..60 {
                let task = task(levels);
                for kind in [NetKind::Tree, NetKind::Shuffled] {
                    let tree = task.tree(kind, units).unwrap();
                    assert_eq!(tree.n_parameters(), task.parameters(kind, units));
                }
                let shallow = task.shallow(units).unwrap().n_parameters();
                assert_eq!(shallow, task.parameters(NetKind::Shallow, units));
                // No other number of units comes nearer; one unit is the least.
                let gap = |parameters: usize| parameters.abs_diff(task.tree_parameters(units));
                let of_unit = task.dimension() + 2;
                assert!(gap(shallow) <= gap(shallow + of_unit), "{units}");
                assert!(shallow == of_unit + 1 || gap(shallow) <= gap(shallow - of_unit), "{units}");
            }
        }
    }

    #[test]
    fn the_nearest_tree_is_found() {
        for levels in [2, 3] {
            let task = task(levels);
            for parameters in 1..1300 {
                let gap = |units: usize| task.tree_parameters(units).abs_diff(parameters);
                let found = task.units_for(parameters);
                let best = (1..200).map(gap).min().unwrap();
                // Halfway between two it is either of them, up to the rounding of the half.
                assert!(gap(found) <= best + 1, "{parameters}: {found}");
            }
        }
    }

    #[test]
    fn the_shuffled_tree_shares_no_pair_and_no_four() {
        for dimension in [4, 8] {
            let leaves = shuffled(dimension);
            let mut sorted = leaves.clone();
            sorted.sort_unstable();
            assert_eq!(sorted, (0..dimension).collect::<Vec<_>>());
            for size in [2, 4].into_iter().filter(|size| *size < dimension) {
                for group in leaves.chunks(size) {
                    assert!(group.iter().any(|leaf| leaf / size != group[0] / size), "{group:?}");
                }
            }
        }
    }
}
