//! The phase map against the fixed points computed one by one.

use theory::quadrature::{hermite_rule, normal_expectation};
use theory::{Activation, LengthFixedPoint, MeanField, PhaseGrid, PhaseMap, PhaseTable, RuleTable, critical_line};

/// Uniform numbers on [0, 1) from a 64-bit linear congruential generator (Knuth's constants).
struct Uniform(u64);

impl Uniform {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    fn within(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.next()
    }
}

/// Largest relative errors, and where.
#[derive(Default)]
struct Worst {
    q_star: (f64, String),
    chi_1: (f64, String),
    c_star: (f64, String),
    xi_c: (f64, String),
}

fn record(worst: &mut (f64, String), value: f32, reference: f64, at: &str) {
    let error = if f64::from(value) == reference || (value == 0.0 && reference < 1e-35) {
        0.0
    } else {
        ((f64::from(value) - reference) / reference).abs()
    };
    if error.is_nan() || error > worst.0 {
        *worst = (error, format!("{at}: {value} against {reference}"));
    }
}

/// Compares a grid with the exact values. Skips chi_1 nearer to 1 than `margin` for xi_c and c*.
fn compare(table: &PhaseTable, grid: &PhaseGrid, margin: f64, worst: &mut Worst) -> usize {
    let map = table.map(grid);
    let mut jumps = 0;
    for row in 0..grid.rows {
        for column in 0..grid.columns {
            let pixel = row * grid.columns + column;
            let (w, b) = (grid.sigma_w_at(column), grid.sigma_b_at(row));
            let at = format!("{} w={w} b={b}", table.activation());
            let summary = MeanField::new(table.activation(), w, b).expect("sigmas in range").summary();
            let (q, chi, c, xi) = (map.q_star[pixel], map.chi_1[pixel], map.c_star[pixel], map.xi_c[pixel]);
            assert!(![q, chi, c, xi].iter().any(|value| value.is_nan()), "{at}: {q} {chi} {c} {xi}");
            match summary.fixed_point {
                LengthFixedPoint::Finite { q_star } => {
                    if (f64::from(q) / q_star - 1.0).abs() > 0.1 && !table.activation().is_bounded() {
                        jumps += 1; // Counted by the caller: the pixel took the other fixed point.
                        continue;
                    }
                    let chi_1 = summary.chi_1.expect("finite");
                    record(&mut worst.q_star, q, q_star, &at);
                    record(&mut worst.chi_1, chi, chi_1, &at);
                    if (chi_1 - 1.0).abs() > margin {
                        record(&mut worst.c_star, c, summary.c_star.expect("finite"), &at);
                        record(&mut worst.xi_c, xi, summary.xi_c.layers().expect("finite"), &at);
                    }
                }
                LengthFixedPoint::Diverges => {
                    if q.is_finite() {
                        jumps += 1;
                        continue;
                    }
                    assert_eq!((c, xi), (1.0, f32::INFINITY), "{at}");
                }
                LengthFixedPoint::Zero | LengthFixedPoint::Marginal { .. } => assert_eq!(c, 1.0, "{at}"),
            }
        }
    }
    jumps
}

#[track_caller]
fn assert_worst(worst: &Worst) {
    // What PhaseTable promises, for chi_1 at least 1e-3 away from 1.
    for (name, (error, at), tolerance) in [
        ("q*", &worst.q_star, 1e-6),
        ("chi_1", &worst.chi_1, 1e-6),
        ("c*", &worst.c_star, 1e-4),
        ("xi_c", &worst.xi_c, 1e-4),
    ] {
        println!("    {name:<6} {error:.1e}  {at}");
        assert!(*error <= tolerance, "{name}: {error:e} above {tolerance:e} at {at}");
    }
}

/// Sigmas up to 10 and up to 3, ascending and descending; every third grid without bias in its first row.
#[test]
fn random_grids_agree_with_fixed_points() {
    for activation in Activation::ALL {
        let table = PhaseTable::new(activation);
        let mut uniform = Uniform(2 + activation as u64);
        let mut worst = Worst::default();
        let mut jumps = 0;
        for round in 0..24 {
            let top = if round % 2 == 0 { 10.0 } else { 3.0 };
            let first_b = if round % 3 == 0 { 0.0 } else { uniform.within(0.0, top) };
            let grid = PhaseGrid {
                sigma_w: (uniform.within(0.0, top), uniform.within(0.0, top)),
                sigma_b: (first_b, uniform.within(0.0, top)),
                columns: 9,
                rows: 8,
            };
            jumps += compare(&table, &grid, 1e-3, &mut worst);
        }
        println!("{activation}");
        assert_worst(&worst);
        assert!(jumps <= 2, "{activation}: {jumps} of 1728 pixels took another fixed point");
    }
}

/// Where random grids seldom look: gelu and silu are chaotic in a thin strip below sigma_w = sqrt(2), at lengths of
/// hundreds; sigmoid beyond sigma_w = 10; odd activations have q* near 0 around the start of their critical line.
#[test]
fn corners_of_the_plane() {
    let grids = [
        (Activation::Gelu, (1.395, 1.414), (0.8, 3.0)),
        (Activation::Silu, (1.395, 1.414), (0.8, 3.0)),
        (Activation::Sigmoid, (9.0, 16.0), (0.0, 6.0)),
        (Activation::Tanh, (0.98, 1.05), (0.0, 0.02)),
        (Activation::ErfUnitSlope, (0.999, 1.02), (0.0, 0.002)),
        (Activation::Sin, (0.99, 1.02), (0.0, 0.01)),
        (Activation::HardTanh, (0.98, 1.2), (0.0, 0.2)),
    ];
    for (activation, sigma_w, sigma_b) in grids {
        let grid = PhaseGrid { sigma_w, sigma_b, columns: 20, rows: 12 };
        let mut worst = Worst::default();
        let table = PhaseTable::new(activation);
        assert!(table.map(&grid).chi_1.iter().any(|&chi_1| chi_1 > 1.0004), "{activation} has no chaos here");
        let jumps = compare(&table, &grid, 1e-3, &mut worst);
        println!("{activation}");
        assert_worst(&worst);
        assert_eq!(jumps, 0);
    }
}

/// Close to the critical line the error of xi_c is that of chi_1 - 1, 1e-7 at most.
#[test]
fn near_the_critical_line() {
    for activation in [Activation::Tanh, Activation::Erf, Activation::HardTanh, Activation::Sin, Activation::Sigmoid] {
        let table = PhaseTable::new(activation);
        for (sigma_b, offset) in [(0.1, 1e-3), (0.1, -1e-3), (1.0, 1e-5), (1.0, -1e-5), (3.0, 1e-4), (3.0, -1e-4)] {
            let point = critical_line(activation, sigma_b).expect("these have a critical line");
            let sigma_w = point.sigma_w * (1.0 + offset);
            let grid = PhaseGrid { sigma_w: (sigma_w, sigma_w), sigma_b: (sigma_b, sigma_b), columns: 1, rows: 1 };
            let summary = MeanField::new(activation, sigma_w, sigma_b).expect("valid").summary();
            let xi_c = summary.xi_c.layers().expect("finite");
            let distance = (summary.chi_1.expect("finite") - 1.0).abs();
            let error = (f64::from(table.map(&grid).xi_c[0]) / xi_c - 1.0).abs();
            assert!(error < 1e-4 + 1e-7 / distance, "{activation} b={sigma_b} {offset:e}: {error:e} at xi_c {xi_c}");
        }
    }
}

/// The grid of benchmark task T1: tanh, 256 x 256, sigma_w in [0.5, 4] (index i), sigma_b in [0, 4] (index j).
const T1: PhaseGrid = PhaseGrid { sigma_w: (0.5, 4.0), sigma_b: (0.0, 4.0), columns: 256, rows: 256 };

/// The quantities that the task checks.
fn t1_checks(q_star: &[f32], chi_1: &[f32]) -> ([f64; 6], usize) {
    let mean = |values: &[f32]| values.iter().map(|&value| f64::from(value)).sum::<f64>() / values.len() as f64;
    let at = |values: &[f32], i: usize, j: usize| f64::from(values[256 * j + i]);
    let chaotic = chi_1.iter().filter(|&&chi_1| chi_1 > 1.0).count();
    let checks =
        [mean(q_star), mean(chi_1), at(q_star, 255, 0), at(chi_1, 255, 0), at(q_star, 128, 64), at(chi_1, 128, 64)];
    (checks, chaotic)
}

#[track_caller]
fn assert_t1(found: ([f64; 6], usize), expected: [f64; 6], chaotic: usize) {
    let names =
        ["mean q*", "mean chi_1", "q* at (255, 0)", "chi_1 at (255, 0)", "q* at (128, 64)", "chi_1 at (128, 64)"];
    for ((name, value), expected) in names.iter().zip(found.0).zip(expected) {
        assert!((value / expected - 1.0).abs() < 1e-5, "{name}: {value} against {expected}");
    }
    assert!(found.1.abs_diff(chaotic) <= 3, "{} chaotic points against {chaotic}", found.1);
}

/// The task's check values are those of the 64-point Gauss-Hermite rule.
#[test]
fn benchmark_task_t1() {
    let (q_star, chi_1) = RuleTable::new(Activation::Tanh, &hermite_rule(64)).map(&T1);
    let expected = [10.010_450_7, 0.878_524_29, 12.603_726_1, 2.016_161_4, 4.300_149_3, 1.254_373_7];
    assert_t1(t1_checks(&q_star, &chi_1), expected, 26_012);
}

/// The same quantities without that rule's error, which is 16 % of chi_1 at (255, 0). The values expected here are those
/// of `MeanField::summary` at all 65,536 points; every 23rd point is compared one by one.
#[test]
fn benchmark_task_t1_in_truth() {
    let map = PhaseTable::new(Activation::Tanh).map(&T1);
    let truth = [9.963_831_566, 1.015_733_326, 12.500_600_81, 2.376_801_49, 4.299_386_02, 1.260_673_40];
    assert_t1(t1_checks(&map.q_star, &map.chi_1), truth, 32_708);
    for pixel in (0..256 * 256).step_by(23) {
        let (i, j) = (pixel % 256, pixel / 256);
        let mean_field = MeanField::new(Activation::Tanh, T1.sigma_w_at(i), T1.sigma_b_at(j)).expect("valid sigmas");
        let summary = mean_field.summary();
        let (q_star, chi_1) = (summary.q_star.expect("bounded"), summary.chi_1.expect("bounded"));
        assert!((f64::from(map.q_star[pixel]) - q_star).abs() <= 1e-6 * q_star, "({i}, {j}): {q_star}");
        assert!((f64::from(map.chi_1[pixel]) - chi_1).abs() <= 1e-6 * chi_1, "({i}, {j}): {chi_1}");
    }
    // And by a third route, panels fitted to tanh: V(q*) = q* at (255, 0).
    let q = truth[2];
    let square = |x: f64| Activation::Tanh.phi(x) * Activation::Tanh.phi(x);
    assert!((16.0 * normal_expectation(square, 0.0, q.sqrt(), &[]) / q - 1.0).abs() < 1e-7, "{q}");
}

/// A picture painted in parts is the same picture.
#[test]
fn rows_in_parts_are_the_whole() {
    for activation in Activation::ALL {
        let grid = PhaseGrid { sigma_w: (0.2, 4.0), sigma_b: (0.0, 3.0), columns: 31, rows: 23 };
        let table = PhaseTable::new(activation);
        let whole = table.map(&grid);
        let mut part = PhaseMap::default();
        let mut joined = PhaseMap::default();
        for first_row in (0..23).step_by(5) {
            table.rows(&grid, first_row, 5, &mut part);
            joined.q_star.append(&mut part.q_star);
            joined.chi_1.append(&mut part.chi_1);
            joined.c_star.append(&mut part.c_star);
            joined.xi_c.append(&mut part.xi_c);
        }
        assert_eq!(whole, joined, "{activation}");
        assert_eq!(whole.q_star.len(), 31 * 23);
    }
}

#[test]
fn any_grid_is_painted_without_nan() {
    let ranges = [(0.0, 0.0), (1e-30, 1e-3), (-1.0, 5.0), (80.0, 90.0), (1.0, 1e30), (f64::NAN, f64::INFINITY)];
    for activation in Activation::ALL {
        let table = PhaseTable::new(activation);
        for sigma_w in ranges {
            for sigma_b in ranges {
                let map = table.map(&PhaseGrid { sigma_w, sigma_b, columns: 3, rows: 3 });
                for values in [&map.q_star, &map.chi_1, &map.c_star, &map.xi_c] {
                    assert_eq!(values.len(), 9);
                    let valid = values.iter().all(|&value| value >= 0.0);
                    assert!(valid, "{activation} {sigma_w:?} {sigma_b:?}: {map:?}");
                }
            }
        }
        assert!(
            table.map(&PhaseGrid { sigma_w: (1.0, 2.0), sigma_b: (0.0, 1.0), columns: 0, rows: 5 }).q_star.is_empty()
        );
    }
}
