//! Singular values of the input-output Jacobian of deep random networks.
//!
//! J = prod_l D^l W^l with D^l = diag(phi'(z^l)), square weights of width N to infinity, every layer at the fixed point q*.
//! Numbers here are about the eigenvalues lambda of J J^T, the **squared** singular values, normalised to mass 1.
//! Source: Pennington, Schoenholz & Ganguli, "Resurrecting the sigmoid in deep learning through dynamical isometry"
//! (2017) and "The emergence of spectral universality in deep networks" (2018).
//!
//! - [`SlopeLaw`] is the law of phi'^2, from which everything follows.
//! - [`JacobianTheory`] has closed forms: mean, variance, moments, edge and atoms.
//! - [`JacobianSpectrum`] is the whole density, from the S-transform, for any activation, depth and either ensemble.
//! - [`fuss_catalan_point`] is the density of linear Gaussian networks in closed form.
//!
//! ```
//! use theory::jacobian::{Ensemble, JacobianTheory};
//! use theory::{Activation, critical_line};
//!
//! // On the critical line the mean squared singular value is 1 at any depth, but the spread grows with depth ...
//! let point = critical_line(Activation::Tanh, 0.05).ok_or("no critical point")?;
//! let gaussian = JacobianTheory::new(Activation::Tanh, point.q_star, point.sigma_w, 50, Ensemble::Gaussian)?;
//! assert!((gaussian.mean() - 1.0).abs() < 1e-6 && gaussian.variance() > 50.0);
//! // ... and far slower with orthogonal weights.
//! let orthogonal = JacobianTheory::new(Activation::Tanh, point.q_star, point.sigma_w, 50, Ensemble::Orthogonal)?;
//! assert!(orthogonal.variance() < 4.0);
//! let spectrum = orthogonal.spectrum()?;
//! assert!(spectrum.density(1.0) > 0.0 && spectrum.density(2.0 * orthogonal.lambda_max()) == 0.0);
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod complex;
mod edges;
mod ensemble;
mod equation;
mod linear_gaussian;
mod moments;
mod one_layer;
mod slope_law;
mod smooth_law;
mod spectrum;
mod theory;
mod trace;
mod transform;

pub use ensemble::{Atom, Ensemble};
pub use linear_gaussian::{FussCatalanPoint, fuss_catalan_point};
pub use slope_law::SlopeLaw;
pub use spectrum::{JacobianSpectrum, LOW_TAIL, MISSING_MASS, UnresolvedSpectrum};
pub use theory::{DEPTH_MAX, JacobianTheory};
