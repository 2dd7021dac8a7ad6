//! Orthonormal rows, by blocks.

use super::dense::{add_scaled, dot, product};
use crate::{Layer, NetError};

/// Rows that are made orthonormal among themselves one by one; the rest are matrix products.
const BLOCK: usize = 32;
/// A row of which less than this part is left after the rows above it are taken out depends on them, up to rounding.
const DEPENDENT: f64 = 1e-13;

/// X = L Q with orthonormal rows of Q and L lower trapezoidal with a positive diagonal.
pub(crate) struct Factors {
    /// `[rank, n]`, row-major.
    pub(crate) q: Vec<f64>,
    pub(crate) rank: usize,
    /// `[rows, rank]`, row-major.
    pub(crate) l: Vec<f64>,
}

/// Gram-Schmidt, twice (Giraud, Langou & Rozloznik 2005: twice is enough), of `[rows, n]`. Rows that depend on those above
/// them add no row to Q.
pub(crate) fn factors(mut x: Vec<f64>, rows: usize, n: usize) -> Factors {
    let mut q: Vec<f64> = Vec::with_capacity(x.len());
    let mut l = vec![0.0; rows * rows];
    let mut rank = 0;
    for start in (0..rows).step_by(BLOCK) {
        let end = (start + BLOCK).min(rows);
        let block = &mut x[start * n..end * n];
        let sizes: Vec<f64> = block.chunks_exact(n).map(|row| dot(row, row).sqrt()).collect();
        let above = rank;
        for _ in 0..2 {
            let shares = product(block, &q, (end - start, n, above), true);
            let parts = product(&shares, &q, (end - start, above, n), false);
            block.iter_mut().zip(&parts).for_each(|(x, part)| *x -= part);
            for (row, shares) in shares.chunks_exact(above.max(1)).enumerate() {
                add_scaled(&mut l[(start + row) * rows..][..above], 1.0, shares);
            }
        }
        for (k, size) in sizes.into_iter().enumerate() {
            let row = &mut block[k * n..(k + 1) * n];
            let l_row = &mut l[(start + k) * rows..(start + k + 1) * rows];
            for _ in 0..2 {
                for (unit, l) in q[above * n..].chunks_exact(n).zip(&mut l_row[above..]) {
                    let share = dot(row, unit);
                    add_scaled(row, -share, unit);
                    *l += share;
                }
            }
            let left = dot(row, row).sqrt();
            if left > DEPENDENT * size {
                l_row[rank] = left;
                q.extend(row.iter().map(|x| x / left));
                rank += 1;
            }
        }
    }
    let l = l.chunks_exact(rows.max(1)).flat_map(|row| row[..rank].iter().copied()).collect();
    Factors { q, rank, l }
}

/// The layer with weights `sqrt(N) Q`, Q uniform (Haar) on the orthogonal group, from a layer of standard normal numbers, so
/// that weights `sigma_w/sqrt(N)` times the layer's are `sigma_w Q`. Biases stay as they are.
///
/// Q is the orthonormal factor of the weights with a positive diagonal in the triangular one, which is what makes it
/// uniform (Mezzadri 2007).
///
/// # Errors
/// [`NetError::Candle`] when there is no memory, [`NetError::Size`] for weights whose rows are dependent, which random ones
/// are not.
pub fn orthogonal_layer(layer: &Layer) -> Result<Layer, NetError> {
    let n = layer.width();
    let factors = factors(layer.weights()?.into_iter().map(f64::from).collect(), n, n);
    let scale = (n as f64).sqrt();
    let weights = factors.q.into_iter().map(|x| (x * scale) as f32).collect();
    Layer::new(n, weights, layer.biases()?)
}

#[cfg(test)]
mod tests {
    use random::Stream;

    use super::*;
    use crate::RandomNets;

    #[test]
    fn factors_multiply_back() {
        let stream = Stream::new(3, "test");
        for (rows, n) in [(1, 1), (5, 8), (32, 40), (33, 33), (100, 130)] {
            let x: Vec<f64> = (0..rows * n).map(|i| stream.normal(i as u64)).collect();
            let factors = factors(x.clone(), rows, n);
            assert_eq!(factors.rank, rows);
            for i in 0..rows {
                for j in 0..rows {
                    let inner = dot(&factors.q[i * n..(i + 1) * n], &factors.q[j * n..(j + 1) * n]);
                    // Rounding of sums of n terms, twice.
                    assert!((inner - f64::from(i == j)).abs() < 1e-14 * (n as f64).sqrt(), "{rows} {n}: {inner}");
                    assert!(j <= i || factors.l[i * rows + j] == 0.0, "L is lower triangular");
                }
                assert!(factors.l[i * rows + i] > 0.0);
            }
            let back = product(&factors.l, &factors.q, (rows, rows, n), false);
            assert!(x.iter().zip(&back).all(|(x, back)| (x - back).abs() < 1e-13 * (n as f64).sqrt()));
        }
    }

    #[test]
    fn dependent_rows_add_nothing() {
        let stream = Stream::new(4, "test");
        let (rows, n, inner) = (90, 90, 37);
        let left: Vec<f64> = (0..rows * inner).map(|i| stream.child(0).normal(i as u64)).collect();
        let right: Vec<f64> = (0..inner * n).map(|i| stream.child(1).normal(i as u64)).collect();
        let x = product(&left, &right, (rows, inner, n), false);
        let factors = factors(x.clone(), rows, n);
        assert_eq!(factors.rank, inner);
        let back = product(&factors.l, &factors.q, (rows, inner, n), false);
        assert!(x.iter().zip(&back).all(|(x, back)| (x - back).abs() < 1e-12 * 100.0));
    }

    /// Haar: orthogonal, and the trace has mean 0 and variance 1 (Diaconis & Shahshahani 1994), which a factor without
    /// the positive diagonal fails.
    #[test]
    fn orthogonal_layers_are_haar() {
        let n = 40;
        let draws = 400;
        let mut nets = RandomNets::new(11, n, 0);
        let mut traces = Vec::new();
        for k in 0..draws {
            let layer = orthogonal_layer(&nets.layer(k, 0).unwrap()).unwrap();
            let w: Vec<f32> = layer.weights().unwrap();
            if k == 0 {
                let q: Vec<f64> = w.iter().map(|x| f64::from(*x) / (n as f64).sqrt()).collect();
                let gram = product(&q, &q, (n, n, n), true);
                for i in 0..n * n {
                    assert!((gram[i] - f64::from(i % (n + 1) == 0)).abs() < 1e-6, "f32 rounding");
                }
            }
            traces.push((0..n).map(|i| f64::from(w[i * n + i])).sum::<f64>() / (n as f64).sqrt());
        }
        let mean = traces.iter().sum::<f64>() / draws as f64;
        let variance = traces.iter().map(|t| t * t).sum::<f64>() / draws as f64;
        // Standard errors 1/sqrt(400) = 0.05 and sqrt(2/400) = 0.07: four of each.
        assert!(mean.abs() < 0.2 && (variance - 1.0).abs() < 0.28, "mean {mean}, variance {variance}");
    }
}
