//! Lines of equal value on a grid.

use crate::area::PlotArea;
use crate::clip::{Point, Rect};
use crate::heat::Grid;
use crate::model::{Cells, Role, Stroke};
use crate::number::short_number;
use crate::pen::{Align, Op};
use crate::samples::Samples;
use crate::strokes;
use crate::text::width;
use crate::theme::Style;

/// The centres of cells as pixels, and their values.
struct Mesh<'a> {
    x: Vec<f64>,
    y: Vec<f64>,
    values: &'a [f32],
}

impl<'a> Mesh<'a> {
    fn new(cells: &'a Cells, area: &PlotArea) -> Option<Self> {
        let grid = Grid::new(cells.columns, &cells.values, cells.x, cells.y)?;
        let x: Vec<f64> = (0..grid.columns).map(|column| grid.centre(area, (column, 0)).0).collect();
        let y: Vec<f64> = (0..grid.rows).map(|row| grid.centre(area, (0, grid.rows - 1 - row)).1).collect();
        (x.iter().chain(&y).all(|at| at.is_finite())).then_some(Self { x, y, values: &cells.values.0 })
    }

    fn value(&self, column: usize, row: usize) -> f64 {
        f64::from(self.values[row * self.x.len() + column])
    }

    /// The number of a side: the level one from a centre to the next in its row, or the upright one in its column.
    fn side(&self, column: usize, row: usize, upright: bool) -> usize {
        2 * (row * self.x.len() + column) + usize::from(upright)
    }

    /// Where the level is crossed on a side, by linear interpolation.
    fn crossing(&self, side: usize, level: f64) -> Point {
        let (column, row) = (side / 2 % self.x.len(), side / 2 / self.x.len());
        let (to_column, to_row) = if side % 2 == 1 { (column, row + 1) } else { (column + 1, row) };
        let (from, to) = (self.value(column, row), self.value(to_column, to_row));
        let t = ((level - from) / (to - from)).clamp(0.0, 1.0);
        let between = |p: f64, q: f64| p + t * (q - p);
        (between(self.x[column], self.x[to_column]), between(self.y[row], self.y[to_row]))
    }

    /// Pairs of sides that a piece of the line joins, square by square (marching squares, Lorensen and Cline 1987 in two
    /// dimensions). A square with a value that is not finite has none. At a saddle the mean of the corners decides.
    fn pieces(&self, level: f64) -> Vec<[usize; 2]> {
        let mut pieces = Vec::new();
        for row in 1..self.y.len() {
            for column in 1..self.x.len() {
                let (left, low) = (column - 1, row - 1);
                let corners =
                    [self.value(left, low), self.value(column, low), self.value(column, row), self.value(left, row)];
                let above = corners.map(|v| v >= level);
                if above == [above[0]; 4] || !corners.iter().all(|v| v.is_finite()) {
                    continue;
                }
                let sides = [
                    self.side(left, low, false),
                    self.side(column, low, true),
                    self.side(left, row, false),
                    self.side(left, low, true),
                ];
                // The sides that are crossed, in turn: two, or four at a saddle.
                let mut crossed = (0..4).filter(|i| above[*i] != above[(i + 1) % 4]).map(|i| sides[i]);
                let (Some(p), Some(q)) = (crossed.next(), crossed.next()) else { continue };
                match (crossed.next(), crossed.next()) {
                    (Some(r), Some(s)) => {
                        // The corner between the last side and the first is cut off if it differs from the middle.
                        let middle = corners.iter().sum::<f64>() / 4.0 >= level;
                        pieces.extend(if middle == above[0] { [[p, q], [r, s]] } else { [[q, r], [s, p]] });
                    }
                    _ => pieces.push([p, q]),
                }
            }
        }
        pieces
    }

    /// The line of a level as polylines in pixels.
    fn lines(&self, level: f64) -> Vec<Vec<Point>> {
        let pieces = self.pieces(level);
        // At most two pieces meet on a side.
        const NONE: usize = usize::MAX;
        let mut at_side = vec![[NONE; 2]; 2 * self.values.len()];
        for (i, piece) in pieces.iter().enumerate() {
            for side in piece {
                let slots = &mut at_side[*side];
                if slots[0] == NONE { slots[0] = i } else { slots[1] = i }
            }
        }
        let mut used = vec![false; pieces.len()];
        let mut lines = Vec::new();
        // Walks on from a side until the line ends or has come round.
        let walk = |from: usize, used: &mut Vec<bool>, line: &mut Vec<usize>| {
            let mut side = from;
            while let Some(next) = at_side[side].iter().find(|i| **i != NONE && !used[**i]) {
                used[*next] = true;
                let [p, q] = pieces[*next];
                side = if p == side { q } else { p };
                line.push(side);
            }
        };
        for i in 0..pieces.len() {
            if used[i] {
                continue;
            }
            used[i] = true;
            let (mut line, mut back) = (vec![pieces[i][1]], vec![pieces[i][0]]);
            walk(pieces[i][1], &mut used, &mut line);
            walk(pieces[i][0], &mut used, &mut back);
            let sides = back.iter().rev().chain(&line);
            lines.push(sides.map(|side| self.crossing(*side, level)).collect());
        }
        lines
    }
}

/// How long a polyline is.
fn length(line: &[Point]) -> f64 {
    line.windows(2).map(|p| (p[1].0 - p[0].0).hypot(p[1].1 - p[0].1)).sum()
}

/// The lines of all levels, and beside the longest of each its level if there is room.
pub(crate) fn contours(
    cells: &Cells,
    levels: &Samples,
    (role, stroke): (Role, Stroke),
    labelled: bool,
    on_heat: bool,
    area: &PlotArea,
    style: &Style,
    ops: &mut Vec<Op>,
) {
    let Some(mesh) = Mesh::new(cells, area) else { return };
    let mut labels: Vec<Op> = Vec::new();
    let mut taken: Vec<Rect> = Vec::new();
    for level in levels.iter().filter(|level| level.is_finite()) {
        let lines = mesh.lines(f64::from(level));
        for line in &lines {
            strokes::line(line, role, stroke, on_heat, area, style, ops);
        }
        if labelled {
            label(level, &lines, area, style, &mut taken, &mut labels);
        }
    }
    ops.append(&mut labels);
}

/// The level on the longest of its lines, where it touches no other.
fn label(level: f32, lines: &[Vec<Point>], area: &PlotArea, style: &Style, taken: &mut Vec<Rect>, ops: &mut Vec<Op>) {
    let px = 0.85 * style.text();
    let name = short_number(f64::from(level));
    let half = (width(&name, px) / 2.0 + 0.3 * px, 0.7 * px);
    let Some(longest) = lines.iter().max_by(|a, b| length(a).total_cmp(&length(b))) else { return };
    if length(longest) < 6.0 * half.0 {
        return;
    }
    for share in [0.5, 0.35, 0.65, 0.2, 0.8] {
        let at = longest[((longest.len() - 1) as f64 * share) as usize];
        let rect = Rect { left: at.0 - half.0, right: at.0 + half.0, top: at.1 - half.1, bottom: at.1 + half.1 };
        let inside = area.plot().contains((rect.left, rect.top)) && area.plot().contains((rect.right, rect.bottom));
        let apart = |other: &Rect| {
            rect.left > other.right || rect.right < other.left || rect.top > other.bottom || rect.bottom < other.top
        };
        if inside && taken.iter().all(apart) {
            let (ink, ground) = (style.theme.ink(), style.theme.ground());
            ops.push(Op::label_on_picture(&name, at, Align::Middle, px, ink, ground));
            taken.push(rect);
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::chart::Chart;
    use crate::model::Axis;
    use crate::picture::Picture;

    /// The lines of a level, in data units.
    fn lines_of(cells: &Cells, level: f64) -> Vec<Vec<Point>> {
        let axes = (Axis::linear("", cells.x.0, cells.x.1), Axis::linear("", cells.y.0, cells.y.1));
        let figure = Chart::new("f", axes.0, axes.1).build();
        let area = Picture::new(&figure, (600, 400), &Style::default()).area();
        let to_data = |p: &Point| area.data_from_pixel_clamped(p.0, p.1);
        let mesh = Mesh::new(cells, &area).expect("a grid");
        mesh.lines(level).iter().map(|line| line.iter().map(to_data).collect()).collect()
    }

    #[test]
    fn the_lines_of_a_cone_are_circles_that_close() {
        let cone = Cells::from_fn((81, 81), (-1.0, 1.0), (-1.0, 1.0), |x, y| x.hypot(y));
        for radius in [0.2, 0.5, 0.9] {
            let lines = lines_of(&cone, radius);
            let [line] = lines.as_slice() else { panic!("{} lines", lines.len()) };
            let (first, last) = (line[0], line[line.len() - 1]);
            assert!((first.0 - last.0).hypot(first.1 - last.1) < 1e-9, "open at {radius}");
            // Linear interpolation of a function with second derivative 1/r over cells of 1/40: at most h²/8r off.
            let worst = line.iter().map(|(x, y)| (x.hypot(*y) - radius).abs()).fold(0.0, f64::max);
            assert!(worst < 0.025f64.powi(2) / 8.0 / radius + 1e-6, "{worst} at {radius}");
        }
    }

    #[test]
    fn a_plane_is_cut_exactly_and_the_line_ends_at_the_outermost_centres() {
        let plane = Cells::from_fn((10, 5), (0.0, 1.0), (0.0, 1.0), |x, y| 2.0 * x + y);
        let lines = lines_of(&plane, 1.3);
        let [line] = lines.as_slice() else { panic!("{} lines", lines.len()) };
        // The values are f32.
        assert!(line.iter().all(|(x, y)| (2.0 * x + y - 1.3).abs() < 1e-6), "{line:?}");
        let ends = [line[0].1, line[line.len() - 1].1];
        assert!((ends[0].min(ends[1]) - 0.1).abs() < 1e-6 && (ends[0].max(ends[1]) - 0.9).abs() < 1e-6, "{ends:?}");
    }

    #[test]
    fn what_is_not_a_number_makes_a_gap_and_no_line() {
        let broken = |x: f64, y: f64| if (x - 0.5).abs() < 0.06 { f64::NAN } else { y };
        let lines = lines_of(&Cells::from_fn((21, 21), (0.0, 1.0), (0.0, 1.0), broken), 0.52);
        assert_eq!(lines.len(), 2);
        assert!(lines.iter().flatten().all(|(x, y)| (x - 0.5).abs() > 0.06 && (y - 0.52).abs() < 1e-6), "{lines:?}");
        for (columns, values) in [(0, vec![1.0]), (1, vec![0.0, 1.0]), (2, vec![0.0, f32::INFINITY, 1.0, f32::NAN])] {
            let cells = Cells { columns, values: Samples(values), x: (0.0, 1.0), y: (0.0, 1.0) };
            let axes = (Axis::linear("", 0.0, 1.0), Axis::linear("", 0.0, 1.0));
            let chart = Chart::new("f", axes.0, axes.1);
            let area = Picture::new(&chart.build(), (600, 400), &Style::default()).area();
            assert!(Mesh::new(&cells, &area).is_none_or(|mesh| mesh.lines(0.5).is_empty()));
        }
    }

    #[test]
    fn at_a_saddle_the_lines_keep_apart() {
        let saddle =
            |values: [f32; 4]| Cells { columns: 2, values: Samples(values.to_vec()), x: (0.0, 2.0), y: (0.0, 2.0) };
        for values in [[1.0, 0.0, 0.0, 1.0], [0.0, 1.0, 1.0, 0.0], [0.9, 0.0, 0.0, 0.9], [0.0, 0.9, 0.9, 0.0]] {
            let lines = lines_of(&saddle(values), 0.5);
            assert_eq!(lines.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2], "{values:?}");
            // Where the mean is high, the low corners are cut off, and the other way round.
            let high = values.iter().sum::<f32>() >= 2.0;
            let middle = |l: &[Point]| ((l[0].0 + l[1].0) / 2.0, (l[0].1 + l[1].1) / 2.0);
            for line in &lines {
                let (x, y) = middle(line);
                let corner = usize::from(x > 1.0) + 2 * usize::from(y > 1.0);
                assert_eq!(values[corner] < 0.5, high, "{values:?} {line:?}");
            }
        }
    }
}
