//! The data layer: grid, bands, lines, points, bars and so on, names of rules and phases. It lies over the heat maps and
//! under the axes layer. And handles, which lie on top of both.

use crate::area::PlotArea;
use crate::bars::{self, Slots};
use crate::clip::{Point, clip_line, clip_polygon, dashes, simplify};
use crate::hatch::hatch;
use crate::labels::labels;
use crate::layout::Frame;
use crate::model::{Figure, Layer, Role, View};
use crate::pen::{Ink, Op};
use crate::points::{points, shapes};
use crate::samples::Samples;
use crate::strokes::{BAND_ALPHA, TOLERANCE, line};
use crate::theme::Style;
use crate::{arrows, contours, images, orbit, surface};

/// The data layer as a list.
pub(crate) fn ops(figure: &Figure, frame: &Frame, style: &Style) -> Vec<Op> {
    let mut ops = Vec::new();
    match figure.view {
        View::Images => images::words(figure, &frame.area, style, &mut ops),
        View::Orbit => space(figure, frame, style, &mut ops),
        View::Plane | View::Square => {
            let has_heat = figure.layers.iter().any(|layer| matches!(layer, Layer::Heat { .. }));
            if !has_heat {
                grid(frame, style, &mut ops);
            }
            plane(figure, &frame.area, style, has_heat, &mut ops);
            labels(figure, frame, style, &mut ops);
        }
    }
    ops
}

/// What there is in space.
fn space(figure: &Figure, frame: &Frame, style: &Style, ops: &mut Vec<Op>) {
    let area = &frame.area;
    let has_surface = figure.layers.iter().any(|layer| matches!(layer, Layer::Surface { .. }));
    if has_surface {
        surface::floor(area, style, ops);
    } else {
        orbit::axes(area, style, ops);
    }
    for layer in &figure.layers {
        if let Layer::Curve3 { points, closed, .. } = layer {
            orbit::curve(&points.0, *closed, area, style, ops);
        }
    }
    surface::surfaces(figure, area, style, ops);
    if has_surface {
        surface::names(figure, area, style, ops);
    } else {
        orbit::names(figure, area, style, ops);
    }
    labels(figure, frame, style, ops);
}

/// What there is on two axes.
fn plane(figure: &Figure, area: &PlotArea, style: &Style, on_heat: bool, ops: &mut Vec<Op>) {
    let shapes = shapes(figure);
    let slots = Slots::new(figure, area);
    let mut series_of_bars = 0;
    for (layer, shape) in figure.layers.iter().zip(shapes) {
        match layer {
            Layer::Line { role, stroke, x, y, .. } => {
                line(&area.pixels(x, y), *role, *stroke, on_heat, area, style, ops);
            }
            Layer::Points { role, x, y, spread, .. } => {
                points((x, y), spread, (*role, shape), on_heat, area, style, ops);
            }
            Layer::Band { role, x, low, high, .. } => band(x, low, high, *role, area, style, ops),
            Layer::Rule { role, at, upright, .. } => {
                let plot = area.plot();
                let (x, y) = area.pixel_from_data(*at, *at);
                let ends = if *upright { [(x, plot.top), (x, plot.bottom)] } else { [(plot.left, y), (plot.right, y)] };
                rule(ends, *role, on_heat, area, style, ops);
            }
            Layer::Heat { .. } => hatch(layer, area, style, ops),
            Layer::Bars { role, x, y, spread, .. } => {
                bars::bars(slots, series_of_bars, (x, y, spread), *role, area, style, ops);
                series_of_bars += 1;
            }
            Layer::Histogram { role, edges, heights, .. } => {
                bars::histogram(edges, heights, *role, area, style, ops);
            }
            Layer::Contours { role, stroke, cells, levels, labelled, .. } => {
                contours::contours(cells, levels, (*role, *stroke), *labelled, on_heat, area, style, ops);
            }
            Layer::Path { role, x, y, heads, fading, .. } => {
                arrows::path((x, y), *role, *heads, *fading, area, style, ops);
            }
            Layer::Arrows { role, x, y, dx, dy, .. } => {
                arrows::arrows((x, y), (dx, dy), *role, on_heat, area, style, ops);
            }
            Layer::Text { .. }
            | Layer::ImageGrid { .. }
            | Layer::Surface { .. }
            | Layer::Points3 { .. }
            | Layer::Curve3 { .. }
            | Layer::Handle { .. }
            | Layer::Window { .. }
            | Layer::Pen { .. }
            | Layer::Pad { .. }
            | Layer::Probe => {}
        }
    }
}

/// The handles as a list.
pub(crate) fn handle_ops(figure: &Figure, area: &PlotArea, style: &Style) -> Vec<Op> {
    let mut ops = Vec::new();
    for layer in &figure.layers {
        if let Layer::Handle { x, y, .. } = layer {
            handle(area.pixel_from_data(*x, *y), area, style, &mut ops);
        }
    }
    ops
}

fn grid(frame: &Frame, style: &Style, ops: &mut Vec<Op>) {
    let plot = frame.area.plot();
    let (x, y) = frame.area.axes();
    let ink = Ink(style.theme.ink(), style.theme.grid_alpha());
    for tick in frame.x_ticks.iter().filter(|t| t.is_major()) {
        let at = x.pixel(tick.value).min(plot.right).max(plot.left);
        ops.push(Op::upright(at, (plot.top, plot.bottom), style.stroke(1.0), ink, style));
    }
    for tick in frame.y_ticks.iter().filter(|t| t.is_major()) {
        let at = y.pixel(tick.value).min(plot.bottom).max(plot.top);
        ops.push(Op::level(at, (plot.left, plot.right), style.stroke(1.0), ink, style));
    }
}

/// Lighter than a curve: it is a mark, not data.
fn rule(ends: [Point; 2], role: Role, on_heat: bool, area: &PlotArea, style: &Style, ops: &mut Vec<Op>) {
    let wide = style.stroke(1.4);
    for piece in clip_line(&ends, area.plot()) {
        if on_heat {
            ops.push(Op::path(piece.clone(), wide + style.stroke(2.0), Ink(style.theme.ground(), 0.55)));
        }
        let cut = dashes(&piece, style.stroke(5.0), style.stroke(4.0));
        ops.extend(cut.into_iter().map(|dash| Op::path(dash, wide, style.theme.colour(role))));
    }
}

fn band(x: &Samples, low: &Samples, high: &Samples, role: Role, area: &PlotArea, style: &Style, ops: &mut Vec<Op>) {
    let (floor, roof) = (area.pixels(x, low), area.pixels(x, high));
    let count = floor.len().min(roof.len());
    let finite = |i: usize| [floor[i].0, floor[i].1, roof[i].1].iter().all(|v| v.is_finite());
    let mut start = 0;
    while start < count {
        let length = (start..count).take_while(|&i| finite(i)).count();
        if length > 1 {
            let tolerance = TOLERANCE * style.unit();
            let mut outline = simplify(&floor[start..start + length], tolerance);
            outline.extend(simplify(&roof[start..start + length], tolerance).into_iter().rev());
            let cut = clip_polygon(&outline, area.plot());
            ops.push(Op::fill(cut, Ink(style.theme.colour(role), BAND_ALPHA)));
        }
        start += length + 1;
    }
}

/// A ring in the accent colour with a halo: round and raised, as what can be grabbed.
fn handle(at: Point, area: &PlotArea, style: &Style, ops: &mut Vec<Op>) {
    if !area.plot().contains(at) {
        return;
    }
    let (theme, unit) = (style.theme, style.theme.handle_weight() * style.unit());
    ops.push(Op::disc(at, 11.0 * unit, Ink(theme.ink(), 0.18)));
    ops.push(Op::disc(at, 9.5 * unit, theme.ground()));
    ops.push(Op::disc(at, 7.5 * unit, theme.colour(Role::Accent)));
    ops.push(Op::disc(at, 3.0 * unit, theme.ground()));
}
