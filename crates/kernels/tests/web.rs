//! The kernels in a browser: its compiler is stricter than naga, and its device is another.
#![cfg(target_arch = "wasm32")]

use std::rc::Rc;

use kernels::{
    Batch, Examples, Gpu, KernelError, Members, Mlp, MlpBatchOnCpu, MlpTraining, MlpTrainingOnCpu, PixelGrid,
    RandomNets, ReluNet, Sgd, bits, mlp_batch, n_parameters, normals, pattern_map, pattern_map_on_cpu, propagate,
    propagate_on_cpu,
};
use random::Stream;
use theory::Activation;
use wasm_bindgen_test::{wasm_bindgen_test, wasm_bindgen_test_configure};

wasm_bindgen_test_configure!(run_in_dedicated_worker);

#[wasm_bindgen_test]
async fn a_software_device_says_so() {
    let gpu = Gpu::request().await.unwrap();
    assert!(!gpu.name().is_empty());
    assert!(gpu.is_software(), "the test asks for a software adapter, and that is how `auto` knows one");
}

/// 1.5e-6 of the radius, at most 1e-5: see the kernel.
#[wasm_bindgen_test]
async fn streams_are_the_cpus() {
    let gpu = Gpu::request().await.unwrap();
    let stream = Stream::new(3, "web");
    let got = bits(&gpu, stream, u64::from(u32::MAX) - 100, 300).await.unwrap();
    assert!(got.iter().enumerate().all(|(i, block)| *block == stream.bits(u64::from(u32::MAX) - 100 + i as u64)));
    let got = normals(&gpu, stream, 10_001).await.unwrap();
    for (i, got) in got.iter().enumerate() {
        let error = (f64::from(*got) - stream.normal(i as u64)).abs();
        assert!(error < 1.5e-5, "normal {i}: {got}, off by {error:e}");
    }
}

/// Every activation, forward and backward; 1e-5 as in the native test.
#[wasm_bindgen_test]
async fn random_nets_are_the_twins() {
    let gpu = Gpu::request().await.unwrap();
    for activation in Activation::ALL {
        let nets = RandomNets {
            seed: 2,
            width: 70,
            depth: 3,
            activation,
            sigma_w: 1.5,
            sigma_b: 0.3,
            first_net: 1,
            n_nets: 2,
        };
        let mut z = vec![0.0; 3 * nets.width];
        Stream::new(1, "web inputs").fill_normal_f32(0, &mut z);
        let mut cotangents = vec![0.0; nets.n_nets * 2 * nets.width];
        Stream::new(1, "web cotangents").fill_normal_f32(0, &mut cotangents);
        let batch = Batch { rows: 3, z: &z, pairs: &[[0, 1], [1, 2]], first_layer: 0, cotangents: &cotangents };
        let got = propagate(&gpu, &nets, &batch).await.unwrap();
        let want = propagate_on_cpu(&nets, &batch).unwrap();
        for net in 0..nets.n_nets {
            for layer in 0..=nets.depth {
                for k in 0..2 {
                    let [a, b] = [&got, &want].map(|p| p.mean_square(net, layer, k).unwrap());
                    assert!((a / b - 1.0).abs() < 1e-5, "{activation:?}, net {net}, layer {layer}: {a} {b}");
                    let [a, b] = [&got, &want].map(|p| p.correlation(net, layer, k).unwrap());
                    assert!((a - b).abs() < 1e-5, "{activation:?}, net {net}, layer {layer}: {a} {b}");
                }
                let [a, b] = [&got, &want].map(|p| p.log10_gradients(net)[layer]);
                assert!((a - b).abs() < 1e-5, "{activation:?}, net {net}, layer {layer}, gradient: {a} {b}");
            }
        }
    }
}

/// Outputs within 1e-5 of numbers up to 10; a pattern may differ where a neuron is within rounding of its kink, which one
/// pixel in a thousand may have.
#[wasm_bindgen_test]
async fn pattern_maps_are_the_twins() {
    let gpu = Gpu::request().await.unwrap();
    let widths = [2, 8, 40, 1];
    let mut parameters = vec![0.0; n_parameters(&widths)];
    Stream::new(4, "web net").fill_normal_f32(0, &mut parameters);
    parameters.iter_mut().for_each(|w| *w *= 0.3);
    let net = ReluNet { widths: &widths, parameters: &parameters };
    let grid = PixelGrid { x: (-2.0, 2.0), y: (-1.0, 2.0), columns: 90, rows: 70 };
    let (got, want) =
        (pattern_map(&gpu, &net, &grid).await.unwrap(), pattern_map_on_cpu(&net, &grid, 0, grid.rows).unwrap());
    assert!(want.n_patterns() > 20, "{} patterns are no picture", want.n_patterns());
    let worst = got.outputs.iter().zip(&want.outputs).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
    assert!(worst < 1e-5, "outputs differ by {worst:e}");
    let n_other = got.patterns.iter().zip(&want.patterns).filter(|(a, b)| a != b).count();
    assert!(n_other <= 6, "{n_other} patterns differ");
}

/// 1e-5 as in the native test; no accuracy of these nets hangs on rounding.
#[wasm_bindgen_test]
async fn scores_of_many_nets_are_the_twins() {
    let gpu = Gpu::request().await.unwrap();
    let drawn = |purpose: &str, n: usize| {
        let mut out = vec![0.0; n];
        Stream::new(5, purpose).fill_normal_f32(0, &mut out);
        out
    };
    let widths = [20, 40, 30, 7];
    let mlp = Mlp { widths: &widths, activation: Activation::Gelu };
    let basis: Vec<f32> = drawn("web basis", 3 * n_parameters(&widths)).iter().map(|w| 0.2 * w).collect();
    let coefficients = drawn("web coefficients", 3 * 11);
    let (inputs, labels) = (drawn("web examples", 20 * 200), (0..200).map(|i| i % 7).collect::<Vec<u32>>());
    let examples = Examples { inputs: &inputs, labels: &labels };
    for members in [Members::Vectors(&basis), Members::Combinations { basis: &basis, coefficients: &coefficients }] {
        let got = mlp_batch(&gpu, &mlp, &members, &examples).await.unwrap();
        let want = MlpBatchOnCpu::new(&mlp, &members, &examples).unwrap().scores(0, usize::MAX);
        assert_eq!(got.len(), want.len());
        for (a, b) in got.iter().zip(&want) {
            assert!((a.loss - b.loss).abs() < 1e-5 && a.accuracy == b.accuracy, "{a:?} {b:?}");
        }
    }
}

/// Parameters within 1e-5 of what the largest of a member has moved, as in the native test; one member that diverges; a
/// device held by `Rc`, as a job holds it, and lost in the end.
#[wasm_bindgen_test]
async fn nets_trained_together_are_the_twins() {
    let gpu = Rc::new(Gpu::request().await.unwrap());
    let drawn = |purpose: &str, n: usize| {
        let mut out = vec![0.0; n];
        Stream::new(6, purpose).fill_normal_f32(0, &mut out);
        out
    };
    let widths = [20, 33, 33, 33, 7];
    let mlp = Mlp { widths: &widths, activation: Activation::Tanh };
    let n = n_parameters(&widths);
    let mut parameters: Vec<f32> = drawn("web members", 5 * n).iter().map(|w| 0.2 * w).collect();
    parameters[2 * n..3 * n].fill(3e38);
    let (inputs, labels) = (drawn("web examples", 20 * 200), (0..200).map(|i| i % 7).collect::<Vec<u32>>());
    let examples = Examples { inputs: &inputs, labels: &labels };
    let sgd = Sgd { learning_rate: 0.1, batch: 40 };
    let batches: Vec<u32> = (0..5 * 40).map(|k| k * 37 % 200).collect();
    let mut training = MlpTraining::new(Rc::clone(&gpu), &mlp, &sgd, &parameters, &examples).await.unwrap();
    let mut twin = MlpTrainingOnCpu::new(&mlp, &sgd, &parameters, &examples).unwrap();
    training.advance(&batches).await.unwrap();
    twin.advance(&batches).unwrap();
    let got = training.parameters().await.unwrap();
    for k in [0, 1, 3, 4] {
        let own = k * n..(k + 1) * n;
        let largest = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        let moved = largest(&twin.parameters()[own.clone()], &parameters[own.clone()]);
        let error = largest(&got[own.clone()], &twin.parameters()[own]);
        assert!(moved > 1e-3 && error <= 1e-5 * moved, "member {k} moved by {moved:e} and is off by {error:e}");
    }
    for (k, (a, b)) in training.scores(200).await.unwrap().iter().zip(&twin.scores(200).unwrap()).enumerate() {
        assert_eq!((a.is_diverged, b.is_diverged), (k == 2, k == 2), "member {k}");
        assert!(!a.score.loss.is_nan() && (0.0..=1.0).contains(&a.score.accuracy), "{a:?}");
        assert!(k == 2 || (a.score.loss - b.score.loss).abs() < 1e-5, "member {k}: {a:?} {b:?}");
    }
    gpu.destroy();
    let error = training.advance(&batches).await.unwrap_err();
    assert!(matches!(error, KernelError::Lost { .. }), "{error}");
}

#[wasm_bindgen_test]
async fn a_lost_device_is_an_error_and_a_new_one_works() {
    let gpu = Gpu::request().await.unwrap();
    gpu.destroy();
    let error = normals(&gpu, Stream::new(1, "x"), 10).await.unwrap_err();
    assert!(matches!(error, KernelError::Lost { .. }), "{error}");
    assert_eq!(gpu.until_lost().await, "it was given up");
    let next = Gpu::request().await.unwrap();
    assert_eq!(normals(&next, Stream::new(1, "x"), 10).await.unwrap().len(), 10);
}
