//! Loss and accuracy of many multi-layer perceptrons of one shape at once: the points of a loss slice, or an ensemble.
//!
//! # How it works
//! The points of a slice are `W + αD + βE`: sums over a basis of a few vectors. The first layer is linear in its
//! parameters, so `X(W + αD + βE)ᵀ = XWᵀ + αXDᵀ + βXEᵀ`: three products serve all points, and a point costs only its
//! later layers, whose parameters are summed while they are read. At 51×51 points of a 784-100-10 net and 1,000 images
//! that is 7 GFLOP instead of 413. An ensemble is the case where each net has a vector of its own.
//!
//! Pre-activations are stored `[net, neuron, example]`, so that neighbouring invocations (and SIMD lanes) take
//! neighbouring examples. What comes back are two numbers for each net and 128 examples, summed in `f64` here.

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
mod work;

use theory::Activation;

use self::work::Work;
use crate::error::{check_limit, check_size};
use crate::kernels::mlp_scores;
use crate::{Gpu, KernelError, n_parameters};

/// Names the job in errors.
const OP: &str = "the scores of many nets";

/// The shape of all nets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mlp<'a> {
    /// Inputs, hidden layers, classes (at most 16).
    pub widths: &'a [usize],
    /// Between the layers.
    pub activation: Activation,
}

/// The nets' parameters. A vector holds for each layer the weights `[outputs, inputs]`, row-major, then the biases.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Members<'a> {
    /// A vector for each net, `[nets, parameters]`.
    Vectors(&'a [f32]),
    /// Net `p` is `Σ_m coefficients[p, m] basis[m]`.
    Combinations {
        /// `[m, parameters]`.
        basis: &'a [f32],
        /// `[nets, m]`.
        coefficients: &'a [f32],
    },
}

/// What the nets are scored on.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Examples<'a> {
    /// `[n, inputs]`, row-major.
    pub inputs: &'a [f32],
    /// Class of each.
    pub labels: &'a [u32],
}

/// How well a net does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// Mean cross-entropy, in nats; infinite or NaN where the net overflows.
    pub loss: f64,
    /// Share of the examples whose class has the largest output (the first of several equal ones).
    pub accuracy: f64,
}

impl Score {
    /// From the sum of the losses and the number right in each block of examples, added in `f64`.
    pub(crate) fn of_blocks(blocks: &[[f32; 2]], n_rows: usize) -> Self {
        let mean = |k: usize| blocks.iter().map(|block| f64::from(block[k])).sum::<f64>() / n_rows as f64;
        Self { loss: mean(0), accuracy: mean(1) }
    }
}

/// Scores every net on the device.
///
/// # Numerics
/// Losses agree with exact arithmetic within about 1e-5 of the size of the logits.
///
/// # Errors
/// [`KernelError::Size`] and [`KernelError::TooLarge`] for what does not fit, else the device's.
pub async fn mlp_batch(
    gpu: &Gpu,
    mlp: &Mlp<'_>,
    members: &Members<'_>,
    examples: &Examples<'_>,
) -> Result<Vec<Score>, KernelError> {
    mlp_batch_within(gpu, mlp, members, examples, gpu.most_buffer_bytes()).await
}

/// [`mlp_batch`] with no more than this memory for what grows with the nets.
async fn mlp_batch_within(
    gpu: &Gpu,
    mlp: &Mlp<'_>,
    members: &Members<'_>,
    examples: &Examples<'_>,
    limit_bytes: u64,
) -> Result<Vec<Score>, KernelError> {
    let work = Work::new(mlp, members, examples)?;
    let scores = work.on_gpu(gpu, limit_bytes).await?;
    Ok(work.scores(&scores))
}

/// Scores nets on the CPU, a few at a time: a slice's products are made once, and a caller can stop in between or
/// share the nets out.
#[derive(Debug)]
pub struct MlpBatchOnCpu<'a> {
    work: Work<'a>,
    /// First layer of the basis, `[m, neurons, examples]`; empty when each net has a vector of its own.
    products: Vec<f32>,
}

impl<'a> MlpBatchOnCpu<'a> {
    /// Makes what all nets share.
    ///
    /// # Errors
    /// [`KernelError::Size`] and [`KernelError::TooLarge`] for what does not fit.
    pub fn new(mlp: &Mlp<'a>, members: &Members<'a>, examples: &Examples<'a>) -> Result<Self, KernelError> {
        let work = Work::new(mlp, members, examples)?;
        Ok(Self { products: work.products_on_cpu(), work })
    }

    /// Number of nets.
    #[must_use]
    pub fn n_nets(&self) -> usize {
        self.work.n_nets
    }

    /// Scores nets `first..first + n`, cut at the last.
    #[must_use]
    pub fn scores(&self, first: usize, n: usize) -> Vec<Score> {
        let last = self.work.n_nets;
        let nets = first.min(last)..first.saturating_add(n).min(last);
        self.work.scores(&self.work.on_cpu(&self.products, nets))
    }
}

/// Checked sizes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Shape {
    pub(crate) n_rows: usize,
    pub(crate) n_nets: usize,
    /// Vectors of the basis, when nets are sums over one.
    n_basis: Option<usize>,
    pub(crate) n_parameters: usize,
}

impl Shape {
    /// `op` names the job in errors.
    pub(crate) fn checked(
        op: &'static str,
        mlp: &Mlp<'_>,
        members: &Members<'_>,
        examples: &Examples<'_>,
    ) -> Result<Self, KernelError> {
        let widths = mlp.widths;
        if widths.len() < 2 || widths.contains(&0) {
            let got = widths.iter().filter(|w| **w > 0).count();
            return Err(KernelError::Size {
                op,
                what: "layers that are not empty",
                expected: widths.len().max(2),
                got,
            });
        }
        let (n_in, n_classes) = (widths[0], widths[widths.len() - 1]);
        check_limit(op, "classes", mlp_scores::MOST_CLASSES, n_classes as u64)?;
        let n_rows = examples.labels.len();
        if n_rows == 0 {
            return Err(KernelError::Size { op, what: "examples", expected: 1, got: 0 });
        }
        check_size(op, "numbers in the examples", n_rows * n_in, examples.inputs.len())?;
        let highest = examples.labels.iter().max().map_or(0, |label| u64::from(*label) + 1);
        check_limit(op, "classes in the labels", n_classes as u64, highest)?;
        let n_parameters = n_parameters(widths);
        let whole = |what, numbers: &[f32], size: usize| {
            let n = numbers.len() / size.max(1);
            check_size(op, what, n * size, numbers.len()).map(|()| n)
        };
        let (n_nets, n_basis) = match *members {
            Members::Vectors(vectors) => (whole("parameters", vectors, n_parameters)?, None),
            Members::Combinations { basis, coefficients } => {
                let n_basis = whole("parameters in the basis", basis, n_parameters)?;
                (whole("coefficients", coefficients, n_basis)?, Some(n_basis))
            }
        };
        check_limit(op, "nets", 1 << 24, n_nets as u64)?;
        Ok(Self { n_rows, n_nets, n_basis, n_parameters })
    }
}
