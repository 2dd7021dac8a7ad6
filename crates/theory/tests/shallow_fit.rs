//! How near nets of one hidden layer come: against a search of their own parameters.

use std::f64::consts::PI;

use theory::sawtooth::{
    ReluNet, distance_from_square, interpolation, shallow_fit, shallow_net, shallow_square, shallow_square_error,
    tent_power,
};

const SAMPLES: usize = 4096;
/// The spacing of samples on [0, 1]. A kink between two leaves the tube by a quarter of it times the turn.
const H: f64 = 1.0 / SAMPLES as f64;

#[test]
fn the_square_is_met_as_the_formula_says() {
    for m in [1, 2, 3, 5, 8, 20] {
        let formula = shallow_square_error(m).expect("in range");
        assert!((formula - 0.125 / (m as f64 + 0.5).powi(2)).abs() < 1e-16);
        let function = shallow_square(m).expect("in range");
        assert_eq!(function.n_pieces(), m + 1);
        assert!((distance_from_square(&function) / formula - 1.0).abs() < 1e-12, "{m}");
        // The fit knows nothing of the formula.
        let fit = shallow_fit(|x| x * x, (0.0, 1.0), m, SAMPLES).expect("in range");
        // Slopes turn by 2/(m + 1/2), with room for kinks that are not quite even.
        let room = 0.6 * H / (m as f64 + 0.5) + 0.25 * H * H;
        assert!(
            fit.error > formula - 0.25 * H * H && fit.error < formula + room,
            "{m}: {} against {formula}",
            fit.error
        );
        let found = distance_from_square(&fit.function);
        assert!(found >= formula * (1.0 - 1e-12) && found < formula + room, "{m}: {found} against {formula}");
        let free = 0.125 / (m as f64 + 1.0).powi(2);
        assert!(fit.least_error <= free && fit.least_error > free - room, "{m}: {} against {free}", fit.least_error);
        for net in [shallow_net(&function), shallow_net(&fit.function)] {
            let net = net.expect("few units");
            assert_eq!(net.cost().units, m as u64);
            assert!((0..=1000).all(|i| {
                let x = f64::from(i) / 1000.0;
                (net.eval(&[x]).expect("one input") - x * x).abs() < formula + room
            }));
        }
    }
    assert!((shallow_square_error(1).expect("in range") - 0.05556).abs() < 5e-6);
    assert!((shallow_square_error(2).expect("in range") - 0.02).abs() < 1e-15);
}

/// The minimax fit of x^2 by c + sum v_i relu(+-(x - t_i)) with given kinks and directions, by Lawson's weights: its
/// largest residual, at the points.
fn lawson(points: &[f64], target: impl Fn(f64) -> f64, kinks: &[(f64, f64)]) -> f64 {
    let n = kinks.len() + 1;
    let row = |x: f64| -> Vec<f64> {
        std::iter::once(1.0).chain(kinks.iter().map(|(t, s)| (s * (x - t)).max(0.0))).collect()
    };
    let rows: Vec<Vec<f64>> = points.iter().map(|x| row(*x)).collect();
    let mut weights = vec![1.0 / points.len() as f64; points.len()];
    let mut best = f64::INFINITY;
    for _ in 0..60 {
        let mut system = vec![vec![0.0; n + 1]; n];
        for ((row, x), weight) in rows.iter().zip(points).zip(&weights) {
            for i in 0..n {
                (0..n).for_each(|j| system[i][j] += weight * row[i] * row[j]);
                system[i][n] += weight * row[i] * target(*x);
            }
        }
        // A unit that is off at all points has no weight.
        (0..n).for_each(|i| system[i][i] += 1e-13);
        for i in 0..n {
            for j in 0..n {
                if i != j {
                    let factor = system[j][i] / system[i][i];
                    (i..=n).for_each(|k| system[j][k] -= factor * system[i][k]);
                }
            }
        }
        let residuals: Vec<f64> = rows
            .iter()
            .zip(points)
            .map(|(row, x)| {
                (row.iter().enumerate().map(|(i, entry)| entry * system[i][n] / system[i][i]).sum::<f64>() - target(*x))
                    .abs()
            })
            .collect();
        best = best.min(residuals.iter().copied().fold(0.0, f64::max));
        let total: f64 = weights.iter().zip(&residuals).map(|(w, r)| w * r).sum();
        if total <= 0.0 {
            break;
        }
        weights.iter_mut().zip(&residuals).for_each(|(w, r)| *w *= r / total);
    }
    best
}

/// Any net of one or two units, its kinks on a grid: none is nearer than the formula, some come within 10 % of it.
#[test]
fn no_other_net_of_few_units_is_nearer_to_the_square() {
    let points: Vec<f64> = (0..=80).map(|i| f64::from(i) / 80.0).collect();
    let places: Vec<f64> = (-2..=25).map(|i| f64::from(i) / 25.0).collect();
    let sides = [1.0, -1.0];
    let units: Vec<(f64, f64)> = places.iter().flat_map(|t| sides.map(|s| (*t, s))).collect();
    let square = |x: f64| x * x;
    let of_one = units.iter().map(|unit| lawson(&points, square, &[*unit])).fold(f64::INFINITY, f64::min);
    let mut of_two = f64::INFINITY;
    for (i, first) in units.iter().enumerate() {
        for second in &units[..i] {
            of_two = of_two.min(lawson(&points, square, &[*first, *second]));
        }
    }
    for (m, found) in [(1, of_one), (2, of_two)] {
        let formula = shallow_square_error(m).expect("in range");
        // 81 points miss at most 2/8/80^2 of the distance.
        assert!(found > formula - 4e-5 && found < 1.1 * formula, "{m}: {found} against {formula}");
    }
}

/// Fewer pieces than 2^k cross 1/2 too seldom: nothing is better than a constant.
#[test]
fn few_units_do_no_better_on_teeth_than_a_constant() {
    for (k, m) in [(5, 5), (5, 1), (5, 30), (3, 6), (8, 40)] {
        let fit = shallow_fit(|x| tent_power(k, x).expect("in range"), (0.0, 1.0), m, 1 << (k + 1)).expect("in range");
        assert!(
            (fit.error - 0.5).abs() < 1e-9 && (fit.least_error - 0.5).abs() < 1e-9,
            "{k} {m}: {} {}",
            fit.error,
            fit.least_error
        );
        assert!((0..=512).all(|i| {
            let x = f64::from(i) / 512.0;
            (fit.function.eval(x) - tent_power(k, x).expect("in range")).abs() < 0.5 + 1e-9
        }));
    }
    // As many units as pieces meet them.
    for (k, m) in [(3, 8), (4, 16), (5, 40)] {
        let fit = shallow_fit(|x| tent_power(k, x).expect("in range"), (0.0, 1.0), m, 1 << (k + 1)).expect("in range");
        assert!(fit.error < 1e-9, "{k} {m}: {}", fit.error);
        let net: ReluNet = shallow_net(&fit.function).expect("few units");
        assert!(net.cost().units <= m as u64);
    }
}

#[test]
fn bounds_hold_for_other_functions() {
    /// A fit takes as long as their square.
    const COARSE: usize = 1024;
    type Case = (fn(f64) -> f64, (f64, f64));
    let cases: [Case; 5] = [
        (|x| (4.0 * PI * x).cos(), (0.0, 1.0)),
        (|x| x * x * x - 0.4 * x, (-1.0, 1.0)),
        (|x| x * x, (-1.0, 1.0)),
        (|x| -x * x, (0.0, 1.0)),
        (f64::exp, (-1.0, 2.0)),
    ];
    for (case, (f, ends)) in cases.into_iter().enumerate() {
        let mut last = f64::INFINITY;
        for m in 1..=12 {
            let fit = shallow_fit(f, ends, m, COARSE).expect("in range");
            // Slopes turn by 26 at most.
            let room = 26.0 / 4.0 * (ends.1 - ends.0) / COARSE as f64;
            let what = format!("case {case}, m {m}: {} {}", fit.error, fit.least_error);
            assert!(fit.least_error <= fit.error && fit.error <= last + room, "{what}");
            last = fit.error;
            // Between samples: |f''| <= 160 here.
            let h = (ends.1 - ends.0) / COARSE as f64;
            let distance = fit.function.max_distance(f, 200).1;
            assert!(distance <= fit.error + 20.0 * h * h + 1e-4 && distance >= fit.error - 1e-3, "{what}: {distance}");
            let net = shallow_net(&fit.function).expect("few units");
            assert!(net.cost().units <= m as u64, "{what}");
            let even = interpolation(f, ends.0, ends.1, m).expect("in range").max_distance(f, 200).1;
            assert!(fit.error <= even + room, "{what}: {even} by interpolation");
        }
    }
    // A flat piece in the middle: three pieces of x^2 on [-1, 1], by two units.
    let fit = shallow_fit(|x| x * x, (-1.0, 1.0), 2, SAMPLES).expect("in range");
    assert!((fit.least_error - 1.0 / 18.0).abs() < 2.0 * H, "{}", fit.least_error);
    // Lines are met by one unit, constants too.
    assert!(shallow_fit(|x| 0.3 * x - 1.0, (-1.0, 1.0), 1, 100).expect("in range").error < 1e-12);
    assert_eq!(shallow_fit(|_| 2.0, (-1.0, 1.0), 1, 100).expect("in range").error, 0.0);
    assert!(shallow_fit(|x| 1.0 / x, (0.0, 1.0), 1, 100).is_err());
    assert!(shallow_fit(|x| x, (0.0, 1.0), 0, 100).is_err());
    assert!(shallow_fit(|x| x, (1.0, 1.0), 1, 100).is_err());
}
