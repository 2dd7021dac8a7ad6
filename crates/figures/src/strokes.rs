//! How lines and areas are drawn, in the plot and in the legend.

use crate::area::PlotArea;
use crate::clip::{Point, clip_line, dashes, simplify};
use crate::model::{Role, Stroke};
use crate::pen::{Ink, Op};
use crate::theme::Style;

/// How opaque bands are.
pub(crate) const BAND_ALPHA: f64 = 0.2;

/// How opaque bars are.
pub(crate) const BAR_ALPHA: f64 = 0.8;

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

/// A polyline in the plot, on a map with a casing.
pub(crate) fn line(
    points: &[Point],
    role: Role,
    stroke: Stroke,
    on_heat: bool,
    area: &PlotArea,
    style: &Style,
    ops: &mut Vec<Op>,
) {
    let (theme, wide) = (style.theme, style.stroke(line_width(stroke)));
    let pieces = clip_line(points, area.plot()).into_iter();
    let pieces: Vec<_> = pieces.map(|piece| simplify(&piece, TOLERANCE * style.unit())).collect();
    if on_heat {
        // A casing, for a map has all colours. All of them before all lines: a painter takes what is alike together.
        let casing = Ink(theme.ground(), 0.55);
        ops.extend(pieces.iter().map(|piece| Op::path(piece.clone(), wide + style.stroke(2.0), casing)));
    }
    for piece in pieces {
        match dash_lengths(stroke, style) {
            Some((on, off)) => {
                ops.extend(dashes(&piece, on, off).into_iter().map(|dash| Op::path(dash, wide, theme.colour(role))));
            }
            None => ops.push(Op::path(piece, wide, theme.colour(role))),
        }
    }
}
