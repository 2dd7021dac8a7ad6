//! The page of linear regions: it opens, is dragged, and shows the binary's numbers.

use tests::{Lab, depthscope};

const LEFT: &str = "\u{E012}";
const RIGHT: &str = "\u{E014}";

fn open(query: &str) -> Lab {
    let lab = Lab::start();
    lab.goto(&format!("regions/{query}"));
    lab
}

/// Nets and theory are the same bits on every target: what is left are the last digits of a decimal.
const TOLERANCE: f64 = 1e-12;

fn compare(lab: &Lab, settings: &[&str]) {
    lab.goto(&format!("regions/?{}", settings.join("&")));
    let page = lab.settled();
    let set = settings.iter().flat_map(|setting| ["--set", setting]);
    let arguments: Vec<&str> = ["run", "regions", "--json"].into_iter().chain(set).collect();
    let native = depthscope(&arguments).json();
    let readouts = native["readouts"].as_object().expect("readouts are an object");
    assert!(readouts.len() >= 8, "{readouts:?}");
    for (key, expected) in readouts {
        match expected.as_f64() {
            Some(expected) => {
                let got = lab.number(&page, key);
                assert!((got - expected).abs() <= TOLERANCE * expected.abs(), "{key}: {got}, natively {expected}");
            }
            None => assert!(["", "null"].contains(&page[key].as_str()), "{key} at {settings:?}: {}", page[key]),
        }
    }
}

#[test]
fn it_opens_with_all_its_figures() {
    let lab = open("");
    let readouts = lab.settled();
    assert!(lab.number(&readouts, "regions") > 100.0, "{readouts:?}");
    for figure in ["regions", "output", "line", "count-training", "count-width"] {
        lab.wait_until_painted(figure);
    }
    assert_eq!(lab.errors(), Vec::<String>::new());
}

#[test]
fn dragging_the_width_adds_regions() {
    let lab = open("");
    let before = lab.settled();
    let (frame, pixels) = (lab.frame("regions"), lab.pixels("regions"));
    lab.drag_slider("width", 0.45);
    let after = lab.settled();
    assert!(lab.number(&after, "regions") > lab.number(&before, "regions"), "{before:?} {after:?}");
    assert!(lab.number(&after, "bound_serra_upper") > lab.number(&before, "bound_serra_upper"));
    assert!(lab.frame("regions") > frame && lab.pixels("regions") != pixels, "the picture stood still");
}

#[test]
fn readouts_are_those_of_the_binary() {
    let lab = Lab::start();
    compare(&lab, &["layers=1", "width=24"]);
    compare(&lab, &["layers=4", "width=12", "seed=7"]);
    compare(&lab, &["data=moons", "steps=250", "half_width=0.4", "centre_x=0.2"]);
}

#[test]
fn scrubbing_back_gives_the_net_that_was_there() {
    let lab = open("?steps=200");
    let before = lab.settled();
    lab.focus_slider("steps");
    lab.driver.press(RIGHT);
    lab.wait_for_query("steps=250");
    assert_ne!(lab.settled(), before);
    lab.driver.press(LEFT);
    lab.wait_for_query("steps=200");
    assert_eq!(lab.settled(), before);
}

#[test]
fn dragging_the_ring_moves_the_window() {
    let lab = open("");
    let before = lab.settled();
    let pixels = lab.pixels("regions");
    let [left, top, width, height] = lab.box_of("[data-figure='output'] [role=slider]");
    let (x, y) = (left + width / 2.0, top + height / 2.0);
    lab.driver.drag(&[(x, y), (x + 15.0, y - 10.0), (x + 40.0, y - 30.0)]);
    let query = lab.wait_for_query("centre_x=0.");
    assert!(query.contains("centre_y=0."), "to the upper right: {query}");
    let after = lab.settled();
    assert_ne!(after["regions"], before["regions"]);
    assert_ne!(lab.pixels("regions"), pixels, "the picture stood still");
}
