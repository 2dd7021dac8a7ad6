//! What can be wrong with a net, or with what is asked of it.

use thiserror::Error;

use crate::TheoryError;

/// Why a net or its pieces cannot be had.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum NetError {
    /// A list has the wrong length.
    #[error("{what} of layer {layer}: expected {expected} entries, got {got}")]
    Shape {
        /// Weights, biases, units, inputs or points.
        what: &'static str,
        /// Hidden layers count from 1; 0 is the input, the last is the output.
        layer: usize,
        /// The length that fits.
        expected: usize,
        /// The length that was given.
        got: usize,
    },
    /// A number is infinite or NaN, or became so on the way.
    #[error("{what} of layer {layer}: expected finite numbers, got {got}")]
    NotFinite {
        /// Weights, biases, outputs or points.
        what: &'static str,
        /// Hidden layers count from 1; 0 is the input, the last is the output.
        layer: usize,
        /// The number.
        got: f64,
    },
    /// Neighbouring points are not in increasing order.
    #[error("points must increase: expected more than {before}, got {got} at place {place}")]
    NotIncreasing {
        /// The place in the list, from 0.
        place: usize,
        /// The point before it.
        before: f64,
        /// The point.
        got: f64,
    },
    /// There are more linear pieces than can be listed.
    #[error("at most {max} linear pieces can be listed, and there are more")]
    TooManyPieces {
        /// The limit.
        max: usize,
    },
    /// A number lies outside its range.
    #[error(transparent)]
    Range(#[from] TheoryError),
}

impl NetError {
    /// A whole number that must not exceed `max`.
    pub(crate) fn check_count(name: &'static str, got: usize, min: usize, max: usize) -> Result<usize, Self> {
        TheoryError::check(name, got as f64, min as f64, max as f64)?;
        Ok(got)
    }

    /// The entries if all are finite.
    pub(crate) fn check_finite(what: &'static str, layer: usize, entries: &[f64]) -> Result<(), Self> {
        match entries.iter().find(|entry| !entry.is_finite()) {
            Some(&got) => Err(Self::NotFinite { what, layer, got }),
            None => Ok(()),
        }
    }
}
