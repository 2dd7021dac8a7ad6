//! Derivatives along an input against closed forms, and gradients of losses that contain them.

use nets::engine::models::perceptron;
use nets::engine::{Init, LANES, Norms, Pass, Wants, jets, values};
use random::Stream;
use theory::Activation;

use crate::cases::{assert_close, coefficient, moved};

const INIT: Init = Init::Scaled { sigma_w: 1.5, sigma_b: 0.5 };
const WIDTH: usize = 9;
const N: usize = 21;

/// φ with its first three derivatives, written out.
fn phi(activation: Activation, x: f64) -> [f64; 4] {
    match activation {
        Activation::Tanh => {
            let (t, s) = (x.tanh(), 1.0 / x.cosh().powi(2));
            [t, s, -2.0 * t * s, -2.0 * s * s + 4.0 * t * t * s]
        }
        Activation::Sin => [x.sin(), x.cos(), -x.sin(), -x.cos()],
        Activation::Gelu => {
            let density = (-0.5 * x * x).exp() / std::f64::consts::TAU.sqrt();
            let cdf = 0.5 * libm::erfc(-x / std::f64::consts::SQRT_2);
            [x * cdf, cdf + x * density, density * (2.0 - x * x), density * (x.powi(3) - 4.0 * x)]
        }
        other => panic!("{other} is not written out"),
    }
}

/// `u(x) = Σ_j a_j φ(w_j x + b_j) + c`: its k-th derivative is `Σ_j a_j w_j^k φ^{(k)}`. Forward passes have u, u' and u''/2; the
/// gradient by the input has u', u'' and u'''/2. The functions are good to a few 1e-16 and the sums have nine terms.
#[test]
fn three_derivatives_of_a_shallow_net() {
    for activation in [Activation::Tanh, Activation::Sin, Activation::Gelu] {
        let net = perceptron(&[1, WIDTH, 1], activation, INIT).expect("a net");
        let drawn = net.draw(Stream::new(9, "net")).expect("scales");
        let p: Vec<f64> = drawn.iter().copied().map(f64::from).collect();
        let x: Vec<f64> = (0..N).map(|i| 0.3 * i as f64 - 3.0).collect();
        let exact = |x: f64| -> [f64; 4] {
            let mut u = [p[3 * WIDTH], 0.0, 0.0, 0.0];
            for j in 0..WIDTH {
                let (w, b, a) = (p[j], p[WIDTH + j], p[2 * WIDTH + j]);
                for (k, of) in phi(activation, w * x + b).into_iter().enumerate() {
                    u[k] += a * w.powi(k as i32) * of;
                }
            }
            u
        };
        let expected = |k: usize| x.iter().map(|x| exact(*x)[k]).collect::<Vec<f64>>();

        let zeros = vec![0.0; p.len()];
        let at = jets([&p[..], &zeros, &zeros]).expect("sizes");
        let mut pass = Pass::<f64, 3>::new(&net, N).expect("memory");
        put(&mut pass, &x);
        pass.forward(&at, Norms::OfBatch).expect("sizes");
        let of = |numbers: &[[[f64; LANES]; 3]], k: usize| {
            (0..N).map(|i| numbers[i / LANES][k][i % LANES]).collect::<Vec<f64>>()
        };
        let scaled = |x: Vec<f64>, factor: f64| x.into_iter().map(|x| factor * x).collect::<Vec<f64>>();
        let outputs = pass.outputs().expect("values").to_vec();
        for (k, factor) in [1.0, 1.0, 2.0].into_iter().enumerate() {
            assert_close(&format!("{activation}, u{k}"), &scaled(of(&outputs, k), factor), &expected(k), 1e-13);
        }
        let (_, seed) = pass.outputs_and_seed().expect("values");
        seed.fill([[1.0; LANES], [0.0; LANES], [0.0; LANES]]);
        pass.backward(&at, Wants::INPUT).expect("a seed");
        let gradient = pass.input_gradient().expect("it was wanted").to_vec();
        for (k, factor) in [1.0, 1.0, 2.0].into_iter().enumerate() {
            let got = scaled(of(&gradient, k), factor);
            assert_close(&format!("{activation}, derivative {} by input", k + 1), &got, &expected(k + 1), 1e-12);
        }

        // In single precision.
        let single: Vec<[f32; 3]> = drawn.iter().map(|p| [*p, 0.0, 0.0]).collect();
        let mut pass = Pass::<f32, 3>::new(&net, N).expect("memory");
        let numbers = pass.inputs_mut(N).expect("capacity");
        for (i, x) in x.iter().enumerate() {
            numbers[i / LANES][0][i % LANES] = *x as f32;
            numbers[i / LANES][1][i % LANES] = 1.0;
        }
        pass.forward(&single, Norms::OfBatch).expect("sizes");
        let outputs = pass.outputs().expect("values");
        for (k, factor) in [1.0, 1.0, 2.0].into_iter().enumerate() {
            let got: Vec<f64> = (0..N).map(|i| factor * f64::from(outputs[i / LANES][k][i % LANES])).collect();
            assert_close(&format!("{activation}, u{k} in f32"), &got, &expected(k), 1e-5);
        }
    }
}

/// Inputs `x + ε`.
fn put(pass: &mut Pass<f64, 3>, x: &[f64]) {
    let numbers = pass.inputs_mut(x.len()).expect("capacity");
    for (i, x) in x.iter().enumerate() {
        numbers[i / LANES][0][i % LANES] = *x;
        numbers[i / LANES][1][i % LANES] = 1.0;
    }
}

/// The loss of `u'' + u u' − sin x`, as a physics-informed net has it: its gradient by the parameters, from the seed that the
/// documentation says, against differences of the loss. Of step 1e-5 they are off by 1e-10 of rounding and third derivatives
/// times 2e-11.
#[test]
fn gradients_of_losses_with_derivatives() {
    let activation = Activation::Tanh;
    let net = perceptron(&[1, 7, 6, 1], activation, INIT).expect("a net");
    let p: Vec<f64> = net.draw(Stream::new(10, "net")).expect("scales").into_iter().map(f64::from).collect();
    let x: Vec<f64> = (0..N).map(|i| 0.1 * i as f64 - 1.0).collect();
    let zeros = vec![0.0; p.len()];
    let mut pass = Pass::<f64, 3>::new(&net, N).expect("memory");
    // ½ r² and ∂/∂(coefficients of u).
    let residual = |x: f64, u: [f64; 3]| {
        let r = 2.0 * u[2] + u[0] * u[1] - x.sin();
        (0.5 * r * r, [r * u[1], r * u[0], 2.0 * r])
    };
    let mut loss = |p: &[f64]| -> f64 {
        put(&mut pass, &x);
        pass.forward(&jets([p, &zeros, &zeros]).expect("sizes"), Norms::OfBatch).expect("sizes");
        x.iter().enumerate().map(|(i, x)| residual(*x, pass.output(i, 0).expect("an output")).0).sum()
    };
    let expected: Vec<f64> = (0..p.len())
        .map(|k| {
            let unit: Vec<f64> = (0..p.len()).map(|i| f64::from(i == k)).collect();
            (loss(&moved(&p, 1e-5, &unit)) - loss(&moved(&p, -1e-5, &unit))) / 2e-5
        })
        .collect();
    let at = jets([&p[..], &zeros, &zeros]).expect("sizes");
    put(&mut pass, &x);
    pass.forward(&at, Norms::OfBatch).expect("sizes");
    let slopes: Vec<[f64; 3]> =
        x.iter().enumerate().map(|(i, x)| residual(*x, pass.output(i, 0).expect("an output")).1).collect();
    let (_, seed) = pass.outputs_and_seed().expect("values");
    for (i, slopes) in slopes.iter().enumerate() {
        for k in 0..3 {
            seed[i / LANES][2 - k][i % LANES] = slopes[k];
        }
    }
    pass.backward(&at, Wants::PARAMETERS).expect("a seed");
    assert_close("gradient", &coefficient(pass.gradient(), 2), &expected, 1e-7);
    // The value's own pass is that of one coefficient.
    let mut plain = Pass::<f64, 1>::new(&net, N).expect("memory");
    plain.set_inputs(N, |i| &x[i..=i]).expect("sizes");
    plain.forward(values(&p), Norms::OfBatch).expect("sizes");
    for i in 0..N {
        let (plain, jet) = (plain.output(i, 0).expect("an output")[0], pass.output(i, 0).expect("an output")[0]);
        assert!((plain - jet).abs() <= 1e-14 * plain.abs().max(1.0), "{plain} {jet}");
    }
}
