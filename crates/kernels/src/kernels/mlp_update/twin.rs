//! The CPU's version of `mlp_update`, buffer for buffer.

use super::Params;
use crate::kernels::mlp_pass::{BLOCK, LIMIT, Layer};

/// The shader's bindings from 1 on, without the list of tiles.
pub(crate) struct Buffers<'a> {
    pub(crate) layers: &'a [Layer],
    pub(crate) x: &'a [f32],
    pub(crate) batches: &'a [u32],
    pub(crate) a: &'a [f32],
    pub(crate) delta: &'a [f32],
    pub(crate) diverged: &'a mut [u32],
    pub(crate) parameters: &'a mut [f32],
}

/// Moves the parameters of the nets `params.first_net..`.
pub(crate) fn mlp_update(params: &Params, n_nets: usize, buffers: &mut Buffers<'_>) {
    for p in 0..n_nets {
        let net = params.first_net as usize + p;
        if buffers.diverged[net] <= params.clock {
            continue;
        }
        for l in 0..buffers.layers.len() {
            if !moved(params, p, l, buffers) {
                buffers.diverged[net] = buffers.diverged[net].min(params.clock + 1);
            }
        }
    }
}

/// Moves a layer of a net; says whether all its parameters could.
fn moved(params: &Params, p: usize, l: usize, buffers: &mut Buffers<'_>) -> bool {
    let Layer { n_in, n_out, offset, before } = buffers.layers[l];
    let batch = params.batch as usize;
    let stride = params.batch.next_multiple_of(BLOCK) as usize;
    // Whole quads of examples, zero beyond the batch.
    let lanes = |numbers: &[f32], neuron: u32| {
        let at = (p * params.n_neurons as usize + neuron as usize) * stride;
        let mut lanes = numbers[at..at + batch].to_vec();
        lanes.resize(batch.next_multiple_of(4), 0.0);
        lanes
    };
    let examples = &buffers.batches[params.first_index as usize..][..batch];
    let below = |j: u32| {
        if l > 0 {
            return lanes(buffers.a, before - n_in + j);
        }
        let mut lanes: Vec<f32> = examples.iter().map(|e| buffers.x[(e * n_in + j) as usize]).collect();
        lanes.resize(batch.next_multiple_of(4), 0.0);
        lanes
    };
    let below: Vec<Vec<f32>> = (0..n_in).map(below).collect();
    let at = (params.first_net as usize + p) * params.n_parameters as usize + offset as usize;
    let (weights, biases) = buffers.parameters[at..].split_at_mut((n_in * n_out) as usize);
    let mut all = true;
    let mut step = |parameter: &mut f32, gradient: f32| {
        let moved = *parameter - params.learning_rate * gradient;
        if moved.to_bits() & 0x7fff_ffff >= LIMIT {
            all = false;
        } else {
            *parameter = moved;
        }
    };
    for ((i, bias), weights) in (0..).zip(&mut biases[..n_out as usize]).zip(weights.chunks_exact_mut(n_in as usize)) {
        let d = lanes(buffers.delta, before + i);
        let (d, _) = d.as_chunks::<4>();
        for (weight, h) in weights.iter_mut().zip(&below) {
            let quads = d.iter().zip(h.as_chunks::<4>().0);
            step(weight, quads.fold(0.0, |sum, (d, h)| sum + (d[0] * h[0] + d[1] * h[1] + d[2] * h[2] + d[3] * h[3])));
        }
        step(bias, d.iter().fold(0.0, |sum, d| sum + ((d[0] + d[1]) + (d[2] + d[3]))));
    }
    all
}
