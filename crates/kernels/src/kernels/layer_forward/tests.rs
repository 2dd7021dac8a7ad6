use random::Stream;
use theory::Activation;

use super::*;
use crate::activation;
use crate::checks;

/// (width, rows, nets): 1, around a step of the sum (16), around a tile (64), odd and even, several tiles, large.
const SIZES: [(u32, u32, u32); 12] = [
    (1, 1, 1),
    (2, 1, 3),
    (15, 3, 2),
    (16, 4, 1),
    (17, 5, 2),
    (63, 63, 1),
    (64, 64, 1),
    (65, 65, 2),
    (100, 6, 3),
    (129, 1, 1),
    (300, 70, 1),
    (512, 8, 2),
];

struct Case {
    params: Params,
    streams: Vec<[Stream; 2]>,
    keys: Vec<[u32; 4]>,
    z: Vec<f32>,
    path: Vec<f32>,
}

/// A layer 1, which reads the second half of `z`.
fn case((width, rows, nets): (u32, u32, u32), activation: Activation) -> Case {
    let params = Params {
        width,
        rows,
        nets,
        layer: 1,
        activation: activation::id(activation),
        scale: 1.5 / (width as f32).sqrt(),
        sigma_b: 0.3,
        n_followed: 1,
        ..Params::default()
    };
    let one = Stream::new(1, "test keys");
    let streams: Vec<_> = (0..2 * u64::from(nets)).map(|i| [one.child(2 * i), one.child(2 * i + 1)]).collect();
    let keys = streams.iter().map(|[w, b]| [w.key()[0], w.key()[1], b.key()[0], b.key()[1]]).collect();
    let half = (width * rows * nets) as usize;
    let mut z = vec![0.0; half];
    z.extend(checks::drawn("z", half));
    Case { params, streams, keys, z, path: vec![0.0; (3 * nets * width) as usize] }
}

fn on_gpu(gpu: &crate::Gpu, case: &Case) -> [Vec<f32>; 2] {
    let params = case.params;
    let with = |first_tile, end_tile| Params { first_tile, end_tile, ..params };
    let keys: Vec<u32> = case.keys.iter().flatten().copied().collect();
    let buffers = [&keys[..], &checks::words(&case.z), &checks::words(&case.path)];
    let found = checks::run(gpu, &SHADER, tiles(params.width, params.rows, params.nets), with, &buffers);
    [checks::numbers(&found[1]), checks::numbers(&found[2])]
}

fn on_cpu(case: &Case) -> [Vec<f32>; 2] {
    let (mut z, mut path) = (case.z.clone(), case.path.clone());
    twin::layer_forward(&case.params, &case.keys, &mut z, &mut path);
    [z, path]
}

/// 1e-5 of the standard deviation of `z'` over weights; see the module.
fn tolerance(case: &Case) -> impl Fn(usize) -> f64 {
    let (width, half) = (case.params.width as usize, case.z.len() / 2);
    let activation = activation::of_id(case.params.activation);
    let scale = f64::from(case.params.scale);
    let norms: Vec<f64> = case.z[half..]
        .chunks_exact(width)
        .map(|row| row.iter().map(|z| activation.phi(f64::from(*z)).powi(2)).sum::<f64>().sqrt())
        .collect();
    move |i| 1e-5 * (scale * norms[i % half / width] + 0.3)
}

#[test]
fn the_twin_is_the_formula() {
    for (size, activation) in SIZES.into_iter().zip(Activation::ALL) {
        let case = case(size, activation);
        let [z, path] = on_cpu(&case);
        let (width, rows, nets) = (size.0 as usize, size.1 as usize, size.2 as usize);
        let half = z.len() / 2;
        let mut exact = Vec::with_capacity(half);
        for net in 0..nets {
            let [weights, biases] = case.streams[nets + net];
            for row in 0..rows {
                let input = &case.z[half + (net * rows + row) * width..][..width];
                let h: Vec<f64> = input.iter().map(|z| activation.phi(f64::from(*z))).collect();
                for i in 0..width {
                    let sum: f64 = (0..width).map(|j| h[j] * weights.normal((i * width + j) as u64)).sum();
                    exact.push((f64::from(case.params.scale) * sum + 0.3 * biases.normal(i as u64)) as f32);
                }
            }
        }
        checks::assert_close(&format!("{size:?} {activation:?}"), &z[..half], &exact, tolerance(&case));
        for net in 0..nets {
            let followed = &path[(2 * nets + net) * width..][..width];
            assert_eq!(followed, &z[net * rows * width..][..width], "input 0 leaves its path");
        }
    }
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_is_the_twin_at_every_size() {
    let gpu = checks::gpu();
    for size in SIZES {
        let case = case(size, Activation::Tanh);
        let ([z, path], [z_twin, path_twin]) = (on_gpu(&gpu, &case), on_cpu(&case));
        checks::assert_close(&format!("z, {size:?}"), &z, &z_twin, tolerance(&case));
        let followed = tolerance(&case);
        let (rows, width) = (size.1 as usize, size.0 as usize);
        let row_0 = |i: usize| followed(i / width % size.2 as usize * rows * width + i % width);
        checks::assert_close(&format!("path, {size:?}"), &path, &path_twin, row_0);
    }
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_is_the_twin_for_every_activation() {
    let gpu = checks::gpu();
    for activation in Activation::ALL {
        let case = case((50, 9, 2), activation);
        let ([z, _], [want, _]) = (on_gpu(&gpu, &case), on_cpu(&case));
        checks::assert_close(&format!("{activation:?}"), &z, &want, tolerance(&case));
    }
}

/// Runs are equal bit by bit, and an input's answer does not depend on its place in the batch or its neighbours.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_runs_are_equal_and_inputs_can_be_permuted() {
    let gpu = checks::gpu();
    let (width, rows) = (70, 67);
    let mut case = case((width, rows, 1), Activation::Gelu);
    let [first, _] = on_gpu(&gpu, &case);
    let [again, _] = on_gpu(&gpu, &case);
    assert_eq!(checks::words(&first), checks::words(&again));
    let half = case.z.len() / 2;
    let reversed = |z: &[f32]| z.chunks_exact(width as usize).rev().flatten().copied().collect::<Vec<f32>>();
    let turned = reversed(&case.z[half..]);
    case.z[half..].copy_from_slice(&turned);
    let [got, _] = on_gpu(&gpu, &case);
    assert_eq!(checks::words(&got[..half]), checks::words(&reversed(&first[..half])));
}
