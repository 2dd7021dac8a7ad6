//! Products of Gaussian matrices: the Fuss-Catalan law in closed form.

use std::f64::consts::PI;

/// A point of the density of the squared singular values of W^L ... W^1, W_ij ~ N(0, 1/N).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FussCatalanPoint {
    /// lambda = sin^(L+1)((L+1) t)/(sin t sin^L(L t)).
    pub lambda: f64,
    /// rho(lambda) = sin^2(t) sin^(L-1)(L t)/(pi sin^L((L+1) t)).
    pub density: f64,
    /// Density of ln lambda, lambda rho(lambda) = sin t sin((L+1) t)/(pi sin(L t)).
    pub log_density: f64,
}

/// The point of parameter t, 0 < t < pi/(L+1); lambda falls from (L+1)^(L+1)/L^L to 0.
///
/// Source: Penson & Zyczkowski (2011). Multiply lambda by sigma_w^(2L) for other variances.
pub fn fuss_catalan_point(depth: u32, t: f64) -> FussCatalanPoint {
    let depth = f64::from(depth);
    let (one, inner, outer) = (libm::sin(t), libm::sin(depth * t), libm::sin((depth + 1.0) * t));
    let ln_lambda = (depth + 1.0) * libm::log(outer) - libm::log(one) - depth * libm::log(inner);
    let lambda = libm::exp(ln_lambda);
    let log_density = one * outer / (PI * inner);
    FussCatalanPoint { lambda, density: log_density / lambda, log_density }
}

/// ln of (L+1)^(L+1)/L^L, the largest squared singular value.
pub(crate) fn ln_fuss_catalan_edge(depth: f64) -> f64 {
    // (L+1) ln(L+1) - L ln L, without the difference of large numbers.
    depth * libm::log1p(1.0 / depth) + libm::log(depth + 1.0)
}
