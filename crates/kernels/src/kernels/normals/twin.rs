//! The CPU's version of `normals`: `random` itself, of whose generator the shader is a copy.

use random::normal_f32::normals_of_block;
use random::threefry::threefry_2x32;

use super::Params;

pub(crate) fn normals(params: &Params, out: &mut [[u32; 2]]) {
    let first = u64::from(params.first_block_high) << 32 | u64::from(params.first_block);
    for (i, out) in out.iter_mut().enumerate().take(params.n_blocks as usize) {
        let block = first.wrapping_add(i as u64);
        let [x0, x1] = threefry_2x32([params.key_0, params.key_1], [block as u32, (block >> 32) as u32]);
        *out = if params.raw == 1 { [x0, x1] } else { normals_of_block(x0, x1).map(f32::to_bits) };
    }
}
