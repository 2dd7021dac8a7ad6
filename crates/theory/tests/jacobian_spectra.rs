//! Densities of Jacobian spectra against closed forms, against moments, which are computed without them, and against
//! their own integral.

use std::f64::consts::PI;

use theory::jacobian::{Ensemble, JacobianSpectrum, JacobianTheory, SlopeLaw, fuss_catalan_point};
use theory::quadrature::normal_expectation;
use theory::{Activation, TheoryError};

fn theory(activation: Activation, q: f64, sigma_w: f64, depth: u32, ensemble: Ensemble) -> JacobianTheory {
    JacobianTheory::new(activation, q, sigma_w, depth, ensemble).expect("valid parameters")
}

/// A network at chi = 1.
fn critical(activation: Activation, q: f64, depth: u32, ensemble: Ensemble) -> JacobianTheory {
    let law = SlopeLaw::new(activation, q).expect("valid q");
    let sigma_w = 1.0 / law.mu(1).sqrt();
    JacobianTheory::with_law(law, sigma_w, depth, ensemble).expect("valid parameters")
}

#[track_caller]
fn assert_close(what: &str, value: f64, reference: f64, tolerance: f64) {
    let error = (value - reference).abs() / reference.abs().max(1e-300);
    assert!(error <= tolerance, "{what}: {value:e} against {reference:e}, error {error:e} above {tolerance:e}");
}

/// The integrals of 1, lambda, ..., lambda^4 and ln lambda over the density, band by band, by the tanh-sinh rule, whose
/// points crowd at the ends; doubled until it agrees with itself, for laws of D^2 with edges of their own leave sharp
/// rises inside the bands.
fn integrals(spectrum: &JacobianSpectrum) -> [f64; 6] {
    let rule = |half_count: i32| {
        let step = 3.6 / f64::from(half_count);
        let mut sums = [0.0; 6];
        for (low, high) in spectrum.log_bands() {
            for k in -half_count..=half_count {
                let t = step * f64::from(k);
                let sinh = 0.5 * PI * t.sinh();
                // 1 - tanh, from the nearer end.
                let share = 1.0 / (1.0 + (2.0 * sinh.abs()).exp());
                let x = if t < 0.0 { low + (high - low) * share } else { high - (high - low) * share };
                let weight = 0.25 * PI * t.cosh() / (sinh.cosh() * sinh.cosh());
                let mass = (high - low) * step * weight * spectrum.log_density(x);
                for (power, sum) in (0..5).zip(&mut sums) {
                    *sum += mass * (f64::from(power) * x).exp();
                }
                sums[5] += mass * x;
            }
        }
        sums
    };
    let mut half_count = 150;
    let mut before = rule(half_count);
    while half_count < 20_000 {
        half_count *= 2;
        let now = rule(half_count);
        if now.iter().zip(&before).all(|(now, before)| (now - before).abs() <= 1e-7 * now.abs()) {
            return now;
        }
        before = now;
    }
    before
}

/// Mass, four moments and the mean logarithm.
#[test]
fn densities_have_the_moments_of_the_s_transform() {
    let mut count = 0;
    for a in Activation::ALL {
        for ensemble in Ensemble::ALL {
            for q in [0.05, 0.5, 3.0] {
                for depth in [1, 2, 30] {
                    let theory = critical(a, q, depth, ensemble);
                    let is_change_of_variables = ensemble == Ensemble::Orthogonal && depth == 1;
                    if is_change_of_variables {
                        continue; // Its own test is below.
                    }
                    let what = format!("{a} {} q={q} depth {depth}", ensemble.key());
                    let spectrum = theory.spectrum().unwrap_or_else(|error| panic!("{what}: {error}"));
                    let atoms = spectrum.atoms();
                    let of_atoms = |k: i32| atoms.iter().map(|atom| atom.mass * atom.lambda.powi(k)).sum::<f64>();
                    // The trace leaves out 1e-8 of the mass, the integrals 1e-7.
                    let tolerance = 1e-6;
                    let integrals = integrals(&spectrum);
                    assert_close(&format!("{what}: mass"), integrals[0] + of_atoms(0), 1.0, tolerance);
                    for (k, moment) in (1..).zip(theory.moments(4)) {
                        let integrated = integrals[k] + of_atoms(k as i32);
                        assert_close(&format!("{what}: moment {k}"), integrated, moment, tolerance);
                    }
                    // E ln lambda adds up over layers; a Gaussian matrix has -1 (Marchenko-Pastur).
                    let mean_ln = theory.law().mean_ln();
                    if mean_ln.is_finite() {
                        let layer = mean_ln - theory.law().mu(1).ln() + ensemble.s_1();
                        let expected = f64::from(depth) * layer;
                        let of_atoms: f64 = atoms.iter().map(|atom| atom.mass * atom.lambda.ln()).sum();
                        // The missing 1e-8 lies where |ln lambda| is some tens of its mean.
                        let error = (integrals[5] + of_atoms - expected).abs() / expected.abs().max(1e-2);
                        assert!(error < 1e-5, "{what}: E ln lambda {} against {expected}", integrals[5] + of_atoms);
                    }
                    count += 1;
                }
            }
        }
    }
    assert_eq!(count, 12 * 3 * 5, "spectra");
}

/// The closed form of the mass above a point is the integral of the density, which is solved for separately.
#[test]
fn mass_above_is_the_integral_of_the_density() {
    let mut cells = 0;
    for a in Activation::ALL {
        for ensemble in Ensemble::ALL {
            for (q, depth) in [(0.3, 2), (2.0, 5), (0.01, 30)] {
                let spectrum = critical(a, q, depth, ensemble).spectrum().expect("resolved");
                for (low, high) in spectrum.log_bands() {
                    // Near the upper end, where most of the mass is.
                    let low = low.max(high - 20.0);
                    let (from, to) = (low + 0.4 * (high - low), low + 0.9 * (high - low));
                    let n = 400;
                    let step = (to - from) / f64::from(n);
                    let weight = |k: i32| {
                        if k == 0 || k == n {
                            1.0
                        } else if k % 2 == 1 {
                            4.0
                        } else {
                            2.0
                        }
                    };
                    let simpson: f64 =
                        (0..=n).map(|k| weight(k) * spectrum.log_density(from + f64::from(k) * step)).sum::<f64>()
                            * step
                            / 3.0;
                    let error = (simpson - spectrum.mass_between(from, to)).abs();
                    // Simpson's rule with 400 steps on a function that is analytic, but may have a sharp rise: smooth
                    // laws of D^2 have edges of their own.
                    assert!(error < 1e-6, "{a} {} q={q} depth {depth}: {error:e}", ensemble.key());
                    cells += 1;
                }
                let atoms: f64 = spectrum.atoms().iter().filter(|atom| atom.lambda > 0.0).map(|atom| atom.mass).sum();
                let all = spectrum.mass_above(-1e9);
                let zero: f64 = spectrum.atoms().iter().filter(|atom| atom.lambda == 0.0).map(|atom| atom.mass).sum();
                assert!((all + zero - 1.0).abs() < 1e-6, "{a}: everything {all}, atoms {atoms}, at zero {zero}");
                assert_eq!(spectrum.mass_above(1e9), 0.0);
            }
        }
    }
    assert!(cells >= 60, "{cells} bands");
}

#[test]
fn linear_gaussian_is_fuss_catalan() {
    for depth in [1, 2, 3, 10, 50, 300] {
        let sigma_w: f64 = 1.02;
        let linear = theory(Activation::Linear, 1.0, sigma_w, depth, Ensemble::Gaussian);
        let spectrum = linear.spectrum().expect("resolved");
        let gain = 2.0 * f64::from(depth) * sigma_w.ln();
        for k in 1..40 {
            let t = PI / f64::from(depth + 1) * f64::from(k) / 40.0;
            let point = fuss_catalan_point(depth, t);
            // ln lambda of depth 300 is a sum of terms near 1e3: 1e-12 of it is left.
            let x = point.lambda.ln() + gain;
            assert_close(&format!("depth {depth}, t = {t}"), spectrum.log_density(x), point.log_density, 1e-10);
        }
        // m_k = C((L+1) k, k)/(L k + 1)
        for (k, moment) in (1_u32..).zip(linear.moments(8)) {
            let (n, k) = (f64::from((depth + 1) * k), f64::from(k));
            let binomial: f64 = (0..k as u32).map(|i| (n - f64::from(i)) / (k - f64::from(i))).product();
            let exact = binomial / (f64::from(depth) * k + 1.0) * (gain * k).exp();
            assert_close(&format!("depth {depth}, moment {k}"), moment, exact, 1e-11);
        }
    }
}

/// D W of half the rows of a Gaussian matrix: Marchenko-Pastur with aspect ratio p.
#[test]
fn one_gaussian_layer_of_relu_is_marchenko_pastur() {
    for p in [0.5, 0.9, 0.2] {
        let law = SlopeLaw::zero_one(p).expect("a probability");
        let spectrum =
            JacobianTheory::with_law(law, 1.0, 1, Ensemble::Gaussian).expect("valid").spectrum().expect("resolved");
        let (low, high) = ((1.0 - f64::sqrt(p)).powi(2), (1.0 + f64::sqrt(p)).powi(2));
        let band = spectrum.log_bands()[0];
        assert_close("lower edge", band.0.exp(), low, 1e-12);
        assert_close("upper edge", band.1.exp(), high, 1e-12);
        for k in 1..30 {
            let lambda = low + (high - low) * f64::from(k) / 30.0;
            let exact = ((high - lambda) * (lambda - low)).sqrt() / (2.0 * PI * lambda);
            assert_close(&format!("p = {p}, lambda = {lambda}"), spectrum.density(lambda), exact, 1e-11);
            let s = lambda.sqrt();
            assert_close("singular values", spectrum.singular_value_density(s), 2.0 * s * exact, 1e-11);
        }
        assert_eq!(spectrum.density(0.99 * low), 0.0);
        assert_eq!(spectrum.density(1.01 * high), 0.0);
        assert_eq!(spectrum.density(-1.0), 0.0);
    }
}

/// P Q P of two free projections of rank p (Voiculescu; the Jacobi law): atoms 1 - p at 0 and 2 p - 1 at 1.
#[test]
fn two_orthogonal_layers_of_relu_are_two_projections() {
    for p in [0.5, 0.3, 0.8] {
        let law = SlopeLaw::zero_one(p).expect("a probability");
        let spectrum =
            JacobianTheory::with_law(law, 1.0, 2, Ensemble::Orthogonal).expect("valid").spectrum().expect("resolved");
        let high = 4.0 * p * (1.0 - p);
        for k in 1..30 {
            let lambda = high * f64::from(k) / 30.0;
            let exact = (lambda * (high - lambda)).sqrt() / (2.0 * PI * lambda * (1.0 - lambda));
            assert_close(&format!("p = {p}, lambda = {lambda}"), spectrum.density(lambda), exact, 1e-10);
        }
        let mass = |lambda: f64| {
            spectrum
                .atoms()
                .iter()
                .filter(|atom| (atom.lambda - lambda).abs() < 1e-12)
                .map(|atom| atom.mass)
                .sum::<f64>()
        };
        assert!((mass(0.0) - (1.0 - p)).abs() < 1e-12 && (mass(1.0) - f64::max(2.0 * p - 1.0, 0.0)).abs() < 1e-12);
        assert!((spectrum.mass_above(1e-9_f64.ln()) + mass(0.0) - 1.0).abs() < 1e-4);
    }
}

/// Orthogonal weights of one layer leave the law of sigma_w^2 phi'^2 itself.
#[test]
fn one_orthogonal_layer_is_the_law_of_the_slope() {
    for a in [Activation::Tanh, Activation::Gelu, Activation::Sin, Activation::Softplus, Activation::Erf] {
        for q in [0.05_f64, 0.5, 3.0] {
            let spectrum = theory(a, q, 1.2, 1, Ensemble::Orthogonal).spectrum().expect("resolved");
            for x in [-3.0, -1.0, -0.3, 0.05, 0.2] {
                let bound: f64 = f64::exp(x) / 1.44;
                let n = 200_000;
                // The midpoint rule counts a step function: error below the spacing times the number of steps.
                let spacing = 16.0 / f64::from(n);
                let above = |k: i32| {
                    let z = -8.0 + spacing * (f64::from(k) + 0.5);
                    let weight = spacing * (-0.5 * z * z).exp() / (2.0 * PI).sqrt();
                    if a.dphi(q.sqrt() * z).powi(2) > bound { weight } else { 0.0 }
                };
                let counted: f64 = (0..n).map(above).sum();
                assert!((counted - spectrum.mass_above(x)).abs() < 4e-4, "{a} q={q} x={x}");
                // The density is the slope of the mass, away from its infinities.
                let (step, density) = (1e-4, spectrum.log_density(x));
                let slope = spectrum.mass_between(x - step, x + step) / (2.0 * step);
                if density.is_finite() && density < 2.0 {
                    assert!((slope - density).abs() < 1e-3, "{a} q={q} x={x}: {slope} {density}");
                }
            }
        }
    }
}

/// The moments of D^2 by the panels that follow ln phi'^2 and by the quadrature module.
#[test]
fn moments_of_the_slope_by_two_routes() {
    for a in Activation::ALL {
        for q in [1e-3_f64, 0.4, 6.0] {
            let law = SlopeLaw::new(a, q).expect("valid q");
            for k in [1, 2, 3, 7] {
                let exact = normal_expectation(|x| a.dphi(x).powi(2 * k), 0.0, q.sqrt(), a.kinks());
                // Panels of 16 nodes, short enough for 1e-12.
                assert_close(&format!("{a} q={q} mu_{k}"), law.mu(k as u32), exact, 1e-11);
            }
        }
    }
}

/// With orthogonal weights and L Var(phi'^2)/mu_1^2 kept fixed, deep spectra depend on the shape of phi at its maximum
/// slope alone: tanh and erf, both quadratic there, tend to one law (Pennington et al. 2018).
#[test]
fn smooth_activations_share_one_limit() {
    let edge = |a: Activation| {
        let depth = 2000;
        // Var(phi'^2)/mu_1^2 = 1/(4 L), found by bisection in q.
        let spread = |q: f64| {
            let law = SlopeLaw::new(a, q).expect("valid q");
            law.mu(2) / law.mu(1).powi(2) - 1.0
        };
        let (mut low, mut high) = (1e-8_f64, 1.0_f64);
        for _ in 0..60 {
            let q = (low * high).sqrt();
            if spread(q) * f64::from(depth) < 0.25 { low = q } else { high = q }
        }
        let theory = critical(a, low, depth, Ensemble::Orthogonal);
        assert_close("variance", theory.variance(), 0.25, 1e-6);
        theory.lambda_max()
    };
    let (tanh, erf) = (edge(Activation::Tanh), edge(Activation::Erf));
    // Corrections are of the order of the spread of one layer, 1/sqrt(4 L) = 1e-2.
    assert_close("edges", tanh, erf, 1e-2);
}

#[test]
fn impossible_parameters_are_refused() {
    let new = |q, sigma_w, depth| JacobianTheory::new(Activation::Tanh, q, sigma_w, depth, Ensemble::Gaussian).err();
    assert!(matches!(new(-1.0, 1.0, 3), Some(TheoryError::OutOfRange { name: "q_star", .. })));
    assert!(matches!(new(f64::NAN, 1.0, 3), Some(TheoryError::OutOfRange { name: "q_star", .. })));
    assert!(matches!(new(1.0, f64::INFINITY, 3), Some(TheoryError::OutOfRange { name: "sigma_w", .. })));
    assert!(matches!(new(1.0, 1.0, 0), Some(TheoryError::OutOfRange { name: "depth", .. })));
    assert!(SlopeLaw::zero_one(1.5).is_err());
}

/// Nothing panics and nothing is NaN at the ends of the ranges.
#[test]
fn extremes_are_harmless() {
    for a in Activation::ALL {
        for ensemble in Ensemble::ALL {
            for q in [0.0, 1e-300, 1e-12, 1e3, 1e6, 1e300] {
                for (sigma_w, depth) in [(0.0, 3), (1e-30, 10_000), (1.0, 1), (1e30, 50)] {
                    let theory = theory(a, q, sigma_w, depth, ensemble);
                    for value in [theory.mean(), theory.variance(), theory.chi()] {
                        assert!(value >= 0.0, "{a} q={q} sigma_w={sigma_w}: {value}");
                    }
                    if let Ok(spectrum) = theory.spectrum() {
                        for (low, high) in spectrum.log_bands() {
                            assert!(low <= high, "{a} q={q}: [{low}, {high}]");
                            assert!(spectrum.log_density(0.5 * (low + high)) >= 0.0);
                            assert!(spectrum.mass_above(0.5 * (low + high)) >= -1e-9);
                        }
                    }
                }
            }
        }
    }
}

/// Trapezia under the drawn curve hold what no atom does: 200 places leave less than 1 %.
#[test]
fn the_curve_that_is_drawn_holds_the_mass() {
    for (activation, depth, ensemble) in
        [(Activation::Tanh, 5, Ensemble::Gaussian), (Activation::Tanh, 20, Ensemble::Orthogonal)]
    {
        let spectrum = critical(activation, 0.5, depth, ensemble).spectrum().expect("resolved");
        let curve = spectrum.log10_curve(220);
        let mass: f64 = curve.windows(2).map(|p| 0.5 * (p[0].1 + p[1].1) * (p[1].0 - p[0].0)).sum();
        assert_close("mass", mass, 1.0 - spectrum.atoms().iter().map(|atom| atom.mass).sum::<f64>(), 0.01);
        assert!(curve.windows(2).all(|p| p[0].0 <= p[1].0) && curve[0].1 == 0.0);
        let (log_s, density) = curve[curve.len() / 2];
        let s = 10_f64.powf(log_s);
        assert_close("density", density, spectrum.singular_value_density(s) * s * std::f64::consts::LN_10, 1e-9);
    }
}
