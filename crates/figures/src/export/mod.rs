//! Figures as files: SVG, PNG and JSON. Native tools only.

mod font;
mod json;
mod png;
mod raster;
mod svg;

pub use json::json;
pub use png::png;
pub use svg::svg;

use crate::axes;
use crate::data::{self, HeatPaint};
use crate::model::Figure;
use crate::pen::Op;
use crate::theme::Style;
use crate::{FINE, PaintError};

/// The largest side that is exported, in pixels.
const LARGEST: u32 = 16_384;

fn check_size(format: &'static str, (width, height): (u32, u32)) -> Result<(), PaintError> {
    if (1..=LARGEST).contains(&width) && (1..=LARGEST).contains(&height) {
        return Ok(());
    }
    let reason = format!("expected 1 to {LARGEST} pixels a side, got {width}×{height}");
    Err(PaintError::Encode { format, reason })
}

/// Size and style in fine coordinates.
fn fine(size: (u32, u32), style: &Style) -> ((u32, u32), Style) {
    ((size.0 * FINE, size.1 * FINE), Style { scale: style.unit() * f64::from(FINE), ..*style })
}

/// The two layers, without heat maps, in fine coordinates; the upper one with the handles.
fn layers(figure: &Figure, size: (u32, u32), style: &Style) -> (Vec<Op>, Vec<Op>) {
    let (size, style) = fine(size, style);
    let mut upper = axes::ops(figure, size, &style);
    upper.extend(data::handle_ops(figure, size, &style));
    (data::ops(figure, size, &style, HeatPaint::Skip), upper)
}
