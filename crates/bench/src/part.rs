//! A piece of a task.

use serde::{Deserialize, Serialize};

/// One part, with all that it depends on.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) enum Part {
    /// T4's slice for some of the images.
    LossSlice { pixels: Vec<u8>, labels: Vec<u8> },
    /// Rows of T5's map.
    Regions { first_row: usize, rows: usize },
    /// One cell's round of the trainability map.
    Training { cell: usize, pixels: Vec<u8>, labels: Vec<u8> },
}
