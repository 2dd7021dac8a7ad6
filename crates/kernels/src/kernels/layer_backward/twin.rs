//! The CPU's version of `layer_backward`, buffer for buffer.

use super::Params;
use crate::activation::{dphi, of_id};
use crate::kernels::at;
use crate::kernels::layer_forward::twin::fill_normals;

pub(crate) fn layer_backward(params: &Params, keys: &[[u32; 4]], d: &mut [f32], path: &[f32], sizes: &[[f32; 2]]) {
    let (width, rows, nets) = (params.width as usize, params.rows as usize, params.nets as usize);
    let layer = params.layer as usize;
    let half = nets * rows * width;
    let activation = of_id(params.activation);
    let mut weights = vec![0.0; width];
    for net in 0..nets {
        let above = ((layer + 1) & 1) * half + net * rows * width;
        let below = (layer & 1) * half + net * rows * width;
        let [w0, w1, ..] = keys[at(layer, net, nets)];
        let [size, power] = sizes[at(layer + 1, net, nets)];
        let power = f32::from_bits(((127 - power as i32 / 2) as u32) << 23);
        let s = if size > 0.0 && size < 8.0 { 1.0 / size.sqrt() * power } else { 1.0 };
        let mut sums = vec![0.0; rows * width];
        for i in 0..width {
            fill_normals([w0, w1], (i * width) as u32, &mut weights);
            for row in 0..rows {
                let delta = s * d[above + at(row, i, width)];
                for j in 0..width {
                    sums[at(row, j, width)] += delta * weights[j];
                }
            }
        }
        for j in 0..width {
            let slope = params.scale * dphi(activation, path[at(at(layer, net, nets), j, width)]);
            for row in 0..rows {
                d[below + at(row, j, width)] = slope * sums[at(row, j, width)];
            }
        }
    }
}
