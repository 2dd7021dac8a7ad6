//! Principal components of a few points in many dimensions.

/// Coordinates of `n` points in their first three principal components, `[n, 3]`, row-major.
///
/// With `B` the centred matrix of inner products, the coordinates are `√λ_k v_k` for the three largest eigenpairs of
/// `B`. They are found by orthogonal iteration from `start` (`[n, 3]`), so that neighbouring problems with the same
/// start give neighbouring answers and a picture does not flip while it is dragged.
///
/// # Shapes
/// `gram`: `[n, n]`, inner products of the uncentred points; `start`: `[n, 3]`.
///
/// # Numerics
/// f64, 60 sweeps. Components with a vanishing eigenvalue come out as zero.
#[must_use]
pub fn three_components(gram: &[f32], n: usize, start: &[[f64; 3]]) -> Vec<[f32; 3]> {
    if n == 0 || gram.len() != n * n || start.len() != n {
        return Vec::new();
    }
    let b = centred(gram, n);
    let mut v = start.to_vec();
    orthonormalise(&mut v);
    for _sweep in 0..60 {
        v = product(&b, &v);
        orthonormalise(&mut v);
    }
    let bv = product(&b, &v);
    let lambda = |k: usize| -> f64 { v.iter().zip(&bv).map(|(x, y)| x[k] * y[k]).sum::<f64>().max(0.0) };
    let scale = [lambda(0).sqrt(), lambda(1).sqrt(), lambda(2).sqrt()];
    v.iter().map(|x| std::array::from_fn(|k| (x[k] * scale[k]) as f32)).collect()
}

fn centred(gram: &[f32], n: usize) -> Vec<f64> {
    let mean = |row: usize| -> f64 { (0..n).map(|j| f64::from(gram[row * n + j])).sum::<f64>() / n as f64 };
    let means: Vec<f64> = (0..n).map(mean).collect();
    let total = means.iter().sum::<f64>() / n as f64;
    (0..n * n).map(|k| f64::from(gram[k]) - means[k / n] - means[k % n] + total).collect()
}

fn product(b: &[f64], v: &[[f64; 3]]) -> Vec<[f64; 3]> {
    let row = |row: &[f64]| {
        let mut sum = [0.0; 3];
        for (w, x) in row.iter().zip(v) {
            for k in 0..3 {
                sum[k] += w * x[k];
            }
        }
        sum
    };
    b.chunks_exact(v.len()).map(row).collect()
}

/// Gram–Schmidt; a column that vanishes is left at zero.
fn orthonormalise(v: &mut [[f64; 3]]) {
    for k in 0..3 {
        for j in 0..k {
            let overlap: f64 = v.iter().map(|x| x[k] * x[j]).sum();
            v.iter_mut().for_each(|x| x[k] -= overlap * x[j]);
        }
        let norm = v.iter().map(|x| x[k] * x[k]).sum::<f64>().sqrt();
        let inverse = if norm > 1e-150 { 1.0 / norm } else { 0.0 };
        v.iter_mut().for_each(|x| x[k] *= inverse);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Points with three independent directions of different size: distances must survive.
    #[test]
    fn distances_of_three_dimensional_points_are_kept() {
        let points: Vec<[f64; 3]> =
            (0..12).map(f64::from).map(|t| [3.0 * t.cos(), 2.0 * t.sin(), (2.0 * t).cos()]).collect();
        let n = points.len();
        let inner = |a: &[f64; 3], b: &[f64; 3]| a.iter().zip(b).map(|(x, y)| x * y).sum::<f64>();
        let gram: Vec<f32> = (0..n * n).map(|k| inner(&points[k / n], &points[k % n]) as f32).collect();
        let start: Vec<[f64; 3]> = (0..n).map(|i| [1.0, i as f64, (i * i % 7) as f64]).collect();
        let found = three_components(&gram, n, &start);
        for i in 0..n {
            for j in 0..n {
                let wanted: f64 = (0..3).map(|k| (points[i][k] - points[j][k]).powi(2)).sum();
                let got: f64 = (0..3).map(|k| f64::from(found[i][k] - found[j][k]).powi(2)).sum();
                // f32 inner products of size 10 carry 1e-6.
                assert!((wanted - got).abs() < 1e-4, "{i} {j}: {wanted} {got}");
            }
        }
    }

    #[test]
    fn one_point_and_equal_points_are_at_the_origin() {
        assert_eq!(three_components(&[1.0], 1, &[[1.0, 0.0, 0.0]]), vec![[0.0; 3]]);
        let found = three_components(&[2.0; 9], 3, &[[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]]);
        assert!(found.iter().flatten().all(|x| x.abs() < 1e-6), "{found:?}");
    }
}
