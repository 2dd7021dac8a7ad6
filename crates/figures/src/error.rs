//! What can go wrong while painting or exporting.

use std::fmt::Display;

use thiserror::Error;

/// Painting failed. Odd figures (empty, NaN, degenerate ranges) are not errors: they are painted as far as they make sense.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum PaintError {
    /// The backend refused a primitive.
    #[error("the picture could not be painted ({doing}): {reason}")]
    Backend {
        /// Which primitive.
        doing: &'static str,
        /// The backend's words.
        reason: String,
    },
    /// The picture could not be written as a file.
    #[error("the picture could not be encoded as {format}: {reason}")]
    Encode {
        /// The file format.
        format: &'static str,
        /// The encoder's words.
        reason: String,
    },
}

impl PaintError {
    pub(crate) fn backend(doing: &'static str, reason: impl Display) -> Self {
        Self::Backend { doing, reason: reason.to_string() }
    }
}
