use random::Stream;
use theory::{Activation, MeanField};

use super::*;
use crate::checks;

const NETS: RandomNets = RandomNets {
    seed: 5,
    width: 100,
    depth: 4,
    activation: Activation::Tanh,
    sigma_w: 1.5,
    sigma_b: 0.3,
    first_net: 2,
    n_nets: 3,
};
const PAIRS: [[u32; 2]; 3] = [[0, 1], [0, 2], [3, 3]];

struct Case {
    nets: RandomNets,
    rows: usize,
    z: Vec<f32>,
    cotangents: Vec<f32>,
}

impl Case {
    /// Each net has inputs of its own.
    fn new(nets: RandomNets, rows: usize) -> Self {
        let z = checks::drawn("inputs", nets.n_nets * rows * nets.width);
        let cotangents = checks::drawn("cotangents", nets.n_nets * 4 * nets.width);
        Self { nets, rows, z, cotangents }
    }

    fn batch(&self) -> Batch<'_> {
        Batch { rows: self.rows, z: &self.z, pairs: &PAIRS, first_layer: 0, cotangents: &self.cotangents }
    }
}

/// Forward and backward through one net in `f64`: pre-activations of all layers, and mean squared gradients.
fn exact(case: &Case, net: usize) -> (Vec<Vec<f64>>, Vec<f64>) {
    let RandomNets { seed, width, depth, activation, sigma_w, sigma_b, first_net, .. } = case.nets;
    let scale = sigma_w / (width as f64).sqrt();
    let size = case.rows * width;
    let mut layers = vec![case.z[net * size..][..size].iter().map(|z| f64::from(*z)).collect::<Vec<f64>>()];
    let weights = |layer| {
        let [w, _] = layer_streams(seed, width, first_net + net, layer);
        (0..width * width).map(|i| w.normal(i as u64)).collect::<Vec<f64>>()
    };
    for layer in 0..depth {
        let (g, [_, b]) = (weights(layer), layer_streams(seed, width, first_net + net, layer));
        let below = &layers[layer];
        let element = |k: usize| {
            let (row, i) = (k / width, k % width);
            let sum: f64 = (0..width).map(|j| activation.phi(below[row * width + j]) * g[i * width + j]).sum();
            scale * sum + sigma_b * b.normal(i as u64)
        };
        layers.push((0..size).map(element).collect());
    }
    let mut d: Vec<f64> = case.cotangents[net * 4 * width..][..4 * width].iter().map(|d| f64::from(*d)).collect();
    let mean_square = |d: &[f64]| d.iter().map(|d| d * d).sum::<f64>() / d.len() as f64;
    let mut sizes = vec![mean_square(&d); depth + 1];
    for layer in (0..depth).rev() {
        let g = weights(layer);
        let element = |k: usize| {
            let (row, j) = (k / width, k % width);
            let sum: f64 = (0..width).map(|i| d[row * width + i] * g[i * width + j]).sum();
            scale * activation.dphi(layers[layer][j]) * sum
        };
        d = (0..4 * width).map(element).collect();
        sizes[layer] = mean_square(&d);
    }
    (layers, sizes)
}

/// Relative tolerance of lengths and gradients and absolute one of correlations: an element errs by 1e-6 a layer, sums
/// over elements by less, and four layers at σ_w = 1.5 (√χ₁ ≤ 1.5) let that grow to at most 1e-5.
const TOLERANCE: f64 = 1e-5;

fn assert_exact(case: &Case, found: &Propagation) {
    let width = case.nets.width;
    assert_eq!(found.n_nets(), case.nets.n_nets);
    for net in 0..case.nets.n_nets {
        let (layers, sizes) = exact(case, net);
        for (layer, z) in layers.iter().enumerate() {
            let inner = |a: usize, b: usize| (0..width).map(|i| z[a * width + i] * z[b * width + i]).sum::<f64>();
            for row in 0..case.rows {
                let (got, want) = (found.mean_square(net, layer, row).unwrap(), inner(row, row) / width as f64);
                assert!((got / want - 1.0).abs() < TOLERANCE, "net {net}, layer {layer}, row {row}: {got} {want}");
            }
            for (pair, [a, b]) in PAIRS.into_iter().enumerate() {
                let (a, b) = (a as usize, b as usize);
                let got = found.correlation(net, layer, pair).unwrap();
                let want = inner(a, b) / (inner(a, a) * inner(b, b)).sqrt();
                assert!((got - want).abs() < TOLERANCE, "net {net}, layer {layer}, pair {pair}: {got} {want}");
            }
            let (got, want) = (found.log10_gradients(net)[layer], (sizes[layer] / sizes[case.nets.depth]).log10());
            assert!((got - want).abs() < TOLERANCE, "net {net}, layer {layer}, gradient: {got} {want}");
        }
    }
}

#[test]
fn the_twins_chain_is_the_formula() {
    for activation in [Activation::Tanh, Activation::Relu] {
        let case = Case::new(RandomNets { activation, ..NETS }, 4);
        assert_exact(&case, &propagate_on_cpu(&case.nets, &case.batch()).unwrap());
    }
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_is_the_formula() {
    let gpu = checks::gpu();
    for activation in Activation::ALL {
        // An odd depth ends in the other half of the buffers.
        let case = Case::new(RandomNets { activation, depth: 3, width: 65, ..NETS }, 4);
        assert_exact(&case, &pollster::block_on(propagate(&gpu, &case.nets, &case.batch())).unwrap());
    }
}

/// Sizes without work, one row, one layer, and inputs that all nets share.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_takes_the_smallest_jobs() {
    let gpu = checks::gpu();
    let run = |nets: &RandomNets, batch: &Batch<'_>| pollster::block_on(propagate(&gpu, nets, batch)).unwrap();
    let z = [0.5; 100];
    let batch = Batch { rows: 1, z: &z, pairs: &[], first_layer: 0, cotangents: &[] };
    let none = run(&RandomNets { n_nets: 0, ..NETS }, &batch);
    assert_eq!((none.n_nets(), none.mean_square(0, 0, 0)), (0, None));
    let no_layer = run(&RandomNets { depth: 0, ..NETS }, &batch);
    assert_eq!(no_layer.mean_square(2, 0, 0), Some(0.25));
    assert_eq!((no_layer.mean_square(0, 1, 0), no_layer.mean_square(0, 0, 1)), (None, None));
    let no_rows = run(&NETS, &Batch { rows: 0, z: &[], ..batch });
    assert_eq!(no_rows.mean_square(0, 0, 0), None);
    let shared = run(&NETS, &batch);
    let of_each = run(&NETS, &Batch { z: &z.repeat(3), ..batch });
    assert_eq!(shared, of_each);
    assert_ne!(shared.mean_square(0, 4, 0), shared.mean_square(1, 4, 0), "nets differ");
    assert!(shared.log10_gradients(0).is_empty());
}

/// Groups of nets, further nets and later layers are the same bits as all at once, and so is a second run.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_parts_make_the_whole() {
    let gpu = checks::gpu();
    let case = Case::new(NETS, 4);
    let whole = pollster::block_on(propagate(&gpu, &case.nets, &case.batch())).unwrap();
    assert_eq!(whole, pollster::block_on(propagate(&gpu, &case.nets, &case.batch())).unwrap());
    let one_net = Shape::checked(&case.nets, &case.batch()).unwrap().bytes_of_a_net();
    for limit in [one_net, 2 * one_net + 1] {
        let parts = pollster::block_on(propagate_within(&gpu, &case.nets, &case.batch(), limit)).unwrap();
        assert_eq!(whole, parts, "limit {limit}");
    }
    let error = pollster::block_on(propagate_within(&gpu, &case.nets, &case.batch(), one_net - 1)).unwrap_err();
    assert!(matches!(error, KernelError::TooLarge { .. }), "{error}");
    let later = Batch { first_layer: 3, cotangents: &[], ..case.batch() };
    let later = pollster::block_on(propagate(&gpu, &case.nets, &later)).unwrap();
    assert_eq!(later.correlation(1, 2, 0), None);
    for layer in [3, 4] {
        assert_eq!(later.correlation(1, layer, 1), whole.correlation(1, layer, 1));
    }
}

/// Seed 5, 24 tanh nets of width 256: mean correlation and length within five standard errors of mean-field theory plus
/// the 1/N by which finite nets differ from it.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_nets_follow_theory() {
    let gpu = checks::gpu();
    let nets = RandomNets { width: 256, depth: 6, n_nets: 24, first_net: 0, sigma_w: 1.3, ..NETS };
    let theory = MeanField::new(nets.activation, nets.sigma_w, nets.sigma_b).unwrap();
    // u and 0.6 u + 0.8 v of normal u and v, each net's own: pre-activations, as theory has them at layer 0.
    let drawn = checks::drawn("u and v", nets.n_nets * 2 * nets.width);
    let pair = |uv: &[f32]| {
        let (u, v) = uv.split_at(nets.width);
        [u.to_vec(), u.iter().zip(v).map(|(u, v)| 0.6 * u + 0.8 * v).collect()].concat()
    };
    let z: Vec<f32> = drawn.chunks_exact(2 * nets.width).flat_map(pair).collect();
    let batch = Batch { rows: 2, z: &z, pairs: &[[0, 1]], first_layer: 0, cotangents: &[] };
    let found = pollster::block_on(propagate(&gpu, &nets, &batch)).unwrap();
    let want = theory.joint_trajectory(1.0, 1.0, 0.6, nets.depth);
    let check = |what: &str, layer: usize, of: &dyn Fn(usize) -> f64, want: f64| {
        let values: Vec<f64> = (0..nets.n_nets).map(of).collect();
        let n = values.len() as f64;
        let mean = values.iter().sum::<f64>() / n;
        let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (n - 1.0);
        let allowed = 5.0 * (variance / n).sqrt() + 2.0 / nets.width as f64;
        assert!((mean - want).abs() <= allowed, "{what}, layer {layer}: {mean}, theory {want}, allowed {allowed}");
    };
    for (layer, (q_a, _, c)) in want.into_iter().enumerate() {
        check("length", layer, &|net| found.mean_square(net, layer, 0).unwrap(), q_a);
        check("correlation", layer, &|net| found.correlation(net, layer, 0).unwrap(), c);
    }
}

/// Lengths beyond the range of f32's squares, and one beyond that of f32.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_follows_tiny_and_huge_lengths_and_says_where_they_end() {
    let gpu = checks::gpu();
    let linear = RandomNets { activation: Activation::Linear, sigma_b: 0.0, depth: 40, n_nets: 1, ..NETS };
    for (sigma_w, is_kept) in [(0.2, true), (8.0, true), (20.0, false)] {
        let nets = RandomNets { sigma_w, ..linear };
        let z = vec![1.0; nets.width];
        let batch = Batch { rows: 1, z: &z, pairs: &[[0, 0]], first_layer: 0, cotangents: &[] };
        let found = pollster::block_on(propagate(&gpu, &nets, &batch)).unwrap();
        let last = found.mean_square(0, 40, 0).unwrap();
        if is_kept {
            // A layer multiplies by σ_w² times χ²/N: 40 layers have a standard deviation of √(40·2/100) in the logarithm.
            let growth = last.ln() / 40.0 - 2.0 * f64::from(sigma_w as f32).ln();
            assert!(growth.abs() < 5.0 * (0.8_f64).sqrt() / 40.0, "{sigma_w}: {last}");
            assert_eq!(found.correlation(0, 40, 0), Some(1.0));
        } else {
            assert_eq!(last, f64::INFINITY, "{sigma_w}");
            assert!(found.correlation(0, 40, 0).unwrap().is_nan());
            assert!(found.mean_square(0, 10, 0).unwrap().is_finite());
        }
    }
}

#[test]
fn wrong_sizes_are_named() {
    let z = vec![0.0; 300];
    let batch = Batch { rows: 3, z: &z, pairs: &[[0, 2]], first_layer: 0, cotangents: &[] };
    let error = |nets: &RandomNets, batch: &Batch<'_>| propagate_on_cpu(nets, batch).unwrap_err().to_string();
    assert!(propagate_on_cpu(&RandomNets { depth: 1, ..NETS }, &batch).is_ok());
    for (nets, batch, says) in [
        (NETS, Batch { rows: 2, pairs: &[], ..batch }, "expected 600 numbers at layer 0, got 300"),
        (NETS, Batch { pairs: &[[0, 3]], ..batch }, "at most 3 rows in a pair, got 4"),
        (NETS, Batch { cotangents: &[0.0; 301], ..batch }, "expected 300 numbers in the directions, got 301"),
        (NETS, Batch { rows: 0, z: &[], pairs: &[], cotangents: &z, ..batch }, "inputs for the gradient"),
        (RandomNets { width: 0, ..NETS }, batch, "neurons in a layer"),
        (RandomNets { width: 20_000, ..NETS }, batch, "at most 16384 neurons in a layer, got 20000"),
    ] {
        let said = error(&nets, &batch);
        assert!(said.contains(says), "{said}, not {says}");
    }
}

/// The streams are named as those of `nets` are: a change there must come here.
#[test]
fn streams_are_those_of_nets() {
    let [weights, biases] = layer_streams(7, 20, 3, 4);
    let layer = Stream::new(7, "random nets").child(20).child(3).child(4);
    assert_eq!([weights, biases], [layer.child(0), layer.child(1)]);
    let mut nets = nets::RandomNets::new(7, 20, 0);
    let drawn = nets.layer(3, 4).unwrap();
    let (mut w, mut b) = (vec![0.0; 400], vec![0.0; 20]);
    weights.fill_normal_f32(0, &mut w);
    biases.fill_normal_f32(0, &mut b);
    let z = checks::drawn("z", 20);
    let parameters = nets::NetParameters { activation: Activation::Linear, sigma_w: 1.0, sigma_b: 1.0 };
    let (mut one, mut other) = (nets::Batch::new(1, 20, z.clone()).unwrap(), nets::Batch::new(1, 20, z).unwrap());
    one.forward(&drawn, &parameters).unwrap();
    other.forward(&nets::Layer::new(20, w, b).unwrap(), &parameters).unwrap();
    assert_eq!(one, other);
}
