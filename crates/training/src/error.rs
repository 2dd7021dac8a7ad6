//! Why a net cannot be trained so.

/// Why a net cannot be trained so.
#[derive(Debug, thiserror::Error)]
pub enum TrainingError {
    /// The net, its passes or its rule.
    #[error(transparent)]
    Net(#[from] nets::NetError),
    /// How images are distorted.
    #[error(transparent)]
    Distortion(#[from] data::distort::DistortionError),
    /// Images of another size than the net takes, or than the ones before.
    #[error("images of {got_rows}×{got_cols} pixels, but {rows}×{cols} are expected")]
    Size {
        /// Expected rows.
        rows: usize,
        /// Expected columns.
        cols: usize,
        /// Rows there are.
        got_rows: usize,
        /// Columns there are.
        got_cols: usize,
    },
    /// Nothing to learn from.
    #[error("there are no images to train on")]
    NoImages,
    /// A number of a recipe outside its range.
    #[error("{name} is {got}, but must lie in {allowed}")]
    Range {
        /// Which.
        name: &'static str,
        /// Its value.
        got: f64,
        /// The interval it must lie in.
        allowed: String,
    },
}
