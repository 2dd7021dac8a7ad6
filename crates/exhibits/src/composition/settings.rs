//! The controls, and what the computation makes of their values.

use nets::mlp::Shape;
use nets::tree::TreeShape;
use serde::{Deserialize, Serialize};
use theory::composition::{Composition, nearest_shallow, nearest_tree, shallow_parameters, tree_parameters};
use theory::{Activation, Constituent};

use crate::controls;
use crate::job::JobError;
use crate::kit::Choices;

const DIMENSIONS: Choices<usize, 2> = Choices([("8", "8", 8), ("4", "4", 4)]);
pub(super) const CONSTITUENTS: Choices<Constituent, 4> = Choices([
    ("sine", "sin(3a/2 + b + ab)", Constituent::Sine),
    ("kink", "1 − |a + b|", Constituent::Kink),
    ("additive", "(a + b + ab)/3", Constituent::Additive),
    ("product", "ab", Constituent::Product),
]);
const WIRINGS: Choices<NetKind, 2> =
    Choices([("matched", "matched", NetKind::Tree), ("shuffled", "shuffled", NetKind::Shuffled)]);
const ACTIVATIONS: Choices<Activation, 2> =
    Choices([("tanh", "tanh", Activation::Tanh), ("relu", "ReLU", Activation::Relu)]);
const TRAINING: &str = "Training";

controls! {
    /// The control values.
    pub struct Settings {
        dimension: usize = choice(DIMENSIONS).name("variables").symbol("<mi>d</mi>")
            .help("Of the target, each uniform on −1 to 1"),
        constituent: Constituent = choice(CONSTITUENTS).name("function at each node").symbol("<mi>h</mi>")
            .help("Of two variables; the target is made of it alone"),
        parameters: usize = int(30..=1200, 450).log().step(100.0).name("parameters").symbol("<mi>N</mi>")
            .help("Of the nets that are shown one by one: the nearest tree, and the shallow net nearest to it"),
        wiring: NetKind = choice(WIRINGS).name("wiring of the net").on("tree")
            .help("Shuffled: the tree’s leaves take the inputs in another order than the target’s"),
        activation: Activation = choice(ACTIVATIONS).name("activation").symbol("<mi>φ</mi>").group(TRAINING),
        examples: usize = int(64..=16384, 8192).log().step(1000.0).name("examples").symbol("<mi>n</mi>").group(TRAINING)
            .help("That the nets are trained on; the error is measured on 2048 others"),
        steps: u64 = int(100..=10000, 4000).log().step(500.0).name("steps").group(TRAINING)
            .help("Of Adam, on 64 examples each"),
        rate: f64 = real(0.0..=10.0, 0.02).track(0.0, 0.1).step(0.005).name("learning rate").symbol("<mi>η</mi>")
            .group(TRAINING).help("For the first half of the steps; then it falls to 0"),
        nets: u64 = int(1..=6, 3).name("nets of each kind").group(TRAINING)
            .help("They differ in their first weights and in the order of the examples"),
        seed: u64 = seed(1).group(TRAINING),
        smoothness: f64 = int(1..=6, 1).name("smoothness").symbol("<mi>m</mi>").on("needed")
            .help("Derivatives that theory counts on"),
        log_epsilon: f64 = real(-6.0..=-0.1, -1.0).track(-3.0, -0.1).step(0.1).name("error")
            .symbol("<msub><mi>log</mi><mn>10</mn></msub><mi>ε</mi>").on("needed")
            .help("That is allowed, as a power of ten"),
    }
}

/// Units of each node on the curve: each has twice as many parameters as the one before.
pub(super) const UNITS: [usize; 5] = [2, 4, 8, 16, 32];

/// What is trained.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub enum NetKind {
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

impl Settings {
    /// The tree of a kind with so many units in each node.
    pub(super) fn tree(&self, kind: NetKind, units: usize) -> Result<TreeShape, JobError> {
        let shape = TreeShape::new(self.dimension.ilog2() as usize, units, self.activation)?;
        Ok(if kind == NetKind::Shuffled { shape.evens_first() } else { shape })
    }

    /// Hidden units of the shallow net whose number of parameters is nearest to that of the tree.
    pub(super) fn shallow_units(&self, units: usize) -> usize {
        nearest_shallow(self.dimension, tree_parameters(self.dimension, units))
    }

    /// The shallow net.
    pub(super) fn shallow(&self, units: usize) -> Result<Shape, JobError> {
        Ok(Shape::new(&[self.dimension, self.shallow_units(units), 1], self.activation)?)
    }

    /// Of a net that stands for so many units of a node.
    pub(super) fn n_parameters(&self, kind: NetKind, units: usize) -> usize {
        match kind {
            NetKind::Tree | NetKind::Shuffled => tree_parameters(self.dimension, units),
            NetKind::Shallow => shallow_parameters(self.dimension, self.shallow_units(units)),
        }
    }

    /// The same for all that differ in what no net's training depends on.
    pub(super) fn of_training(&self) -> Self {
        let (parameters, nets, wiring, smoothness, log_epsilon) = (0, 0, NetKind::Tree, 0.0, 0.0);
        Self { parameters, nets, wiring, smoothness, log_epsilon, ..self.clone() }
    }

    /// Units of each node of the nets that are shown one by one, which have the nearest number of parameters that there is.
    pub(super) fn units(&self) -> usize {
        nearest_tree(self.dimension, self.parameters)
    }

    /// What the theorems say of such targets.
    pub(super) fn theory(&self) -> Result<Composition, JobError> {
        Ok(Composition::new(self.dimension as u32, self.smoothness)?)
    }

    pub(super) fn epsilon(&self) -> f64 {
        libm::pow(10.0, self.log_epsilon)
    }

    /// Of the hidden units, for a legend.
    pub(super) fn activation_name(&self) -> &'static str {
        if self.activation == Activation::Relu { "ReLUs" } else { "tanh units" }
    }

    /// Units of each node of all nets on the curve, the chosen ones among them.
    pub(super) fn sizes(&self) -> Vec<usize> {
        let mut sizes = UNITS.to_vec();
        sizes.push(self.units());
        sizes.sort_unstable();
        sizes.dedup();
        sizes
    }
}
