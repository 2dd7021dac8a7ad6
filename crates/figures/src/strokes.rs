//! How lines and areas are drawn, in the plot and in the legend.

use crate::model::Stroke;
use crate::theme::Style;

/// How opaque bands are.
pub(crate) const BAND_ALPHA: f64 = 0.2;

/// Width of a stroke in CSS pixels.
pub(crate) fn line_width(stroke: Stroke) -> f64 {
    match stroke {
        Stroke::Solid | Stroke::Dashed => 2.0,
        // No wider than a pixel, which painters draw much faster than any other line.
        Stroke::Thin => 1.0,
    }
}

/// Dash and gap in backend pixels; `None` for an unbroken stroke.
pub(crate) fn dash_lengths(stroke: Stroke, style: &Style) -> Option<(f64, f64)> {
    (stroke == Stroke::Dashed).then(|| (style.stroke(6.0), style.stroke(4.0)))
}

/// How far a line may run beside its samples to save vertices, in CSS pixels: kinks of twice this are not seen.
pub(crate) const TOLERANCE: f64 = 0.06;
