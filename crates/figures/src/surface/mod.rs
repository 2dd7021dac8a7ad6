//! The graph of a function of two numbers in its box, painted from far to near.
//!
//! Seen in parallel, the upright columns over the cells of a grid hide each other in the order of the grid: no sorting is
//! needed, whatever the heights are.

mod frame;
mod lying;
mod nodes;

use crate::area::PlotArea;
use crate::clip::{Point, clip_line, clip_polygon};
use crate::model::{ColourScale, Figure, Layer};
use crate::pen::{Ink, Op};
use crate::projection::Projection;
use crate::ramp::{colour_at, ramp};
use crate::theme::Style;
pub(crate) use frame::{floor, names};
use lying::{Lying, each};
use nodes::{Nodes, far_to_near};

/// Lines of the mesh a side, about.
const MESH_LINES: usize = 16;
/// The least share of its colour that a slope in the shade has.
const SHADE: f64 = 0.62;

/// The surfaces of a figure, and what lies on the first of them.
pub(crate) fn surfaces(figure: &Figure, area: &PlotArea, style: &Style, ops: &mut Vec<Op>) {
    let Some(projection) = area.projection() else { return };
    let mut first = true;
    if !figure.layers.iter().any(|layer| matches!(layer, Layer::Surface { .. })) {
        each(figure, projection, area, style, &mut |_, op| ops.push(op));
    }
    for layer in &figure.layers {
        let Layer::Surface { cells, colours, mesh, .. } = layer else { continue };
        let Some(nodes) = Nodes::new(cells, colours) else { continue };
        let lying = std::mem::take(&mut first).then(|| Lying::new(figure, &nodes, area, projection, style));
        surface(&nodes, colours, *mesh, lying, area, projection, style, ops);
    }
}

fn surface(
    nodes: &Nodes,
    colours: &ColourScale,
    mesh: bool,
    mut lying: Option<Lying>,
    area: &PlotArea,
    projection: &Projection,
    style: &Style,
    ops: &mut Vec<Op>,
) {
    let (wide, high) = (nodes.x.len(), nodes.y.len());
    let places: Vec<Point> = (0..wide * high).map(|k| projection.project(nodes.node(k % wide, k / wide)).0).collect();
    let ramp = ramp(colours.map, style.theme);
    let away = projection.away();
    for row in far_to_near(high.saturating_sub(1), away[1]) {
        for column in far_to_near(wide.saturating_sub(1), away[0]) {
            let around = [(0, 0), (1, 0), (1, 1), (0, 1)].map(|(i, j)| (column + i, row + j));
            let corners = around.map(|(i, j)| places[j * wide + i]);
            let space = around.map(|(i, j)| nodes.node(i, j));
            let mean = space.iter().map(|p| p[2]).sum::<f64>() / 4.0;
            let seen = corners.iter().all(|p| p.0.is_finite() && p.1.is_finite());
            if let Some(colour) = colour_at(ramp, mean as f32, colours.range).filter(|_| seen) {
                let light = light(space.map(|p| projection.scaled(p)), away);
                let colour = colour.map(|channel| (f64::from(channel) * light + 0.5) as u8);
                ops.push(Op::fill(clip_polygon(&grown(corners, 0.4 * style.unit()), area.plot()), colour));
                if mesh {
                    let ink = Ink(style.theme.ink(), 0.32);
                    for ends in sides((column, row), (wide, high), corners, away).into_iter().flatten() {
                        let pieces = clip_line(&ends, area.plot()).into_iter();
                        ops.extend(pieces.map(|piece| Op::path(piece, style.stroke(0.7), ink)));
                    }
                }
            }
            if let Some(lying) = &mut lying {
                ops.append(&mut lying.squares[row * lying.wide + column]);
            }
        }
    }
}

/// The sides of a square that carry a line of the mesh: those away from the viewer, whose other squares are painted already,
/// and the rims.
fn sides(
    (column, row): (usize, usize),
    (wide, high): (usize, usize),
    [a, b, c, d]: [Point; 4],
    away: [f64; 3],
) -> [Option<[Point; 2]>; 4] {
    let rim = |i: usize, count: usize| i == 0 || i == count - 1;
    let on = |i: usize, count: usize, far: bool| rim(i, count) || far && i.is_multiple_of((count / MESH_LINES).max(1));
    let (right_is_far, upper_is_far) = (away[0] > 0.0, away[1] > 0.0);
    [
        on(column, wide, !right_is_far).then_some([a, d]),
        on(column + 1, wide, right_is_far).then_some([b, c]),
        on(row, high, !upper_is_far).then_some([a, b]),
        on(row + 1, high, upper_is_far).then_some([d, c]),
    ]
}

/// A quadrilateral whose sides are moved outwards a little, so that no seam shows between neighbours.
fn grown(corners: [Point; 4], by: f64) -> [Point; 4] {
    let [a, b, c, d] = corners;
    // Twice the area, signed: which way round it goes.
    let turn = (c.0 - a.0) * (d.1 - b.1) - (c.1 - a.1) * (d.0 - b.0);
    let outwards = |p: Point, q: Point| {
        let (dx, dy) = (q.0 - p.0, q.1 - p.1);
        let length = dx.hypot(dy);
        if length > 1e-9 { (turn.signum() * dy / length, -turn.signum() * dx / length) } else { (0.0, 0.0) }
    };
    let normals = [outwards(d, a), outwards(a, b), outwards(b, c), outwards(c, d)];
    [0, 1, 2, 3].map(|i| {
        let (m, n) = (normals[i], normals[(i + 1) % 4]);
        // A sharp corner would reach far.
        let stretch = by / (1.0 + m.0 * n.0 + m.1 * n.1).max(0.4);
        (corners[i].0 + stretch * (m.0 + n.0), corners[i].1 + stretch * (m.1 + n.1))
    })
}

/// How bright a square is: full where it faces the light, which stands above the viewer's left shoulder.
fn light(corners: [[f64; 3]; 4], away: [f64; 3]) -> f64 {
    let edge = |i: usize, j: usize| [0, 1, 2].map(|k| corners[j][k] - corners[i][k]);
    let (p, q) = (edge(0, 2), edge(1, 3));
    let normal = [p[1] * q[2] - p[2] * q[1], p[2] * q[0] - p[0] * q[2], p[0] * q[1] - p[1] * q[0]];
    // Left of the viewer is a quarter turn from away.
    let towards = [-away[0] - 0.6 * away[1], -away[1] + 0.6 * away[0], 1.4];
    let dot = |a: [f64; 3], b: [f64; 3]| (0..3).map(|k| a[k] * b[k]).sum::<f64>();
    let cos = dot(normal, towards) / (dot(normal, normal) * dot(towards, towards)).sqrt();
    // Both sides are lit: from below a surface is seen as well.
    SHADE + (1.0 - SHADE) * if cos.is_finite() { cos.abs() } else { 1.0 }
}

#[cfg(test)]
mod tests {
    use super::nodes::chosen;
    use super::*;
    use crate::chart::Chart;
    use crate::model::{Axis, Cells, ColourMap, Role};
    use crate::picture::Picture;

    fn hill(n: u32) -> Figure {
        let cells = Cells::from_fn((n, n), (-1.0, 1.0), (-1.0, 1.0), |x, y| (-4.0 * (x * x + y * y)).exp());
        let axis = |name| Axis::linear(name, -1.0, 1.0);
        Chart::new("hill", axis("x"), axis("y"))
            .surface("", cells, ColourScale::new("z", ColourMap::Sequential, (0.0, 1.0)))
            .build()
    }

    fn fills(ops: &[Op]) -> usize {
        ops.iter().filter(|op| matches!(op, Op::Fill { .. })).count()
    }

    #[test]
    fn a_square_a_cell_is_painted_up_to_a_limit() {
        for (n, squares) in [(1, 0), (2, 1), (10, 81), (48, 47 * 47), (300, 47 * 47)] {
            let (figure, style) = (hill(n), Style::default());
            let area = Picture::new(&figure, (600, 400), &style).area();
            let mut ops = Vec::new();
            surfaces(&figure, &area, &style, &mut ops);
            assert_eq!(fills(&ops), squares, "{n}");
        }
        assert_eq!((chosen(300)[0], chosen(300)[47]), (0, 299));
    }

    #[test]
    fn grown_squares_are_larger_on_all_sides_whichever_way_round_they_go() {
        let square = [(0.0, 0.0), (2.0, 0.0), (2.0, 1.0), (0.0, 1.0)];
        let expected = [(-0.5, -0.5), (2.5, -0.5), (2.5, 1.5), (-0.5, 1.5)];
        assert_eq!(grown(square, 0.5), expected);
        let [a, b, c, d] = expected;
        assert_eq!(grown([square[3], square[2], square[1], square[0]], 0.5), [d, c, b, a]);
        assert!(grown([(1.0, 1.0); 4], 0.5).iter().all(|p| *p == (1.0, 1.0)));
    }

    #[test]
    fn what_is_near_is_painted_last_from_all_sides() {
        let figure = hill(20);
        for k in 0..12 {
            let style = Style { orbit: (std::f64::consts::TAU * f64::from(k) / 12.0 + 0.1, 0.4), ..Style::default() };
            let area = Picture::new(&figure, (600, 400), &style).area();
            let projection = area.projection().expect("space");
            let away = projection.away();
            let order = |count: usize, away: f64| far_to_near(count, away).into_iter().map(move |i| i as f64 * away);
            for axis in [0, 1] {
                assert!(order(19, away[axis]).is_sorted_by(|a, b| a >= b), "{away:?}");
            }
            // Above the floor, the viewer looks down on it.
            assert!(away[2] < 0.0);
        }
    }

    #[test]
    fn a_point_behind_the_hill_is_painted_before_the_hill_and_one_before_it_after() {
        let mut figure = hill(21);
        let style = Style { orbit: (0.0, 0.2), ..Style::default() };
        for (y, behind) in [(0.8, true), (-0.8, false)] {
            figure.layers.truncate(1);
            figure.layers.push(Layer::Points3 {
                name: String::new(),
                role: Role::Accent,
                points: crate::samples::Samples(vec![0.0, y, 0.0]),
                joined: false,
            });
            let area = Picture::new(&figure, (600, 400), &style).area();
            let mut ops = Vec::new();
            surfaces(&figure, &area, &style, &mut ops);
            let place = ops.iter().position(|op| matches!(op, Op::Disc { .. })).expect("a point");
            let after = fills(&ops[place..]);
            assert_eq!(after > 200, behind, "{after} squares after the point at {y}");
        }
    }
}
