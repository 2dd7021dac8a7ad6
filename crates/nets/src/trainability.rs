//! One cell of the map of what depth can be trained: a net of one depth at one `sigma_w`, trained for a while.
//!
//! Schoenholz et al. (2017), figure 5: correlations between inputs reach their fixed point within the depth scale
//! `xi_c(sigma_w)`. A net much deeper than that no longer sees its inputs apart at its outputs and cannot be trained: in the
//! ordered phase it sees one input only, in the chaotic phase nothing but noise, and gradients vanish or explode at the same
//! rate. At the critical `sigma_w` the scale is infinite and any depth is trained.

use std::sync::Arc;

use random::Stream;
use theory::Activation;

use crate::NetError;
use crate::engine::rules::Optimiser;
use crate::error::{check_limit, check_size};
/// Those of a [`Cell`] of this stream, too.
pub use crate::mlp::trainer::batches;
use crate::mlp::{Examples, Loss, Recipe, Score, Shape, Step, Targets, Trainer};

/// Most hidden layers of a cell's net.
pub const MOST_LAYERS: usize = 10_000;

/// What is trained in a cell, and how: softmax cross-entropy by plain SGD.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CellRecipe {
    /// Between the layers.
    pub activation: Activation,
    /// Hidden layers, at least 1.
    pub depth: usize,
    /// Neurons in each.
    pub width: usize,
    /// Weights are drawn from `N(0, sigma_w²/fan_in)`.
    pub sigma_w: f64,
    /// Biases are drawn from `N(0, sigma_b²)`; in the paper `sigma_b² = 0.05`.
    pub sigma_b: f64,
    /// Of SGD without momentum.
    pub learning_rate: f64,
    /// Examples in a batch.
    pub batch: usize,
    /// The first so many examples are those that progress is measured on; all where there are fewer.
    pub measured: usize,
}

/// How far a cell has come.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Progress {
    /// Steps made.
    pub steps: u64,
    /// Loss and accuracy on the examples that are measured, which are among those trained on.
    pub score: Score,
    /// Whether training has ended in numbers without bounds; the score is then that of the last finite parameters.
    pub is_diverged: bool,
}

/// A net in training with its buffers, some kilobytes for each layer; the examples are shared.
#[derive(Clone, Debug)]
pub struct Cell {
    trainer: Trainer,
    examples: Arc<Examples>,
    measured: usize,
}

impl Cell {
    /// A random net for `examples`, which are of classes. Nets of the same stream and width share their draws layer by
    /// layer, and take the examples in the same order, whatever their sigmas and depths.
    ///
    /// # Errors
    /// [`NetError::Range`] for a value outside its range, [`NetError::Empty`] without examples, [`NetError::Targets`] for
    /// targets that are no classes, [`NetError::TooLarge`] for too large a net.
    pub fn new(recipe: CellRecipe, examples: Arc<Examples>, stream: Stream) -> Result<Self, NetError> {
        let Targets::Classes(labels) = examples.targets() else {
            return Err(NetError::Targets { loss: "cross-entropy", needs: "classes" });
        };
        let Some(&largest) = labels.iter().max() else { return Err(NetError::Empty { op: "trainability" }) };
        for (name, got) in [("depth", recipe.depth), ("measured", recipe.measured)] {
            if got == 0 {
                return Err(NetError::Range { name, got: 0.0, allowed: "[1, inf)" });
            }
        }
        check_limit("layers of a net", recipe.depth, MOST_LAYERS)?;
        let mut widths = vec![examples.dim()];
        widths.resize(recipe.depth + 1, recipe.width);
        widths.push(largest as usize + 1);
        let of_trainer = Recipe {
            sigma_w: recipe.sigma_w,
            sigma_b: recipe.sigma_b,
            loss: Loss::CrossEntropy,
            optimiser: Optimiser::sgd(recipe.learning_rate),
            batch: recipe.batch,
        };
        let trainer = Trainer::new(Shape::new(&widths, recipe.activation)?, of_trainer, stream)?;
        let measured = recipe.measured.min(examples.n());
        Ok(Self { trainer, examples, measured })
    }

    /// Makes up to `n_steps` steps, fewer where training diverges, and measures.
    ///
    /// # Errors
    /// None that [`new`](Self::new) has not found; they are passed on nonetheless.
    pub fn advance(&mut self, n_steps: usize) -> Result<Progress, NetError> {
        for _ in 0..n_steps {
            if self.step()? == Step::Diverged {
                break;
            }
        }
        self.progress()
    }

    /// The same, and lets others in after every step.
    ///
    /// # Errors
    /// As [`advance`](Self::advance), and those of `checkpoint`, which end it.
    pub async fn advance_with<E: From<NetError>>(
        &mut self,
        n_steps: usize,
        mut checkpoint: impl AsyncFnMut() -> Result<(), E>,
    ) -> Result<Progress, E> {
        for _ in 0..n_steps {
            if self.step()? == Step::Diverged {
                break;
            }
            checkpoint().await?;
        }
        Ok(self.progress()?)
    }

    /// Makes one step.
    ///
    /// # Errors
    /// As [`advance`](Self::advance).
    pub fn step(&mut self) -> Result<Step, NetError> {
        self.trainer.step(&self.examples)
    }

    /// Measures.
    ///
    /// # Errors
    /// As [`advance`](Self::advance).
    pub fn progress(&mut self) -> Result<Progress, NetError> {
        Ok(Progress {
            steps: self.trainer.steps(),
            score: self.trainer.score_range(&self.examples, 0..self.measured)?,
            is_diverged: self.trainer.is_diverged(),
        })
    }

    /// The parameters as they are; they are finite.
    #[must_use]
    pub fn parameters(&self) -> &[f32] {
        self.trainer.net().parameters()
    }

    /// Goes on from given parameters, as at the start otherwise.
    ///
    /// # Errors
    /// [`NetError::Size`] when there are not as many.
    pub fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), NetError> {
        self.trainer.set_parameters(parameters)
    }

    /// Back to the start, with the same weights.
    pub fn reset(&mut self) {
        self.trainer.reset();
    }
}

/// Inputs from images `[n, rows, cols]` of bytes: [`pooled`] and [`inputs_from_pooled`].
///
/// # Errors
/// [`NetError::Size`] when there are not as many pixels.
pub fn inputs_from_images(n: usize, rows: usize, cols: usize, pixels: &[u8]) -> Result<Vec<f32>, NetError> {
    let pooled = pooled(n, rows, cols, pixels)?;
    inputs_from_pooled((rows / 2) * (cols / 2), &pooled)
}

/// Images `[n, rows, cols]` at half the size: means over 2×2 pixels, rounded; an odd last row or column is left out. The
/// result is `[n, rows/2, cols/2]`.
///
/// # Errors
/// [`NetError::Size`] when there are not as many pixels.
pub fn pooled(n: usize, rows: usize, cols: usize, pixels: &[u8]) -> Result<Vec<u8>, NetError> {
    check_size("pixels", n.saturating_mul(rows).saturating_mul(cols), pixels.len())?;
    let (low_rows, low_cols) = (rows / 2, cols / 2);
    let mut low = Vec::with_capacity(n * low_rows * low_cols);
    for image in pixels.chunks_exact((rows * cols).max(1)) {
        for r in 0..low_rows {
            for c in 0..low_cols {
                let at = |dr: usize, dc: usize| u16::from(image[(2 * r + dr) * cols + 2 * c + dc]);
                low.push(((at(0, 0) + at(0, 1) + at(1, 0) + at(1, 1) + 2) / 4) as u8);
            }
        }
    }
    Ok(low)
}

/// Inputs from images of `dim` bytes each: each is scaled to mean square 1; one without ink stays zero.
///
/// All inputs then have pre-activations of the same variance `sigma_w² + sigma_b²` at the first layer, as the theory assumes,
/// and from there lengths are near `q*` after the few layers of `xi_q`. A start at `q*` itself would need other inputs for
/// each `sigma_w`.
///
/// # Errors
/// [`NetError::Size`] when the bytes are no whole number of images.
pub fn inputs_from_pooled(dim: usize, pixels: &[u8]) -> Result<Vec<f32>, NetError> {
    check_size("pixels", pixels.len() / dim.max(1) * dim, pixels.len())?;
    let mut inputs: Vec<f32> = pixels.iter().copied().map(f32::from).collect();
    for image in inputs.chunks_exact_mut(dim.max(1)) {
        let mean_square = crate::mean_square(image);
        if mean_square > 0.0 {
            let scale = (1.0 / mean_square.sqrt()) as f32;
            image.iter_mut().for_each(|x| *x *= scale);
        }
    }
    Ok(inputs)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::mlp::Trainer;

    /// Two epochs and a half, so that the order of the next ones counts too.
    #[test]
    fn batches_are_those_that_the_cell_takes() {
        let (n, dim, steps) = (20, 4, 12);
        let mut inputs = vec![0.0; n * dim];
        Stream::new(1, "test").fill_normal_f32(0, &mut inputs);
        let examples = Examples::with_classes(dim, inputs, (0..n as u32).map(|i| i % 3).collect()).unwrap();
        let recipe = CellRecipe {
            activation: Activation::Tanh,
            depth: 2,
            width: 6,
            sigma_w: 1.2,
            sigma_b: 0.1,
            learning_rate: 0.1,
            batch: 4,
            measured: n,
        };
        let stream = Stream::new(5, "test");
        let mut cell = Cell::new(recipe, Arc::new(examples.clone()), stream).unwrap();
        let mut trainer: Trainer = cell.trainer.clone();
        for indices in batches(stream, n, 4, steps).chunks_exact(4) {
            let indices: Vec<usize> = indices.iter().map(|i| *i as usize).collect();
            trainer.step_on(&examples, &indices).unwrap();
        }
        cell.advance(steps).unwrap();
        assert_eq!(cell.parameters(), trainer.net().parameters());
    }
}
