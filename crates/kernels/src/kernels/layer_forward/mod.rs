//! `z' = σ_w/√N · φ(z) Gᵀ + σ_b g` of several random nets, with the weights drawn in the kernel.
//!
//! A weight is drawn once for every 64 inputs and never stored: 60 operations instead of four bytes of traffic, and as
//! many nets as one likes.
//!
//! # Numerics
//! Against its twin, and the twin against `f64`: within 1e-5 of the standard deviation over weights,
//! `|scale|·‖φ(z)‖₂ + |σ_b|`. Weights err by up to 1.5e-6 of their radius and activations by 4e-7, independently of each
//! other, and the sum's rounding walks by about `ε√N`, ε = 6e-8: together 1e-6 is typical, and the bound is ten times that.

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
pub(crate) mod twin;

use crate::gpu::{Access, Shader, params};

params! {
    /// Neurons in each layer.
    width: u32,
    /// Inputs.
    rows: u32,
    /// Nets.
    nets: u32,
    /// The layer, which also says which half of `z` is read.
    layer: u32,
    /// See `activation::id`.
    activation: u32,
    /// σ_w/√width.
    scale: f32,
    /// Standard deviation of the biases.
    sigma_b: f32,
    /// 1 when input 0 leaves its path for the gradient, else 0.
    n_followed: u32,
    /// First workgroup of this dispatch.
    first_tile: u32,
    /// The one past its last.
    end_tile: u32,
}

/// Rows and columns of a tile of the product.
pub(crate) const TILE: u32 = 64;

pub(crate) const SHADER: Shader = Shader {
    name: "layer_forward",
    source: concat!(
        include_str!("../../wgsl/threefry.wgsl"),
        include_str!("../../wgsl/normal.wgsl"),
        include_str!("../../wgsl/activation.wgsl"),
        include_str!("../../wgsl/tile.wgsl"),
        include_str!("layer_forward.wgsl")
    ),
    workgroup: 256,
    params_bytes: size_of::<Params>(),
    params_fields: Params::FIELDS,
    storage: &[Access::Read, Access::ReadWrite, Access::ReadWrite],
};

/// Workgroups of a layer.
pub(crate) fn tiles(width: u32, rows: u32, nets: u32) -> u32 {
    width.div_ceil(TILE) * rows.div_ceil(TILE) * nets
}

/// Operations of a workgroup: the product, and 60 for each of its weights.
pub(crate) fn tile_flop(width: u32, rows: u32) -> f64 {
    f64::from(width) * f64::from(TILE) * (2.0 * f64::from(rows.min(TILE)) + 60.0)
}
