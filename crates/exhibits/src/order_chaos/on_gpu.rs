//! The nets of the simulation on the graphics device, all of them at once.

use kernels::{Batch, Gpu, KernelError, RandomNets, propagate};

use super::inputs::Prepared;
use super::measurement::{OneNet, cotangents};
use super::settings::Settings;
use crate::job::JobError;

/// Below this width the way to a device and back takes longer than the nets.
pub(super) const LEAST_WIDTH: usize = 100;

/// Why there is nothing from the device.
pub(super) enum GpuFailure {
    /// The device or the kernel: the CPU can do it instead.
    Device(KernelError),
    /// The inputs: nothing can.
    Job(JobError),
}

impl From<JobError> for GpuFailure {
    fn from(error: JobError) -> Self {
        Self::Job(error)
    }
}

/// Nets `nets` of these settings.
pub(super) async fn measured(
    gpu: &Gpu,
    nets: std::ops::Range<usize>,
    settings: &Settings,
    inputs: &Prepared,
) -> Result<Vec<OneNet>, GpuFailure> {
    let (mut z, mut directions) = (Vec::new(), Vec::new());
    for net in nets.clone() {
        z.extend_from_slice(inputs.at_layer_0(settings, net)?.numbers());
        directions.extend(cotangents(settings, net));
    }
    let n_nets = nets.len();
    let pairs: Vec<[u32; 2]> = inputs.pairs.iter().map(|p| [p.a as u32, p.b as u32]).collect();
    let shape = RandomNets {
        seed: settings.seed,
        width: settings.width,
        depth: settings.depth,
        activation: settings.activation,
        sigma_w: settings.sigma_w,
        sigma_b: settings.sigma_b,
        first_net: nets.start,
        n_nets,
    };
    let batch = Batch { rows: inputs.rows, z: &z, pairs: &pairs, first_layer: 0, cotangents: &directions };
    let found = propagate(gpu, &shape, &batch).await.map_err(GpuFailure::Device)?;
    let layers = || 0..=settings.depth;
    let one = |net: usize| OneNet {
        width: settings.width,
        inputs: settings.inputs as u8,
        activation: settings.activation as u8,
        correlations: (0..pairs.len())
            .map(|pair| layers().map(|l| found.correlation(net, l, pair).unwrap_or(f64::NAN)).collect())
            .collect(),
        lengths: layers().map(|l| found.mean_square(net, l, 0).unwrap_or(f64::NAN)).collect(),
        log_gradients: found.log10_gradients(net).to_vec(),
    };
    Ok((0..n_nets).map(one).collect())
}
