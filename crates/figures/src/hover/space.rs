//! Readings in space.

use super::value::{HoverValue, with_value};
use crate::area::PlotArea;
use crate::clip::Point;
use crate::heat::Grid;
use crate::model::{Figure, Layer};
use crate::number::format_number;

/// So near to the pointer what lies in space is read, in CSS pixels.
const NEAR: f64 = 20.0;

pub(super) fn values(figure: &Figure, area: &PlotArea, pointer: Point) -> Vec<HoverValue> {
    let Some(projection) = area.projection() else { return Vec::new() };
    let mut out = Vec::new();
    for layer in &figure.layers {
        let spread =
            |points: &[f32]| -> Vec<[f64; 3]> { points.as_chunks::<3>().0.iter().map(|p| p.map(f64::from)).collect() };
        let (points, name, reach, in_front) = match layer {
            // A curve is read wherever the pointer is.
            Layer::Curve3 { points, name, .. } => (spread(&points.0), name.as_str(), f64::INFINITY, false),
            Layer::Points3 { points, name, .. } => (spread(&points.0), name.as_str(), NEAR * area.unit, false),
            Layer::Surface { cells, name, colours, .. } => {
                let Some(grid) = Grid::new(cells.columns, &cells.values, cells.x, cells.y) else { continue };
                let centre =
                    |(low, high): (f64, f64), i: u32, n: u32| low + (high - low) * (f64::from(i) + 0.5) / f64::from(n);
                let node = |(k, z): (usize, &f32)| {
                    let (i, j) = ((k % grid.columns as usize) as u32, (k / grid.columns as usize) as u32);
                    [centre(cells.x, i, grid.columns), centre(cells.y, j, grid.rows), f64::from(*z)]
                };
                let nodes = cells.values.0.iter().enumerate().map(node).collect();
                (nodes, if name.is_empty() { colours.label.as_str() } else { name }, NEAR * area.unit, true)
            }
            _ => continue,
        };
        if name.is_empty() {
            continue;
        }
        let found = nearest(&points, reach, in_front, |p| {
            let (at, depth) = projection.project(p);
            (at, (at.0 - pointer.0).hypot(at.1 - pointer.1), depth)
        });
        if let Some((p, at)) = found {
            let texts = (format_number(p[0]), format_number(p[1]));
            let role = match layer {
                Layer::Points3 { role, .. } => Some(*role),
                _ => None,
            };
            out.push(HoverValue { role, ..with_value(name, at, (p[0], p[1]), texts, p[2]) });
        }
    }
    out
}

/// The point that is nearest to the pointer, or, of a surface, the one in front of those that are about as near as any.
fn nearest(
    points: &[[f64; 3]],
    reach: f64,
    in_front: bool,
    project: impl Fn([f64; 3]) -> (Point, f64, f64),
) -> Option<([f64; 3], Point)> {
    let finite = points.iter().filter(|p| p.iter().all(|v| v.is_finite()));
    let seen: Vec<([f64; 3], (Point, f64, f64))> =
        finite.map(|p| (*p, project(*p))).filter(|(_, (_, far, _))| *far <= reach).collect();
    let least = seen.iter().map(|(_, (_, far, _))| *far).fold(f64::INFINITY, f64::min);
    let rank = |(_, (_, far, depth)): &&([f64; 3], (Point, f64, f64))| if in_front { *depth } else { *far };
    let near = seen.iter().filter(|(_, (_, far, _))| !in_front || *far <= 2.0 * least);
    near.min_by(|a, b| rank(a).total_cmp(&rank(b))).map(|(p, (at, ..))| (*p, *at))
}
