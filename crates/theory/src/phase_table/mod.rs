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
//! Write B(c) for that sigma_b^2. The second coordinate of the table is
//!
//! ```text
//! beta = (sigma_b^2 - B(0))/(B(1) - B(0)),   y = sqrt(1 - beta)
//! ```
//!
//! which is 1 on the critical line (c* = 1), and 0 where c* = 0. All along chi_1 - 1 = (1 - beta) L(q), L = sum_k (k -
//! 1) a_k^2 / sum_{k>=1} a_k^2 without cancellation, so depth scales stay right close to the line.

mod build;
mod lookup;

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
    // `max` also turns NaN into 0.
    value.max(0.0).min(SIGMA_MAX)
}

/// Values at the pixels, row by row: entry `row * columns + column`. Never NaN.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PhaseMap {
    /// q*, infinite where lengths grow without bound.
    pub q_star: Vec<f32>,
    /// chi_1 at q*; where lengths grow without bound, its limit.
    pub chi_1: Vec<f32>,
    /// c*. Where q* = 0 it is the limit as sigma_b tends to 0, and 1 where lengths grow without bound.
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

/// What the phase maps of one activation share. A few milliseconds to make, a few hundred kilobytes.
///
/// # Accuracy
/// Relative to [`MeanField::summary`](crate::MeanField::summary), for sigmas up to 10: 1e-5 for q* and chi_1, 1e-4 for c*
/// and xi_c. Two exceptions. Relative errors of xi_c grow as 1e-6/|chi_1 - 1| near the critical line, where xi_c
/// diverges. And where gelu's and silu's lengths jump from one fixed point to another, the jump may be off by 1e-4 in
/// sigma_w.
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
        let mut map = PhaseMap::default();
        self.rows(grid, 0, grid.rows, &mut map);
        map
    }

    /// Rows `first_row` .. `first_row + n_rows` of the picture, or those of them that exist. `out` is overwritten and
    /// then holds these rows only.
    pub fn rows(&self, grid: &PhaseGrid, first_row: usize, n_rows: usize, out: &mut PhaseMap) {
        let last_row = first_row.saturating_add(n_rows).min(grid.rows);
        out.clear(last_row.saturating_sub(first_row).saturating_mul(grid.columns));
        // One hint a column: the cell of its q* in the row before.
        let mut hints = vec![lookup::Hint::default(); grid.columns];
        let sigma_w2: Vec<f64> = (0..grid.columns).map(|column| square(grid.sigma_w_at(column))).collect();
        for row in first_row..last_row {
            let sigma_b2 = square(grid.sigma_b_at(row));
            for (hint, &sigma_w2) in hints.iter_mut().zip(&sigma_w2) {
                out.push(self.tables.pixel(self.activation, sigma_w2, sigma_b2, hint));
            }
        }
    }
}

fn square(x: f64) -> f64 {
    x * x
}
