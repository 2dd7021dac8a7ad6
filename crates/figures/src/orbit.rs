//! Curves in space: orthographic projection, the three axes, depth.

use crate::area::PlotArea;
use crate::clip::{Point, clip_line};
use crate::colour::mix;
use crate::model::{Figure, Role};
use crate::pen::{Align, Ink, Op, label_place};
use crate::ramp::cyclic;
use crate::small::sort_by_number;
use crate::text::{elide, width};
use crate::theme::Style;

/// How much of its colour the farthest part of a curve keeps.
pub(crate) const FAR_SHARE: f64 = 0.8;

/// The names of the three axes: those that the horizontal axis gives to positions 0, 1 and 2, or their numbers.
fn axis_name(figure: &Figure, i: usize) -> String {
    let named = figure.x.names.iter().find(|(at, _)| (*at - i as f64).abs() < 0.5);
    named.map_or_else(|| (i + 1).to_string(), |(_, name)| name.clone())
}

/// The axes through the centre, the negative halves fainter; lines only, to be painted under the curves.
pub(crate) fn axes(area: &PlotArea, style: &Style, ops: &mut Vec<Op>) {
    let Some(projection) = area.projection() else { return };
    let (ink, ground) = (style.theme.muted(), style.theme.ground());
    for i in 0..3 {
        let centre = projection.project(projection.centre).0;
        for sign in [1.0, -1.0] {
            let (tip, depth) = projection.end(i, sign);
            let share = if sign > 0.0 { 0.55 } else { 0.25 } - 0.12 * depth;
            for piece in clip_line(&[centre, tip], area.plot()) {
                ops.push(Op::path(piece, style.stroke(1.0), mix(ground, ink, share)));
            }
        }
    }
}

/// The names of the axes, to be painted over the curves.
pub(crate) fn names(figure: &Figure, area: &PlotArea, style: &Style, ops: &mut Vec<Op>) {
    let Some(projection) = area.projection() else { return };
    let small = style.small_text();
    let (ink, ground) = (style.theme.muted(), style.theme.ground());
    for i in 0..3 {
        let centre = projection.project(projection.centre).0;
        let (tip, _) = projection.end(i, 1.0);
        let (dx, dy) = (tip.0 - centre.0, tip.1 - centre.1);
        let length = dx.hypot(dy);
        // An axis that points at the viewer has no end to name.
        if length > 1.2 * small {
            let beyond = 0.9 * small / length;
            let name = elide(&axis_name(figure, i), small, 0.4 * area.plot().width());
            let at = label_place((tip.0 + beyond * dx, tip.1 + beyond * dy), width(&name, small), small, area.plot());
            ops.push(Op::label_on_picture(&name, at, Align::Middle, small, ink, ground));
        }
    }
}

struct Stretch {
    points: Vec<Point>,
    depth: f64,
    hue: f64,
}

/// Paints one curve from back to front: hue along its length, thicker and stronger nearer to the viewer.
pub(crate) fn curve(points: &[f32], closed: bool, area: &PlotArea, style: &Style, ops: &mut Vec<Op>) {
    let Some(projection) = area.projection() else { return };
    let mut vertices: Vec<[f32; 3]> = points.as_chunks::<3>().0.to_vec();
    let count = vertices.len();
    if count == 0 {
        return;
    }
    if closed {
        vertices.push(vertices[0]);
    }
    let projected: Vec<(Point, f64)> = vertices.iter().map(|p| projection.project(p.map(f64::from))).collect();
    // A stretch has one colour and width: enough of them to look smooth, few enough to be cheap.
    let stretches = (vertices.len() - 1).min(160);
    let mut out: Vec<Stretch> = Vec::with_capacity(stretches);
    for k in 0..stretches {
        let (from, to) = (k * (vertices.len() - 1) / stretches, (k + 1) * (vertices.len() - 1) / stretches);
        // One vertex into the next stretch, so that no gap shows between them.
        let part = &projected[from..=(to + 1).min(vertices.len() - 1)];
        let depth = part.iter().map(|p| p.1).sum::<f64>() / part.len() as f64;
        let hue = (from + to) as f64 / 2.0 / (vertices.len() - 1) as f64;
        for piece in clip_line(&part.iter().map(|p| p.0).collect::<Vec<_>>(), area.plot()) {
            out.push(Stretch { points: piece, depth, hue });
        }
    }
    sort_by_number(&mut out, |stretch| -stretch.depth);
    let ground = style.theme.ground();
    for stretch in out {
        let near = (1.0 - stretch.depth) / 2.0;
        let colour = mix(ground, cyclic(stretch.hue, style.theme), FAR_SHARE + (1.0 - FAR_SHARE) * near);
        ops.push(Op::path(stretch.points, style.stroke(1.5 + 2.5 * near), colour));
    }
    // Where the curve starts.
    let (start, _) = projected[0];
    if area.plot().contains(start) {
        ops.push(Op::disc(start, style.stroke(5.5), ground));
        ops.push(Op::disc(start, style.stroke(4.0), style.theme.colour(Role::Accent)));
    }
}

/// A short piece of the cyclic map for the legend.
pub(crate) fn swatch(from: Point, length: f64, style: &Style, ops: &mut Vec<Op>) {
    const PARTS: u32 = 8;
    for k in 0..PARTS {
        let at = |k: u32| (from.0 + length * f64::from(k) / f64::from(PARTS), from.1);
        let colour: Ink = cyclic(f64::from(k) / f64::from(PARTS), style.theme).into();
        ops.push(Op::path(vec![at(k), at(k + 1)], style.stroke(2.6), colour));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::contrast;
    use crate::theme::Theme;

    #[test]
    fn the_curve_in_space_stands_out_in_every_hue() {
        for theme in [Theme::Light, Theme::Dark, Theme::Projector] {
            for k in 0..64 {
                let hue = cyclic(f64::from(k) / 64.0, theme);
                let far = mix(theme.ground(), hue, FAR_SHARE);
                let ratio = contrast(far, theme.ground());
                assert!(ratio >= 3.0, "hue {k} in {theme:?}: {ratio:.2}");
            }
        }
    }
}
