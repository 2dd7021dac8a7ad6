//! Each expectation by its closed form and by quadrature, Hermite series or Monte Carlo, which share no code with it.

use theory::quadrature::{hermite_coefficients, normal_expectation, pair_expectation};
use theory::{
    Activation, DepthScale, MeanField, critical_line, e_dphi, e_dphi_dphi, e_dphi2, e_dphi4, e_phi, e_phi_phi, e_phi2,
    e_phi2_slope,
};

/// Panels of 20 nodes leave about 1e-14; sums of 1e3 terms and the mixture's own 5e-15 come on top.
const ONE_DIMENSION: f64 = 1e-12;
/// The nested rule repeats that for each outer node.
const TWO_DIMENSIONS: f64 = 1e-11;

/// |value - reference| within `tolerance` of the reference's own size or of `scale`, whichever is larger.
#[track_caller]
fn assert_close(what: &str, value: f64, reference: f64, scale: f64, tolerance: f64) {
    let error = (value - reference).abs() / reference.abs().max(scale);
    assert!(error <= tolerance, "{what}: {value:e} against {reference:e}, error {error:e} above {tolerance:e}");
}

#[test]
fn one_dimension() {
    for a in Activation::ALL {
        for q in [1e-8, 1e-4, 0.03, 0.25, 1.0, 7.0, 100.0, 1e4, 1e6] {
            if a == Activation::Sin && q > 7.0 {
                continue; // It oscillates everywhere, and the panels are fine only around 0. Its forms are exact.
            }
            let std = f64::sqrt(q);
            let expect = |f: &dyn Fn(f64) -> f64| normal_expectation(f, 0.0, std, a.kinks());
            let what = |name: &str| format!("{name} {a} q={q}");
            let size = expect(&|x| a.phi(x) * a.phi(x));
            assert_close(&what("E phi"), e_phi(a, q), expect(&|x| a.phi(x)), size.sqrt(), ONE_DIMENSION);
            assert_close(&what("E phi^2"), e_phi2(a, q), size, 0.0, ONE_DIMENSION);
            let slope = expect(&|x| a.dphi(x) * a.dphi(x));
            assert_close(&what("E phi'"), e_dphi(a, q), expect(&|x| a.dphi(x)), slope, ONE_DIMENSION);
            assert_close(&what("E phi'^2"), e_dphi2(a, q), slope, 0.0, ONE_DIMENSION);
            let fourth = expect(&|x| a.dphi(x) * a.dphi(x) * a.dphi(x) * a.dphi(x));
            assert_close(&what("E phi'^4"), e_dphi4(a, q), fourth, 0.0, ONE_DIMENSION);
            // E phi phi' z/sqrt(q) = E phi phi' u/q; where phi(0) != 0 it cancels to order q beside phi(0) phi'(0) u/q.
            let chi_q = expect(&|x| a.phi(x) * a.dphi(x) * x) / q;
            // For the sine it is e^-2q, left over from an oscillation of size 1.
            let cancelled = if a == Activation::Sin { 1.0 } else { (a.phi(0.0) * a.dphi(0.0)).abs() / std };
            assert_close(&what("dE phi^2/dq"), e_phi2_slope(a, q), chi_q, cancelled, ONE_DIMENSION);
        }
    }
}

#[test]
fn two_dimensions() {
    for a in Activation::ALL {
        for (q1, q2) in [(1e-6, 1e-6), (2.0, 2.0), (60.0, 60.0), (1e4, 1e4), (3.0, 2.9), (1e3, 0.5)] {
            if a == Activation::Sin && q1 > 60.0 {
                continue;
            }
            for c in [-1.0, -0.999_999, -0.6, 0.0, 0.3, 0.999, 0.999_999_9, 1.0] {
                let what = |name: &str| format!("{name} {a} q={q1},{q2} c={c}");
                let phi = |x| a.phi(x);
                let size = (e_phi2(a, q1) * e_phi2(a, q2)).sqrt();
                let reference = pair_expectation(phi, phi, q1, q2, c, a.kinks());
                assert_close(&what("E phi phi"), e_phi_phi(a, q1, q2, c), reference, size, TWO_DIMENSIONS);
                // phi' jumps at kinks: the indicator's expectation given z1 is sharper than the panels for c near 1.
                let dphi = |x| a.dphi(x);
                let reference = pair_expectation(dphi, dphi, q1, q2, c, a.kinks());
                let size = (e_dphi2(a, q1) * e_dphi2(a, q2)).sqrt();
                let tolerance = if a.kinks().is_empty() { TWO_DIMENSIONS } else { 1e-8 };
                assert_close(&what("E phi' phi'"), e_dphi_dphi(a, q1, q2, c), reference, size, tolerance);
            }
        }
    }
}

/// Mehler: E phi phi = sum a_k^2 c^k. 240 coefficients leave c^240 of the sum's tail, 1e-29 at c = 0.75.
#[test]
fn hermite_series() {
    for a in Activation::ALL {
        for q in [0.1, 1.5, 20.0] {
            let phi = hermite_coefficients(|x| a.phi(x), q, a.kinks(), 240);
            let dphi = hermite_coefficients(|x| a.dphi(x), q, a.kinks(), 240);
            for c in [-0.75, -0.3, 0.0, 0.4, 0.75] {
                let series = |coefficients: &[f64]| coefficients.iter().rev().fold(0.0, |sum, a_k| sum * c + a_k * a_k);
                assert_close(&format!("{a} q={q} c={c}"), e_phi_phi(a, q, q, c), series(&phi), e_phi2(a, q), 1e-11);
                assert_close(
                    &format!("{a}' q={q} c={c}"),
                    e_dphi_dphi(a, q, q, c),
                    series(&dphi),
                    e_dphi2(a, q),
                    1e-11,
                );
            }
        }
    }
}

/// 200,000 pairs from a 64-bit linear congruential generator (Knuth's constants), seed 1: within 4 standard errors.
#[test]
fn monte_carlo() {
    let mut state: u64 = 1;
    let mut uniform = || {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        ((state >> 11) as f64 + 0.5) / (1_u64 << 53) as f64
    };
    let pairs: Vec<(f64, f64)> = (0..200_000)
        .map(|_| {
            let radius = (-2.0 * uniform().ln()).sqrt();
            let turn = std::f64::consts::TAU * uniform();
            (radius * turn.cos(), radius * turn.sin())
        })
        .collect();
    for a in Activation::ALL {
        for (q1, q2, c) in [(1.5, 1.5, 0.6), (0.5, 4.0, -0.4), (30.0, 30.0, 0.95)] {
            let c: f64 = c;
            let rest = (1.0 - c * c).sqrt();
            let (mut sum, mut squares) = (0.0, 0.0);
            for (z1, z2) in &pairs {
                let value = a.phi(f64::sqrt(q1) * z1) * a.phi(f64::sqrt(q2) * (c * z1 + rest * z2));
                sum += value;
                squares += value * value;
            }
            let n = pairs.len() as f64;
            let (mean, square) = (sum / n, squares / n);
            let error = ((square - mean * mean) / n).sqrt();
            let expected = e_phi_phi(a, q1, q2, c);
            let distance = (mean - expected).abs() / error;
            assert!(distance < 4.0, "{a} q={q1},{q2} c={c}: {mean} against {expected}, {distance} standard errors");
        }
    }
}

/// c* close to 1, where its equation is that the mean of C' over [c*, 1] is 1: by bisection, and in 30 digits elsewhere.
#[test]
fn fixed_points_close_to_1() {
    for (activation, sigma_b, above, xi_c) in [
        (Activation::HardTanh, 0.3, 1e-3, Some(1_740.026_7)),
        (Activation::HardTanh, 0.1, 3e-4, Some(6_421.736_098)),
        (Activation::HardTanh, 0.02, 2e-5, Some(99_696.009)),
        (Activation::HardTanh, 0.005, 1e-4, None),
        (Activation::Tanh, 0.3, 1e-4, None),
        (Activation::Erf, 0.05, 1e-5, None),
    ] {
        let critical = critical_line(activation, sigma_b).unwrap().sigma_w;
        let field = MeanField::new(activation, critical * (1.0 + above), sigma_b).unwrap();
        let summary = field.summary();
        let (q, gain) = (summary.q_star.unwrap(), field.sigma_w().powi(2));
        // At x = sqrt(1 - c); 2 v dv is the measure of c.
        let slope = |x: f64| gain * e_dphi_dphi(activation, q, q, 1.0 - x * x);
        let mean = |x: f64| {
            let n = 400;
            (0..n).map(|i| (f64::from(i) + 0.5) / f64::from(n)).map(|v| 2.0 * v * slope(x * v)).sum::<f64>()
                / f64::from(n)
        };
        let (mut low, mut high) = (1e-7, 0.5);
        for _ in 0..60 {
            let middle: f64 = 0.5 * (low + high);
            if mean(middle) > 1.0 { low = middle } else { high = middle }
        }
        let c_star = summary.c_star.unwrap();
        let x = (1.0 - c_star).sqrt();
        // The midpoint rule at 400 nodes is right to 1/(24 400²) of the integrand's second derivative.
        assert!((x / low - 1.0).abs() < 1e-5, "{activation} {sigma_b}: sqrt(1 - c*) = {x}, {low} by bisection");
        if let Some(expected) = xi_c {
            let DepthScale::Finite(found) = summary.xi_c else { panic!("{:?}", summary.xi_c) };
            // The reference is known to eight digits.
            assert!((found / expected - 1.0).abs() < 1e-7, "{activation} {sigma_b}: {found}, expected {expected}");
        }
    }
}
