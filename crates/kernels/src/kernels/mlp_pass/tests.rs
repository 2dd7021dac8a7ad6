use theory::Activation;

use super::*;
use crate::activation;
use crate::checks;

/// (widths, batch, nets): no hidden layer, and sizes of 1, around a step (16), a block of examples (32) and a tile (64).
const SIZES: [(&[usize], u32, u32); 8] = [
    (&[1, 1], 1, 1),
    (&[3, 2], 4, 2),
    (&[15, 63, 16], 31, 1),
    (&[16, 64, 64, 2], 32, 3),
    (&[17, 65, 65, 10], 33, 2),
    (&[100, 130, 3, 20, 5], 100, 1),
    (&[5, 1, 1, 1, 4], 65, 2),
    (&[20, 16, 16, 16, 16, 16, 16, 16, 16, 10], 20, 4),
];
const EXAMPLES: u32 = 50;

/// Nets 1, 2, … of all, and a batch that begins at number 5.
pub(crate) struct Case {
    pub(crate) params: Params,
    pub(crate) nets: u32,
    pub(crate) layers: Vec<Layer>,
    pub(crate) parameters: Vec<f32>,
    pub(crate) x: Vec<f32>,
    pub(crate) labels: Vec<u32>,
    pub(crate) batches: Vec<u32>,
    pub(crate) a: Vec<f32>,
    pub(crate) delta: Vec<f32>,
    pub(crate) diverged: Vec<u32>,
}

pub(crate) fn case((widths, batch, nets): (&[usize], u32, u32), activation: Activation) -> Case {
    let n_parameters = crate::n_parameters(widths);
    let n_neurons: usize = widths[1..].iter().sum();
    let params = Params {
        n_layers: widths.len() as u32 - 1,
        batch,
        n_parameters: n_parameters as u32,
        n_neurons: n_neurons as u32,
        n_classes: widths[widths.len() - 1] as u32,
        activation: activation::id(activation),
        first_net: 1,
        first_index: 5,
        clock: 6,
        scale: 1.0 / batch as f32,
        ..Params::default()
    };
    let layers = layers(widths);
    let mut parameters = checks::drawn("parameters", (nets as usize + 1) * n_parameters);
    for net in parameters.chunks_exact_mut(n_parameters) {
        for layer in &layers {
            let scale = 1.3 / (layer.n_in as f32).sqrt();
            let own = layer.offset as usize..(layer.offset + layer.n_out * (layer.n_in + 1)) as usize;
            net[own].iter_mut().for_each(|w| *w *= scale);
        }
    }
    let scratch = vec![0.0; nets as usize * n_neurons * batch.next_multiple_of(BLOCK) as usize];
    Case {
        params,
        nets,
        layers,
        parameters,
        x: checks::drawn("x", EXAMPLES as usize * widths[0]),
        labels: (0..EXAMPLES).map(|e| e * e % params.n_classes).collect(),
        batches: (0..5 + batch).map(|k| k * 7 % EXAMPLES).collect(),
        a: scratch.clone(),
        delta: scratch,
        diverged: vec![u32::MAX; nets as usize + 1],
    }
}

pub(crate) fn on_cpu(mut case: Case) -> Case {
    let params = case.params;
    let mut buffers = twin::Buffers {
        layers: &case.layers,
        parameters: &case.parameters,
        x: &case.x,
        labels: &case.labels,
        batches: &case.batches,
        a: &mut case.a,
        delta: &mut case.delta,
        diverged: &mut case.diverged,
    };
    twin::mlp_pass(&params, case.nets as usize, &mut buffers);
    case
}

fn on_gpu(gpu: &crate::Gpu, mut case: Case) -> Case {
    let params = case.params;
    let with = |first_tile, end_tile| Params { first_tile, end_tile, ..params };
    let [parameters, x, a, delta] = [&case.parameters, &case.x, &case.a, &case.delta].map(|x| checks::words(x));
    let layers: &[u32] = bytemuck::cast_slice(&case.layers);
    let buffers = [layers, &parameters, &x, &case.labels, &case.batches, &a, &delta, &case.diverged];
    let found = checks::run(gpu, &SHADER, tiles(&params, case.nets), with, &buffers);
    (case.a, case.delta) = (checks::numbers(&found[5]), checks::numbers(&found[6]));
    case.diverged.clone_from(&found[7]);
    case
}

/// Activations and `δ` in `f64`, in the places of the buffers.
fn exact(case: &Case) -> (Vec<f32>, Vec<f32>) {
    let p = &case.params;
    let activation = activation::of_id(p.activation);
    let stride = p.batch.next_multiple_of(BLOCK) as usize;
    let (mut a, mut delta) = (vec![0.0; case.a.len()], vec![0.0; case.a.len()]);
    for net in 0..case.nets as usize {
        let parameter = |k: u32| f64::from(case.parameters[(net + 1) * p.n_parameters as usize + k as usize]);
        let place = |neuron: u32, row: usize| (net * p.n_neurons as usize + neuron as usize) * stride + row;
        for row in 0..p.batch as usize {
            let example = case.batches[5 + row] as usize;
            let n_in = case.layers[0].n_in as usize;
            let mut h: Vec<f64> = case.x[example * n_in..][..n_in].iter().map(|x| f64::from(*x)).collect();
            let mut zs = Vec::new();
            for (l, layer) in case.layers.iter().enumerate() {
                let of = |i: u32| {
                    let weights = (0..layer.n_in).map(|j| parameter(layer.offset + i * layer.n_in + j));
                    let bias = parameter(layer.offset + layer.n_out * layer.n_in + i);
                    weights.zip(&h).map(|(w, h)| w * h).sum::<f64>() + bias
                };
                let z: Vec<f64> = (0..layer.n_out).map(of).collect();
                h = z.iter().map(|z| activation.phi(*z)).collect();
                if l + 1 < case.layers.len() {
                    (layer.before..).zip(&h).for_each(|(i, h)| a[place(i, row)] = *h as f32);
                }
                zs.push(z);
            }
            let logits = &zs[zs.len() - 1];
            let sum: f64 = logits.iter().map(|z| z.exp()).sum();
            let y = |c: usize| f64::from(u8::from(case.labels[example] as usize == c));
            let mut d: Vec<f64> =
                (0..logits.len()).map(|c| (logits[c].exp() / sum - y(c)) / f64::from(p.batch)).collect();
            for (l, layer) in case.layers.iter().enumerate().rev() {
                (layer.before..).zip(&d).for_each(|(i, d)| delta[place(i, row)] = *d as f32);
                if l > 0 {
                    let weight = |i: u32, j: u32| parameter(layer.offset + i * layer.n_in + j);
                    let of = |j: u32| (0..).zip(&d).map(|(i, d)| weight(i, j) * d).sum::<f64>();
                    d = (0..layer.n_in).map(|j| of(j) * activation.dphi(zs[l - 1][j as usize])).collect();
                }
            }
        }
    }
    (a, delta)
}

/// The bound of the module.
fn assert_alike(what: &str, got: &Case, a: &[f32], delta: &[f32]) {
    let p = &got.params;
    let stride = p.batch.next_multiple_of(BLOCK) as usize;
    let n_layers = f64::from(p.n_layers);
    let widest = got.layers.iter().map(|l| l.n_in.max(l.n_out)).max().map_or(0.0, f64::from);
    let of_layer = 4.0 * 6e-8 * widest.sqrt() + 4e-7;
    for net in 0..got.nets {
        for (l, layer) in got.layers.iter().enumerate() {
            // Places beyond the batch hold what the formula does not know.
            for i in 0..layer.n_out {
                let start = ((net * p.n_neurons + layer.before + i) as usize) * stride;
                let own = start..start + p.batch as usize;
                let largest = |x: &[f32]| {
                    let start = ((net * p.n_neurons + layer.before) as usize) * stride;
                    x[start..][..layer.n_out as usize * stride].iter().fold(0.0_f32, |m, x| m.max(x.abs()))
                };
                let (size_a, size_delta) = (f64::from(largest(a)), f64::from(largest(delta)));
                let what = format!("{what}, net {net}, layer {l}");
                let below = l as f64 + 1.0;
                checks::assert_close(&what, &got.a[own.clone()], &a[own.clone()], |_| of_layer * below * size_a);
                let passed = 2.0 * n_layers - below;
                checks::assert_close(&what, &got.delta[own.clone()], &delta[own], |_| of_layer * passed * size_delta);
            }
        }
    }
}

#[test]
fn the_twin_is_the_formula() {
    for (k, size) in SIZES.into_iter().enumerate() {
        let case = on_cpu(case(size, [Activation::Tanh, Activation::Gelu, Activation::Sin][k % 3]));
        let (a, delta) = exact(&case);
        assert_alike(&format!("{size:?}"), &case, &a, &delta);
        assert!(case.diverged.iter().all(|mark| *mark == u32::MAX));
    }
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_is_the_twin_at_every_size_and_runs_are_equal() {
    let gpu = checks::gpu();
    for size in SIZES {
        let got = on_gpu(&gpu, case(size, Activation::Tanh));
        let want = on_cpu(case(size, Activation::Tanh));
        assert_alike(&format!("{size:?}"), &got, &want.a, &want.delta);
        assert_eq!(got.diverged, want.diverged);
        let again = on_gpu(&gpu, case(size, Activation::Tanh));
        assert_eq!(checks::words(&got.delta), checks::words(&again.delta), "two runs, {size:?}");
    }
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_is_the_twin_for_every_activation() {
    let gpu = checks::gpu();
    for activation in Activation::ALL {
        let size: (&[usize], u32, u32) = (&[12, 40, 30, 7], 40, 2);
        let (got, want) = (on_gpu(&gpu, case(size, activation)), on_cpu(case(size, activation)));
        assert_alike(&format!("{activation:?}"), &got, &want.a, &want.delta);
    }
}

/// A net whose logits overflow is marked, unless it was before, and its neighbours get what they get without it.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_marks_a_net_that_overflows() {
    let gpu = checks::gpu();
    let size: (&[usize], u32, u32) = (&[12, 40, 5], 40, 3);
    let overflowing = || {
        let mut case = case(size, Activation::Linear);
        let n = case.params.n_parameters as usize;
        case.parameters[2 * n..3 * n].iter_mut().for_each(|w| *w *= 1e25);
        case
    };
    let got = on_gpu(&gpu, overflowing());
    assert_eq!(got.diverged, [u32::MAX, u32::MAX, 6, u32::MAX]);
    assert_eq!(on_cpu(overflowing()).diverged, got.diverged);
    let healthy = on_gpu(&gpu, case(size, Activation::Linear));
    let third = got.delta.len() / 3;
    assert_eq!(got.delta[..third], healthy.delta[..third]);
    assert_eq!(got.delta[2 * third..], healthy.delta[2 * third..]);
    let before = Case { diverged: vec![3; 4], ..overflowing() };
    assert_eq!(on_gpu(&gpu, before).diverged, [3; 4]);
}
