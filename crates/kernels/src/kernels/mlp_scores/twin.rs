//! The CPU's version of `mlp_scores`.

use super::{BLOCK, Params};
use crate::activation::exp;
use crate::kernels::mlp_layer::twin::{LANES, Packed, activations, sources};

const CLASSES: usize = super::MOST_CLASSES as usize;

/// Nets of the call, into `scores` `[all nets, blocks]`.
pub(crate) fn mlp_scores(
    params: &Params,
    n_nets: usize,
    coefficients: &[f32],
    parameters: &[f32],
    h: &[f32],
    labels: &[u32],
    scores: &mut [[f32; 2]],
) {
    let (rows, n_in, n_classes) = (params.rows as usize, params.n_in as usize, params.n_out as usize);
    let block = BLOCK as usize;
    let blocks = rows.div_ceil(block);
    for p in 0..n_nets {
        let [own_parameters, inputs] = sources(params, p, coefficients, parameters, h);
        let layer = Packed::read(&own_parameters, params.offset as usize, n_in, n_classes);
        for b in 0..blocks {
            let mut lanes = [[0.0; 2]; BLOCK as usize];
            for first in (b * block..rows.min((b + 1) * block)).step_by(LANES) {
                let n = LANES.min(rows - first);
                let h = activations(&inputs, params.activation, n_in, rows, first, n);
                let mut logits = [[0.0; LANES]; CLASSES];
                layer.sums(&h, |c, sums| logits[c] = *sums);
                for lane in 0..n {
                    let of_example = logits.map(|logits| logits[lane]);
                    lanes[first % block + lane] = score(&of_example, n_classes, labels[first + lane] as usize);
                }
            }
            scores[(params.first_net as usize + p) * blocks + b] = tree(lanes);
        }
    }
}

/// (loss, 1 if right).
fn score(logits: &[f32; CLASSES], n_classes: usize, label: usize) -> [f32; 2] {
    let seen = &logits[..n_classes];
    let wanted = logits[label];
    let top = seen.iter().copied().fold(-3e38, f32::max);
    let mut quads = [0.0; 4];
    for (c, logit) in seen.iter().enumerate() {
        quads[c % 4] += exp(logit - top);
    }
    let sum = (quads[0] + quads[1]) + (quads[2] + quads[3]);
    let is_beaten = seen.iter().enumerate().any(|(c, logit)| *logit > wanted || (*logit == wanted && c < label));
    [libm::logf(sum) + (top - wanted), if is_beaten { 0.0 } else { 1.0 }]
}

fn tree(mut lanes: [[f32; 2]; BLOCK as usize]) -> [f32; 2] {
    let mut half = lanes.len() / 2;
    while half > 0 {
        for i in 0..half {
            let [loss, right] = lanes[i + half];
            lanes[i][0] += loss;
            lanes[i][1] += right;
        }
        half /= 2;
    }
    lanes[0]
}
