//! A search that goes on a step at a time.

use std::fmt::Display;

use crate::job::{Checkpoint, JobError};

/// Goes on with a search until `advance` says that it is done, and lets others in before each of its steps, which should take a
/// few milliseconds. The outer result is that of the job, the inner one that of the search, as a sentence.
///
/// # Errors
/// [`JobError`] when the job is to end.
pub async fn finished<E: Display>(
    pace: &mut (impl Checkpoint + ?Sized),
    mut advance: impl FnMut() -> Result<bool, E>,
) -> Result<Result<(), String>, JobError> {
    loop {
        pace.checkpoint().await?;
        match advance() {
            Ok(true) => return Ok(Ok(())),
            Ok(false) => {}
            Err(error) => return Ok(Err(error.to_string())),
        }
    }
}
