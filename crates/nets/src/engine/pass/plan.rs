//! Which values and derivatives share memory.

use crate::engine::net::{Net, Op};
use crate::engine::op::activate;

/// Where the values of a net lie, and the derivatives with respect to them.
#[derive(Clone, Debug)]
pub(super) struct Plan {
    /// The buffer of each node's values.
    pub(super) buffer: Vec<usize>,
    /// The node that fills each buffer first.
    pub(super) root: Vec<usize>,
    /// The node whose values a buffer holds at the end.
    pub(super) last: Vec<usize>,
    /// The slot of each buffer's derivatives, none where there never are any.
    pub(super) slot: Vec<Option<usize>>,
    /// Numbers for an example in each slot.
    pub(super) slot_features: Vec<usize>,
    /// Whether a node or one that it is made of has parameters.
    pub(super) has_parameters: Vec<bool>,
}

impl Plan {
    pub(super) fn new(net: &Net) -> Self {
        let nodes = net.nodes();
        let mut users = vec![0_usize; nodes.len()];
        users[net.output_node().0] += 1;
        for node in nodes {
            node.inputs.iter().for_each(|input| users[input.0] += 1);
        }
        let (mut buffer, mut root, mut last) = (Vec::new(), Vec::<usize>::new(), Vec::<usize>::new());
        // Whether whoever reads a buffer's values reads those of its last node alone.
        let mut is_free = Vec::new();
        let mut has_parameters = Vec::new();
        for (k, node) in nodes.iter().enumerate() {
            let shared = match node.op {
                Op::Reshape => Some(buffer[node.inputs[0].0]),
                Op::Activate(activation) if activate::is_in_place(activation) => {
                    let from: usize = buffer[node.inputs[0].0];
                    let may_change: bool = is_free[from];
                    (may_change && last[from] == node.inputs[0].0).then_some(from)
                }
                _ => None,
            };
            let of_inputs = node.inputs.iter().any(|input| has_parameters[input.0]);
            has_parameters.push(of_inputs || !node.parameters.is_empty());
            if let Some(shared) = shared {
                let is_activation = matches!(node.op, Op::Activate(_));
                is_free[shared] = !is_activation && is_free[shared] && users[k] == 1;
                last[shared] = k;
                buffer.push(shared);
            } else {
                buffer.push(root.len());
                root.push(k);
                last.push(k);
                // What needs its own value to go backward keeps it.
                let needs_value = matches!(node.op, Op::Input | Op::Activate(_) | Op::MaxPool(_) | Op::Softmax);
                is_free.push(!needs_value && users[k] == 1);
            }
        }
        let mut plan =
            Self { buffer, slot: vec![None; root.len()], root, last, slot_features: Vec::new(), has_parameters };
        plan.place_derivatives(net);
        plan
    }

    /// A slot is free again when its node has passed its derivative on.
    fn place_derivatives(&mut self, net: &Net) {
        let mut free = Vec::new();
        let output = self.buffer[net.output_node().0];
        self.take_slot(output, net, &mut free);
        for (k, node) in net.nodes().iter().enumerate().rev() {
            let own = self.buffer[k];
            let Some(slot) = self.slot[own] else { continue };
            if self.root[own] != k {
                continue;
            }
            for input in &node.inputs {
                self.take_slot(self.buffer[input.0], net, &mut free);
            }
            // The input's stay, to be read.
            if k > 0 {
                free.push(slot);
            }
        }
    }

    fn take_slot(&mut self, buffer: usize, net: &Net, free: &mut Vec<usize>) {
        if self.slot[buffer].is_some() {
            return;
        }
        let features = net.nodes()[self.root[buffer]].dims.features();
        let slot = free.pop().unwrap_or_else(|| {
            self.slot_features.push(0);
            self.slot_features.len() - 1
        });
        self.slot_features[slot] = self.slot_features[slot].max(features);
        self.slot[buffer] = Some(slot);
    }

    /// Numbers for an example in all buffers.
    pub(super) fn features(&self, net: &Net) -> usize {
        let values = self.root.iter().map(|&k| net.nodes()[k].dims.features());
        values.chain(self.slot_features.iter().copied()).fold(0, usize::saturating_add)
    }
}
