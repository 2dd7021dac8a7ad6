//! Forward and backward through random nets, one layer at a time, so that the caller can stop in between.

use candle_core::{Device, Tensor};
use random::Stream;
use theory::Activation;

use crate::error::check_size;
use crate::lanes::Eight;
use crate::product::{Panels, inner_products, product};
use crate::{Layer, NetError, carried, elementwise};

/// What turns standard normal draws into a net.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct NetParameters {
    /// Between the layers.
    pub activation: Activation,
    /// Weights have standard deviation `sigma_w / √width`.
    pub sigma_w: f64,
    /// Biases have standard deviation `sigma_b`.
    pub sigma_b: f64,
}

/// Pre-activations of a batch of inputs at one layer: `[rows, width]`, row-major.
#[derive(Clone, Debug, PartialEq)]
pub struct Batch {
    rows: usize,
    width: usize,
    z: Vec<f32>,
}

impl Batch {
    /// A batch from its numbers.
    ///
    /// # Errors
    /// [`NetError::Size`] when there are not `rows × width` numbers.
    pub fn new(rows: usize, width: usize, z: Vec<f32>) -> Result<Self, NetError> {
        check_size("batch", rows * width, z.len())?;
        Ok(Self { rows, width, z })
    }

    /// Number of inputs.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// One input's pre-activations.
    #[must_use]
    pub fn row(&self, i: usize) -> &[f32] {
        &self.z[i * self.width..(i + 1) * self.width]
    }

    /// All pre-activations, row-major.
    #[must_use]
    pub fn numbers(&self) -> &[f32] {
        &self.z
    }

    /// The next layer: `z ← σ_w/√N · φ(z) Gᵀ + σ_b g`, with the standard normal `G`, `g` of `layer`.
    ///
    /// # Errors
    /// [`NetError::Size`] when the batch has another width than the layer.
    pub fn forward(&mut self, layer: &Layer, parameters: &NetParameters) -> Result<(), NetError> {
        check_size("forward", layer.width(), self.width)?;
        let mut h = std::mem::take(&mut self.z);
        elementwise::apply_to_many(parameters.activation, &mut h);
        let h = Tensor::from_vec(h, (self.rows, self.width), &Device::Cpu)?;
        self.z = carried::forward(&h, &layer.panels, self.width)?.flatten_all()?.to_vec1()?;
        let scale = (parameters.sigma_w / (self.width as f64).sqrt()) as f32;
        let sigma_b = parameters.sigma_b as f32;
        let shift: Vec<f32> = layer.biases()?.iter().map(|b| sigma_b * b).collect();
        for row in self.z.chunks_exact_mut(self.width.max(1)) {
            for (z, b) in row.iter_mut().zip(&shift) {
                *z = scale * *z + b;
            }
        }
        Ok(())
    }

    /// The gradient one layer further down: `δ ← φ'(z) ⊙ σ_w/√N · δ G`, where `self` holds the gradients at the
    /// outputs of `layer` and `below` the pre-activations of its input, the same for every row.
    ///
    /// # Errors
    /// [`NetError::Size`] when the widths do not fit.
    pub fn backward(&mut self, layer: &Layer, parameters: &NetParameters, below: &[f32]) -> Result<(), NetError> {
        check_size("backward", layer.width(), self.width)?;
        check_size("backward, layer below", self.width, below.len())?;
        let delta = Tensor::from_vec(std::mem::take(&mut self.z), (self.rows, self.width), &Device::Cpu)?;
        self.z = carried::backward(&delta, &layer.panels, self.width)?.flatten_all()?.to_vec1()?;
        let mut slope = below.to_vec();
        elementwise::apply_derivative(parameters.activation, &mut slope);
        let scale = (parameters.sigma_w / (self.width as f64).sqrt()) as f32;
        for row in self.z.chunks_exact_mut(self.width.max(1)) {
            for (d, s) in row.iter_mut().zip(&slope) {
                *d *= scale * s;
            }
        }
        Ok(())
    }

    /// Brings the largest number to 1, so that no inner product over- or underflows; a batch that is zero or has overflowed
    /// stays as it is.
    pub fn bring_to_one(&mut self) {
        let largest = self.z.iter().fold(0.0f32, |m, z| if z.abs() > m { z.abs() } else { m });
        if largest > 0.0 && largest.is_finite() {
            self.z.iter_mut().for_each(|z| *z /= largest);
        }
    }

    /// Multiplies every number.
    pub fn scale(&mut self, factor: f32) {
        self.z.iter_mut().for_each(|z| *z *= factor);
    }

    /// The matrix of inner products of the rows over the width, `[rows, rows]`: mean squares on the diagonal.
    ///
    /// # Errors
    /// [`NetError::Size`], which a batch of [`new`](Self::new) does not give.
    pub fn gram(&self) -> Result<Vec<f32>, NetError> {
        check_size("inner products", self.rows * self.width, self.z.len())?;
        let mut gram = inner_products(&self.z, self.rows, self.width);
        let scale = (1.0 / self.width.max(1) as f64) as f32;
        gram.iter_mut().for_each(|g| *g *= scale);
        Ok(gram)
    }
}

/// Mean of the squares, summed in f64 in eight interleaved lanes.
#[must_use]
pub fn mean_square(x: &[f32]) -> f64 {
    inner(x, x) / x.len().max(1) as f64
}

/// Pre-activations at layer 0 of inputs of another size: `z ← x Gᵀ/√d` with a standard normal `G` `[width, d]`, which
/// keeps lengths and correlations up to `1/√width`.
///
/// # Shapes
/// `x`: `[rows, d]`, row-major; the result: `[rows, width]`.
///
/// # Errors
/// [`NetError::Size`] when `x` is not `rows × d`.
pub fn projected(stream: Stream, x: Vec<f32>, rows: usize, d: usize, width: usize) -> Result<Batch, NetError> {
    check_size("projection", rows * d, x.len())?;
    let mut g = vec![0.0; width * d];
    stream.fill_normal_f32(0, &mut g);
    let scale = (1.0 / (d.max(1) as f64).sqrt()) as f32;
    g.iter_mut().for_each(|g| *g *= scale);
    if d == 0 {
        return Batch::new(rows, width, vec![0.0; rows * width]);
    }
    Batch::new(rows, width, product(&x, &Panels::<Eight>::transposed(&g, width, d)))
}

/// The cosine of two vectors, within `[-1, 1]`; NaN when either is zero, has overflowed, or is none.
#[must_use]
pub fn cosine(x: &[f32], y: &[f32]) -> f64 {
    let norm = (inner(x, x) * inner(y, y)).sqrt();
    (inner(x, y) / norm).clamp(-1.0, 1.0)
}

fn inner(x: &[f32], y: &[f32]) -> f64 {
    let mut lanes = [0.0f64; 8];
    let (x8, x_rest) = x.as_chunks::<8>();
    let (y8, y_rest) = y.as_chunks::<8>();
    for (a, b) in x8.iter().zip(y8) {
        for i in 0..8 {
            lanes[i] += f64::from(a[i]) * f64::from(b[i]);
        }
    }
    let rest: f64 = x_rest.iter().zip(y_rest).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum();
    lanes.iter().sum::<f64>() + rest
}

/// Correlations from a matrix of inner products `[n, n]`; NaN where a length is zero or has overflowed.
#[must_use]
pub fn correlations(gram: &[f32], n: usize) -> Vec<f32> {
    let length = |i: usize| gram.get(i * n + i).copied().unwrap_or(f32::NAN).sqrt();
    let lengths: Vec<f32> = (0..n).map(length).collect();
    let cell = |k: usize| {
        let norm = lengths[k / n] * lengths[k % n];
        (gram[k] / norm).clamp(-1.0, 1.0)
    };
    (0..gram.len().min(n * n)).map(cell).collect()
}
