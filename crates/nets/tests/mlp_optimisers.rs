//! The update rules against every trajectory of the reference values `optimisation.json` that is theirs.

use std::path::{Path, PathBuf};

use nets::NetError;
use nets::mlp::Optimiser;
use nets::mlp::optimiser::{OptimiserState, Real, Update};
use serde_json::Value;

/// The folder named by `DEPTHSCOPE_GOLDEN`, by default `shared/golden` beside the repository.
fn cases() -> Vec<Value> {
    let folder = std::env::var_os("DEPTHSCOPE_GOLDEN")
        .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/golden"), PathBuf::from);
    let path = folder.join("optimisation.json");
    let text = std::fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
    let root: Value = serde_json::from_str(&text).expect("JSON");
    root["cases"].as_array().expect("a list of cases").clone()
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap_or_else(|| panic!("{value} is not a number"))
}

fn numbers(value: &Value) -> Vec<f64> {
    value.as_array().expect("a list").iter().map(number).collect()
}

/// None for a method that belongs to others.
fn optimiser(case: &Value) -> Option<Optimiser> {
    let parameter = |key: &str| number(&case["params"][key]);
    match case["method"].as_str().expect("a method") {
        "gd" => Some(Optimiser::sgd(parameter("lr"))),
        // The same iterates in exact arithmetic, at a constant rate.
        "momentum" | "heavy_ball" => {
            Some(Optimiser::Sgd { learning_rate: parameter("lr"), momentum: parameter("momentum") })
        }
        "adam" => Some(Optimiser::Adam {
            learning_rate: parameter("lr"),
            beta_1: parameter("beta1"),
            beta_2: parameter("beta2"),
            epsilon: parameter("eps"),
        }),
        "nesterov" | "nesterov_pytorch" | "nesterov_fista" | "adagrad" | "adagrad_norm" | "rmsprop" | "adamw" => None,
        other => panic!("the method {other} is not known to the test"),
    }
}

fn gradient(case: &Value, x: &[f64]) -> Vec<f64> {
    match case["problem"].as_str().expect("a problem") {
        "quadratic" => {
            let rows = case["H"].as_array().expect("a matrix");
            rows.iter().map(|row| numbers(row).iter().zip(x).map(|(h, x)| h * x).sum()).collect()
        }
        "rosenbrock" => {
            let beyond = x[1] - x[0] * x[0];
            vec![-2.0 * (1.0 - x[0]) - 400.0 * x[0] * beyond, 200.0 * beyond]
        }
        other => panic!("the problem {other} is not known to the test"),
    }
}

/// The largest error of a run in the precision `T`, relative to the largest coordinate.
fn worst_error<T: Real>(case: &Value, optimiser: Optimiser, to_f64: impl Fn(T) -> f64) -> f64 {
    let iterates: Vec<Vec<f64>> = case["iterates"].as_array().expect("iterates").iter().map(numbers).collect();
    let largest = iterates.iter().flatten().fold(0.0_f64, |m, x| m.max(x.abs()));
    let mut x: Vec<T> = numbers(&case["x0"]).into_iter().map(T::from_f64).collect();
    let mut state = OptimiserState::new(x.len());
    let mut worst = 0.0_f64;
    assert_eq!(iterates.len() as f64, 1.0 + number(&case["steps"]));
    for (k, expected) in iterates.iter().enumerate() {
        assert_eq!(state.steps(), k as u64);
        let at: Vec<f64> = x.iter().map(|&x| to_f64(x)).collect();
        for (got, expected) in at.iter().zip(expected) {
            worst = worst.max((got - expected).abs() / largest);
        }
        let mut g: Vec<T> = gradient(case, &at).into_iter().map(T::from_f64).collect();
        assert_eq!(state.step(optimiser, &mut x, &mut g).expect("sizes"), Update::Done);
    }
    worst
}

#[test]
fn golden_trajectories() {
    let mut count = 0;
    for case in cases() {
        match case["kind"].as_str().expect("a kind") {
            "trajectory" => {}
            "rates" | "stability" | "sgd_noise_floor" => continue,
            other => panic!("the kind {other} is not known to the test"),
        }
        let Some(optimiser) = optimiser(&case) else { continue };
        let name = format!("{}, {}, {}", case["method"], case["problem"], case["params"]);
        let error = worst_error::<f64>(&case, optimiser, |x| x);
        assert!(error <= number(&case["tol"]), "{name}: {error:e}");
        // Ten steps in f32 on a curvature of up to a few hundred times the step: some hundred rounding errors of 6e-8.
        let error = worst_error::<f32>(&case, optimiser, f64::from);
        assert!(error <= 1e-5, "{name} in f32: {error:e}");
        count += 1;
    }
    println!("{count} trajectories");
    assert!(count > 0);
}

#[test]
fn an_update_that_would_overflow_is_not_made() {
    for optimiser in [Optimiser::sgd(10.0), Optimiser::Sgd { learning_rate: 10.0, momentum: 0.9 }, Optimiser::adam(0.1)]
    {
        // The ninth element is in the rest beyond the lanes.
        for (bad, place) in [(f32::NAN, 3), (f32::INFINITY, 8), (f32::NEG_INFINITY, 0)] {
            let mut parameters = [1.0_f32; 9];
            let mut gradient = [0.5; 9];
            gradient[place] = bad;
            let update = OptimiserState::new(9).step(optimiser, &mut parameters, &mut gradient).expect("sizes");
            assert_eq!((update, parameters), (Update::Diverged, [1.0; 9]), "{optimiser:?}, {bad}");
        }
    }
    let mut parameters = [f32::MAX, 0.0];
    let update = OptimiserState::new(2).step(Optimiser::sgd(1.0), &mut parameters, &mut [-f32::MAX, 1.0]);
    assert_eq!((update.expect("sizes"), parameters), (Update::Diverged, [f32::MAX, 0.0]));
}

#[test]
fn sizes_and_ranges_are_checked() {
    let mut state = OptimiserState::new(2);
    let error = state.step(Optimiser::sgd(0.1), &mut [1.0_f32; 3], &mut [0.0; 3]);
    assert!(matches!(error, Err(NetError::Size { expected: 2, got: 3, .. })), "{error:?}");
    let error = state.step(Optimiser::sgd(0.1), &mut [1.0_f32; 2], &mut [0.0; 1]);
    assert!(matches!(error, Err(NetError::Size { expected: 2, got: 1, .. })), "{error:?}");
    for bad in [-0.1, f64::NAN, f64::INFINITY] {
        assert!(Optimiser::sgd(bad).check().is_err());
        assert!(Optimiser::adam(bad).check().is_err());
        assert!(Optimiser::Sgd { learning_rate: 0.1, momentum: bad }.check().is_err());
    }
    assert!(Optimiser::Sgd { learning_rate: 0.1, momentum: 1.0 }.check().is_err());
    let beyond = Optimiser::Adam { learning_rate: 0.1, beta_1: 0.9, beta_2: 1.0, epsilon: 1e-8 };
    assert!(matches!(beyond.check(), Err(NetError::Range { name: "beta_2", .. })));
    let without = Optimiser::Adam { learning_rate: 0.1, beta_1: 0.9, beta_2: 0.9, epsilon: 0.0 };
    assert!(matches!(without.check(), Err(NetError::Range { name: "epsilon", .. })));
}
