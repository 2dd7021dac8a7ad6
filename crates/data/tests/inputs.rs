//! Lengths and correlations of generated inputs, and what is refused.

use data::Pack;
use data::inputs::{
    InputError, Inputs, MAX_VALUES, circle_through, inputs_at_correlations, inputs_from_images, pair_at_correlation,
    points_on_circle,
};
use proptest::prelude::*;
use random::Stream;

/// Promised by the module: exact to 1e-12 in f64.
const TOLERANCE: f64 = 1e-12;

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

fn row(inputs: &Inputs, i: usize) -> &[f64] {
    inputs.rows().nth(i).expect("a row")
}

fn correlation(a: &[f64], b: &[f64]) -> f64 {
    dot(a, b) / (dot(a, a) * dot(b, b)).sqrt()
}

fn assert_lengths(inputs: &Inputs, q0: f64) {
    for (i, x) in inputs.rows().enumerate() {
        let q = dot(x, x) / x.len() as f64;
        assert!((q - q0).abs() <= TOLERANCE * q0, "row {i}: mean square {q}, expected {q0}");
    }
}

#[test]
fn circle_points_have_length_and_angles() {
    for (n, dim, q0) in [(64, 500, 1.0), (7, 2, 0.25), (1, 3, 9.0), (0, 3, 1.0)] {
        let circle = points_on_circle(n, dim, q0, Stream::new(3, "circle")).expect("a circle");
        assert_eq!((circle.n(), circle.dim(), circle.values().len()), (n, dim, n * dim));
        assert_lengths(&circle, q0);
        for i in 0..n {
            for j in 0..n {
                let expected = (std::f64::consts::TAU * (i as f64 - j as f64) / n as f64).cos();
                let got = correlation(row(&circle, i), row(&circle, j));
                assert!((got - expected).abs() <= TOLERANCE, "points {i}, {j} of {n}: {got}, expected {expected}");
            }
        }
    }
}

/// k = 0 lies along the first direction, a quarter turn on lies in the half plane of the second.
#[test]
fn circle_through_given_directions() {
    let circle = circle_through(4, 1.0, &[3.0, 0.0, 0.0, 0.0], &[5.0, 0.0, 2.0, 0.0]).expect("a circle");
    for (got, expected) in circle.rows().zip([[2.0, 0.0, 0.0, 0.0], [0.0, 0.0, 2.0, 0.0], [-2.0, 0.0, 0.0, 0.0]]) {
        for (got, expected) in got.iter().zip(expected) {
            assert!((got - expected).abs() <= TOLERANCE, "{got} {expected}");
        }
    }
}

#[test]
fn directions_depend_on_the_stream_alone() {
    let make = |seed| points_on_circle(5, 40, 1.0, Stream::new(seed, "circle")).expect("a circle");
    assert_eq!(make(1), make(1));
    assert!(correlation(row(&make(1), 0), row(&make(2), 0)).abs() < 0.9);
}

#[test]
fn partners_have_their_correlations() {
    let correlations = [1.0, -1.0, 0.0, 0.5, -0.3, 1.0 - 1e-9, 0.999, 1e-9];
    for (dim, q0) in [(2, 1.0), (3, 2.5), (784, 1.0), (1000, 1e-3)] {
        let inputs = inputs_at_correlations(dim, &correlations, q0, Stream::new(1, "partners")).expect("inputs");
        assert_eq!(inputs.n(), 1 + correlations.len());
        assert_lengths(&inputs, q0);
        for (i, &c) in correlations.iter().enumerate() {
            let got = correlation(row(&inputs, 0), row(&inputs, i + 1));
            assert!((got - c).abs() <= TOLERANCE, "dim {dim}: {got}, expected {c}");
            assert!((inputs.correlation(i + 1, 0) - c).abs() <= TOLERANCE, "dim {dim}: {c}");
        }
        assert!(inputs.correlation(0, inputs.n()).is_nan());
    }
}

/// 1 − c is kept to 1e-6 relative even where c is within 1e-9 of 1: |x − y|² = 2 q0 d (1 − c), from the difference of the
/// vectors (entries to 1 ulp, 2e-16, against differences of 4e-5).
#[test]
fn nearly_equal_inputs_keep_their_distance() {
    let pair = pair_at_correlation(784, 1.0 - 1e-9, 1.0, Stream::new(1, "pair")).expect("a pair");
    let difference: Vec<f64> = row(&pair, 0).iter().zip(row(&pair, 1)).map(|(a, b)| a - b).collect();
    let one_minus_c = dot(&difference, &difference) / (2.0 * 784.0);
    assert!((one_minus_c / 1e-9 - 1.0).abs() < 1e-6, "{one_minus_c:e}");
}

/// Partners at correlation 0 are independent directions: their mutual correlation has standard error 1/√d.
#[test]
fn partners_are_independent_of_each_other() {
    let dim = 10_000;
    let inputs = inputs_at_correlations(dim, &[0.0, 0.0], 1.0, Stream::new(8, "partners")).expect("inputs");
    assert!(correlation(row(&inputs, 1), row(&inputs, 2)).abs() <= 5.0 / (dim as f64).sqrt());
}

#[test]
fn images_keep_their_correlation_and_get_their_length() {
    let pack = Pack::new("p", 1, 4, vec![0, 1, 2], vec![255, 0, 0, 255, 0, 9, 0, 9, 0, 0, 0, 0]).expect("a pack");
    let inputs = inputs_from_images(&pack, &[1, 0], 2.0).expect("inputs");
    assert_lengths(&inputs, 2.0);
    assert!((correlation(row(&inputs, 0), row(&inputs, 1)) - 0.5).abs() <= TOLERANCE);
    assert_eq!(inputs.to_f32().len(), 8);
    assert_eq!(inputs_from_images(&pack, &[2], 1.0), Err(InputError::BlankImage { got: 2 }));
    assert_eq!(inputs_from_images(&pack, &[0, 3], 1.0), Err(InputError::NoImage { got: 3, n: 3 }));
}

#[test]
fn bad_requests_are_typed_errors() {
    let stream = Stream::new(1, "bad");
    assert_eq!(points_on_circle(4, 1, 1.0, stream), Err(InputError::Dimension { got: 1, least: 2 }));
    assert_eq!(pair_at_correlation(0, 0.5, 1.0, stream), Err(InputError::Dimension { got: 0, least: 2 }));
    for q0 in [0.0, -1.0, f64::INFINITY] {
        assert_eq!(points_on_circle(4, 9, q0, stream), Err(InputError::Length { got: q0 }));
    }
    assert!(matches!(points_on_circle(4, 9, f64::NAN, stream), Err(InputError::Length { .. })));
    assert_eq!(pair_at_correlation(9, 1.5, 1.0, stream), Err(InputError::Correlation { got: 1.5 }));
    assert!(matches!(pair_at_correlation(9, f64::NAN, 1.0, stream), Err(InputError::Correlation { .. })));
    let too_large = InputError::TooLarge { n: usize::MAX, dim: 9, limit: MAX_VALUES };
    assert_eq!(points_on_circle(usize::MAX, 9, 1.0, stream), Err(too_large));
    let parallel = circle_through(4, 1.0, &[1.0, 2.0], &[-2.0, -4.0]);
    assert_eq!(parallel, Err(InputError::NoPlane { first: 2, second: 2 }));
    let uneven = circle_through(4, 1.0, &[1.0, 2.0], &[1.0, 2.0, 3.0]);
    assert_eq!(uneven, Err(InputError::NoPlane { first: 2, second: 3 }));
}

proptest! {
    #[test]
    fn any_pair(dim in 2..50_usize, c in -1.0..=1.0_f64, q0 in 1e-6..1e6_f64, seed in any::<u64>()) {
        let pair = pair_at_correlation(dim, c, q0, Stream::new(seed, "pair")).expect("a pair");
        assert_lengths(&pair, q0);
        prop_assert!((correlation(row(&pair, 0), row(&pair, 1)) - c).abs() <= TOLERANCE);
    }
}
