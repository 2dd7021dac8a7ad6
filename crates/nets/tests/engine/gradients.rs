//! Each operation by parameters and by input, against central differences in double precision; and in single precision.

use crate::cases::{Point, all, assert_close, coefficient};

/// Differences of step 1e-5 in f64 are off by the third derivative times 2e-11 and by 1e-10 of rounding of a sum of some
/// hundred terms: 1e-8 holds for both with room for third derivatives of a few hundred.
const TOLERANCE: f64 = 1e-8;
const STEP: f64 = 1e-5;
/// Sums of some hundred terms in f32, each rounded to 6e-8, and functions to 4e-7, through a few layers.
const SINGLE: f64 = 2e-5;

#[test]
fn agree_with_differences() {
    for (name, net) in all() {
        for (n, with_running) in [(1, true), (8, false), (13, false), (11, true)] {
            let point = Point::new(&net, n, with_running);
            let what = format!("{name}, {n} examples, running {with_running}");
            let (by_parameters, by_input) = point.gradients::<f64, 1>(&[&point.parameters], &[&point.inputs]);
            let mut parameters = point.parameters.clone();
            let expected: Vec<f64> = (0..parameters.len())
                .map(|k| difference(&mut parameters, k, |p| point.value(p, &point.inputs)))
                .collect();
            assert_close(&format!("{what}, by parameters"), &coefficient(&by_parameters, 0), &expected, TOLERANCE);
            let mut inputs = point.inputs.clone();
            let expected: Vec<f64> =
                (0..inputs.len()).map(|k| difference(&mut inputs, k, |x| point.value(&point.parameters, x))).collect();
            assert_close(&format!("{what}, by input"), &coefficient(&by_input, 0), &expected, TOLERANCE);

            let (single, single_by_input) = point.gradients::<f32, 1>(&[&point.parameters], &[&point.inputs]);
            let double = coefficient(&by_parameters, 0);
            assert_close(&format!("{what}, f32"), &coefficient(&single, 0), &double, SINGLE);
            let double = coefficient(&by_input, 0);
            assert_close(&format!("{what}, f32, by input"), &coefficient(&single_by_input, 0), &double, SINGLE);
        }
    }
}

fn difference(x: &mut [f64], k: usize, of: impl Fn(&[f64]) -> f64) -> f64 {
    let kept = x[k];
    x[k] = kept + STEP;
    let above = of(x);
    x[k] = kept - STEP;
    let below = of(x);
    x[k] = kept;
    (above - below) / (2.0 * STEP)
}
