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

use crate::gpu::{Access, Plan, Shader};

/// Of the layer that makes the logits: `n_out` classes, at most 16. `first_net` is for the scores too.
pub(crate) use crate::kernels::mlp_layer::Params;

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

/// Adds the scores of this many nets to a plan, from the bindings `set`.
pub(crate) fn push(plan: &mut Plan, set: usize, p: &Params, n_nets: usize) {
    let params = |first_tile, end_tile| Params { first_tile, end_tile, ..*p };
    plan.push(&SHADER, set, tiles(p, n_nets as u32), tile_flop(p), params);
}
