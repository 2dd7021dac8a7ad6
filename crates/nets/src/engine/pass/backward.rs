//! The pass backward.

use super::{ByParameters, Pass, Stage, Wants};
use crate::NetError;
use crate::engine::Scalar;
use crate::engine::jet::{Numbers, zeros};
use crate::engine::net::{Node, Op};
use crate::engine::op::dense::{Turned, turn};
use crate::engine::op::norm::Norm;
use crate::engine::op::{Into, activate, join, softmax};
use crate::error::{check_limit, check_size};
use crate::lanes::{LANES, Work, widest};

/// Most numbers in gradients for each example (a quarter of a gigabyte in `f32`).
const MOST_BY_EXAMPLE: usize = 1 << 26;

impl<T: Scalar, const N: usize> Pass<T, N> {
    /// Gradients of `Σ seed · output` after a pass forward with the same parameters, from the seed that was written.
    ///
    /// # Errors
    /// [`NetError::Pass`] before a pass forward, and for gradients of each example where batch norms tie examples together;
    /// [`NetError::Size`] for another number of parameters; [`NetError::TooLarge`] for more than 2^26 derivatives.
    pub fn backward(&mut self, parameters: &[[T; N]], wants: Wants) -> Result<(), NetError> {
        self.check_stage("a pass backward")?;
        check_size("parameters", self.net.n_parameters(), parameters.len())?;
        self.make_slots();
        self.prepare_gradients(wants.parameters)?;
        let output = self.plan.buffer[self.net.output_node().0];
        self.clear_unused_lanes(output);
        self.is_written.fill(false);
        self.is_written[output] = true;
        let net = self.net.clone();
        for (k, node) in net.nodes().iter().enumerate().rev() {
            let buffer = self.plan.buffer[k];
            if !self.is_written[buffer] || !(wants.input || self.plan.has_parameters[k]) {
                continue;
            }
            if self.plan.root[buffer] == k {
                widest(PassOn { pass: self, k, node, parameters, wants });
            } else if let (Op::Activate(activation), Some(slot)) = (node.op, self.plan.slot[buffer]) {
                let numbers = self.blocks() * node.dims.features();
                let (values, delta) = (&self.values[buffer][..numbers], &mut self.slots[slot][..numbers]);
                activate::backward_in_place(activation, values, delta);
            }
        }
        if wants.input && !self.is_written[0] {
            // The output does not depend on the input.
            if let Some(slot) = self.plan.slot[0] {
                self.slots[slot].fill(zeros());
            }
        }
        self.stage = if wants.input { Stage::Backward } else { Stage::Forward };
        Ok(())
    }

    fn prepare_gradients(&mut self, wanted: ByParameters) -> Result<(), NetError> {
        let n_parameters = self.net.n_parameters();
        self.by_example.clear();
        if wanted == ByParameters::EachExample {
            if self.are_of_batch && self.net.n_statistics() > 0 {
                return Err(NetError::Pass {
                    op: "a gradient for each example",
                    needs: "running statistics, for those of a batch tie its examples together",
                });
            }
            let numbers = n_parameters.saturating_mul(self.n).saturating_mul(N);
            check_limit("gradients of all examples", numbers, MOST_BY_EXAMPLE)?;
            self.by_example.resize(n_parameters * self.n, [T::ZERO; N]);
        } else if wanted != ByParameters::No {
            self.gradient.resize(n_parameters, [T::ZERO; N]);
            if wanted == ByParameters::Set {
                // For values that the output does not depend on.
                self.gradient.fill([T::ZERO; N]);
            }
        }
        Ok(())
    }

    fn clear_unused_lanes(&mut self, output: usize) {
        let features = self.net.output().features();
        let (used, blocks) = (self.n % LANES, self.blocks());
        if let (Some(slot), true) = (self.plan.slot[output], used > 0) {
            for numbers in &mut self.slots[slot][(blocks - 1) * features..blocks * features] {
                numbers.iter_mut().for_each(|lanes| lanes[used..].fill(T::ZERO));
            }
        }
    }

    /// From the derivative with respect to a node's value to those with respect to its parameters and to what it is made of.
    #[inline(always)]
    fn pass_on(&mut self, k: usize, node: &Node, parameters: &[[T; N]], wants: Wants) {
        let Some(slot) = self.plan.slot[self.plan.buffer[k]] else { return };
        // Its own slot is taken out for as long as it is read, beside those that are written.
        let own = std::mem::take(&mut self.slots[slot]);
        let delta = &own[..self.blocks() * node.dims.features()];
        if !node.parameters.is_empty() {
            match wants.parameters {
                ByParameters::No => {}
                ByParameters::Set | ByParameters::Add => self.gradient_of(k, node, delta),
                ByParameters::EachExample => self.gradients_of_examples(k, node, delta),
            }
        }
        let of_node = &parameters[node.parameters.clone()];
        let mut first = 0;
        for (i, input) in node.inputs.iter().enumerate() {
            let features = self.net.nodes()[input.0].dims.features();
            if wants.input || self.plan.has_parameters[input.0] {
                self.delta_of_input(k, node, i, of_node, delta, first);
            }
            first += features;
        }
        self.slots[slot] = own;
    }

    #[inline(always)]
    fn delta_of_input(
        &mut self,
        k: usize,
        node: &Node,
        i: usize,
        parameters: &[[T; N]],
        delta: &[Numbers<T, N>],
        first: usize,
    ) {
        let blocks = self.blocks();
        let Self { net, plan, values, slots, is_written, moments, scratch, are_of_batch, n, .. } = self;
        let input = node.inputs[i].0;
        let (buffer, features) = (plan.buffer[input], net.nodes()[input].dims.features());
        let Some(slot) = plan.slot[buffer] else { return };
        let below = &mut slots[slot][..blocks * features];
        let into = if std::mem::replace(&mut is_written[buffer], true) { Into::Add } else { Into::Set };
        let x = &values[buffer][..blocks * features];
        let y = &values[plan.buffer[k]][..delta.len()];
        match &node.op {
            Op::Input | Op::Reshape => {}
            Op::Dense(dense) => dense.backward_input(parameters, delta, below, into),
            Op::Conv(conv) => conv.backward_input(parameters, delta, below, into, scratch),
            Op::MeanPool(pool) => pool.mean_backward(delta, below, into),
            Op::MaxPool(pool) => pool.largest_backward((x, y), delta, below, into),
            Op::Activate(activation) => activate::backward(*activation, x, delta, below, into),
            Op::Softmax => softmax::backward(node.dims, y, delta, below, into),
            Op::BatchNorm => {
                let norm = Norm { dims: node.dims, examples: *n };
                let moments = (&moments[k][..], *are_of_batch);
                norm.backward_input(parameters, moments, (x, delta), below, into);
            }
            Op::Sum => join::add(delta, below, into),
            Op::Concat => {
                join::extract((delta, node.dims.features()), (below, features), first, into);
            }
        }
    }

    #[inline(always)]
    fn gradient_of(&mut self, k: usize, node: &Node, delta: &[Numbers<T, N>]) {
        let blocks = self.blocks();
        let Self { net, plan, values, gradient, moments, rows, scratch, n, .. } = self;
        let Some(input) = node.inputs.first() else { return };
        let features = net.nodes()[input.0].dims.features();
        let x = &values[plan.buffer[input.0]][..blocks * features];
        let gradient = &mut gradient[node.parameters.clone()];
        // All of it was set to zero.
        let into = Into::Add;
        match &node.op {
            Op::Dense(dense) => {
                turn_blocks(x, features, rows);
                let turned = Turned { delta, rows, lane: None };
                dense.gradient(&turned, gradient, into);
            }
            Op::Conv(conv) => conv.gradient((x, delta), None, gradient, into, scratch),
            Op::BatchNorm => {
                let norm = Norm { dims: node.dims, examples: *n };
                norm.gradient(&moments[k], (x, delta), gradient, into);
            }
            _ => {}
        }
    }

    #[inline(always)]
    fn gradients_of_examples(&mut self, k: usize, node: &Node, delta: &[Numbers<T, N>]) {
        let blocks = self.blocks();
        let Self { net, plan, values, by_example, moments, rows, scratch, n, .. } = self;
        let Some(input) = node.inputs.first() else { return };
        let (features, outputs) = (net.nodes()[input.0].dims.features(), node.dims.features());
        let x = &values[plan.buffer[input.0]][..blocks * features];
        if matches!(node.op, Op::Dense(_)) {
            turn_blocks(x, features, rows);
        }
        for (example, gradient) in by_example.chunks_exact_mut(net.n_parameters()).enumerate() {
            let (block, lane) = (example / LANES, example % LANES);
            let gradient = &mut gradient[node.parameters.clone()];
            let x = &x[block * features..(block + 1) * features];
            let delta = &delta[block * outputs..(block + 1) * outputs];
            match &node.op {
                Op::Dense(dense) => {
                    let of_block = features.div_ceil(LANES) * LANES;
                    let rows = &rows[block * of_block..(block + 1) * of_block];
                    let turned = Turned { delta, rows, lane: Some(lane) };
                    dense.gradient(&turned, gradient, Into::Set);
                }
                Op::Conv(conv) => conv.gradient((x, delta), Some(lane), gradient, Into::Set, scratch),
                Op::BatchNorm => {
                    let norm = Norm { dims: node.dims, examples: *n };
                    norm.gradient_of_lane(&moments[k], (x, delta), lane, gradient, Into::Set);
                }
                _ => {}
            }
        }
    }
}

struct PassOn<'a, T: Scalar, const N: usize> {
    pass: &'a mut Pass<T, N>,
    k: usize,
    node: &'a Node,
    parameters: &'a [[T; N]],
    wants: Wants,
}

impl<T: Scalar, const N: usize> Work for PassOn<'_, T, N> {
    #[inline(always)]
    fn run(self) {
        self.pass.pass_on(self.k, self.node, self.parameters, self.wants);
    }
}

/// Rows for each example of all blocks.
#[inline(always)]
fn turn_blocks<T: Scalar, const N: usize>(x: &[Numbers<T, N>], features: usize, rows: &mut Vec<Numbers<T, N>>) {
    let of_block = features.div_ceil(LANES) * LANES;
    let blocks = x.len() / features.max(1);
    if rows.len() < blocks * of_block {
        rows.resize(blocks * of_block, zeros());
    }
    rows.truncate(blocks * of_block);
    for (x, rows) in x.chunks_exact(features.max(1)).zip(rows.chunks_exact_mut(of_block.max(1))) {
        turn(x, rows);
    }
}
