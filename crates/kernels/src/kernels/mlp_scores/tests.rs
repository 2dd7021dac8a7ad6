use theory::Activation;

use super::*;
use crate::activation;
use crate::checks;

/// (rows, n_in, n_classes, nets): 1, around the block (128) and the step (64), 16 classes, no multiples, large.
const SIZES: [(u32, u32, u32, u32); 9] = [
    (1, 1, 1, 1),
    (2, 3, 2, 3),
    (127, 63, 10, 1),
    (128, 64, 16, 2),
    (129, 65, 10, 1),
    (300, 100, 10, 3),
    (50, 130, 3, 2),
    (1, 2, 15, 5),
    (2000, 20, 10, 2),
];
const N_BASIS: u32 = 3;

struct Case {
    params: Params,
    nets: u32,
    coefficients: Vec<f32>,
    parameters: Vec<f32>,
    h: Vec<f32>,
    labels: Vec<u32>,
}

fn case((rows, n_in, n_classes, nets): (u32, u32, u32, u32), sums: (u32, u32), activation: Activation) -> Case {
    let n_parameters = 5 + n_classes * (n_in + 1) + 2;
    let (sums_parameters, sums_h) = sums;
    let params = Params {
        rows,
        n_in,
        n_out: n_classes,
        n_basis: N_BASIS,
        n_parameters,
        offset: 5,
        sums_parameters,
        sums_h,
        parameters_stride: 1 - sums_parameters,
        h_stride: 1 - sums_h,
        activation: activation::id(activation),
        first_net: 1,
        ..Params::default()
    };
    let vectors = |sums: u32| if sums == 1 { N_BASIS } else { nets };
    // Logits of size 1 or so, as in a net at its start.
    let shrink = |x: Vec<f32>| x.iter().map(|x| x / (n_in as f32).sqrt()).collect::<Vec<f32>>();
    Case {
        params,
        nets,
        coefficients: checks::drawn("c", ((1 + nets) * N_BASIS) as usize),
        parameters: shrink(checks::drawn("w", (vectors(sums_parameters) * n_parameters) as usize)),
        h: checks::drawn("h", (vectors(sums_h) * n_in * rows) as usize),
        labels: (0..rows).map(|r| r * 7 % n_classes).collect(),
    }
}

fn on_cpu(case: &Case) -> Vec<[f32; 2]> {
    let p = &case.params;
    let mut scores = vec![[0.0; 2]; ((1 + case.nets) * p.rows.div_ceil(BLOCK)) as usize];
    let nets = case.nets as usize;
    twin::mlp_scores(p, nets, &case.coefficients, &case.parameters, &case.h, &case.labels, &mut scores);
    scores
}

fn on_gpu(gpu: &crate::Gpu, case: &Case) -> Vec<[f32; 2]> {
    let params = case.params;
    let scores = vec![0; (2 * (1 + case.nets) * params.rows.div_ceil(BLOCK)) as usize];
    let held = [&case.coefficients, &case.parameters, &case.h].map(|x| checks::words(x));
    let with = |first_tile, end_tile| Params { first_tile, end_tile, ..params };
    let buffers = [&held[0][..], &held[1], &held[2], &case.labels, &scores];
    bytemuck::cast_slice(&checks::run(gpu, &SHADER, tiles(&params, case.nets), with, &buffers)[4]).to_vec()
}

/// Scores in `f64`, and how many examples have two logits within rounding.
fn exact(case: &Case) -> (Vec<[f64; 2]>, Vec<f64>) {
    let p = &case.params;
    let [rows, n_in, n_classes] = [p.rows, p.n_in, p.n_out].map(|n| n as usize);
    let blocks = rows.div_ceil(BLOCK as usize);
    let activation = activation::of_id(p.activation);
    let number = |net: usize, numbers: &[f32], size: usize, sums: u32, at: usize| {
        if sums == 0 {
            return f64::from(numbers[net * size + at]);
        }
        let c = |m: usize| f64::from(case.coefficients[(1 + net) * N_BASIS as usize + m]);
        (0..N_BASIS as usize).map(|m| c(m) * f64::from(numbers[m * size + at])).sum()
    };
    let parameter =
        |net, at| number(net, &case.parameters, p.n_parameters as usize, p.sums_parameters, p.offset as usize + at);
    let mut scores = vec![[0.0; 2]; (1 + case.nets as usize) * blocks];
    let mut close = vec![0.0; scores.len()];
    for net in 0..case.nets as usize {
        for r in 0..rows {
            let h: Vec<f64> =
                (0..n_in).map(|j| activation.phi(number(net, &case.h, n_in * rows, p.sums_h, j * rows + r))).collect();
            let logit = |c: usize| {
                let products = (0..n_in).map(|j| h[j] * parameter(net, c * n_in + j));
                products.sum::<f64>() + parameter(net, n_classes * n_in + c)
            };
            let logits: Vec<f64> = (0..n_classes).map(logit).collect();
            let wanted = logits[case.labels[r] as usize];
            let block = (1 + net) * blocks + r / BLOCK as usize;
            scores[block][0] += logits.iter().map(|l| (l - wanted).exp()).sum::<f64>().ln();
            scores[block][1] += f64::from(u8::from(logits.iter().all(|l| *l <= wanted)));
            let gap = |l: &f64| (l - wanted).abs();
            let nearest = logits.iter().map(gap).filter(|gap| *gap > 0.0).fold(f64::INFINITY, f64::min);
            close[block] += f64::from(u8::from(nearest < 1e-4));
        }
    }
    (scores, close)
}

/// 2e-5 an example for logits of size up to 10, whose errors are 1e-6 of it; accuracy but for close examples.
fn assert_exact(what: &str, case: &Case, got: &[[f32; 2]]) {
    let (want, close) = exact(case);
    for (k, (got, want)) in got.iter().zip(&want).enumerate() {
        let error = (f64::from(got[0]) - want[0]).abs();
        let allowed = 2e-5 * f64::from(case.params.rows.min(BLOCK));
        assert!(error <= allowed, "{what}, block {k}: loss {} {}", got[0], want[0]);
        let differ = (f64::from(got[1]) - want[1]).abs();
        assert!(differ <= close[k], "{what}, block {k}: {} {} right, {} close", got[1], want[1], close[k]);
    }
}

#[test]
fn the_twin_is_the_formula() {
    for (k, size) in SIZES.into_iter().enumerate() {
        for sums in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let case = case(size, sums, Activation::ALL[k]);
            assert_exact(&format!("{size:?} {sums:?}"), &case, &on_cpu(&case));
        }
    }
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_is_the_formula_at_every_size() {
    let gpu = checks::gpu();
    for (k, size) in SIZES.into_iter().enumerate() {
        for sums in [(0, 0), (1, 0), (0, 1), (1, 1)] {
            let case = case(size, sums, Activation::ALL[k]);
            let got = on_gpu(&gpu, &case);
            assert_exact(&format!("{size:?} {sums:?}"), &case, &got);
            assert_eq!(got, on_gpu(&gpu, &case), "two runs, {size:?}");
        }
    }
}

/// Equal logits: the loss is ln of the number of classes, and the first class is the one that is taken.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_scores_equal_and_huge_logits_alike() {
    let gpu = checks::gpu();
    let mut case = case((10, 4, 10, 1), (0, 0), Activation::Linear);
    case.parameters.fill(0.0);
    case.labels = (0..10).collect();
    for scores in [on_gpu(&gpu, &case), on_cpu(&case)] {
        assert!((f64::from(scores[1][0]) - 10.0 * 10.0_f64.ln()).abs() < 1e-4, "{scores:?}");
        assert_eq!(scores[1][1], 1.0);
    }
    // Biases of 1000 and more: only differences count.
    for (c, bias) in case.parameters[5 + 40..5 + 50].iter_mut().enumerate() {
        *bias = 1000.0 + c as f32;
    }
    let want: f64 = (0..10).map(|y| (0..10).map(|c| f64::from(c - y).exp()).sum::<f64>().ln()).sum();
    for scores in [on_gpu(&gpu, &case), on_cpu(&case)] {
        assert!((f64::from(scores[1][0]) - want).abs() < 1e-4, "{scores:?} {want}");
        assert_eq!(scores[1][1], 1.0);
    }
}
