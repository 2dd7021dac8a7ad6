//! A net: a list of operations over one vector of parameters.

use std::ops::Range;
use std::sync::Arc;

use random::Stream;
use theory::Activation;

use super::init::Init;
use super::op::conv::Conv;
use super::op::dense::Dense;
use super::op::pool::Pool;
use super::{Dims, Scalar};
use crate::NetError;

/// A value of a net, numbered from the input, 0, on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NodeId(pub(super) usize);

impl NodeId {
    /// Its place in [`Net::nodes`].
    #[must_use]
    pub fn index(self) -> usize {
        self.0
    }
}

/// What makes a value.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Op {
    /// The net's input.
    Input,
    /// `W x + b`.
    Dense(Dense),
    /// Filters that slide over an image.
    Conv(Conv),
    /// Means of windows.
    MeanPool(Pool),
    /// The largest numbers of windows.
    MaxPool(Pool),
    /// An activation of each number.
    Activate(Activation),
    /// Each channel with mean 0 and variance 1 over the batch, times γ, plus β.
    BatchNorm,
    /// The sum of values of one form.
    Sum,
    /// Channels of all values, one after the other.
    Concat,
    /// The same numbers in another form.
    Reshape,
    /// Shares over channels, at each place.
    Softmax,
}

impl Op {
    /// Its name in messages and files.
    #[must_use]
    pub fn name(&self) -> &'static str {
        match self {
            Self::Input => "input",
            Self::Dense(_) => "dense",
            Self::Conv(_) => "convolution",
            Self::MeanPool(_) => "average pooling",
            Self::MaxPool(_) => "max pooling",
            Self::Activate(_) => "activation",
            Self::BatchNorm => "batch norm",
            Self::Sum => "sum",
            Self::Concat => "concatenation",
            Self::Reshape => "reshape",
            Self::Softmax => "softmax",
        }
    }
}

/// A value with what makes it.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What makes it.
    pub op: Op,
    /// Of what.
    pub inputs: Vec<NodeId>,
    /// Its form.
    pub dims: Dims,
    /// Its parameters in the net's vector: weights, then biases; γ, then β.
    pub parameters: Range<usize>,
    /// Its running statistics in the net's other vector: means, then variances.
    pub statistics: Range<usize>,
    /// How its parameters are drawn.
    pub init: Init,
}

/// A net without its parameters, which are one vector: see [`NetBuilder`](super::NetBuilder). Cheap to clone.
#[derive(Clone, Debug, PartialEq)]
pub struct Net {
    pub(super) nodes: Arc<[Node]>,
    pub(super) output: NodeId,
    pub(super) n_parameters: usize,
    pub(super) n_statistics: usize,
}

impl Net {
    /// All values, each after those that it is made of; the input is the first.
    #[must_use]
    pub fn nodes(&self) -> &[Node] {
        &self.nodes
    }

    /// One of them; none of another net's that this one has not.
    #[must_use]
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id.0)
    }

    /// The form of an input.
    #[must_use]
    pub fn input(&self) -> Dims {
        self.nodes[0].dims
    }

    /// The form of an output.
    #[must_use]
    pub fn output(&self) -> Dims {
        self.nodes[self.output.0].dims
    }

    /// Which value the output is.
    #[must_use]
    pub fn output_node(&self) -> NodeId {
        self.output
    }

    /// The net that ends with one of its values. Its parameters and running statistics are the first ones of this net's.
    ///
    /// # Errors
    /// [`NetError::NoNode`] for a value that there is not.
    pub fn up_to(&self, id: NodeId) -> Result<Self, NetError> {
        let nodes =
            self.nodes.get(..=id.0).ok_or(NetError::NoNode { op: "part of a net", got: id.0, n: self.nodes.len() })?;
        let end = |of: fn(&Node) -> usize| nodes.iter().map(of).max().unwrap_or(0);
        Ok(Self {
            output: id,
            n_parameters: end(|node| node.parameters.end),
            n_statistics: end(|node| node.statistics.end),
            nodes: nodes.into(),
        })
    }

    /// Parameters of all operations.
    #[must_use]
    pub fn n_parameters(&self) -> usize {
        self.n_parameters
    }

    /// Running means and variances of all batch norms.
    #[must_use]
    pub fn n_statistics(&self) -> usize {
        self.n_statistics
    }

    /// Parameters drawn from a stream, each layer as its [`Init`] says. Layer `l` of those with weights (0 is the first) takes
    /// them from `stream.child(l).child(0)` and biases from `stream.child(l).child(1)`, scaled afterwards: nets that differ in
    /// their scales or in their depth share their draws.
    ///
    /// # Errors
    /// [`NetError::Range`] for a scale outside its range, [`NetError::Size`] where drawn rows depend on each other, which they
    /// do not.
    pub fn draw(&self, stream: Stream) -> Result<Vec<f32>, NetError> {
        let mut parameters = vec![0.0; self.n_parameters];
        let mut layer = 0;
        for node in self.nodes.iter() {
            let parameters = &mut parameters[node.parameters.clone()];
            let fans = match &node.op {
                Op::Dense(dense) => Some((dense.inputs, dense.outputs, 1)),
                Op::Conv(conv) => Some((conv.fan_in(), conv.output.channels, conv.taps())),
                Op::BatchNorm => {
                    parameters[..node.dims.channels].fill(1.0);
                    None
                }
                _ => None,
            };
            if let Some((fan_in, rows, taps)) = fans {
                let (weights, biases) = parameters.split_at_mut(fan_in * rows);
                node.init.draw(stream.child(layer), (rows, fan_in, taps), weights, biases)?;
                layer += 1;
            }
        }
        Ok(parameters)
    }

    /// Running statistics before the first step: means 0 and variances 1.
    #[must_use]
    pub fn first_statistics<T: Scalar>(&self) -> Vec<T> {
        let mut statistics = vec![T::ZERO; self.n_statistics];
        for node in self.nodes.iter() {
            let of_node = &mut statistics[node.statistics.clone()];
            let n = of_node.len();
            of_node[n / 2..].fill(T::ONE);
        }
        statistics
    }
}
