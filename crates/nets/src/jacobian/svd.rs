//! One-sided Jacobi rotations on rows that carry a logarithmic scale each.

use libm::{exp, log};

use super::dense::{dot, rotate};

/// A sweep in which no two rows had a larger cosine is the last.
const CONVERGED: f64 = 1e-9;
/// Rows of a smaller cosine are orthogonal to rounding.
const ORTHOGONAL: f64 = 1e-15;
/// More sweeps than any matrix needs.
const MOST_SWEEPS: usize = 60;

/// The singular values of the matrix of rows e^(s_i) x_i, by rotating pairs of rows until all are orthogonal.
///
/// Relative errors depend on the x_i, not on the scales: small singular values are as accurate as large ones.
/// Source: Demmel & Veselic (1992), "Jacobi's method is more accurate than QR"; the rotations in terms of the ratio of the
/// scales are ours.
#[derive(Clone, Debug)]
pub struct JacobiSvd {
    /// `[rows, n]`.
    rows: Vec<f64>,
    n: usize,
    ln_scales: Vec<f64>,
    /// Squared norms of the rows without their scales.
    squares: Vec<f64>,
    /// Rows by descending size, as of the start of the sweep.
    order: Vec<usize>,
    /// The next pair of the sweep.
    pair: (usize, usize),
    largest_cosine: f64,
    sweeps: usize,
    is_done: bool,
}

impl JacobiSvd {
    /// From rows without their scales, `[rows, n]`, and the natural logarithms of the scales.
    pub(crate) fn new(rows: Vec<f64>, ln_scales: Vec<f64>, n: usize) -> Self {
        let count = ln_scales.len();
        let mut svd = Self {
            rows,
            n,
            ln_scales,
            squares: vec![0.0; count],
            order: (0..count).collect(),
            pair: (0, 1),
            largest_cosine: 0.0,
            sweeps: 0,
            is_done: count < 2,
        };
        svd.start_sweep();
        svd
    }

    /// Makes up to `pairs` rotations of n multiplications each; true when all singular values are found. About n^2/2 pairs
    /// are a sweep; five to ten sweeps are enough.
    pub fn advance(&mut self, pairs: usize) -> bool {
        for _ in 0..pairs {
            if self.is_done {
                break;
            }
            let (i, j) = self.pair;
            self.rotate_pair(self.order[i], self.order[j]);
            self.pair = if j + 1 < self.order.len() { (i, j + 1) } else { (i + 1, i + 2) };
            if self.pair.1 >= self.order.len() {
                self.end_sweep();
            }
        }
        self.is_done
    }

    /// Natural logarithms of the singular values, descending; -infinity for those that are 0. They are accurate once
    /// [`advance`](Self::advance) has returned true, to a relative error near 1e-9 or better.
    #[must_use]
    pub fn ln_singular_values(&self) -> Vec<f64> {
        let mut values: Vec<f64> = (0..self.ln_scales.len()).map(|i| self.ln_size(i)).collect();
        values.resize(self.n.max(values.len()), f64::NEG_INFINITY);
        values.sort_by(|left, right| right.total_cmp(left));
        values
    }

    /// Sweeps so far.
    #[must_use]
    pub fn sweeps(&self) -> usize {
        self.sweeps
    }

    /// The size of each row and its direction, of length 1, once [`advance`](Self::advance) has returned true. A row that is 0 has
    /// none.
    pub(crate) fn components(&self) -> impl Iterator<Item = (f64, &[f64])> {
        (0..self.ln_scales.len()).map(|i| (exp(self.ln_size(i)), self.row(i)))
    }

    fn row(&self, i: usize) -> &[f64] {
        &self.rows[i * self.n..(i + 1) * self.n]
    }

    fn ln_size(&self, i: usize) -> f64 {
        self.ln_scales[i] + 0.5 * log(self.squares[i])
    }

    fn start_sweep(&mut self) {
        for i in 0..self.ln_scales.len() {
            let square = dot(self.row(i), self.row(i));
            if square > 0.0 {
                let size = square.sqrt();
                self.rows[i * self.n..(i + 1) * self.n].iter_mut().for_each(|x| *x /= size);
                self.ln_scales[i] += log(size);
                self.squares[i] = 1.0;
            } else {
                self.squares[i] = 0.0;
            }
        }
        let mut order: Vec<usize> = (0..self.ln_scales.len()).collect();
        order.sort_by(|&i, &j| self.ln_size(j).total_cmp(&self.ln_size(i)));
        self.order = order;
        self.pair = (0, 1);
        self.largest_cosine = 0.0;
    }

    fn end_sweep(&mut self) {
        self.sweeps += 1;
        self.is_done = self.largest_cosine <= CONVERGED || self.sweeps >= MOST_SWEEPS;
        self.start_sweep();
    }

    fn rotate_pair(&mut self, i: usize, j: usize) {
        let n = self.n;
        let (first, second) = (i.min(j), i.max(j));
        let (head, tail) = self.rows.split_at_mut(second * n);
        let (a, b) = (&mut head[first * n..(first + 1) * n], &mut tail[..n]);
        let (square_a, square_b) = (self.squares[first], self.squares[second]);
        if square_a == 0.0 || square_b == 0.0 {
            return;
        }
        let cosine = dot(a, b) / (square_a * square_b).sqrt();
        self.largest_cosine = self.largest_cosine.max(cosine.abs());
        if cosine.abs() <= ORTHOGONAL {
            return;
        }
        let ln_ratio = self.ln_scales[second] - self.ln_scales[first] + 0.5 * log(square_b / square_a);
        // From here on a is the larger row; ratio is |b|/|a| with scales.
        let (a, b, large, small, ratio) =
            if ln_ratio <= 0.0 { (a, b, first, second, exp(ln_ratio)) } else { (b, a, second, first, exp(-ln_ratio)) };
        // tan of the angle is tau ratio: with tau instead of it nothing underflows.
        let gap = (1.0 - ratio) * (1.0 + ratio);
        let tau = 2.0 * cosine / (gap + (gap * gap + 4.0 * ratio * ratio * cosine * cosine).sqrt());
        let tan = tau * ratio;
        let cos = 1.0 / (1.0 + tan * tan).sqrt();
        // |b|/|a| without scales.
        let sizes = (self.squares[small] / self.squares[large]).sqrt();
        rotate(a, b, cos, tau * ratio * ratio / sizes, tau * sizes);
        self.squares[large] *= 1.0 + tau * ratio * ratio * cosine;
        let left = 1.0 - tau * cosine;
        // Where most of the row is gone, its size is measured again.
        self.squares[small] = if left > 0.1 { self.squares[small] * left } else { dot(b, b) };
    }
}
