//! Gradient and step of plain SGD for all layers of many nets of one shape: `W -= η δ aᵀ`, `b -= η Σ δ`.
//!
//! # Numerics
//! A displacement errs by `4 ε √batch η Σ_r |δ_ir a_jr|`, ε = 6e-8, against its twin and exact arithmetic; the parameter is
//! rounded once more.

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
pub(crate) mod twin;

use crate::gpu::{Access, Shader, params};
use crate::kernels::mlp_pass::Layer;

params! {
    /// Examples in the batch.
    batch: u32,
    /// Parameters of a net.
    n_parameters: u32,
    /// Neurons of a net above the inputs.
    n_neurons: u32,
    /// Tiles of a net.
    n_tiles: u32,
    /// Number of the first net among all, for its parameters.
    first_net: u32,
    /// Where the batch begins among the numbers of examples.
    first_index: u32,
    /// Nets marked with this or less stay as they are; one that diverges here is marked with one more.
    clock: u32,
    /// η.
    learning_rate: f32,
    /// First workgroup of this dispatch.
    first_tile: u32,
    /// The one past its last.
    end_tile: u32,
}

/// Neurons above and below of a tile.
const TILE: u32 = 64;

pub(crate) const SHADER: Shader = Shader {
    name: "mlp_update",
    source: include_str!("mlp_update.wgsl"),
    workgroup: 256,
    params_bytes: size_of::<Params>(),
    params_fields: Params::FIELDS,
    storage: &[
        Access::Read,
        Access::Read,
        Access::Read,
        Access::Read,
        Access::Read,
        Access::Read,
        Access::ReadWrite,
        Access::ReadWrite,
    ],
};

/// The tiles of a net: layer, first neuron above, first neuron below, 0.
pub(crate) fn tiles(layers: &[Layer]) -> Vec<[u32; 4]> {
    let mut all = Vec::new();
    for (l, layer) in (0..).zip(layers) {
        for i in (0..layer.n_out).step_by(TILE as usize) {
            all.extend((0..layer.n_in).step_by(TILE as usize).map(|j| [l, i, j, 0]));
        }
    }
    all
}

/// Operations of a workgroup.
pub(crate) fn tile_flop(params: &Params) -> f64 {
    f64::from(TILE * TILE) * (2.0 * f64::from(params.batch.next_multiple_of(16)) + 10.0)
}
