//! Vectors in eight interleaved lanes, and matrix products, in f64.

use crate::lanes::Four;
use crate::product::Panels;

/// Sum of products.
pub(crate) fn dot(x: &[f64], y: &[f64]) -> f64 {
    let mut lanes = [0.0; 8];
    let (x8, x_rest) = x.as_chunks::<8>();
    let (y8, y_rest) = y.as_chunks::<8>();
    for (a, b) in x8.iter().zip(y8) {
        for i in 0..8 {
            lanes[i] += a[i] * b[i];
        }
    }
    let rest: f64 = x_rest.iter().zip(y_rest).map(|(a, b)| a * b).sum();
    lanes.iter().sum::<f64>() + rest
}

/// x += factor y.
pub(crate) fn add_scaled(x: &mut [f64], factor: f64, y: &[f64]) {
    x.iter_mut().zip(y).for_each(|(x, y)| *x += factor * y);
}

/// (x, y) <- (cos (x + up y), cos (y - down x)).
pub(crate) fn rotate(x: &mut [f64], y: &mut [f64], cos: f64, up: f64, down: f64) {
    for (x, y) in x.iter_mut().zip(y) {
        let (a, b) = (*x, *y);
        *x = cos * (a + up * b);
        *y = cos * (b - down * a);
    }
}

/// x y of `[m, k]` and `[k, n]`, or x y^T with y `[n, k]`; row-major.
pub(crate) fn product(x: &[f64], y: &[f64], (m, k, n): (usize, usize, usize), transposed: bool) -> Vec<f64> {
    if k == 0 {
        return vec![0.0; m * n];
    }
    let y = if transposed { Panels::<Four>::transposed(y, n, k) } else { Panels::new(y, k, n) };
    crate::product::product(x, &y)
}
