//! What any core can do: one net of the simulation.

use nets::RandomNets;
use serde::{Deserialize, Serialize};

use super::inputs::Prepared;
use super::measurement::OneNet;
use super::settings::Settings;
use crate::job::{Checkpoint, JobError, LocalFuture, Parts};
use crate::values::Values;

/// Drawn weights that a core keeps for the next request: a tab may hold 4 GB, and there are several cores.
const WEIGHTS_BYTES: usize = 128 << 20;

/// One part, with all that it depends on.
#[derive(Debug, Serialize, Deserialize)]
enum Part {
    /// Correlations, lengths and gradients of one net.
    Net { controls: Vec<(String, String)>, net: usize, inputs: Prepared },
}

/// A part: net `net` with these inputs.
pub(super) fn net(values: &Values, net: usize, inputs: &Prepared) -> Result<Vec<u8>, JobError> {
    Ok(protocol::encode(&Part::Net { controls: values.changed_owned(), net, inputs: inputs.clone() })?)
}

/// The weights that a core has drawn.
#[derive(Debug, Default)]
pub struct PartState {
    nets: Option<(u64, RandomNets)>,
}

impl PartState {
    /// The random nets of these settings.
    pub(super) fn nets(&mut self, settings: &Settings) -> &mut RandomNets {
        let fits = |(seed, nets): &(u64, RandomNets)| *seed == settings.seed && nets.width() == settings.width;
        let kept = self.nets.take().filter(fits);
        let draw = || (settings.seed, RandomNets::new(settings.seed, settings.width, WEIGHTS_BYTES));
        &mut self.nets.insert(kept.unwrap_or_else(draw)).1
    }
}

impl Parts for PartState {
    fn compute<'a>(
        &'a mut self,
        part: &'a [u8],
        pace: &'a mut dyn Checkpoint,
    ) -> LocalFuture<'a, Result<Vec<u8>, JobError>> {
        Box::pin(async move {
            match protocol::decode(part)? {
                Part::Net { controls, net, inputs } => {
                    let settings = Settings::from_values(&Values::from_changed(&super::EXHIBIT, &controls))?;
                    let found = OneNet::measured(net, &settings, &inputs, self.nets(&settings), pace).await?;
                    Ok(protocol::encode(&found)?)
                }
            }
        })
    }
}
