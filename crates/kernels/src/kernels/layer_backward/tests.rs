use random::Stream;
use theory::Activation;

use super::*;
use crate::activation;
use crate::checks;
use crate::kernels::layer_forward;

const SIZES: [(u32, u32, u32); 11] = [
    (1, 1, 1),
    (2, 1, 3),
    (15, 3, 2),
    (16, 4, 1),
    (17, 5, 2),
    (63, 63, 1),
    (64, 64, 1),
    (65, 65, 2),
    (100, 4, 3),
    (129, 1, 1),
    (512, 4, 2),
];

struct Case {
    params: Params,
    weights: Vec<Stream>,
    keys: Vec<[u32; 4]>,
    d: Vec<f32>,
    path: Vec<f32>,
    sizes: Vec<[f32; 2]>,
}

/// Layer 1: reads the first half of `d` (layer 2), writes the second. Sizes say that the mean square is 2.25·2^6.
fn case((width, rows, nets): (u32, u32, u32), activation: Activation) -> Case {
    let params = Params {
        width,
        rows,
        nets,
        layer: 1,
        activation: activation::id(activation),
        scale: 1.5 / (width as f32).sqrt(),
        ..Params::default()
    };
    let one = Stream::new(1, "test keys");
    let weights: Vec<_> = (0..2 * u64::from(nets)).map(|i| one.child(i)).collect();
    let keys = weights.iter().map(|w| [w.key()[0], w.key()[1], 0, 0]).collect();
    let half = (width * rows * nets) as usize;
    let mut d = checks::drawn("d", half);
    d.resize(2 * half, 0.0);
    let path = checks::drawn("path", (3 * nets * width) as usize);
    Case { params, weights, keys, d, path, sizes: vec![[2.25, 6.0]; 3 * nets as usize] }
}

/// 1 / √(2.25·2^6).
const S: f64 = 1.0 / 12.0;

fn on_gpu(gpu: &crate::Gpu, case: &Case) -> Vec<f32> {
    let params = case.params;
    let with = |first_tile, end_tile| Params { first_tile, end_tile, ..params };
    let tiles = layer_forward::tiles(params.width, params.rows, params.nets);
    let keys: Vec<u32> = case.keys.iter().flatten().copied().collect();
    let sizes: Vec<f32> = case.sizes.iter().flatten().copied().collect();
    let buffers = [&keys[..], &checks::words(&case.d), &checks::words(&case.path), &checks::words(&sizes)];
    checks::numbers(&checks::run(gpu, &SHADER, tiles, with, &buffers)[1])
}

fn on_cpu(case: &Case) -> Vec<f32> {
    let mut d = case.d.clone();
    twin::layer_backward(&case.params, &case.keys, &mut d, &case.path, &case.sizes);
    d
}

/// 1e-5 of the standard deviation of the gradient over weights; no slope is beyond 1.3.
fn tolerance(case: &Case) -> impl Fn(usize) -> f64 {
    let (width, half) = (case.params.width as usize, case.d.len() / 2);
    let scale = f64::from(case.params.scale);
    let norm = |row: &[f32]| row.iter().map(|d| f64::from(*d).powi(2)).sum::<f64>().sqrt();
    let norms: Vec<f64> = case.d[..half].chunks_exact(width).map(norm).collect();
    move |i| 1.3e-5 * scale * S * norms[i % half / width]
}

#[test]
fn the_twin_is_the_formula() {
    for (size, activation) in SIZES.into_iter().zip(Activation::ALL) {
        let case = case(size, activation);
        let d = on_cpu(&case);
        let (width, rows, nets) = (size.0 as usize, size.1 as usize, size.2 as usize);
        let half = d.len() / 2;
        let mut exact = Vec::with_capacity(half);
        for net in 0..nets {
            let weights = case.weights[nets + net];
            let path = &case.path[(nets + net) * width..][..width];
            for row in 0..rows {
                let above = &case.d[(net * rows + row) * width..][..width];
                for j in 0..width {
                    let product = |i: usize| f64::from(above[i]) * weights.normal((i * width + j) as u64);
                    let sum: f64 = (0..width).map(product).sum();
                    let slope = activation.dphi(f64::from(path[j]));
                    exact.push((f64::from(case.params.scale) * slope * S * sum) as f32);
                }
            }
        }
        checks::assert_close(&format!("{size:?} {activation:?}"), &d[half..], &exact, tolerance(&case));
    }
}

/// Gradients that vanished or overflowed are passed on as they are.
#[test]
fn a_size_that_is_no_size_scales_nothing() {
    let mut case = case((20, 2, 1), Activation::Linear);
    let normal = on_cpu(&case);
    for size in [[0.0, 0.0], [f32::INFINITY, 0.0], [f32::NAN, 4.0]] {
        case.sizes = vec![size; 3];
        let got = on_cpu(&case);
        let want: Vec<f32> = normal.iter().zip(&case.d).map(|(d, _)| d * 12.0).collect();
        let half = got.len() / 2;
        checks::assert_close("unscaled", &got[half..], &want[half..], |i| 1e-5 * f64::from(want[half + i].abs()));
    }
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_is_the_twin_at_every_size() {
    let gpu = checks::gpu();
    for size in SIZES {
        let case = case(size, Activation::Tanh);
        checks::assert_close(&format!("{size:?}"), &on_gpu(&gpu, &case), &on_cpu(&case), tolerance(&case));
    }
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_is_the_twin_for_every_activation_and_runs_are_equal() {
    let gpu = checks::gpu();
    for activation in Activation::ALL {
        let case = case((50, 9, 2), activation);
        let got = on_gpu(&gpu, &case);
        checks::assert_close(&format!("{activation:?}"), &got, &on_cpu(&case), tolerance(&case));
        assert_eq!(checks::words(&got), checks::words(&on_gpu(&gpu, &case)), "{activation:?}");
    }
}

/// The way back is the transpose of the way there: `δ·(G h) = (δ G)·h` for a linear net.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_backward_is_the_transpose_of_forward() {
    let gpu = checks::gpu();
    for width in [33_u32, 64, 130] {
        let mut case = case((width, 1, 1), Activation::Linear);
        case.sizes = vec![[1.0, 0.0]; 3];
        let n = width as usize;
        let h = checks::drawn("h", n);
        let params = layer_forward::Params {
            width,
            rows: 1,
            nets: 1,
            layer: 1,
            activation: activation::id(Activation::Linear),
            scale: case.params.scale,
            ..layer_forward::Params::default()
        };
        let with = |first_tile, end_tile| layer_forward::Params { first_tile, end_tile, ..params };
        let keys: Vec<u32> = case.keys.iter().flatten().copied().collect();
        let z: Vec<u32> = checks::words(&[vec![0.0; n], h.clone()].concat());
        let tiles = layer_forward::tiles(width, 1, 1);
        let found = checks::run(&gpu, &layer_forward::SHADER, tiles, with, &[&keys, &z, &[0; 4]]);
        let up = checks::numbers(&found[1]);
        let down = on_gpu(&gpu, &case);
        let inner = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| f64::from(*a) * f64::from(*b)).sum::<f64>();
        let (there, back) = (inner(&case.d[..n], &up[..n]), inner(&down[n..], &h));
        let norms = (inner(&case.d, &case.d) * inner(&h, &h)).sqrt();
        // Both sums carry rounding of 1e-6 of the product of the norms.
        assert!((there - back).abs() <= 1e-5 * norms, "width {width}: {there} {back}");
    }
}
