//! Closed forms.

use super::edges::bands;
use super::ensemble::{Atom, Ensemble};
use super::equation::Equation;
use super::linear_gaussian::ln_fuss_catalan_edge;
use super::moments::scaled_moments;
use super::slope_law::SlopeLaw;
use super::spectrum::{JacobianSpectrum, UnresolvedSpectrum};
use crate::activation::Activation;
use crate::error::TheoryError;
use crate::mean_field::SIGMA_MAX;

/// Deepest network.
pub const DEPTH_MAX: u32 = 10_000;
/// Largest number of moments.
const MOST_MOMENTS: usize = 64;

/// The squared singular values of J = prod_{l=1}^L D^l W^l at infinite width.
#[derive(Clone, Debug)]
pub struct JacobianTheory {
    law: SlopeLaw,
    sigma_w: f64,
    depth: u32,
    ensemble: Ensemble,
}

impl JacobianTheory {
    /// A network of `depth` layers whose pre-activations have variance `q_star`.
    ///
    /// # Errors
    /// [`TheoryError::OutOfRange`] unless q_star lies in \[0, 1e300\], sigma_w in \[0, [`SIGMA_MAX`]\] and the depth in
    /// 1..=[`DEPTH_MAX`].
    pub fn new(
        activation: Activation,
        q_star: f64,
        sigma_w: f64,
        depth: u32,
        ensemble: Ensemble,
    ) -> Result<Self, TheoryError> {
        Self::with_law(SlopeLaw::new(activation, q_star)?, sigma_w, depth, ensemble)
    }

    /// As [`new`](Self::new), from the law of phi'^2.
    ///
    /// # Errors
    /// [`TheoryError::OutOfRange`] for sigma_w and the depth as in [`new`](Self::new).
    pub fn with_law(law: SlopeLaw, sigma_w: f64, depth: u32, ensemble: Ensemble) -> Result<Self, TheoryError> {
        let sigma_w = TheoryError::check("sigma_w", sigma_w, 0.0, SIGMA_MAX)?;
        TheoryError::check("depth", f64::from(depth), 1.0, f64::from(DEPTH_MAX))?;
        Ok(Self { law, sigma_w, depth, ensemble })
    }

    /// The law of phi'^2.
    pub const fn law(&self) -> &SlopeLaw {
        &self.law
    }

    /// Number of layers L.
    pub const fn depth(&self) -> u32 {
        self.depth
    }

    /// How weights are drawn.
    pub const fn ensemble(&self) -> Ensemble {
        self.ensemble
    }

    fn layers(&self) -> f64 {
        f64::from(self.depth)
    }

    /// chi = sigma_w^2 mu_1, by which each layer multiplies the mean squared singular value.
    pub fn chi(&self) -> f64 {
        self.sigma_w * self.sigma_w * self.law.mu(1)
    }

    /// chi^L: the mean squared singular value. Infinite where it exceeds the range of numbers.
    pub fn mean(&self) -> f64 {
        libm::pow(self.chi(), self.layers())
    }

    /// m_2 - m_1^2 = chi^(2L) L (mu_2/mu_1^2 - 1 - s_1) of the squared singular values (Pennington et al. 2017, eq. 16
    /// with both ensembles in one).
    pub fn variance(&self) -> f64 {
        if self.law.mu(1) == 0.0 {
            return 0.0;
        }
        let (mean, spread) = (self.mean(), self.relative_variance());
        // Without spread there is none at an infinite mean either.
        if spread == 0.0 { 0.0 } else { mean * mean * spread }
    }

    /// (m_2 - m_1^2) / m_1^2 = L (mu_2/mu_1^2 - 1 - s_1) of the squared singular values, whatever their size; NaN where no
    /// unit passes anything on, mu_1 = 0.
    pub fn relative_variance(&self) -> f64 {
        let (mu_1, mu_2) = (self.law.mu(1), self.law.mu(2));
        let of_units = mu_2 / (mu_1 * mu_1) - 1.0;
        // Rounding may leave a unit's variance below zero; NaN is to stay.
        self.layers() * ((if of_units < 0.0 { 0.0 } else { of_units }) - self.ensemble.s_1())
    }

    /// m_1, ..., m_count of the squared singular values, from the series of the S-transform; at most 64.
    ///
    /// Relative errors are near 1e-13 for the first dozen and grow with k; infinite beyond the range of numbers.
    pub fn moments(&self, count: usize) -> Vec<f64> {
        let count = count.min(MOST_MOMENTS);
        let mu_1 = self.law.mu(1);
        if mu_1 == 0.0 || self.sigma_w == 0.0 {
            return vec![0.0; count];
        }
        let a: Vec<f64> = (1..=count as u32)
            .map(|k| if k == 1 { 1.0 } else { self.law.mu(k) / libm::pow(mu_1, f64::from(k)) })
            .collect();
        let mean = self.mean();
        let scaled = scaled_moments(&a, self.exponent(), self.layers());
        scaled.iter().zip(1_u32..).map(|(moment, k)| moment * libm::pow(mean, f64::from(k))).collect()
    }

    /// The power c of 1 + M: 1 for Gaussian weights, 1 - L for orthogonal ones.
    fn exponent(&self) -> f64 {
        match self.ensemble {
            Ensemble::Gaussian => 1.0,
            Ensemble::Orthogonal => 1.0 - self.layers(),
        }
    }

    fn ln_gain(&self) -> f64 {
        2.0 * self.layers() * libm::log(self.sigma_w)
    }

    pub(crate) fn equation(&self) -> Equation {
        Equation { law: self.law.clone(), ensemble: self.ensemble, depth: self.layers(), ln_gain: self.ln_gain() }
    }

    /// Whether all of J J^T is 0.
    fn vanishes(&self) -> bool {
        self.sigma_w == 0.0 || self.law.mass_at_zero() >= 1.0
    }

    /// Eigenvalues that hold a positive part of the mass each, ascending.
    ///
    /// Freely independent factors of which a part 1 - p has the eigenvalue 0 give a product of rank p, whatever their
    /// number. With orthogonal weights an eigenvalue a of D^2 that fills a part p of each layer survives as
    /// (sigma_w^2 a)^L with mass 1 - L (1 - p), if that is positive.
    pub fn atoms(&self) -> Vec<Atom> {
        if self.vanishes() {
            return vec![Atom { lambda: 0.0, mass: 1.0 }];
        }
        let mut atoms = Vec::new();
        for node in self.law.atoms() {
            let mass = match self.ensemble {
                _ if node.d2 == 0.0 => node.weight,
                Ensemble::Gaussian => 0.0,
                Ensemble::Orthogonal => 1.0 - self.layers() * (1.0 - node.weight),
            };
            if mass > 0.0 {
                let lambda = libm::exp(self.ln_gain() + self.layers() * libm::log(node.d2));
                atoms.push(Atom { lambda, mass });
            }
        }
        atoms
    }

    /// Part of the eigenvalues that are 0.
    pub fn atom_at_zero(&self) -> f64 {
        self.atoms().iter().filter(|atom| atom.lambda == 0.0).map(|atom| atom.mass).sum()
    }

    /// The largest eigenvalue, the square of the largest singular value: closed forms for phi' in {0, 1} and for linear
    /// networks, a stationary point of the master equation otherwise. For a law with a thin upper tail it is where the
    /// density becomes too thin to see. NaN if the density cannot be resolved.
    ///
    /// With k = sigma_w^2 p and phi' = 1 with probability p: for orthogonal weights
    /// k^L (1/p - 1) L^L/(L-1)^(L-1) if L (1 - p) > 1, else sigma_w^(2L), an atom; for Gaussian ones
    /// k^L (1 + z)/z (1 + z/p)^L with z = (-(L-1) + sqrt((L-1)^2 + 4 L p))/(2 L).
    pub fn lambda_max(&self) -> f64 {
        if self.vanishes() { 0.0 } else { libm::exp(self.ln_lambda_max()) }
    }

    /// ln of [`lambda_max`](Self::lambda_max), which may be beyond the range of numbers.
    pub fn ln_lambda_max(&self) -> f64 {
        if self.vanishes() {
            return f64::NEG_INFINITY;
        }
        self.ln_lambda_max_zero_one().unwrap_or_else(|| self.ln_lambda_max_numerically())
    }

    /// The closed forms: phi'^2 is 0 or one other value.
    fn ln_lambda_max_zero_one(&self) -> Option<f64> {
        let top = *self.law.atoms().last()?;
        let p = top.weight;
        if (p + self.law.mass_at_zero() - 1.0).abs() > 1e-15 {
            return None;
        }
        let layers = self.layers();
        let ln_atom = self.ln_gain() + layers * libm::log(top.d2);
        let ln_chi_l = ln_atom + layers * libm::log(p);
        Some(match self.ensemble {
            Ensemble::Orthogonal if layers * (1.0 - p) > 1.0 => {
                ln_chi_l + libm::log((1.0 - p) / p) + ln_fuss_catalan_edge(layers - 1.0)
            }
            Ensemble::Orthogonal => ln_atom,
            Ensemble::Gaussian if p == 1.0 => ln_chi_l + ln_fuss_catalan_edge(layers),
            Ensemble::Gaussian => {
                let inner = layers - 1.0;
                // (-(L-1) + sqrt((L-1)^2 + 4 L p))/(2 L), without the difference.
                let z = 2.0 * p / (inner + (inner * inner + 4.0 * layers * p).sqrt());
                ln_chi_l + libm::log1p(1.0 / z) + layers * libm::log1p(z / p)
            }
        })
    }

    /// The general route: the uppermost edge, or an atom above it.
    pub(crate) fn ln_lambda_max_numerically(&self) -> f64 {
        let atom = self.atoms().last().map_or(f64::NEG_INFINITY, |atom| libm::log(atom.lambda));
        let edge = match bands(&self.equation()) {
            Some(bands) => bands.first().map_or(f64::NEG_INFINITY, |band| band.top.x),
            None => self
                .spectrum()
                .map_or(f64::NAN, |spectrum| spectrum.log_bands().last().map_or(f64::NEG_INFINITY, |&(_, high)| high)),
        };
        if edge.is_nan() { edge } else { edge.max(atom) }
    }

    /// Atoms and density.
    ///
    /// Takes about a millisecond; evaluate the result at as many points as needed.
    ///
    /// # Errors
    /// [`UnresolvedSpectrum`] if the density that was found does not hold the whole mass to
    /// [`MISSING_MASS`](super::MISSING_MASS), as for phi'^2 that hardly varies, or varies on a scale below 1e-2 in z.
    /// Below a single band up to [`LOW_TAIL`](super::LOW_TAIL) may lie out of sight instead.
    pub fn spectrum(&self) -> Result<JacobianSpectrum, UnresolvedSpectrum> {
        JacobianSpectrum::new(self.atoms(), self.equation())
    }
}
