//! Eigenvalues of large symmetric matrices that are known by their products alone, such as Hessians.

use random::Stream;

use crate::NetError;

/// What the method of Lanczos (1950) finds, largest value first.
#[derive(Clone, Debug, PartialEq)]
pub struct Ritz {
    /// Approximate eigenvalues, in descending order. The outermost are good first.
    pub values: Vec<f64>,
    /// For each, a distance within which the matrix has an eigenvalue.
    pub errors: Vec<f64>,
    /// For each, its share of the random start vector, squared; they sum to 1. Their mean over start vectors is a density
    /// of eigenvalues (Ubaru, Chen & Saad 2017).
    pub shares: Vec<f64>,
}

impl Ritz {
    /// The largest value with its error; none of a matrix without rows.
    #[must_use]
    pub fn largest(&self) -> Option<(f64, f64)> {
        Some((*self.values.first()?, *self.errors.first()?))
    }
}

/// Approximate eigenvalues of a symmetric matrix of `n` rows after so many products, from a random start vector. All vectors are
/// kept orthogonal to each other twice over, in `f64`: `n · products` numbers. It ends early where the vectors have found a space that the
/// matrix maps into itself, or where a product is infinite or NaN, which it says by NaN.
///
/// # Errors
/// What the product says; [`NetError::Size`] for a product of another size.
pub fn lanczos(
    n: usize,
    products: usize,
    stream: Stream,
    mut multiply: impl FnMut(&[f64]) -> Result<Vec<f64>, NetError>,
) -> Result<Ritz, NetError> {
    let mut vectors: Vec<Vec<f64>> = Vec::new();
    let (mut diagonal, mut beside) = (Vec::new(), Vec::new());
    let mut next: Vec<f64> = (0..n as u64).map(|i| stream.normal(i)).collect();
    let mut length = norm(&next);
    let mut scale = 0.0_f64;
    while vectors.len() < products.min(n) && length > 1e-12 * scale {
        next.iter_mut().for_each(|x| *x /= length);
        let product = multiply(&next)?;
        crate::error::check_size("product of a matrix", n, product.len())?;
        vectors.push(std::mem::replace(&mut next, product));
        let before = norm(&next);
        diagonal.push(dot(&next, &vectors[vectors.len() - 1]));
        // Twice is enough (Parlett 1980, section 6.9).
        for _ in 0..2 {
            for vector in &vectors {
                let along = dot(&next, vector);
                next.iter_mut().zip(vector).for_each(|(x, v)| *x -= along * v);
            }
        }
        length = norm(&next);
        scale = scale.max(before);
        beside.push(length);
        if !length.is_finite() {
            let k = vectors.len();
            return Ok(Ritz { values: vec![f64::NAN; k], errors: vec![f64::NAN; k], shares: vec![f64::NAN; k] });
        }
    }
    let last = beside.pop().unwrap_or(0.0);
    let (values, rows) = tridiagonal(diagonal, beside);
    let mut order: Vec<usize> = (0..values.len()).collect();
    order.sort_by(|a, b| values[*b].total_cmp(&values[*a]));
    let of = |f: &dyn Fn(usize) -> f64| order.iter().map(|k| f(*k)).collect();
    Ok(Ritz {
        values: of(&|k| values[k]),
        errors: of(&|k| (last * rows.last().map_or(0.0, |row| row[k])).abs()),
        shares: of(&|k| rows.first().map_or(0.0, |row| row[k] * row[k])),
    })
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn norm(a: &[f64]) -> f64 {
    dot(a, a).sqrt()
}

/// Eigenvalues of the symmetric tridiagonal matrix with this diagonal and these numbers beside it, and its eigenvectors as
/// columns of the second value: QL steps with implicit shifts (Wilkinson & Reinsch 1971, procedure imtql2).
fn tridiagonal(mut d: Vec<f64>, mut e: Vec<f64>) -> (Vec<f64>, Vec<Vec<f64>>) {
    let n = d.len();
    e.resize(n, 0.0);
    let mut vectors: Vec<Vec<f64>> = (0..n).map(|i| (0..n).map(|j| if i == j { 1.0 } else { 0.0 }).collect()).collect();
    for l in 0..n {
        // Thirty a value are far more than are ever needed.
        for _ in 0..30 {
            let is_small = |m: &usize| e[*m].abs() <= f64::EPSILON * (d[*m].abs() + d[*m + 1].abs());
            let m = (l..n - 1).find(is_small).unwrap_or(n - 1);
            if m == l {
                break;
            }
            let g = (d[l + 1] - d[l]) / (2.0 * e[l]);
            let r = libm::hypot(g, 1.0);
            let mut g = d[m] - d[l] + e[l] / (g + r.copysign(g));
            let (mut s, mut c, mut p) = (1.0, 1.0, 0.0);
            let mut is_split = false;
            for i in (l..m).rev() {
                let (f, b) = (s * e[i], c * e[i]);
                let r = libm::hypot(f, g);
                e[i + 1] = r;
                if r == 0.0 {
                    d[i + 1] -= p;
                    e[m] = 0.0;
                    is_split = true;
                    break;
                }
                (s, c) = (f / r, g / r);
                g = d[i + 1] - p;
                let r = (d[i] - g) * s + 2.0 * c * b;
                p = s * r;
                d[i + 1] = g + p;
                g = c * r - b;
                for row in &mut vectors {
                    let f = row[i + 1];
                    row[i + 1] = s * row[i] + c * f;
                    row[i] = c * row[i] - s * f;
                }
            }
            if !is_split {
                d[l] -= p;
                e[l] = g;
                e[m] = 0.0;
            }
        }
    }
    (d, vectors)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `A_ij = min(i, j) + 1` of n rows has the eigenvalues `1/(4 sin²((2k − 1) π/(4n + 2)))`.
    fn smaller_of_both(n: usize, x: &[f64]) -> Vec<f64> {
        (0..n).map(|i| (0..n).map(|j| (i.min(j) + 1) as f64 * x[j]).sum()).collect()
    }

    fn exact(n: usize, k: usize) -> f64 {
        let angle = (2 * k - 1) as f64 * std::f64::consts::PI / (4 * n + 2) as f64;
        1.0 / (4.0 * angle.sin().powi(2))
    }

    #[test]
    fn all_eigenvalues_of_a_small_matrix() {
        let n = 12;
        let found = lanczos(n, 50, Stream::new(1, "start"), |x| Ok(smaller_of_both(n, x))).unwrap();
        assert_eq!(found.values.len(), n);
        for (k, value) in found.values.iter().enumerate() {
            assert!((value / exact(n, k + 1) - 1.0).abs() < 1e-9, "{k}: {value}");
        }
        assert!((found.shares.iter().sum::<f64>() - 1.0).abs() < 1e-12);
    }

    #[test]
    fn the_largest_of_a_large_one_lies_within_its_error() {
        let n = 300;
        let found = lanczos(n, 12, Stream::new(2, "start"), |x| Ok(smaller_of_both(n, x))).unwrap();
        let (value, error) = found.largest().unwrap();
        assert!((value - exact(n, 1)).abs() <= error + 1e-8 * value && error < 1e-3 * value, "{value} ± {error}");
    }

    #[test]
    fn a_projection_has_two_values_and_ends_early() {
        let onto_half = |x: &[f64]| Ok(x.iter().enumerate().map(|(i, x)| if i % 2 == 0 { *x } else { 0.0 }).collect());
        let found = lanczos(40, 30, Stream::new(3, "start"), onto_half).unwrap();
        assert_eq!(found.values.len(), 2);
        assert!((found.values[0] - 1.0).abs() < 1e-12 && found.values[1].abs() < 1e-12);
    }

    #[test]
    fn what_is_not_finite_is_said() {
        let found = lanczos(3, 3, Stream::new(4, "start"), |_| Ok(vec![f64::NAN; 3])).unwrap();
        assert!(found.values.iter().all(|x| x.is_nan()));
        assert!(lanczos(0, 3, Stream::new(4, "start"), |_| Ok(vec![])).unwrap().largest().is_none());
        assert!(lanczos(3, 3, Stream::new(4, "start"), |_| Ok(vec![])).is_err());
        let zeros = lanczos(3, 3, Stream::new(4, "start"), |x| Ok(vec![0.0; x.len()])).unwrap();
        assert_eq!(zeros.values, [0.0]);
    }
}
