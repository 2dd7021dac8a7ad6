//! Pictures of the plane (sigma_w, sigma_b): q*, chi_1, c* and xi_c at every pixel.
//!
//! A fixed point costs some hundred microseconds, a picture has 75,000 pixels. But the expectations depend on q alone,
//! not on the sigmas, and that leaves little for a pixel to do:
//!
//! 1. q* solves q - sigma_w^2 E phi^2 = sigma_b^2. Node values of E phi^2 on a grid in log q give the cell by their
//!    sign, one cubic its root.
//! 2. With q* known, c* and C'(c*) depend on one more number. C(c) = c and V(q) = q are, with E(c) = E phi(u1) phi(u2)
//!    and Q(c) = (E(1) - E(c))/(1 - c), the equations sigma_w^2 = q/Q(c) and sigma_b^2 = q - q E(1)/Q(c). So c* is a
//!    function of q* and sigma_b^2, tabulated once for the activation.
//!
//! Write B(c) for that sigma_b^2. The second coordinate of the table is y, made of
//!
//! ```text
//! beta = (sigma_b^2 - B(0))/(B(1) - B(0)),   y = 2 sqrt(1 - beta)/(sqrt(1 - beta) + sqrt(1 + 8 beta))
//! ```
//!
//! with beta = 1, y = 0 on the critical line (c* = 1) and beta = 0, y = 1 where c* = 0. The roots take up the singular
//! points of c* as a function of beta: for kinks and at large q there is one at beta = 1, and at small q, where only a_1
//! and a_3 count, c* = (sqrt(1 + 8 beta) - 1)/2.
//!
//! All along chi_1 - 1 = (1 - beta) L(q) with L = sum_k (k - 1) a_k^2 / sum_k a_k^2, k >= 1, so nothing cancels near the
//! line and depth scales stay right close to it.

mod build;
mod lookup;
mod node;
mod profile;

use crate::activation::Activation;
use crate::mean_field::SIGMA_MAX;
use build::Tables;

/// The pixels of a picture of the plane: `columns` values of sigma_w by `rows` values of sigma_b.
///
/// Values are evenly spaced and include both ends of their range; a single column or row lies at the start of its range.
/// They are used within \[0, [`SIGMA_MAX`]\].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PhaseGrid {
    /// First and last sigma_w.
    pub sigma_w: (f64, f64),
    /// First and last sigma_b.
    pub sigma_b: (f64, f64),
    /// Number of values of sigma_w.
    pub columns: usize,
    /// Number of values of sigma_b.
    pub rows: usize,
}

impl PhaseGrid {
    /// sigma_w of a column.
    pub fn sigma_w_at(&self, column: usize) -> f64 {
        sample(self.sigma_w, column, self.columns)
    }

    /// sigma_b of a row.
    pub fn sigma_b_at(&self, row: usize) -> f64 {
        sample(self.sigma_b, row, self.rows)
    }
}

fn sample((first, last): (f64, f64), index: usize, count: usize) -> f64 {
    let value = if count > 1 { first + (last - first) * (index as f64 / (count - 1) as f64) } else { first };
    // Also turns NaN into 0.
    if value > 0.0 { value.min(SIGMA_MAX) } else { 0.0 }
}

/// Values at the pixels, row by row: entry `row * columns + column`. Never NaN.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PhaseMap {
    /// q*, where lengths from q0 = 1 go: infinite where they grow without bound.
    pub q_star: Vec<f32>,
    /// chi_1 at q*; where lengths grow without bound, its limit.
    pub chi_1: Vec<f32>,
    /// c*. Where q* = 0 it is the limit as sigma_b tends to 0, and 1 where lengths grow without bound; for linear networks without
    /// bias, which keep every correlation, it is 1 as with any bias.
    pub c_star: Vec<f32>,
    /// xi_c, infinite on the critical line and where lengths grow without bound.
    pub xi_c: Vec<f32>,
}

impl PhaseMap {
    fn clear(&mut self, capacity: usize) {
        for values in [&mut self.q_star, &mut self.chi_1, &mut self.c_star, &mut self.xi_c] {
            values.clear();
            values.reserve(capacity);
        }
    }

    fn push(&mut self, pixel: Pixel) {
        self.q_star.push(pixel.q_star);
        self.chi_1.push(pixel.chi_1);
        self.c_star.push(pixel.c_star);
        self.xi_c.push(pixel.xi_c);
    }
}

/// What is painted at one point.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Pixel {
    q_star: f32,
    chi_1: f32,
    c_star: f32,
    xi_c: f32,
}

/// What the phase maps of one activation share. A few milliseconds to make, some 200 kilobytes.
///
/// # Accuracy
/// Relative to [`MeanField::summary`](crate::MeanField::summary), for sigmas up to 10: 1e-6 for q* and chi_1, 1e-4 for c*
/// and xi_c. Close to the critical line, where xi_c diverges, 1e-7/|chi_1 - 1| comes on top for xi_c. Where lengths jump
/// from one fixed point to another (gelu and silu, sigma_b below 1) the jump may be off by less than 1e-4 in sigma_w.
#[derive(Clone, Debug)]
pub struct PhaseTable {
    activation: Activation,
    tables: Tables,
}

impl PhaseTable {
    /// Tabulates the expectations of an activation.
    pub fn new(activation: Activation) -> Self {
        Self { activation, tables: Tables::new(activation) }
    }

    /// The activation of the table.
    pub const fn activation(&self) -> Activation {
        self.activation
    }

    /// The whole picture.
    pub fn map(&self, grid: &PhaseGrid) -> PhaseMap {
        paint(&self.tables, self.activation, grid)
    }

    /// Rows `first_row` .. `first_row + n_rows` of the picture, or those of them that exist. `out` is overwritten and
    /// then holds these rows only.
    pub fn rows(&self, grid: &PhaseGrid, first_row: usize, n_rows: usize, out: &mut PhaseMap) {
        paint_rows(&self.tables, self.activation, grid, first_row, n_rows, out);
    }
}

fn paint(tables: &Tables, activation: Activation, grid: &PhaseGrid) -> PhaseMap {
    let mut map = PhaseMap::default();
    paint_rows(tables, activation, grid, 0, grid.rows, &mut map);
    map
}

fn paint_rows(
    tables: &Tables,
    activation: Activation,
    grid: &PhaseGrid,
    first_row: usize,
    n_rows: usize,
    out: &mut PhaseMap,
) {
    let last_row = first_row.saturating_add(n_rows).min(grid.rows);
    out.clear(last_row.saturating_sub(first_row).saturating_mul(grid.columns));
    // One hint a column: the cell of its q* in the row before.
    let mut hints = vec![lookup::Hint::default(); grid.columns];
    let sigma_w2: Vec<f64> = (0..grid.columns).map(|column| square(grid.sigma_w_at(column))).collect();
    for row in first_row..last_row {
        let sigma_b2 = square(grid.sigma_b_at(row));
        for (hint, &sigma_w2) in hints.iter_mut().zip(&sigma_w2) {
            out.push(tables.pixel(activation, sigma_w2, sigma_b2, hint));
        }
    }
}

/// q* and chi_1 over the plane as a program finds them that replaces E f(z) by a fixed quadrature rule.
///
/// For comparisons with such programs, whose numbers differ from the true ones where their rule does not resolve
/// phi(sqrt(q) z); see [`hermite_rule`](crate::quadrature::hermite_rule). Use [`PhaseTable`] for the truth.
#[derive(Clone, Debug)]
pub struct RuleTable {
    activation: Activation,
    tables: Tables,
}

impl RuleTable {
    /// Tabulates the sums of weight phi(sqrt(q) z)^2 and weight phi'(sqrt(q) z)^2 over the nodes (z, weight).
    pub fn new(activation: Activation, rule: &[(f64, f64)]) -> Self {
        Self { activation, tables: Tables::of_rule(activation, rule) }
    }

    /// q* and chi_1 at the pixels, row by row as in [`PhaseMap`].
    pub fn map(&self, grid: &PhaseGrid) -> (Vec<f32>, Vec<f32>) {
        let map = paint(&self.tables, self.activation, grid);
        (map.q_star, map.chi_1)
    }
}

fn square(x: f64) -> f64 {
    x * x
}
