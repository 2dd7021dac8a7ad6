//! Inner products of pairs of rows, over their length: mean squares and correlations of a layer.
//!
//! # Numerics
//! Range: any finite `f32` rows; mean squares from 1e-75 to 1e76 come out, below (elements under 1e-38) it is 0. Against its twin the mantissa differs by
//! at most `(n/64 + 8) ε Σ|x_a x_b| / n` scaled, ε = 2⁻²⁴: the same sums in the same order with or without fused
//! products, and a division's 2.5 ulp.

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
pub(crate) mod twin;

use crate::gpu::{Access, Shader, params};

params! {
    /// Elements of a row.
    length: u32,
    /// Rows of each net.
    rows: u32,
    /// Pairs of rows.
    n_pairs: u32,
    /// Where the first net's matrix begins.
    start: u32,
    /// Where the first result goes.
    out_start: u32,
    /// First workgroup of this dispatch.
    first_tile: u32,
    /// The one past its last.
    end_tile: u32,
}

pub(crate) const SHADER: Shader = Shader {
    name: "inner_products",
    source: include_str!("inner_products.wgsl"),
    workgroup: 64,
    params_bytes: size_of::<Params>(),
    params_fields: Params::FIELDS,
    storage: &[Access::Read, Access::Read, Access::ReadWrite],
};

/// Operations of a workgroup, reading two rows twice counted as eight.
pub(crate) fn tile_flop(length: u32) -> f64 {
    8.0 * f64::from(length) + 1000.0
}

/// The number that a result stands for.
pub(crate) fn value([mantissa, power]: [f32; 2]) -> f64 {
    libm::ldexp(f64::from(mantissa), power as i32)
}
