//! What any core can do: one size of a perturbation, one trained net.

use exhibit::Values;
use serde::{Deserialize, Serialize};

use super::perturbation::Left;
use super::settings::Settings;
use super::training::Trained;
use crate::job::{Checkpoint, JobError, LocalFuture, Parts};

/// One part, with all that it depends on.
#[derive(Debug, Serialize, Deserialize)]
enum Part {
    /// All copies of the net at one size of the perturbation.
    Left { controls: Vec<(String, String)>, size: usize },
    /// One net in training.
    Trained { controls: Vec<(String, String)>, k: u32, copy: u64 },
}

pub(super) fn left(values: &Values, size: usize) -> Result<Vec<u8>, JobError> {
    Ok(protocol::encode(&Part::Left { controls: values.changed_owned(), size })?)
}

pub(super) fn trained(values: &Values, k: u32, copy: u64) -> Result<Vec<u8>, JobError> {
    Ok(protocol::encode(&Part::Trained { controls: values.changed_owned(), k, copy })?)
}

/// Nothing is kept between parts.
#[derive(Debug, Default)]
pub struct PartState;

impl Parts for PartState {
    fn compute<'a>(
        &'a mut self,
        part: &'a [u8],
        pace: &'a mut dyn Checkpoint,
    ) -> LocalFuture<'a, Result<Vec<u8>, JobError>> {
        let settings =
            |controls: &[(String, String)]| Settings::from_values(&Values::from_changed(&super::EXHIBIT, controls));
        Box::pin(async move {
            match protocol::decode(part)? {
                Part::Left { controls, size } => {
                    Ok(protocol::encode(&Left::measured(&settings(&controls)?, size, pace).await?)?)
                }
                Part::Trained { controls, k, copy } => {
                    Ok(protocol::encode(&Trained::measured(&settings(&controls)?, k, copy, pace).await?)?)
                }
            }
        })
    }
}
