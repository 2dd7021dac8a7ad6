//! Vectors in eight interleaved lanes, and matrix products by candle, in f64.

use candle_core::{Device, Tensor};

use crate::NetError;

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
pub(crate) fn product(
    x: &[f64],
    y: &[f64],
    (m, k, n): (usize, usize, usize),
    transposed: bool,
) -> Result<Vec<f64>, NetError> {
    if m == 0 || k == 0 || n == 0 {
        return Ok(vec![0.0; m * n]);
    }
    let x = Tensor::from_slice(x, (m, k), &Device::Cpu)?;
    let y = if transposed {
        Tensor::from_slice(y, (n, k), &Device::Cpu)?.t()?
    } else {
        Tensor::from_slice(y, (k, n), &Device::Cpu)?
    };
    Ok(x.matmul(&y)?.flatten_all()?.to_vec1()?)
}
