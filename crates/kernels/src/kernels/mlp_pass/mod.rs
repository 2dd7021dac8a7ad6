//! A batch through many nets of one shape and back: `δ` of every neuron for the mean cross-entropy of the batch.
//!
//! # Numerics
//! Against exact arithmetic on the same parameters, activations err by `4 ε √n + 4e-7` of a layer's largest for each layer
//! below, ε = 6e-8, and `δ` by as much for each layer passed both ways: a sum's rounding, four of its standard deviations as
//! there are many, and an activation's. Rounding in chaotic nets grows with depth beyond that.

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
pub(crate) mod tests;
pub(crate) mod twin;

use crate::gpu::{Access, Shader, params};

params! {
    /// Layers with weights.
    n_layers: u32,
    /// Examples in the batch.
    batch: u32,
    /// Parameters of a net.
    n_parameters: u32,
    /// Neurons of a net above the inputs.
    n_neurons: u32,
    /// Classes, at most 16.
    n_classes: u32,
    /// See `activation::id`.
    activation: u32,
    /// Number of the first net among all, for its parameters.
    first_net: u32,
    /// Where the batch begins among the numbers of examples.
    first_index: u32,
    /// What a net that diverges here is marked with.
    clock: u32,
    /// Weight of an example in the loss.
    scale: f32,
    /// First workgroup of this dispatch.
    first_tile: u32,
    /// The one past its last.
    end_tile: u32,
}

/// A layer's place, laid out as the WGSL struct `Layer`.
#[repr(C)]
#[derive(Clone, Copy, Debug, PartialEq, bytemuck::Pod, bytemuck::Zeroable)]
pub(crate) struct Layer {
    pub(crate) n_in: u32,
    pub(crate) n_out: u32,
    /// Of its parameters in a net's.
    pub(crate) offset: u32,
    /// Neurons above the inputs and below its outputs.
    pub(crate) before: u32,
}

/// Examples of a workgroup.
pub(crate) const BLOCK: u32 = 32;
/// Neurons of a tile.
const NEURONS: u32 = 64;
/// The bits of 2^120, from which on a number counts as infinite.
pub(crate) const LIMIT: u32 = 0x7b80_0000;

pub(crate) const SHADER: Shader = Shader {
    name: "mlp_pass",
    source: concat!(include_str!("../../wgsl/activation.wgsl"), include_str!("mlp_pass.wgsl")),
    workgroup: 128,
    params_bytes: size_of::<Params>(),
    params_fields: Params::FIELDS,
    storage: &[
        Access::Read,
        Access::Read,
        Access::Read,
        Access::Read,
        Access::Read,
        Access::ReadWrite,
        Access::ReadWrite,
        Access::ReadWrite,
    ],
};

/// The layers of a net of these widths.
pub(crate) fn layers(widths: &[usize]) -> Vec<Layer> {
    let layer = |l: usize| Layer {
        n_in: widths[l] as u32,
        n_out: widths[l + 1] as u32,
        offset: crate::n_parameters(&widths[..=l]) as u32,
        before: widths[1..=l].iter().sum::<usize>() as u32,
    };
    (0..widths.len() - 1).map(layer).collect()
}

/// Workgroups of this many nets.
pub(crate) fn tiles(params: &Params, n_nets: u32) -> u32 {
    params.batch.div_ceil(BLOCK) * n_nets
}

/// Operations of a workgroup: both products with whole tiles, activation and slope, and what a layer costs by itself.
pub(crate) fn tile_flop(layers: &[Layer]) -> f64 {
    let of = |l: &Layer| {
        let whole = |n: u32| f64::from(n.next_multiple_of(NEURONS));
        let products = whole(l.n_out) * f64::from(l.n_in) + whole(l.n_in) * f64::from(l.n_out);
        f64::from(BLOCK) * (2.0 * products + 60.0 * f64::from(l.n_out)) + 20_000.0
    };
    layers.iter().map(of).sum()
}
