//! T1 and the phase map of a drag.

use theory::{Activation, PhaseGrid, PhaseTable};

use crate::{Check, Failure, Work};

/// The references are this grid by 20-point Gauss–Legendre panels graded towards 0 and bisection. A 64-node
/// Gauss–Hermite rule gives a mean `chi_1` of 0.8785 and 26,012 chaotic points here: its nodes do not resolve the step
/// that tanh(√q z) becomes, and it is wrong by 15 % at (255, 0).
pub(crate) fn t1() -> Result<Work, Failure> {
    let grid = PhaseGrid { sigma_w: (0.5, 4.0), sigma_b: (0.0, 4.0), columns: 256, rows: 256 };
    Ok(Box::new(move || {
        let map = PhaseTable::new(Activation::Tanh).map(&grid);
        let at = |values: &[f32], i: usize, j: usize| f64::from(values[j * 256 + i]);
        let mean = |values: &[f32]| values.iter().map(|v| f64::from(*v)).sum::<f64>() / values.len() as f64;
        let chaotic = map.chi_1.iter().filter(|c| **c > 1.0).count() as f64;
        let check = |name, got, expected: f64| Check { name, got, expected, tolerance: expected * 1e-5 };
        Ok(vec![
            check("mean q*", mean(&map.q_star), 9.963_831_567),
            check("mean chi_1", mean(&map.chi_1), 1.015_733_326),
            Check { name: "chaotic points", got: chaotic, expected: 32_708.0, tolerance: 3.0 },
            check("q* at (255, 0)", at(&map.q_star, 255, 0), 12.500_601_01),
            check("chi_1 at (255, 0)", at(&map.chi_1, 255, 0), 2.376_801_584),
            check("q* at (128, 64)", at(&map.q_star, 128, 64), 4.299_386_096),
            check("chi_1 at (128, 64)", at(&map.chi_1, 128, 64), 1.260_673_446),
        ])
    }))
}

/// The map that a drag asks for, of each activation once.
pub(crate) fn phase_maps() -> Result<Work, Failure> {
    let grid = PhaseGrid { sigma_w: (0.0, 5.0), sigma_b: (0.0, 2.0), columns: 300, rows: 250 };
    let tables: Vec<_> = Activation::ALL.into_iter().map(PhaseTable::new).collect();
    Ok(Box::new(move || {
        let maps = tables.iter().map(|table| table.map(&grid));
        let nan = maps.flat_map(|m| m.chi_1.into_iter().chain(m.c_star)).filter(|v| v.is_nan()).count() as f64;
        Ok(vec![Check { name: "points without a value", got: nan, expected: 0.0, tolerance: 0.0 }])
    }))
}
