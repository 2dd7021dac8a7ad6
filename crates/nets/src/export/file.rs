//! One net in the format safetensors: eight bytes of length, a JSON header, the numbers little-endian.
//!
//! Source: <https://huggingface.co/docs/safetensors>, "Format".

use std::collections::BTreeMap;
use std::fmt::Write;

use theory::Activation;
use theory::sawtooth::ReluNet;

use crate::NetError;
use crate::error::check_size;
use crate::mlp::{Examples, Mlp, Targets};
use crate::tree::TreeNet;

/// Numbers of a tensor, row-major.
#[derive(Clone, Debug, PartialEq)]
pub enum Numbers {
    /// Single precision.
    F32(Vec<f32>),
    /// Double precision.
    F64(Vec<f64>),
}

impl Numbers {
    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        match self {
            Self::F32(numbers) => numbers.len(),
            Self::F64(numbers) => numbers.len(),
        }
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    fn kind(&self) -> (&'static str, usize) {
        match self {
            Self::F32(_) => ("F32", 4),
            Self::F64(_) => ("F64", 8),
        }
    }

    fn write(&self, bytes: &mut Vec<u8>) {
        match self {
            Self::F32(numbers) => numbers.iter().for_each(|x| bytes.extend(x.to_le_bytes())),
            Self::F64(numbers) => numbers.iter().for_each(|x| bytes.extend(x.to_le_bytes())),
        }
    }
}

/// A tensor of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Tensor {
    /// Rows, columns and so on; empty for a single number.
    pub shape: Vec<usize>,
    /// Its numbers, row-major.
    pub numbers: Numbers,
}

/// A net as a file of named tensors.
///
/// | net | tensors |
/// | --- | --- |
/// | perceptron, and [`ReluNet`] in double precision | `layers.0.weight` (out, in), `layers.0.bias` (out), `layers.1.weight` … |
/// | tree | the same of each node's net: `node.0.layers.0.weight`, …; node 0 is the first above the leaves, the root is last |
///
/// The metadata say what PyTorch does not know: `kind` (`mlp`, `tree`), `activation` (between the layers; the last has
/// none), and `leaves` of a tree, the input that each leaf takes.
#[derive(Clone, Debug, PartialEq)]
pub struct NetFile {
    name: String,
    tensors: BTreeMap<String, Tensor>,
    metadata: BTreeMap<String, String>,
}

impl NetFile {
    /// A file without tensors; `name` is without its extension, and what cannot stand in a file's name becomes `-`.
    #[must_use]
    pub fn new(name: &str) -> Self {
        let plain = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '-' };
        // What tools of PyTorch's surroundings look for.
        let metadata = BTreeMap::from([("format".to_owned(), "pt".to_owned())]);
        Self { name: name.chars().map(plain).collect(), tensors: BTreeMap::new(), metadata }
    }

    /// A perceptron.
    #[must_use]
    pub fn from_mlp(name: &str, net: &Mlp) -> Self {
        let mut file = Self::new(name).of_kind("mlp", net.shape().activation());
        let widths = net.shape().widths();
        for (l, pair) in widths.windows(2).enumerate() {
            if let Some((weights, biases)) = net.layer(l) {
                file.insert_layer("", l, (pair[1], pair[0]), weights, biases);
            }
        }
        file
    }

    /// A tree of small nets.
    #[must_use]
    pub fn from_tree(name: &str, net: &TreeNet) -> Self {
        let shape = net.shape();
        let leaves: Vec<String> = shape.leaves().iter().map(usize::to_string).collect();
        let mut file = Self::new(name).of_kind("tree", shape.activation()).with_metadata("leaves", &leaves.join(","));
        let units = shape.units();
        for (k, node) in net.parameters().chunks_exact(shape.parameters_of_node()).enumerate() {
            let (weights, rest) = node.split_at(2 * units);
            let (biases, rest) = rest.split_at(units);
            let (outward, bias) = rest.split_at(units);
            file.insert_layer(&format!("node.{k}."), 0, (units, 2), weights, biases);
            file.insert_layer(&format!("node.{k}."), 1, (1, units), outward, bias);
        }
        file
    }

    /// A net of the theory, in double precision.
    #[must_use]
    pub fn from_relu_net(name: &str, net: &ReluNet) -> Self {
        let mut file = Self::new(name).of_kind("mlp", Activation::Relu);
        for (l, layer) in net.hidden().iter().chain([net.output()]).enumerate() {
            let shape = vec![layer.n_out(), layer.n_in()];
            let of = |what: &str| format!("layers.{l}.{what}");
            file.insert(of("weight"), Tensor { shape, numbers: Numbers::F64(layer.weights().to_vec()) });
            let biases = Numbers::F64(layer.biases().to_vec());
            file.insert(of("bias"), Tensor { shape: vec![layer.n_out()], numbers: biases });
        }
        file
    }

    fn of_kind(self, kind: &str, activation: Activation) -> Self {
        self.with_metadata("kind", kind).with_metadata("activation", activation.key())
    }

    fn insert_layer(&mut self, prefix: &str, l: usize, (out, from): (usize, usize), weights: &[f32], biases: &[f32]) {
        let weights = Tensor { shape: vec![out, from], numbers: Numbers::F32(weights.to_vec()) };
        self.insert(format!("{prefix}layers.{l}.weight"), weights);
        let biases = Tensor { shape: vec![out], numbers: Numbers::F32(biases.to_vec()) };
        self.insert(format!("{prefix}layers.{l}.bias"), biases);
    }

    pub(super) fn insert(&mut self, name: String, tensor: Tensor) {
        self.tensors.insert(name, tensor);
    }

    /// The same with a further tensor: a direction, the points it was trained on.
    ///
    /// # Errors
    /// [`NetError::Size`] when the shape has another number of elements.
    pub fn with_tensor(mut self, name: &str, shape: &[usize], numbers: Numbers) -> Result<Self, NetError> {
        let elements = shape.iter().fold(1, |product: usize, n| product.saturating_mul(*n));
        check_size("tensor of a file", elements, numbers.len())?;
        self.insert(name.to_owned(), Tensor { shape: shape.to_vec(), numbers });
        Ok(self)
    }

    /// The same with examples, as `<name>.inputs` `[n, dim]` and `<name>.targets` `[n]` or `[n, outputs]`; classes as numbers.
    #[must_use]
    pub fn with_examples(mut self, name: &str, examples: &Examples) -> Self {
        let inputs = Numbers::F32(examples.inputs().to_vec());
        self.insert(format!("{name}.inputs"), Tensor { shape: vec![examples.n(), examples.dim()], numbers: inputs });
        let targets: Vec<f32> = match examples.targets() {
            Targets::Classes(classes) => classes.iter().map(|class| *class as f32).collect(),
            Targets::Numbers(numbers) => numbers.clone(),
        };
        let outputs = targets.len() / examples.n().max(1);
        let shape = if outputs == 1 { vec![examples.n()] } else { vec![examples.n(), outputs] };
        self.insert(format!("{name}.targets"), Tensor { shape, numbers: Numbers::F32(targets) });
        self
    }

    /// The same with a further entry of the metadata.
    #[must_use]
    pub fn with_metadata(mut self, key: &str, value: &str) -> Self {
        self.metadata.insert(key.to_owned(), value.to_owned());
        self
    }

    /// The file's name, without its extension.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The tensors by name.
    #[must_use]
    pub fn tensors(&self) -> &BTreeMap<String, Tensor> {
        &self.tensors
    }

    /// What is known of the net beside its tensors.
    #[must_use]
    pub fn metadata(&self) -> &BTreeMap<String, String> {
        &self.metadata
    }

    /// The file. The same net gives the same bytes.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        // Wide numbers first: each tensor is then aligned.
        let mut tensors: Vec<(&String, &Tensor)> = self.tensors.iter().collect();
        tensors.sort_by_key(|(_, tensor)| std::cmp::Reverse(tensor.numbers.kind().1));
        let mut header = String::from("{\"__metadata__\":{");
        let entries = self.metadata.iter().map(|(key, value)| format!("{}:{}", quoted(key), quoted(value)));
        header += &entries.collect::<Vec<_>>().join(",");
        header.push('}');
        let mut start = 0;
        for (name, tensor) in &tensors {
            let (kind, bytes) = tensor.numbers.kind();
            let end = start + bytes * tensor.numbers.len();
            let shape = tensor.shape.iter().map(usize::to_string).collect::<Vec<_>>().join(",");
            let name = quoted(name);
            let entry =
                format!(",{name}:{{\"dtype\":\"{kind}\",\"shape\":[{shape}],\"data_offsets\":[{start},{end}]}}");
            header += &entry;
            start = end;
        }
        header.push('}');
        let padded = header.len().next_multiple_of(8);
        let mut bytes = Vec::with_capacity(8 + padded + start);
        bytes.extend((padded as u64).to_le_bytes());
        bytes.extend(header.as_bytes());
        bytes.resize(8 + padded, b' ');
        tensors.iter().for_each(|(_, tensor)| tensor.numbers.write(&mut bytes));
        bytes
    }
}

/// A string of JSON.
fn quoted(text: &str) -> String {
    let mut json = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => json.extend(['\\', c]),
            c if u32::from(c) < 0x20 => {
                let _written = write!(json, "\\u{:04x}", u32::from(c));
            }
            c => json.push(c),
        }
    }
    json.push('"');
    json
}
