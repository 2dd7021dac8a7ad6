//! What any core can do: one round of one net.

use exhibit::Values;
use nets::mlp::Saved;
use serde::{Deserialize, Serialize};

use super::settings::Settings;
use super::training::{self, Data, NetKey};
use crate::job::{Checkpoint, JobError, LocalFuture, Parts};

/// One round of one net, with all that it depends on.
#[derive(Debug, Serialize, Deserialize)]
struct Part {
    controls: Vec<(String, String)>,
    net: NetKey,
    /// As the round before left it.
    state: Option<Saved>,
}

/// A part: one round.
pub(super) fn round(values: &Values, net: NetKey, state: Option<Saved>) -> Result<Vec<u8>, JobError> {
    Ok(protocol::encode(&Part { controls: values.changed_owned(), net, state })?)
}

/// The examples of the last part are kept.
#[derive(Debug, Default)]
pub struct PartState {
    data: Option<Data>,
}

impl Parts for PartState {
    fn compute<'a>(
        &'a mut self,
        part: &'a [u8],
        pace: &'a mut dyn Checkpoint,
    ) -> LocalFuture<'a, Result<Vec<u8>, JobError>> {
        Box::pin(async move {
            let Part { controls, net, state } = protocol::decode(part)?;
            let settings = Settings::from_values(&Values::from_changed(&super::EXHIBIT, &controls))?;
            let round = training::round(&settings.task, net, state, &mut self.data, pace).await?;
            Ok(protocol::encode(&round)?)
        })
    }
}
