//! What must hold of tents, nets and bounds, by a second route each.

use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use theory::sawtooth::{
    NetError, PiecewiseLinear, ReluNet, SAME_SLOPE, SquareFit, alternating_errors, best_shallow_errors,
    best_shallow_net, crossing_intervals, distance_from_square, folded_cosine_net, interpolating_net, interpolation,
    interpolation_error, interpolation_pieces, least_pieces, min_errors_dp, polynomial_net, polynomial_steps, product,
    product_cost, product_error, product_net, shallow_cosine_net, shallow_pieces, square, square_cost, square_net,
    square_steps, tent_counts, tent_net, tent_orbit, tent_power, tent_power_exact,
};

/// Two routes through at most a few hundred roundings of numbers near 1.
const ROUNDING: f64 = 1e-13;

#[test]
fn tents_are_exact_at_dyadic_points() {
    for k in [0, 1, 7, 20, 30] {
        for i in [0_u32, 1, 5, 12_345, 65_535, 65_536] {
            let (x, (p, q)) = (f64::from(i) / 65536.0, tent_power_exact(k, i64::from(i), 65536).expect("in range"));
            assert_eq!(tent_power(k, x).expect("in range"), p as f64 / q as f64, "m^{k}({x})");
        }
    }
    assert!(tent_power_exact(3, i64::MIN, u64::MAX).is_err() && tent_power_exact(3, 1, 0).is_err());
    // 1 - 2^-63 comes to 2^30 2^-63 after 30 steps.
    assert_eq!(tent_power_exact(30, i64::MAX, 1 << 63).expect("in range"), (1, 1 << 33));
    assert!(tent_power(31, 0.5).is_err());
    let orbit = tent_orbit(3, 0.3).expect("in range");
    assert_eq!(orbit.len(), 4);
    assert_eq!(orbit[3], tent_power(3, 0.3).expect("in range"));
}

#[test]
fn the_tent_net_is_the_tent_and_breaks_up_when_perturbed() {
    for k in [1, 2, 6, 14] {
        let net = tent_net(k).expect("in range");
        let cost = net.cost();
        assert_eq!((cost.units, cost.depth, cost.parameters), (2 * u64::from(k), u64::from(k), 6 * u64::from(k) + 1));
        for x in [-0.25, 0.0, 0.1, 0.5, 0.71, 1.0, 3.0] {
            // One tent alone has no relu at its end.
            if k > 1 || (0.0..=1.0).contains(&x) {
                assert_eq!(net.eval(&[x]).expect("one input"), tent_power(k, x).expect("in range"), "m^{k}({x})");
            }
        }
        let counts = tent_counts(k).expect("in range");
        let pieces = PiecewiseLinear::of_net(&net, 0.0, 1.0, 1 << 15).expect("few pieces");
        assert_eq!(pieces.n_pieces() as u64, counts.pieces);
        assert!(pieces.x().iter().enumerate().all(|(i, &x)| x == i as f64 / counts.pieces as f64), "exact breakpoints");
    }
    // Weights 2 % smaller: the peaks of the first tents do not reach 1, so later ones are not met in full.
    let net = tent_net(10).expect("in range").map_parameters(|w| 0.98 * w).expect("finite");
    let pieces = PiecewiseLinear::of_net(&net, 0.0, 1.0, 2000).expect("few pieces");
    let crossings = pieces.crossings(0.5).len();
    assert!(crossings > 0 && crossings < 1024, "{crossings} crossings");
    // A dense scan is the second route to the number of crossings.
    let scan: Vec<bool> =
        (0..=1 << 18).map(|i| net.eval(&[f64::from(i) / f64::from(1 << 18)]).expect("one input") > 0.5).collect();
    assert_eq!(scan.windows(2).filter(|pair| pair[0] != pair[1]).count(), crossings);
    assert_eq!(
        PiecewiseLinear::of_net(&tent_net(12).expect("in range"), 0.0, 1.0, 4095),
        Err(NetError::TooManyPieces { max: 4095 })
    );
}

#[test]
fn the_best_shallow_net_attains_the_bound() {
    for k in 1..=9_u32 {
        for m in (1..=12).chain([50, 200, 600]) {
            let net = best_shallow_net(k, m).expect("in range");
            assert_eq!(net.cost().units, m as u64);
            let errors = alternating_errors(k, |x| net.eval(&[x]).expect("one input")).expect("in range");
            assert_eq!(errors, best_shallow_errors(k, m as u64).expect("in range"), "k = {k}, m = {m}");
            // No classifier of that many intervals does better.
            let labels: Vec<bool> = (0..1_u32 << k).map(|i| i % 2 == 1).collect();
            let intervals = usize::try_from(crossing_intervals(shallow_pieces(m as u64))).expect("small");
            let least = min_errors_dp(&labels, intervals).expect("a small task");
            assert!(errors >= least && (m < 3 || errors == least), "k = {k}, m = {m}: {errors} and {least}");
            let pieces = PiecewiseLinear::of_net(&net, -10.0, 1000.0, 2000).expect("few pieces");
            assert!(pieces.merged(SAME_SLOPE).n_pieces() as u128 <= shallow_pieces(m as u64));
        }
    }
}

/// With one or two units the bound by m + 1 pieces is out of reach: a search over signs and places of all kinks.
#[test]
fn two_units_cannot_alternate_three_times() {
    let mut most = 0;
    for direction in 0..4 {
        for turn in [-3.0, -1.5, -1.0, -0.5, 0.5, 1.0, 1.5, 3.0] {
            for other in [-3.0, -1.5, -1.0, -0.5, 0.5, 1.0, 1.5, 3.0] {
                let sign = |bit: i32| if direction & bit == 0 { 1.0 } else { -1.0 };
                let hidden = vec![(vec![sign(1), sign(2)], vec![0.0, -sign(2)])];
                let net = ReluNet::new(1, hidden, vec![turn, other], 0.0).expect("a valid net");
                let pieces = PiecewiseLinear::of_net(&net, -1000.0, 1000.0, 10).expect("few pieces");
                for level in -20..=20 {
                    most = most.max(pieces.crossings(f64::from(level) / 8.0 + 0.01).len());
                }
            }
        }
    }
    assert_eq!(most, 2);
}

#[test]
fn min_errors_dp_equals_enumeration() {
    for bits in 0..1_u32 << 9 {
        let labels: Vec<bool> = (0..9).map(|i| bits >> i & 1 == 1).collect();
        for n_intervals in [1, 2, 3, 5] {
            let least = (0..1_u32 << 9)
                .filter(|&guess| ((guess ^ (guess >> 1)) & 0xff).count_ones() < n_intervals)
                .map(|guess| u64::from((guess ^ bits).count_ones()))
                .min();
            assert_eq!(min_errors_dp(&labels, n_intervals as usize).ok(), least, "{bits:b}, {n_intervals}");
        }
    }
    assert_eq!(min_errors_dp(&[], 3), Ok(0));
    assert!(min_errors_dp(&[true], 0).is_err());
}

#[test]
fn nets_cost_what_the_formulas_say() {
    for m in 0..=20 {
        assert_eq!(square_net(m).expect("in range").cost(), square_cost(m).expect("in range"), "m = {m}");
        let cost = product_cost(m).expect("in range");
        let units = if m == 0 { 6 } else { 9 * u64::from(m) + 3 };
        assert_eq!((cost.units, cost.depth), (units, u64::from(m) + 1));
    }
}

/// x^2 with n even pieces: 1/(4 n^2) through it and 1/(8 n^2) at best; no piece of any function does better.
#[test]
fn shallow_squares_have_the_stated_error() {
    for n in [1, 2, 3, 10, 1000] {
        for fit in [SquareFit::Interpolating, SquareFit::Best] {
            let pieces = fit.function(n).expect("in range");
            let error = fit.error(n as u64);
            // Differences of numbers near 1, and the slopes' rounding.
            assert!((distance_from_square(&pieces) - error).abs() < 1e-15, "{fit:?} {n}");
            let net = fit.net(n).expect("in range");
            assert_eq!(net.cost().units, n as u64);
            let of_net = PiecewiseLinear::of_net(&net, 0.0, 1.0, 2000).expect("few pieces");
            assert_eq!(of_net.n_pieces(), n);
            assert!((distance_from_square(&of_net) - error).abs() < ROUNDING, "{fit:?} {n}");
            for epsilon in [error, 1.001 * error] {
                assert_eq!(fit.pieces(epsilon).expect("in range"), n as u64, "{fit:?} {epsilon}");
            }
            assert_eq!(fit.pieces(0.999 * error).expect("in range"), n as u64 + 1, "{fit:?}");
        }
        assert!(
            (least_pieces(2.0, 1.0, SquareFit::Best.error(n as u64)).expect("in range") - n as f64).abs()
                < 1e-9 * n as f64
        );
        let of_interpolation = interpolation_pieces(2.0, 1.0, 1.0001 * SquareFit::Interpolating.error(n as u64));
        assert_eq!(of_interpolation.expect("in range"), n as f64);
    }
    // By search: the best line on [a, a + h] is within h^2/8 and no nearer.
    let (a, h) = (0.3, 0.2);
    let mut best = f64::INFINITY;
    for i in -40..=40 {
        for j in -40..=40 {
            let (slope, offset) = (2.0 * a + h + 0.01 * h * f64::from(i), -0.001 * h * h * f64::from(j));
            let middle = a + 0.5 * h;
            let line = |x: f64| middle * middle + h * h / 8.0 + offset + slope * (x - middle);
            let worst = (0..=400).map(|k| a + h * f64::from(k) / 400.0).map(|x| (line(x) - x * x).abs());
            best = best.min(worst.fold(0.0, f64::max));
        }
    }
    assert!((best - h * h / 8.0).abs() < 1e-12, "{best}");
    // Depth against width: 1e-6 takes 9 steps of 26 units, or 500 pieces.
    assert_eq!((square_steps(1e-6).ok(), SquareFit::Interpolating.pieces(1e-6).ok()), (Some(9), Some(500)));
    assert_eq!(SquareFit::Best.pieces(1e-6).ok(), Some(354));
}

#[test]
fn products_are_within_their_error() {
    for m in [0, 1, 4, 9] {
        for m_bound in [0.5, 1.0, 3.0] {
            let net = product_net(m, m_bound).expect("in range");
            let bound = product_error(m, m_bound).expect("in range");
            let mut worst = 0.0_f64;
            for i in -32..=32 {
                for j in -32..=32 {
                    let (x, y) = (m_bound * f64::from(i) / 32.0, m_bound * f64::from(j) / 32.0);
                    let value = product(m, m_bound, x, y).expect("in range");
                    let of_net = net.eval(&[x, y]).expect("two inputs");
                    assert!((value - of_net).abs() <= ROUNDING * m_bound * m_bound, "{value} {of_net}");
                    worst = worst.max((value - x * y).abs());
                }
            }
            // x = y = M 2^-m is among the points for m <= 5.
            assert!(worst <= bound * (1.0 + ROUNDING), "{worst} {bound}");
            assert!(m > 5 || (worst - bound).abs() <= ROUNDING * bound, "{worst} {bound}");
        }
    }
    assert!(product(3, 1.0, 1.5, 0.0).is_err());
}

#[test]
fn polynomials_are_within_their_bound() {
    let polynomials: [&[f64]; 5] =
        [&[0.5, -2.0, 0.0, 1.0], &[1.0], &[0.0, 3.0], &[0.0, 0.0, 1.0], &[-1.0, 0.0, 18.0, 0.0, -48.0, 0.0, 32.0]];
    for coefficients in polynomials {
        for radius in [0.5, 1.0, 1.5] {
            let mut before = f64::INFINITY;
            for m in [2, 5, 8] {
                let approximate = polynomial_net(coefficients, radius, m).expect("in range");
                let exact = |x: f64| coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c);
                let worst = (0..=2000).map(|i| radius * (f64::from(i) / 1000.0 - 1.0));
                let worst = worst.map(|x| (approximate.net.eval(&[x]).expect("one input") - exact(x)).abs());
                let worst = worst.fold(0.0, f64::max);
                // Rounding in sums of terms below 1e4.
                assert!(worst <= approximate.error_bound + 1e-11, "{coefficients:?}, {radius}, {m}: {worst}");
                assert!(approximate.error_bound <= before, "more steps, less error");
                before = approximate.error_bound;
            }
            let m = polynomial_steps(coefficients, radius, 1e-4).expect("in range");
            assert!(polynomial_net(coefficients, radius, m).expect("in range").error_bound <= 1e-4);
            assert!(m == 0 || polynomial_net(coefficients, radius, m - 1).expect("in range").error_bound > 1e-4);
        }
    }
    assert!(polynomial_net(&[], 1.0, 3).is_err());
    assert!(polynomial_net(&[1.0; 22], 1.0, 3).is_err());
    assert!(polynomial_net(&[f64::NAN], 1.0, 3).is_err());
    assert!(polynomial_net(&[1.0, 1.0, 1.0], 0.0, 3).is_err());
    assert!(polynomial_net(&[1.0; 21], 1.0, 50).is_err(), "too many layers");
}

#[test]
fn folding_doubles_a_cosine_s_frequency() {
    for (k, n) in [(0, 7), (1, 8), (4, 16), (6, 32)] {
        let (deep, shallow) = (folded_cosine_net(k, n).expect("in range"), shallow_cosine_net(k, n).expect("in range"));
        assert_eq!(deep.net.cost().units, 2 * u64::from(k) + n as u64);
        assert_eq!(shallow.net.cost().units, (n as u64) << k);
        assert_eq!(deep.error_bound, shallow.error_bound);
        let frequency = f64::from(1_u32 << k) * std::f64::consts::PI;
        let (mut worst, mut apart) = (0.0_f64, 0.0_f64);
        for i in 0..=5000 {
            let x = f64::from(i) / 5000.0;
            let y = deep.net.eval(&[x]).expect("one input");
            worst = worst.max((y - libm::cos(frequency * x)).abs());
            apart = apart.max((y - shallow.net.eval(&[x]).expect("one input")).abs());
        }
        assert!(worst <= deep.error_bound + ROUNDING && worst > 0.5 * deep.error_bound, "{worst} {}", deep.error_bound);
        // The shallow sum has thousands of terms as large as n 2^k.
        assert!(apart < 1e-8, "{apart}");
    }
}

#[test]
fn interpolation_meets_its_error() {
    let sine = |x: f64| libm::sin(3.0 * x);
    let pieces = interpolation(sine, -1.0, 2.0, 40).expect("in range");
    let bound = interpolation_error(9.0, 3.0, 40);
    let (_, error) = pieces.max_distance(sine, 33);
    assert!(error <= bound && error > 0.9 * bound, "{error} {bound}");
    let net = interpolating_net(&pieces).expect("few pieces");
    for i in 0..=300 {
        let x = -1.0 + f64::from(i) / 100.0;
        assert!((net.eval(&[x]).expect("one input") - pieces.eval(x)).abs() < 1e-12, "at {x}");
    }
}

#[test]
fn bad_input_is_refused() {
    assert!(matches!(
        ReluNet::new(1, vec![(vec![1.0], vec![1.0, 2.0])], vec![1.0], 0.0),
        Err(NetError::Shape { layer: 1, expected: 2, got: 1, .. })
    ));
    assert!(matches!(ReluNet::new(1, vec![], vec![f64::NAN], 0.0), Err(NetError::NotFinite { layer: 1, .. })));
    assert!(ReluNet::new(0, vec![], vec![], 0.0).is_err());
    assert!(ReluNet::new(1, vec![(vec![], vec![])], vec![], 0.0).is_err());
    assert!(ReluNet::from_flat(2, &[3], &[0.0; 8], &[0.0; 4]).is_err());
    assert!(ReluNet::from_flat(2, &[3], &[0.0; 9], &[0.0; 5]).is_err());
    assert!(ReluNet::from_flat(usize::MAX, &[usize::MAX; 3], &[], &[]).is_err());
    let net = tent_net(3).expect("in range");
    for (low, high) in [(0.0, 0.0), (1.0, 0.0), (f64::NAN, 1.0), (0.0, f64::INFINITY)] {
        assert!(PiecewiseLinear::of_net(&net, low, high, 100).is_err(), "[{low}, {high}]");
    }
    let huge = net.map_parameters(|w| w * 1e300).expect("finite");
    assert!(PiecewiseLinear::of_net(&huge, 0.0, 1.0, 100).is_err(), "overflows");
    assert!(PiecewiseLinear::through(&[0.0, 0.0], &[0.0, 1.0]).is_err());
    assert!(PiecewiseLinear::through(&[0.0], &[0.0]).is_err());
    for epsilon in [0.0, -1.0, f64::NAN, 2.0] {
        assert!(square_steps(epsilon).is_err() && SquareFit::Best.pieces(epsilon).is_err(), "{epsilon}");
    }
    assert!(square(51, 0.5).is_err());
}

/// Units that change at the same place, or as good as that, make one breakpoint.
#[test]
fn coinciding_breakpoints_count_once() {
    let hidden = vec![(vec![1.0, -2.0, 1.0, 1.0], vec![-0.3, 0.6, -0.3 + 1e-14, -0.5])];
    let net = ReluNet::new(1, hidden, vec![1.0; 4], 0.0).expect("a valid net");
    let pieces = PiecewiseLinear::of_net(&net, 0.0, 1.0, 10).expect("few pieces");
    assert_eq!(pieces.n_pieces(), 3, "{:?}", pieces.breakpoints());
    // And the ends of the interval are none.
    let pieces = PiecewiseLinear::of_net(&net, 0.3, 0.5, 10).expect("few pieces");
    assert_eq!(pieces.n_pieces(), 1, "{:?}", pieces.breakpoints());
}

#[test]
fn crossings_are_sign_changes() {
    let through = |y: &[f64]| {
        let x: Vec<f64> = (0..y.len()).map(|i| i as f64).collect();
        PiecewiseLinear::through(&x, y).expect("valid").crossings(0.0)
    };
    assert_eq!(through(&[-1.0, 1.0, -3.0]), [0.5, 1.25]);
    assert_eq!(through(&[-1.0, 0.0, -1.0]), [] as [f64; 0], "a touch");
    assert_eq!(through(&[-1.0, 0.0, 0.0, 2.0]), [1.0], "a plateau");
    assert_eq!(through(&[0.0, 1.0]), [] as [f64; 0]);
    assert_eq!(through(&[0.0, -1.0, 0.0, 1.0]), [2.0]);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, rng_seed: RngSeed::Fixed(11), ..ProptestConfig::default() })]

    /// The pieces of a random deep net are the net, their breakpoints are kinks, and a scan finds no other pattern.
    #[test]
    fn pieces_of_random_nets_are_the_net(
        weights in prop::collection::vec(-2.0..2.0_f64, 6 + 36 + 30 + 5), biases in prop::collection::vec(-1.0..1.0_f64, 18),
    ) {
        let net = ReluNet::from_flat(1, &[6, 6, 5], &weights, &biases).expect("a valid net");
        let pieces = PiecewiseLinear::of_net(&net, -3.0, 3.0, 1000).expect("few pieces");
        let scale = 1.0 + pieces.max_abs_slope();
        for i in 0..=600 {
            let x = -3.0 + f64::from(i) / 100.0;
            let value = net.eval(&[x]).expect("one input");
            prop_assert!((value - pieces.eval(x)).abs() < 1e-11 * scale, "{value} {} at {x}", pieces.eval(x));
        }
        // The pattern is the same in all of a piece and another one in the next.
        let patterns: Vec<Vec<bool>> = pieces.x().windows(2)
            .map(|ends| net.pattern(&[0.5 * (ends[0] + ends[1])]).expect("one input")).collect();
        for (ends, pattern) in pieces.x().windows(2).zip(&patterns) {
            for part in [0.01, 0.3, 0.77, 0.99] {
                prop_assert_eq!(&net.pattern(&[ends[0] + part * (ends[1] - ends[0])]).expect("one input"), pattern);
            }
        }
        for (i, maker) in pieces.makers().iter().enumerate() {
            let place = (maker.layer - 1) * 6 + maker.unit;
            prop_assert_ne!(patterns[i][place], patterns[i + 1][place], "its maker changes at breakpoint {}", i);
        }
        // Sum of widths + 1 at most on each layer: the bound of Serra et al. for one input.
        prop_assert!(pieces.n_pieces() <= 7 * 7 * 6);
    }

    /// No net of one hidden layer beats the least number of errors.
    #[test]
    fn no_shallow_net_beats_the_bound(
        weights in prop::collection::vec(-20.0..20.0_f64, 8), biases in prop::collection::vec(-5.0..5.0_f64, 5),
    ) {
        let net = ReluNet::from_flat(1, &[4], &weights, &biases).expect("a valid net");
        let errors = alternating_errors(5, |x| net.eval(&[x]).expect("one input")).expect("in range");
        prop_assert!(errors >= best_shallow_errors(5, 4).expect("in range"), "{errors}");
    }
}
