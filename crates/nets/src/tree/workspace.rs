//! Forward and backward passes of a tree, without allocation.

use std::ops::Range;

use random::Stream;

use super::node::{self, Backward};
use super::{TreeNet, TreeShape};
use crate::error::check_size;
use crate::lanes::{LANES, Lane};
use crate::mlp::loss::right_in_block;
use crate::mlp::{Examples, Loss, Passes, Score, Trainable};
use crate::{NetError, elementwise};

const ZERO: Lane = [0.0; LANES];

/// Buffers for the passes of trees of one shape, for one block of eight examples.
#[derive(Clone, Debug)]
pub struct TreeWorkspace {
    shape: TreeShape,
    /// `[d + nodes]`: the leaves, then the outputs of the nodes; node `k` takes number `2k` and `2k + 1`.
    values: Vec<Lane>,
    /// `[nodes, units]`: activations.
    hidden: Vec<Lane>,
    /// `[nodes, units]`: pre-activations, where the activation's slope is no function of its value.
    kept: Vec<Lane>,
    /// `[d + nodes]`: derivatives of the loss with respect to the values.
    deltas: Vec<Lane>,
    /// `[units]`.
    slopes: Vec<Lane>,
    /// `[parameters]`: sums over the blocks.
    gradient: Vec<Lane>,
}

impl TreeWorkspace {
    /// For trees of this shape.
    #[must_use]
    pub fn new(shape: &TreeShape) -> Self {
        let values = vec![ZERO; shape.inputs() + shape.n_nodes()];
        let hidden = vec![ZERO; shape.n_nodes() * shape.units()];
        let keeps_z = !elementwise::is_derivative_of_value(shape.activation());
        Self {
            shape: shape.clone(),
            deltas: values.clone(),
            values,
            kept: if keeps_z { hidden.clone() } else { Vec::new() },
            hidden,
            slopes: vec![ZERO; shape.units()],
            gradient: vec![ZERO; shape.n_parameters()],
        }
    }

    fn check_shape(&self, net: &TreeNet) -> Result<(), NetError> {
        if self.shape == *net.shape() {
            return Ok(());
        }
        // Shapes of as many parameters still differ in their wiring or their activation.
        Err(NetError::Size { op: "shape", expected: self.shape.n_parameters(), got: net.shape().n_parameters() })
    }

    /// Outputs and targets of a block of `n` examples.
    fn pass(
        &mut self,
        net: &TreeNet,
        loss: Loss,
        examples: &Examples,
        n: usize,
        index_of: impl Fn(usize) -> usize,
    ) -> (Lane, Lane) {
        self.take_inputs(n, |i| examples.input(index_of(i)).unwrap_or(&[]));
        let mut targets = ZERO;
        for (i, target) in targets.iter_mut().enumerate().take(n) {
            examples.targets_of(index_of(i), 1, loss, |_, y| *target = y);
        }
        (self.forward(net), targets)
    }

    /// Writes inputs to the leaves. Lanes beyond the last example are zero.
    fn take_inputs<'a>(&mut self, n: usize, input: impl Fn(usize) -> &'a [f32]) {
        let leaves = self.shape.leaves();
        for i in 0..LANES {
            let row = if i < n { input(i) } else { &[] };
            for (value, leaf) in self.values.iter_mut().zip(leaves) {
                value[i] = row.get(*leaf).copied().unwrap_or(0.0);
            }
        }
    }

    fn forward(&mut self, net: &TreeNet) -> Lane {
        let (dim, units) = (self.shape.inputs(), self.shape.units());
        let mut last = ZERO;
        for (k, parameters) in net.parameters().chunks_exact(self.shape.parameters_of_node()).enumerate() {
            let inputs = [self.values[2 * k], self.values[2 * k + 1]];
            let places = k * units..(k + 1) * units;
            let kept = self.kept.get_mut(places.clone()).unwrap_or(&mut []);
            last = node::forward(parameters, self.shape.activation(), inputs, &mut self.hidden[places], kept);
            self.values[dim + k] = last;
        }
        last
    }

    /// From the derivative at the root to those of all parameters, added to `gradient`.
    fn backward(&mut self, net: &TreeNet, delta: Lane) {
        let (dim, units, size) = (self.shape.inputs(), self.shape.units(), self.shape.parameters_of_node());
        if let Some(root) = self.deltas.last_mut() {
            *root = delta;
        }
        for (k, parameters) in net.parameters().chunks_exact(size).enumerate().rev() {
            let places = k * units..(k + 1) * units;
            let node = Backward {
                parameters,
                activation: self.shape.activation(),
                inputs: [self.values[2 * k], self.values[2 * k + 1]],
                hidden: &self.hidden[places.clone()],
                kept: self.kept.get_mut(places).unwrap_or(&mut []),
                delta: self.deltas[dim + k],
            };
            let below = node.run(&mut self.slopes, &mut self.gradient[k * size..(k + 1) * size]);
            self.deltas[2 * k..2 * k + 2].copy_from_slice(&below);
        }
    }
}

impl Passes for TreeWorkspace {
    type Net = TreeNet;

    fn loss_and_gradient(
        &mut self,
        net: &TreeNet,
        loss: Loss,
        examples: &Examples,
        indices: &[usize],
        gradient: &mut [f32],
    ) -> Result<f64, NetError> {
        self.check_shape(net)?;
        examples.check(self.shape.inputs(), 1, loss)?;
        check_size("gradient", self.shape.n_parameters(), gradient.len())?;
        examples.check_indices("gradient", indices)?;
        let scale = 1.0 / indices.len() as f32;
        self.gradient.fill(ZERO);
        let mut sum = 0.0;
        for indices in indices.chunks(LANES) {
            let (z, y) = self.pass(net, loss, examples, indices.len(), |i| indices[i]);
            let mut delta = [ZERO];
            sum += loss.of_block(&[z], &[y], scale, &mut delta)[..indices.len()].iter().sum::<f64>();
            let [mut delta] = delta;
            delta[indices.len()..].fill(0.0);
            self.backward(net, delta);
        }
        for (g, lanes) in gradient.iter_mut().zip(&self.gradient) {
            *g = lanes.iter().sum();
        }
        Ok(sum / indices.len() as f64)
    }

    fn score_range(
        &mut self,
        net: &TreeNet,
        loss: Loss,
        examples: &Examples,
        range: Range<usize>,
    ) -> Result<Score, NetError> {
        self.check_shape(net)?;
        examples.check(self.shape.inputs(), 1, loss)?;
        examples.check_range("score", &range)?;
        let by_largest = examples.are_right_by_largest(loss, 1);
        let (mut sum, mut right) = (0.0, 0);
        for start in range.clone().step_by(LANES) {
            let n = (range.end - start).min(LANES);
            let (z, y) = self.pass(net, loss, examples, n, |i| start + i);
            sum += loss.of_block(&[z], &[y], 0.0, &mut [ZERO])[..n].iter().sum::<f64>();
            right += right_in_block(&[z], &[y], by_largest)[..n].iter().filter(|&&right| right).count();
        }
        Ok(Score::of_sums(sum, right, range.len()))
    }

    fn outputs(&mut self, net: &TreeNet, n: usize, inputs: &[f32], outputs: &mut [f32]) -> Result<(), NetError> {
        self.check_shape(net)?;
        let dim = self.shape.inputs();
        check_size("inputs", n.saturating_mul(dim), inputs.len())?;
        check_size("outputs", n, outputs.len())?;
        for (rows, outputs) in inputs.chunks(LANES * dim).zip(outputs.chunks_mut(LANES)) {
            self.take_inputs(outputs.len(), |i| &rows[i * dim..(i + 1) * dim]);
            outputs.copy_from_slice(&self.forward(net)[..outputs.len()]);
        }
        Ok(())
    }
}

impl Trainable for TreeNet {
    type Workspace = TreeWorkspace;

    /// The size of a batch makes no difference.
    fn workspace(&self, _batch: usize) -> Result<TreeWorkspace, NetError> {
        Ok(TreeWorkspace::new(self.shape()))
    }

    fn draw(&mut self, sigma_w: f64, sigma_b: f64, stream: Stream) {
        Self::draw(self, sigma_w, sigma_b, stream);
    }

    fn parameters(&self) -> &[f32] {
        Self::parameters(self)
    }

    fn parameters_mut(&mut self) -> &mut [f32] {
        Self::parameters_mut(self)
    }
}
