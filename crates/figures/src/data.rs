//! The data layer: grid, heat maps, bands, lines, points, rules and curves, names of rules and phases. It lies under the axes layer. And handles, which
//! lie on top of both.

use crate::area::PlotArea;
use crate::clip::{Point, clip_line, clip_polygon, dashes, simplify};
use crate::labels::labels;
use crate::layout::Frame;
use crate::model::{Figure, Layer, Role, Stroke, View};
use crate::orbit;
use crate::pen::{Ink, Op};
use crate::samples::Samples;
use crate::strokes::{BAND_ALPHA, TOLERANCE, dash_lengths, line_width};
use crate::theme::Style;

/// The data layer as a list.
pub(crate) fn ops(figure: &Figure, frame: &Frame, style: &Style) -> Vec<Op> {
    let mut ops = Vec::new();
    let area = &frame.area;
    let has_heat = figure.layers.iter().any(|layer| matches!(layer, Layer::Heat { .. }));
    if figure.view == View::Orbit {
        orbit::axes(area, style, &mut ops);
    } else if !has_heat {
        grid(frame, style, &mut ops);
    }
    for layer in &figure.layers {
        paint_layer(layer, area, style, has_heat, &mut ops);
    }
    if figure.view == View::Orbit {
        orbit::names(figure, area, style, &mut ops);
    }
    labels(figure, frame, style, &mut ops);
    ops
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

fn paint_layer(layer: &Layer, area: &PlotArea, style: &Style, on_heat: bool, ops: &mut Vec<Op>) {
    match layer {
        Layer::Line { role, stroke, x, y, .. } => line(&pixels(area, x, y), *role, *stroke, on_heat, area, style, ops),
        Layer::Points { role, x, y, spread, .. } => points(x, y, spread, *role, on_heat, area, style, ops),
        Layer::Band { role, x, low, high, .. } => band(x, low, high, *role, area, style, ops),
        Layer::Rule { role, at, upright, .. } => {
            let plot = area.plot();
            let (x, y) = area.pixel_from_data(*at, *at);
            let ends = if *upright { [(x, plot.top), (x, plot.bottom)] } else { [(plot.left, y), (plot.right, y)] };
            rule(ends, *role, on_heat, area, style, ops);
        }
        Layer::Curve3 { points, closed, .. } => orbit::curve(&points.0, *closed, area, style, ops),
        Layer::Heat { .. }
        | Layer::Text { .. }
        | Layer::Bars { .. }
        | Layer::Histogram { .. }
        | Layer::Contours { .. }
        | Layer::ImageGrid { .. }
        | Layer::Path { .. }
        | Layer::Arrows { .. }
        | Layer::Surface { .. }
        | Layer::Points3 { .. }
        | Layer::Handle { .. }
        | Layer::Window { .. }
        | Layer::Pen { .. }
        | Layer::Probe => {}
    }
}

fn pixels(area: &PlotArea, x: &Samples, y: &Samples) -> Vec<Point> {
    x.iter().zip(y.iter()).map(|(x, y)| area.pixel_from_data(f64::from(x), f64::from(y))).collect()
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

fn line(
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

fn points(
    x: &Samples,
    y: &Samples,
    spread: &Samples,
    role: Role,
    on_heat: bool,
    area: &PlotArea,
    style: &Style,
    ops: &mut Vec<Op>,
) {
    let (theme, plot) = (style.theme, area.plot());
    let colour = theme.colour(role);
    let at = pixels(area, x, y);
    for (i, half) in spread.iter().enumerate().take(at.len()) {
        let (x, y, half) = (f64::from(x.0[i]), f64::from(y.0[i]), f64::from(half).abs());
        let ends = [area.pixel_from_data(x, y - half), area.pixel_from_data(x, y + half)];
        // On a logarithmic axis a bar may reach below zero: to the end of the axis then.
        let bottom = if ends[0].1.is_nan() { plot.bottom } else { ends[0].1 };
        for bar in clip_line(&[(ends[0].0, bottom), ends[1]], plot) {
            if (bar[0].1 - bar[1].1).abs() > 1.0 {
                ops.push(Op::path(bar, style.stroke(1.2), Ink(colour, 0.75)));
            }
        }
    }
    // Close together, points are smaller and lose their rim, which would cover lines behind; on a map, which may have their
    // colour, they keep it.
    let css_width = plot.width() / style.unit();
    let crowded = at.len() > 150 || css_width / (at.len().max(1) as f64) < 12.0 * style.theme.weight();
    let radius = style.stroke(if crowded || css_width < 360.0 { 2.1 } else { 2.8 });
    let seen = || at.iter().filter(|p| plot.contains(**p));
    if !crowded || on_heat {
        ops.extend(seen().map(|p| Op::disc(*p, radius + style.stroke(0.9), Ink(theme.ground(), 0.9))));
    }
    ops.extend(seen().map(|p| Op::disc(*p, radius, colour)));
}

fn band(x: &Samples, low: &Samples, high: &Samples, role: Role, area: &PlotArea, style: &Style, ops: &mut Vec<Op>) {
    let (floor, roof) = (pixels(area, x, low), pixels(area, x, high));
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
