//! A convolutional net that learns to tell patches of images from noise that has their covariance.

use nets::engine::rules::{Optimiser, RuleState};
use nets::engine::{ByParameters, Dims, Init, Net, NetBuilder, Norms, Pass, Wants, Window, loss, values};
use random::Stream;
use theory::Activation;

use crate::job::JobError;

/// From one place of a filter to the next, in pixels; and places along a side.
pub(super) const STRIDE: usize = 4;
pub(super) const PLACES: usize = 2;
/// Of the step of Adam.
const LEARNING_RATE: f64 = 5e-3;

/// The side of a patch of which the filters see every place.
pub(super) const fn patch_side(side: usize) -> usize {
    side + STRIDE * (PLACES - 1)
}

/// The net as it is after some steps.
#[derive(Clone, Debug)]
pub(super) struct Classifier {
    parameters: Vec<f32>,
    rule: RuleState<f32>,
    steps: u64,
}

impl Classifier {
    /// Weights `[units, side, side]`, their biases `[units]`, those of the two classes `[2, units]`, and their biases `[2]`.
    pub(super) fn parameters(&self) -> &[f32] {
        &self.parameters
    }

    pub(super) fn steps(&self) -> u64 {
        self.steps
    }
}

/// Filters at 2×2 places, ReLU, the mean over the places, and two classes: patch and noise.
#[derive(Debug)]
pub(super) struct Discriminator {
    net: Net,
    /// For as many patches as noises.
    pass: Pass<f32, 1>,
    dim: usize,
}

/// What it makes of patches and noise.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Told {
    /// The share of both that is told rightly.
    pub(super) right: f64,
    /// The mean cross-entropy, in nats.
    pub(super) loss: f64,
}

impl Discriminator {
    /// With so many filters of a side, for batches of at most `most` patches and as many noises.
    pub(super) fn new(units: usize, side: usize, most: usize) -> Result<Self, JobError> {
        let patch = patch_side(side);
        let mut build = NetBuilder::new(Dims::image(1, patch, patch), Init::He)?;
        let maps = build.conv(build.input(), units, Window::square(side).stride(STRIDE))?;
        let maps = build.activate(maps, Activation::Relu)?;
        let means = build.mean_pool(maps, Window::square(PLACES))?;
        let classes = build.dense(means, 2)?;
        let net = build.finish(classes)?;
        Ok(Self { pass: Pass::new(&net, 2 * most)?, net, dim: patch * patch })
    }

    pub(super) fn drawn(&self, stream: Stream) -> Result<Classifier, JobError> {
        let parameters = self.net.draw(stream)?;
        Ok(Classifier { rule: RuleState::new(parameters.len()), parameters, steps: 0 })
    }

    /// What a state makes of patches and noise, `[n, dim]` each.
    pub(super) fn told(&mut self, state: &Classifier, both: [&[f32]; 2]) -> Result<Told, JobError> {
        let n = both.map(|of| of.len() / self.dim);
        let input = |i: usize| match i.checked_sub(n[0]) {
            None => &both[0][i * self.dim..(i + 1) * self.dim],
            Some(i) => &both[1][i * self.dim..(i + 1) * self.dim],
        };
        let all = n[0] + n[1];
        self.pass.set_inputs(all, input)?;
        self.pass.forward(values(&state.parameters), Norms::OfBatch)?;
        let classes: Vec<u32> = (0..all).map(|i| u32::from(i >= n[0])).collect();
        let right = loss::n_right(&self.pass, &classes)? as f64 / all.max(1) as f64;
        let [loss] = loss::cross_entropy(&mut self.pass, &classes, 1.0 / all.max(1) as f64)?;
        Ok(Told { right, loss })
    }

    /// A step of Adam, and what the batch was taken for before it.
    pub(super) fn learn(&mut self, state: &mut Classifier, both: [&[f32]; 2]) -> Result<Told, JobError> {
        let told = self.told(state, both)?;
        self.pass.backward(values(&state.parameters), Wants { parameters: ByParameters::Set, input: false })?;
        let gradient = self.pass.gradient_mut().as_flattened_mut();
        let _update = state.rule.step(&Optimiser::adam(LEARNING_RATE), None, &mut state.parameters, gradient)?;
        state.steps += 1;
        Ok(told)
    }
}
