//! T3, T6 and T7: training steps and input gradients of the engine for nets, on MNIST.

use nets::NetError;
use nets::engine::models::{Pooling, lenet_5, perceptron};
use nets::engine::rules::{Optimiser, RuleState, Update};
use nets::engine::{ByParameters, Init, LANES, Net, Norms, Op, Pass, Wants, loss, values};
use random::mulberry32::{Normals, permutation};
use theory::Activation;

use crate::{Check, Data, Failure, Timed};

const PIXELS: usize = 784;
const BATCH: usize = 64;
/// Training images, which give 156 whole batches.
const N_TRAIN: usize = 10_000;
const STEPS: usize = N_TRAIN / BATCH;
const SGD: Optimiser = Optimiser::momentum(0.02, 0.9);
/// Images that T6 perturbs.
const N_PERTURBED: usize = 1_000;
/// How far, in units of a pixel's whole range.
const EPSILON: f32 = 0.1;
/// Mean and deviation of MNIST's pixels, in units of their whole range.
const MEAN: f64 = 0.1307;
const DEVIATION: f64 = 0.3081;

/// Images as a net takes them.
struct Images {
    pixels: Vec<f32>,
    labels: Vec<u32>,
}

impl Images {
    fn of(pack: Option<&data::Pack>, name: &'static str) -> Result<Self, Failure> {
        let pack = pack.filter(|pack| pack.n() >= N_TRAIN).ok_or(Failure::NoData(name))?;
        let pixels = pack.pixels()[..N_TRAIN * PIXELS].iter();
        Ok(Self {
            pixels: pixels.map(|&p| ((f64::from(p) / 255.0 - MEAN) / DEVIATION) as f32).collect(),
            labels: pack.labels()[..N_TRAIN].iter().copied().map(u32::from).collect(),
        })
    }

    fn image(&self, i: usize) -> &[f32] {
        &self.pixels[i * PIXELS..(i + 1) * PIXELS]
    }
}

/// A net that is trained, batch by batch.
struct Trained {
    pass: Pass<f32, 1>,
    parameters: Vec<f32>,
    state: RuleState<f32>,
    images: Images,
    order: Vec<u32>,
    step: usize,
    loss: f64,
}

impl Trained {
    fn new(net: &Net, seed: u32, data: &Data) -> Result<Self, Failure> {
        Ok(Self {
            pass: Pass::new(net, BATCH)?,
            parameters: drawn(net, seed),
            state: RuleState::new(net.n_parameters()),
            images: Images::of(data.mnist_train_10k.as_ref(), "mnist-train-0")?,
            order: permutation(N_TRAIN as u32, 33),
            step: 0,
            loss: f64::NAN,
        })
    }

    /// One step on the next batch; the first one follows the last.
    fn advance(&mut self) -> Result<(), NetError> {
        let Self { pass, parameters, state, images, order, step, loss } = self;
        let first = *step % STEPS * BATCH;
        let batch = &order[first..first + BATCH];
        pass.set_inputs(BATCH, |i| images.image(batch[i] as usize))?;
        pass.forward(values(parameters), Norms::OfBatch)?;
        let classes: [u32; BATCH] = std::array::from_fn(|i| images.labels[batch[i] as usize]);
        [*loss] = loss::cross_entropy(pass, &classes, 1.0 / BATCH as f64)?;
        pass.backward(values(parameters), Wants { parameters: ByParameters::Set, input: false })?;
        let update = state.step(&SGD, None, parameters, pass.gradient_mut().as_flattened_mut())?;
        *step += 1;
        // A net that diverges misses its check values.
        if update == Update::Diverged {
            *loss = f64::NAN;
        }
        Ok(())
    }

    fn train(&mut self) -> Result<(), NetError> {
        (0..STEPS).try_for_each(|_| self.advance())
    }

    /// The share of images that are classified rightly.
    fn accuracy<'a>(&mut self, labels: &[u32], image: impl Fn(usize) -> &'a [f32]) -> Result<f64, NetError> {
        let mut right = 0;
        for start in (0..labels.len()).step_by(BATCH) {
            let of = &labels[start..labels.len().min(start + BATCH)];
            self.pass.set_inputs(of.len(), |i| image(start + i))?;
            self.pass.forward(values(&self.parameters), Norms::OfBatch)?;
            right += loss::n_right(&self.pass, of)?;
        }
        Ok(right as f64 / labels.len() as f64)
    }
}

/// Weights of deviation `1/√fan_in` in the order of the layers, biases zero.
fn drawn(net: &Net, seed: u32) -> Vec<f32> {
    let mut parameters = vec![0.0; net.n_parameters()];
    let mut normals = Normals::new(seed);
    for node in net.nodes() {
        let sums = match node.op {
            Op::Dense(_) => node.dims.features(),
            Op::Conv(_) => node.dims.channels,
            _ => continue,
        };
        let weights = &mut parameters[node.parameters.start..node.parameters.end - sums];
        let fan_in = weights.len() / sums;
        normals.fill_f32(1.0 / (fan_in as f64).sqrt(), weights);
    }
    parameters
}

fn lenet() -> Result<Net, NetError> {
    lenet_5(Activation::Tanh, Pooling::Mean, Init::LeCun)
}

/// Trains to where the check values are known, and times the steps after that.
fn trained(net: &Net, seed: u32, data: &Data, (loss, accuracy): (f64, f64)) -> Result<Timed, Failure> {
    let test = Images::of(data.mnist_test_10k.as_ref(), "mnist-test-10k")?;
    let mut trained = Trained::new(net, seed, data)?;
    trained.train()?;
    let (last, right) = (trained.loss, trained.accuracy(&test.labels, |i| test.image(i))?);
    Ok(Box::new(move || {
        trained.advance()?;
        Ok(vec![
            Check { name: "loss of batch 156", got: last, expected: loss, tolerance: 0.002 },
            Check { name: "accuracy on 10,000 test images", got: right, expected: accuracy, tolerance: 0.002 },
        ])
    }))
}

pub(crate) fn t3(data: &Data) -> Result<Timed, Failure> {
    trained(&lenet()?, 3, data, (0.452_68, 0.922_1))
}

pub(crate) fn t7(data: &Data) -> Result<Timed, Failure> {
    trained(&perceptron(&[PIXELS, 100, 10], Activation::Tanh, Init::LeCun)?, 7, data, (0.442_41, 0.912_7))
}

/// The net of T3, and the first test images moved by a step along the sign of the loss's gradient (Goodfellow et al. 2015).
pub(crate) fn t6(data: &Data) -> Result<Timed, Failure> {
    let test = Images::of(data.mnist_test_10k.as_ref(), "mnist-test-10k")?;
    let mut trained = Trained::new(&lenet()?, 3, data)?;
    trained.train()?;
    let labels = test.labels[..N_PERTURBED].to_vec();
    let before = trained.accuracy(&labels, |i| test.image(i))?;
    let mut perturbed = vec![0.0; N_PERTURBED * PIXELS];
    Ok(Box::new(move || {
        for start in (0..N_PERTURBED).step_by(BATCH) {
            let n = BATCH.min(N_PERTURBED - start);
            let Trained { pass, parameters, .. } = &mut trained;
            pass.set_inputs(n, |i| test.image(start + i))?;
            pass.forward(values(parameters), Norms::OfBatch)?;
            loss::cross_entropy(pass, &labels[start..start + n], 1.0)?;
            pass.backward(values(parameters), Wants { parameters: ByParameters::No, input: true })?;
            for (block, gradient) in pass.input_gradient()?.chunks_exact(PIXELS).enumerate() {
                for l in 0..LANES.min(n - block * LANES) {
                    let i = start + block * LANES + l;
                    let moved = perturbed[i * PIXELS..(i + 1) * PIXELS].iter_mut().zip(test.image(i));
                    for ((moved, pixel), [slope]) in moved.zip(gradient) {
                        *moved = step_in_range(*pixel, slope[l]);
                    }
                }
            }
        }
        let after = trained.accuracy(&labels, |i| &perturbed[i * PIXELS..(i + 1) * PIXELS])?;
        Ok(vec![
            Check { name: "accuracy before", got: before, expected: 0.907, tolerance: 0.004 },
            Check { name: "and after", got: after, expected: 0.263, tolerance: 0.008 },
        ])
    }))
}

/// A pixel one step further where the loss rises, within its range.
fn step_in_range(pixel: f32, slope: f32) -> f32 {
    let unit = |x: f64| ((x - MEAN) / DEVIATION) as f32;
    // At a slope of zero there is nowhere to go.
    let sign = if slope > 0.0 {
        1.0
    } else if slope < 0.0 {
        -1.0
    } else {
        0.0
    };
    (pixel + EPSILON / DEVIATION as f32 * sign).clamp(unit(0.0), unit(1.0))
}
