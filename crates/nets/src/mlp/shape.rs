//! The shape of a net, and its parameters.

use random::Stream;
use theory::Activation;

use crate::NetError;
use crate::error::{check_limit, check_size};

/// Most parameters of a net (a quarter of a gigabyte).
pub const MOST_PARAMETERS: usize = 1 << 26;

/// Widths of all layers and the activation between them.
#[derive(Clone, Debug, PartialEq)]
pub struct Shape {
    widths: Vec<usize>,
    activation: Activation,
    n_parameters: usize,
}

impl Shape {
    /// `widths` are inputs, hidden layers, outputs; `[2, 8, 8, 1]` has two hidden layers. Any may be zero. The output
    /// layer has no activation.
    ///
    /// # Errors
    /// [`NetError::NoLayers`] for fewer than two widths, [`NetError::TooLarge`] beyond [`MOST_PARAMETERS`].
    pub fn new(widths: &[usize], activation: Activation) -> Result<Self, NetError> {
        if widths.len() < 2 {
            return Err(NetError::NoLayers { got: widths.len() });
        }
        let layer = |pair: &[usize]| pair[1].saturating_mul(pair[0].saturating_add(1));
        let n_parameters = widths.windows(2).map(layer).fold(0, usize::saturating_add);
        check_limit("parameters of a net", n_parameters, MOST_PARAMETERS)?;
        // Without neurons next to it, a wide layer has few parameters but still needs buffers.
        check_limit("neurons of a net", widths.iter().copied().fold(0, usize::saturating_add), MOST_PARAMETERS)?;
        Ok(Self { widths: widths.to_vec(), activation, n_parameters })
    }

    /// Inputs, hidden layers, outputs.
    #[must_use]
    pub fn widths(&self) -> &[usize] {
        &self.widths
    }

    /// Numbers in an input.
    #[must_use]
    pub fn inputs(&self) -> usize {
        self.widths[0]
    }

    /// Numbers in an output.
    #[must_use]
    pub fn outputs(&self) -> usize {
        self.widths[self.widths.len() - 1]
    }

    /// Layers of weights, one more than hidden layers.
    #[must_use]
    pub fn n_layers(&self) -> usize {
        self.widths.len() - 1
    }

    /// Between the layers.
    #[must_use]
    pub fn activation(&self) -> Activation {
        self.activation
    }

    /// Weights and biases of all layers.
    #[must_use]
    pub fn n_parameters(&self) -> usize {
        self.n_parameters
    }
}

/// A net: for each layer the weights `[outputs, inputs]`, row-major, then the biases, in one slice.
#[derive(Clone, Debug, PartialEq)]
pub struct Mlp {
    shape: Shape,
    parameters: Vec<f32>,
}

impl Mlp {
    /// A net of given parameters.
    ///
    /// # Errors
    /// [`NetError::Size`] when there are not `shape.n_parameters()`.
    pub fn new(shape: Shape, parameters: Vec<f32>) -> Result<Self, NetError> {
        check_size("parameters", shape.n_parameters(), parameters.len())?;
        Ok(Self { shape, parameters })
    }

    /// A net whose parameters are all zero.
    #[must_use]
    pub fn zeros(shape: Shape) -> Self {
        let parameters = vec![0.0; shape.n_parameters()];
        Self { shape, parameters }
    }

    /// A random net: see [`draw`](Self::draw).
    #[must_use]
    pub fn random(shape: Shape, sigma_w: f64, sigma_b: f64, stream: Stream) -> Self {
        let mut net = Self::zeros(shape);
        net.draw(sigma_w, sigma_b, stream);
        net
    }

    /// Draws all parameters anew: `W_ij ~ N(0, sigma_w^2/fan_in)`, `b_i ~ N(0, sigma_b^2)`.
    ///
    /// Layer `l` (0 is the first) takes its weights from `stream.child(l).child(0)` and its biases from
    /// `stream.child(l).child(1)`, scaled afterwards: nets that differ in the sigmas or in their depth share their draws.
    pub fn draw(&mut self, sigma_w: f64, sigma_b: f64, stream: Stream) {
        draw_layers(&self.shape.widths, &mut self.parameters, sigma_w, sigma_b, stream);
    }

    /// Widths and activation.
    #[must_use]
    pub fn shape(&self) -> &Shape {
        &self.shape
    }

    /// Weights and biases, layer after layer.
    #[must_use]
    pub fn parameters(&self) -> &[f32] {
        &self.parameters
    }

    /// Weights and biases, layer after layer, to change them in place.
    pub fn parameters_mut(&mut self) -> &mut [f32] {
        &mut self.parameters
    }

    /// Weights `[outputs, inputs]` and biases `[outputs]` of layer `layer` (0 is the first); none beyond the last.
    #[must_use]
    pub fn layer(&self, layer: usize) -> Option<(&[f32], &[f32])> {
        let pair = self.shape.widths.get(layer..layer + 2)?;
        let before: usize = self.shape.widths[..=layer].windows(2).map(|w| w[1] * (w[0] + 1)).sum();
        let (weights, rest) = self.parameters.get(before..)?.split_at_checked(pair[0] * pair[1])?;
        Some((weights, rest.get(..pair[1])?))
    }
}

/// Draws the parameters of the layers between `widths`, as [`Mlp::draw`] says.
pub(crate) fn draw_layers(widths: &[usize], parameters: &mut [f32], sigma_w: f64, sigma_b: f64, stream: Stream) {
    let mut rest = parameters;
    for (l, pair) in widths.windows(2).enumerate() {
        let (weights, after) = std::mem::take(&mut rest).split_at_mut(pair[0] * pair[1]);
        let (biases, after) = after.split_at_mut(pair[1]);
        rest = after;
        let layer = stream.child(l as u64);
        layer.child(0).fill_normal_f32(0, weights);
        layer.child(1).fill_normal_f32(0, biases);
        let scale = (sigma_w / (pair[0].max(1) as f64).sqrt()) as f32;
        weights.iter_mut().for_each(|w| *w *= scale);
        biases.iter_mut().for_each(|b| *b *= sigma_b as f32);
    }
}
