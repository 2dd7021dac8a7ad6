//! What any core can do: one net of the simulation, one Jacobian, theory's density of its singular values.

use std::sync::Arc;

use exhibit::Values;
use nets::RandomNets;
use nets::mlp::Examples;
use serde::{Deserialize, Serialize};

use super::inputs::Prepared;
use super::jacobian::{self, OneJacobian};
use super::measurement::OneNet;
use super::settings::Settings;
use super::training::{Digits, Round};
use crate::job::{Checkpoint, JobError, LocalFuture, Parts};

/// Drawn weights that a core keeps for the next request: a tab may hold 4 GB, and there are several cores.
const WEIGHTS_BYTES: usize = 128 << 20;

/// One part, with all that it depends on.
#[derive(Debug, Serialize, Deserialize)]
enum Part {
    /// Correlations, lengths and gradients of one net.
    Net { controls: Vec<(String, String)>, net: usize, inputs: Prepared },
    /// Singular values of the Jacobian of one net at length `q`.
    Jacobian { controls: Vec<(String, String)>, net: usize, q: f64 },
    /// Theory's density of them.
    Density { controls: Vec<(String, String)>, q: f64 },
    /// A round of training.
    Train(Round),
}

/// A part: net `net` with these inputs.
pub(super) fn net(values: &Values, net: usize, inputs: &Prepared) -> Result<Vec<u8>, JobError> {
    Ok(protocol::encode(&Part::Net { controls: values.changed_owned(), net, inputs: inputs.clone() })?)
}

/// The part that Jacobians begin with, and then net after net.
pub(super) fn jacobians(values: &Values, n_nets: usize, q: f64) -> Result<Vec<Vec<u8>>, JobError> {
    let controls = values.changed_owned();
    let density = Part::Density { controls: controls.clone(), q };
    let net = |net| Part::Jacobian { controls: controls.clone(), net, q };
    let all = std::iter::once(density).chain((0..n_nets).map(net));
    Ok(all.map(|part| protocol::encode(&part)).collect::<Result<_, _>>()?)
}

/// A part: a round of training.
pub(super) fn round(round: Round) -> Result<Vec<u8>, JobError> {
    Ok(protocol::encode(&Part::Train(round))?)
}

/// The weights that a core has drawn, and the images that it trains on.
#[derive(Debug, Default)]
pub struct PartState {
    nets: Drawn,
    jacobian_nets: Drawn,
    examples: Option<(Digits, Arc<Examples>)>,
}

/// Weights with the seed that they come from.
type Drawn = Option<(u64, RandomNets)>;

impl PartState {
    /// The random nets of these settings.
    pub(super) fn nets(&mut self, settings: &Settings) -> &mut RandomNets {
        kept(&mut self.nets, settings.seed, settings.width, WEIGHTS_BYTES)
    }

    /// Those whose Jacobians are taken, which are narrower.
    pub(super) fn jacobian_nets(&mut self, settings: &Settings, width: usize) -> &mut RandomNets {
        kept(&mut self.jacobian_nets, settings.seed, width, WEIGHTS_BYTES / 8)
    }
}

fn kept(drawn: &mut Drawn, seed: u64, width: usize, budget_bytes: usize) -> &mut RandomNets {
    let fits = |(kept_seed, nets): &(u64, RandomNets)| *kept_seed == seed && nets.width() == width;
    let kept = drawn.take().filter(fits);
    &mut drawn.insert(kept.unwrap_or_else(|| (seed, RandomNets::new(seed, width, budget_bytes)))).1
}

impl Parts for PartState {
    fn compute<'a>(
        &'a mut self,
        part: &'a [u8],
        pace: &'a mut dyn Checkpoint,
    ) -> LocalFuture<'a, Result<Vec<u8>, JobError>> {
        Box::pin(async move {
            let settings = |controls: &[_]| Settings::from_values(&Values::from_changed(&super::EXHIBIT, controls));
            match protocol::decode(part)? {
                Part::Train(round) => Ok(protocol::encode(&round.train(&mut self.examples, pace).await?)?),
                Part::Density { controls, q } => Ok(protocol::encode(&jacobian::density(&settings(&controls)?, q)?)?),
                Part::Jacobian { controls, net, q } => {
                    let found = OneJacobian::measured(net, &settings(&controls)?, q, self, pace).await?;
                    Ok(protocol::encode(&found)?)
                }
                Part::Net { controls, net, inputs } => {
                    let settings = settings(&controls)?;
                    let found = OneNet::measured(net, &settings, &inputs, self.nets(&settings), pace).await?;
                    Ok(protocol::encode(&found)?)
                }
            }
        })
    }
}
