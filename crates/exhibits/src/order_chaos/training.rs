//! The map of what depth can be trained (Schoenholz et al. 2017, figure 5): many nets over `sigma_w` and depth, trained a
//! little at a time, all of them, round after round.

use std::rc::Rc;
use std::sync::Arc;

use figures::{Axis, ColourMap, ColourScale, Figure, Layer, Role, Samples, Stroke, View};
use kernels::{Gpu, Mlp, MlpTraining, Sgd};
use nets::mlp::Examples;
use nets::trainability::{Cell, CellRecipe, batches, inputs_from_pooled, pooled};
use random::Stream;
use serde::{Deserialize, Serialize};
use theory::{Activation, MeanField, critical_line};

use super::inputs::Images;
use super::on_gpu::GpuFailure;
use super::settings::Settings;
use crate::job::{Checkpoint, JobError};

/// Cells: `sigma_w` across, depth upwards.
pub(super) const COLUMNS: usize = 14;
pub(super) const ROWS: usize = 12;
const DEPTH_STEP: usize = 4;
/// Neurons in each hidden layer.
pub(super) const WIDTH: usize = 48;
pub(super) const BATCH: usize = 32;
/// Steps of a round, after which accuracy is measured.
pub(super) const ROUND_STEPS: usize = 50;
pub(super) const ROUNDS: u32 = 8;
pub(super) const LEARNING_RATE: f64 = 0.03;
/// Images that are trained on, and that accuracy is measured on: whether a net learns at all is the question.
pub(super) const N_IMAGES: usize = 640;
/// From this accuracy on a cell counts as trained.
const TRAINED: f32 = 0.9;
/// Schoenholz et al. find that nets train up to about so many `xi_c`.
const DEPTH_SCALES: f64 = 6.0;
/// Abscissae of the theory's curve.
const CURVE_POINTS: usize = 121;

/// What must be equal for training to go on.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Key {
    activation: Activation,
    sigma_b: f64,
    seed: u64,
    is_real: bool,
}

/// Images at half their size, for every core.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Digits {
    pub(super) dim: usize,
    pub(super) pixels: Vec<u8>,
    pub(super) labels: Vec<u8>,
}

impl Digits {
    fn new(images: &Images) -> Result<Self, JobError> {
        let pack = &images.pack;
        let n = pack.n().min(N_IMAGES);
        let size = pack.rows() * pack.cols();
        let pixels = pooled(n, pack.rows(), pack.cols(), &pack.pixels()[..n * size])?;
        Ok(Self { dim: (pack.rows() / 2) * (pack.cols() / 2), pixels, labels: pack.labels()[..n].to_vec() })
    }

    /// As the nets see them.
    pub(super) fn examples(&self) -> Result<Examples, JobError> {
        let labels = self.labels.iter().copied().map(u32::from).collect();
        Ok(Examples::with_classes(self.dim, inputs_from_pooled(self.dim, &self.pixels)?, labels)?)
    }
}

/// One round of one cell, with all that it depends on.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Round {
    activation: String,
    sigma_b: f64,
    seed: u64,
    depth: usize,
    sigma_w: f64,
    round: u32,
    /// As the round before left them; empty before the first.
    parameters: Samples,
    digits: Digits,
}

/// What a round leaves.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Trained {
    parameters: Samples,
    accuracy: f32,
    is_diverged: bool,
}

impl Round {
    /// Hidden layers.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    fn recipe(&self) -> Result<CellRecipe, JobError> {
        let activation = Activation::from_key(&self.activation)
            .ok_or_else(|| JobError::Failed(format!("activation “{}” is not known", self.activation)))?;
        Ok(CellRecipe {
            activation,
            depth: self.depth,
            width: WIDTH,
            sigma_w: self.sigma_w,
            sigma_b: self.sigma_b,
            learning_rate: LEARNING_RATE,
            batch: BATCH,
            measured: N_IMAGES,
        })
    }

    /// Trains. `kept` holds the examples of the last call.
    pub(super) async fn train(
        &self,
        kept: &mut Option<(Digits, Arc<Examples>)>,
        pace: &mut dyn Checkpoint,
    ) -> Result<Trained, JobError> {
        let examples = match kept {
            Some((digits, examples)) if *digits == self.digits => Arc::clone(examples),
            _ => {
                let examples = Arc::new(self.digits.examples()?);
                *kept = Some((self.digits.clone(), Arc::clone(&examples)));
                examples
            }
        };
        let mut cell = Cell::new(self.recipe()?, examples, stream(self.seed, self.round))?;
        if !self.parameters.is_empty() {
            cell.set_parameters(&self.parameters.0)?;
        }
        let progress = cell.advance_with(ROUND_STEPS, async || pace.checkpoint().await).await?;
        Ok(Trained {
            parameters: cell.parameters().to_vec().into(),
            accuracy: progress.score.accuracy as f32,
            is_diverged: progress.is_diverged,
        })
    }
}

/// A row of the map in training on the graphics device: nets of one depth, whose parameters stay there from round to round.
pub(super) struct RowOnGpu {
    training: MlpTraining<Rc<Gpu>>,
    n_images: usize,
}

impl RowOnGpu {
    /// The nets of `rounds`, which are of one depth and have all come as far.
    pub(super) async fn new(gpu: Rc<Gpu>, rounds: &[Round]) -> Result<Self, GpuFailure> {
        let Some(first) = rounds.first() else { return Err(JobError::Failed("an empty row".into()).into()) };
        let examples = Arc::new(first.digits.examples()?);
        let mut parameters = Vec::new();
        for round in rounds {
            if round.parameters.is_empty() {
                let stream = stream(round.seed, round.round);
                let cell = Cell::new(round.recipe()?, Arc::clone(&examples), stream).map_err(JobError::from)?;
                parameters.extend_from_slice(cell.parameters());
            } else {
                parameters.extend_from_slice(&round.parameters.0);
            }
        }
        let mut widths = vec![examples.dim()];
        widths.resize(first.depth + 1, WIDTH);
        widths.push(first.digits.labels.iter().max().map_or(1, |l| usize::from(*l) + 1));
        let mlp = Mlp { widths: &widths, activation: first.recipe()?.activation };
        let labels: Vec<u32> = first.digits.labels.iter().copied().map(u32::from).collect();
        let on_gpu = kernels::Examples { inputs: examples.inputs(), labels: &labels };
        let sgd = Sgd { learning_rate: LEARNING_RATE, batch: BATCH };
        let training = MlpTraining::new(gpu, &mlp, &sgd, &parameters, &on_gpu).await.map_err(GpuFailure::Device)?;
        Ok(Self { training, n_images: labels.len() })
    }

    /// Number of nets.
    pub(super) fn n_nets(&self) -> usize {
        self.training.n_members()
    }

    /// Trains a round, on the same batches as the CPU would.
    pub(super) async fn train(&mut self, rounds: &[Round]) -> Result<Vec<Trained>, GpuFailure> {
        let Some(first) = rounds.first() else { return Ok(Vec::new()) };
        let batches = batches(stream(first.seed, first.round), self.n_images, BATCH, ROUND_STEPS);
        self.training.advance(&batches).await.map_err(GpuFailure::Device)?;
        let scores = self.training.scores(self.n_images).await.map_err(GpuFailure::Device)?;
        let parameters = self.training.parameters().await.map_err(GpuFailure::Device)?;
        let each = parameters.chunks_exact(parameters.len() / scores.len().max(1));
        let found = scores.iter().zip(each).map(|(score, parameters)| Trained {
            parameters: parameters.to_vec().into(),
            accuracy: score.score.accuracy as f32,
            is_diverged: score.is_diverged,
        });
        Ok(found.collect())
    }
}

/// Each round takes the examples in orders of its own; the weights are those of the first.
fn stream(seed: u64, round: u32) -> Stream {
    Stream::new(seed, "order-chaos training").child(u64::from(round))
}

#[derive(Clone, Debug, Default)]
struct State {
    parameters: Samples,
    rounds: u32,
    /// On the images that are trained on; NaN before the first round.
    accuracy: f32,
    is_diverged: bool,
}

/// The map, as far as it has been trained.
#[derive(Debug)]
pub(super) struct Training {
    key: Key,
    digits: Digits,
    /// Ends of `sigma_w`.
    sigma_w: (f64, f64),
    cells: Vec<State>,
}

impl Training {
    /// `old` where it is of the same nets.
    pub(super) fn refreshed(old: Option<Self>, settings: &Settings, images: &Images) -> Result<Self, JobError> {
        let key = Key {
            activation: settings.activation,
            sigma_b: settings.sigma_b,
            seed: settings.seed,
            is_real: images.notice.is_none(),
        };
        if let Some(old) = old
            && old.key == key
        {
            return Ok(old);
        }
        let critical = critical_line(settings.activation, settings.sigma_b).map_or(1.5, |point| point.sigma_w);
        // In steps of a twentieth, around where it matters.
        let round = |x: f64| (x * 20.0).round() / 20.0;
        let sigma_w = (round(0.6 * critical), round(2.0 * critical).max(round(0.6 * critical) + 0.1));
        let untrained = State { accuracy: f32::NAN, ..State::default() };
        Ok(Self { key, digits: Digits::new(images)?, sigma_w, cells: vec![untrained; COLUMNS * ROWS] })
    }

    fn cell_width(&self) -> f64 {
        (self.sigma_w.1 - self.sigma_w.0) / COLUMNS as f64
    }

    /// `sigma_w` of a column.
    pub(super) fn sigma_w_of(&self, column: usize) -> f64 {
        self.sigma_w.0 + (column as f64 + 0.5) * self.cell_width()
    }

    /// Hidden layers of a row.
    pub(super) fn depth_of(row: usize) -> usize {
        DEPTH_STEP * (row + 1)
    }

    /// The cells of a row whose round comes next, `None` when none is left. That is the row which has come least far, of
    /// those the deepest, and none that has `busy` cells. What it returns has come equally far.
    pub(super) fn next_row(&self, busy: impl Fn(usize) -> bool) -> Option<Vec<usize>> {
        let waits = |k: &usize| self.cells[*k].rounds < ROUNDS && !self.cells[*k].is_diverged;
        let rows = (0..ROWS).rev().map(|row| row * COLUMNS..(row + 1) * COLUMNS);
        let free = rows.filter(|row| !row.clone().any(&busy));
        let row = free.filter_map(|row| Some((row.clone().filter(waits).map(|k| self.cells[k].rounds).min()?, row)));
        let (round, row) = row.min_by_key(|(round, _)| *round)?;
        Some(row.filter(waits).filter(|k| self.cells[*k].rounds == round).collect())
    }

    /// The next round of a cell.
    pub(super) fn round_of(&self, cell: usize, settings: &Settings) -> Round {
        let state = &self.cells[cell];
        Round {
            activation: settings.activation.key().to_owned(),
            sigma_b: settings.sigma_b,
            seed: settings.seed,
            depth: Self::depth_of(cell / COLUMNS),
            sigma_w: self.sigma_w_of(cell % COLUMNS),
            round: state.rounds,
            parameters: state.parameters.clone(),
            digits: self.digits.clone(),
        }
    }

    /// Takes what a round has left.
    pub(super) fn take(&mut self, cell: usize, trained: Trained) {
        let state = &mut self.cells[cell];
        *state = State {
            parameters: trained.parameters,
            rounds: state.rounds + 1,
            accuracy: trained.accuracy,
            is_diverged: trained.is_diverged,
        };
    }

    /// Rounds done, of all.
    pub(super) fn share(&self) -> f32 {
        let done: u32 = self.cells.iter().map(|c| if c.is_diverged { ROUNDS } else { c.rounds }).sum();
        done as f32 / (ROUNDS as f32 * self.cells.len() as f32)
    }

    /// The picture.
    pub(super) fn figure(&self, settings: &Settings) -> Figure {
        let height = (DEPTH_STEP * ROWS) as f64;
        let half = 0.5 * DEPTH_STEP as f64;
        let steps = self.cells.iter().map(|c| c.rounds).max().unwrap_or(0) as usize * ROUND_STEPS;
        let mut layers = vec![Layer::Heat {
            columns: COLUMNS as u32,
            values: Samples(self.cells.iter().map(|c| c.accuracy).collect()),
            x: self.sigma_w,
            y: (half, height + half),
            colours: ColourScale {
                label: "accuracy".into(),
                map: ColourMap::Sequential,
                range: (0.0, 1.0),
                names: [(0.1, "0.1"), (0.5, "0.5"), (0.9, "0.9")].map(|(x, name)| (x, name.to_owned())).into(),
            },
        }];
        let scales = self.depth_scales(settings);
        for (name, factor, stroke) in [("6 ξ_c", DEPTH_SCALES, Stroke::Solid), ("ξ_c", 1.0, Stroke::Dashed)] {
            let points = scales.iter().map(|(sigma_w, xi_c)| (*sigma_w, (factor * xi_c).min(4.0 * height)));
            layers.push(Layer::line(name, Role::Critical, stroke, points));
        }
        layers.push(Layer::Handle {
            x: settings.sigma_w,
            y: settings.depth as f64,
            x_control: "sigma_w".into(),
            y_control: "depth".into(),
        });
        Figure {
            id: "trainability".into(),
            title: self.title(settings, steps),
            x: Axis::linear("weight scale σ_w", self.sigma_w.0, self.sigma_w.1),
            y: Axis::linear("depth, hidden layers", half, height + half),
            layers,
            view: View::Plane,
            alt: format!(
                "Accuracy of {} nets over weight scale and depth after {steps} steps, with six times the depth scale that \
                 theory predicts.",
                self.cells.len()
            ),
            note: (steps == 0).then(|| "Not trained yet.".into()),
            device: String::new(),
        }
    }

    /// `sigma_w` and `ξ_c`.
    fn depth_scales(&self, settings: &Settings) -> Vec<(f64, f64)> {
        let at = |i: usize| {
            let sigma_w = self.sigma_w.0 + (self.sigma_w.1 - self.sigma_w.0) * i as f64 / (CURVE_POINTS - 1) as f64;
            (sigma_w, xi_c(settings, sigma_w))
        };
        (0..CURVE_POINTS).map(at).filter(|(_, xi)| !xi.is_nan()).collect()
    }

    /// How deep training reaches, in units of theory's scale, where that is within the map.
    fn title(&self, settings: &Settings, steps: usize) -> String {
        if steps == 0 {
            return format!("{} nets wait", self.cells.len());
        }
        let deepest = |column: usize| {
            let trained = (0..ROWS).filter(|row| self.cells[row * COLUMNS + column].accuracy > TRAINED);
            trained.map(Self::depth_of).max().unwrap_or(0) as f64
        };
        let limit = (DEPTH_STEP * ROWS) as f64;
        let scale = |column: usize| xi_c(settings, self.sigma_w_of(column));
        let within = (0..COLUMNS).filter(|c| DEPTH_SCALES * scale(*c) < limit);
        let reached = within.map(|c| deepest(c) / scale(c)).fold(f64::NAN, f64::max);
        if reached > 0.0 {
            format!("after {steps} steps: above 90 % up to {reached:.1} ξ_c")
        } else {
            format!("after {steps} steps")
        }
    }
}

fn xi_c(settings: &Settings, sigma_w: f64) -> f64 {
    let field = MeanField::new(settings.activation, sigma_w, settings.sigma_b);
    field.ok().and_then(|field| field.coarse().summary().xi_c.layers()).unwrap_or(f64::NAN)
}
