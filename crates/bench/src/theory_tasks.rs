//! T1 and the phase map of a drag.

use theory::{Activation, PhaseGrid, PhaseMap, PhaseTable};

use crate::{Check, Failure, Work};

pub(crate) fn t1() -> Result<Work, Failure> {
    let grid = PhaseGrid { sigma_w: (0.5, 4.0), sigma_b: (0.0, 4.0), columns: 256, rows: 256 };
    Ok(Box::new(move || {
        let map = PhaseTable::new(Activation::Tanh).map(&grid);
        let at = |values: &[f32], i: usize, j: usize| f64::from(values[j * 256 + i]);
        let mean = |values: &[f32]| values.iter().map(|v| f64::from(*v)).sum::<f64>() / values.len() as f64;
        let chaotic = map.chi_1.iter().filter(|c| **c > 1.0).count() as f64;
        let check = |name, got, expected: f64| Check { name, got, expected, tolerance: expected * 1e-5 };
        Ok(vec![
            check("mean q*", mean(&map.q_star), 10.010_450_7),
            check("mean chi_1", mean(&map.chi_1), 0.878_524_29),
            Check { name: "chaotic points", got: chaotic, expected: 26_012.0, tolerance: 3.0 },
            check("q* at (255, 0)", at(&map.q_star, 255, 0), 12.603_726_1),
            check("chi_1 at (255, 0)", at(&map.chi_1, 255, 0), 2.016_161_4),
            check("q* at (128, 64)", at(&map.q_star, 128, 64), 4.300_149_3),
            check("chi_1 at (128, 64)", at(&map.chi_1, 128, 64), 1.254_373_7),
        ])
    }))
}

/// All activations once, in turn would hide the slowest: it is found first and then timed.
pub(crate) fn phase_map() -> Result<Work, Failure> {
    let grid = PhaseGrid { sigma_w: (0.0, 5.0), sigma_b: (0.0, 2.0), columns: 300, rows: 250 };
    let table = PhaseTable::new(Activation::Gelu);
    Ok(Box::new(move || {
        let map: PhaseMap = table.map(&grid);
        let nan = map.chi_1.iter().chain(&map.c_star).filter(|v| v.is_nan()).count() as f64;
        Ok(vec![Check { name: "points without a value", got: nan, expected: 0.0, tolerance: 0.0 }])
    }))
}
