//! Names that stand in the plot and follow the data: they belong to the data layer, so that the axes can stay as they are.

use crate::area::PlotArea;
use crate::clip::{Point, Rect};
use crate::colour::Rgb;
use crate::layout::Frame;
use crate::model::{Figure, Layer};
use crate::pen::{Align, Op, label_place};
use crate::text::{elide, width};
use crate::theme::Style;
use crate::traces::{Trace, covered, traces};

/// The names of phases and rules.
pub(crate) fn labels(figure: &Figure, frame: &Frame, style: &Style, ops: &mut Vec<Op>) {
    let is_named = |layer: &Layer| matches!(layer, Layer::Rule { name, .. } if !name.is_empty());
    let traces = if figure.layers.iter().any(is_named) { traces(figure, &frame.area) } else { Vec::new() };
    let plot = frame.area.plot();
    let text = style.text();
    let on_heat = figure.layers.iter().any(|layer| matches!(layer, Layer::Heat { .. }));
    let halo: Rgb = style.theme.ground();
    let room = plot.inset(0.2 * text);
    if plot.width() < 6.0 * text || plot.height() < 4.0 * text {
        return;
    }
    let mut put = |name: &str, role, at: Point, px: f64| {
        let name = elide(name, px, room.width());
        if name.is_empty() {
            return;
        }
        let at = label_place(at, width(&name, px), px, &room);
        // On a map the ground has all the map's colours; only the ink stands out from them.
        let ink = if on_heat { style.theme.ink() } else { style.theme.colour(role) };
        ops.push(Op::label_on_picture(&name, at, Align::Middle, px, ink, halo));
    };
    for layer in &figure.layers {
        match layer {
            Layer::Text { text: word, role, x, y } => {
                let at = frame.area.pixel_from_data(*x, *y);
                if plot.contains(at) {
                    put(word, *role, at, 1.1 * text);
                }
            }
            Layer::Rule { name, role, at, upright } if !name.is_empty() => {
                let small = style.small_text();
                if let Some(place) = rule_name_place(name, *at, *upright, &frame.area, &traces, style) {
                    put(name, *role, place, small);
                }
            }
            _ => {}
        }
    }
}

/// Beside the rule where the name covers least, rather at an end than between; `None` if the rule is not in the plot.
fn rule_name_place(
    name: &str,
    at: f64,
    upright: bool,
    area: &PlotArea,
    traces: &[Trace],
    style: &Style,
) -> Option<Point> {
    let plot = area.plot();
    let small = style.small_text();
    let half = (width(name, small) / 2.0, 0.6 * small);
    let (x, y) = area.pixel_from_data(at, at);
    let (beside, above) = (half.0 + 0.45 * small, 0.85 * small);
    let shown = if upright { x >= plot.left && x <= plot.right } else { y >= plot.top && y <= plot.bottom };
    if !shown {
        return None;
    }
    let (high, low) = (plot.top + 0.9 * small, plot.bottom - 0.9 * small);
    let (near, far) = (plot.left + half.0 + 0.5 * small, plot.right - half.0 - 0.3 * small);
    // Its one end, the other, and between, each on both sides.
    let place = |rank: usize| {
        let share = [0.0, 1.0, 0.5, 0.25, 0.75][rank / 2];
        let side = if rank.is_multiple_of(2) { 1.0 } else { -1.0 };
        if upright {
            (x + side * beside, high + share * (low - high))
        } else {
            (far + share * (near - far), y - side * above)
        }
    };
    let cost = |place: &Point| {
        let rect =
            Rect { left: place.0 - half.0, top: place.1 - half.1, right: place.0 + half.0, bottom: place.1 + half.1 };
        let outside = !plot.contains((rect.left, rect.top)) || !plot.contains((rect.right, rect.bottom));
        covered(traces, &rect, style.unit()) + if outside { 1e6 } else { 0.0 }
    };
    let mut best: Option<(f64, Point)> = None;
    for rank in 0..10 {
        let place = place(rank);
        // So that a name does not hop while the data moves a little.
        let cost = cost(&place) + 5.0 * rank.min(4) as f64;
        if best.is_none_or(|(least, _)| cost < least) {
            best = Some((cost, place));
        }
    }
    best.map(|(_, place)| place)
}
