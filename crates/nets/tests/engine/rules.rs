//! The rules against every trajectory of `optimisation.json`, and what masks, decay and clipping promise.

use nets::NetError;
use nets::engine::Scalar;
use nets::engine::rules::{Clip, Fate, Mask, Optimiser, Rule, RuleState, Update, fista_momentum};
use serde_json::Value;

use crate::golden::{cases, number, numbers};

/// The optimiser of a method at a step that counts from 0.
fn optimiser(case: &Value, step: u64) -> Optimiser {
    let parameter = |key: &str| number(&case["params"][key]);
    let rule = match case["method"].as_str().expect("a method") {
        "gd" => Rule::SGD,
        // The same iterates in exact arithmetic, at a constant rate.
        "momentum" | "heavy_ball" => Rule::Sgd { momentum: parameter("momentum") },
        "nesterov" | "nesterov_pytorch" => Rule::nesterov(parameter("momentum")),
        "nesterov_fista" => Rule::Nesterov { momentum: fista_momentum(step + 1), ahead: fista_momentum(step + 2) },
        "adagrad" => Rule::AdaGrad { epsilon: parameter("eps") },
        "adagrad_norm" => Rule::AdaGradNorm { b_0: parameter("b0") },
        "rmsprop" => Rule::RmsProp { alpha: parameter("alpha"), epsilon: parameter("eps") },
        "adam" => Rule::Adam { beta_1: parameter("beta1"), beta_2: parameter("beta2"), epsilon: parameter("eps") },
        "adamw" => Rule::AdamW { beta_1: parameter("beta1"), beta_2: parameter("beta2"), epsilon: parameter("eps") },
        other => panic!("the method {other} is not known to the test"),
    };
    let decay = case["params"]["weight_decay"].as_f64().unwrap_or(0.0);
    Optimiser { decay, ..Optimiser::new(rule, parameter("lr")) }
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
fn worst_error<T: Scalar>(case: &Value) -> f64 {
    let iterates: Vec<Vec<f64>> = case["iterates"].as_array().expect("iterates").iter().map(numbers).collect();
    let largest = iterates.iter().flatten().fold(0.0_f64, |m, x| m.max(x.abs()));
    let mut x: Vec<T> = numbers(&case["x0"]).into_iter().map(T::from_f64).collect();
    let mut state = RuleState::new(x.len());
    let mut worst = 0.0_f64;
    assert_eq!(iterates.len() as f64, 1.0 + number(&case["steps"]));
    // The textbook's iterate is one descent behind the point where PyTorch's form is: x_{k+1} = y_k − lr g(y_k).
    let is_behind = matches!(case["method"].as_str(), Some("nesterov" | "nesterov_fista"));
    for k in 0..iterates.len() {
        assert_eq!(state.steps(), k as u64);
        let at: Vec<f64> = x.iter().map(|x| x.to_f64()).collect();
        let g = gradient(case, &at);
        let optimiser = optimiser(case, k as u64);
        optimiser.check().expect("constants in range");
        let expected = if is_behind { iterates.get(k + 1) } else { iterates.get(k) };
        for (i, expected) in expected.into_iter().flatten().enumerate() {
            let got = if is_behind { at[i] - optimiser.learning_rate * g[i] } else { at[i] };
            worst = worst.max((got - expected).abs() / largest);
        }
        let mut g: Vec<T> = g.into_iter().map(T::from_f64).collect();
        assert_eq!(state.step(&optimiser, None, &mut x, &mut g).expect("sizes"), Update::Done);
    }
    worst
}

#[test]
fn golden_trajectories() {
    let mut count = 0;
    for case in cases("optimisation.json") {
        match case["kind"].as_str().expect("a kind") {
            "trajectory" => {
                let name = format!("{}, {}, {}", case["method"], case["problem"], case["params"]);
                let error = worst_error::<f64>(&case);
                assert!(error <= number(&case["tol"]), "{name}: {error:e}");
                // Ten steps in f32 on a curvature of up to a few hundred times the step: some hundred rounding errors of 6e-8.
                let error = worst_error::<f32>(&case);
                assert!(error <= 1e-5, "{name} in f32: {error:e}");
                count += 1;
            }
            "stability" => {
                let (top, momentum) = (number(&case["L"]), number(&case["momentum"]));
                for (rule, key) in [
                    (Rule::SGD, "gd_max_lr"),
                    (Rule::Sgd { momentum }, "heavy_ball_max_lr"),
                    (Rule::nesterov(momentum), "nesterov_max_lr"),
                ] {
                    let (found, expected) = (rule.largest_stable_rate(top).expect("a rate"), number(&case[key]));
                    assert!((found / expected - 1.0).abs() <= number(&case["tol"]), "{key}: {found}, not {expected}");
                }
            }
            // Laws of whole trajectories, without an update rule of their own.
            "rates" | "sgd_noise_floor" => {}
            other => panic!("the kind {other} is not known to the test"),
        }
    }
    assert_eq!(count, 30);
}

/// `t_k` by its definition, far out too: the short way round is off by what the logarithm grows by.
#[test]
fn momentum_of_fista() {
    assert_eq!(fista_momentum(1), 0.0);
    let mut t = 1.0_f64;
    for k in 1..20_000_u64 {
        let next = 0.5 * (1.0 + (1.0 + 4.0 * t * t).sqrt());
        if k < 100 || k % 997 == 0 {
            let (got, exact) = (fista_momentum(k), (t - 1.0) / next);
            assert!((got - exact).abs() <= 1e-8, "{k}: {got} {exact}");
        }
        t = next;
    }
    assert!((fista_momentum(u64::MAX) - 1.0).abs() < 1e-15);
}

const RULES: [Rule; 8] = [
    Rule::SGD,
    Rule::Sgd { momentum: 0.9 },
    Rule::nesterov(0.9),
    Rule::AdaGrad { epsilon: 1e-10 },
    Rule::AdaGradNorm { b_0: 0.1 },
    Rule::RmsProp { alpha: 0.99, epsilon: 1e-8 },
    Rule::ADAM,
    Rule::ADAM_W,
];

#[test]
fn frozen_parameters_stay_and_pruned_ones_are_zero() {
    for rule in RULES {
        let optimiser = Optimiser { decay: 0.1, ..Optimiser::new(rule, 0.1) };
        let mask = Mask::new(vec![Fate::Free, Fate::Frozen, Fate::Pruned]);
        assert_eq!(mask.n_free(), 1);
        let (mut p, mut alone) = ([1.0_f64, 2.0, 3.0], [1.0]);
        let (mut state, mut state_alone) = (RuleState::new(3), RuleState::new(1));
        for k in 0..5 {
            let g = 0.3 * f64::from(k) - 0.7;
            assert_eq!(
                state.step(&optimiser, Some(&mask), &mut p, &mut [g, 9.0, f64::NAN]).expect("sizes"),
                Update::Done
            );
            assert_eq!(state_alone.step(&optimiser, None, &mut alone, &mut [g]).expect("sizes"), Update::Done);
        }
        // Those that move do as if they were alone, which AdaGrad-Norm's one length would tell.
        assert_eq!(p[0], alone[0], "{rule:?}");
        assert_eq!(p[1..], [2.0, 0.0], "{rule:?}");
    }
    assert_eq!(Mask::frozen(4, 1..3).fates(), [Fate::Free, Fate::Frozen, Fate::Frozen, Fate::Free]);
}

/// By hand: a gradient (3, 4) of length 5.
#[test]
fn clipping_and_decay() {
    let step = |clip: Clip, decay: f64| {
        let mut p = [1.0_f64, -1.0];
        let optimiser = Optimiser { clip, decay, ..Optimiser::new(Rule::SGD, 1.0) };
        let update = RuleState::new(2).step(&optimiser, None, &mut p, &mut [3.0, 4.0]).expect("sizes");
        assert_eq!(update, Update::Done);
        p
    };
    assert_eq!(step(Clip::No, 0.0), [-2.0, -5.0]);
    assert_eq!(step(Clip::Norm(10.0), 0.0), [-2.0, -5.0]);
    assert_eq!(step(Clip::Norm(2.5), 0.0), [-0.5, -3.0]);
    assert_eq!(step(Clip::Value(3.5), 0.0), [-2.0, -4.5]);
    assert_eq!(step(Clip::No, 0.5), [-2.5, -4.5]);
}

#[test]
fn an_update_that_would_overflow_is_not_made() {
    for rule in RULES {
        // The ninth element is in the rest beyond the lanes.
        for (bad, place) in [(f32::NAN, 3), (f32::INFINITY, 8), (f32::NEG_INFINITY, 0)] {
            let (mut parameters, mut gradient) = ([1.0_f32; 9], [0.5; 9]);
            gradient[place] = bad;
            let optimiser = Optimiser::new(rule, 10.0);
            let update = RuleState::new(9).step(&optimiser, None, &mut parameters, &mut gradient).expect("sizes");
            assert_eq!((update, parameters), (Update::Diverged, [1.0; 9]), "{rule:?}, {bad}");
        }
    }
    let mut parameters = [f32::MAX, 0.0];
    let optimiser = Optimiser::new(Rule::SGD, 1.0);
    let update = RuleState::new(2).step(&optimiser, None, &mut parameters, &mut [-f32::MAX, 1.0]);
    assert_eq!((update.expect("sizes"), parameters), (Update::Diverged, [f32::MAX, 0.0]));
}

/// From moments that were kept a rule goes on with the same bits.
#[test]
fn states_are_kept() {
    for rule in RULES {
        let optimiser = Optimiser::new(rule, 0.1);
        let (mut p, mut state) = ([1.0_f32, -2.0], RuleState::new(2));
        let (mut kept, mut other) = (p, state.clone());
        for k in 0..6 {
            if k == 3 {
                other = RuleState::from_moments(2, state.moments(), state.squares(), state.steps()).expect("sizes");
                kept = p;
            }
            let g = [0.3 * k as f32, 1.0];
            assert_eq!(state.step(&optimiser, None, &mut p, &mut g.clone()).expect("sizes"), Update::Done);
            assert_eq!(other.step(&optimiser, None, &mut kept, &mut g.clone()).expect("sizes"), Update::Done);
        }
        assert_eq!(p, kept, "{rule:?}");
        assert_eq!(state, other, "{rule:?}");
    }
}

#[test]
fn sizes_and_ranges_are_checked() {
    let optimiser = Optimiser::new(Rule::SGD, 0.1);
    let mut state = RuleState::new(2);
    let error = state.step(&optimiser, None, &mut [1.0_f32; 3], &mut [0.0; 3]);
    assert!(matches!(error, Err(NetError::Size { expected: 2, got: 3, .. })), "{error:?}");
    let error = state.step(&optimiser, None, &mut [1.0_f32; 2], &mut [0.0; 1]);
    assert!(matches!(error, Err(NetError::Size { expected: 2, got: 1, .. })), "{error:?}");
    let mask = Mask::new(vec![Fate::Free]);
    let error = state.step(&optimiser, Some(&mask), &mut [1.0_f32; 2], &mut [0.0; 2]);
    assert!(matches!(error, Err(NetError::Size { expected: 1, got: 2, .. })), "{error:?}");
    for bad in [-0.1, f64::NAN, f64::INFINITY] {
        assert!(Optimiser::new(Rule::SGD, bad).check().is_err());
        assert!(Optimiser { decay: bad, ..optimiser }.check().is_err());
        assert!(Optimiser { clip: Clip::Norm(bad), ..optimiser }.check().is_err());
        assert!(Rule::Sgd { momentum: bad }.check().is_err());
        assert!(Rule::nesterov(bad).check().is_err());
        assert!(Rule::AdaGrad { epsilon: bad }.check().is_err());
        assert!(Rule::AdaGradNorm { b_0: bad }.check().is_err());
        assert!(Rule::RmsProp { alpha: bad, epsilon: 1e-8 }.check().is_err());
        assert!(Rule::Adam { beta_1: 0.9, beta_2: bad, epsilon: 1e-8 }.check().is_err());
        assert!(Rule::AdamW { beta_1: 0.9, beta_2: 0.9, epsilon: bad }.check().is_err());
    }
    assert!(Rule::Sgd { momentum: 1.0 }.check().is_err());
    let beyond = Rule::Adam { beta_1: 0.9, beta_2: 1.0, epsilon: 1e-8 };
    assert!(matches!(beyond.check(), Err(NetError::Range { name: "beta_2", .. })));
    let without = Rule::Adam { beta_1: 0.9, beta_2: 0.9, epsilon: 0.0 };
    assert!(matches!(without.check(), Err(NetError::Range { name: "epsilon", .. })));
    assert!(RULES.iter().all(|rule| rule.check().is_ok()));
}

#[test]
fn a_recipe_names_rule_rate_decay_and_bounds() {
    let adam = Optimiser { decay: 0.1, clip: Clip::Norm(5.0), ..Optimiser::adam(0.01) };
    let said = "Adam (beta_1 0.9, beta_2 0.999, epsilon 1e-8) at learning rate 0.01, weight decay 0.1, gradients cut to the norm 5";
    assert_eq!(adam.to_string(), said);
    assert_eq!(Optimiser::sgd(0.5).to_string(), "gradient descent at learning rate 0.5");
    assert_eq!(Optimiser::momentum(0.5, 0.9).to_string(), "gradient descent (momentum 0.9) at learning rate 0.5");
}
