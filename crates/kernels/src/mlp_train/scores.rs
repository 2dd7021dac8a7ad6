//! Scores of the members, from their parameters on the device.

use theory::Activation;

use super::work::Work;
use super::{OP, TrainingScore};
use crate::error::check_limit;
use crate::gpu::{Buffer, Job, Plan, Shader};
use crate::kernels::{mlp_layer, mlp_scores};
use crate::{KernelError, Score, activation};

/// The examples that scores are measured on.
#[derive(Debug)]
pub(super) struct Measured {
    n_rows: usize,
    /// `[inputs, examples]`.
    x: Buffer,
}

impl Measured {
    pub(super) fn new(job: &mut Job<'_>, work: &Work, n_rows: usize) -> Result<Self, KernelError> {
        let n_in = work.widths[0];
        let transposed: Vec<f32> = (0..n_in * n_rows).map(|k| work.x[k % n_rows * n_in + k / n_rows]).collect();
        Ok(Self { n_rows, x: job.upload("measured x", &transposed)? })
    }

    pub(super) fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Sum of the losses and number right, `[nets, blocks of 128 examples]`.
    pub(super) async fn sums(
        &self,
        job: &mut Job<'_>,
        work: &Work,
        parameters: &Buffer,
        labels: &Buffer,
        limit_bytes: u64,
    ) -> Result<Vec<[f32; 2]>, KernelError> {
        let last = work.layers.len() - 1;
        let widest = work.widths[1..=last].iter().copied().max().unwrap_or(0);
        let bytes_of_a_net = (4 * widest * self.n_rows).max(4) as u64;
        check_limit(OP, "bytes for the examples of one net", limit_bytes, 2 * bytes_of_a_net)?;
        // A quarter of the memory: the training has the rest.
        let group = ((limit_bytes / (8 * bytes_of_a_net)) as usize).clamp(1, work.n_nets.max(1));
        let blocks = self.n_rows.div_ceil(mlp_scores::BLOCK as usize);
        let n_scores = work.n_nets * blocks;
        let coefficients = job.buffer("no coefficients", 0)?;
        let z_bytes = group as u64 * bytes_of_a_net;
        let z = [job.buffer("z", z_bytes)?, job.buffer("z", z_bytes)?];
        let scores = job.buffer("scores", 8 * n_scores as u64)?;

        // The layer `l` is stored in the half `l & 1`.
        let inputs = |l: usize| if l == 0 { &self.x } else { &z[(l - 1) & 1] };
        let layers: Vec<_> = (0..last).map(|l| [&coefficients, parameters, inputs(l), &z[l & 1]]).collect();
        let of_last = [&coefficients, parameters, inputs(last), labels, &scores];
        let mut sets: Vec<(&'static Shader, &[&Buffer])> =
            layers.iter().map(|set| (&mlp_layer::SHADER, &set[..])).collect();
        sets.push((&mlp_scores::SHADER, &of_last));
        let mut plan = Plan::default();
        for first_net in (0..work.n_nets).step_by(group) {
            let n_nets = group.min(work.n_nets - first_net);
            for l in 0..last {
                mlp_layer::push(&mut plan, l, &self.layer(work, l, first_net), n_nets);
            }
            mlp_scores::push(&mut plan, last, &self.layer(work, last, first_net), n_nets);
        }
        job.run(&plan, &sets).await?;
        job.read(&scores, n_scores).await
    }

    fn layer(&self, work: &Work, l: usize, first_net: usize) -> mlp_layer::Params {
        let layer = work.layers[l];
        mlp_layer::Params {
            rows: self.n_rows as u32,
            n_in: layer.n_in,
            n_out: layer.n_out,
            n_parameters: work.n_parameters as u32,
            offset: (first_net * work.n_parameters) as u32 + layer.offset,
            parameters_stride: 1,
            h_stride: u32::from(l > 0),
            activation: activation::id(if l == 0 { Activation::Linear } else { work.activation }),
            first_net: first_net as u32,
            ..Default::default()
        }
    }
}

/// Scores from the sums over blocks of examples.
pub(super) fn of_sums(found: &[[f32; 2]], diverged: &[u32], n_rows: usize) -> Vec<TrainingScore> {
    let blocks = n_rows.div_ceil(mlp_scores::BLOCK as usize);
    let scores = found.chunks_exact(blocks).map(|of_net| Score::of_blocks(of_net, n_rows));
    marked(scores.collect(), diverged)
}

/// Scores without NaN, with what became of each net.
pub(super) fn marked(scores: Vec<Score>, diverged: &[u32]) -> Vec<TrainingScore> {
    let finite = |loss: f64| if loss.is_finite() { loss } else { f64::INFINITY };
    let of_net = |(score, mark): (Score, &u32)| TrainingScore {
        score: Score { loss: finite(score.loss), ..score },
        is_diverged: *mark != u32::MAX,
    };
    scores.into_iter().zip(diverged).map(of_net).collect()
}
