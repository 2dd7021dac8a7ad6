//! Building a net, one value after the other.

use theory::Activation;

use super::dims::MOST_FEATURES;
use super::init::Init;
use super::net::{Net, Node, NodeId, Op};
use super::op::conv::Conv;
use super::op::dense::Dense;
use super::op::pool::Pool;
use super::{Dims, Window};
use crate::NetError;
use crate::error::{check_limit, check_size};

/// Most parameters of a net (a quarter of a gigabyte).
const MOST_PARAMETERS: usize = 1 << 26;
/// Most values.
const MOST_NODES: usize = 1 << 12;

/// A net that is being built. Each method adds a value and says which it is.
///
/// ```
/// use nets::engine::{Dims, Init, NetBuilder, Window};
/// use theory::Activation;
///
/// let mut build = NetBuilder::new(Dims::image(1, 28, 28), Init::He)?;
/// let x = build.conv(build.input(), 8, Window::square(3).padding(1))?;
/// let a = build.activate(x, Activation::Relu)?;
/// let y = build.conv(a, 8, Window::square(3).padding(1))?;
/// let sum = build.sum(&[a, y])?;
/// let pooled = build.mean_pool(sum, Window::square(28))?;
/// let out = build.dense(pooled, 10)?;
/// let net = build.finish(out)?;
/// assert_eq!(net.n_parameters(), (9 + 1) * 8 + (72 + 1) * 8 + (8 + 1) * 10);
/// # Ok::<(), nets::NetError>(())
/// ```
#[derive(Clone, Debug)]
pub struct NetBuilder {
    nodes: Vec<Node>,
    init: Init,
    n_parameters: usize,
    n_statistics: usize,
}

impl NetBuilder {
    /// Begins with an input. Layers are drawn as `init` says, until [`set_init`](Self::set_init) says otherwise.
    ///
    /// # Errors
    /// [`NetError::Range`] for a scale outside its range, [`NetError::TooLarge`] for an input of more than 2^24 numbers.
    pub fn new(input: Dims, init: Init) -> Result<Self, NetError> {
        let mut build = Self { nodes: Vec::new(), init, n_parameters: 0, n_statistics: 0 };
        init.check()?;
        build.push(Op::Input, Vec::new(), input, 0)?;
        Ok(build)
    }

    /// The input.
    #[must_use]
    pub fn input(&self) -> NodeId {
        NodeId(0)
    }

    /// How the next layers are drawn.
    ///
    /// # Errors
    /// [`NetError::Range`] for a scale outside its range.
    pub fn set_init(&mut self, init: Init) -> Result<(), NetError> {
        init.check()?;
        self.init = init;
        Ok(())
    }

    /// The form of a value.
    ///
    /// # Errors
    /// [`NetError::NoNode`] for a value that there is not.
    pub fn dims(&self, of: NodeId) -> Result<Dims, NetError> {
        self.dims_for("a net", of)
    }

    /// `W x + b` of all numbers of a value.
    ///
    /// # Errors
    /// [`NetError::NoNode`]; [`NetError::TooLarge`] beyond 2^26 parameters or 2^24 numbers.
    pub fn dense(&mut self, from: NodeId, outputs: usize) -> Result<NodeId, NetError> {
        self.dense_with(from, outputs, true)
    }

    /// The same with or without biases.
    ///
    /// # Errors
    /// As [`dense`](Self::dense).
    pub fn dense_with(&mut self, from: NodeId, outputs: usize, has_biases: bool) -> Result<NodeId, NetError> {
        let dense = Dense { inputs: self.dims_for("dense", from)?.features(), outputs, has_biases };
        self.push(Op::Dense(dense), vec![from], Dims::vector(outputs), dense.n_parameters())
    }

    /// Filters over an image, with a bias for each channel that they give.
    ///
    /// # Errors
    /// [`NetError::NoNode`]; [`NetError::Range`] and [`NetError::Form`] for a window that does not fit or an image without
    /// numbers; [`NetError::TooLarge`] beyond 2^26 parameters or 2^24 numbers.
    pub fn conv(&mut self, from: NodeId, channels: usize, window: Window) -> Result<NodeId, NetError> {
        self.conv_with(from, channels, window, true)
    }

    /// The same with or without biases.
    ///
    /// # Errors
    /// As [`conv`](Self::conv).
    pub fn conv_with(
        &mut self,
        from: NodeId,
        channels: usize,
        window: Window,
        has_biases: bool,
    ) -> Result<NodeId, NetError> {
        let input = self.image("convolution", from)?;
        if channels == 0 {
            return Err(NetError::Range { name: "channels", got: 0.0, allowed: "[1, inf)" });
        }
        let conv = Conv::new(input, channels, window, has_biases)?;
        self.push(Op::Conv(conv), vec![from], conv.output, conv.n_parameters())
    }

    /// Means of windows without padding.
    ///
    /// # Errors
    /// [`NetError::NoNode`]; [`NetError::Range`] and [`NetError::Form`] for a window that does not fit.
    pub fn mean_pool(&mut self, from: NodeId, window: Window) -> Result<NodeId, NetError> {
        let pool = Pool::new(self.image("average pooling", from)?, window)?;
        self.push(Op::MeanPool(pool), vec![from], pool.output, 0)
    }

    /// The largest numbers of windows without padding; the derivative goes to the first of equal ones.
    ///
    /// # Errors
    /// As [`mean_pool`](Self::mean_pool).
    pub fn max_pool(&mut self, from: NodeId, window: Window) -> Result<NodeId, NetError> {
        let pool = Pool::new(self.image("max pooling", from)?, window)?;
        self.push(Op::MaxPool(pool), vec![from], pool.output, 0)
    }

    /// An activation of each number.
    ///
    /// # Errors
    /// [`NetError::NoNode`].
    pub fn activate(&mut self, from: NodeId, activation: Activation) -> Result<NodeId, NetError> {
        let dims = self.dims_for("activation", from)?;
        self.push(Op::Activate(activation), vec![from], dims, 0)
    }

    /// Batch norm of each channel with γ and β, drawn as 1 and 0.
    ///
    /// # Errors
    /// [`NetError::NoNode`], [`NetError::Form`] for a value without numbers.
    pub fn batch_norm(&mut self, from: NodeId) -> Result<NodeId, NetError> {
        let dims = self.image("batch norm", from)?;
        self.push(Op::BatchNorm, vec![from], dims, 2 * dims.channels)
    }

    /// The sum of values of one form.
    ///
    /// # Errors
    /// [`NetError::NoNode`], [`NetError::Form`] for values of different forms, [`NetError::Empty`] without any.
    pub fn sum(&mut self, of: &[NodeId]) -> Result<NodeId, NetError> {
        let dims = self.dims_for("sum", *of.first().ok_or(NetError::Empty { op: "sum" })?)?;
        for id in of {
            let got = self.dims_for("sum", *id)?;
            if got != dims {
                return Err(NetError::Form { op: "sum", expected: dims.to_string(), got: got.to_string() });
            }
        }
        self.push(Op::Sum, of.to_vec(), dims, 0)
    }

    /// The channels of values of the same rows and columns, one after the other.
    ///
    /// # Errors
    /// As [`sum`](Self::sum); channels may differ.
    pub fn concat(&mut self, of: &[NodeId]) -> Result<NodeId, NetError> {
        let first = self.dims_for("concatenation", *of.first().ok_or(NetError::Empty { op: "concatenation" })?)?;
        let mut channels = 0_usize;
        for id in of {
            let got = self.dims_for("concatenation", *id)?;
            if (got.rows, got.columns) != (first.rows, first.columns) {
                let expected = format!("{} rows and {} columns", first.rows, first.columns);
                return Err(NetError::Form { op: "concatenation", expected, got: got.to_string() });
            }
            channels = channels.saturating_add(got.channels);
        }
        self.push(Op::Concat, of.to_vec(), Dims { channels, ..first }, 0)
    }

    /// The same numbers in another form.
    ///
    /// # Errors
    /// [`NetError::NoNode`], [`NetError::Size`] for a form of another number of numbers.
    pub fn reshape(&mut self, from: NodeId, dims: Dims) -> Result<NodeId, NetError> {
        check_size("reshape", self.dims_for("reshape", from)?.features(), dims.features())?;
        self.push(Op::Reshape, vec![from], dims, 0)
    }

    /// Shares `e^{x_o}/Σ e^{x_p}` over the channels, at each place. A cross-entropy takes values without it.
    ///
    /// # Errors
    /// [`NetError::NoNode`], [`NetError::Form`] for a value without numbers.
    pub fn softmax(&mut self, from: NodeId) -> Result<NodeId, NetError> {
        let dims = self.image("softmax", from)?;
        self.push(Op::Softmax, vec![from], dims, 0)
    }

    /// The net whose output is this value.
    ///
    /// # Errors
    /// [`NetError::NoNode`].
    pub fn finish(self, output: NodeId) -> Result<Net, NetError> {
        self.dims_for("output", output)?;
        let Self { nodes, n_parameters, n_statistics, .. } = self;
        Ok(Net { nodes: nodes.into(), output, n_parameters, n_statistics })
    }

    fn dims_for(&self, op: &'static str, id: NodeId) -> Result<Dims, NetError> {
        let node = self.nodes.get(id.0).ok_or(NetError::NoNode { op, got: id.0, n: self.nodes.len() })?;
        Ok(node.dims)
    }

    /// The form of a value that has numbers.
    fn image(&self, op: &'static str, id: NodeId) -> Result<Dims, NetError> {
        let dims = self.dims_for(op, id)?;
        if dims.features() == 0 {
            return Err(NetError::Form { op, expected: "at least one number".to_owned(), got: dims.to_string() });
        }
        Ok(dims)
    }

    fn push(&mut self, op: Op, inputs: Vec<NodeId>, dims: Dims, parameters: usize) -> Result<NodeId, NetError> {
        check_limit("values of a net", self.nodes.len(), MOST_NODES - 1)?;
        check_limit("numbers of a value", dims.features(), MOST_FEATURES)?;
        let end = self.n_parameters.saturating_add(parameters);
        check_limit("parameters of a net", end, MOST_PARAMETERS)?;
        let statistics = if op == Op::BatchNorm { 2 * dims.channels } else { 0 };
        let end_of_statistics = self.n_statistics + statistics;
        let (parameters, statistics) = (self.n_parameters..end, self.n_statistics..end_of_statistics);
        self.nodes.push(Node { op, inputs, dims, parameters, statistics, init: self.init });
        (self.n_parameters, self.n_statistics) = (end, end_of_statistics);
        Ok(NodeId(self.nodes.len() - 1))
    }
}
