//! What is measured on a random net layer by layer, against plain passes and against theory at infinite width.

use std::pin::pin;
use std::task::{Context, Poll, Waker};

use nets::jacobian::JacobianProduct;
use nets::mlp::{Mlp, Shape, Trainable as _};
use nets::{Batch, LayerStats, NetError, NetParameters, RandomNet, RandomNets, mean_square, relu_net};
use random::Stream;
use theory::jacobian::Ensemble;
use theory::{Activation, LayerMaps, MeanField};

const TANH: NetParameters = NetParameters { activation: Activation::Tanh, sigma_w: 1.6, sigma_b: 0.3 };

fn wait<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
    }
}

fn normals(n: usize, purpose: &str) -> Vec<f32> {
    let mut numbers = vec![0.0; n];
    Stream::new(3, purpose).fill_normal_f32(0, &mut numbers);
    numbers
}

/// Three inputs, of which the second is near the first.
fn inputs(width: usize) -> Batch {
    let mut z = normals(3 * width, "inputs");
    for i in 0..width {
        z[width + i] = 0.9 * z[i] + 0.1 * z[width + i];
    }
    Batch::new(3, width, z).expect("as many numbers")
}

fn measured(width: usize, depth: usize, parameters: NetParameters) -> Result<LayerStats, NetError> {
    let mut drawn = RandomNets::new(7, width, usize::MAX);
    let mut net = RandomNet { drawn: &mut drawn, number: 2, depth, parameters };
    let cotangents = Batch::new(4, width, normals(4 * width, "cotangents"))?;
    wait(net.layer_stats(inputs(width), &[(0, 1), (0, 2)], cotangents, async || Ok(())))
}

/// At width 1000 correlations scatter by 1/√1000 a layer, and 0.1 is three such deviations; the logarithm of the gradient's
/// mean square over four directions by about log₁₀e·√(2·depth/1000).
#[test]
fn wide_nets_do_as_theory_says() {
    let (width, depth) = (1000, 10);
    let found = measured(width, depth, TANH).unwrap();
    let field = MeanField::new(TANH.activation, TANH.sigma_w, TANH.sigma_b).unwrap();
    let lengths = field.length_trajectory(found.lengths[0], depth);
    assert!(
        found.lengths.iter().zip(&lengths).all(|(q, theory)| (q / theory - 1.0).abs() < 0.15),
        "{:?}",
        found.lengths
    );
    let maps = LayerMaps::new(&field, &lengths);
    for c in &found.correlations {
        assert!(c.iter().zip(maps.correlations(c[0])).all(|(c, theory)| (c - theory).abs() < 0.1), "{c:?}");
    }
    let logs = field.log10_gradient_norms(&lengths);
    assert!(found.log10_gradients.iter().zip(&logs).all(|(log, theory)| (log - theory).abs() < 0.2), "{logs:?}");
}

/// Without bringing gradients back to one in every layer; products of f32 numbers in another order of scales.
#[test]
fn gradients_are_those_of_plain_backward_passes() {
    let (width, depth) = (40, 6);
    let found = measured(width, depth, TANH).unwrap();
    let mut drawn = RandomNets::new(7, width, usize::MAX);
    let mut batch = inputs(width);
    let mut path = Vec::new();
    for layer in 0..depth {
        path.push(batch.row(0).to_vec());
        batch.forward(&drawn.layer(2, layer).unwrap(), &TANH).unwrap();
    }
    let mut delta = Batch::new(4, width, normals(4 * width, "cotangents")).unwrap();
    let start = mean_square(delta.numbers());
    for (layer, below) in path.iter().enumerate().rev() {
        delta.backward(&drawn.layer(2, layer).unwrap(), &TANH, below).unwrap();
        let log = (mean_square(delta.numbers()) / start).log10();
        assert!((log - found.log10_gradients[layer]).abs() < 1e-5, "layer {layer}: {log}");
    }
    let mut net = RandomNet { drawn: &mut drawn, number: 2, depth, parameters: TANH };
    let mut through = inputs(width);
    wait(net.forward(&mut through, async || Ok::<_, NetError>(()))).unwrap();
    assert_eq!(through, batch);
}

#[test]
fn deep_nets_neither_over_nor_underflow_and_dead_ones_take_decades() {
    // Single precision ends at 38 decades.
    let wild = measured(60, 400, NetParameters { sigma_w: 6.0, ..TANH }).unwrap();
    let logs = &wild.log10_gradients;
    assert!(logs.iter().all(|log| log.is_finite()) && logs[0] > 60.0, "{}", logs[0]);
    let dead = measured(20, 2, NetParameters { sigma_w: 0.0, ..TANH }).unwrap();
    assert_eq!(dead.log10_gradients, [-600.0, -300.0, 0.0]);
}

#[test]
fn a_pair_beyond_the_batch_is_an_error() {
    let mut drawn = RandomNets::new(7, 5, 0);
    for (n, pairs) in [(0, vec![]), (2, vec![(0, 2)])] {
        let mut net = RandomNet { drawn: &mut drawn, number: 0, depth: 1, parameters: TANH };
        let batch = Batch::new(n, 5, vec![1.0; 5 * n]).unwrap();
        let cotangents = Batch::new(1, 5, vec![1.0; 5]).unwrap();
        let found = wait(net.layer_stats(batch, &pairs, cotangents, async || Ok::<_, NetError>(())));
        assert!(matches!(found, Err(NetError::NoExample { .. })), "{found:?}");
    }
}

/// The sum of squares of all singular values is that of the product's elements.
#[test]
fn singular_values_are_those_of_the_product() {
    let (width, depth) = (24, 5);
    let mut drawn = RandomNets::new(7, width, usize::MAX);
    for ensemble in Ensemble::ALL {
        let mut net = RandomNet { drawn: &mut drawn, number: 1, depth, parameters: TANH };
        let found =
            wait(net.singular_values(normals(width, "z"), 0.7, ensemble, async || Ok::<_, NetError>(()))).unwrap();
        assert_eq!((found.n_values, found.ln_mean_squares.len()), (width, depth));
        assert!(found.ln_values.windows(2).all(|pair| pair[0] >= pair[1]));
        let mean = found.ln_values.iter().map(|ln| (2.0 * ln).exp()).sum::<f64>() / width as f64;
        assert!((mean.ln() - found.ln_mean_squares[depth - 1]).abs() < 1e-9, "{mean}");
    }
    let mut product = JacobianProduct::new(vec![0.3; width]).unwrap();
    product.push(&drawn.layer(1, 0).unwrap(), &TANH).unwrap();
    let mut net = RandomNet { drawn: &mut drawn, number: 1, depth: 1, parameters: TANH };
    let z = vec![5.0; width];
    let found = wait(net.singular_values(z, 0.09, Ensemble::Gaussian, async || Ok::<_, NetError>(()))).unwrap();
    assert!((found.ln_mean_squares[0] - product.ln_mean_square()).abs() < 1e-6);
}

/// f32 sums against f64 ones.
#[test]
fn a_net_of_the_theory_computes_the_same() {
    let net = Mlp::random(Shape::new(&[2, 9, 5, 1], Activation::Relu).unwrap(), 1.5, 0.4, Stream::new(1, "net"));
    let wide = relu_net(&net).unwrap();
    let x = normals(2 * 50, "x");
    for (x, y) in x.chunks_exact(2).zip(net.outputs_at(50, &x).unwrap()) {
        let exact = wide.eval(&[f64::from(x[0]), f64::from(x[1])]).unwrap();
        assert!((exact - f64::from(y)).abs() < 1e-5 * exact.abs().max(1.0), "{exact} against {y}");
    }
    assert!(relu_net(&Mlp::zeros(Shape::new(&[2, 3, 2], Activation::Relu).unwrap())).is_err());
}
