//! A net of the engine as named tensors, and as a class of PyTorch that takes them.

use std::fmt::Write;
use std::ops::Range;

use theory::Activation;

use super::{NetFile, Numbers, Tensor};
use crate::NetError;
use crate::engine::{Dims, Net, Node, Op, Window};
use crate::error::check_size;

/// Which of a net's vectors numbers are in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Vector {
    /// Parameters.
    Parameters,
    /// Running statistics.
    Statistics,
}

/// A tensor of a net.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Place {
    /// Its name in files: `conv1.weight`, `fc2.bias`, `bn1.running_mean`. Layers of a kind count from 1.
    pub name: String,
    /// Its form: filters `(out, in, rows, columns)`, dense weights `(out, in)`.
    pub shape: Vec<usize>,
    /// Where its numbers are, row-major.
    pub vector: Vector,
    /// Where in there.
    pub range: Range<usize>,
}

/// Every tensor of a net, in the order of its parameters.
#[must_use]
pub fn places(net: &Net) -> Vec<Place> {
    let mut places = Vec::new();
    for (node, layer) in net.nodes().iter().zip(layers(net)) {
        let mut take = |what: &str, shape: Vec<usize>, vector, from: &mut usize| {
            let end = *from + shape.iter().product::<usize>();
            places.push(Place { name: format!("{layer}.{what}"), shape, vector, range: *from..end });
            *from = end;
        };
        let mut at = node.parameters.start;
        match &node.op {
            Op::Dense(dense) => {
                take("weight", vec![dense.outputs, dense.inputs], Vector::Parameters, &mut at);
                if dense.has_biases {
                    take("bias", vec![dense.outputs], Vector::Parameters, &mut at);
                }
            }
            Op::Conv(conv) => {
                let [rows, columns] = conv.window.kernel;
                let shape = vec![conv.output.channels, conv.input.channels, rows, columns];
                take("weight", shape, Vector::Parameters, &mut at);
                if conv.has_biases {
                    take("bias", vec![conv.output.channels], Vector::Parameters, &mut at);
                }
            }
            Op::BatchNorm => {
                let shape = vec![node.dims.channels];
                take("weight", shape.clone(), Vector::Parameters, &mut at);
                take("bias", shape.clone(), Vector::Parameters, &mut at);
                let mut at = node.statistics.start;
                take("running_mean", shape.clone(), Vector::Statistics, &mut at);
                take("running_var", shape, Vector::Statistics, &mut at);
            }
            _ => {}
        }
    }
    places
}

/// The name of each node's layer; empty where it has no tensors.
fn layers(net: &Net) -> Vec<String> {
    let mut counts = [0; 3];
    let name = |node: &Node| {
        let (kind, count) = match node.op {
            Op::Conv(_) => ("conv", &mut counts[0]),
            Op::Dense(_) => ("fc", &mut counts[1]),
            Op::BatchNorm => ("bn", &mut counts[2]),
            _ => return String::new(),
        };
        *count += 1;
        format!("{kind}{count}")
    };
    net.nodes().iter().map(name).collect()
}

impl NetFile {
    /// A net of the engine: see [`places`].
    ///
    /// # Errors
    /// [`NetError::Size`] for other numbers of parameters or statistics than the net has.
    pub fn from_net(name: &str, net: &Net, parameters: &[f32], statistics: &[f32]) -> Result<Self, NetError> {
        check_size("parameters of a net", net.n_parameters(), parameters.len())?;
        check_size("statistics of a net", net.n_statistics(), statistics.len())?;
        let mut file = Self::new(name).with_metadata("kind", "net");
        for Place { name, shape, vector, range } in places(net) {
            let numbers = match vector {
                Vector::Parameters => &parameters[range],
                Vector::Statistics => &statistics[range],
            };
            file.insert(name, Tensor { shape, numbers: Numbers::F32(numbers.to_vec()) });
        }
        Ok(file)
    }
}

/// A class `Net` of PyTorch whose `state_dict` has the names of [`places`], in evaluation like a
/// [`Pass`](crate::engine::Pass) with running norms. It takes `(examples, channels, rows, columns)`, or anything that can be
/// reshaped to it.
#[must_use]
pub fn pytorch_class(net: &Net) -> String {
    let mut modules = String::new();
    let mut forward = String::new();
    for (k, (node, layer)) in net.nodes().iter().zip(layers(net)).enumerate() {
        let x = |i: usize| node.inputs.get(i).map_or_else(String::new, |id| format!("x{}", id.index()));
        let made = match &node.op {
            Op::Input => format!("x.reshape({})", form(node.dims)),
            Op::Dense(dense) => {
                let (from, to, bias) = (dense.inputs, dense.outputs, python(dense.has_biases));
                let _written = writeln!(modules, "        self.{layer} = nn.Linear({from}, {to}, bias={bias})");
                format!("self.{layer}({}.flatten(1))", x(0))
            }
            Op::Conv(conv) => {
                let (from, to, bias) = (conv.input.channels, conv.output.channels, python(conv.has_biases));
                let how = window(&conv.window, true);
                let _written = writeln!(modules, "        self.{layer} = nn.Conv2d({from}, {to}, {how}, bias={bias})");
                format!("self.{layer}({}.reshape({}))", x(0), image(conv.input))
            }
            Op::BatchNorm => {
                let kind = if node.dims.positions() == 1 { "BatchNorm1d" } else { "BatchNorm2d" };
                let _written = writeln!(modules, "        self.{layer} = nn.{kind}({})", node.dims.channels);
                format!("self.{layer}({})", x(0))
            }
            Op::MeanPool(pool) => {
                format!("F.avg_pool2d({}.reshape({}), {})", x(0), image(pool.input), window(&pool.window, false))
            }
            Op::MaxPool(pool) => {
                format!("F.max_pool2d({}.reshape({}), {})", x(0), image(pool.input), window(&pool.window, false))
            }
            Op::Activate(activation) => activated(*activation, &x(0)),
            Op::Sum => (0..node.inputs.len()).map(x).collect::<Vec<_>>().join(" + "),
            Op::Concat => {
                format!("torch.cat(({},), dim=1)", (0..node.inputs.len()).map(x).collect::<Vec<_>>().join(", "))
            }
            Op::Reshape => x(0),
            Op::Softmax => format!("torch.softmax({}, dim=1)", x(0)),
        };
        // One place has no rows and columns.
        let is_formed = matches!(node.op, Op::Conv(_) | Op::MeanPool(_) | Op::MaxPool(_) | Op::Reshape);
        let made = if is_formed { format!("{made}.reshape({})", form(node.dims)) } else { made };
        let _written = writeln!(forward, "        x{k} = {made}");
    }
    format!(
        "import torch\nimport torch.nn.functional as F\nfrom torch import nn\n\n\nclass Net(nn.Module):\n    def \
         __init__(self):\n        super().__init__()\n{modules}\n    def forward(self, x):\n{forward}        return x{}\n",
        net.output_node().index()
    )
}

/// A value's form; a vector is flat.
fn form(dims: Dims) -> String {
    if dims.positions() == 1 { format!("-1, {}", dims.channels) } else { image(dims) }
}

fn image(dims: Dims) -> String {
    format!("-1, {}, {}, {}", dims.channels, dims.rows, dims.columns)
}

fn window(window: &Window, has_padding: bool) -> String {
    let Window { kernel: [a, b], stride: [c, d], padding: [e, f] } = window;
    let padding = if has_padding { format!(", padding=({e}, {f})") } else { String::new() };
    format!("({a}, {b}), stride=({c}, {d}){padding}")
}

fn python(is: bool) -> &'static str {
    if is { "True" } else { "False" }
}

fn activated(activation: Activation, x: &str) -> String {
    match activation {
        Activation::Tanh => format!("torch.tanh({x})"),
        Activation::Erf => format!("torch.erf({x})"),
        Activation::ErfUnitSlope => format!("torch.erf({:?} * {x})", std::f64::consts::PI.sqrt() / 2.0),
        Activation::Relu => format!("F.relu({x})"),
        Activation::LeakyRelu => format!("F.leaky_relu({x}, 0.1)"),
        Activation::HardTanh => format!("F.hardtanh({x})"),
        Activation::Sigmoid => format!("torch.sigmoid({x})"),
        Activation::Gelu => format!("F.gelu({x})"),
        Activation::Silu => format!("F.silu({x})"),
        Activation::Softplus => format!("F.softplus({x})"),
        Activation::Sin => format!("torch.sin({x})"),
        Activation::Linear => x.to_owned(),
    }
}
