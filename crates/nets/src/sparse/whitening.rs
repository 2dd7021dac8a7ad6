//! Patches without what pairs of pixels tell of each other.

use random::Stream;

use crate::error::{NetError, check_limit, check_size};
use crate::jacobian::JacobiSvd;
use crate::lanes::{Eight, Four};
use crate::product::{Panels, product};

/// Most pixels of a patch: the time grows with their third power.
const MOST_DIM: usize = 32 * 32;
/// Added to every variance, in shares of their mean: directions in which patches hardly differ hold little but noise.
const RIDGE: f64 = 0.1;
/// Variances below this share of the largest are those of rounding: patches have the precision of f32.
const ROUNDING: f64 = 1e-9;
/// Rotations at once.
const ROTATIONS: usize = 1 << 16;

/// The symmetric map `(C + ε)^{−1/2}` of patches with covariance `C`, after which all directions have nearly the same variance and
/// no two pixels are correlated. `ε` is 0.1 of the mean variance. Directions in which the patches do not differ go to 0.
///
/// Of all maps that do so it changes patches least (Bell & Sejnowski 1997, section 2).
#[derive(Clone, Debug)]
pub struct Whitening {
    dim: usize,
    map: Panels<Eight>,
    /// Of standard normal numbers.
    noise_map: Panels<Eight>,
    variances: Vec<f64>,
}

impl Whitening {
    /// Of patches `[n, dim]`, each with mean 0.
    ///
    /// # Errors
    /// No patches, or such that are not whole; more than 1024 pixels; patches that are all alike or not finite.
    pub fn of(patches: &[f32], dim: usize) -> Result<Self, NetError> {
        let op = "whitening";
        check_limit("pixels of a patch", dim, MOST_DIM)?;
        if dim == 0 || patches.len() < dim {
            return Err(NetError::Empty { op });
        }
        check_size(op, patches.len() / dim * dim, patches.len())?;
        let covariance = covariance(patches, dim);
        let trace: f64 = (0..dim).map(|i| covariance[i * dim + i]).sum();
        if !(trace.is_finite() && trace > 0.0) {
            return Err(NetError::Range { name: "the variance of patches", got: trace, allowed: "(0, ∞)" });
        }
        // The rows of a symmetric matrix without negative eigenvalues, made orthogonal, are its eigenvectors times its eigenvalues.
        let mut svd = JacobiSvd::new(covariance, vec![0.0; dim], dim);
        while !svd.advance(ROTATIONS) {}
        let mut components: Vec<(f64, &[f64])> = svd.components().collect();
        components.sort_by(|a, b| b.0.total_cmp(&a.0));
        let (least, ridge) = (ROUNDING * components[0].0, RIDGE * trace / dim as f64);
        components.retain(|(variance, _)| *variance > least);

        let vectors: Vec<f64> = components.iter().flat_map(|(_, vector)| vector.iter().copied()).collect();
        let rank = components.len();
        let columns = Panels::new(&vectors, rank, dim);
        // The symmetric matrix with these eigenvectors and functions of the eigenvalues.
        let map = |scale: &dyn Fn(f64) -> f64| {
            let scaled = components.iter().map(|(variance, vector)| (scale(*variance), vector));
            let scaled: Vec<f64> = scaled.flat_map(|(scale, vector)| vector.iter().map(move |x| scale * x)).collect();
            let map = product::<Four>(&transposed(&scaled, rank, dim), &columns);
            Panels::new(&map.into_iter().map(|x| x as f32).collect::<Vec<f32>>(), dim, dim)
        };
        let variances = components.iter().map(|(variance, _)| *variance).collect();
        let (map, noise_map) = (map(&|v| 1.0 / (v + ridge).sqrt()), map(&|v| (v / (v + ridge)).sqrt()));
        Ok(Self { dim, map, noise_map, variances })
    }

    /// Whitened patches `[n, dim]`.
    ///
    /// # Errors
    /// Patches that are not whole.
    pub fn apply(&self, patches: &[f32]) -> Result<Vec<f32>, NetError> {
        check_size("whitening", patches.len() / self.dim * self.dim, patches.len())?;
        Ok(product(patches, &self.map))
    }

    /// Normal noise `[n, dim]` that has the covariance of whitened patches, which therefore nothing but what is not normal in those
    /// tells apart from them (Gutmann & Hyvärinen 2012, section 4.2).
    #[must_use]
    pub fn noise(&self, n: usize, stream: Stream) -> Vec<f32> {
        let mut normals = vec![0.0; n * self.dim];
        stream.fill_normal_f32(0, &mut normals);
        product(&normals, &self.noise_map)
    }

    /// The variances of the patches along their principal components, the greatest first, without those that are 0.
    #[must_use]
    pub fn variances(&self) -> &[f64] {
        &self.variances
    }
}

/// Mean products of pixels, `[dim, dim]`.
fn covariance(patches: &[f32], dim: usize) -> Vec<f64> {
    let patches: Vec<f64> = patches.iter().copied().map(f64::from).collect();
    let n = patches.len() / dim;
    let sums = product::<Four>(&transposed(&patches, n, dim), &Panels::new(&patches, n, dim));
    sums.into_iter().map(|sum| sum / n as f64).collect()
}

/// `[columns, rows]` of `[rows, columns]`.
fn transposed(of: &[f64], rows: usize, columns: usize) -> Vec<f64> {
    (0..columns).flat_map(|j| (0..rows).map(move |i| of[i * columns + j])).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Patches of 3×3 whose pixels are correlated, with mean 0 each.
    fn patches(n: usize) -> Vec<f32> {
        let mut all = vec![0.0; n * 9];
        Stream::new(3, "patches").fill_normal_f32(0, &mut all);
        for patch in all.chunks_exact_mut(9) {
            for i in 1..9 {
                patch[i] = 0.3 * patch[i] + patch[i - 1];
            }
            let mean = patch.iter().sum::<f32>() / 9.0;
            patch.iter_mut().for_each(|x| *x -= mean);
        }
        all
    }

    #[test]
    fn whitened_patches_vary_alike_in_all_directions_but_that_of_their_mean() {
        let patches = patches(4000);
        let whitening = Whitening::of(&patches, 9).expect("a map");
        let variances = whitening.variances();
        assert_eq!(variances.len(), 8, "{variances:?}");
        let mean = covariance(&patches, 9).iter().step_by(10).sum::<f64>() / 9.0;
        assert!((variances.iter().sum::<f64>() - 9.0 * mean).abs() < 1e-6);
        let white = whitening.apply(&patches).expect("patches");
        // Along each component the variance v has become v/(v + ε), so that the trace is their sum.
        let expected: f64 = variances.iter().map(|v| v / (v + RIDGE * mean)).sum();
        let found = covariance(&white, 9);
        let trace: f64 = found.iter().step_by(10).sum();
        assert!((trace - expected).abs() < 1e-4, "{trace} {expected}");
        // The map twice undoes the covariance with its ridge, but for the direction of the mean, which goes to 0.
        let identity: Vec<f32> = (0..81).map(|i| if i % 10 == 0 { 1.0 } else { 0.0 }).collect();
        let twice = whitening.apply(&whitening.apply(&identity).expect("the map")).expect("the map twice");
        let covariance = covariance(&patches, 9);
        for i in 0..9 {
            for j in 0..9 {
                let ridge = |k: usize| if k == j { RIDGE * mean } else { 0.0 };
                let product = |k: usize| f64::from(twice[9 * i + k]) * (covariance[9 * k + j] + ridge(k));
                let found: f64 = (0..9).map(product).sum();
                let ideal = f64::from(u8::from(i == j)) - 1.0 / 9.0;
                assert!((found - ideal).abs() < 1e-5, "{i} {j} {found}");
            }
        }
    }

    #[test]
    fn noise_varies_as_whitened_patches_do() {
        let patches = patches(4000);
        let whitening = Whitening::of(&patches, 9).expect("a map");
        let expected = covariance(&whitening.apply(&patches).expect("patches"), 9);
        let n = 40_000;
        let found = covariance(&whitening.noise(n, Stream::new(5, "noise")), 9);
        // A covariance over n draws of variance at most 1 is off by √(2/n); five of those.
        let most = 5.0 * (2.0 / n as f64).sqrt();
        assert!(expected.iter().zip(&found).all(|(a, b)| (a - b).abs() < most), "{expected:?} {found:?}");
    }

    #[test]
    fn what_cannot_be_whitened_is_said() {
        assert!(Whitening::of(&[], 9).is_err());
        assert!(Whitening::of(&[0.0; 90], 9).is_err());
        assert!(Whitening::of(&[1.0; 91], 9).is_err());
        assert!(Whitening::of(&[f32::NAN; 90], 9).is_err());
        assert!(Whitening::of(&[1.0; 4000], 2000).is_err());
    }
}
