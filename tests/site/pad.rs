//! Digits drawn by hand, and read.

use serde_json::json;
use tests::Lab;

const PAD: &str = "[data-figure=pad] .plot";

/// A page whose net has learnt, with its pad in view.
fn open(query: &str) -> Lab {
    let lab = Lab::start();
    lab.set_viewport(1280, 900, 1.0);
    lab.goto(&format!("filters/{query}"));
    lab.settled();
    let _in_view = lab.box_of(PAD);
    lab.wait_until_painted("pad");
    lab
}

/// Draws through places of the pad's square, in shares of its side.
fn draw(lab: &Lab, places: &[(f64, f64)]) {
    let [left, top, width, height] = lab.box_of(PAD);
    let points: Vec<(f64, f64)> = places.iter().map(|(x, y)| (left + width * x, top + height * y)).collect();
    lab.driver.drag(&points);
}

fn seven() -> Vec<(f64, f64)> {
    let down = (1..=12).map(|i| f64::from(i) / 12.0).map(|t| (0.7 - 0.25 * t, 0.25 + 0.5 * t));
    (0..=8).map(|i| (0.35 + 0.35 * f64::from(i) / 8.0, 0.25)).chain(down).collect()
}

fn title(lab: &Lab, figure: &str) -> String {
    lab.eval(&format!("document.querySelector('[data-figure={figure}] .now').textContent"))
        .as_str()
        .unwrap_or_default()
        .to_owned()
}

#[test]
fn a_digit_drawn_with_the_mouse_is_read_kept_in_the_link_and_wiped() {
    let lab = open("");
    let before = lab.settled();
    draw(&lab, &seven());
    lab.wait_for_readout("named", "a seven", |text| text == "7");
    assert!(title(&lab, "maps").starts_with("your drawing"), "{}", title(&lab, "maps"));
    lab.wait_for_query("drawing=");
    lab.settled();
    let query = lab.query();
    // One stroke, four digits a point.
    let drawing = query.split("drawing=").nth(1).unwrap().split('&').next().unwrap();
    assert!(drawing.len() >= 40 && drawing.len().is_multiple_of(4) && !drawing.contains('.'), "{query}");

    draw(&lab, &[(0.3, 0.55), (0.45, 0.55), (0.65, 0.55)]);
    lab.wait_for_query(".");
    // Each stroke is one step back.
    lab.click("[data-action=undo]");
    lab.wait_for_query(drawing);
    lab.driver.wait_for("one stroke", || (!lab.query().contains('.')).then_some(()));

    lab.goto(&format!("filters/?{query}"));
    let again = lab.settled();
    assert_eq!(lab.number(&again, "named"), 7.0);
    let _in_view = lab.box_of(PAD);
    lab.wait_until_painted("pad");
    lab.click("[data-figure=pad] [data-tool=clear]");
    lab.driver.wait_for("no drawing", || (!lab.query().contains("drawing")).then_some(()));
    let after = lab.settled();
    assert_eq!(lab.number(&after, "named"), lab.number(&before, "named"));
    let _in_view = lab.box_of("[data-figure=maps] .plot");
    lab.driver.wait_for("the test image", || title(&lab, "maps").starts_with("test image").then_some(()));
}

/// A finger that moves on the pad draws and does not scroll the page.
#[test]
fn a_finger_draws() {
    let lab = open("?steps=40");
    assert_eq!(lab.eval(&format!("getComputedStyle(document.querySelector('{PAD}')).touchAction")), json!("none"));
    let [left, top, width, height] = lab.box_of(PAD);
    let scrolled = lab.eval("scrollY");
    let touch = |kind: &str, at: Option<(f64, f64)>| {
        let points: Vec<_> = at.iter().map(|(x, y)| json!({ "x": left + width * x, "y": top + height * y })).collect();
        lab.driver.devtools("Input.dispatchTouchEvent", &json!({ "type": kind, "touchPoints": points }));
    };
    touch("touchStart", Some((0.5, 0.3)));
    for k in 1..=10 {
        touch("touchMove", Some((0.5, 0.3 + 0.04 * f64::from(k))));
    }
    touch("touchEnd", None);
    let query = lab.wait_for_query("drawing=");
    assert!(query.split("drawing=").nth(1).unwrap().len() >= 20, "{query}");
    assert_eq!(lab.eval("scrollY"), scrolled);
}

/// An address may hold anything.
#[test]
fn a_drawing_that_is_none_shows_the_test_image() {
    for drawing in ["x", "....", "12", "%00%ff", "9999999"] {
        let lab = open(&format!("?steps=20&drawing={drawing}"));
        let title = title(&lab, "maps");
        assert!(title.starts_with("test image") || drawing == "9999999", "{drawing}: {title}");
    }
}
