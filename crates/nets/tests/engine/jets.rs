//! Truncated polynomials: derivatives along parameters and inputs, of values and of gradients, for every operation.

use crate::cases::{Point, all, assert_close, coefficient, flat, moved, normals};

/// First differences of step 1e-5 are off by 1e-10 of rounding and the third derivative times 2e-11.
const FIRST: f64 = 1e-8;
/// Second differences of step 1e-3 are off by 1e-9 of rounding and the fourth derivative times 1e-7: that of a softmax or a norm
/// reaches some hundreds.
const SECOND: f64 = 1e-4;

#[test]
fn values_and_gradients_along_a_direction() {
    for (name, net) in all() {
        for (n, with_running) in [(5, true), (9, false)] {
            let point = Point::new(&net, n, with_running);
            let what = format!("{name}, {n} examples, running {with_running}");
            let v = normals("direction", point.parameters.len());
            let u = normals("direction of inputs", point.inputs.len());
            let at = |h: f64| {
                let (parameters, inputs) = (moved(&point.parameters, h, &v), moved(&point.inputs, h, &u));
                let values = flat(point.forward::<f64, 1>(&[&parameters], &[&inputs]).outputs().expect("values"), n);
                let (by_parameters, by_input) = point.gradients::<f64, 1>(&[&parameters], &[&inputs]);
                [values, by_parameters, by_input].map(|numbers| coefficient(&numbers, 0))
            };
            let third = point.gradients::<f64, 3>(&[&point.parameters, &v], &[&point.inputs, &u]);
            let second = point.gradients::<f64, 2>(&[&point.parameters, &v], &[&point.inputs, &u]);
            let single = point.gradients::<f32, 2>(&[&point.parameters, &v], &[&point.inputs, &u]);
            let pass = point.forward::<f64, 3>(&[&point.parameters, &v], &[&point.inputs, &u]);
            let values = flat(pass.outputs().expect("values"), n);

            let here = at(0.0);
            let (above, below) = (at(1e-5), at(-1e-5));
            let first =
                |i: usize| -> Vec<f64> { above[i].iter().zip(&below[i]).map(|(a, b)| (a - b) / 2e-5).collect() };
            for (i, numbers) in [&values, &third.0, &third.1].into_iter().enumerate() {
                assert_close(&format!("{what}, values of {i}"), &coefficient(numbers, 0), &here[i], 1e-13);
                assert_close(&format!("{what}, first of {i}"), &coefficient(numbers, 1), &first(i), FIRST);
            }
            for (i, numbers) in [&second.0, &second.1].into_iter().enumerate() {
                let double = [&third.0, &third.1][i];
                for k in 0..2 {
                    let expected = coefficient(double, k);
                    assert_close(&format!("{what}, two coefficients"), &coefficient(numbers, k), &expected, 1e-12);
                    let single = coefficient([&single.0, &single.1][i], k);
                    // As first derivatives, but cancelling more.
                    assert_close(&format!("{what}, f32"), &single, &expected, 1e-4);
                }
            }
            // A kink within the larger step would show.
            if ["relu", "max", "hard", "norm of an image"].iter().any(|kinked| name.contains(kinked)) {
                continue;
            }
            let (above, below) = (at(1e-3), at(-1e-3));
            for (i, numbers) in [&values, &third.0, &third.1].into_iter().enumerate() {
                let triples = above[i].iter().zip(&below[i]).zip(&here[i]);
                let expected: Vec<f64> = triples.map(|((a, b), c)| 0.5 * (a + b - 2.0 * c) / 1e-6).collect();
                assert_close(&format!("{what}, second of {i}"), &coefficient(numbers, 2), &expected, SECOND);
            }
        }
    }
}
