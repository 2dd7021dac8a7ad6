//! What is read at a place.

use crate::model::{Axis, Role, Scale};
use crate::number::format_number;

/// One value near a place in the plot. Names and texts have the markup of labels (`σ_w`, `N^{−1/2}`).
#[derive(Clone, Debug, PartialEq)]
pub struct HoverValue {
    /// The name of the series, of what a heat map colours, or the caption of an image.
    pub name: String,
    /// The meaning of the series; `None` for a heat map, an image, a curve or a surface.
    pub role: Option<Role>,
    /// The pixel of what is read: where to put a marker.
    pub at: (f64, f64),
    /// Data: abscissa.
    pub x: f64,
    /// Data: ordinate.
    pub y: f64,
    /// Data: the value of a cell or pixel, or the third coordinate in space.
    pub value: Option<f64>,
    /// The abscissa as text.
    pub x_text: String,
    /// The ordinate as text, with the half length of the error bar if there is one.
    pub y_text: String,
    /// The value as text.
    pub value_text: Option<String>,
}

/// A reading with a third number.
pub(super) fn with_value(
    name: &str,
    at: (f64, f64),
    (x, y): (f64, f64),
    (x_text, y_text): (String, String),
    value: f64,
) -> HoverValue {
    HoverValue {
        name: name.into(),
        role: None,
        at,
        x,
        y,
        value: Some(value),
        x_text,
        y_text,
        value_text: Some(format_number(value)),
    }
}

/// The position's name if the axis names it, else its number.
pub(super) fn place_text(axis: &Axis, value: f64) -> String {
    let close = match axis.scale {
        Scale::Linear => 1e-3 * (axis.range.1 - axis.range.0).abs(),
        Scale::Log => 1e-3 * value.abs(),
    };
    let named = axis.names.iter().find(|(at, _)| (at - value).abs() <= close);
    named.map_or_else(|| format_number(value), |(_, name)| name.clone())
}
