//! Moments of the spectrum from the S-transform, by Lagrange inversion.

/// m_1, ..., m_count of J J^T in units of chi^(L k): with a_k = mu_k/mu_1^k, psi(t) = sum a_k t^k, its inverse M kappa(M),
///
/// ```text
/// m_k = 1/k [M^(k-1)] (1 + M)^(k c) kappa(M)^(-L k)
/// ```
///
/// c = 1 for Gaussian weights, 1 - L for orthogonal ones. `a[k - 1]` is a_k, a_1 = 1.
pub(crate) fn scaled_moments(a: &[f64], c: f64, depth: f64) -> Vec<f64> {
    let count = a.len();
    // ln U = c ln(1 + M) - L ln kappa
    let ln_kappa = logarithm(&reversion(a));
    let ln_u: Vec<f64> = (0..count)
        .map(|j| {
            let ln_one_plus = if j == 0 { 0.0 } else { (if j % 2 == 0 { -1.0 } else { 1.0 }) / j as f64 };
            c * ln_one_plus - depth * ln_kappa[j]
        })
        .collect();
    (1..=count)
        .map(|k| {
            let power: Vec<f64> = ln_u.iter().take(k).map(|coefficient| coefficient * k as f64).collect();
            exponential(&power).last().copied().unwrap_or(0.0) / k as f64
        })
        .collect()
}

/// kappa with t = M kappa(M) the inverse of M = t + a_2 t^2 + ...; as many terms as `a` has.
fn reversion(a: &[f64]) -> Vec<f64> {
    // Lagrange: [M^n] t = 1/n [t^(n-1)] (t/psi)^n, with ln(psi/t) once for all powers.
    let ln_psi = logarithm(a);
    (1..=a.len())
        .map(|n| {
            let power: Vec<f64> = ln_psi.iter().take(n).map(|coefficient| -coefficient * n as f64).collect();
            exponential(&power).last().copied().unwrap_or(0.0) / n as f64
        })
        .collect()
}

/// Coefficients of ln s, for s with s_0 = 1.
fn logarithm(s: &[f64]) -> Vec<f64> {
    let mut ln = vec![0.0; s.len()];
    for n in 1..s.len() {
        let inner: f64 = (1..n).map(|k| k as f64 * ln[k] * s[n - k]).sum();
        ln[n] = s[n] - inner / n as f64;
    }
    ln
}

/// Coefficients of e^s, for s with s_0 = 0.
fn exponential(s: &[f64]) -> Vec<f64> {
    let mut exp = vec![0.0; s.len()];
    if let Some(first) = exp.first_mut() {
        *first = 1.0;
    }
    for n in 1..s.len() {
        exp[n] = (1..=n).map(|k| k as f64 * s[k] * exp[n - k]).sum::<f64>() / n as f64;
    }
    exp
}
