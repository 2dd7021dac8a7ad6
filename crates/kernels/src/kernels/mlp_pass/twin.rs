//! The CPU's version of `mlp_pass`, buffer for buffer.

use super::{BLOCK, LIMIT, Layer, Params};
use crate::activation::{dphi, exp, of_id, phi};

const LANES: usize = BLOCK as usize;
type Lanes = [f32; LANES];

/// The shader's bindings from 1 on.
pub(crate) struct Buffers<'a> {
    pub(crate) layers: &'a [Layer],
    pub(crate) parameters: &'a [f32],
    pub(crate) x: &'a [f32],
    pub(crate) labels: &'a [u32],
    pub(crate) batches: &'a [u32],
    pub(crate) a: &'a mut [f32],
    pub(crate) delta: &'a mut [f32],
    pub(crate) diverged: &'a mut [u32],
}

/// The batch through the nets `params.first_net..` and back.
pub(crate) fn mlp_pass(params: &Params, n_nets: usize, buffers: &mut Buffers<'_>) {
    for p in 0..n_nets {
        for block in 0..(params.batch as usize).div_ceil(LANES) {
            mlp_pass_of_block(params, p, block, buffers);
        }
    }
}

fn mlp_pass_of_block(params: &Params, p: usize, block: usize, buffers: &mut Buffers<'_>) {
    let Buffers { layers, parameters, x, labels, batches, a, delta, diverged } = buffers;
    let batch = params.batch as usize;
    let n = LANES.min(batch - block * LANES);
    let examples = &batches[params.first_index as usize + block * LANES..][..n];
    let stride = batch.next_multiple_of(LANES);
    let at = |neuron: u32| (p * params.n_neurons as usize + neuron as usize) * stride + block * LANES;
    let net = params.first_net as usize + p;
    let parameters = &parameters[net * params.n_parameters as usize..][..params.n_parameters as usize];
    let activation = of_id(params.activation);

    let inputs = layers[0].n_in as usize;
    let input = |j: usize| {
        let mut lanes = [0.0; LANES];
        lanes.iter_mut().zip(examples).for_each(|(lane, e)| *lane = x[*e as usize * inputs + j]);
        lanes
    };
    let mut below: Vec<Lanes> = (0..inputs).map(input).collect();
    let mut above: Vec<Lanes> = Vec::new();
    for (l, layer) in layers.iter().enumerate() {
        let (weights, biases) = of_layer(layer, parameters);
        above.clear();
        above.extend(biases.iter().zip(weights.chunks_exact(layer.n_in as usize)).map(|(bias, weights)| {
            let mut sums = [0.0; LANES];
            for (h, w) in below.iter().zip(weights) {
                add(&mut sums, *w, h);
            }
            sums.map(|sum| sum + bias)
        }));
        if l + 1 < layers.len() {
            for (i, z) in (layer.before..).zip(&mut above) {
                delta[at(i)..][..LANES].copy_from_slice(&z.map(|z| dphi(activation, z)));
                *z = z.map(|z| phi(activation, z));
                a[at(i)..][..LANES].copy_from_slice(z);
            }
        }
        std::mem::swap(&mut above, &mut below);
    }

    let logits = below;
    let last = layers[layers.len() - 1];
    for lane in 0..n {
        let of_example: Vec<f32> = logits.iter().map(|z| z[lane]).collect();
        if of_example.iter().any(|z| z.to_bits() & 0x7fff_ffff >= LIMIT) {
            diverged[net] = diverged[net].min(params.clock);
        }
        let top = of_example[1..].iter().copied().fold(of_example[0], f32::max);
        let factor = 1.0 / of_example.iter().map(|z| exp(z - top)).sum::<f32>();
        for (c, z) in (0..).zip(&of_example) {
            let y = if labels[examples[lane] as usize] == c { 1.0 } else { 0.0 };
            delta[at(last.before + c) + lane] = params.scale * (exp(z - top) * factor - y);
        }
    }
    for c in 0..last.n_out {
        delta[at(last.before + c)..][n..LANES].fill(0.0);
    }

    for layer in layers[1..].iter().rev() {
        let (weights, _) = of_layer(layer, parameters);
        let mut sums = vec![[0.0; LANES]; layer.n_in as usize];
        for (i, weights) in (layer.before..).zip(weights.chunks_exact(layer.n_in as usize)) {
            let Some(d) = delta[at(i)..].first_chunk::<LANES>() else { return };
            for (sums, w) in sums.iter_mut().zip(weights) {
                add(sums, *w, d);
            }
        }
        for (j, sums) in (layer.before - layer.n_in..).zip(&sums) {
            let slopes = &mut delta[at(j)..][..LANES];
            slopes.iter_mut().zip(sums).for_each(|(slope, sum)| *slope *= sum);
        }
    }
}

/// Weights and biases.
fn of_layer<'a>(layer: &Layer, parameters: &'a [f32]) -> (&'a [f32], &'a [f32]) {
    let n_weights = (layer.n_in * layer.n_out) as usize;
    let (weights, biases) = parameters[layer.offset as usize..].split_at(n_weights);
    (weights, &biases[..layer.n_out as usize])
}

fn add(sums: &mut Lanes, w: f32, lanes: &Lanes) {
    for k in 0..LANES {
        sums[k] += w * lanes[k];
    }
}
