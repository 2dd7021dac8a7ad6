//! Hessian-vector products: against differences of gradients, against second differences of the loss, and against a law.

use std::ops::Range;

use nets::NetError;
use nets::engine::models::{Cnn, Pooling, lenet_5, perceptron};
use nets::engine::{
    Classified, Dims, Init, Net, Norms, Objective, Pass, hessian_vector_product, jets, loss, mean_gradient, values,
};
use random::Stream;
use theory::Activation;

use crate::cases::{assert_close, coefficient, moved, normals};
use crate::golden;

const INIT: Init = Init::Scaled { sigma_w: 1.2, sigma_b: 0.2 };

fn residual() -> Net {
    let cnn = Cnn {
        input: Dims::image(1, 12, 12),
        classes: 5,
        depth: 8,
        channels: 4,
        is_residual: true,
        has_norms: true,
        activation: Activation::Tanh,
        init: INIT,
    };
    cnn.net().expect("a net")
}

fn drawn(net: &Net) -> Vec<f64> {
    net.draw(Stream::new(7, "net")).expect("scales").into_iter().map(f64::from).collect()
}

fn single(numbers: &[f64]) -> Vec<f32> {
    numbers.iter().map(|x| *x as f32).collect()
}

/// Inputs, classes.
fn examples(net: &Net, n: usize) -> (Vec<f64>, Vec<u32>) {
    let mut cursor = Stream::new(8, "classes").cursor();
    let classes = (0..n).map(|_| cursor.below(net.output().features() as u64) as u32).collect();
    (normals("examples", n * net.input().features()), classes)
}

/// LeNet-5 with both poolings, and a residual net with batch norms of the batch and running ones, in groups that fill no block.
/// Differences of gradients of step 1e-5 are off by 1e-10 of rounding and by fourth derivatives of the loss times 2e-11, times
/// |v|³ for a direction of length |v|: here it is of length 1.
#[test]
fn agree_with_differences_of_gradients() {
    let lenet = |pooling| lenet_5(Activation::Tanh, pooling, INIT).expect("a net");
    for (name, net, is_running) in [
        ("LeNet-5", lenet(Pooling::Mean), false),
        ("LeNet-5 with max pooling", lenet(Pooling::Max), false),
        ("residual", residual(), false),
        ("residual, running statistics", residual(), true),
    ] {
        let parameters = drawn(&net);
        let (inputs, classes) = examples(&net, 22);
        let statistics = net.first_statistics::<f64>();
        let norms = if is_running { Norms::Running(&statistics) } else { Norms::OfBatch };
        let objective = Classified::new(&inputs, &classes).expect("examples");
        let mut v = normals("v", net.n_parameters());
        let length = v.iter().map(|v| v * v).sum::<f64>().sqrt();
        v.iter_mut().for_each(|v| *v /= length);
        let mut pass = Pass::<f64, 1>::new(&net, 10).expect("memory");
        let mut gradient = |h: f64| {
            let at = moved(&parameters, h, &v);
            mean_gradient(&mut pass, &objective, values(&at), norms).expect("sizes");
            coefficient(pass.gradient(), 0)
        };
        let (above, below, here) = (gradient(1e-5), gradient(-1e-5), gradient(0.0));
        let expected: Vec<f64> = above.iter().zip(&below).map(|(a, b)| (a - b) / 2e-5).collect();
        let mut pass = Pass::<f64, 2>::new(&net, 10).expect("memory");
        let product = hessian_vector_product(&mut pass, &objective, &parameters, &v, norms).expect("sizes");
        let largest = expected.iter().fold(0.0_f64, |m, x| m.max(x.abs()));
        let relative = |x: &[f64]| x.iter().map(|x| x / largest).collect::<Vec<f64>>();
        assert_close(name, &relative(&product), &relative(&expected), 1e-7);
        assert_close(&format!("{name}, gradient"), &coefficient(pass.gradient(), 0), &here, 1e-14);

        // In single precision: sums of some ten thousand terms that cancel.
        let (single_inputs, statistics) = (single(&inputs), single(&statistics));
        let objective = Classified::new(&single_inputs, &classes).expect("examples");
        let norms = if is_running { Norms::Running(&statistics[..]) } else { Norms::OfBatch };
        let mut pass = Pass::<f32, 2>::new(&net, 10).expect("memory");
        let got =
            hessian_vector_product(&mut pass, &objective, &single(&parameters), &single(&v), norms).expect("sizes");
        let got: Vec<f64> = got.into_iter().map(f64::from).collect();
        assert_close(&format!("{name} in f32"), &relative(&got), &relative(&product), 1e-4);
    }
}

/// Column by column, the whole Hessian: symmetric to rounding, and equal to second differences of the loss, which know nothing
/// of gradients. Of step 1e-4 they are off by fourth derivatives, a few, times 3e-9 and by rounding, 1e-16 over 1e-8; the largest
/// second derivative is about 0.2.
#[test]
fn the_hessian_of_a_small_net() {
    for activation in [Activation::Tanh, Activation::Gelu, Activation::Sin] {
        let net = perceptron(&[2, 5, 3], activation, INIT).expect("a net");
        let parameters = drawn(&net);
        let (inputs, classes) = examples(&net, 21);
        let objective = Classified::new(&inputs, &classes).expect("examples");
        let n = net.n_parameters();
        let mut pass = Pass::<f64, 2>::new(&net, 21).expect("memory");
        let hessian: Vec<Vec<f64>> = (0..n)
            .map(|k| {
                let v: Vec<f64> = (0..n).map(|i| f64::from(i == k)).collect();
                hessian_vector_product(&mut pass, &objective, &parameters, &v, Norms::OfBatch).expect("sizes")
            })
            .collect();
        let largest = hessian.iter().flatten().fold(0.0_f64, |m, h| m.max(h.abs()));
        let mut pass = Pass::<f64, 1>::new(&net, 21).expect("memory");
        let mut at = |i: usize, j: usize, h: f64, g: f64| {
            let mut p = parameters.clone();
            p[i] += h;
            p[j] += g;
            mean_gradient(&mut pass, &objective, values(&p), Norms::OfBatch).expect("sizes")[0]
        };
        let h = 1e-4;
        for i in 0..n {
            for j in 0..=i {
                // Sums of 21 examples of some ten terms, each rounded to 1e-16.
                let difference = (hessian[i][j] - hessian[j][i]).abs();
                assert!(difference <= 1e-14 * largest, "{activation}: {i} {j}: {} {}", hessian[i][j], hessian[j][i]);
                let corners = at(i, j, h, h) - at(i, j, h, -h) - at(i, j, -h, h) + at(i, j, -h, -h);
                let expected = corners / (4.0 * h * h);
                let error = (hessian[i][j] - expected).abs();
                assert!(error <= 3e-7 * largest, "{activation}, {i}, {j}: {}, not {expected}", hessian[i][j]);
            }
        }
    }
}

/// `v·Hw = w·Hv` for LeNet-5 in both precisions.
#[test]
fn products_are_symmetric() {
    let net = lenet_5(Activation::Tanh, Pooling::Mean, INIT).expect("a net");
    let parameters = drawn(&net);
    let (inputs, classes) = examples(&net, 16);
    let (v, w) = (normals("v", net.n_parameters()), normals("w", net.n_parameters()));
    let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
    let size = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| (a * b).abs()).sum::<f64>();
    let objective = Classified::new(&inputs, &classes).expect("examples");
    let mut pass = Pass::<f64, 2>::new(&net, 16).expect("memory");
    let mut product =
        |v: &[f64]| hessian_vector_product(&mut pass, &objective, &parameters, v, Norms::OfBatch).expect("sizes");
    let (of_v, of_w) = (product(&v), product(&w));
    let difference = (dot(&w, &of_v) - dot(&v, &of_w)).abs();
    // Rounding of sums of a few thousand terms.
    assert!(difference <= 1e-13 * size(&w, &of_v), "{difference:e} beside {:e}", size(&w, &of_v));
    let single_inputs = single(&inputs);
    let objective = Classified::new(&single_inputs, &classes).expect("examples");
    let mut pass = Pass::<f32, 2>::new(&net, 16).expect("memory");
    let mut product = |v: &[f64]| {
        let product = hessian_vector_product(&mut pass, &objective, &single(&parameters), &single(v), Norms::OfBatch)
            .expect("sizes");
        product.into_iter().map(f64::from).collect::<Vec<f64>>()
    };
    let (of_v, of_w) = (product(&v), product(&w));
    let difference = (dot(&w, &of_v) - dot(&v, &of_w)).abs();
    assert!(difference <= 1e-5 * size(&w, &of_v), "{difference:e} beside {:e}", size(&w, &of_v));
}

/// Half the mean square of a linear net's output: its Hessian is `XᵀX/m`.
struct MeanSquare<'a> {
    inputs: &'a [f64],
    n: usize,
}

impl Objective<f64> for MeanSquare<'_> {
    fn n(&self) -> usize {
        self.n
    }

    fn set_inputs<const N: usize>(&self, pass: &mut Pass<f64, N>, examples: Range<usize>) -> Result<(), NetError> {
        let features = self.inputs.len() / self.n;
        pass.set_inputs(examples.len(), |i| &self.inputs[(examples.start + i) * features..][..features])
    }

    fn loss<const N: usize>(&self, pass: &mut Pass<f64, N>, examples: Range<usize>) -> Result<[f64; N], NetError> {
        loss::squared_error(pass, &vec![0.0; examples.len()], 1.0 / self.n as f64)
    }
}

/// Moments of the Hessian of a linear net with normal inputs: those of the Marchenko–Pastur law. The sum of the
/// eigenvalues scatters by √(2 phi), that of their cubes by about three times as much of theirs: over n it is 0.8 % at most here,
/// and the means at a finite n are off by less. Within 2 %, as the file says of its own draws.
#[test]
fn a_linear_net_has_the_law_of_marchenko_and_pastur() {
    let mut count = 0;
    for case in golden::cases("hessian.json") {
        match case["kind"].as_str().expect("a kind") {
            "marchenko_pastur" => {}
            // Laws without a net.
            "semicircle" | "free_addition" | "critical_energy" => continue,
            other => panic!("the kind {other} is not known to the test"),
        }
        let phi = golden::number(&case["phi"]);
        // About as many numbers for each phi.
        let n = (320_000.0 * phi).sqrt() as usize;
        let m = (n as f64 / phi) as usize;
        let mut build = nets::engine::NetBuilder::new(Dims::vector(n), INIT).expect("an input");
        let output = build.dense_with(build.input(), 1, false).expect("a layer");
        let net = build.finish(output).expect("an output");
        let inputs = normals("linear", n * m);
        let objective = MeanSquare { inputs: &inputs, n: m };
        let mut pass = Pass::<f64, 2>::new(&net, 64).expect("memory");
        let parameters = vec![0.0; n];
        let hessian: Vec<Vec<f64>> = (0..n)
            .map(|k| {
                let unit: Vec<f64> = (0..n).map(|i| f64::from(i == k)).collect();
                hessian_vector_product(&mut pass, &objective, &parameters, &unit, Norms::OfBatch).expect("sizes")
            })
            .collect();
        let mut moments = [0.0; 3];
        for (k, row) in hessian.iter().enumerate() {
            moments[0] += row[k];
            moments[1] += row.iter().map(|h| h * h).sum::<f64>();
            for (other, h) in hessian.iter().zip(row) {
                moments[2] += h * row.iter().zip(other).map(|(x, y)| x * y).sum::<f64>();
            }
        }
        for (k, (moment, expected)) in moments.iter().zip(golden::numbers(&case["moments_1_to_5"])).enumerate() {
            let found = moment / n as f64;
            assert!((found / expected - 1.0).abs() < 0.02, "phi = {phi}, moment {}: {found}, not {expected}", k + 1);
        }
        count += 1;
    }
    assert_eq!(count, 4);
}

/// Coefficient 1 of a loss is its derivative along the direction: `∇L·v`. For every loss, from another route.
#[test]
fn losses_along_a_direction() {
    let net = perceptron(&[3, 6, 4], Activation::Tanh, INIT).expect("a net");
    let (parameters, v) = (drawn(&net), normals("v", net.n_parameters()));
    let (inputs, classes) = examples(&net, 13);
    let targets = normals("targets", 13 * 4);
    check_losses(
        &net,
        &inputs,
        |pass| loss::cross_entropy(pass, &classes, 0.5),
        |p| loss::cross_entropy(p, &classes, 0.5),
        &parameters,
        &v,
    );
    check_losses(
        &net,
        &inputs,
        |pass| loss::squared_error(pass, &targets, 0.5),
        |p| loss::squared_error(p, &targets, 0.5),
        &parameters,
        &v,
    );
    check_losses(
        &net,
        &inputs,
        |pass| loss::hinge(pass, &classes, 0.5),
        |p| loss::hinge(p, &classes, 0.5),
        &parameters,
        &v,
    );
}

fn check_losses(
    net: &Net,
    inputs: &[f64],
    loss: impl Fn(&mut Pass<f64, 3>) -> Result<[f64; 3], NetError>,
    of_value: impl Fn(&mut Pass<f64, 1>) -> Result<[f64; 1], NetError>,
    parameters: &[f64],
    v: &[f64],
) {
    let n = inputs.len() / 3;
    let mut pass = Pass::<f64, 3>::new(net, n).expect("memory");
    pass.set_inputs(n, |i| &inputs[i * 3..(i + 1) * 3]).expect("sizes");
    let zeros = vec![0.0; v.len()];
    let at = jets([parameters, v, &zeros]).expect("sizes");
    pass.forward(&at, Norms::OfBatch).expect("sizes");
    let found = loss(&mut pass).expect("targets");
    pass.backward(&at, nets::engine::Wants::PARAMETERS).expect("a seed");
    let inner: f64 = coefficient(pass.gradient(), 0).iter().zip(v).map(|(g, v)| g * v).sum();
    let second: f64 = coefficient(pass.gradient(), 1).iter().zip(v).map(|(g, v)| g * v).sum();
    // The same sums in another order.
    assert!((found[1] - inner).abs() <= 1e-12 * inner.abs().max(1.0), "{} {inner}", found[1]);
    assert!((2.0 * found[2] - second).abs() <= 1e-12 * second.abs().max(1.0), "{} {second}", found[2]);
    let mut pass = Pass::<f64, 1>::new(net, n).expect("memory");
    pass.set_inputs(n, |i| &inputs[i * 3..(i + 1) * 3]).expect("sizes");
    let mut value = |h: f64| {
        pass.forward(values(&moved(parameters, h, v)), Norms::OfBatch).expect("sizes");
        of_value(&mut pass).expect("targets")[0]
    };
    assert!((value(0.0) - found[0]).abs() <= 1e-13 * found[0].abs().max(1.0));
    // As in the gradients' tests.
    let difference = (value(1e-5) - value(-1e-5)) / 2e-5;
    assert!((difference - found[1]).abs() <= 1e-7 * found[1].abs().max(1.0), "{difference} {}", found[1]);
}
