//! The spectrum of J J^T: atoms and a density.

use super::complex::Complex;
use super::edges::{Band, bands};
use super::ensemble::{Atom, Ensemble};
use super::equation::Equation;
use super::one_layer::OneLayer;
use super::trace::{Chart, Piece};

/// Mass that may be missing: thin tails are left out.
pub const MISSING_MASS: f64 = 1e-3;

/// Mass that may lie below the lowest band, where squared singular values are too small to be told apart (tens of decades
/// below the others, where phi saturates).
pub const LOW_TAIL: f64 = 0.1;

/// The density could not be followed: what was found does not add up to the whole mass.
#[derive(Clone, Copy, Debug, PartialEq, thiserror::Error)]
#[error("Theory's density cannot be resolved here{}", found(*got, *expected))]
pub struct UnresolvedSpectrum {
    /// 1 minus the atoms.
    pub expected: f64,
    /// The integral of the density that was found; may be no number.
    pub got: f64,
}

fn found(got: f64, expected: f64) -> String {
    if !got.is_finite() {
        return String::new();
    }
    format!(": what was found of it holds a mass of {got:.3} where there should be {expected:.3}")
}

/// The law of the eigenvalues lambda of J J^T (the squared singular values of J) at infinite width: a few atoms and a
/// density, which is best seen over ln lambda, for it spans a number of decades that grows with depth.
#[derive(Clone, Debug)]
pub struct JacobianSpectrum {
    atoms: Vec<Atom>,
    bulk: Bulk,
}

#[derive(Clone, Debug)]
enum Bulk {
    Traced { equation: Equation, pieces: Vec<Piece> },
    OneLayer(OneLayer),
}

impl JacobianSpectrum {
    pub(crate) fn new(atoms: Vec<Atom>, equation: Equation) -> Result<Self, UnresolvedSpectrum> {
        let expected = 1.0 - atoms.iter().map(|atom| atom.mass).sum::<f64>();
        if let (Ensemble::Orthogonal, true, Some((activation, q))) =
            (equation.ensemble, equation.depth == 1.0, equation.law.smooth())
        {
            return Ok(Self { atoms, bulk: Bulk::OneLayer(OneLayer::new(activation, q, equation.ln_gain)) });
        }
        let pieces = if expected > 1e-12 { pieces(&equation) } else { Vec::new() };
        let got: f64 = pieces.iter().map(|piece| piece.mass_above.0 - piece.mass_above.1).sum();
        // Without gaps, what is missing below the whole is below it: the mass above is known absolutely.
        let top = pieces.iter().map(|piece| piece.mass_above.1).fold(f64::INFINITY, f64::min);
        let spectrum = Self { atoms, bulk: Bulk::Traced { equation, pieces } };
        let has_gaps = spectrum.log_bands().len() > 1;
        let below = if has_gaps || top.abs() > MISSING_MASS { MISSING_MASS } else { LOW_TAIL };
        // Written so that NaN fails.
        if (-MISSING_MASS..=below).contains(&(expected - got)) {
            Ok(spectrum)
        } else {
            Err(UnresolvedSpectrum { expected, got })
        }
    }

    /// Eigenvalues that hold a positive part of the mass each, ascending.
    pub fn atoms(&self) -> &[Atom] {
        &self.atoms
    }

    /// The intervals of ln lambda that hold the density, ascending; without thin tails.
    pub fn log_bands(&self) -> Vec<(f64, f64)> {
        match &self.bulk {
            Bulk::OneLayer(law) => vec![law.range()],
            Bulk::Traced { pieces, .. } => {
                let mut bands: Vec<(f64, f64)> = pieces.iter().map(|piece| piece.range).collect();
                bands.sort_by(|left, right| left.0.total_cmp(&right.0));
                // The two pieces that start from one point inside a band.
                bands.dedup_by(|next, band| {
                    let joined = next.0 == band.1;
                    if joined {
                        band.1 = next.1;
                    }
                    joined
                });
                bands
            }
        }
    }

    /// Density of ln lambda at ln lambda = x; 0 off the bands. Atoms are not in it.
    pub fn log_density(&self, x: f64) -> f64 {
        match &self.bulk {
            Bulk::OneLayer(law) => law.log_density(x),
            Bulk::Traced { equation, pieces } => {
                // Pieces share at most an end point.
                pieces.iter().map(|piece| piece.log_density(equation, x)).fold(0.0, f64::max)
            }
        }
    }

    /// (log10 s, density of log10 s) of the singular values s = sqrt lambda, for drawing: some `n_points` in all, in each band denser
    /// towards its ends, where densities have roots or poles, and a 0 at each end. Places where it is no number are left out.
    pub fn log10_curve(&self, n_points: usize) -> Vec<(f64, f64)> {
        let bands = self.log_bands();
        let per_band = (n_points / bands.len().max(1)).max(2);
        // ln lambda = 2 ln 10 log10 s.
        let per_decade = 2.0 * core::f64::consts::LN_10;
        let of_band = |&(low, high): &(f64, f64)| {
            let at = move |i: usize| {
                let angle = core::f64::consts::PI * (i as f64 + 0.5) / per_band as f64;
                0.5 * (low + high) - 0.5 * (high - low) * libm::cos(angle)
            };
            let inside = (0..per_band).map(at).map(|x| (x / per_decade, self.log_density(x) * per_decade));
            core::iter::once((low / per_decade, 0.0))
                .chain(inside)
                .chain([(high / per_decade, 0.0)])
                .collect::<Vec<_>>()
        };
        bands.iter().flat_map(of_band).filter(|(x, y)| x.is_finite() && y.is_finite()).collect()
    }

    /// Density of the squared singular values at lambda > 0; 0 otherwise.
    pub fn density(&self, lambda: f64) -> f64 {
        if lambda > 0.0 { self.log_density(libm::log(lambda)) / lambda } else { 0.0 }
    }

    /// Density of the singular values at s > 0; 0 otherwise.
    pub fn singular_value_density(&self, s: f64) -> f64 {
        if s > 0.0 { 2.0 * self.log_density(2.0 * libm::log(s)) / s } else { 0.0 }
    }

    /// Part of the mass at ln lambda > x, atoms included; without thin tails beyond the bands.
    pub fn mass_above(&self, x: f64) -> f64 {
        let atoms_above = |x: f64, limit: f64| {
            let between = |atom: &&Atom| libm::log(atom.lambda) > x && libm::log(atom.lambda) <= limit;
            self.atoms.iter().filter(between).map(|atom| atom.mass).sum::<f64>()
        };
        match &self.bulk {
            Bulk::OneLayer(law) => law.mass_above(x),
            Bulk::Traced { equation, pieces } => {
                pieces.iter().find_map(|piece| piece.mass_above(equation, x)).unwrap_or_else(|| {
                    let above = pieces.iter().filter(|piece| piece.range.0 > x);
                    match above.min_by(|left, right| left.range.0.total_cmp(&right.range.0)) {
                        Some(piece) => piece.mass_above.0 + atoms_above(x, piece.range.0),
                        None => atoms_above(x, f64::INFINITY),
                    }
                })
            }
        }
    }

    /// Part of the mass in (x_low, x_high] of ln lambda: the height of a bar of a histogram, times its width.
    pub fn mass_between(&self, x_low: f64, x_high: f64) -> f64 {
        self.mass_above(x_low) - self.mass_above(x_high)
    }
}

fn pieces(equation: &Equation) -> Vec<Piece> {
    match bands(equation) {
        Some(bands) => bands.iter().map(|band: &Band| Piece::of_band(equation, band)).collect(),
        None => from_inside(equation).unwrap_or_default(),
    }
}

/// A law with a thin upper tail has no clean edge to start from: go down from the upper half plane to the mean of
/// ln lambda, and from there both ways.
fn from_inside(equation: &Equation) -> Option<Vec<Piece>> {
    let weights = match equation.ensemble {
        Ensemble::Gaussian => -1.0,
        Ensemble::Orthogonal => 0.0,
    };
    let middle = equation.ln_gain + equation.depth * (equation.law.mean_ln() + weights);
    let far = Complex::new(libm::log(equation.law.largest()) + 3.0, 0.5 * std::f64::consts::PI);
    let mut here = equation.at(far)?;
    let corner = Complex::new(middle, here.f.im);
    for target in [corner, Complex::real(middle)] {
        let start = here.f;
        let (mut done, mut step) = (0.0_f64, 0.05);
        while done < 1.0 && step > 1e-6 {
            let next = (done + step).min(1.0);
            let goal = start + (target - start).scale(next);
            let guess = here.w + (goal - here.f).over(here.slope);
            match equation.solve(goal, guess) {
                Ok(point) if (point.w - guess).norm() <= 0.1 * (point.w - here.w).norm() => {
                    here = point;
                    done = next;
                    step *= 1.5;
                }
                _ => step *= 0.4,
            }
        }
        if done < 1.0 {
            return None;
        }
    }
    let both = [Chart::Up { from: middle }, Chart::Down { from: middle }];
    Some(both.into_iter().map(|chart| Piece::from_inside(equation, chart, &here)).collect())
}
