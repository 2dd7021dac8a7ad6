//! What real random nets do.

use std::collections::BTreeMap;

use nets::{Batch, NetParameters, RandomNets, cosine, mean_square};
use random::Stream;
use serde::{Deserialize, Serialize};

use super::inputs::Prepared;
use super::settings::Settings;
use crate::job::{Checkpoint, JobError};
use crate::statistics::mean_and_sd;

/// Random directions whose gradient is followed back through each net.
const COTANGENTS: usize = 4;

/// What was measured on one net, layer by layer from 0 to the depth.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct OneNet {
    /// Neurons, what was fed in, and what is between the layers: an answer that comes late may be to another question.
    pub(super) width: usize,
    pub(super) inputs: u8,
    pub(super) activation: u8,
    /// For each pair.
    pub(super) correlations: Vec<Vec<f64>>,
    /// Mean squared pre-activation of the first input.
    pub(super) lengths: Vec<f64>,
    /// Base-10 logarithm of the mean squared gradient relative to the last layer.
    pub(super) log_gradients: Vec<f64>,
}

impl OneNet {
    /// Whether it is of nets of this kind. They may have other standard deviations, as the last ones of a drag have.
    pub(super) fn fits(&self, settings: &Settings, pairs: usize) -> bool {
        let layers = settings.depth + 1;
        let sizes = [self.correlations.first().map_or(0, Vec::len), self.lengths.len(), self.log_gradients.len()];
        self.width == settings.width
            && self.inputs == settings.inputs as u8
            && self.activation == settings.activation as u8
            && self.correlations.len() == pairs
            && sizes == [layers; 3]
    }

    /// Measures net `net`.
    pub(super) async fn measured(
        net: usize,
        settings: &Settings,
        inputs: &Prepared,
        nets: &mut RandomNets,
        pace: &mut dyn Checkpoint,
    ) -> Result<Self, JobError> {
        let parameters = parameters(settings);
        let mut batch = inputs.at_layer_0(settings, net)?;
        let mut one = Self {
            width: settings.width,
            inputs: settings.inputs as u8,
            activation: settings.activation as u8,
            correlations: vec![Vec::with_capacity(settings.depth + 1); inputs.pairs.len()],
            lengths: Vec::with_capacity(settings.depth + 1),
            log_gradients: Vec::new(),
        };
        // The gradient needs the first input's pre-activations again.
        let mut path = Vec::with_capacity(settings.depth);
        for layer in 0..=settings.depth {
            for (pair, found) in inputs.pairs.iter().zip(&mut one.correlations) {
                found.push(cosine(batch.row(pair.a), batch.row(pair.b)));
            }
            one.lengths.push(mean_square(batch.row(0)));
            if layer < settings.depth {
                path.push(batch.row(0).to_vec());
                batch.forward(&nets.layer(net, layer)?, &parameters)?;
                pace.checkpoint().await?;
            }
        }
        one.log_gradients = log_gradients(settings, net, &path, nets, pace).await?;
        Ok(one)
    }
}

/// What was measured on several nets, in the order of their numbers whatever the order in which they came.
#[derive(Clone, Debug, Default)]
pub(super) struct Measurement {
    nets: BTreeMap<usize, OneNet>,
}

/// A mean over nets with its spread, layer by layer.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Spread {
    pub(super) mean: Vec<f64>,
    /// Standard deviation over nets; zero for a single net.
    pub(super) sd: Vec<f64>,
}

impl Measurement {
    /// Number of nets so far.
    pub(super) fn n_nets(&self) -> usize {
        self.nets.len()
    }

    /// Takes what was found on net `net`.
    pub(super) fn add(&mut self, net: usize, found: OneNet) {
        self.nets.insert(net, found);
    }

    /// The first layer at which a net's numbers are beyond single precision; `None` while they are within.
    pub(super) fn overflow(&self) -> Option<usize> {
        self.nets.values().filter_map(|net| net.lengths.iter().position(|q| !q.is_finite())).min()
    }

    /// Correlation of a pair.
    pub(super) fn correlation(&self, pair: usize) -> Spread {
        self.spread(|net| &net.correlations[pair])
    }

    /// Mean squared pre-activation of the first input.
    pub(super) fn length(&self) -> Spread {
        self.spread(|net| &net.lengths)
    }

    /// Base-10 logarithm of the mean squared gradient.
    pub(super) fn log_gradient(&self) -> Spread {
        self.spread(|net| &net.log_gradients)
    }

    fn spread<'a>(&'a self, of: impl Fn(&'a OneNet) -> &'a Vec<f64>) -> Spread {
        let layers = self.nets.values().next().map_or(0, |net| of(net).len());
        let at = |l: usize| self.nets.values().map(&of).map(|x| x[l]).collect::<Vec<f64>>();
        let (mean, sd) = (0..layers).map(|l| mean_and_sd(&at(l))).unzip();
        Spread { mean, sd }
    }
}

pub(super) fn parameters(settings: &Settings) -> NetParameters {
    NetParameters { activation: settings.activation, sigma_w: settings.sigma_w, sigma_b: settings.sigma_b }
}

/// Takes a batch through the first `layers` layers of a net, for pictures that no size matters to: it is brought to one.
pub(super) async fn propagate(
    mut batch: Batch,
    settings: &Settings,
    net: usize,
    layers: usize,
    nets: &mut RandomNets,
    pace: &mut dyn Checkpoint,
) -> Result<Batch, JobError> {
    for layer in 0..layers {
        batch.forward(&nets.layer(net, layer)?, &parameters(settings))?;
        pace.checkpoint().await?;
    }
    batch.bring_to_one();
    Ok(batch)
}

/// Directions at the last layer whose gradients are followed back through net `net`, `[COTANGENTS, width]`.
pub(super) fn cotangents(settings: &Settings, net: usize) -> Vec<f32> {
    let mut delta = vec![0.0; COTANGENTS * settings.width];
    Stream::new(settings.seed, "order-chaos cotangents").child(net as u64).fill_normal_f32(0, &mut delta);
    delta
}

/// Base-10 logarithm of the mean squared gradient at layers `0..=depth`, relative to the last. The batch is brought
/// back to size one at every layer, so that no depth over- or underflows.
async fn log_gradients(
    settings: &Settings,
    net: usize,
    path: &[Vec<f32>],
    nets: &mut RandomNets,
    pace: &mut dyn Checkpoint,
) -> Result<Vec<f64>, JobError> {
    let mut delta = Batch::new(COTANGENTS, settings.width, cotangents(settings, net))?;
    let mut logs = vec![0.0; path.len() + 1];
    let mut size = mean_square(delta.numbers());
    for (layer, below) in path.iter().enumerate().rev() {
        delta.backward(&nets.layer(net, layer)?, &parameters(settings), below)?;
        let now = mean_square(delta.numbers());
        logs[layer] = logs[layer + 1] + log10_of_growth(now / size);
        size = rescaled(&mut delta, now);
        pace.checkpoint().await?;
    }
    Ok(logs)
}

/// Nothing left is three hundred decades less; no number stays none.
fn log10_of_growth(growth: f64) -> f64 {
    if growth < 1e-300 { -300.0 } else { libm::log10(growth) }
}

/// Brings a batch to mean square one and says what it is then; a batch that is zero or overflowed stays as it is.
fn rescaled(delta: &mut Batch, mean_square_now: f64) -> f64 {
    if !(mean_square_now > 0.0 && mean_square_now.is_finite()) {
        return 1.0;
    }
    delta.scale((1.0 / mean_square_now.sqrt()) as f32);
    mean_square(delta.numbers())
}
