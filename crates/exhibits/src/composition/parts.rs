//! What any core can do: one round of one net.

use serde::{Deserialize, Serialize};

use super::settings::{NetKind, Settings};
use super::training::{self, Data, NetKey, State};
use crate::job::{Checkpoint, JobError, LocalFuture, Parts};
use crate::values::Values;

/// One round of one net, with all that it depends on.
#[derive(Debug, Serialize, Deserialize)]
struct Part {
    controls: Vec<(String, String)>,
    /// The net's kind by its number, units and number.
    net: (u8, u32, u64),
    /// As the round before left it.
    state: Option<State>,
}

/// A part: one round.
pub(super) fn round(values: &Values, (kind, units, copy): NetKey, state: Option<State>) -> Result<Vec<u8>, JobError> {
    let part = Part { controls: values.changed_owned(), net: (kind as u8, units as u32, copy), state };
    Ok(protocol::encode(&part)?)
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
            let Part { controls, net: (kind, units, copy), state } = protocol::decode(part)?;
            let settings = Settings::from_values(&Values::from_changed(&super::EXHIBIT, &controls))?;
            let kind = NetKind::ALL.into_iter().find(|k| *k as u8 == kind);
            let kind = kind.ok_or_else(|| JobError::Failed("a net of an unknown kind".into()))?;
            let net = (kind, units as usize, copy);
            let round = training::round(&settings.task, net, state, &mut self.data, pace).await?;
            Ok(protocol::encode(&round)?)
        })
    }
}
