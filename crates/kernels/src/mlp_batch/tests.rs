use theory::Activation;

use super::*;
use crate::checks;

/// `n` vectors of parameters, weights of standard deviation 1.4/√inputs.
fn vectors(widths: &[usize], n: usize, purpose: &str) -> Vec<f32> {
    let mut drawn = checks::drawn(purpose, n * n_parameters(widths)).into_iter();
    let mut all = Vec::new();
    for _vector in 0..n {
        for shape in widths.windows(2) {
            let scale = 1.4 / (shape[0] as f32).sqrt();
            all.extend(drawn.by_ref().take((shape[0] + 1) * shape[1]).map(|w| scale * w));
        }
    }
    all
}

/// Loss and accuracy of one net, in `f64`, and the share of examples with two close logits.
fn exact(mlp: &Mlp<'_>, parameters: &[f64], examples: &Examples<'_>) -> (Score, f64) {
    let n_in = mlp.widths[0];
    let (mut loss, mut right, mut close) = (0.0, 0.0, 0.0);
    for (input, label) in examples.inputs.chunks_exact(n_in).zip(examples.labels) {
        let mut h: Vec<f64> = input.iter().map(|x| f64::from(*x)).collect();
        let mut rest = parameters;
        for (l, shape) in mlp.widths.windows(2).enumerate() {
            let (weights, after) = rest.split_at(shape[0] * shape[1]);
            let (biases, after) = after.split_at(shape[1]);
            rest = after;
            if l > 0 {
                h.iter_mut().for_each(|x| *x = mlp.activation.phi(*x));
            }
            let row = |i: usize| weights[i * shape[0]..].iter().zip(&h).map(|(w, h)| w * h).sum::<f64>() + biases[i];
            h = (0..shape[1]).map(row).collect();
        }
        let wanted = h[*label as usize];
        loss += h.iter().map(|l| (l - wanted).exp()).sum::<f64>().ln();
        right += f64::from(u8::from(h.iter().all(|l| *l <= wanted)));
        let is_close = h.iter().any(|l| *l != wanted && (l - wanted).abs() < 1e-4);
        close += f64::from(u8::from(is_close));
    }
    let n = examples.labels.len() as f64;
    (Score { loss: loss / n, accuracy: right / n }, close / n)
}

/// Parameters of each net in `f64`.
fn members_f64(mlp: &Mlp<'_>, members: &Members<'_>) -> Vec<Vec<f64>> {
    let n = n_parameters(mlp.widths);
    match *members {
        Members::Vectors(all) => all.chunks_exact(n).map(|v| v.iter().map(|w| f64::from(*w)).collect()).collect(),
        Members::Combinations { basis, coefficients } => {
            let of = |c: &[f32]| {
                let sum =
                    |k: usize| c.iter().zip(basis.chunks_exact(n)).map(move |(c, v)| f64::from(*c) * f64::from(v[k]));
                (0..n).map(|k| sum(k).sum()).collect()
            };
            coefficients.chunks_exact(basis.len() / n).map(of).collect()
        }
    }
}

/// 1e-5: losses are of size 1 to 5, logits err by 1e-6 of their size, and the mean of many examples by less.
fn assert_exact(what: &str, mlp: &Mlp<'_>, members: &Members<'_>, examples: &Examples<'_>, got: &[Score]) {
    let nets = members_f64(mlp, members);
    assert_eq!(got.len(), nets.len(), "{what}");
    for (k, (got, net)) in got.iter().zip(&nets).enumerate() {
        let (want, close) = exact(mlp, net, examples);
        assert!((got.loss - want.loss).abs() <= 1e-5, "{what}, net {k}: {got:?} {want:?}");
        assert!((got.accuracy - want.accuracy).abs() <= close + 1e-12, "{what}, net {k}: {got:?} {want:?}");
    }
}

/// A single layer, two, and more, narrow and wide.
const SHAPES: [&[usize]; 5] = [&[20, 4], &[10, 30, 5], &[7, 65, 3, 10], &[5, 8, 8, 8, 2], &[3, 100, 70, 16]];
const ACTIVATIONS: [Activation; 5] =
    [Activation::Relu, Activation::Relu, Activation::Tanh, Activation::Gelu, Activation::Sigmoid];

struct Data {
    inputs: Vec<f32>,
    labels: Vec<u32>,
}

impl Data {
    fn new(widths: &[usize], n: usize) -> Self {
        let classes = widths[widths.len() - 1] as u32;
        Self { inputs: checks::drawn("x", n * widths[0]), labels: (0..n as u32).map(|i| i * i % classes).collect() }
    }

    fn examples(&self) -> Examples<'_> {
        Examples { inputs: &self.inputs, labels: &self.labels }
    }
}

/// Runs `check` on a slice and on an ensemble of every shape.
fn for_all(check: &dyn Fn(&str, &Mlp<'_>, &Members<'_>, &Examples<'_>)) {
    for (widths, activation) in SHAPES.into_iter().zip(ACTIVATIONS) {
        let mlp = Mlp { widths, activation };
        let data = Data::new(widths, 150);
        let basis = vectors(widths, 3, "basis");
        let coefficients: Vec<f32> = (0..7).flat_map(|p| [1.0, 0.3 * p as f32 - 1.0, 0.5 - 0.1 * p as f32]).collect();
        let slice = Members::Combinations { basis: &basis, coefficients: &coefficients };
        check(&format!("slice of {widths:?}"), &mlp, &slice, &data.examples());
        let ensemble = vectors(widths, 5, "ensemble");
        check(&format!("ensemble of {widths:?}"), &mlp, &Members::Vectors(&ensemble), &data.examples());
    }
}

fn on_cpu(mlp: &Mlp<'_>, members: &Members<'_>, examples: &Examples<'_>) -> Vec<Score> {
    MlpBatchOnCpu::new(mlp, members, examples).unwrap().scores(0, usize::MAX)
}

#[test]
fn the_cpu_is_the_formula_and_parts_make_the_whole() {
    for_all(&|what, mlp, members, examples| {
        let whole = on_cpu(mlp, members, examples);
        assert_exact(what, mlp, members, examples, &whole);
        let parts = MlpBatchOnCpu::new(mlp, members, examples).unwrap();
        assert_eq!(parts.n_nets(), whole.len());
        assert_eq!([parts.scores(0, 2), parts.scores(2, 100)].concat(), whole, "{what}");
        assert!(parts.scores(100, 1).is_empty());
    });
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_is_the_formula_and_parts_make_the_whole() {
    let gpu = checks::gpu();
    for_all(&|what, mlp, members, examples| {
        let whole = pollster::block_on(mlp_batch(&gpu, mlp, members, examples)).unwrap();
        assert_exact(what, mlp, members, examples, &whole);
        // Room for three of the nets at a time, or a few more.
        let stored = mlp.widths[1..mlp.widths.len() - 1].iter().max().map_or(0, |w| 2 * w * 150);
        let limit = 4 * 3 * (n_parameters(mlp.widths) + stored) as u64;
        let parts = pollster::block_on(mlp_batch_within(&gpu, mlp, members, examples, limit)).unwrap();
        assert_eq!(parts, whole, "{what}");
    });
}

/// Coefficients of 1 and 0 name the vectors of the basis; the order of the examples does not matter but for rounding.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_unit_combinations_are_the_vectors() {
    let gpu = checks::gpu();
    let run = |mlp: &Mlp<'_>, members: &Members<'_>, examples: &Examples<'_>| {
        pollster::block_on(mlp_batch(&gpu, mlp, members, examples)).unwrap()
    };
    let widths: &[usize] = &[12, 40, 20, 6];
    let mlp = Mlp { widths, activation: Activation::Tanh };
    let mut data = Data::new(widths, 200);
    let basis = vectors(widths, 3, "basis");
    let unit = [1.0, 0.0, 0.0, 0.0, 1.0, 0.0, 0.0, 0.0, 1.0];
    let of_basis = run(&mlp, &Members::Combinations { basis: &basis, coefficients: &unit }, &data.examples());
    let of_vectors = run(&mlp, &Members::Vectors(&basis), &data.examples());
    assert_eq!(of_basis, of_vectors);
    data.labels.reverse();
    data.inputs = data.inputs.chunks_exact(12).rev().flatten().copied().collect();
    for (a, b) in run(&mlp, &Members::Vectors(&basis), &data.examples()).iter().zip(&of_vectors) {
        assert!((a.loss - b.loss).abs() < 1e-6 && a.accuracy == b.accuracy, "{a:?} {b:?}");
    }
    assert!(run(&mlp, &Members::Vectors(&[]), &data.examples()).is_empty());
}

#[test]
fn wrong_sizes_are_named() {
    let widths: &[usize] = &[4, 3, 2];
    let mlp = Mlp { widths, activation: Activation::Relu };
    let examples = Examples { inputs: &[0.0; 8], labels: &[0, 1] };
    let vectors = [0.0; 23];
    let two = Members::Vectors(&vectors);
    assert_eq!(on_cpu(&mlp, &two, &examples), [Score { loss: 2.0_f64.ln() as f32 as f64, accuracy: 0.5 }]);
    for (mlp, members, examples, says) in [
        (Mlp { widths: &[4], ..mlp }, two, examples, "expected 2 layers that are not empty, got 1"),
        (Mlp { widths: &[4, 0, 2], ..mlp }, two, examples, "expected 3 layers that are not empty, got 2"),
        (Mlp { widths: &[4, 17], ..mlp }, two, examples, "at most 16 classes, got 17"),
        (mlp, Members::Vectors(&vectors[1..]), examples, "expected 0 parameters, got 22"),
        (mlp, two, Examples { labels: &[0, 2], ..examples }, "at most 2 classes in the labels, got 3"),
        (mlp, two, Examples { labels: &[0], ..examples }, "expected 4 numbers in the examples, got 8"),
        (mlp, two, Examples { inputs: &[], labels: &[] }, "expected 1 examples, got 0"),
        (
            mlp,
            Members::Combinations { basis: &[0.0; 46], coefficients: &[1.0; 3] },
            examples,
            "expected 2 coefficients, got 3",
        ),
    ] {
        let said = MlpBatchOnCpu::new(&mlp, &members, &examples).unwrap_err().to_string();
        assert!(said.contains(says), "{said}, not {says}");
    }
}

/// T4 of the benchmark tasks: the net of seed 4, its directions of seed 44, and their losses.
mod t4 {
    use random::mulberry32::Normals;

    use super::*;

    const WIDTHS: [usize; 3] = [784, 100, 10];
    /// Its check values at (α, β), relative 1e-4.
    const WANT: [((f32, f32), f64); 4] = [
        ((0.0, 0.0), 2.512_428_7),
        ((-1.0, -1.0), 3.717_660_5),
        ((1.0, -1.0), 4.568_743_0),
        ((0.4, -0.6), 3.146_375_7),
    ];

    /// The net and the two directions, each row scaled to the norm of the net's.
    fn basis() -> Vec<f32> {
        let mut of_net = Normals::new(4);
        let mut of_directions = Normals::new(44);
        let mut net = Vec::new();
        for (fan_in, n) in [(784, 100), (100, 10)] {
            let mut weights = vec![0.0; fan_in * n];
            of_net.fill_f32(1.0 / (fan_in as f64).sqrt(), &mut weights);
            net.extend(weights);
            net.extend(vec![0.0; n]);
        }
        let mut all = net.clone();
        for _direction in 0..2 {
            let mut start = 0;
            for (fan_in, n) in [(784, 100), (100, 10)] {
                let mut drawn = vec![0.0; fan_in * n];
                of_directions.fill_f32(1.0, &mut drawn);
                let rows = drawn.chunks_exact(fan_in).zip(net[start..].chunks_exact(fan_in));
                let norm = |row: &[f32]| row.iter().map(|w| f64::from(*w).powi(2)).sum::<f64>().sqrt();
                let scaled = rows.flat_map(|(d, w)| {
                    let scale = norm(w) / norm(d);
                    d.iter().map(move |d| (f64::from(*d) * scale) as f32)
                });
                all.extend(scaled);
                all.extend(vec![0.0; n]);
                start += (fan_in + 1) * n;
            }
        }
        all
    }

    fn mnist() -> Data {
        let folder = std::path::Path::new("../..");
        let folder = folder.join(std::env::var_os("DEPTHSCOPE_DATA").unwrap_or_else(|| "../shared/data".into()));
        let file = |name: &str| std::fs::read(folder.join("mnist").join(name)).expect("an MNIST file");
        let (images, labels) = (file("train-images-idx3-ubyte.gz"), file("train-labels-idx1-ubyte.gz"));
        let pack = data::pack::from_idx(&images, &labels, "mnist", 1000).expect("MNIST");
        Data {
            inputs: pack.pixels().iter().map(|p| ((f64::from(*p) / 255.0 - 0.1307) / 0.3081) as f32).collect(),
            labels: pack.labels().iter().map(|l| u32::from(*l)).collect(),
        }
    }

    fn check(run: impl FnOnce(&Mlp<'_>, &Members<'_>, &Examples<'_>) -> Vec<Score>) {
        let mlp = Mlp { widths: &WIDTHS, activation: Activation::Relu };
        let coefficients: Vec<f32> = WANT.iter().flat_map(|((a, b), _)| [1.0, *a, *b]).collect();
        let (basis, data) = (basis(), mnist());
        let members = Members::Combinations { basis: &basis, coefficients: &coefficients };
        let got = run(&mlp, &members, &data.examples());
        for (got, (at, want)) in got.iter().zip(WANT) {
            assert!((got.loss / want - 1.0).abs() <= 1e-4, "loss at {at:?}: {} {want}", got.loss);
        }
    }

    #[test]
    #[ignore = "needs DEPTHSCOPE_DATA"]
    fn mnist_slice_has_the_check_values() {
        check(on_cpu);
    }

    #[test]
    #[ignore = "needs a Vulkan adapter and DEPTHSCOPE_DATA"]
    fn gpu_mnist_slice_has_the_check_values() {
        let gpu = checks::gpu();
        check(|mlp, members, examples| pollster::block_on(mlp_batch(&gpu, mlp, members, examples)).unwrap());
    }
}
