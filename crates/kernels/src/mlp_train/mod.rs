//! Many multi-layer perceptrons of one shape trained at the same time, on the same batches: the members of a map of what
//! depth can be trained (Schoenholz et al. 2017, figure 5), which differ in their parameters only.
//!
//! ```text
//! z^l = W^l a^{l-1} + b^l,  a^l = φ(z^l),  a^0 = x,   loss = mean over the batch of ln Σ_c e^{z^L_c} − z^L_y
//! θ <- θ − learning_rate ∂loss/∂θ
//! ```
//!
//! # How it works
//! A step is two dispatches, whatever the depth. Examples do not meet before the gradient, so that one workgroup takes 32
//! of them through all layers of a net, the loss, and back; then one workgroup for each 64×64 weights sums its gradient
//! over the batch and moves them, so that no gradient is stored. Parameters stay on the device; what comes back are
//! scores, two numbers for each net and 128 examples.
//!
//! # Divergence
//! Where a logit is no longer finite, the member stays as it was before that step, for good. Where a moved parameter would
//! not be finite, it stays as it was while the others make the step, and then the member stays as it is. A number of size
//! 2^120 or more counts as infinite. Other members do not notice.

mod cpu;
mod scores;
#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
mod work;

use std::ops::Deref;

use self::scores::Measured;
use self::work::Work;
use crate::gpu::{Buffer, Plan};
use crate::kernels::{mlp_pass, mlp_update};
use crate::{Examples, Gpu, KernelError, Mlp, Score};

pub use self::cpu::MlpTrainingOnCpu;

/// Names the job in errors.
const OP: &str = "the training of many nets";

/// Steps whose numbers of examples and dispatches are on the device at a time.
const STEPS_AT_A_TIME: usize = 256;

/// Plain stochastic gradient descent.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Sgd {
    /// In [0, 1e30].
    pub learning_rate: f64,
    /// Examples in a batch, at least 1.
    pub batch: usize,
}

/// How well a member does.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrainingScore {
    /// Of the last finite parameters. The loss is infinite where the net overflows, and never NaN.
    pub score: Score,
    /// Whether training has ended in numbers without bounds; the member stays as it is.
    pub is_diverged: bool,
}

/// Nets in training on the device, which is held as `&Gpu`, `Rc<Gpu>` or another pointer.
#[derive(Debug)]
pub struct MlpTraining<G> {
    gpu: G,
    work: Work,
    /// Nets that go through a pass together.
    group: usize,
    buffers: Buffers,
    /// What the last scores were measured on.
    measured: Option<Measured>,
}

/// The bindings of both kernels.
#[derive(Debug)]
struct Buffers {
    layers: Buffer,
    tiles: Buffer,
    parameters: Buffer,
    x: Buffer,
    labels: Buffer,
    a: Buffer,
    delta: Buffer,
    diverged: Buffer,
}

impl<G: Deref<Target = Gpu>> MlpTraining<G> {
    /// Nets before their first step. `parameters` is `[nets, n]`, all finite: for each layer the weights
    /// `[outputs, inputs]`, row-major, then the biases.
    ///
    /// # Errors
    /// [`KernelError::Size`], [`KernelError::TooLarge`] and [`KernelError::Range`] for what does not fit, else the device's.
    pub async fn new(
        gpu: G,
        mlp: &Mlp<'_>,
        sgd: &Sgd,
        parameters: &[f32],
        examples: &Examples<'_>,
    ) -> Result<Self, KernelError> {
        let limit_bytes = gpu.most_buffer_bytes();
        Self::within(gpu, mlp, sgd, parameters, examples, limit_bytes).await
    }

    /// [`new`](Self::new) with no more than this memory for the parameters and for what goes through a pass together.
    async fn within(
        gpu: G,
        mlp: &Mlp<'_>,
        sgd: &Sgd,
        parameters: &[f32],
        examples: &Examples<'_>,
        limit_bytes: u64,
    ) -> Result<Self, KernelError> {
        let work = Work::new(mlp, sgd, parameters, examples)?;
        let group = work.group(limit_bytes)?;
        let mut job = gpu.job(OP)?;
        let scratch_bytes = group as u64 * work.scratch_bytes();
        let buffers = Buffers {
            layers: job.upload("layers", &work.layers)?,
            tiles: job.upload("tiles", &work.tiles)?,
            parameters: job.upload("parameters", parameters)?,
            x: job.upload("x", &work.x)?,
            labels: job.upload("labels", &work.labels)?,
            a: job.buffer("a", scratch_bytes)?,
            delta: job.buffer("delta", scratch_bytes)?,
            diverged: job.upload("diverged", &vec![u32::MAX; work.n_nets])?,
        };
        job.finish().await?;
        Ok(Self { gpu, work, group, buffers, measured: None })
    }

    /// Number of nets.
    #[must_use]
    pub fn n_members(&self) -> usize {
        self.work.n_nets
    }

    /// Steps made since the start.
    #[must_use]
    pub fn steps(&self) -> u64 {
        u64::from(self.work.steps)
    }

    /// Makes a step of every member on each batch: `batches` is `[steps, batch]`, numbers of examples, which may repeat.
    /// Returns when the device has made them. When the future is dropped, some steps of some members have been made.
    ///
    /// # Errors
    /// [`KernelError::Size`] for a part of a batch, [`KernelError::TooLarge`] for an example beyond the last, else the
    /// device's.
    pub async fn advance(&mut self, batches: &[u32]) -> Result<(), KernelError> {
        self.work.check_batches(batches)?;
        let mut job = self.gpu.job(OP)?;
        for batches in batches.chunks(STEPS_AT_A_TIME * self.work.batch) {
            let Buffers { layers, tiles, parameters, x, labels, a, delta, diverged } = &self.buffers;
            let numbers = job.upload("batches", batches)?;
            let pass = [layers, parameters, x, labels, &numbers, a, delta, diverged];
            let update = [layers, tiles, x, &numbers, a, delta, diverged, parameters];
            let first_step = self.work.steps;
            let n_steps = (batches.len() / self.work.batch) as u32;
            // Before the first await: a mark of a dropped call is older than all steps of the next.
            self.work.steps += n_steps;
            let mut plan = Plan::default();
            for first_net in (0..self.work.n_nets).step_by(self.group) {
                let n_nets = self.group.min(self.work.n_nets - first_net);
                for step in 0..n_steps {
                    self.push_step(&mut plan, first_net, n_nets, first_step + step, step);
                }
            }
            job.run(&plan, &[(&mlp_pass::SHADER, &pass), (&mlp_update::SHADER, &update)]).await?;
        }
        job.settle().await?;
        job.finish().await
    }

    /// One step of a group of nets; `number` counts within the batches on the device.
    fn push_step(&self, plan: &mut Plan, first_net: usize, n_nets: usize, step: u32, number: u32) {
        let p = self.work.pass(first_net, step, number);
        let params = |first_tile, end_tile| mlp_pass::Params { first_tile, end_tile, ..p };
        let flop = mlp_pass::tile_flop(&self.work.layers);
        plan.push(&mlp_pass::SHADER, 0, mlp_pass::tiles(&p, n_nets as u32), flop, params);
        let p = self.work.update(first_net, step, number);
        let params = |first_tile, end_tile| mlp_update::Params { first_tile, end_tile, ..p };
        plan.push(&mlp_update::SHADER, 1, p.n_tiles * n_nets as u32, mlp_update::tile_flop(&p), params);
    }

    /// Scores every member on the first `n_measured` examples, on all where there are fewer.
    ///
    /// # Errors
    /// [`KernelError::Size`] for no examples, else the device's.
    pub async fn scores(&mut self, n_measured: usize) -> Result<Vec<TrainingScore>, KernelError> {
        let n_measured = self.work.check_measured(n_measured)?;
        let mut job = self.gpu.job(OP)?;
        let measured = match self.measured.take() {
            Some(measured) if measured.n_rows() == n_measured => measured,
            _ => Measured::new(&mut job, &self.work, n_measured)?,
        };
        let measured = self.measured.insert(measured);
        let limit_bytes = self.gpu.most_buffer_bytes();
        let found =
            measured.sums(&mut job, &self.work, &self.buffers.parameters, &self.buffers.labels, limit_bytes).await?;
        let diverged: Vec<u32> = job.read(&self.buffers.diverged, self.work.n_nets).await?;
        job.finish().await?;
        Ok(scores::of_sums(&found, &diverged, n_measured))
    }

    /// The members' parameters, `[nets, n]`.
    ///
    /// # Errors
    /// The device's.
    pub async fn parameters(&self) -> Result<Vec<f32>, KernelError> {
        let mut job = self.gpu.job(OP)?;
        let found = job.read(&self.buffers.parameters, self.work.n_nets * self.work.n_parameters).await?;
        job.finish().await?;
        Ok(found)
    }
}
