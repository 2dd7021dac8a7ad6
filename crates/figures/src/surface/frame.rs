//! The box of a surface: its floor, its upright axis and their names.

use crate::area::PlotArea;
use crate::clip::{Point, clip_line};
use crate::model::{Axis, Figure, Layer};
use crate::number::short_number;
use crate::pen::{Align, Ink, Op, label_place};
use crate::projection::Projection;
use crate::text::{elide, width};
use crate::theme::Style;

/// The floor of the box and its upright axis, under the surface.
pub(crate) fn floor(area: &PlotArea, style: &Style, ops: &mut Vec<Op>) {
    let Some(projection) = area.projection() else { return };
    let ink = Ink(style.theme.ink(), style.theme.frame_alpha());
    let mut line = |ends: [[f64; 3]; 2], ink: Ink| {
        let ends = ends.map(|place| projection.corner(place));
        let pieces = clip_line(&ends, area.plot()).into_iter();
        ops.extend(pieces.map(|piece| Op::path(piece, style.stroke(1.0), ink)));
    };
    let corners = [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]];
    for i in 0..4 {
        let ([x0, y0], [x1, y1]) = (corners[i], corners[(i + 1) % 4]);
        line([[x0, y0, -1.0], [x1, y1, -1.0]], ink);
    }
    let [x, y] = left_corner(projection);
    line([[x, y, -1.0], [x, y, 1.0]], ink);
}

/// The corner of the floor that is leftmost on the screen: its upright edge carries the third axis.
fn left_corner(projection: &Projection) -> [f64; 2] {
    let corners = [[-1.0, -1.0], [1.0, -1.0], [1.0, 1.0], [-1.0, 1.0]];
    let at = |c: &[f64; 2]| projection.corner([c[0], c[1], -1.0]).0;
    corners.into_iter().min_by(|a, b| at(a).total_cmp(&at(b))).unwrap_or([-1.0, -1.0])
}

/// Names and ends of the axes.
pub(crate) fn names(figure: &Figure, area: &PlotArea, style: &Style, ops: &mut Vec<Op>) {
    let Some(projection) = area.projection() else { return };
    let scale = figure.layers.iter().find_map(|layer| match layer {
        Layer::Surface { colours, .. } => Some(colours),
        _ => None,
    });
    let Some(scale) = scale else { return };
    let small = style.small_text();
    let room = area.plot().inset(0.1 * small);
    if room.width() < 8.0 * small || room.height() < 6.0 * small {
        return;
    }
    let away = projection.away();
    let near = [0, 1].map(|i| if away[i] > 0.0 { -1.0 } else { 1.0 });
    let middle = projection.corner([0.0, 0.0, -1.0]);
    // Below the near edges of the floor, away from its middle.
    let mut put = |text: &str, place: [f64; 3], (dx, dy): Point, push: f64, ink: [u8; 3]| {
        let text = elide(text, small, 0.6 * room.width());
        if text.is_empty() {
            return;
        }
        let (at, wide) = (projection.corner(place), width(&text, small));
        let at = (at.0 + (push * small + 0.5 * wide * dx.abs()) * dx, at.1 + push * small * dy);
        let at = label_place(at, wide, small, &room);
        ops.push(Op::label_on_picture(&text, at, Align::Middle, small, ink, style.theme.ground()));
    };
    let (ink, muted) = (style.theme.ink(), style.theme.muted());
    for (i, axis) in [&figure.x, &figure.y].into_iter().enumerate() {
        let place = |along: f64| if i == 0 { [along, near[1], -1.0] } else { [near[0], along, -1.0] };
        // Seen along the axis its ends lie upon each other.
        let (a, b) = (projection.corner(place(-0.9)), projection.corner(place(0.9)));
        if (a.0 - b.0).hypot(a.1 - b.1) < 4.0 * small {
            continue;
        }
        // Across the edge, so that the labels of two edges part at their corner.
        let side = projection.corner(place(0.0));
        let (dx, dy) = (side.0 - middle.0, side.1 - middle.1);
        let length = dx.hypot(dy).max(1e-9);
        let away = (dx / length, dy / length);
        let Axis { label, range: (low, high), .. } = axis;
        put(&short_number(*low), place(-0.9), away, 0.9, muted);
        put(&short_number(*high), place(0.9), away, 0.9, muted);
        put(label, place(0.0), away, 1.9, ink);
    }
    let [x, y] = left_corner(projection);
    for (value, height) in [(scale.range.0, -0.8), (scale.range.1, 0.95)] {
        put(&short_number(f64::from(value)), [x, y, height], (-1.0, 0.0), 0.5, muted);
    }
}
