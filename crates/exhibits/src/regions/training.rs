//! A net on its way through training, with what it was on the way, so that scrubbing back does not start anew.

use data::toys::{Points, points};
use exhibit::drawn::Drawn;
use nets::mlp::{Examples, Loss, Mlp, Recipe, Shape, Step, Trainer};
use random::Stream;
use theory::Activation;
use theory::sawtooth::ReluNet;

use super::settings::{Data, NetKey};
use crate::job::{Checkpoint, JobError};

/// Points of a data set.
const N_POINTS: usize = 300;
const NOISE: f64 = 0.04;
const BATCH: usize = 64;
/// Steps between kept states: at most so many are done again when scrubbing back.
pub(super) const KEPT_EVERY: u64 = 100;
/// Steps between checkpoints; the widest net takes about a millisecond for a step.
const STEPS_AT_ONCE: u64 = 4;

/// All that is known of one net's training.
#[derive(Debug)]
pub(super) struct Training {
    key: NetKey,
    pub(super) points: Points,
    pub(super) examples: Examples,
    /// The states after 0, [`KEPT_EVERY`], ... steps, as far as training has come or until it diverged.
    kept: Vec<Trainer>,
    /// The state that was asked for last.
    last: Trainer,
    /// What trains the states that are kept, apart from `last`: while training is played both go on.
    ahead: Trainer,
}

impl Training {
    /// `old` where it is of the same net.
    pub(super) fn refreshed(old: Option<Self>, key: &NetKey) -> Result<Self, JobError> {
        if let Some(old) = old
            && old.key == *key
        {
            return Ok(old);
        }
        let points = match &key.data {
            Data::Toy(toy) => points(*toy, N_POINTS, NOISE, Stream::new(key.seed, "regions data"))
                .map_err(|e| JobError::Failed(e.to_string()))?,
            Data::Drawn(drawn) => points_from_drawn(drawn),
        };
        let labels = points.labels.iter().copied().map(u32::from).collect();
        let examples = Examples::with_classes(2, points.xy.clone(), labels)?;
        let last = Trainer::new(shape(&key.widths())?, recipe(key), stream(key.seed))?;
        Ok(Self { key: key.clone(), points, examples, kept: vec![last.clone()], ahead: last.clone(), last })
    }

    /// The net after so many steps, or as it was when training diverged before.
    ///
    /// The training goes on from the nearest state before; what it has become by a cancellation is kept.
    pub(super) async fn advance(&mut self, steps: u64, pace: &mut dyn Checkpoint) -> Result<&mut Trainer, JobError> {
        // Without points there is nothing to learn.
        let steps = if self.has_points() { steps } else { 0 };
        let index = usize::try_from(steps / KEPT_EVERY).unwrap_or(usize::MAX).min(self.kept.len() - 1);
        let nearest = &self.kept[index];
        if self.last.steps() > steps || self.last.steps() < nearest.steps() {
            self.last = nearest.clone();
        }
        train(&mut self.last, steps, &self.examples, &mut self.kept, pace).await?;
        Ok(&mut self.last)
    }

    /// Trains up to the next state that is to be kept.
    pub(super) async fn keep_next(&mut self, steps: u64, pace: &mut dyn Checkpoint) -> Result<(), JobError> {
        if let Some(last) = self.kept.last().filter(|last| last.steps() > self.ahead.steps()) {
            self.ahead = last.clone();
        }
        train(&mut self.ahead, steps, &self.examples, &mut self.kept, pace).await
    }

    /// The next step whose state is to be kept, up to `most`; none when all are, or when training diverged before.
    pub(super) fn next_kept(&self, most: u64) -> Option<u64> {
        let next = self.kept.len() as u64 * KEPT_EVERY;
        let has_ended = [&self.last, &self.ahead].iter().any(|state| state.is_diverged() && state.steps() < next);
        (next <= most && !has_ended && self.has_points()).then_some(next)
    }

    pub(super) fn has_points(&self) -> bool {
        self.examples.n() > 0
    }

    /// Steps of the state that was asked for last.
    pub(super) fn steps(&self) -> u64 {
        self.last.steps()
    }

    /// The states at every [`KEPT_EVERY`] steps so far.
    pub(super) fn kept(&self) -> &[Trainer] {
        &self.kept
    }

    /// Mean accuracy of the state that was asked for last, on all points.
    pub(super) fn accuracy(&mut self) -> Result<f64, JobError> {
        Ok(self.last.score(&self.examples)?.accuracy)
    }
}

fn points_from_drawn(drawn: &Drawn) -> Points {
    let all = || drawn.iter().zip([0, 1]).flat_map(|(points, label)| points.iter().map(move |p| (p, label)));
    Points {
        xy: all().flat_map(|(p, _)| p.map(|x| x as f32)).collect(),
        labels: all().map(|(_, label)| label).collect(),
    }
}

/// Trains on to so many steps, and keeps the states that are to be kept.
async fn train(
    state: &mut Trainer,
    steps: u64,
    examples: &Examples,
    kept: &mut Vec<Trainer>,
    pace: &mut dyn Checkpoint,
) -> Result<(), JobError> {
    while state.steps() < steps && !state.is_diverged() {
        if state.steps().is_multiple_of(STEPS_AT_ONCE) {
            pace.checkpoint().await?;
        }
        if let Step::Done { .. } = state.step(examples)?
            && state.steps() == kept.len() as u64 * KEPT_EVERY
        {
            kept.push(state.clone());
        }
    }
    Ok(())
}

fn shape(widths: &[usize]) -> Result<Shape, JobError> {
    let all: Vec<usize> = [2].into_iter().chain(widths.iter().copied()).chain([1]).collect();
    Ok(Shape::new(&all, Activation::Relu)?)
}

fn recipe(key: &NetKey) -> Recipe {
    Recipe { sigma_w: key.sigma_w, sigma_b: key.sigma_b, loss: Loss::Logistic, optimiser: key.optimiser, batch: BATCH }
}

fn stream(seed: u64) -> Stream {
    Stream::new(seed, "regions net")
}

/// A random net, number `index` of those of a seed.
pub(super) fn random_net(
    widths: &[usize],
    (sigma_w, sigma_b): (f64, f64),
    (seed, index): (u64, u64),
) -> Result<ReluNet, JobError> {
    let stream = Stream::new(seed, "regions random nets").child(index);
    relu_net(&Mlp::random(shape(widths)?, sigma_w, sigma_b, stream))
}

/// A net of given parameters.
pub(super) fn net_from_parameters(widths: &[usize], parameters: Vec<f32>) -> Result<ReluNet, JobError> {
    relu_net(&Mlp::new(shape(widths)?, parameters)?)
}

/// The first hidden layers of a net alone; its output is 0.
pub(super) fn first_layers(net: &ReluNet, layers: usize) -> Result<ReluNet, JobError> {
    let hidden: Vec<_> =
        net.hidden().iter().take(layers).map(|l| (l.weights().to_vec(), l.biases().to_vec())).collect();
    let n_last = hidden.last().map_or(net.n_inputs(), |(_, biases)| biases.len());
    ReluNet::new(net.n_inputs(), hidden, vec![0.0; n_last], 0.0).map_err(|e| JobError::Failed(e.to_string()))
}

/// The same net in double precision.
pub(super) fn relu_net(net: &Mlp) -> Result<ReluNet, JobError> {
    let wide = |entries: &[f32]| entries.iter().copied().map(f64::from).collect::<Vec<_>>();
    let (mut weights, mut biases) = (Vec::new(), Vec::new());
    for (of_layer, offsets) in (0..net.shape().n_layers()).filter_map(|l| net.layer(l)) {
        weights.extend(wide(of_layer));
        biases.extend(wide(offsets));
    }
    let widths = net.shape().widths();
    ReluNet::from_flat(widths[0], &widths[1..widths.len() - 1], &weights, &biases)
        .map_err(|e| JobError::Failed(e.to_string()))
}
