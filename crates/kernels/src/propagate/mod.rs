//! A batch of inputs through many random nets at once, and gradients back: lengths, correlations and gradient sizes of
//! every layer with one read-back.
//!
//! # How it works
//! Weights are never stored. Layer `l` of net `k` is a function of the seed, the width, `k` and `l` ([`layer_streams`]),
//! so each workgroup draws the weights of its tile while it multiplies, and a drag of `sigma_w` costs no memory at all.
//! A layer is two dispatches for all nets, the product and the inner products; the way back is two more. What comes
//! back is a few numbers a layer and net. Nets beyond the device's memory follow in further groups.
//!
//! [`propagate_on_cpu`] runs the same list of operations on the kernels' twins. It is for tests; where there is no device,
//! `nets` does the same work faster.

mod propagation;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
mod work;

use random::Stream;
use theory::Activation;

pub use self::propagation::Propagation;
use self::work::Work;
use crate::error::{check_limit, check_size};
use crate::{Gpu, KernelError};

/// Names the job in errors.
const OP: &str = "random nets";
/// Widest net: numbers of weights are 32 bits.
const MOST_WIDTH: u64 = 16_384;

/// Random nets of one shape: `z ← σ_w/√N · φ(z) Gᵀ + σ_b g` with standard normal `G`, `g`.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct RandomNets {
    /// The same seed draws the same nets.
    pub seed: u64,
    /// Neurons in each layer.
    pub width: usize,
    /// Layers.
    pub depth: usize,
    /// Between the layers, and on what comes in.
    pub activation: Activation,
    /// Weights have standard deviation `sigma_w / √width`.
    pub sigma_w: f64,
    /// Biases have standard deviation `sigma_b`.
    pub sigma_b: f64,
    /// Number of the first net.
    pub first_net: usize,
    /// How many nets.
    pub n_nets: usize,
}

/// What goes in, and what is wanted back.
#[derive(Clone, Copy, Debug)]
pub struct Batch<'a> {
    /// Inputs to each net.
    pub rows: usize,
    /// Pre-activations at layer 0, row-major: `[rows, width]` for all nets, or `[n_nets, rows, width]`.
    pub z: &'a [f32],
    /// Pairs of rows whose correlations are wanted.
    pub pairs: &'a [[u32; 2]],
    /// First layer that they are wanted at; layer 0 is what goes in.
    pub first_layer: usize,
    /// Directions `[n_nets, n, width]` at the last layer whose gradients are followed back along row 0; may be empty.
    pub cotangents: &'a [f32],
}

/// The streams of the weights and of the biases of layer `layer` (0 is the first) of net `net`, the same as those of
/// `nets::RandomNets`.
#[must_use]
pub fn layer_streams(seed: u64, width: usize, net: usize, layer: usize) -> [Stream; 2] {
    let stream = Stream::new(seed, "random nets").child(width as u64).child(net as u64).child(layer as u64);
    [stream.child(0), stream.child(1)]
}

/// Runs the nets on the device.
///
/// # Numerics
/// One layer differs from exact arithmetic by about `(N ε + 2e-6) Σ|φ_j w_j|`, ε = 2⁻²⁴; a difference then grows as any
/// other does, by √χ₁ a layer, so that beyond the depth at which a chaotic net has lost its input only statistics
/// agree with other backends. Two runs on one adapter give the same bits.
///
/// # Errors
/// [`KernelError::Size`] and [`KernelError::TooLarge`] for what does not fit, else the device's.
pub async fn propagate(gpu: &Gpu, nets: &RandomNets, batch: &Batch<'_>) -> Result<Propagation, KernelError> {
    propagate_within(gpu, nets, batch, gpu.most_buffer_bytes()).await
}

/// [`propagate`] with no more than this memory at a time.
async fn propagate_within(
    gpu: &Gpu,
    nets: &RandomNets,
    batch: &Batch<'_>,
    limit_bytes: u64,
) -> Result<Propagation, KernelError> {
    let shape = Shape::checked(nets, batch)?;
    let group = shape.nets_within(limit_bytes)?;
    let mut found = Propagation::new(nets, batch);
    for first in (0..nets.n_nets).step_by(group) {
        let work = Work::new(nets, batch, &shape, first, group.min(nets.n_nets - first));
        let (products, sizes) = work.on_gpu(gpu).await?;
        found.add(work.n_nets, &products, &sizes);
    }
    Ok(found)
}

/// [`propagate`] on the kernels' twins.
///
/// # Errors
/// As [`propagate`], but for those of a device.
pub fn propagate_on_cpu(nets: &RandomNets, batch: &Batch<'_>) -> Result<Propagation, KernelError> {
    let shape = Shape::checked(nets, batch)?;
    let mut found = Propagation::new(nets, batch);
    for net in 0..nets.n_nets {
        let (products, sizes) = Work::new(nets, batch, &shape, net, 1).on_cpu();
        found.add(1, &products, &sizes);
    }
    Ok(found)
}

/// Checked sizes.
#[derive(Clone, Copy, Debug)]
struct Shape {
    width: usize,
    depth: usize,
    rows: usize,
    directions: usize,
    /// Whether each net has inputs of its own.
    is_per_net: bool,
    /// Mean squares of all rows, and the pairs.
    n_products: usize,
    /// Layers with products.
    n_layers: usize,
}

impl Shape {
    fn checked(nets: &RandomNets, batch: &Batch<'_>) -> Result<Self, KernelError> {
        let (width, rows) = (nets.width, batch.rows);
        if width == 0 {
            return Err(KernelError::Size { op: OP, what: "neurons in a layer", expected: 1, got: 0 });
        }
        check_limit(OP, "neurons in a layer", MOST_WIDTH, width as u64)?;
        check_limit(OP, "inputs", MOST_WIDTH, rows as u64)?;
        let is_per_net = batch.z.len() != rows * width;
        if is_per_net {
            check_size(OP, "numbers at layer 0", nets.n_nets * rows * width, batch.z.len())?;
        }
        let direction = (nets.n_nets * width).max(1);
        let directions = batch.cotangents.len() / direction;
        check_size(OP, "numbers in the directions", directions * direction, batch.cotangents.len())?;
        if directions > 0 && rows == 0 {
            return Err(KernelError::Size { op: OP, what: "inputs for the gradient", expected: 1, got: 0 });
        }
        let highest = batch.pairs.iter().flatten().max().map_or(0, |r| u64::from(*r) + 1);
        check_limit(OP, "rows in a pair", rows as u64, highest)?;
        Ok(Self {
            width,
            depth: nets.depth,
            rows,
            directions,
            is_per_net,
            n_products: rows + batch.pairs.len(),
            n_layers: (nets.depth + 1).saturating_sub(batch.first_layer),
        })
    }

    /// Device memory for one net.
    fn bytes_of_a_net(&self) -> u64 {
        let forward = 2 * self.rows * self.width + 2 * self.n_layers * self.n_products;
        let backward = (self.depth + 1) * self.width + 2 * self.directions * self.width;
        (4 * (forward + if self.directions > 0 { backward } else { 0 }).max(1)) as u64
    }

    /// Nets of one group: no buffer, and not all of them together, outgrow the limit.
    fn nets_within(&self, limit_bytes: u64) -> Result<usize, KernelError> {
        let bytes = self.bytes_of_a_net();
        check_limit(OP, "bytes for one net", limit_bytes, bytes)?;
        Ok((limit_bytes / bytes) as usize)
    }
}
