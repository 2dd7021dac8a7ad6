//! Forward and backward passes of any net of one shape, without allocation.

use std::ops::Range;

use random::Stream;

use super::dense::{self, GradientOfLayer};
use super::loss::{Loss, Score, right_in_block};
use super::{Examples, Mlp, Passes, Shape, Trainable};
use crate::error::{check_limit, check_size};
use crate::lanes::{LANES, Lane};
use crate::{NetError, elementwise};

/// Examples that go through the net together, at least: fewer would use the caches of small nets badly.
const LEAST_CHUNK: usize = 32;
/// At most: larger batches go through in chunks, so that activations stay in the caches.
const MOST_CHUNK: usize = 256;
/// Most numbers in the buffers (a quarter of a gigabyte).
const MOST_NUMBERS: usize = 1 << 26;

impl Score {
    /// From the sum of the losses and the number right of `n` examples.
    pub(crate) fn of_sums(losses: f64, right: usize, n: usize) -> Self {
        let mean = losses / n as f64;
        Self { loss: if mean.is_finite() { mean } else { f64::INFINITY }, accuracy: right as f64 / n as f64 }
    }
}

/// Buffers for the passes of nets of one shape.
#[derive(Clone, Debug)]
pub struct Workspace {
    shape: Shape,
    chunk: usize,
    /// Activations of each layer, the inputs first and the outputs last: `[blocks][width]`.
    a: Vec<Vec<Lane>>,
    /// Pre-activations of the hidden layers, where the activation's slope is no function of its value.
    z: Vec<Vec<Lane>>,
    /// The inputs with a row for each example: `[examples][panels]`.
    input_rows: Vec<Lane>,
    /// Activations of one hidden layer in that form.
    rows: Vec<Lane>,
    /// `[blocks][outputs]`.
    targets: Vec<Lane>,
    /// Derivatives of the loss with respect to the outputs of the present layer and of the one below.
    delta: Vec<Lane>,
    below: Vec<Lane>,
}

impl Workspace {
    /// For batches of about `batch` examples; others work too, at other speeds.
    ///
    /// # Errors
    /// [`NetError::TooLarge`] when the buffers would have more than 2^26 numbers.
    pub fn new(shape: &Shape, batch: usize) -> Result<Self, NetError> {
        let chunk = batch.clamp(LEAST_CHUNK, MOST_CHUNK).next_multiple_of(LANES);
        let widths = shape.widths();
        let hidden = &widths[1..widths.len() - 1];
        let neurons = widths.iter().fold(0_usize, |sum, width| sum.saturating_add(width.saturating_mul(2)));
        let widest = widths.iter().copied().max().unwrap_or(0);
        let numbers = neurons.saturating_add(widest.saturating_mul(4)).saturating_mul(chunk);
        check_limit("buffers of a net", numbers, MOST_NUMBERS)?;
        let lanes = |width: usize| vec![[0.0; LANES]; width * chunk / LANES];
        let rows = |width: usize| vec![[0.0; LANES]; width.div_ceil(LANES) * chunk];
        let keeps_z = !elementwise::is_derivative_of_value(shape.activation());
        Ok(Self {
            shape: shape.clone(),
            chunk,
            a: widths.iter().map(|&width| lanes(width)).collect(),
            z: hidden.iter().map(|&width| if keeps_z { lanes(width) } else { Vec::new() }).collect(),
            input_rows: rows(shape.inputs()),
            rows: rows(hidden.iter().copied().max().unwrap_or(0)),
            targets: lanes(shape.outputs()),
            delta: lanes(widest),
            below: lanes(widest),
        })
    }

    /// Mean loss and accuracy of all examples.
    ///
    /// # Errors
    /// As [`loss_and_gradient`](Self::loss_and_gradient).
    pub fn score(&mut self, net: &Mlp, loss: Loss, examples: &Examples) -> Result<Score, NetError> {
        self.score_range(net, loss, examples, 0..examples.n())
    }

    fn check_shape(&self, net: &Mlp) -> Result<(), NetError> {
        if self.shape == *net.shape() {
            return Ok(());
        }
        // Shapes of as many parameters still differ in their widths or their activation.
        Err(NetError::Size { op: "shape", expected: self.shape.n_parameters(), got: net.shape().n_parameters() })
    }

    fn take_examples(&mut self, examples: &Examples, loss: Loss, n: usize, index_of: impl Fn(usize) -> usize) {
        self.take_inputs(n, |i| examples.input(index_of(i)).unwrap_or(&[]));
        let outputs = self.shape.outputs();
        for i in 0..n {
            let block = &mut self.targets[i / LANES * outputs..(i / LANES + 1) * outputs];
            examples.targets_of(index_of(i), outputs, loss, |o, y| block[o][i % LANES] = y);
        }
    }

    /// Copies inputs to `input_rows` and to `a[0]`. Lanes beyond the last example are zero.
    fn take_inputs<'a>(&mut self, n: usize, input: impl Fn(usize) -> &'a [f32]) {
        let dim = self.shape.inputs();
        let panels = dim.div_ceil(LANES);
        if panels == 0 {
            return;
        }
        let padded = n.next_multiple_of(LANES);
        for (i, row) in self.input_rows.chunks_exact_mut(panels).take(padded).enumerate() {
            let row = row.as_flattened_mut();
            if i < n {
                row[..dim].copy_from_slice(input(i));
            } else {
                row.fill(0.0);
            }
        }
        let blocks = self.input_rows.chunks_exact(panels * LANES).zip(self.a[0].chunks_exact_mut(dim));
        for (rows, a) in blocks.take(padded / LANES) {
            dense::transpose_back(rows, a);
        }
    }

    fn forward(&mut self, net: &Mlp, n: usize) {
        let blocks = n.div_ceil(LANES);
        let activation = self.shape.activation();
        let widths = self.shape.widths();
        let mut rest = net.parameters();
        for l in 0..self.shape.n_layers() {
            let (inputs, outputs) = (widths[l], widths[l + 1]);
            let (weights, after) = rest.split_at(inputs * outputs);
            let (biases, after) = after.split_at(outputs);
            rest = after;
            let (lower, upper) = self.a.split_at_mut(l + 1);
            let (a, z) = (&lower[l], &mut upper[0][..blocks * outputs]);
            for block in 0..blocks {
                let a = &a[block * inputs..(block + 1) * inputs];
                dense::forward(weights, biases, a, &mut z[block * outputs..(block + 1) * outputs]);
            }
            if let Some(kept) = self.z.get_mut(l) {
                if !kept.is_empty() {
                    kept[..z.len()].copy_from_slice(z);
                }
                elementwise::apply(activation, z.as_flattened_mut());
            }
        }
    }

    /// Sum of the losses of the first `n` examples and how many of them are right; `scale` times their derivatives go to
    /// `delta`, zero beyond the last example.
    fn losses(&mut self, loss: Loss, scale: f32, n: usize, by_largest: bool) -> (f64, usize) {
        let outputs = self.shape.outputs();
        if outputs == 0 {
            return (0.0, n);
        }
        let z = self.a.last().map_or(&[][..], Vec::as_slice).chunks_exact(outputs);
        let blocks = z.zip(self.targets.chunks_exact(outputs)).zip(self.delta.chunks_exact_mut(outputs));
        let (mut sum, mut right) = (0.0, 0);
        for (block, ((z, y), delta)) in blocks.take(n.div_ceil(LANES)).enumerate() {
            let lanes = (n - block * LANES).min(LANES);
            sum += loss.of_block(z, y, scale, delta)[..lanes].iter().sum::<f64>();
            if scale == 0.0 {
                right += right_in_block(z, y, by_largest)[..lanes].iter().filter(|&&right| right).count();
            }
            if lanes < LANES {
                delta.iter_mut().for_each(|d| d[lanes..].fill(0.0));
            }
        }
        (sum, right)
    }

    /// From `delta` at the outputs to the gradient of all parameters, set or added to.
    fn backward(&mut self, net: &Mlp, n: usize, gradient: &mut [f32], is_added: bool) {
        let blocks = n.div_ceil(LANES);
        let activation = self.shape.activation();
        let widths = self.shape.widths();
        let mut end = self.shape.n_parameters();
        for l in (0..self.shape.n_layers()).rev() {
            let (inputs, outputs) = (widths[l], widths[l + 1]);
            let start = end - outputs * (inputs + 1);
            let panels = inputs.div_ceil(LANES);
            let a = &self.a[l][..blocks * inputs];
            if l > 0 && inputs > 0 {
                for (a, rows) in a.chunks_exact(inputs).zip(self.rows.chunks_exact_mut(panels * LANES)) {
                    dense::transpose(a, rows);
                }
            }
            let (weights, biases) = gradient[start..end].split_at_mut(inputs * outputs);
            if outputs > 0 {
                let rows = if l > 0 { &self.rows[..n * panels] } else { &self.input_rows[..n * panels] };
                let delta = &self.delta[..blocks * outputs];
                GradientOfLayer { delta, rows, inputs, outputs, is_added }.write(weights, biases);
            }
            if l > 0 {
                let weights = &net.parameters()[start..start + inputs * outputs];
                for block in 0..blocks {
                    let delta = &self.delta[block * outputs..(block + 1) * outputs];
                    dense::backward(weights, delta, &mut self.below[block * inputs..(block + 1) * inputs]);
                }
                let below = self.below[..blocks * inputs].as_flattened_mut();
                let z = &mut self.z[l - 1];
                if z.is_empty() {
                    elementwise::times_derivative_of_value(activation, a.as_flattened(), below);
                } else {
                    let slopes = z[..blocks * inputs].as_flattened_mut();
                    elementwise::apply_derivative(activation, slopes);
                    below.iter_mut().zip(slopes).for_each(|(d, slope)| *d *= *slope);
                }
                std::mem::swap(&mut self.delta, &mut self.below);
            }
            end = start;
        }
    }
}

impl Passes for Workspace {
    type Net = Mlp;

    fn loss_and_gradient(
        &mut self,
        net: &Mlp,
        loss: Loss,
        examples: &Examples,
        indices: &[usize],
        gradient: &mut [f32],
    ) -> Result<f64, NetError> {
        self.check_shape(net)?;
        examples.check(self.shape.inputs(), self.shape.outputs(), loss)?;
        check_size("gradient", self.shape.n_parameters(), gradient.len())?;
        examples.check_indices("gradient", indices)?;
        let scale = 1.0 / indices.len() as f32;
        let mut sum = 0.0;
        for (c, indices) in indices.chunks(self.chunk).enumerate() {
            self.take_examples(examples, loss, indices.len(), |i| indices[i]);
            self.forward(net, indices.len());
            sum += self.losses(loss, scale, indices.len(), false).0;
            self.backward(net, indices.len(), gradient, c > 0);
        }
        Ok(sum / indices.len() as f64)
    }

    fn score_range(
        &mut self,
        net: &Mlp,
        loss: Loss,
        examples: &Examples,
        range: Range<usize>,
    ) -> Result<Score, NetError> {
        self.check_shape(net)?;
        examples.check(self.shape.inputs(), self.shape.outputs(), loss)?;
        examples.check_range("score", &range)?;
        let by_largest = examples.are_right_by_largest(loss, self.shape.outputs());
        let (mut sum, mut right) = (0.0, 0);
        for start in range.clone().step_by(self.chunk) {
            let count = (range.end - start).min(self.chunk);
            self.take_examples(examples, loss, count, |i| start + i);
            self.forward(net, count);
            let of_chunk = self.losses(loss, 0.0, count, by_largest);
            sum += of_chunk.0;
            right += of_chunk.1;
        }
        Ok(Score::of_sums(sum, right, range.len()))
    }

    fn outputs(&mut self, net: &Mlp, n: usize, inputs: &[f32], outputs: &mut [f32]) -> Result<(), NetError> {
        self.check_shape(net)?;
        let (dim, width) = (self.shape.inputs(), self.shape.outputs());
        check_size("inputs", n.saturating_mul(dim), inputs.len())?;
        check_size("outputs", n.saturating_mul(width), outputs.len())?;
        for start in (0..n).step_by(self.chunk) {
            let count = (n - start).min(self.chunk);
            self.take_inputs(count, |i| &inputs[(start + i) * dim..(start + i + 1) * dim]);
            self.forward(net, count);
            let z = self.a.last().map_or(&[][..], Vec::as_slice);
            for i in 0..count {
                for o in 0..width {
                    outputs[(start + i) * width + o] = z[i / LANES * width + o][i % LANES];
                }
            }
        }
        Ok(())
    }
}

impl Trainable for Mlp {
    type Workspace = Workspace;

    fn workspace(&self, batch: usize) -> Result<Workspace, NetError> {
        Workspace::new(self.shape(), batch)
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
