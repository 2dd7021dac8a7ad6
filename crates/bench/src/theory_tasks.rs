//! T1 and the phase map of a drag.

use theory::quadrature::hermite_rule;
use theory::{Activation, PhaseGrid, PhaseTable, RuleTable};

use crate::{Check, Data, Failure, Timed};

const T1: PhaseGrid = PhaseGrid { sigma_w: (0.5, 4.0), sigma_b: (0.0, 4.0), columns: 256, rows: 256 };

/// The quantities that T1 checks, from maps of q* and chi_1.
fn t1_checks(q_star: &[f32], chi_1: &[f32], expected: [f64; 6], chaotic: f64) -> Vec<Check> {
    let at = |values: &[f32], i: usize, j: usize| f64::from(values[j * T1.columns + i]);
    let mean = |values: &[f32]| values.iter().map(|v| f64::from(*v)).sum::<f64>() / values.len() as f64;
    let found = [
        ("mean q*", mean(q_star)),
        ("mean chi_1", mean(chi_1)),
        ("q* at (255, 0)", at(q_star, 255, 0)),
        ("chi_1 at (255, 0)", at(chi_1, 255, 0)),
        ("q* at (128, 64)", at(q_star, 128, 64)),
        ("chi_1 at (128, 64)", at(chi_1, 128, 64)),
    ];
    let relative = found.into_iter().zip(expected);
    let relative = relative.map(|((name, got), expected)| Check { name, got, expected, tolerance: expected * 1e-5 });
    let count = chi_1.iter().filter(|c| **c > 1.0).count() as f64;
    let count = Check { name: "chaotic points", got: count, expected: chaotic, tolerance: 3.0 };
    relative.chain([count]).collect()
}

/// The task as it is set: its check values are those of a 64-point Gauss–Hermite rule.
pub(crate) fn t1(_data: &Data) -> Result<Timed, Failure> {
    let expected = [10.010_450_7, 0.878_524_29, 12.603_726_1, 2.016_161_4, 4.300_149_3, 1.254_373_7];
    Ok(Box::new(move || {
        let (q_star, chi_1) = RuleTable::new(Activation::Tanh, &hermite_rule(64)).map(&T1);
        Ok(t1_checks(&q_star, &chi_1, expected, 26_012.0))
    }))
}

/// The same without that rule's error: its nodes do not resolve the step that tanh(√q z) becomes, which costs 15 % of
/// chi_1 at (255, 0) and a fifth of the chaotic points. References: 20-point Gauss–Legendre panels graded towards 0
/// and bisection.
pub(crate) fn t1_exact(_data: &Data) -> Result<Timed, Failure> {
    let expected = [9.963_831_567, 1.015_733_326, 12.500_601_01, 2.376_801_584, 4.299_386_096, 1.260_673_446];
    Ok(Box::new(move || {
        let map = PhaseTable::new(Activation::Tanh).map(&T1);
        Ok(t1_checks(&map.q_star, &map.chi_1, expected, 32_708.0))
    }))
}

/// The map that a drag asks for, of each activation once.
pub(crate) fn phase_maps(_data: &Data) -> Result<Timed, Failure> {
    let grid = PhaseGrid { sigma_w: (0.0, 5.0), sigma_b: (0.0, 2.0), columns: 300, rows: 250 };
    let tables: Vec<_> = Activation::ALL.into_iter().map(PhaseTable::new).collect();
    Ok(Box::new(move || {
        let maps = tables.iter().map(|table| table.map(&grid));
        let nan = maps.flat_map(|m| m.chi_1.into_iter().chain(m.c_star)).filter(|v| v.is_nan()).count() as f64;
        Ok(vec![Check { name: "points without a value", got: nan, expected: 0.0, tolerance: 0.0 }])
    }))
}
