//! What computes an exhibit, and what it may ask of the place where it runs (the worker, the binary, a test).

use std::future::Future;
use std::pin::Pin;

use protocol::{Backend, Frame};

use crate::values::Values;

/// A future that stays on its thread.
pub type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Why a job ended early.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// A newer request came.
    #[error("a newer request came")]
    Cancelled,
    /// A sentence for the user.
    #[error("{0}")]
    Failed(String),
}

impl From<nets::NetError> for JobError {
    fn from(error: nets::NetError) -> Self {
        Self::Failed(error.to_string())
    }
}

/// The computation of one exhibit. The object lives as long as the exhibit is open, so that it can keep what the
/// next request needs again (drawn weights, tables).
pub trait Job {
    /// Computes the answer for `values`, telling `host` of every part as soon as it is there: the theory first,
    /// then the simulation, coarse and then finer.
    fn run<'a>(&'a mut self, values: &'a Values, host: &'a mut dyn Host) -> LocalFuture<'a, Result<(), JobError>>;
}

/// The place where a job runs.
pub trait Host {
    /// Hands over a part of the answer.
    fn emit(&mut self, frame: Frame);

    /// Lets other work run and learns of cancellation; to be awaited every few milliseconds of work.
    fn checkpoint(&mut self) -> LocalFuture<'_, Result<(), JobError>>;

    /// Whether a figure is in view, so that work for others can be left out.
    fn wants(&self, figure: &str) -> bool;

    /// The hardware that the user asked for.
    fn backend(&self) -> Backend;

    /// The bytes of a data pack, or the sentence that says why there are none.
    fn pack<'a>(&'a mut self, name: &'a str) -> LocalFuture<'a, Result<Vec<u8>, String>>;
}
