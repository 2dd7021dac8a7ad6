//! `δ' = σ_w/√N · φ'(z) ⊙ (s δ G)` of several random nets, with the weights drawn in the kernel and δ brought back to
//! mean square one at every layer.
//!
//! # Numerics
//! Against its twin, and the twin against `f64`: within 1e-5 of the standard deviation over weights,
//! `|scale φ'|·‖s δ‖₂`, for the reasons given at `layer_forward`; the derivative's 1e-6 and the reciprocal square root's
//! 2 ulp are within that.

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
pub(crate) mod twin;

use crate::gpu::{Access, Shader, params};

params! {
    /// Neurons in each layer.
    width: u32,
    /// Directions.
    rows: u32,
    /// Nets.
    nets: u32,
    /// The layer, from whose outputs to whose inputs the gradient goes.
    layer: u32,
    /// See `activation::id`.
    activation: u32,
    /// σ_w/√width.
    scale: f32,
    /// First workgroup of this dispatch.
    first_tile: u32,
    /// The one past its last.
    end_tile: u32,
}

pub(crate) const SHADER: Shader = Shader {
    name: "layer_backward",
    source: concat!(
        include_str!("../../wgsl/threefry.wgsl"),
        include_str!("../../wgsl/normal.wgsl"),
        include_str!("../../wgsl/activation.wgsl"),
        include_str!("../../wgsl/tile.wgsl"),
        include_str!("layer_backward.wgsl")
    ),
    workgroup: 256,
    params_bytes: size_of::<Params>(),
    params_fields: Params::FIELDS,
    storage: &[Access::Read, Access::ReadWrite, Access::Read, Access::Read],
};
