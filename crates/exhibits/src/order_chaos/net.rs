//! One random net, measured layer by layer on the core that keeps its weights.

use nets::{Batch, NetParameters, RandomNets, cosine, mean_square};
use random::Stream;
use serde::{Deserialize, Serialize};
use theory::Activation;

use super::drawn::CoreState;
use super::inputs::Prepared;
use super::settings::Settings;
use crate::job::{Checkpoint, Core, JobError};
use crate::kit::Part;

/// Random directions whose gradient is followed back through each net.
const COTANGENTS: usize = 4;

/// Random nets of one kind with what is fed into them.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Nets {
    #[serde(with = "crate::kit::as_key")]
    pub(super) activation: Activation,
    pub(super) sigma_w: f64,
    pub(super) sigma_b: f64,
    pub(super) depth: usize,
    pub(super) width: usize,
    pub(super) seed: u64,
    pub(super) q_0: f64,
    pub(super) inputs: Prepared,
}

impl Nets {
    pub(super) fn new(settings: &Settings, depth: usize, inputs: Prepared) -> Self {
        Self {
            activation: settings.activation,
            sigma_w: settings.sigma_w,
            sigma_b: settings.sigma_b,
            depth,
            width: settings.width,
            seed: settings.seed,
            q_0: settings.q_0,
            inputs,
        }
    }

    fn parameters(&self) -> NetParameters {
        NetParameters { activation: self.activation, sigma_w: self.sigma_w, sigma_b: self.sigma_b }
    }

    /// The pre-activations at layer 0 of a net.
    pub(super) fn at_layer_0(&self, net: usize) -> Result<Batch, JobError> {
        self.inputs.at_layer_0(self.width, self.q_0, self.seed, net)
    }

    /// Directions at the last layer whose gradients are followed back through a net, `[COTANGENTS, width]`.
    pub(super) fn cotangents(&self, net: usize) -> Vec<f32> {
        let mut delta = vec![0.0; COTANGENTS * self.width];
        Stream::new(self.seed, "order-chaos cotangents").child(net as u64).fill_normal_f32(0, &mut delta);
        delta
    }

    /// Takes the inputs through all layers of a net, for pictures that no size matters to: they are brought to one.
    pub(super) async fn propagated(
        &self,
        net: usize,
        drawn: &mut RandomNets,
        pace: &mut (impl Checkpoint + ?Sized),
    ) -> Result<Batch, JobError> {
        let mut batch = self.at_layer_0(net)?;
        for layer in 0..self.depth {
            batch.forward(&drawn.layer(net, layer)?, &self.parameters())?;
            pace.checkpoint().await?;
        }
        batch.bring_to_one();
        Ok(batch)
    }
}

/// The part that is one net.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Net {
    pub(super) of: Nets,
    pub(super) net: usize,
    pub(super) kept_bytes: usize,
}

/// What was measured on one net, layer by layer from 0 to the depth.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct OneNet {
    /// For each pair.
    pub(super) correlations: Vec<Vec<f64>>,
    /// Mean squared pre-activation of the first input.
    pub(super) lengths: Vec<f64>,
    /// Base-10 logarithm of the mean squared gradient relative to the last layer.
    pub(super) log_gradients: Vec<f64>,
}

impl Part for Net {
    type Kept = CoreState;
    type Answer = OneNet;

    async fn run(self, kept: &mut CoreState, core: &mut dyn Core) -> Result<OneNet, JobError> {
        let Self { of, net, kept_bytes } = self;
        let drawn = kept.nets(of.seed, of.width, kept_bytes);
        let mut batch = of.at_layer_0(net)?;
        let mut correlations = vec![Vec::with_capacity(of.depth + 1); of.inputs.pairs.len()];
        let mut lengths = Vec::with_capacity(of.depth + 1);
        // The gradient needs the first input's pre-activations again.
        let mut path = Vec::with_capacity(of.depth);
        for layer in 0..=of.depth {
            for (pair, found) in of.inputs.pairs.iter().zip(&mut correlations) {
                found.push(cosine(batch.row(pair.a), batch.row(pair.b)));
            }
            lengths.push(mean_square(batch.row(0)));
            if layer < of.depth {
                path.push(batch.row(0).to_vec());
                batch.forward(&drawn.layer(net, layer)?, &of.parameters())?;
                core.checkpoint().await?;
            }
        }
        let log_gradients = log_gradients(&of, net, &path, drawn, core).await?;
        Ok(OneNet { correlations, lengths, log_gradients })
    }
}

/// Base-10 logarithm of the mean squared gradient at layers `0..=depth`, relative to the last. The batch is brought
/// back to size one at every layer, so that no depth over- or underflows.
async fn log_gradients(
    of: &Nets,
    net: usize,
    path: &[Vec<f32>],
    drawn: &mut RandomNets,
    core: &mut dyn Core,
) -> Result<Vec<f64>, JobError> {
    let mut delta = Batch::new(COTANGENTS, of.width, of.cotangents(net))?;
    let mut logs = vec![0.0; path.len() + 1];
    let mut size = mean_square(delta.numbers());
    for (layer, below) in path.iter().enumerate().rev() {
        delta.backward(&drawn.layer(net, layer)?, &of.parameters(), below)?;
        let now = mean_square(delta.numbers());
        logs[layer] = logs[layer + 1] + log10_of_growth(now / size);
        size = rescaled(&mut delta, now);
        core.checkpoint().await?;
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
