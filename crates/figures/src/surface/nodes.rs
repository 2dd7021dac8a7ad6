//! The nodes of a surface that are painted, and in which order.

use crate::heat::Grid;
use crate::model::{Cells, ColourScale};

/// Nodes a side that are painted at most: about what a frame has time for.
const MOST_NODES: usize = 48;

/// The nodes of a surface that are painted.
pub(super) struct Nodes {
    pub(super) x: Vec<f64>,
    pub(super) y: Vec<f64>,
    /// Row by row; NaN where there is no value.
    z: Vec<f64>,
}

/// So many of `count` indices, evenly, with both ends.
pub(super) fn chosen(count: usize) -> Vec<usize> {
    let n = count.min(MOST_NODES);
    (0..n).map(|k| if n > 1 { (k * (count - 1) + (n - 1) / 2) / (n - 1) } else { 0 }).collect()
}

impl Nodes {
    pub(super) fn new(cells: &Cells, colours: &ColourScale) -> Option<Self> {
        let grid = Grid::new(cells.columns, &cells.values, cells.x, cells.y)?;
        let centre = |(low, high): (f64, f64), i: usize, n: u32| low + (high - low) * (i as f64 + 0.5) / f64::from(n);
        let (columns, rows) = (chosen(grid.columns as usize), chosen(grid.rows as usize));
        let (low, high) = (f64::from(colours.range.0), f64::from(colours.range.1));
        let (low, high) = (low.min(high), low.max(high));
        let value = |row: usize, column: usize| f64::from(cells.values.0[row * grid.columns as usize + column]);
        // Values beyond the axis lie at its end, as on a map. Comparing keeps what is not a number.
        let within = |z: f64| {
            if z < low {
                low
            } else if z > high {
                high
            } else {
                z
            }
        };
        Some(Self {
            x: columns.iter().map(|i| centre(cells.x, *i, grid.columns)).collect(),
            y: rows.iter().map(|j| centre(cells.y, *j, grid.rows)).collect(),
            z: rows
                .iter()
                .flat_map(|j| columns.iter().map(move |i| (*j, *i)))
                .map(|(j, i)| within(value(j, i)))
                .collect(),
        })
    }

    pub(super) fn node(&self, column: usize, row: usize) -> [f64; 3] {
        [self.x[column], self.y[row], self.z[row * self.x.len() + column]]
    }
}

/// Indices from far to near.
pub(super) fn far_to_near(count: usize, away: f64) -> Vec<usize> {
    if away > 0.0 { (0..count).rev().collect() } else { (0..count).collect() }
}
