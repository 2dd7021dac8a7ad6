//! Arrows: the way of a point, and fields.

use crate::area::PlotArea;
use crate::clip::{Point, clip_line, simplify};
use crate::colour::mix;
use crate::model::Role;
use crate::pen::{Ink, Op};
use crate::samples::Samples;
use crate::strokes::TOLERANCE;
use crate::theme::Style;

/// Length of a head in CSS pixels.
const HEAD: f64 = 7.5;
/// The share of its colour that a way has where it starts.
const PALE: f64 = 0.4;
/// In how many steps the colour becomes full.
const STEPS: usize = 16;

/// An arrow head at a tip; `(dx, dy)` is a direction.
pub(crate) fn head(tip: Point, (dx, dy): Point, length: f64, ink: impl Into<Ink>) -> Option<Op> {
    let norm = dx.hypot(dy);
    if !(norm > 0.0 && norm.is_finite()) {
        return None;
    }
    let (ux, uy) = (dx / norm * length, dy / norm * length);
    let corner = |side: f64| (tip.0 - ux - side * 0.42 * uy, tip.1 - uy + side * 0.42 * ux);
    // The notch makes it look like an arrow and not like a triangle.
    let notch = (tip.0 - 0.75 * ux, tip.1 - 0.75 * uy);
    Some(Op::fill(vec![tip, corner(1.0), notch, corner(-1.0)], ink))
}

fn distance(p: Point, q: Point) -> f64 {
    (q.0 - p.0).hypot(q.1 - p.1)
}

/// The pieces of a way that are seen, cut where its colour changes and where a head sits.
struct Way {
    pieces: Vec<Vec<Point>>,
    length: f64,
}

impl Way {
    fn new(points: &[Point], area: &PlotArea, style: &Style) -> Self {
        let pieces = clip_line(points, area.plot()).into_iter();
        let pieces: Vec<Vec<Point>> = pieces.map(|piece| simplify(&piece, TOLERANCE * style.unit())).collect();
        let length = pieces.iter().flat_map(|piece| piece.windows(2)).map(|p| distance(p[0], p[1])).sum();
        Self { pieces, length }
    }

    /// The parts between ascending lengths of way, with the number of the part; the last one has no end.
    fn parts(&self, ends: &[f64]) -> Vec<(usize, Vec<Point>)> {
        let (mut out, mut gone, mut part) = (Vec::new(), 0.0, 0);
        for piece in &self.pieces {
            let mut line = vec![piece[0]];
            for pair in piece.windows(2) {
                let (p, q) = (pair[0], pair[1]);
                let step = distance(p, q);
                while part < ends.len() && ends[part] < gone + step {
                    let t = (ends[part] - gone) / step;
                    let cut = (p.0 + t * (q.0 - p.0), p.1 + t * (q.1 - p.1));
                    line.push(cut);
                    out.push((part, std::mem::replace(&mut line, vec![cut])));
                    part += 1;
                }
                line.push(q);
                gone += step;
            }
            out.push((part, line));
        }
        out
    }
}

/// The way of a point.
pub(crate) fn path(
    (x, y): (&Samples, &Samples),
    role: Role,
    heads: u32,
    fading: bool,
    area: &PlotArea,
    style: &Style,
    ops: &mut Vec<Op>,
) {
    let points = area.pixels(x, y);
    let finite = |p: &&Point| p.0.is_finite() && p.1.is_finite();
    let way = Way::new(&points, area, style);
    paint(&way, role, heads, fading, style, ops);
    ends((points.iter().find(finite), points.iter().rfind(finite)), role, area, style, ops);
}

fn paint(way: &Way, role: Role, heads: u32, fading: bool, style: &Style, ops: &mut Vec<Op>) {
    let (theme, wide) = (style.theme, style.stroke(1.8));
    let colour = |share: f64| {
        let share = if fading { PALE + (1.0 - PALE) * share } else { 1.0 };
        mix(theme.ground(), theme.colour(role), share)
    };
    let at = |k: usize, n: usize| way.length * k as f64 / n as f64;
    let steps = if fading { STEPS } else { 1 };
    let cuts: Vec<f64> = (1..steps).map(|k| at(k, steps)).collect();
    for (part, line) in way.parts(&cuts) {
        ops.push(Op::path(line, wide, colour((part as f64 + 0.5) / steps as f64)));
    }
    // A head more than there is room for would hide the line.
    let length = style.stroke(HEAD);
    let heads = (heads as usize).min((way.length / (2.5 * length)) as usize);
    // Its middle sits at the place, and it points along the chord under it.
    let cuts: Vec<f64> = (1..=heads).flat_map(|k| [-0.5, 0.5].map(|side| at(k, heads + 1) + side * length)).collect();
    let parts = way.parts(&cuts);
    for k in 0..heads {
        let under = |wanted: usize| parts.iter().filter(move |(part, _)| *part == wanted);
        let (Some((_, first)), Some((_, last))) = (under(2 * k + 1).next(), under(2 * k + 1).next_back()) else {
            continue;
        };
        let (from, tip) = (first[0], last[last.len() - 1]);
        let share = (k + 1) as f64 / (heads + 1) as f64;
        ops.extend(head(tip, (tip.0 - from.0, tip.1 - from.1), length, colour(share)));
    }
}

/// A ring where a way starts, a disc where it ends.
pub(crate) fn ends(
    (first, last): (Option<&Point>, Option<&Point>),
    role: Role,
    area: &PlotArea,
    style: &Style,
    ops: &mut Vec<Op>,
) {
    let (ground, colour) = (style.theme.ground(), style.theme.colour(role));
    for (at, inner) in [(first, ground), (last, colour)] {
        if let Some(at) = at.filter(|at| area.plot().contains(**at)) {
            for (radius, ink) in [(5.4, ground), (4.2, colour), (2.4, inner)] {
                ops.push(Op::disc(*at, style.stroke(radius), ink));
            }
        }
    }
}

/// A field of arrows.
pub(crate) fn arrows(
    (x, y): (&Samples, &Samples),
    (dx, dy): (&Samples, &Samples),
    role: Role,
    on_heat: bool,
    area: &PlotArea,
    style: &Style,
    ops: &mut Vec<Op>,
) {
    let sum = |p: &Samples, q: &Samples| Samples(p.iter().zip(q.iter()).map(|(p, q)| p + q).collect());
    let tails = area.pixels(x, y);
    let tips = area.pixels(&sum(x, dx), &sum(y, dy));
    let (colour, wide) = (style.theme.colour(role), style.stroke(1.3));
    let pairs = || tails.iter().zip(&tips);
    let lines: Vec<Vec<Point>> = pairs().flat_map(|(tail, tip)| clip_line(&[*tail, *tip], area.plot())).collect();
    // All of a kind together: a painter takes them as one.
    if on_heat {
        let casing = Ink(style.theme.ground(), 0.55);
        ops.extend(lines.iter().map(|line| Op::path(line.clone(), wide + style.stroke(2.0), casing)));
    }
    ops.extend(lines.into_iter().map(|line| Op::path(line, wide, colour)));
    let seen = pairs().filter(|(_, tip)| area.plot().contains(**tip));
    ops.extend(seen.filter_map(|(tail, tip)| {
        let length = (0.45 * distance(*tail, *tip)).min(style.stroke(0.85 * HEAD));
        head(*tip, (tip.0 - tail.0, tip.1 - tail.1), length, colour)
    }));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_way_is_cut_at_even_lengths_and_its_parts_join() {
        let way = Way {
            pieces: vec![vec![(0.0, 0.0), (3.0, 0.0), (3.0, 4.0)], vec![(10.0, 0.0), (10.0, 3.0)]],
            length: 10.0,
        };
        let parts = way.parts(&[2.5, 5.0, 8.0]);
        assert_eq!(
            parts,
            [
                (0, vec![(0.0, 0.0), (2.5, 0.0)]),
                (1, vec![(2.5, 0.0), (3.0, 0.0), (3.0, 2.0)]),
                (2, vec![(3.0, 2.0), (3.0, 4.0)]),
                (2, vec![(10.0, 0.0), (10.0, 1.0)]),
                (3, vec![(10.0, 1.0), (10.0, 3.0)]),
            ]
        );
    }

    #[test]
    fn a_head_points_where_it_goes() {
        let Some(Op::Fill { points, .. }) = head((10.0, 0.0), (3.0, 0.0), 5.0, [0; 3]) else { panic!("a head") };
        assert_eq!(points[0], (10.0, 0.0));
        assert!(points[1..].iter().all(|p| p.0 < 10.0 && p.0 >= 5.0), "{points:?}");
        assert_eq!(head((0.0, 0.0), (0.0, 0.0), 5.0, [0; 3]), None);
        assert_eq!(head((0.0, 0.0), (f64::NAN, 1.0), 5.0, [0; 3]), None);
    }
}
