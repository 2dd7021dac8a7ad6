//! The kernels: a folder each, with the WGSL file, its typed host and its CPU twin.

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod checks;
pub(crate) mod inner_products;
pub(crate) mod layer_backward;
pub(crate) mod layer_forward;
pub(crate) mod mlp_layer;
pub(crate) mod mlp_pass;
pub(crate) mod mlp_scores;
pub(crate) mod mlp_update;
pub(crate) mod normals;
pub(crate) mod pattern_map;

/// Every kernel.
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
const ALL: &[&crate::gpu::Shader] = &[
    &normals::SHADER,
    &layer_forward::SHADER,
    &layer_backward::SHADER,
    &inner_products::SHADER,
    &pattern_map::SHADER,
    &mlp_layer::SHADER,
    &mlp_scores::SHADER,
    &mlp_pass::SHADER,
    &mlp_update::SHADER,
];

/// Place of element `(i, j)` of a row-major matrix.
pub(crate) fn at(i: usize, j: usize, columns: usize) -> usize {
    i * columns + j
}
