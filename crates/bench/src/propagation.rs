//! T2: a batch through one net, with the correlations of every layer.

use std::rc::Rc;

use kernels::Gpu;
use nets::{Batch, Layer, NetError, NetParameters, RandomNets, correlations};
use random::mulberry32::Normals;
use theory::Activation;

use crate::{Check, Data, Failure, GpuWork, Timed};

const WIDTH: usize = 500;
const DEPTH: usize = 50;
const INPUTS: usize = 64;
const PARAMETERS: NetParameters = NetParameters { activation: Activation::Tanh, sigma_w: 2.5, sigma_b: 0.3 };
/// The first layer acts on the inputs themselves.
const FIRST: NetParameters = NetParameters { activation: Activation::Linear, ..PARAMETERS };

/// The net of seed 2. Its scale is applied in the product, which rounds otherwise than drawing scaled weights: 1e-7.
fn net() -> Result<Vec<Layer>, Failure> {
    let mut normals = Normals::new(2);
    let mut draw = |n: usize| {
        let mut numbers = vec![0.0; n];
        normals.fill_f32(1.0, &mut numbers);
        numbers
    };
    let layers = (0..DEPTH).map(|_| Layer::new(WIDTH, draw(WIDTH * WIDTH), draw(WIDTH)));
    Ok(layers.collect::<Result<_, _>>()?)
}

/// √500·(cos θ u₀ + sin θ u₁) with u₀, u₁ orthonormal, from the normals of seed 20.
fn inputs() -> Vec<f32> {
    let mut normals = Normals::new(20);
    let mut draw = || (0..WIDTH).map(|_| normals.next_normal()).collect::<Vec<f64>>();
    let (mut u0, mut u1) = (draw(), draw());
    let inner = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
    let norm = inner(&u0, &u0).sqrt();
    u0.iter_mut().for_each(|x| *x /= norm);
    let overlap = inner(&u0, &u1);
    u1.iter_mut().zip(&u0).for_each(|(x, y)| *x -= overlap * y);
    let norm = inner(&u1, &u1).sqrt();
    u1.iter_mut().for_each(|x| *x /= norm);
    let radius = (WIDTH as f64).sqrt();
    let point = |k: usize| {
        let theta = std::f64::consts::TAU * k as f64 / INPUTS as f64;
        let (u0, u1, cos, sin) = (&u0, &u1, libm::cos(theta), libm::sin(theta));
        (0..WIDTH).map(move |i| (radius * (cos * u0[i] + sin * u1[i])) as f32)
    };
    (0..INPUTS).flat_map(point).collect()
}

/// The mean correlation at each layer, and the mean square at the last.
fn propagate(
    mut layer: impl FnMut(usize) -> Result<Layer, NetError>,
    inputs: &[f32],
) -> Result<(Vec<f64>, f64), Failure> {
    let mut batch = Batch::new(INPUTS, WIDTH, inputs.to_vec())?;
    let mut means = Vec::with_capacity(DEPTH);
    for l in 0..DEPTH {
        batch.forward(&layer(l)?, if l == 0 { &FIRST } else { &PARAMETERS })?;
        let matrix = correlations(&batch.gram()?, INPUTS);
        means.push(matrix.iter().map(|c| f64::from(*c)).sum::<f64>() / matrix.len() as f64);
    }
    Ok((means, nets::mean_square(batch.numbers())))
}

pub(crate) fn t2(_data: &Data) -> Result<Timed, Failure> {
    let (net, inputs) = (net()?, inputs());
    Ok(Box::new(move || {
        let (means, length) = propagate(|l| Ok(net[l].clone()), &inputs)?;
        Ok(vec![
            Check { name: "mean correlation at layer 1", got: means[0], expected: 0.012_304_9, tolerance: 1e-5 },
            Check { name: "at layer 10", got: means[9], expected: 0.155_64, tolerance: 0.001 },
            Check { name: "at layer 50", got: means[DEPTH - 1], expected: 0.112, tolerance: 0.02 },
            Check { name: "mean square at layer 50", got: length, expected: 4.03, tolerance: 0.0806 },
        ])
    }))
}

/// A net of our own streams, none of whose layers is kept: not that of the task's seed, so that only its lengths can be checked.
pub(crate) fn t2s(_data: &Data) -> Result<Timed, Failure> {
    let inputs = inputs();
    Ok(Box::new(move || {
        let mut net = RandomNets::new(2, WIDTH, 0);
        let (_, length) = propagate(|l| net.layer(0, l), &inputs)?;
        Ok(vec![length_of_own_streams(length)])
    }))
}

/// Lengths at q*, which is 4.03, within what one net of width 500 scatters: 4/√500.
fn length_of_own_streams(got: f64) -> Check {
    Check { name: "mean square at layer 50", got, expected: 4.03, tolerance: 0.4 }
}

/// The same net on a device, whose kernel draws the weights.
pub(crate) fn t2s_on_gpu(_data: &Data) -> Result<GpuWork, Failure> {
    let inputs = Rc::new(inputs());
    let pairs: Rc<Vec<[u32; 2]>> =
        Rc::new((0..INPUTS as u32).flat_map(|a| (a + 1..INPUTS as u32).map(move |b| [a, b])).collect());
    Ok(Box::new(move |gpu: Rc<Gpu>| {
        let (inputs, pairs) = (Rc::clone(&inputs), Rc::clone(&pairs));
        Box::pin(async move {
            let nets = kernels::RandomNets {
                seed: 2,
                width: WIDTH,
                depth: DEPTH,
                activation: PARAMETERS.activation,
                sigma_w: PARAMETERS.sigma_w,
                sigma_b: PARAMETERS.sigma_b,
                first_net: 0,
                n_nets: 1,
            };
            let batch = kernels::Batch { rows: INPUTS, z: &inputs, pairs: &pairs, first_layer: 0, cotangents: &[] };
            let found = kernels::propagate(&gpu, &nets, &batch).await?;
            let length = (0..INPUTS).filter_map(|row| found.mean_square(0, DEPTH, row)).sum::<f64>() / INPUTS as f64;
            Ok(vec![length_of_own_streams(length)])
        })
    }))
}
