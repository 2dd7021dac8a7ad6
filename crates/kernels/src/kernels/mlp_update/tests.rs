use theory::Activation;

use super::*;
use crate::checks;
use crate::kernels::mlp_pass;
use crate::kernels::mlp_pass::tests::Case;

/// (widths, batch, nets): sizes of 1, around a quad of examples (4), four of them (16), a block (32) and a tile (64).
const SIZES: [(&[usize], u32, u32); 7] = [
    (&[1, 1], 1, 1),
    (&[3, 2], 3, 2),
    (&[15, 63, 16], 15, 1),
    (&[64, 64, 64, 2], 16, 3),
    (&[17, 65, 65, 10], 33, 2),
    (&[100, 130, 3, 20, 5], 100, 1),
    (&[200, 20, 10], 31, 4),
];

/// What a pass leaves: nets 1, 2, … of all.
fn case(size: (&[usize], u32, u32)) -> (Params, Case) {
    let case = mlp_pass::tests::on_cpu(mlp_pass::tests::case(size, Activation::Tanh));
    let p = case.params;
    let params = Params {
        batch: p.batch,
        n_parameters: p.n_parameters,
        n_neurons: p.n_neurons,
        n_tiles: tiles(&case.layers).len() as u32,
        first_net: p.first_net,
        first_index: p.first_index,
        clock: p.clock,
        learning_rate: 0.3,
        ..Params::default()
    };
    (params, case)
}

fn on_cpu(params: &Params, mut case: Case) -> Case {
    let mut buffers = twin::Buffers {
        layers: &case.layers,
        x: &case.x,
        batches: &case.batches,
        a: &case.a,
        delta: &case.delta,
        diverged: &mut case.diverged,
        parameters: &mut case.parameters,
    };
    twin::mlp_update(params, case.nets as usize, &mut buffers);
    case
}

fn on_gpu(gpu: &crate::Gpu, params: &Params, mut case: Case) -> Case {
    let with = |first_tile, end_tile| Params { first_tile, end_tile, ..*params };
    let of_net = tiles(&case.layers);
    let [parameters, x, a, delta] = [&case.parameters, &case.x, &case.a, &case.delta].map(|x| checks::words(x));
    let layers: &[u32] = bytemuck::cast_slice(&case.layers);
    let buffers = [layers, of_net.as_flattened(), &x, &case.batches, &a, &delta, &case.diverged, &parameters];
    let found = checks::run(gpu, &SHADER, params.n_tiles * case.nets, with, &buffers);
    case.diverged.clone_from(&found[6]);
    case.parameters = checks::numbers(&found[7]);
    case
}

/// Parameters after the step in `f64`, and the bound of the module for each.
fn exact(params: &Params, case: &Case) -> (Vec<f32>, Vec<f64>) {
    let stride = params.batch.next_multiple_of(32) as usize;
    let batch = params.batch as usize;
    let mut bounds = vec![0.0; case.parameters.len()];
    let mut moved = case.parameters.clone();
    for net in 0..case.nets as usize {
        let at = |neuron: u32, r: usize| (net * params.n_neurons as usize + neuron as usize) * stride + r;
        for (l, layer) in case.layers.iter().enumerate() {
            let below = |j: u32, r: usize| match l {
                _ if j == layer.n_in => 1.0,
                0 => f64::from(case.x[(case.batches[5 + r] * layer.n_in + j) as usize]),
                _ => f64::from(case.a[at(layer.before - layer.n_in + j, r)]),
            };
            for i in 0..layer.n_out {
                for j in 0..=layer.n_in {
                    let terms = (0..batch).map(|r| f64::from(case.delta[at(layer.before + i, r)]) * below(j, r));
                    let (sum, size) = terms.fold((0.0, 0.0), |(sum, size), x| (sum + x, size + x.abs()));
                    let place = if j == layer.n_in { layer.n_out * layer.n_in + i } else { i * layer.n_in + j };
                    let k = (net + 1) * params.n_parameters as usize + (layer.offset + place) as usize;
                    let rate = f64::from(params.learning_rate);
                    moved[k] = (f64::from(case.parameters[k]) - rate * sum) as f32;
                    // The result and this one are rounded to f32.
                    bounds[k] = 1.2e-7 * f64::from(moved[k].abs());
                    bounds[k] += 4.0 * 6e-8 * (batch as f64).sqrt() * rate * size;
                }
            }
        }
    }
    (moved, bounds)
}

#[test]
fn the_twin_is_the_formula() {
    for size in SIZES {
        let (params, case) = case(size);
        let (want, bounds) = exact(&params, &case);
        let got = on_cpu(&params, case);
        checks::assert_close(&format!("{size:?}"), &got.parameters, &want, |i| bounds[i]);
    }
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_is_the_twin_at_every_size_and_runs_are_equal() {
    let gpu = checks::gpu();
    for size in SIZES {
        let (params, first) = case(size);
        let (_, bounds) = exact(&params, &first);
        let got = on_gpu(&gpu, &params, first);
        let want = on_cpu(&params, case(size).1);
        checks::assert_close(&format!("{size:?}"), &got.parameters, &want.parameters, |i| bounds[i]);
        let again = on_gpu(&gpu, &params, case(size).1);
        assert_eq!(checks::words(&got.parameters), checks::words(&again.parameters), "two runs, {size:?}");
    }
}

/// Nets marked up to this step's clock stay; one marked later moves; one that overflows is marked.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_diverged_nets_stay() {
    let gpu = checks::gpu();
    let size: (&[usize], u32, u32) = (&[70, 66, 5], 20, 4);
    let marked = || {
        let (params, mut case) = case(size);
        case.diverged = vec![u32::MAX, params.clock, params.clock + 1, 0, u32::MAX];
        let of_net = case.delta.len() / 4;
        case.delta[3 * of_net..].iter_mut().for_each(|d| *d *= 1e38);
        (params, case)
    };
    let (params, before) = marked();
    let start = before.parameters.clone();
    let (got, want) = (on_gpu(&gpu, &params, before), on_cpu(&params, marked().1));
    assert_eq!(got.diverged, [u32::MAX, 6, 7, 0, 7]);
    assert_eq!(want.diverged, got.diverged);
    let n = params.n_parameters as usize;
    let has_moved = |k: usize| got.parameters[k * n..(k + 1) * n] != start[k * n..(k + 1) * n];
    assert_eq!([0, 1, 2, 3].map(has_moved), [false, false, true, false]);
    assert!(got.parameters.iter().all(|w| w.abs() < 2e36));
}
