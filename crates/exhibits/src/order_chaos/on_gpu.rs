//! The nets of the simulation on a graphics device, all of them at once.

use kernels::{Batch, Gpu, RandomNets, propagate};
use nets::LayerStats;

use super::net::Nets;
use crate::kit::GpuFailure;

/// Measures the nets with these numbers, which follow one another.
pub(super) async fn measured(gpu: &Gpu, of: &Nets, numbers: &[usize]) -> Result<Vec<LayerStats>, GpuFailure> {
    let (mut z, mut directions) = (Vec::new(), Vec::new());
    for net in numbers {
        z.extend_from_slice(of.at_layer_0(*net)?.numbers());
        directions.extend(of.cotangents(*net));
    }
    let pairs: Vec<[u32; 2]> = of.inputs.pairs.iter().map(|p| [p.a as u32, p.b as u32]).collect();
    let shape = RandomNets {
        seed: of.seed,
        width: of.width,
        depth: of.depth,
        activation: of.activation,
        sigma_w: of.sigma_w,
        sigma_b: of.sigma_b,
        first_net: numbers.first().copied().unwrap_or(0),
        n_nets: numbers.len(),
    };
    let batch = Batch { rows: of.inputs.rows, z: &z, pairs: &pairs, first_layer: 0, cotangents: &directions };
    let found = propagate(gpu, &shape, &batch).await?;
    let layers = || 0..=of.depth;
    let one = |net: usize| LayerStats {
        correlations: (0..pairs.len())
            .map(|pair| layers().map(|l| found.correlation(net, l, pair).unwrap_or(f64::NAN)).collect())
            .collect(),
        lengths: layers().map(|l| found.mean_square(net, l, 0).unwrap_or(f64::NAN)).collect(),
        log10_gradients: found.log10_gradients(net).to_vec(),
    };
    Ok((0..numbers.len()).map(one).collect())
}
