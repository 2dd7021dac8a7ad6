//! A relu net given by its weights.

use super::error::NetError;

/// Most units in a layer.
pub const MAX_WIDTH: usize = 4096;
/// Most hidden layers: the pieces of a net are found by a recursion over its layers.
pub const MAX_DEPTH: usize = 512;

/// One affine map: `out = weights in + biases`.
#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    n_in: usize,
    weights: Vec<f64>,
    biases: Vec<f64>,
}

impl Layer {
    /// Number of inputs.
    #[must_use]
    pub fn n_in(&self) -> usize {
        self.n_in
    }

    /// Number of outputs.
    #[must_use]
    pub fn n_out(&self) -> usize {
        self.biases.len()
    }

    /// Row-major, shape (out, in).
    #[must_use]
    pub fn weights(&self) -> &[f64] {
        &self.weights
    }

    /// Shape (out).
    #[must_use]
    pub fn biases(&self) -> &[f64] {
        &self.biases
    }

    /// The weights and the bias of one output.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (&[f64], f64)> {
        self.weights.chunks_exact(self.n_in).zip(self.biases.iter().copied())
    }

    fn apply(&self, input: &[f64], out: &mut Vec<f64>) {
        out.clear();
        out.extend(self.rows().map(|(row, bias)| {
            let sum: f64 = row.iter().zip(input).map(|(weight, entry)| weight * entry).sum();
            sum + bias
        }));
    }
}

/// What a net costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetCost {
    /// Hidden units.
    pub units: u64,
    /// Hidden layers.
    pub depth: u64,
    /// Weights and biases of the dense net, zeros included.
    pub parameters: u64,
}

/// A fully connected net with relu after every hidden layer and one linear output:
///
/// ```text
/// h_0 = x,  h_l = relu(W_l h_{l-1} + b_l),  f(x) = v . h_L + c
/// ```
///
/// A unit is *on* where its pre-activation is > 0.
#[derive(Clone, Debug, PartialEq)]
pub struct ReluNet {
    hidden: Vec<Layer>,
    output: Layer,
}

impl ReluNet {
    /// A net from its hidden layers, each the pair (weights, biases), and its output.
    ///
    /// # Shapes
    /// Weights of layer l are row-major (`n_l`, `n_{l-1}`), biases (`n_l`); `output` is (`n_L`). No hidden layer at all is
    /// allowed: the net is then affine.
    ///
    /// # Errors
    /// [`NetError::Shape`], [`NetError::NotFinite`]; [`NetError::Range`] beyond [`MAX_WIDTH`] or [`MAX_DEPTH`], or for a
    /// layer without units.
    pub fn new(
        n_inputs: usize,
        hidden: Vec<(Vec<f64>, Vec<f64>)>,
        output: Vec<f64>,
        output_bias: f64,
    ) -> Result<Self, NetError> {
        NetError::check_count("n_0", n_inputs, 1, MAX_WIDTH)?;
        NetError::check_count("depth", hidden.len(), 0, MAX_DEPTH)?;
        let mut n_in = n_inputs;
        let mut layers = Vec::with_capacity(hidden.len());
        for (index, (weights, biases)) in hidden.into_iter().enumerate() {
            NetError::check_count("width", biases.len(), 1, MAX_WIDTH)?;
            let layer = Self::checked(index + 1, n_in, weights, biases)?;
            n_in = layer.n_out();
            layers.push(layer);
        }
        let output = Self::checked(layers.len() + 1, n_in, output, vec![output_bias])?;
        Ok(Self { hidden: layers, output })
    }

    /// A net whose weights lie one layer after the other in one slice, the output's last; biases likewise.
    ///
    /// # Shapes
    /// `widths` are those of the hidden layers; each layer's weights are row-major (out, in).
    ///
    /// # Errors
    /// As for [`ReluNet::new`].
    pub fn from_flat(n_inputs: usize, widths: &[usize], weights: &[f64], biases: &[f64]) -> Result<Self, NetError> {
        NetError::check_count("n_0", n_inputs, 1, MAX_WIDTH)?;
        NetError::check_count("depth", widths.len(), 0, MAX_DEPTH)?;
        for &width in widths {
            NetError::check_count("width", width, 1, MAX_WIDTH)?;
        }
        let last = widths.len() + 1;
        let sizes = || std::iter::once(n_inputs).chain(widths.iter().copied());
        // Saturating: the largest net has more weights than a 32-bit machine can count.
        let n_weights = sizes()
            .zip(widths.iter().copied().chain([1]))
            .fold(0_usize, |sum, (n_in, n_out)| sum.saturating_add(n_in * n_out));
        let n_biases = widths.iter().sum::<usize>() + 1;
        if weights.len() != n_weights {
            let what = "all weights up to the output";
            return Err(NetError::Shape { what, layer: last, expected: n_weights, got: weights.len() });
        }
        if biases.len() != n_biases {
            let what = "all biases up to the output";
            return Err(NetError::Shape { what, layer: last, expected: n_biases, got: biases.len() });
        }
        let (mut weights, mut biases) = (weights, biases);
        let mut hidden = Vec::with_capacity(widths.len());
        for (n_in, &n_out) in sizes().zip(widths) {
            let (these, rest) = weights.split_at(n_in * n_out);
            let (offsets, rest_of_biases) = biases.split_at(n_out);
            hidden.push((these.to_vec(), offsets.to_vec()));
            (weights, biases) = (rest, rest_of_biases);
        }
        Self::new(n_inputs, hidden, weights.to_vec(), biases[0])
    }

    fn checked(layer: usize, n_in: usize, weights: Vec<f64>, biases: Vec<f64>) -> Result<Layer, NetError> {
        let expected = n_in * biases.len();
        if weights.len() != expected {
            return Err(NetError::Shape { what: "weights", layer, expected, got: weights.len() });
        }
        NetError::check_finite("weights", layer, &weights)?;
        NetError::check_finite("biases", layer, &biases)?;
        Ok(Layer { n_in, weights, biases })
    }

    /// Number of inputs n_0.
    #[must_use]
    pub fn n_inputs(&self) -> usize {
        self.hidden.first().unwrap_or(&self.output).n_in
    }

    /// The hidden layers, from the input on.
    #[must_use]
    pub fn hidden(&self) -> &[Layer] {
        &self.hidden
    }

    /// The linear output, one row.
    #[must_use]
    pub fn output(&self) -> &Layer {
        &self.output
    }

    /// Units of each hidden layer.
    #[must_use]
    pub fn widths(&self) -> Vec<usize> {
        self.hidden.iter().map(Layer::n_out).collect()
    }

    /// Units, layers and parameters.
    #[must_use]
    pub fn cost(&self) -> NetCost {
        let layers = self.hidden.iter().chain([&self.output]);
        NetCost {
            units: self.hidden.iter().map(|layer| layer.n_out() as u64).sum(),
            depth: self.hidden.len() as u64,
            parameters: layers.map(|layer| (layer.weights.len() + layer.biases.len()) as u64).sum(),
        }
    }

    /// The net of one input t that computes f(a + t (b - a)).
    ///
    /// # Errors
    /// [`NetError::Shape`] unless both points have n_0 entries; [`NetError::NotFinite`] if numbers overflow.
    pub fn on_segment(&self, a: &[f64], b: &[f64]) -> Result<Self, NetError> {
        for point in [a, b] {
            if point.len() != self.n_inputs() {
                return Err(NetError::Shape { what: "inputs", layer: 0, expected: self.n_inputs(), got: point.len() });
            }
        }
        let way: Vec<f64> = b.iter().zip(a).map(|(b, a)| b - a).collect();
        let along = |row: &[f64], entries: &[f64]| row.iter().zip(entries).map(|(w, x)| w * x).sum::<f64>();
        let restricted = |layer: &Layer| -> (Vec<f64>, Vec<f64>) {
            layer.rows().map(|(row, bias)| (along(row, &way), along(row, a) + bias)).unzip()
        };
        let mut hidden = self.hidden_lists(self.hidden.len());
        let (mut output, mut offset) = (self.output.weights.clone(), self.output.biases[0]);
        match (hidden.first_mut(), self.hidden.first()) {
            (Some(first), Some(layer)) => *first = restricted(layer),
            _ => (output, offset) = (restricted(&self.output).0, restricted(&self.output).1[0]),
        }
        Self::new(1, hidden, output, offset)
    }

    /// The first hidden layers alone; the output is 0.
    ///
    /// # Errors
    /// As for [`ReluNet::new`].
    pub fn first_layers(&self, layers: usize) -> Result<Self, NetError> {
        let hidden = self.hidden_lists(layers);
        let n_last = hidden.last().map_or(self.n_inputs(), |(_, biases)| biases.len());
        Self::new(self.n_inputs(), hidden, vec![0.0; n_last], 0.0)
    }

    fn hidden_lists(&self, layers: usize) -> Vec<(Vec<f64>, Vec<f64>)> {
        self.hidden.iter().take(layers).map(|layer| (layer.weights.clone(), layer.biases.clone())).collect()
    }

    /// f(x).
    ///
    /// # Errors
    /// [`NetError::Shape`] if `x` does not have n_0 entries.
    pub fn eval(&self, x: &[f64]) -> Result<f64, NetError> {
        self.walk(x, |_| {})
    }

    /// Which units are on at x, in the order of layers and of units in them.
    ///
    /// # Errors
    /// [`NetError::Shape`] if `x` does not have n_0 entries.
    pub fn pattern(&self, x: &[f64]) -> Result<Vec<bool>, NetError> {
        let mut pattern = Vec::new();
        self.walk(x, |pre_activations| pattern.extend(pre_activations.iter().map(|&z| z > 0.0)))?;
        Ok(pattern)
    }

    /// The pre-activations of every hidden layer at x.
    ///
    /// # Errors
    /// [`NetError::Shape`] if `x` does not have n_0 entries.
    pub fn pre_activations(&self, x: &[f64]) -> Result<Vec<Vec<f64>>, NetError> {
        let mut layers = Vec::with_capacity(self.hidden.len());
        self.walk(x, |pre_activations| layers.push(pre_activations.to_vec()))?;
        Ok(layers)
    }

    fn walk(&self, x: &[f64], mut visit: impl FnMut(&[f64])) -> Result<f64, NetError> {
        if x.len() != self.n_inputs() {
            return Err(NetError::Shape { what: "inputs", layer: 0, expected: self.n_inputs(), got: x.len() });
        }
        let (mut input, mut out) = (x.to_vec(), Vec::new());
        for layer in &self.hidden {
            layer.apply(&input, &mut out);
            visit(&out);
            for entry in &mut out {
                *entry = entry.max(0.0);
            }
            std::mem::swap(&mut input, &mut out);
        }
        self.output.apply(&input, &mut out);
        Ok(out[0])
    }

    /// The net with every weight and bias replaced by `map(old)`, layer by layer, weights before biases: for perturbing
    /// it, say by `|w| w + noise()`.
    ///
    /// # Errors
    /// [`NetError::NotFinite`] if `map` gives such a number.
    pub fn map_parameters(&self, mut map: impl FnMut(f64) -> f64) -> Result<Self, NetError> {
        let mut net = self.clone();
        for (index, layer) in net.hidden.iter_mut().chain([&mut net.output]).enumerate() {
            for entry in layer.weights.iter_mut().chain(&mut layer.biases) {
                *entry = map(*entry);
            }
            NetError::check_finite("weights", index + 1, &layer.weights)?;
            NetError::check_finite("biases", index + 1, &layer.biases)?;
        }
        Ok(net)
    }
}
