//! Pieces of tasks for every core.

use std::rc::Rc;
use std::sync::Arc;

use exhibits::job::{Checkpoint, Core, JobError, LocalFuture, Parts};
use nets::mlp::Examples;
use nets::trainability::Cell;

use crate::part::Part;
use crate::{Failure, core_failed, net_tasks, training};

/// The owner of the benchmark's parts.
pub const OWNER: &str = "bench";

/// Does them.
#[derive(Debug, Default)]
pub struct BenchParts {
    /// T4's weights, once drawn.
    basis: Option<Rc<[f32]>>,
    /// The images of the last cell, as pixels and as the nets see them.
    examples: Option<(Vec<u8>, Arc<Examples>)>,
}

impl Parts for BenchParts {
    fn compute<'a>(&'a mut self, part: &'a [u8], pace: &'a mut dyn Core) -> LocalFuture<'a, Result<Vec<u8>, JobError>> {
        Box::pin(async move { self.answer(part, pace).await.map_err(|failure| JobError::Failed(failure.to_string())) })
    }
}

impl BenchParts {
    async fn answer(&mut self, part: &[u8], pace: &mut dyn Checkpoint) -> Result<Vec<u8>, Failure> {
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
            Part::Training { cell, pixels, labels } => {
                let examples = match &self.examples {
                    Some((kept, examples)) if *kept == pixels => Arc::clone(examples),
                    _ => {
                        let examples = Arc::new(training::examples(&pixels, &labels)?);
                        Arc::clone(&self.examples.insert((pixels, examples)).1)
                    }
                };
                let mut cell = Cell::new(training::recipe(cell), examples, training::stream())?;
                // As the map does it: whoever computes beside the page lets it in.
                let let_in = async || pace.checkpoint().await.map_err(core_failed);
                protocol::encode(&cell.advance_with(training::STEPS, let_in).await?.score.accuracy)?
            }
        })
    }
}
