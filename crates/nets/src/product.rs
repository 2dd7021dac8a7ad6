//! Matrix products of wide random nets, whose every sum runs in one order on every target, on any number of cores.
//!
//! Of `out = x y` with `x` `[rows, depth]` and `y` `[depth, columns]`, `y` lies in panels of a few columns,
//! `[panel][depth][lane]`, so that a column of `out` is a lane: a tile reads memory in order, and no sum goes across lanes.
//! Each element is summed from the first term to the last, rounded after each product and each sum: how many rows are
//! computed together, and how wide the instructions are, makes no difference to the bits.

use crate::lanes::{Eight, LANES, Lane, Lanes, Work, widest};

/// Panels whose sums of [`times_transposed`] stay in registers: so many streams of memory are read side by side.
const PANELS: usize = 8;

/// A matrix `[depth, columns]` in panels of a few columns, the last filled up with zeros.
#[derive(Clone, Debug)]
pub(crate) struct Panels<L: Lanes> {
    depth: usize,
    columns: usize,
    /// `[panel][depth]`.
    lanes: Vec<L::Lane>,
}

impl<L: Lanes> Panels<L> {
    /// From `[depth, columns]`, row-major.
    pub(crate) fn new(y: &[L::Number], depth: usize, columns: usize) -> Self {
        let mut lanes = zeros::<L>(depth, columns);
        for (k, row) in y.chunks_exact(columns.max(1)).enumerate() {
            for (p, part) in row.chunks(width::<L>()).enumerate() {
                lanes[p * depth + k].as_mut()[..part.len()].copy_from_slice(part);
            }
        }
        Self { depth, columns, lanes }
    }

    /// From the transposed matrix `[columns, depth]`, row-major.
    pub(crate) fn transposed(y: &[L::Number], columns: usize, depth: usize) -> Self {
        let mut lanes = zeros::<L>(depth, columns);
        let depth_or_one = depth.max(1);
        for (panel, part) in lanes.chunks_exact_mut(depth_or_one).zip(y.chunks(width::<L>() * depth_or_one)) {
            for (l, column) in part.chunks_exact(depth_or_one).enumerate() {
                for (lane, number) in panel.iter_mut().zip(column) {
                    lane.as_mut()[l] = *number;
                }
            }
        }
        Self { depth, columns, lanes }
    }

    /// `[panel][depth]`.
    pub(crate) fn into_lanes(self) -> Vec<L::Lane> {
        self.lanes
    }
}

/// Columns of a panel.
fn width<L: Lanes>() -> usize {
    L::Lane::default().as_ref().len()
}

fn zeros<L: Lanes>(depth: usize, columns: usize) -> Vec<L::Lane> {
    vec![L::Lane::default(); columns.div_ceil(width::<L>()) * depth]
}

/// `x y`, `[rows, columns]`, of `x` `[rows, depth]`.
pub(crate) fn product<L: Lanes>(x: &[L::Number], y: &Panels<L>) -> Vec<L::Number> {
    times_panels::<L>(x, &y.lanes, y.depth, y.columns)
}

/// The same with the panels as a slice, `[panel][depth]`.
pub(crate) fn times_panels<L: Lanes>(
    x: &[L::Number],
    panels: &[L::Lane],
    depth: usize,
    columns: usize,
) -> Vec<L::Number> {
    let mut out = vec![L::Number::default(); x.len() / depth.max(1) * columns];
    if depth > 0 && columns > 0 {
        widest(Multiply::<L> { x, panels, depth, columns, is_triangle: false, out: &mut out });
    }
    out
}

/// The inner products of the rows of `x` `[rows, depth]`: `[rows, rows]`.
pub(crate) fn inner_products(x: &[f32], rows: usize, depth: usize) -> Vec<f32> {
    let mut out = vec![0.0; rows * rows];
    if rows == 0 || depth == 0 {
        return out;
    }
    let panels = Panels::<Eight>::transposed(x, rows, depth);
    // Above the diagonal are the same products in the same order as below it.
    widest(Multiply::<Eight> { x, panels: &panels.lanes, depth, columns: rows, is_triangle: true, out: &mut out });
    for i in 0..rows {
        for j in i + 1..rows {
            out[i * rows + j] = out[j * rows + i];
        }
    }
    out
}

struct Multiply<'a, L: Lanes> {
    x: &'a [L::Number],
    panels: &'a [L::Lane],
    depth: usize,
    columns: usize,
    /// On and below the diagonal; what is above need not be right.
    is_triangle: bool,
    out: &'a mut [L::Number],
}

impl<L: Lanes> Work for Multiply<'_, L> {
    #[inline(always)]
    fn run(mut self) {
        let row = 0;
        // WebAssembly has sixteen registers of half the width.
        #[cfg(not(target_arch = "wasm32"))]
        let row = self.rows_from::<8>(row);
        let row = self.rows_from::<4>(row);
        let row = self.rows_from::<3>(row);
        let row = self.rows_from::<2>(row);
        self.rows_from::<1>(row);
    }
}

impl<L: Lanes> Multiply<'_, L> {
    /// Rows from `row` on, `ROWS` at a time; the first that is left.
    #[inline(always)]
    fn rows_from<const ROWS: usize>(&mut self, mut row: usize) -> usize {
        let (depth, width) = (self.depth, width::<L>());
        let mut turned = Vec::new();
        while let Some(x) = self.x.get(row * depth..(row + ROWS) * depth) {
            // The rows side by side are read in one stream, and their lengths need no check.
            turned.clear();
            turned.extend((0..depth).map(|k| -> [L::Number; ROWS] { std::array::from_fn(|r| x[r * depth + k]) }));
            for (p, panel) in self.panels.chunks_exact(depth).enumerate() {
                let first = p * width;
                if self.is_triangle && first >= row + ROWS {
                    break;
                }
                let n_columns = width.min(self.columns - first);
                for (r, sum) in tile::<L, ROWS>(&turned, panel).iter().enumerate() {
                    let start = (row + r) * self.columns + first;
                    self.out[start..start + n_columns].copy_from_slice(&sum.as_ref()[..n_columns]);
                }
            }
            row += ROWS;
        }
        row
    }
}

#[inline(always)]
fn tile<L: Lanes, const ROWS: usize>(x: &[[L::Number; ROWS]], panel: &[L::Lane]) -> [L::Lane; ROWS] {
    let mut sums = [L::splat(L::Number::default()); ROWS];
    for (x, y) in x.iter().zip(panel) {
        let y = L::from_lane(y);
        for r in 0..ROWS {
            sums[r] = sums[r].plus_product(L::splat(x[r]), y);
        }
    }
    sums.map(L::to_lane)
}

/// `x yᵀ`, `[rows, depth]`, of `x` `[rows, columns]` and the panels of `y` `[depth, columns]`.
///
/// Lane `l` of a sum has the terms of columns `l`, `l + 8`, `l + 16` and so on; the eight are then added in pairs.
pub(crate) fn times_transposed(x: &[f32], panels: &[Lane], depth: usize, columns: usize) -> Vec<f32> {
    let rows = x.len() / columns.max(1);
    let mut out = vec![0.0; rows * depth];
    if depth > 0 && columns > 0 {
        widest(TimesTransposed { x, panels, depth, columns, rows, out: &mut out });
    }
    out
}

struct TimesTransposed<'a> {
    x: &'a [f32],
    panels: &'a [Lane],
    depth: usize,
    columns: usize,
    rows: usize,
    out: &'a mut [f32],
}

impl Work for TimesTransposed<'_> {
    #[inline(always)]
    fn run(self) {
        let Self { x, panels, depth, columns, rows, out } = self;
        let mut row = 0;
        while row < rows {
            let part = &x[row * columns..];
            let out = &mut out[row * depth..];
            row += match rows - row {
                1 => rows_times_transposed::<1>(part, panels, columns, out),
                2 => rows_times_transposed::<2>(part, panels, columns, out),
                3 => rows_times_transposed::<3>(part, panels, columns, out),
                _ => rows_times_transposed::<4>(part, panels, columns, out),
            };
        }
    }
}

#[inline(always)]
fn rows_times_transposed<const ROWS: usize>(x: &[f32], panels: &[Lane], columns: usize, out: &mut [f32]) -> usize {
    let n_panels = columns.div_ceil(LANES);
    let depth = panels.len() / n_panels;
    // `[panel][row]`, filled up with zeros.
    let mut lanes = vec![[[0.0; LANES]; ROWS]; n_panels];
    for (r, row) in x.chunks_exact(columns).take(ROWS).enumerate() {
        for (lane, part) in lanes.iter_mut().zip(row.chunks(LANES)) {
            lane[r][..part.len()].copy_from_slice(part);
        }
    }
    let mut sums = vec![[[0.0; LANES]; ROWS]; depth];
    for (x, panels) in lanes.chunks(PANELS).zip(panels.chunks(PANELS * depth)) {
        for (k, sums) in sums.iter_mut().enumerate() {
            let mut sum: [Eight; ROWS] = std::array::from_fn(|r| Eight::from_lane(&sums[r]));
            for (x, panel) in x.iter().zip(panels.chunks_exact(depth)) {
                let y = Eight::from_lane(&panel[k]);
                for r in 0..ROWS {
                    sum[r] = sum[r].plus_product(Eight::from_lane(&x[r]), y);
                }
            }
            *sums = sum.map(Eight::to_lane);
        }
    }
    for (k, sums) in sums.iter().enumerate() {
        for (r, [a, b, c, d, e, f, g, h]) in sums.iter().enumerate() {
            out[r * depth + k] = ((a + b) + (c + d)) + ((e + f) + (g + h));
        }
    }
    ROWS
}

#[cfg(test)]
mod tests {
    use random::Stream;

    use super::*;
    use crate::lanes::Four;

    const SIZES: [(usize, usize, usize); 7] =
        [(1, 1, 1), (3, 5, 7), (8, 8, 8), (13, 70, 9), (2, 500, 33), (16, 17, 64), (5, 0, 3)];

    fn drawn(purpose: &str, n: usize) -> Vec<f32> {
        let mut numbers = vec![0.0; n];
        Stream::new(7, purpose).fill_normal_f32(0, &mut numbers);
        numbers
    }

    /// The definition, with the roundings that the module promises.
    fn plain(x: &[f32], y: impl Fn(usize, usize) -> f32, (rows, depth, columns): (usize, usize, usize)) -> Vec<f32> {
        let element = |i: usize| (0..depth).fold(0.0, |sum, k| sum + x[i / columns * depth + k] * y(k, i % columns));
        (0..rows * columns).map(element).collect()
    }

    #[test]
    fn sums_run_from_the_first_term_to_the_last() {
        for (rows, depth, columns) in SIZES {
            let (x, y) = (drawn("x", rows * depth), drawn("y", depth * columns));
            let want = plain(&x, |k, c| y[k * columns + c], (rows, depth, columns));
            let got = product(&x, &Panels::<Eight>::new(&y, depth, columns));
            assert!(want.len() == got.len() || depth == 0, "{rows} {depth} {columns}");
            assert!(got.iter().zip(&want).all(|(a, b)| a.to_bits() == b.to_bits()), "{rows} {depth} {columns}");
            let want = plain(&x, |k, c| y[c * depth + k], (rows, depth, columns));
            let got = product(&x, &Panels::<Eight>::transposed(&y, columns, depth));
            assert!(got.iter().zip(&want).all(|(a, b)| a.to_bits() == b.to_bits()), "{rows} {depth} {columns}");
            let want = plain(&x, |k, c| x[c * depth + k], (rows, depth, rows));
            assert_eq!(inner_products(&x, rows, depth), want, "{rows} {depth}");
        }
    }

    #[test]
    fn double_precision_too() {
        for (rows, depth, columns) in SIZES.into_iter().filter(|size| size.1 > 0) {
            let double = |x: Vec<f32>| x.into_iter().map(f64::from).collect::<Vec<f64>>();
            let (x, y) = (double(drawn("x", rows * depth)), double(drawn("y", depth * columns)));
            let got = product(&x, &Panels::<Four>::new(&y, depth, columns));
            for (i, got) in got.iter().enumerate() {
                let row = &x[i / columns * depth..][..depth];
                let want = row.iter().enumerate().fold(0.0, |sum, (k, x)| sum + x * y[k * columns + i % columns]);
                assert_eq!(got.to_bits(), want.to_bits(), "{rows} {depth} {columns}");
            }
        }
    }

    /// Two orders of a sum of `columns` terms: 2ε times the sum of their sizes, times the number of roundings, at most.
    #[test]
    fn the_transposed_product_is_right() {
        for (rows, columns, depth) in [(1, 1, 1), (4, 70, 13), (7, 128, 40), (2, 9, 3), (5, 500, 21)] {
            let (x, y) = (drawn("x", rows * columns), drawn("y", depth * columns));
            let panels = Panels::<Eight>::new(&y, depth, columns).into_lanes();
            let got = times_transposed(&x, &panels, depth, columns);
            assert_eq!(got.len(), rows * depth);
            for (i, got) in got.iter().enumerate() {
                let (x, y) = (&x[i / depth * columns..][..columns], &y[i % depth * columns..][..columns]);
                let terms = || x.iter().zip(y).map(|(x, y)| f64::from(*x) * f64::from(*y));
                let (want, size) = (terms().sum::<f64>(), terms().map(f64::abs).sum::<f64>());
                let bound = f64::from(f32::EPSILON) * (columns as f64 / 8.0 + 5.0) * size;
                assert!((f64::from(*got) - want).abs() <= bound, "{rows} {columns} {depth}: {got} {want}");
            }
        }
    }
}
