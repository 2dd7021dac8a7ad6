//! One random net, measured layer by layer on the core that keeps its weights.

use nets::{Batch, LayerStats, NetParameters, RandomNet, RandomNets};
use random::Stream;
use serde::{Deserialize, Serialize};
use theory::Activation;

use super::drawn::CoreState;
use super::inputs::Prepared;
use super::settings::Settings;
use crate::job::{Core, JobError};
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

    /// One of them.
    pub(super) fn net<'a>(&self, drawn: &'a mut RandomNets, number: usize) -> RandomNet<'a> {
        let Self { activation, sigma_w, sigma_b, depth, .. } = *self;
        RandomNet { drawn, number, depth, parameters: NetParameters { activation, sigma_w, sigma_b } }
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
}

/// The part that is one net.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Net {
    pub(super) of: Nets,
    pub(super) net: usize,
    pub(super) kept_bytes: usize,
}

impl Part for Net {
    type Kept = CoreState;
    type Answer = LayerStats;
    const STAYS_ON_CORE: bool = true;

    async fn run(self, kept: &mut CoreState, core: &mut dyn Core) -> Result<LayerStats, JobError> {
        let Self { of, net, kept_bytes } = self;
        let drawn = kept.nets(of.seed, of.width, kept_bytes);
        let (inputs, cotangents) = (of.at_layer_0(net)?, Batch::new(COTANGENTS, of.width, of.cotangents(net))?);
        let pairs: Vec<(usize, usize)> = of.inputs.pairs.iter().map(|pair| (pair.a, pair.b)).collect();
        of.net(drawn, net).layer_stats(inputs, &pairs, cotangents, async || core.checkpoint().await).await
    }
}
