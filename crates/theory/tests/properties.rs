//! What must hold at every point, checked at random points (of a fixed seed).

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use theory::{
    Activation, CorrelationMap, DepthScale, LengthFixedPoint, LengthRoots, MeanField, Phase, critical_line,
    critical_line_points, e_phi_phi, e_phi2,
};

/// Points for each property.
const CASES: u32 = 300;

fn any_activation() -> impl Strategy<Value = Activation> {
    (0..Activation::ALL.len()).prop_map(|index| Activation::ALL[index])
}

/// The lengths that others come back to.
fn stable_roots(mean_field: &MeanField) -> Vec<f64> {
    match mean_field.length_roots() {
        LengthRoots::Of(roots) => roots.iter().filter(|root| root.is_stable).map(|root| root.q).collect(),
        LengthRoots::EveryLength => Vec::new(),
    }
}

/// Log-uniform over [low, high].
fn log_uniform(low: f64, high: f64) -> impl Strategy<Value = f64> {
    (low.ln()..high.ln()).prop_map(f64::exp)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: CASES, failure_persistence: None, rng_seed: RngSeed::Fixed(7), ..ProptestConfig::default() })]

    /// C(1) = 1 and E phi phi at c = 1 is E phi^2, to rounding of the sums.
    #[test]
    fn full_correlation_is_kept(a in any_activation(), w in 0.01..5.0_f64, b in 0.0..3.0_f64, q in log_uniform(1e-6, 1e5)) {
        let pair = e_phi_phi(a, q, q, 1.0);
        prop_assert!((pair / e_phi2(a, q) - 1.0).abs() < 1e-12, "{a}: {pair}");
        let map = CorrelationMap::new(&MeanField::new(a, w, b).expect("valid sigmas"), q);
        prop_assert_eq!(map.map(1.0), 1.0);
        // Continuous there: 1 - C(1 - e) = C'(1) e up to e^(3/2) at kinks.
        let near = map.map(1.0 - 1e-12);
        prop_assert!((near - 1.0).abs() <= 1e-12 * (1.0 + 2.0 * map.slope(1.0)) + 4e-14, "{near}");
    }

    /// All Mehler coefficients are >= 0: C increases and is convex on [0, 1], and |C(-c)| <= C(c).
    #[test]
    fn correlation_map_is_increasing_and_convex(
        a in any_activation(), w in 0.01..5.0_f64, b in 0.0..3.0_f64, q in log_uniform(1e-6, 1e5),
    ) {
        let map = CorrelationMap::new(&MeanField::new(a, w, b).expect("valid sigmas"), q);
        let values: Vec<f64> = (0..=20).map(|k| map.map(0.05 * f64::from(k))).collect();
        for k in 1..20 {
            prop_assert!(values[k] >= values[k - 1] - 1e-14);
            prop_assert!(values[k + 1] - 2.0 * values[k] + values[k - 1] >= -1e-13, "{a} at {k}: {values:?}");
            prop_assert!(map.map(-0.05 * k as f64).abs() <= values[k] + 1e-14);
        }
    }

    /// C' is the slope of C, chi_q that of V: central differences, whose truncation and rounding are near 1e-8 here.
    #[test]
    fn slopes_are_slopes(
        a in any_activation(), w in 0.1..5.0_f64, b in 0.0..3.0_f64, q in log_uniform(1e-2, 1e2), c in -0.9..0.9_f64,
    ) {
        let mean_field = MeanField::new(a, w, b).expect("valid sigmas");
        let map = CorrelationMap::new(&mean_field, q);
        let step = 1e-5;
        let difference = (map.map(c + step) - map.map(c - step)) / (2.0 * step);
        prop_assert!((difference - map.slope(c)).abs() < 1e-7 * (1.0 + map.slope(1.0)), "{difference} {}", map.slope(c));
        let step = 1e-5 * q;
        let difference = (mean_field.length_map(q + step) - mean_field.length_map(q - step)) / (2.0 * step);
        let chi_q = mean_field.chi_q_at(q);
        prop_assert!((difference - chi_q).abs() < 1e-7 * mean_field.length_map(q) / q, "{difference} {chi_q}");
    }

    /// chi_1 = C'(1) at q*, c* is a fixed point, and the phase agrees with both.
    #[test]
    fn summary_is_consistent(a in any_activation(), w in 0.0..5.0_f64, b in 0.0..4.0_f64) {
        let mean_field = MeanField::new(a, w, b).expect("valid sigmas");
        let summary = mean_field.summary();
        match summary.fixed_point {
            LengthFixedPoint::Finite { q_star } => {
                let residual = mean_field.length_map(q_star) - q_star;
                prop_assert!(residual.abs() <= 1e-13 * q_star, "{a} residual {residual:e} at {q_star}");
                let chi_1 = summary.chi_1.expect("finite q*");
                prop_assert!((chi_1 - mean_field.correlation_slope(q_star, 1.0)).abs() <= 1e-12 * (1.0 + chi_1));
                prop_assert!(summary.chi_q.expect("finite q*") < 1.0 + 1e-9, "q* is stable");
                let c_star = summary.c_star.expect("finite q*");
                prop_assert!((0.0..=1.0).contains(&c_star));
                prop_assert!((mean_field.correlation_map(q_star, c_star) - c_star).abs() < 1e-12);
                prop_assert_eq!(summary.phase == Phase::Chaotic, c_star < 1.0);
                prop_assert!(matches!(summary.xi_q, DepthScale::Finite(xi) if xi >= 0.0));
                prop_assert!(matches!(summary.xi_c, DepthScale::Finite(xi) if xi >= 0.0));
                prop_assert!(stable_roots(&mean_field).iter().any(|q| (q / q_star - 1.0).abs() < 1e-9));
                // 200 layers from 1 come as near as chi_q^200 lets them.
                let last = mean_field.length_trajectory(1.0, 200)[200];
                let rate = summary.chi_q.expect("finite q*");
                if rate < 0.9 {
                    prop_assert!((last / q_star - 1.0).abs() < 1e-6, "{a} w={w} b={b}: {last} {q_star}");
                }
            }
            LengthFixedPoint::Diverges => {
                prop_assert_eq!(summary.phase, Phase::Unbounded);
                prop_assert!(!a.is_bounded());
                let lengths = mean_field.length_trajectory(1.0, 50);
                prop_assert!(lengths.windows(2).all(|pair| pair[1] > pair[0]));
            }
            LengthFixedPoint::Zero => prop_assert!(b == 0.0 && w <= 2.1),
            LengthFixedPoint::Marginal { .. } => prop_assert!(b == 0.0),
        }
    }

    /// At the returned point chi_1 = 1, V(q*) = q*, and chi_q is its slope.
    #[test]
    fn critical_line_is_critical(a in any_activation(), b in log_uniform(1e-4, 5.0)) {
        if let Some(point) = critical_line(a, b) {
            let mean_field = MeanField::new(a, point.sigma_w, b).expect("valid sigmas");
            if point.q_star.is_finite() {
                prop_assert!((mean_field.chi_1_at(point.q_star) - 1.0).abs() < 1e-12);
                prop_assert!((mean_field.length_map(point.q_star) / point.q_star - 1.0).abs() < 1e-12);
                prop_assert!((mean_field.chi_q_at(point.q_star) - point.chi_q).abs() < 1e-12);
                prop_assert!(point.chi_q < 1.0);
            } else {
                prop_assert_eq!(mean_field.fixed_point(), LengthFixedPoint::Diverges);
            }
            // sigma_w slightly to either side lies in the two phases.
            let phase = |factor: f64| MeanField::new(a, point.sigma_w * factor, b).expect("valid").summary().phase;
            prop_assert_eq!(phase(0.999), Phase::Ordered);
            prop_assert!(matches!(phase(1.001), Phase::Chaotic | Phase::Unbounded), "{} {:?}", a, phase(1.001));
        }
    }

    /// No NaN, whatever finite numbers come in.
    #[test]
    fn never_nan(
        a in any_activation(), w in log_uniform(1e-50, 1e50), b in prop_oneof![Just(0.0), log_uniform(1e-50, 1e50)],
        q1 in prop_oneof![Just(0.0), log_uniform(1e-300, 1e300)], q2 in log_uniform(1e-300, 1e300),
        c in prop_oneof![Just(-1.0), Just(0.0), Just(1.0), -1.0..1.0_f64],
    ) {
        let mean_field = MeanField::new(a, w, b).expect("valid sigmas");
        for value in [
            mean_field.length_map(q1), mean_field.chi_1_at(q1), mean_field.chi_q_at(q1), mean_field.correlation_map(q1, c),
            mean_field.correlation_slope(q1, c), mean_field.correlation_map_unequal(q1, q2, c), theory::e_phi(a, q1),
            theory::e_dphi(a, q1), theory::e_dphi4(a, q1), theory::e_dphi_dphi(a, q1, q2, c), e_phi_phi(a, q1, q2, c),
        ] {
            prop_assert!(!value.is_nan(), "{a} w={w:e} b={b:e} q={q1:e},{q2:e} c={c}");
        }
        let summary = mean_field.summary();
        for value in [summary.q_star, summary.chi_1, summary.chi_q, summary.c_star, summary.chi_c_star] {
            prop_assert!(!value.is_some_and(f64::is_nan), "{summary:?}");
        }
        for (q_a, q_b, c) in mean_field.joint_trajectory(q1, q2, c, 30) {
            prop_assert!(!q_a.is_nan() && !q_b.is_nan() && (-1.0..=1.0).contains(&c));
        }
        prop_assert!(mean_field.gradient_norms_from(q1, 30).iter().all(|norm| !norm.is_nan()));
        prop_assert!(mean_field.correlation_trajectory(c, 10).iter().all(|c| (-1.0..=1.0).contains(c)));
        if let Some(point) = critical_line(a, b) {
            prop_assert!(!point.sigma_w.is_nan() && !point.q_star.is_nan() && !point.chi_q.is_nan());
        }
    }
}

#[test]
fn sigmas_out_of_range_are_errors() {
    for (w, b) in [(f64::NAN, 0.1), (-1.0, 0.1), (1.0, f64::INFINITY), (1.0, -0.1), (1e51, 0.0)] {
        let error = MeanField::new(Activation::Tanh, w, b).expect_err("out of range");
        assert!(error.to_string().contains("must lie in [0, "), "{error}");
    }
}

#[test]
fn gradient_norms_are_powers_of_chi_1_at_the_fixed_point() {
    let mean_field = MeanField::new(Activation::Tanh, 1.5, 0.1).expect("valid sigmas");
    let chi_1 = mean_field.summary().chi_1.expect("finite");
    let norms = mean_field.gradient_norms(20);
    assert_eq!(norms.len(), 21);
    assert_eq!(norms[20], 1.0);
    for (l, norm) in norms.iter().enumerate() {
        assert!((norm / chi_1.powi(20 - l as i32) - 1.0).abs() < 1e-13);
    }
    // From another length: the product of the slopes along the way, shown for two layers.
    let norms = mean_field.gradient_norms_from(4.0, 2);
    let second = mean_field.length_map(4.0);
    assert!((norms[0] / (mean_field.chi_1_at(4.0) * mean_field.chi_1_at(second)) - 1.0).abs() < 1e-14);
    assert!((norms[1] / mean_field.chi_1_at(second) - 1.0).abs() < 1e-14);
}

#[test]
fn joint_trajectory_starts_anywhere_and_ends_at_the_fixed_point() {
    let mean_field = MeanField::new(Activation::Tanh, 2.5, 0.3).expect("valid sigmas");
    let summary = mean_field.summary();
    let states = mean_field.joint_trajectory(0.1, 30.0, 0.9, 300);
    assert_eq!(states[0], (0.1, 30.0, 0.9));
    let (q_a, q_b, c) = states[300];
    assert!((q_a / summary.q_star.expect("finite") - 1.0).abs() < 1e-12);
    assert!((q_b / summary.q_star.expect("finite") - 1.0).abs() < 1e-12);
    assert!((c - summary.c_star.expect("finite")).abs() < 1e-12);
}

#[test]
fn lengths_saturate_at_infinity() {
    let mean_field = MeanField::new(Activation::Relu, 1e40, 0.1).expect("valid sigmas");
    let states = mean_field.joint_trajectory(1.0, 2.0, 0.5, 20);
    let (q_a, q_b, c) = states[20];
    assert_eq!((q_a, q_b), (f64::INFINITY, f64::INFINITY));
    assert!((0.5..=1.0).contains(&c), "{c}");
}

#[test]
fn critical_points_lie_on_the_line() {
    for activation in Activation::ALL {
        let points = critical_line_points(activation, 4.0, 60);
        assert_eq!(points.is_empty(), critical_line(activation, 4.0).is_none(), "{activation}");
        for (sigma_b, sigma_w) in points {
            let point = critical_line(activation, sigma_b).expect("a point of the line");
            assert!(
                (point.sigma_w / sigma_w - 1.0).abs() < 1e-9,
                "{activation} at {sigma_b}: {} {sigma_w}",
                point.sigma_w
            );
        }
    }
}
