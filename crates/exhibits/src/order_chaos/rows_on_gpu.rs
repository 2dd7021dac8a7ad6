//! Rows of the map of what depth can be trained, on a graphics device.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

use kernels::{Gpu, Mlp, MlpTraining, Sgd};
use nets::mlp::{Examples, Targets};
use nets::trainability::batches;

use super::cells::{BATCH, LEARNING_RATE, ROUND_STEPS, Round, Trained, WIDTH};
use crate::job::JobError;
use crate::kit::GpuFailure;

/// Rows in training: nets of one depth, whose parameters stay on the device from round to round.
#[derive(Default)]
pub(super) struct RowsOnGpu(BTreeMap<usize, MlpTraining<Rc<Gpu>>>);

impl RowsOnGpu {
    /// Trains a round of nets that are of one depth and have all come as far, on the same batches as the CPU would.
    pub(super) async fn train(
        &mut self,
        gpu: Rc<Gpu>,
        rounds: &[Round],
        examples: &Arc<Examples>,
    ) -> Result<Vec<Trained>, GpuFailure> {
        let Some(first) = rounds.first() else { return Ok(Vec::new()) };
        // Taken out: what a cancelled call leaves behind is of no known round. Nets that have diverged are no longer of it.
        let mut row = match self.0.remove(&first.depth).filter(|row| row.n_members() == rounds.len()) {
            Some(row) => row,
            None => begun(gpu, rounds, examples).await?,
        };
        let batches = batches(first.stream(), examples.n(), BATCH, ROUND_STEPS);
        row.advance(&batches).await?;
        let scores = row.scores(examples.n()).await?;
        let parameters = row.parameters().await?;
        let each = parameters.chunks_exact(parameters.len() / scores.len().max(1));
        let trained = scores.iter().zip(each).map(|(score, parameters)| Trained {
            parameters: parameters.to_vec().into(),
            accuracy: score.score.accuracy as f32,
            is_diverged: score.is_diverged,
        });
        let trained = trained.collect();
        self.0.insert(first.depth, row);
        Ok(trained)
    }
}

/// The nets as the round before left them.
async fn begun(gpu: Rc<Gpu>, rounds: &[Round], examples: &Arc<Examples>) -> Result<MlpTraining<Rc<Gpu>>, GpuFailure> {
    let (Some(first), Targets::Classes(labels)) = (rounds.first(), examples.targets()) else {
        return Err(JobError::Failed("a row of nets and labelled images were expected".into()).into());
    };
    let mut parameters = Vec::new();
    for round in rounds {
        parameters.extend_from_slice(round.cell(Arc::clone(examples))?.parameters());
    }
    let mut widths = vec![examples.dim()];
    widths.resize(first.depth + 1, WIDTH);
    widths.push(labels.iter().max().map_or(1, |l| *l as usize + 1));
    let mlp = Mlp { widths: &widths, activation: first.task.activation };
    let on_gpu = kernels::Examples { inputs: examples.inputs(), labels };
    let sgd = Sgd { learning_rate: LEARNING_RATE, batch: BATCH };
    Ok(MlpTraining::new(gpu, &mlp, &sgd, &parameters, &on_gpu).await?)
}
