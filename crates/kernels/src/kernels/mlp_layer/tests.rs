use theory::Activation;

use super::*;
use crate::activation;
use crate::checks;

/// (rows, n_in, n_out, nets): 1, around a step (16) and a tile (64), no multiples, large.
const SIZES: [(u32, u32, u32, u32); 9] = [
    (1, 1, 1, 1),
    (3, 2, 5, 2),
    (63, 15, 64, 1),
    (64, 16, 63, 2),
    (65, 17, 65, 3),
    (100, 784, 10, 1),
    (130, 33, 100, 2),
    (1, 100, 1, 4),
    (1000, 50, 30, 2),
];
const N_BASIS: u32 = 3;

struct Case {
    params: Params,
    nets: u32,
    coefficients: Vec<f32>,
    parameters: Vec<f32>,
    h: Vec<f32>,
}

/// Parameters begin at 7 in vectors that are longer than the layer; nets are numbers 2, 3, … of all.
fn case((rows, n_in, n_out, nets): (u32, u32, u32, u32), sums: (u32, u32), activation: Activation) -> Case {
    let n_parameters = 7 + n_out * (n_in + 1) + 3;
    let (sums_parameters, sums_h) = sums;
    let params = Params {
        rows,
        n_in,
        n_out,
        n_basis: N_BASIS,
        n_parameters,
        offset: 7,
        sums_parameters,
        sums_h,
        parameters_stride: 1 - sums_parameters,
        h_stride: 1 - sums_h,
        activation: activation::id(activation),
        first_net: 2,
        ..Params::default()
    };
    let vectors = |sums: u32| if sums == 1 { N_BASIS } else { nets };
    Case {
        params,
        nets,
        coefficients: checks::drawn("c", ((2 + nets) * N_BASIS) as usize),
        parameters: checks::drawn("w", (vectors(sums_parameters) * n_parameters) as usize),
        h: checks::drawn("h", (vectors(sums_h) * n_in * rows) as usize),
    }
}

fn on_cpu(case: &Case) -> Vec<f32> {
    let mut z = vec![0.0; (case.nets * case.params.n_out * case.params.rows) as usize];
    twin::mlp_layer(&case.params, case.nets as usize, &case.coefficients, &case.parameters, &case.h, &mut z);
    z
}

fn on_gpu(gpu: &crate::Gpu, case: &Case) -> Vec<f32> {
    let params = case.params;
    let z = vec![0; (case.nets * params.n_out * params.rows) as usize];
    let held = [&case.coefficients, &case.parameters, &case.h].map(|x| checks::words(x));
    let with = |first_tile, end_tile| Params { first_tile, end_tile, ..params };
    let buffers = [&held[0][..], &held[1], &held[2], &z];
    checks::numbers(&checks::run(gpu, &SHADER, tiles(&params, case.nets), with, &buffers)[3])
}

/// `z` in `f64`, and the bound of the module for each element.
fn exact(case: &Case) -> (Vec<f32>, Vec<f64>) {
    let p = &case.params;
    let [rows, n_in, n_out] = [p.rows, p.n_in, p.n_out].map(|n| n as usize);
    let activation = activation::of_id(p.activation);
    // The number and the size of what it is a sum of.
    let number = |net: usize, numbers: &[f32], size: usize, sums: u32, at: usize| {
        if sums == 0 {
            let x = f64::from(numbers[net * size + at]);
            return (x, x.abs());
        }
        let terms = (0..N_BASIS as usize).map(|m| {
            f64::from(case.coefficients[(2 + net) * N_BASIS as usize + m]) * f64::from(numbers[m * size + at])
        });
        terms.fold((0.0, 0.0), |(sum, size), x| (sum + x, size + x.abs()))
    };
    let parameter =
        |net, at| number(net, &case.parameters, p.n_parameters as usize, p.sums_parameters, p.offset as usize + at);
    let (mut z, mut bounds) = (Vec::new(), Vec::new());
    for net in 0..case.nets as usize {
        for i in 0..n_out {
            for r in 0..rows {
                let (mut sum, mut size) = parameter(net, n_out * n_in + i);
                for j in 0..n_in {
                    let (h, size_h) = number(net, &case.h, n_in * rows, p.sums_h, j * rows + r);
                    let (w, size_w) = parameter(net, i * n_in + j);
                    sum += activation.phi(h) * w;
                    size += (activation.phi(h).abs() + size_h) * size_w;
                }
                z.push(sum as f32);
                bounds.push((4.0 * 6e-8 * (n_in as f64).sqrt() + 2e-6) * size);
            }
        }
    }
    (z, bounds)
}

#[test]
fn the_twin_is_the_formula() {
    for (k, size) in SIZES.into_iter().enumerate() {
        for sums in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let case = case(size, sums, Activation::ALL[k]);
            let (want, bounds) = exact(&case);
            checks::assert_close(&format!("{size:?} {sums:?}"), &on_cpu(&case), &want, |i| bounds[i]);
        }
    }
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_is_the_twin_at_every_size() {
    let gpu = checks::gpu();
    for size in SIZES {
        for sums in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let case = case(size, sums, Activation::Relu);
            let (_, bounds) = exact(&case);
            let got = on_gpu(&gpu, &case);
            checks::assert_close(&format!("{size:?} {sums:?}"), &got, &on_cpu(&case), |i| bounds[i]);
            assert_eq!(checks::words(&got), checks::words(&on_gpu(&gpu, &case)), "two runs, {size:?}");
        }
    }
}

/// A net that overflowed leaves its neighbours alone.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_nets_do_not_meet() {
    let gpu = checks::gpu();
    let mut case = case((20, 21, 70, 3), (0, 0), Activation::Sigmoid);
    let n = case.params.n_parameters as usize;
    let want = on_gpu(&gpu, &case);
    case.parameters[n..2 * n].fill(f32::INFINITY);
    let got = on_gpu(&gpu, &case);
    let size = got.len() / 3;
    assert_eq!(got[..size], want[..size]);
    assert_eq!(got[2 * size..], want[2 * size..]);
}
