//! An axis.

use serde::{Deserialize, Serialize};

/// One axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// Name, symbol and unit, e.g. `layer l`.
    pub label: String,
    /// Linear or logarithmic.
    pub scale: Scale,
    /// The lower and upper end, in data units; both finite, lower < upper, both > 0 on a logarithmic axis.
    pub range: (f64, f64),
    /// Named positions in place of numbers (the classes of a matrix); empty for numbers.
    pub names: Vec<(f64, String)>,
}

impl Axis {
    /// A linear axis.
    #[must_use]
    pub fn linear(label: &str, low: f64, high: f64) -> Self {
        Self { label: label.into(), scale: Scale::Linear, range: (low, high), names: Vec::new() }
    }

    /// A logarithmic axis, base 10.
    #[must_use]
    pub fn log(label: &str, low: f64, high: f64) -> Self {
        Self { label: label.into(), scale: Scale::Log, range: (low, high), names: Vec::new() }
    }
}

/// How an axis maps numbers to lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scale {
    /// Equal differences, equal lengths.
    Linear,
    /// Equal ratios, equal lengths.
    Log,
}
