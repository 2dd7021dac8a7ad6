//! A net of two inputs over the plane.

use figures::Cells;
use nets::mlp::{Trainable, Trainer};

use crate::job::{Checkpoint, JobError};

/// Rows between two checkpoints.
const ROWS_AT_ONCE: usize = 8;

/// A net's output at the middles of `side × side` equal cells of the square \[-reach, reach\]²; the net has two inputs
/// and one output.
///
/// # Errors
/// [`JobError`] for a net of other inputs or outputs, or when a newer request came.
pub async fn output_cells<N: Trainable>(
    reach: f64,
    side: usize,
    net: &Trainer<N>,
    pace: &mut (impl Checkpoint + ?Sized),
) -> Result<Cells, JobError> {
    let mut net = net.clone();
    let mut values = vec![0.0; side * side];
    let place = |index: usize| (reach * ((2 * index + 1) as f64 / side as f64 - 1.0)) as f32;
    for (row, values) in values.chunks_exact_mut(side.max(1)).enumerate() {
        if row % ROWS_AT_ONCE == 0 {
            pace.checkpoint().await?;
        }
        let xy: Vec<f32> = (0..side).flat_map(|column| [place(column), place(row)]).collect();
        net.outputs(side, &xy, values)?;
    }
    Ok(Cells { columns: side as u32, values: values.into(), x: (-reach, reach), y: (-reach, reach) })
}
