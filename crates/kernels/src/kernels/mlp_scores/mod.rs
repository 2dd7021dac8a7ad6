//! The last layer of many nets of one shape, with cross-entropy and accuracy: a few numbers a net come back.
//!
//! # Numerics
//! Logits as in `mlp_layer`. An example's loss moves by at most twice the largest error of a logit, and by 2e-6 of the
//! exponential and the logarithm (WGSL: 2⁻²¹ near 1); a block's sum of 128 in f32 adds 8 ε of itself. An example counts as
//! right or not alike unless two logits are within rounding of each other.

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
pub(crate) mod twin;

use crate::gpu::{Access, Shader, params};

params! {
    /// Examples.
    rows: u32,
    /// Neurons below.
    n_in: u32,
    /// Classes, at most 16.
    n_classes: u32,
    /// Vectors of the basis.
    n_basis: u32,
    /// Parameters of a vector.
    n_parameters: u32,
    /// Where this layer's begin.
    offset: u32,
    /// 1 when a net's parameters are a sum over the basis, else 0.
    sums_parameters: u32,
    /// 1 when a net's inputs are, else 0.
    sums_h: u32,
    /// 1 when each net has parameters of its own, 0 when all share them.
    parameters_stride: u32,
    /// 1 when each net has inputs of its own, 0 when all share them.
    h_stride: u32,
    /// See `activation::id`.
    activation: u32,
    /// Number of the first net among all, for its coefficients and its scores.
    first_net: u32,
    /// First workgroup of this dispatch.
    first_tile: u32,
    /// The one past its last.
    end_tile: u32,
}

/// Examples of a workgroup.
pub(crate) const BLOCK: u32 = 128;
/// Most classes.
pub(crate) const MOST_CLASSES: u64 = 16;

pub(crate) const SHADER: Shader = Shader {
    name: "mlp_scores",
    source: concat!(include_str!("../../wgsl/activation.wgsl"), include_str!("mlp_scores.wgsl")),
    workgroup: BLOCK,
    params_bytes: size_of::<Params>(),
    params_fields: Params::FIELDS,
    storage: &[Access::Read, Access::Read, Access::Read, Access::Read, Access::ReadWrite],
};

/// Workgroups of this many nets.
pub(crate) fn tiles(params: &Params, n_nets: u32) -> u32 {
    params.rows.div_ceil(BLOCK) * n_nets
}

/// Operations of a workgroup: 16 classes, the activation, and the sums over the basis.
pub(crate) fn tile_flop(params: &Params) -> f64 {
    let sums = f64::from(params.n_basis * (params.sums_h + params.sums_parameters));
    f64::from(params.n_in) * f64::from(BLOCK) * (32.0 + 20.0 + 2.0 * sums) + 10_000.0
}
