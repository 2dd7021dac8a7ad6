//! The CPU's version of `inner_products`, buffer for buffer.

use super::Params;

const LANES: usize = 64;

/// Sums (or whatever `of` does) of 64 lanes, as a tree.
fn tree(mut lanes: [f32; LANES], of: impl Fn(f32, f32) -> f32) -> f32 {
    let mut half = LANES / 2;
    while half > 0 {
        for i in 0..half {
            lanes[i] = of(lanes[i], lanes[i + half]);
        }
        half /= 2;
    }
    lanes[0]
}

/// The exponent bits of the largest element, and the power of two that brings it to `[1, 2)`.
fn exponent(row: &[f32]) -> (i32, f32) {
    let mut lanes = [0.0f32; LANES];
    for (i, x) in row.iter().enumerate() {
        lanes[i % LANES] = lanes[i % LANES].max(x.abs());
    }
    let bits = tree(lanes, f32::max).to_bits() >> 23 & 255;
    let exponent = if bits == 0 { 127 } else { (bits as i32).clamp(1, 252) };
    (exponent, f32::from_bits(((254 - exponent) as u32) << 23))
}

pub(crate) fn inner_products(params: &Params, pairs: &[[u32; 2]], x: &[f32], out: &mut [[f32; 2]]) {
    let length = params.length as usize;
    for tile in params.first_tile..params.end_tile {
        let net = params.start as usize + (tile / params.n_pairs * params.rows) as usize * length;
        let [a, b] = pairs[(tile % params.n_pairs) as usize];
        let row = |r: u32| &x[net + r as usize * length..][..length];
        let ((e_a, scale_a), (e_b, scale_b)) = (exponent(row(a)), exponent(row(b)));
        let mut lanes = [0.0; LANES];
        for i in 0..length {
            lanes[i % LANES] += (scale_a * row(a)[i]) * (scale_b * row(b)[i]);
        }
        let mean = tree(lanes, |x, y| x + y) / length as f32;
        out[(params.out_start + tile) as usize] = [mean, (e_a + e_b - 254) as f32];
    }
}
