//! Rows of the trainability map: nets of some depths over `sigma_w`, one round each. And T8, a small net trained on spirals.

use std::sync::Arc;

use data::toys::{Toy, points};
use nets::engine::rules::Optimiser;
use nets::mlp::{Examples, Loss, Recipe, Shape, Trainer};
use nets::trainability::{Cell, CellRecipe, inputs_from_pooled, pooled};
use random::Stream;
use theory::Activation;

use crate::part::Part;
use crate::{Check, Data, Failure, Split, Timed};

/// Nets of a row, which differ in `sigma_w`.
const COLUMNS: usize = 14;
/// Depths of the rows. Of one row alone it would be seen that its last net leaves the other cores idle, which in the map the next
/// row takes up.
const DEPTHS: [usize; 3] = [28, 24, 20];
const SIDE: usize = 28;
const N_IMAGES: usize = 640;
/// Steps of a round.
pub(crate) const STEPS: usize = 50;

/// The net of a cell, counted row by row.
pub(crate) fn recipe(cell: usize) -> CellRecipe {
    CellRecipe {
        activation: Activation::Tanh,
        depth: DEPTHS[cell / COLUMNS % DEPTHS.len()],
        width: 48,
        sigma_w: 0.8 + 0.13 * (cell % COLUMNS) as f64,
        sigma_b: 0.05f64.sqrt(),
        learning_rate: 0.03,
        batch: 32,
        measured: N_IMAGES,
    }
}

pub(crate) fn stream() -> Stream {
    Stream::new(1, "bench training")
}

pub(crate) fn examples(pixels: &[u8], labels: &[u8]) -> Result<Examples, Failure> {
    let inputs = inputs_from_pooled(SIDE * SIDE / 4, pixels)?;
    Ok(Examples::with_classes(SIDE * SIDE / 4, inputs, labels.iter().copied().map(u32::from).collect())?)
}

fn images() -> Result<(Vec<u8>, Vec<u8>), Failure> {
    let pack = data::digits::generate_pack(1, N_IMAGES).map_err(|error| Failure::Theory(error.to_string()))?;
    Ok((pooled(N_IMAGES, SIDE, SIDE, pack.pixels())?, pack.labels().to_vec()))
}

/// No reference but reason: accuracies are shares, and near the critical `sigma_w` of 1.3 something is learned at once.
fn checks(accuracies: &[f64]) -> Vec<Check> {
    let best = accuracies.iter().copied().fold(0.0, f64::max);
    vec![Check { name: "best accuracy after 50 steps", got: best, expected: 0.7, tolerance: 0.3 }]
}

pub(crate) fn rows(_data: &Data) -> Result<Timed, Failure> {
    let (pixels, labels) = images()?;
    let examples = Arc::new(examples(&pixels, &labels)?);
    Ok(Box::new(move || {
        let accuracy = |cell: usize| -> Result<f64, Failure> {
            let mut cell = Cell::new(recipe(cell), Arc::clone(&examples), stream())?;
            Ok(cell.advance(STEPS)?.score.accuracy)
        };
        Ok(checks(&(0..COLUMNS * DEPTHS.len()).map(accuracy).collect::<Result<Vec<_>, _>>()?))
    }))
}

pub(crate) fn rows_split(_data: &Data, _cores: usize) -> Result<Split, Failure> {
    let (pixels, labels) = images()?;
    let part = |cell| Part::Training { cell, pixels: pixels.clone(), labels: labels.clone() };
    Split::new((0..COLUMNS * DEPTHS.len()).map(part), |answers| {
        Ok(checks(&answers.iter().map(|bytes| protocol::decode(bytes)).collect::<Result<Vec<_>, _>>()?))
    })
}

/// Steps of T8.
const SMALL_STEPS: usize = 20_000;

/// 2-8-8-1, tanh, batches of 10 of 500 points on spirals, SGD at rate 0.03. The loss is what this crate found natively first:
/// the same bits come on every target. That the gradients are right is tested in `nets`, against candle and differences.
pub(crate) fn t8(_data: &Data) -> Result<Timed, Failure> {
    let spirals = points(Toy::Spirals, 500, 0.02, stream()).map_err(|error| Failure::Theory(error.to_string()))?;
    let examples = Examples::with_classes(2, spirals.xy, spirals.labels.iter().copied().map(u32::from).collect())?;
    let optimiser = Optimiser::sgd(0.03);
    let recipe = Recipe { sigma_w: 1.0, sigma_b: 0.0, loss: Loss::Logistic, optimiser, batch: 10 };
    let mut trainer = Trainer::new(Shape::new(&[2, 8, 8, 1], Activation::Tanh)?, recipe, stream())?;
    Ok(Box::new(move || {
        trainer.reset();
        for _ in 0..SMALL_STEPS {
            trainer.step(&examples)?;
        }
        let loss = trainer.score(&examples)?.loss;
        Ok(vec![Check {
            name: "loss after 20,000 steps",
            got: loss,
            expected: 0.643_426_474_958_658_2,
            tolerance: 1e-9,
        }])
    }))
}
