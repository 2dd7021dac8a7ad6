//! What can be wrong with the inputs of this crate.

use thiserror::Error;

/// A value outside the range for which a formula holds.
#[derive(Clone, Copy, Debug, PartialEq, Error)]
pub enum TheoryError {
    /// The parameter is NaN, infinite, or outside the closed range.
    #[error("{name} must lie in [{min}, {max}], got {got}")]
    OutOfRange {
        /// The parameter, by its name in the formulas.
        name: &'static str,
        /// Smallest allowed value.
        min: f64,
        /// Largest allowed value.
        max: f64,
        /// The value that was given.
        got: f64,
    },
}

impl TheoryError {
    /// `got` if it lies in `[min, max]`, the error that says so otherwise.
    pub(crate) fn check(name: &'static str, got: f64, min: f64, max: f64) -> Result<f64, Self> {
        // Written so that NaN fails.
        if got >= min && got <= max { Ok(got) } else { Err(Self::OutOfRange { name, min, max, got }) }
    }
}
