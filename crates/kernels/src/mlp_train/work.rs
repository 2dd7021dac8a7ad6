//! Checked sizes of a training, and what each kernel is told.

use theory::Activation;

use super::{OP, Sgd};
use crate::error::{check_limit, check_size};
use crate::kernels::mlp_pass::{self, Layer};
use crate::kernels::mlp_update;
use crate::mlp_batch::Shape;
use crate::{Examples, KernelError, Members, Mlp, activation};

/// Twice the number of a step, and one more, mark a net that diverged in it; the largest number marks none.
const MOST_STEPS: u64 = (u32::MAX as u64 - 1) / 2;

/// Of a net's parameters, and of its activations in a batch: a quarter of a gigabyte.
const MOST_NUMBERS: u64 = 1 << 26;

/// What is trained, and how.
#[derive(Debug)]
pub(super) struct Work {
    pub(super) n_nets: usize,
    pub(super) n_parameters: usize,
    /// Examples.
    n_rows: usize,
    pub(super) batch: usize,
    pub(super) widths: Vec<usize>,
    pub(super) activation: Activation,
    learning_rate: f32,
    /// Neurons above the inputs.
    n_neurons: usize,
    pub(super) layers: Vec<Layer>,
    pub(super) tiles: Vec<[u32; 4]>,
    /// `[examples, inputs]`.
    pub(super) x: Vec<f32>,
    pub(super) labels: Vec<u32>,
    /// Made so far.
    pub(super) steps: u32,
}

impl Work {
    pub(super) fn new(
        mlp: &Mlp<'_>,
        sgd: &Sgd,
        parameters: &[f32],
        examples: &Examples<'_>,
    ) -> Result<Self, KernelError> {
        let shape = Shape::checked(OP, mlp, &Members::Vectors(parameters), examples)?;
        if !(0.0..=1e30).contains(&sgd.learning_rate) {
            let got = sgd.learning_rate.to_string();
            return Err(KernelError::Range { op: OP, what: "the learning rate", allowed: "[0, 1e30]", got });
        }
        if sgd.batch == 0 {
            return Err(KernelError::Size { op: OP, what: "examples in a batch", expected: 1, got: 0 });
        }
        check_limit(OP, "examples in a batch", 1 << 20, sgd.batch as u64)?;
        check_limit(OP, "parameters of a net", MOST_NUMBERS, shape.n_parameters as u64)?;
        let n_neurons: usize = mlp.widths[1..].iter().sum();
        let padded = (sgd.batch as u64).next_multiple_of(u64::from(mlp_pass::BLOCK));
        check_limit(OP, "numbers in a batch of one net", MOST_NUMBERS, (n_neurons as u64).saturating_mul(padded))?;
        let layers = mlp_pass::layers(mlp.widths);
        Ok(Self {
            n_nets: shape.n_nets,
            n_parameters: shape.n_parameters,
            n_rows: shape.n_rows,
            batch: sgd.batch,
            widths: mlp.widths.to_vec(),
            activation: mlp.activation,
            learning_rate: sgd.learning_rate as f32,
            n_neurons,
            tiles: mlp_update::tiles(&layers),
            layers,
            x: examples.inputs.to_vec(),
            labels: examples.labels.to_vec(),
            steps: 0,
        })
    }

    /// Numbers of a net in `a`, and as many in `delta`.
    pub(super) fn scratch(&self) -> usize {
        self.n_neurons * self.batch.next_multiple_of(mlp_pass::BLOCK as usize)
    }

    /// Bytes of a net in `a`, and as many in `delta`.
    pub(super) fn scratch_bytes(&self) -> u64 {
        4 * self.scratch() as u64
    }

    /// How many nets go through a pass together within so much memory, at least 1.
    pub(super) fn group(&self, limit_bytes: u64) -> Result<usize, KernelError> {
        let of_parameters = 4 * (self.n_nets * self.n_parameters) as u64;
        check_limit(OP, "bytes for the parameters of all nets", limit_bytes, of_parameters)?;
        check_limit(OP, "bytes for a batch of one net", limit_bytes, 2 * self.scratch_bytes())?;
        let most = (limit_bytes - of_parameters) / (2 * self.scratch_bytes());
        Ok((most as usize).clamp(1, self.n_nets.max(1)))
    }

    pub(super) fn check_batches(&self, batches: &[u32]) -> Result<(), KernelError> {
        let n_steps = batches.len() / self.batch;
        check_size(OP, "examples in whole batches", n_steps * self.batch, batches.len())?;
        let highest = batches.iter().max().map_or(0, |example| u64::from(*example) + 1);
        check_limit(OP, "examples to number", self.n_rows as u64, highest)?;
        check_limit(OP, "steps", MOST_STEPS, u64::from(self.steps) + n_steps as u64)
    }

    /// How many examples are measured, at least 1.
    pub(super) fn check_measured(&self, n_measured: usize) -> Result<usize, KernelError> {
        if n_measured == 0 {
            return Err(KernelError::Size { op: OP, what: "examples to measure", expected: 1, got: 0 });
        }
        Ok(n_measured.min(self.n_rows))
    }

    /// What the pass of a step is told; its batch is the `number`th of those at hand.
    pub(super) fn pass(&self, first_net: usize, step: u32, number: u32) -> mlp_pass::Params {
        mlp_pass::Params {
            n_layers: self.layers.len() as u32,
            batch: self.batch as u32,
            n_parameters: self.n_parameters as u32,
            n_neurons: self.n_neurons as u32,
            n_classes: self.layers[self.layers.len() - 1].n_out,
            activation: activation::id(self.activation),
            first_net: first_net as u32,
            first_index: number * self.batch as u32,
            clock: 2 * step,
            scale: 1.0 / self.batch as f32,
            ..Default::default()
        }
    }

    /// What the update of a step is told.
    pub(super) fn update(&self, first_net: usize, step: u32, number: u32) -> mlp_update::Params {
        let p = self.pass(first_net, step, number);
        mlp_update::Params {
            batch: p.batch,
            n_parameters: p.n_parameters,
            n_neurons: p.n_neurons,
            n_tiles: self.tiles.len() as u32,
            first_net: p.first_net,
            first_index: p.first_index,
            clock: p.clock,
            learning_rate: self.learning_rate,
            ..Default::default()
        }
    }
}
