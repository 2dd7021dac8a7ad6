//! The phase map against the fixed points computed one by one.

use theory::{Activation, LengthFixedPoint, MeanField, PhaseGrid, PhaseMap, PhaseTable};

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
    // Written so that NaN is recorded.
    if !(error <= worst.0) {
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

#[test]
fn random_grids_agree_with_fixed_points() {
    for activation in Activation::ALL {
        let table = PhaseTable::new(activation);
        let mut uniform = Uniform(2 + activation as u64);
        let mut worst = Worst::default();
        let (mut jumps, mut pixels) = (0, 0);
        for round in 0..12 {
            let top = if round % 2 == 0 { 10.0 } else { 3.0 };
            let (w0, b0) = (uniform.within(0.0, top), uniform.within(0.0, top));
            let grid = PhaseGrid {
                sigma_w: (w0, uniform.within(0.0, top)),
                sigma_b: (if round % 3 == 0 { 0.0 } else { b0 }, uniform.within(0.0, top)),
                columns: 9,
                rows: 8,
            };
            pixels += 72;
            jumps += compare(&table, &grid, 1e-3, &mut worst);
        }
        println!("{activation}: {jumps} of {pixels} jumped");
        for (name, (error, at)) in
            [("q*", &worst.q_star), ("chi_1", &worst.chi_1), ("c*", &worst.c_star), ("xi_c", &worst.xi_c)]
        {
            println!("    {name:<6} {error:.1e}  {at}");
        }
    }
}
