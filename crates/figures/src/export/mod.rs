//! Figures as files: SVG, PNG and JSON. Native tools only.

mod font;
mod json;
mod png;
mod raster;
mod svg;

pub use json::json;
pub use png::png;
pub use svg::svg;

use crate::model::Figure;
use crate::pen::Op;
use crate::picture::Picture;
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

/// The figure in fine coordinates.
fn fine_picture<'a>(figure: &'a Figure, size: (u32, u32), style: &Style) -> Picture<'a> {
    let style = Style { scale: style.unit() * f64::from(FINE), ..*style };
    Picture::new(figure, (size.0 * FINE, size.1 * FINE), &style)
}

/// All of a picture but its heat maps: data, axes over them, and handles on top.
fn all_ops(picture: &Picture<'_>) -> Vec<Op> {
    [&picture.data_ops(), picture.axes_ops(), &picture.handle_ops()].concat()
}
