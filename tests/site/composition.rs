//! The page of compositional functions: it opens and trains, is dragged, and shows the binary's numbers.

use tests::{Lab, depthscope};

fn open(query: &str) -> Lab {
    let lab = Lab::start();
    lab.goto(&format!("composition/{query}"));
    lab
}

/// Nets are the same bits on every target; logarithms in a slope may differ in their last digit.
const TOLERANCE: f64 = 1e-12;

fn compare(lab: &Lab, settings: &[&str]) {
    lab.goto(&format!("composition/?{}", settings.join("&")));
    let page = lab.settled();
    let set = settings.iter().flat_map(|setting| ["--set", setting]);
    let arguments: Vec<&str> = ["run", "composition", "--json"].into_iter().chain(set).collect();
    let native = depthscope(&arguments).json();
    let readouts = native["readouts"].as_object().expect("readouts are an object");
    assert!(readouts.len() >= 12, "{readouts:?}");
    for (key, expected) in readouts {
        let expected = expected.as_f64().unwrap_or_else(|| panic!("{key}: {expected}"));
        let got = lab.number(&page, key);
        assert!((got - expected).abs() <= TOLERANCE * expected.abs(), "{key}: {got}, natively {expected}");
    }
}

#[test]
fn it_opens_and_trains_all_its_nets() {
    let lab = open("?steps=300&nets=2");
    let readouts = lab.settled();
    let [tree, shuffled] = ["error_tree", "error_shuffled"].map(|key| lab.number(&readouts, key));
    assert!(tree < shuffled && shuffled < 1.1, "{readouts:?}");
    for figure in ["error-parameters", "tree", "error-steps", "slice", "needed"] {
        lab.wait_until_painted(figure);
    }
    assert_eq!(lab.errors(), Vec::<String>::new());
}

#[test]
fn readouts_are_those_of_the_binary() {
    let lab = Lab::start();
    compare(&lab, &["steps=200", "nets=2"]);
    compare(&lab, &["steps=150", "nets=3", "dimension=4", "constituent=kink", "activation=relu", "seed=7"]);
    compare(&lab, &["steps=100", "nets=1", "constituent=product", "parameters=77", "rate=0.05", "examples=100"]);
}

#[test]
fn dragging_the_ring_changes_the_nets_that_are_shown() {
    let lab = open("?steps=100&nets=1&examples=500");
    let before = lab.settled();
    let ring = || lab.box_of("[data-figure='error-parameters'] [role=slider]");
    let [left, top, width, height] = ring();
    let (x, y) = (left + width / 2.0, top + height / 2.0);
    lab.driver.drag(&[(x, y), (x - 20.0, y), (x - 60.0, y)]);
    lab.wait_for_query("parameters=");
    let after = lab.settled();
    let of = |readouts, key| lab.number(readouts, key);
    assert!(of(&after, "parameters_tree") < of(&before, "parameters_tree"), "{before:?} {after:?}");
    assert_ne!(after["error_tree"], before["error_tree"]);
    assert!((ring()[0] - (left - 60.0)).abs() < 10.0, "the ring went from {left} to {}", ring()[0]);
}

#[test]
fn shuffling_redraws_the_tree_and_trains_nothing() {
    let lab = open("?steps=100&nets=1&examples=500");
    let before = lab.settled();
    let pixels = lab.pixels("tree");
    lab.choose("wiring", "shuffled");
    lab.wait_for_query("wiring=shuffled");
    assert_eq!(lab.settled(), before);
    assert_ne!(lab.pixels("tree"), pixels, "the picture stood still");
}

/// Fewer steps, asked for while a training of a minute goes on.
#[test]
fn a_newer_request_ends_the_training() {
    let lab = open("?nets=6&steps=10000");
    lab.wait_until_painted("error-parameters");
    lab.drag_slider("steps", 0.05);
    let readouts = lab.settled();
    assert!(lab.number(&readouts, "error_tree") > 0.0, "{readouts:?}");
}
