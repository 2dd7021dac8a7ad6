//! Pieces of tasks for every core.

use std::rc::Rc;
use std::sync::Arc;

use exhibits::job::{Checkpoint, JobError, LocalFuture, Parts};
use nets::mlp::Examples;
use nets::trainability::Cell;
use serde::{Deserialize, Serialize};

use crate::{Failure, net_tasks, training};

/// The owner of the benchmark's parts.
pub const OWNER: &str = "bench";

/// One part, with all that it depends on.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Part {
    /// T4's slice for some of the images.
    LossSlice { pixels: Vec<u8>, labels: Vec<u8> },
    /// Rows of T5's map.
    Regions { first_row: usize, rows: usize },
    /// One cell's round of the trainability map.
    Training { sigma_w: f64, pixels: Vec<u8>, labels: Vec<u8> },
}

/// Does them.
#[derive(Debug, Default)]
pub struct BenchParts {
    /// T4's weights, once drawn.
    basis: Option<Rc<[f32]>>,
}

impl Parts for BenchParts {
    fn compute<'a>(
        &'a mut self,
        part: &'a [u8],
        _pace: &'a mut dyn Checkpoint,
    ) -> LocalFuture<'a, Result<Vec<u8>, JobError>> {
        let done = self.compute_now(part).map_err(|failure| JobError::Failed(failure.to_string()));
        Box::pin(std::future::ready(done))
    }
}

impl BenchParts {
    fn compute_now(&mut self, part: &[u8]) -> Result<Vec<u8>, Failure> {
        Ok(match protocol::decode(part)? {
            Part::LossSlice { pixels, labels } => {
                let basis = Rc::clone(self.basis.get_or_insert_with(net_tasks::basis));
                let losses = net_tasks::Slice::new(basis, &pixels, &labels).losses()?;
                protocol::encode(&(labels.len() as f64, losses))?
            }
            Part::Regions { first_row, rows } => {
                let map = net_tasks::region_rows(first_row, rows)?;
                net_tasks::bytes_from_map(&map)
            }
            Part::Training { sigma_w, pixels, labels } => {
                let examples: Arc<Examples> = Arc::new(training::examples(&pixels, &labels)?);
                let mut cell = Cell::new(training::recipe(sigma_w), examples, training::stream())?;
                protocol::encode(&cell.advance(training::STEPS)?.score.accuracy)?
            }
        })
    }
}
