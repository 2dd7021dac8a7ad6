//! One layer of many nets of one shape: `z' = φ(h) Wᵀ + b`, parameters and inputs a net's own or sums over a basis.
//!
//! # Numerics
//! Per element within `4 ε √n_in Σ_j |φ_j W_ij|` + 2e-6 of the same sum, ε = 6e-8, of its twin and of exact arithmetic:
//! the sum's rounding, an activation's 4e-7 and the sums over the basis.

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
pub(crate) mod twin;

use crate::gpu::{Access, Plan, Shader, params};

params! {
    /// Examples.
    rows: u32,
    /// Neurons below.
    n_in: u32,
    /// Neurons above.
    n_out: u32,
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
    /// Number of the first net among all, for its coefficients.
    first_net: u32,
    /// First workgroup of this dispatch.
    first_tile: u32,
    /// The one past its last.
    end_tile: u32,
}

/// Rows and columns of a tile of the product.
const TILE: u32 = 64;

pub(crate) const SHADER: Shader = Shader {
    name: "mlp_layer",
    source: concat!(
        include_str!("../../wgsl/activation.wgsl"),
        include_str!("../../wgsl/tile.wgsl"),
        include_str!("mlp_layer.wgsl")
    ),
    workgroup: 256,
    params_bytes: size_of::<Params>(),
    params_fields: Params::FIELDS,
    storage: &[Access::Read, Access::Read, Access::Read, Access::ReadWrite],
};

/// Workgroups of a layer of this many nets.
pub(crate) fn tiles(params: &Params, n_nets: u32) -> u32 {
    params.rows.div_ceil(TILE) * params.n_out.div_ceil(TILE) * n_nets
}

/// Operations of a workgroup: the product, and the sums over the basis.
pub(crate) fn tile_flop(params: &Params) -> f64 {
    let sums = 2.0 * f64::from(params.n_basis * (params.sums_h + params.sums_parameters));
    f64::from(params.n_in) * f64::from(TILE) * (2.0 * f64::from(TILE) + 20.0 + sums)
}

/// Adds a layer of this many nets to a plan, with the bindings `set`.
pub(crate) fn push(plan: &mut Plan, set: usize, p: &Params, n_nets: usize) {
    let params = |first_tile, end_tile| Params { first_tile, end_tile, ..*p };
    plan.push(&SHADER, set, tiles(p, n_nets as u32), tile_flop(p), params);
}
