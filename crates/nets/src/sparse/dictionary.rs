//! The patterns, and how they are learnt.

use random::Stream;

use crate::engine::rules::fista_momentum;
use crate::error::{NetError, check_limit, check_size};
use crate::lanes::Eight;
use crate::product::{Panels, inner_products, product};

/// Most numbers of all patterns.
const MOST_NUMBERS: usize = 1 << 20;
/// Steps towards the coefficients of a patch, while it is learnt from and to tell how good the patterns are.
const WHILE_LEARNING: u64 = 40;
const TO_TELL: u64 = 300;
/// Products of a vector with the patterns' inner products that find their largest eigenvalue, and how far that is overrated:
/// steps that are a little short do no harm.
const POWERS: usize = 20;
const OVERRATED: f64 = 1.1;
/// A pattern that has been used less than this, in mean squared coefficients, begins anew.
const UNUSED: f32 = 1e-6;
/// Half the steps of the past, or so, count for the patterns (ρ of Mairal et al., section 3.4.1).
const FORGETTING: f64 = 2.0;

/// Patterns, with what they have seen.
#[derive(Clone, Debug)]
pub struct Dictionary {
    dim: usize,
    /// `Φ`, `[units, dim]`, each row of length 1.
    atoms: Vec<f32>,
    /// Weighted sums over the patches so far: of `a aᵀ` `[units, units]`, and of `a xᵀ` `[units, dim]`.
    codes_codes: Vec<f32>,
    codes_patches: Vec<f32>,
    steps: u64,
}

/// What patches are made of.
#[derive(Clone, Debug, PartialEq)]
pub struct Coded {
    /// Coefficients `[n, units]`.
    pub codes: Vec<f32>,
    /// What the patterns make of them, `[n, dim]`.
    pub reconstructed: Vec<f32>,
    /// The mean of `½ ‖x − Φᵀ a‖² + λ ‖a‖₁`.
    pub objective: f64,
    /// The share of the patches' energy that is explained: `1 − Σ‖x − Φᵀ a‖² / Σ‖x‖²`.
    pub explained: f64,
    /// The mean share of coefficients that are not 0.
    pub active: f64,
}

impl Dictionary {
    /// Patterns of normal numbers, scaled to length 1.
    ///
    /// # Errors
    /// None, or too many.
    pub fn drawn(units: usize, dim: usize, stream: Stream) -> Result<Self, NetError> {
        check_limit("numbers of patterns", units.saturating_mul(dim), MOST_NUMBERS)?;
        if units == 0 || dim == 0 {
            return Err(NetError::Empty { op: "patterns" });
        }
        let mut atoms = vec![0.0; units * dim];
        stream.fill_normal_f32(0, &mut atoms);
        atoms.chunks_exact_mut(dim).for_each(|atom| {
            normalise(atom);
        });
        let (codes_codes, codes_patches) = (vec![0.0; units * units], vec![0.0; units * dim]);
        Ok(Self { dim, atoms, codes_codes, codes_patches, steps: 0 })
    }

    /// The patterns `[units, dim]`.
    #[must_use]
    pub fn atoms(&self) -> &[f32] {
        &self.atoms
    }

    /// How many there are.
    #[must_use]
    pub fn units(&self) -> usize {
        self.atoms.len() / self.dim
    }

    /// Numbers of a pattern.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// Steps of learning so far.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// The coefficients of patches `[n, dim]` at a price `lambda` of each: 300 steps of FISTA (Beck & Teboulle 2009) from 0.
    ///
    /// # Errors
    /// Patches that are not whole, or none; a price that is no positive number.
    pub fn code(&self, patches: &[f32], lambda: f64) -> Result<Coded, NetError> {
        self.coded(patches, lambda, TO_TELL)
    }

    fn coded(&self, patches: &[f32], lambda: f64, iterations: u64) -> Result<Coded, NetError> {
        let (dim, units) = (self.dim, self.units());
        let n = patches.len() / dim;
        check_size("patches", n * dim, patches.len())?;
        if n == 0 {
            return Err(NetError::Empty { op: "sparse coding" });
        }
        if !(lambda.is_finite() && lambda > 0.0) {
            return Err(NetError::Range { name: "lambda", got: lambda, allowed: "(0, ∞)" });
        }
        let gram = inner_products(&self.atoms, units, dim);
        let step = 1.0 / (OVERRATED * largest_eigenvalue(&gram, units)).max(1.0);
        let shrinkage = (lambda * step) as f32;
        let step = step as f32;
        let gram = Panels::<Eight>::new(&gram, units, units);
        // Φ x for each patch.
        let towards = product(patches, &Panels::<Eight>::transposed(&self.atoms, units, dim));
        let mut codes = vec![0.0_f32; n * units];
        let mut ahead = codes.clone();
        for k in 1..=iterations {
            let momentum = fista_momentum(k) as f32;
            let back = product(&ahead, &gram);
            for (((code, ahead), back), towards) in codes.iter_mut().zip(&mut ahead).zip(back).zip(&towards) {
                let moved = *ahead + step * (towards - back);
                let shrunk = shrunk(moved, shrinkage);
                *ahead = shrunk + momentum * (shrunk - *code);
                *code = shrunk;
            }
        }
        let reconstructed = product(&codes, &Panels::<Eight>::new(&self.atoms, units, dim));
        let square = |x: f32| f64::from(x) * f64::from(x);
        let left: f64 = patches.iter().zip(&reconstructed).map(|(x, y)| square(x - y)).sum();
        let energy: f64 = patches.iter().map(|x| square(*x)).sum();
        let price: f64 = codes.iter().map(|a| f64::from(a.abs())).sum();
        let used = codes.iter().filter(|a| **a != 0.0).count();
        Ok(Coded {
            objective: (0.5 * left + lambda * price) / n as f64,
            explained: if energy > 0.0 { 1.0 - left / energy } else { 0.0 },
            active: used as f64 / codes.len() as f64,
            codes,
            reconstructed,
        })
    }

    /// Learns from patches `[n, dim]`, and says how they were coded before, by 40 steps. One pass over the patterns, each of them the best
    /// beside the others for all patches so far, those of long ago counting less (Mairal, Bach, Ponce & Sapiro 2010, algorithms 1
    /// and 2). A pattern that nothing uses becomes the patch that is explained worst.
    ///
    /// # Errors
    /// As [`code`](Self::code).
    pub fn learn(&mut self, patches: &[f32], lambda: f64) -> Result<Coded, NetError> {
        let coded = self.coded(patches, lambda, WHILE_LEARNING)?;
        let (dim, units) = (self.dim, self.units());
        let n = patches.len() / dim;
        self.steps += 1;
        let kept = libm::pow(1.0 - 1.0 / self.steps as f64, FORGETTING) as f32;
        let codes_t: Vec<f32> = (0..units).flat_map(|j| coded.codes.iter().skip(j).step_by(units).copied()).collect();
        let share = 1.0 / n as f32;
        let add = |sums: &mut [f32], new: Vec<f32>| {
            sums.iter_mut().zip(new).for_each(|(sum, new)| *sum = kept * *sum + share * new);
        };
        add(&mut self.codes_codes, inner_products(&codes_t, units, n));
        add(&mut self.codes_patches, product(&codes_t, &Panels::<Eight>::new(patches, n, dim)));
        let mut worst = by_residual(patches, &coded.reconstructed, dim).into_iter();
        let mut wanted = vec![0.0; dim];
        for j in 0..units {
            let used = self.codes_codes[j * units + j];
            if used <= UNUSED {
                let Some(patch) = worst.next() else { continue };
                wanted.copy_from_slice(&patches[patch * dim..(patch + 1) * dim]);
            } else {
                wanted.copy_from_slice(&self.codes_patches[j * dim..(j + 1) * dim]);
                for (k, atom) in self.atoms.chunks_exact(dim).enumerate().filter(|(k, _)| *k != j) {
                    let together = self.codes_codes[j * units + k];
                    if together != 0.0 {
                        wanted.iter_mut().zip(atom).for_each(|(x, w)| *x -= together * w);
                    }
                }
            }
            if normalise(&mut wanted) {
                self.atoms[j * dim..(j + 1) * dim].copy_from_slice(&wanted);
            }
        }
        Ok(coded)
    }
}

/// Nearer to 0, by so much.
fn shrunk(x: f32, by: f32) -> f32 {
    if x > by {
        x - by
    } else if x < -by {
        x + by
    } else {
        0.0
    }
}

/// Scales to length 1, where there is a length.
fn normalise(x: &mut [f32]) -> bool {
    let length = x.iter().map(|x| f64::from(*x) * f64::from(*x)).sum::<f64>().sqrt();
    let has_length = length.is_finite() && length > 1e-12;
    if has_length {
        x.iter_mut().for_each(|x| *x = (f64::from(*x) / length) as f32);
    }
    has_length
}

/// Patches by what is left of them, the most first.
fn by_residual(patches: &[f32], reconstructed: &[f32], dim: usize) -> Vec<usize> {
    let left = |(x, y): (&[f32], &[f32])| x.iter().zip(y).map(|(x, y)| (x - y) * (x - y)).sum::<f32>();
    let left: Vec<f32> = patches.chunks_exact(dim).zip(reconstructed.chunks_exact(dim)).map(left).collect();
    let mut order: Vec<usize> = (0..left.len()).collect();
    order.sort_by(|a, b| left[*b].total_cmp(&left[*a]));
    order
}

/// Of a symmetric matrix without negative eigenvalues, from below: a few products with a vector that is orthogonal to no
/// eigenvector, as good as surely.
fn largest_eigenvalue(matrix: &[f32], n: usize) -> f64 {
    let stream = Stream::new(1, "largest eigenvalue");
    let mut x: Vec<f64> = (0..n as u64).map(|i| stream.normal(i)).collect();
    let mut largest = 0.0;
    for _ in 0..POWERS {
        let y: Vec<f64> =
            matrix.chunks_exact(n).map(|row| row.iter().zip(&x).map(|(m, x)| f64::from(*m) * x).sum()).collect();
        let norm = |x: &[f64]| x.iter().map(|x| x * x).sum::<f64>().sqrt();
        largest = norm(&y) / norm(&x).max(f64::MIN_POSITIVE);
        x = y;
        let scale = 1.0 / norm(&x).max(f64::MIN_POSITIVE);
        x.iter_mut().for_each(|x| *x *= scale);
    }
    largest
}

#[cfg(test)]
mod tests {
    use super::*;

    fn normals(n: usize, purpose: &str) -> Vec<f32> {
        let mut all = vec![0.0; n];
        Stream::new(2, purpose).fill_normal_f32(0, &mut all);
        all
    }

    /// The minimum by coordinate descent in f64, to its end.
    fn least(atoms: &[f32], patch: &[f32], lambda: f64) -> f64 {
        let dim = patch.len();
        let mut codes = vec![0.0_f64; atoms.len() / dim];
        let mut left: Vec<f64> = patch.iter().copied().map(f64::from).collect();
        for _ in 0..2000 {
            for (code, atom) in codes.iter_mut().zip(atoms.chunks_exact(dim)) {
                let (dot, square) = atom.iter().zip(&left).fold((0.0, 0.0), |(dot, square), (w, r)| {
                    (dot + f64::from(*w) * r, square + f64::from(*w) * f64::from(*w))
                });
                let free = dot + square * *code;
                let new = free.signum() * (free.abs() - lambda).max(0.0) / square;
                left.iter_mut().zip(atom).for_each(|(r, w)| *r += (*code - new) * f64::from(*w));
                *code = new;
            }
        }
        0.5 * left.iter().map(|r| r * r).sum::<f64>() + lambda * codes.iter().map(|a| a.abs()).sum::<f64>()
    }

    #[test]
    fn coefficients_are_as_good_as_those_of_coordinate_descent() {
        let dictionary = Dictionary::drawn(40, 25, Stream::new(1, "patterns")).expect("patterns");
        let patches = normals(10 * 25, "patches");
        for lambda in [0.1, 0.5, 2.0] {
            let found = dictionary.code(&patches, lambda).expect("codes");
            let best = patches.chunks_exact(25).map(|x| least(dictionary.atoms(), x, lambda)).sum::<f64>() / 10.0;
            // The minimum cannot be undercut but by rounding.
            assert!((found.objective / best - 1.0).abs() < 1e-5, "{} {best}", found.objective);
            let quick = dictionary.coded(&patches, lambda, WHILE_LEARNING).expect("codes").objective;
            assert!(quick < 1.01 * best, "{quick} {best}");
            assert!(found.active < 1.0 && found.explained < 1.0 && found.explained > 0.0, "{found:?}");
        }
        // At a price above all products nothing is bought.
        assert!(dictionary.code(&patches, 100.0).expect("codes").codes.iter().all(|a| *a == 0.0));
    }

    #[test]
    fn patterns_of_which_patches_are_made_are_found() {
        let (dim, units) = (16, 16);
        let planted = Dictionary::drawn(units, dim, Stream::new(8, "planted")).expect("patterns");
        let patches = |step: u64| {
            let mut cursor = Stream::new(9, "patches").child(step).cursor();
            let mut all = vec![0.0_f32; 100 * dim];
            for patch in all.chunks_exact_mut(dim) {
                for _ in 0..2 {
                    let (which, size) = (cursor.below(units as u64) as usize, cursor.next_normal() as f32);
                    let atom = &planted.atoms()[which * dim..(which + 1) * dim];
                    patch.iter_mut().zip(atom).for_each(|(x, w)| *x += size * w);
                }
            }
            all
        };
        let mut dictionary = Dictionary::drawn(units, dim, Stream::new(1, "patterns")).expect("patterns");
        let before = dictionary.code(&patches(0), 0.4).expect("codes").objective;
        for step in 1..600 {
            dictionary.learn(&patches(step), 0.4).expect("codes");
        }
        assert_eq!(dictionary.steps(), 599);
        assert!(dictionary.code(&patches(0), 0.4).expect("codes").objective < 0.7 * before);
        let cosine = |a: &[f32], b: &[f32]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f32>().abs();
        let best = |a: &[f32]| dictionary.atoms().chunks_exact(dim).map(|b| cosine(a, b)).fold(0.0, f32::max);
        let found = planted.atoms().chunks_exact(dim).filter(|atom| best(atom) > 0.97).count();
        assert!(found >= units - 1, "{found} of {units}");
    }

    #[test]
    fn what_cannot_be_coded_is_said() {
        let mut dictionary = Dictionary::drawn(4, 9, Stream::new(1, "patterns")).expect("patterns");
        assert!(Dictionary::drawn(0, 9, Stream::new(1, "patterns")).is_err());
        assert!(Dictionary::drawn(1 << 20, 9, Stream::new(1, "patterns")).is_err());
        assert!(dictionary.code(&[], 1.0).is_err());
        assert!(dictionary.code(&[1.0; 10], 1.0).is_err());
        for lambda in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(dictionary.code(&[1.0; 9], lambda).is_err());
        }
        // Patches without anything in them teach nothing, and break nothing.
        let before = dictionary.atoms().to_vec();
        dictionary.learn(&[0.0; 90], 1.0).expect("codes");
        assert_eq!(dictionary.atoms(), before);
    }
}
