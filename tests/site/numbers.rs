//! The page shows the binary's numbers.

use serde_json::Value;
use tests::{Lab, depthscope};

/// Theory is computed in f64 with portable functions: what is left is the last digits of a decimal.
const THEORY: f64 = 1e-6;
/// Simulated nets have the same bits everywhere.
const SIMULATION: f64 = 0.0;

fn compare(lab: &Lab, settings: &[&str]) {
    let query = settings.join("&");
    lab.goto(&format!("order-chaos/?{query}"));
    let page = lab.settled();
    let set = settings.iter().flat_map(|setting| ["--set", setting]);
    let arguments: Vec<&str> = ["run", "order-chaos", "--json"].into_iter().chain(set).collect();
    let native = depthscope(&arguments).json();
    let readouts = native["readouts"].as_object().expect("readouts are an object");
    assert_eq!(page.keys().collect::<Vec<_>>(), readouts.keys().collect::<Vec<_>>(), "other readouts at {query}");
    for (key, expected) in readouts {
        let got = page[key].as_str();
        let tolerance = if key.starts_with("gap") { SIMULATION } else { THEORY };
        match expected {
            Value::Number(_) => {
                let (expected, got) = (expected.as_f64().expect("a number"), lab.number(&page, key));
                let difference = (got - expected).abs();
                assert!(
                    difference <= tolerance * expected.abs(),
                    "{key} at {query}: {got} on the page, {expected} natively"
                );
            }
            Value::String(text) => assert_eq!(got, text, "{key} at {query}"),
            _ => assert!(["", "null"].contains(&got), "{key} at {query}: {got} on the page, undefined natively"),
        }
    }
}

#[test]
fn readouts_are_those_of_the_binary_for_tanh_from_order_to_chaos() {
    let lab = Lab::start();
    for sigma_w in ["sigma_w=0.9", "sigma_w=1.5", "sigma_w=4"] {
        compare(&lab, &[sigma_w, "sigma_b=0.3", "nets=3", "width=200", "depth=20"]);
    }
}

#[test]
fn readouts_are_those_of_the_binary_for_every_activation() {
    let lab = Lab::start();
    let described = depthscope(&["describe", "order-chaos", "--json"]).json();
    let controls = described["controls"].as_array().unwrap();
    let activation = controls.iter().find(|control| control["key"] == "activation").unwrap();
    let names: Vec<&str> =
        activation["options"].as_array().unwrap().iter().map(|name| name.as_str().unwrap()).collect();
    assert!(names.len() >= 10, "issue 2 names ten activations, here are {names:?}");
    for name in names {
        compare(&lab, &[&format!("activation={name}"), "sigma_w=1.2", "nets=2", "width=100", "depth=10"]);
    }
}

#[test]
fn readouts_are_those_of_the_binary_at_the_critical_line_and_beyond_it() {
    let lab = Lab::start();
    compare(&lab, &["sigma_w=1.3955839751549", "nets=2", "width=100", "depth=10"]);
    compare(&lab, &["activation=relu", "sigma_w=2", "nets=2", "width=100", "depth=10"]);
    compare(&lab, &["activation=linear", "sigma_w=1", "sigma_b=0", "nets=2", "width=100", "depth=10"]);
}

#[test]
fn a_bad_key_or_value_ends_the_binary_with_2_and_one_line() {
    for (setting, named) in
        [("no_such=1", "no_such"), ("sigma_w=abc", "sigma_w"), ("sigma_w=1e9", "sigma_w"), ("activation=x", "relu")]
    {
        let outcome = depthscope(&["run", "order-chaos", "--set", setting]);
        assert_eq!(outcome.code, Some(2), "{setting}: {outcome:?}");
        assert_eq!(outcome.stderr.trim().lines().count(), 1, "{setting}: {}", outcome.stderr);
        assert!(outcome.stderr.contains(named), "{setting}: {}", outcome.stderr);
    }
}
