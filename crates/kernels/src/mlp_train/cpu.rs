//! The same on the CPU, kernel by kernel.

use super::work::Work;
use super::{Sgd, TrainingScore, scores};
use crate::kernels::{mlp_pass, mlp_update};
use crate::{Examples, KernelError, Members, Mlp, MlpBatchOnCpu};

/// [`MlpTraining`](crate::MlpTraining) on the CPU, in the same order of operations: what the device's numbers are compared
/// with. `nets::mlp::Trainer` is several times as fast.
#[derive(Debug)]
pub struct MlpTrainingOnCpu {
    work: Work,
    parameters: Vec<f32>,
    a: Vec<f32>,
    delta: Vec<f32>,
    diverged: Vec<u32>,
}

impl MlpTrainingOnCpu {
    /// Nets before their first step; see [`MlpTraining::new`](crate::MlpTraining::new).
    ///
    /// # Errors
    /// [`KernelError::Size`], [`KernelError::TooLarge`] and [`KernelError::Range`] for what does not fit.
    pub fn new(mlp: &Mlp<'_>, sgd: &Sgd, parameters: &[f32], examples: &Examples<'_>) -> Result<Self, KernelError> {
        let work = Work::new(mlp, sgd, parameters, examples)?;
        let scratch = vec![0.0; work.scratch()];
        let diverged = vec![u32::MAX; work.n_nets];
        Ok(Self { work, parameters: parameters.to_vec(), a: scratch.clone(), delta: scratch, diverged })
    }

    /// Makes a step of every member on each batch of `[steps, batch]`.
    ///
    /// # Errors
    /// [`KernelError::Size`] for a part of a batch, [`KernelError::TooLarge`] for an example beyond the last.
    pub fn advance(&mut self, batches: &[u32]) -> Result<(), KernelError> {
        self.work.check_batches(batches)?;
        for batch in batches.chunks(self.work.batch) {
            for net in 0..self.work.n_nets {
                self.step(net, batch);
            }
            self.work.steps += 1;
        }
        Ok(())
    }

    fn step(&mut self, net: usize, batch: &[u32]) {
        let Self { work, parameters, a, delta, diverged } = self;
        let mut buffers = mlp_pass::twin::Buffers {
            layers: &work.layers,
            parameters,
            x: &work.x,
            labels: &work.labels,
            batches: batch,
            a,
            delta,
            diverged,
        };
        mlp_pass::twin::mlp_pass(&work.pass(net, work.steps, 0), 1, &mut buffers);
        let mut buffers = mlp_update::twin::Buffers {
            layers: &work.layers,
            x: &work.x,
            batches: batch,
            a,
            delta,
            diverged,
            parameters,
        };
        mlp_update::twin::mlp_update(&work.update(net, work.steps, 0), 1, &mut buffers);
    }

    /// Scores every member on the first `n_measured` examples, on all where there are fewer.
    ///
    /// # Errors
    /// [`KernelError::Size`] for no examples.
    pub fn scores(&self, n_measured: usize) -> Result<Vec<TrainingScore>, KernelError> {
        let n = self.work.check_measured(n_measured)?;
        let examples = Examples { inputs: &self.work.x[..n * self.work.widths[0]], labels: &self.work.labels[..n] };
        let mlp = Mlp { widths: &self.work.widths, activation: self.work.activation };
        let found = MlpBatchOnCpu::new(&mlp, &Members::Vectors(&self.parameters), &examples)?.scores(0, usize::MAX);
        Ok(scores::marked(found, &self.diverged))
    }

    /// The members' parameters, `[nets, n]`.
    #[must_use]
    pub fn parameters(&self) -> &[f32] {
        &self.parameters
    }
}
