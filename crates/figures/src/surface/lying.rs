//! Points and ways in space, on a surface or alone.

use super::nodes::Nodes;
use crate::area::PlotArea;
use crate::clip::clip_line;
use crate::model::{Figure, Layer, Role};
use crate::pen::{Ink, Op};
use crate::projection::Projection;
use crate::theme::Style;

/// What lies on the surface, in the order in which it is to be painted: a list for each square.
pub(super) struct Lying {
    pub(super) squares: Vec<Vec<Op>>,
    pub(super) wide: usize,
}

impl Lying {
    pub(super) fn new(figure: &Figure, nodes: &Nodes, area: &PlotArea, projection: &Projection, style: &Style) -> Self {
        let (wide, high) = (nodes.x.len().saturating_sub(1), nodes.y.len().saturating_sub(1));
        let mut lying = Self { squares: vec![Vec::new(); wide * high], wide };
        each(figure, projection, area, style, &mut |place, op| {
            if let Some(square) = nearer_square(nodes, place, projection.away()) {
                lying.squares[square.1 * wide + square.0].push(op);
            }
        });
        lying
    }
}

/// The points in space and the ways between them, piece by piece with their places.
pub(super) fn each(
    figure: &Figure,
    projection: &Projection,
    area: &PlotArea,
    style: &Style,
    put: &mut dyn FnMut([f64; 3], Op),
) {
    for layer in &figure.layers {
        let Layer::Points3 { role, points, joined, .. } = layer else { continue };
        let at: Vec<[f64; 3]> = points.0.as_chunks::<3>().0.iter().map(|p| p.map(f64::from)).collect();
        if *joined {
            way(&at, *role, projection, area, style, put);
            continue;
        }
        for p in at.iter().filter(|p| p.iter().all(|v| v.is_finite())) {
            dot(*p, style.theme.colour(*role), projection, area, style, put);
        }
    }
}

/// The square that a place is over, or the next one towards the viewer: what lies on a surface is not cut by the square
/// that it lies on.
fn nearer_square(nodes: &Nodes, place: [f64; 3], away: [f64; 3]) -> Option<(usize, usize)> {
    let index = |at: &[f64], v: f64, away: f64| {
        let last = at.len().checked_sub(2)?;
        let (low, high) = (at[0], at[at.len() - 1]);
        let share = if high > low { (v - low) / (high - low) } else { 0.0 };
        let i = (share * (at.len() - 1) as f64).clamp(0.0, last as f64) as usize;
        Some(if away > 0.0 { i.saturating_sub(1) } else { (i + 1).min(last) })
    };
    Some((index(&nodes.x, place[0], away[0])?, index(&nodes.y, place[1], away[1])?))
}

fn dot(
    p: [f64; 3],
    ink: impl Into<Ink>,
    projection: &Projection,
    area: &PlotArea,
    style: &Style,
    put: &mut dyn FnMut([f64; 3], Op),
) {
    let (at, ink) = (projection.project(p).0, ink.into());
    if area.plot().contains(at) {
        put(p, Op::disc(at, style.stroke(4.4), Ink(style.theme.ground(), 0.9)));
        put(p, Op::disc(at, style.stroke(3.4), ink));
    }
}

/// The way of a point in pieces that are short against the squares.
fn way(
    at: &[[f64; 3]],
    role: Role,
    projection: &Projection,
    area: &PlotArea,
    style: &Style,
    put: &mut dyn FnMut([f64; 3], Op),
) {
    let (colour, ground) = (style.theme.colour(role), style.theme.ground());
    for pair in at.windows(2) {
        let (p, q) = (pair[0], pair[1]);
        let (from, to) = (projection.project(p).0, projection.project(q).0);
        let pixels = (to.0 - from.0).hypot(to.1 - from.1);
        if !pixels.is_finite() {
            continue;
        }
        let n = (pixels / style.stroke(8.0)).ceil().clamp(1.0, 200.0);
        let between = |t: f64| [0, 1, 2].map(|i| p[i] + t * (q[i] - p[i]));
        for k in 0..n as u32 {
            let (start, end) = (between(f64::from(k) / n), between(f64::from(k + 1) / n));
            let ends = [start, end].map(|p| projection.project(p).0);
            for line in clip_line(&ends, area.plot()) {
                put(between((f64::from(k) + 0.5) / n), Op::path(line, style.stroke(2.4), colour));
            }
        }
    }
    let finite = |p: &&[f64; 3]| p.iter().all(|v| v.is_finite());
    if let (Some(first), Some(last)) = (at.iter().find(finite), at.iter().rfind(finite)) {
        dot(*first, colour, projection, area, style, put);
        let place = projection.project(*first).0;
        if area.plot().contains(place) {
            put(*first, Op::disc(place, style.stroke(1.8), ground));
        }
        dot(*last, colour, projection, area, style, put);
    }
}
