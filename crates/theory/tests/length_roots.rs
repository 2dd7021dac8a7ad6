//! Where lengths go depends on where they start: all fixed points of the length map, for any activation.

use theory::quadrature::normal_expectation;
use theory::{Activation, DepthScale, LengthFixedPoint, LengthRoot, LengthRoots, MeanField, Phase};

fn field(activation: Activation, sigma_w: f64, sigma_b: f64) -> MeanField {
    MeanField::new(activation, sigma_w, sigma_b).expect("sigmas in range")
}

fn roots(field: &MeanField) -> Vec<LengthRoot> {
    match field.length_roots() {
        LengthRoots::Of(roots) => roots,
        LengthRoots::EveryLength => panic!("{field:?} keeps every length"),
    }
}

/// V(q) by quadrature of the activation itself.
fn length_map(field: &MeanField, q: f64) -> f64 {
    let phi2 = |x: f64| field.activation().phi(x).powi(2);
    let kinks = field.activation().kinks();
    field.sigma_w().powi(2) * normal_expectation(phi2, 0.0, q.sqrt(), kinks) + field.sigma_b().powi(2)
}

/// Reference values from a program of its own in 30 digits, rounded to those shown.
#[test]
fn lengths_with_two_fixed_points() {
    let cases = [
        (Activation::Gelu, 1.6, 0.1, 0.1, Some(0.030_851), 0.531_131),
        (Activation::Silu, 1.7, 0.1, 0.3, Some(0.038_898), 0.789_503),
        (Activation::Gelu, 1.5, 0.0, 5.0, None, 1.401_779),
        (Activation::Silu, 1.6, 0.0, 5.0, None, 1.735_596),
        (Activation::Gelu, 1.43, 0.0, 20.0, None, 5.777),
    ];
    for (activation, sigma_w, sigma_b, q_0, settles, repels) in cases {
        let field = field(activation, sigma_w, sigma_b);
        let what = format!("{activation} {sigma_w} {sigma_b}");
        let found = roots(&field);
        assert_eq!(found.len(), 2, "{what}: {found:?}");
        assert!(found[0].is_stable && !found[1].is_stable, "{what}: {found:?}");
        // Half a unit of the last digit given.
        assert!((found[1].q - repels).abs() < 5e-4 * if repels > 2.0 { 1.0 } else { 1e-3 }, "{what}: {found:?}");
        match (settles, field.fixed_point_from(q_0)) {
            (Some(q), LengthFixedPoint::Finite { q_star }) => {
                assert!((q_star - q).abs() < 5e-7, "{what}: {q_star}");
                assert_eq!(q_star, found[0].q, "{what}");
                assert_eq!(field.summary_from(q_0).phase, Phase::Ordered, "{what}");
            }
            (None, LengthFixedPoint::Diverges) => {
                assert_eq!(field.summary_from(q_0).phase, Phase::Unbounded, "{what}");
                assert_eq!(found[0].q, 0.0, "{what}");
                assert_eq!(field.summary_from(0.5 * repels).fixed_point, LengthFixedPoint::Zero, "{what}");
            }
            (_, other) => panic!("{what}: {other:?}"),
        }
    }
    // From q = 3 lengths are at 218 after 40 layers, though from 1 they settle at 0.024.
    let field = field(Activation::Gelu, 1.5, 0.1);
    assert_eq!(field.fixed_point_from(3.0), LengthFixedPoint::Diverges);
    assert!((field.length_trajectory(3.0, 40)[40] - 218.0).abs() < 0.5);
}

/// Each root is one by quadrature, V crosses the diagonal there as its stability says, and nowhere else on a fine grid.
#[test]
fn roots_are_all_the_crossings_by_another_route() {
    for activation in Activation::ALL {
        for sigma_w in [0.0, 0.3, 0.97, 1.2, 1.395, 1.41, 1.43, 1.5, 1.65, 1.9, 2.6, 4.0] {
            for sigma_b in [0.0, 0.03, 0.1, 0.5, 0.9, 1.6] {
                let field = field(activation, sigma_w, sigma_b);
                let LengthRoots::Of(found) = field.length_roots() else { continue };
                let what = format!("{activation} {sigma_w} {sigma_b}: {found:?}");
                for root in &found {
                    let residual = length_map(&field, root.q) - root.q;
                    assert!(residual.abs() <= 1e-12 * (1.0 + root.q), "{what} leaves {residual}");
                }
                assert!(found.windows(2).all(|pair| pair[0].q < pair[1].q), "{what}");
                assert!(found.windows(2).all(|pair| pair[0].is_stable != pair[1].is_stable), "{what}");
                let n_between = |low: f64, high: f64| found.iter().filter(|r| (low..high).contains(&r.q)).count();
                let rises = |q: f64| length_map(&field, q) > q;
                let mut q = 1e-4;
                while q < 1e4 {
                    let next = 1.07 * q;
                    assert_eq!(n_between(q, next) % 2 == 1, rises(q) != rises(next), "{what} between {q} and {next}");
                    q = next;
                }
            }
        }
    }
}

/// The limit is where the iterates are after many layers, for any start.
#[test]
fn the_limit_is_where_iterates_go() {
    for activation in Activation::ALL {
        for sigma_w in [0.4, 0.9, 1.1, 1.4, 1.45, 1.6, 2.2, 5.0] {
            for sigma_b in [0.0, 0.1, 0.7] {
                for q_0 in [1e-3, 0.05, 0.7, 3.0, 40.0, 100.0] {
                    let field = field(activation, sigma_w, sigma_b);
                    let summary = field.summary_from(q_0);
                    let lengths = field.length_trajectory(q_0, 3000);
                    let last = lengths[3000];
                    let what = format!("{activation} {sigma_w} {sigma_b} {q_0}: {summary:?}, iterates {last}");
                    // The same way all the time: V increases.
                    let rises = lengths[1] > q_0;
                    assert!(
                        lengths
                            .windows(2)
                            .all(|l| l[0] == l[1] || (l[1] > l[0]) == rises || (l[1] - l[0]).abs() < 1e-14 * l[0]),
                        "{what}"
                    );
                    match summary.fixed_point {
                        LengthFixedPoint::Finite { q_star } => assert!((last / q_star - 1.0).abs() < 1e-6, "{what}"),
                        LengthFixedPoint::Zero => assert!(last < 1e-3 * q_0.min(1.0), "{what}"),
                        LengthFixedPoint::Diverges => {
                            assert!(last > 100.0 && last > q_0 && summary.q_star.is_none(), "{what}");
                        }
                        LengthFixedPoint::Marginal { q_star } => {
                            assert!(q_star == q_0 && (last / q_0 - 1.0).abs() < 1e-9, "{what}");
                        }
                    }
                }
            }
        }
    }
}

#[test]
fn where_every_length_is_kept_it_is_the_first() {
    let critical = [
        (Activation::Relu, 2f64.sqrt()),
        (Activation::Relu, (2f64.sqrt() * 1e13).round() / 1e13),
        (Activation::LeakyRelu, (2.0 / 1.01_f64).sqrt()),
        (Activation::Linear, 1.0),
    ];
    for (activation, sigma_w) in critical {
        let field = field(activation, sigma_w, 0.0);
        assert_eq!(field.length_roots(), LengthRoots::EveryLength, "{activation}");
        for q_0 in [1e-3, 5.0, 100.0] {
            let summary = field.summary_from(q_0);
            assert_eq!(summary.q_star, Some(q_0), "{activation}");
            assert_eq!(summary.phase, Phase::Critical, "{activation}");
            assert_eq!(summary.xi_q, DepthScale::Infinite, "{activation}");
            // Correlations creep to 1, but for a linear net, which keeps every one.
            let c_star = (activation != Activation::Linear).then_some(1.0);
            assert_eq!(summary.c_star, c_star, "{activation}");
        }
    }
}

#[test]
fn linear_nets_without_bias_have_no_single_c_star() {
    for sigma_w in [0.5, 1.0, 1.7] {
        let field = field(Activation::Linear, sigma_w, 0.0);
        assert!(field.keeps_correlations());
        assert_eq!(field.summary_from(2.0).c_star, None, "{sigma_w}");
        for c in [-1.0, -0.3, 0.6, 1.0] {
            assert_eq!(field.correlation_map(2.0, c), c);
        }
    }
    let with_bias = field(Activation::Linear, 0.8, 0.2);
    assert!(!with_bias.keeps_correlations());
    assert_eq!(with_bias.summary().c_star, Some(1.0));
}

/// The sine's slopes fall as e^-2q and e^-q(1-c): closed forms of their logarithms.
#[test]
fn depth_scales_outlive_their_slopes() {
    let layers = |scale: DepthScale| scale.layers().expect("a depth scale");
    let summary = field(Activation::Sin, 20.0, 20.0).summary_from(1.0);
    assert_eq!(summary.chi_q, Some(0.0), "it underflows");
    assert!((layers(summary.xi_q) / 8.3751e-4 - 1.0).abs() < 1e-5, "{:?}", summary.xi_q);
    for (sigma_w, sigma_b) in [(20.0_f64, 20.0_f64), (30.0, 0.0), (60.0, 5.0), (200.0, 100.0)] {
        let summary = field(Activation::Sin, sigma_w, sigma_b).summary();
        let (q, c) = (summary.q_star.expect("bounded"), summary.c_star.expect("chaotic"));
        // E sin^2 = (1 - e^-2q)/2 and E cos cos = e^-q cosh qc, both to rounding at such lengths.
        assert!((q - 0.5 * sigma_w.powi(2) - sigma_b.powi(2)).abs() < 1e-12 * q);
        let ln_chi_q = 2.0 * sigma_w.ln() - 2.0 * q;
        assert!((layers(summary.xi_q) * -ln_chi_q - 1.0).abs() < 1e-12, "{sigma_w} {sigma_b}");
        let ln_chi_c = 2.0 * sigma_w.ln() - q * (1.0 - c) - 2f64.ln() + (-2.0 * q * c).exp().ln_1p();
        assert!((layers(summary.xi_c) * -ln_chi_c - 1.0).abs() < 1e-12, "{sigma_w} {sigma_b}: {summary:?}");
    }
    // chi_1 underflows with sigma_w^2; with no weights at all nothing is left after a layer.
    for activation in Activation::ALL {
        let summary = field(activation, 1e-200, 0.5).summary();
        assert_eq!(summary.chi_1, Some(0.0), "{activation}");
        let ln_chi_1 = 2.0 * 1e-200_f64.ln() + theory::e_dphi2(activation, 0.25).ln();
        assert!((layers(summary.xi_c) * -ln_chi_1 - 1.0).abs() < 1e-12, "{activation}: {summary:?}");
        assert_eq!(layers(field(activation, 0.0, 0.5).summary().xi_c), 0.0, "{activation}");
    }
}
