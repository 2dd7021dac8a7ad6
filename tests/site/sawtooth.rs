//! The sawtooth's page: depth makes pieces, a polynomial can be typed, and the numbers are the binary's.

use serde_json::Value;
use tests::{Lab, depthscope};

const ESCAPE: char = '\u{E00C}';

fn open(query: &str) -> Lab {
    let lab = Lab::start();
    lab.goto(&format!("sawtooth/{query}"));
    lab
}

#[test]
fn dragging_the_depth_doubles_the_pieces_with_each_layer() {
    let lab = open("");
    let before = lab.settled();
    let pixels = lab.pixels("sawtooth");
    lab.drag_slider("k", 0.62);
    let after = lab.settled();
    let read = |readouts, key| lab.number(readouts, key);
    for readouts in [&before, &after] {
        let depth = read(readouts, "depth");
        assert_eq!([read(readouts, "pieces"), read(readouts, "units")], [depth.exp2(), 2.0 * depth], "{readouts:?}");
    }
    assert!(read(&after, "depth") > read(&before, "depth"), "the drag changed nothing: {after:?}");
    assert_ne!(lab.pixels("sawtooth"), pixels);
}

/// All is computed in f64 from the same additions and products; powers and cosines may differ in their last digit.
#[test]
fn readouts_are_those_of_the_binary() {
    let lab = Lab::start();
    for settings in [
        vec!["k=7", "points=7", "m=14"],
        vec!["target=square", "k=9"],
        vec!["target=product", "y=-0.35", "k=6"],
        vec!["target=polynomial", "polynomial=8x^4-8x^2%2B1", "k=4"],
        vec!["target=sine", "k=3", "log_epsilon=-2"],
        vec!["target=polynomial", "polynomial=x^^2"],
    ] {
        lab.goto(&format!("sawtooth/?{}", settings.join("&")));
        let page = lab.settled();
        let link = format!("https://example.org/sawtooth/?{}", settings.join("&"));
        let native = depthscope(&["open", &link, "--json"]).json();
        let readouts = native["readouts"].as_object().expect("readouts are an object");
        assert_eq!(page.keys().collect::<Vec<_>>(), readouts.keys().collect::<Vec<_>>(), "{settings:?}");
        for (key, expected) in readouts {
            match expected {
                Value::Number(_) => {
                    let (expected, got) = (expected.as_f64().expect("a number"), lab.number(&page, key));
                    assert!(
                        (got - expected).abs() <= 1e-6 * expected.abs(),
                        "{key} at {settings:?}: {got}, {expected}"
                    );
                }
                _ => assert!(["", "null"].contains(&page[key].as_str()), "{key} at {settings:?}: {}", page[key]),
            }
        }
    }
}

#[test]
fn a_typed_polynomial_changes_the_picture() {
    let lab = open("?target=polynomial");
    let before = lab.settled();
    let pixels = lab.pixels("sawtooth");
    lab.type_number("polynomial", "(x - 1)(x + 1)²");
    lab.wait_for_query("polynomial=");
    let after = lab.settled();
    assert_ne!(before["sup_error_bound"], after["sup_error_bound"]);
    assert_ne!(lab.pixels("sawtooth"), pixels);
    assert_eq!(lab.field("polynomial"), "(x - 1)(x + 1)²");
}

/// A busy page hears of the focus and of the first letters at once: they are not selected, or the next would replace them.
#[test]
fn what_is_typed_at_once_is_kept() {
    let lab = open("?target=polynomial");
    lab.settled();
    let typed = "const field = document.querySelector(\"[data-field='polynomial']\");
        field.focus(); field.value = 'x'; field.dispatchEvent(new Event('input', { bubbles: true }));
        return new Promise(later => setTimeout(() => later(field.value + (field.selectionEnd - field.selectionStart)), 300))";
    assert_eq!(lab.driver.run(typed, &[]), "x0");
}

#[test]
fn a_bad_polynomial_is_answered_beside_its_field() {
    let lab = open("?target=polynomial");
    lab.settled();
    lab.type_number("polynomial", "x^2 + y");
    lab.wait_for_query("polynomial=");
    let complaint = "document.querySelector('#control-polynomial-complaint')?.textContent ?? ''";
    let said = lab.driver.wait_for("a complaint", || {
        lab.eval(complaint).as_str().filter(|text| text.contains("not known")).map(str::to_owned)
    });
    assert!(said.starts_with("Character 7"), "{said}");
    assert_eq!(lab.settled()["pieces"], "");
    lab.screenshot("sawtooth-bad-polynomial");
    lab.type_number("polynomial", "x^2");
    lab.driver.wait_for("no complaint", || (lab.eval(complaint) == "").then_some(()));
    assert!(!lab.settled()["pieces"].is_empty());
}

#[test]
fn escape_forgets_what_was_typed() {
    let lab = open("?target=polynomial");
    let before = lab.settled();
    lab.click("input[data-field='polynomial']");
    lab.driver.press(&format!("+1{ESCAPE}"));
    assert_eq!(lab.field("polynomial"), "x^3 - 2x + 0.5");
    assert_eq!(lab.settled(), before);
}

#[test]
fn nets_are_trained_when_they_are_asked_for() {
    let lab = open("?train=on&k=3&steps=300");
    lab.wait_until_painted("training");
    lab.wait_until_painted("trained");
    lab.settled();
    let device = "document.querySelector(\"[data-figure='training']\").dataset.backend";
    assert_eq!(lab.eval(device), "cpu");
}

#[test]
fn a_bad_polynomial_ends_the_binary_with_2_and_one_line() {
    let outcome = depthscope(&["run", "sawtooth", "--set", "polynomial=2x +"]);
    assert_eq!(outcome.code, Some(2), "{outcome:?}");
    assert_eq!(outcome.stderr.trim().lines().count(), 1, "{}", outcome.stderr);
    assert!(outcome.stderr.contains("polynomial") && outcome.stderr.contains("character 5"), "{}", outcome.stderr);
}
