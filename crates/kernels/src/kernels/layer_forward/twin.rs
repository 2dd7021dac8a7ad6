//! The CPU's version of `layer_forward`, buffer for buffer.

use random::normal_f32::normals_of_block;
use random::threefry::threefry_2x32;

use super::Params;
use crate::activation::{apply, of_id};
use crate::kernels::at;

/// Normals number `n` and `n + 1` of the stream of a key.
pub(crate) fn normal_pair(key: [u32; 2], n: u32) -> [f32; 2] {
    let block = |b: u32| {
        let [x0, x1] = threefry_2x32(key, [b, 0]);
        normals_of_block(x0, x1)
    };
    let pair = block(n >> 1);
    if n & 1 == 0 { pair } else { [pair[1], block((n >> 1) + 1)[0]] }
}

/// Normals `first..first + out.len()`.
pub(crate) fn fill_normals(key: [u32; 2], first: u32, out: &mut [f32]) {
    for (i, two) in out.chunks_mut(2).enumerate() {
        two.copy_from_slice(&normal_pair(key, first + 2 * i as u32)[..two.len()]);
    }
}

pub(crate) fn layer_forward(params: &Params, keys: &[[u32; 4]], z: &mut [f32], path: &mut [f32]) {
    let (width, rows, nets) = (params.width as usize, params.rows as usize, params.nets as usize);
    let layer = params.layer as usize;
    let half = nets * rows * width;
    let activation = of_id(params.activation);
    let mut weights = vec![0.0; width];
    for net in 0..nets {
        let below = (layer & 1) * half + net * rows * width;
        let above = ((layer + 1) & 1) * half + net * rows * width;
        let [w0, w1, b0, b1] = keys[at(layer, net, nets)];
        let mut h = z[below..below + rows * width].to_vec();
        apply(activation, &mut h);
        for i in 0..width {
            fill_normals([w0, w1], (i * width) as u32, &mut weights);
            let bias = params.sigma_b * normal_pair([b0, b1], i as u32 & !1)[i & 1];
            for row in 0..rows {
                let mut sum = 0.0;
                for j in 0..width {
                    sum += h[at(row, j, width)] * weights[j];
                }
                let next = params.scale * sum + bias;
                z[above + at(row, i, width)] = next;
                if row < params.n_followed as usize {
                    path[at(at(layer + 1, net, nets), i, width)] = next;
                }
            }
        }
    }
}
