//! The page of linear regions: it opens, is dragged, and shows the binary's numbers.

use serde_json::json;
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
    for figure in ["regions", "output", "line", "count-training", "count-depth", "count-width"] {
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
    let after = lab.settled();
    let query = lab.query();
    assert!(query.contains("centre_x=0.") && query.contains("centre_y=0."), "to the upper right: {query}");
    assert_ne!(after["regions"], before["regions"]);
    assert_ne!(lab.pixels("regions"), pixels, "the picture stood still");
}

const PLAY: &str = "[data-action='play']";
const RESTART: &str = "[data-action='restart']";
const STEP: &str = "[data-action='step']";

fn steps(lab: &Lab) -> f64 {
    lab.eval("+document.querySelector(\"input[type=range][data-control='steps']\").value").as_f64().unwrap_or(-1.0)
}

fn is_playing(lab: &Lab) -> bool {
    lab.eval(&format!("document.querySelector(\"{PLAY}\").ariaPressed")) == "true"
}

fn wait_for_steps(lab: &Lab, what: &str, accept: impl Fn(f64) -> bool) {
    lab.driver.wait_for_or(|| accept(steps(lab)).then_some(()), || format!("{what}, not {} steps", steps(lab)));
}

#[test]
fn playing_trains_until_it_is_paused_and_the_net_is_the_one_of_the_address() {
    let lab = open("?width=8");
    let before = lab.settled();
    let frame = lab.frame("regions");
    lab.click(PLAY);
    assert!(is_playing(&lab));
    wait_for_steps(&lab, "more than 30", |n| n > 30.0);
    lab.driver.wait_for("that the picture follows", || (lab.frame("regions") > frame + 5).then_some(()));
    lab.click(PLAY);
    assert!(!is_playing(&lab));
    let after = lab.settled();
    let at = steps(&lab);
    assert_ne!(after, before);
    std::thread::sleep(std::time::Duration::from_millis(300));
    assert_eq!(steps(&lab), at, "paused");
    lab.goto(&format!("regions/?width=8&steps={at}"));
    assert_eq!(lab.settled(), after, "at step {at}");
    lab.click(STEP);
    wait_for_steps(&lab, "one more", |n| n == at + 1.0);
    lab.click(RESTART);
    assert_eq!(lab.settled(), before, "the same weights");
    assert_eq!(lab.query(), "width=8");
}

#[test]
fn playing_ends_with_the_track_and_begins_anew_from_there() {
    let lab = open("?width=4&layers=1&steps=1980");
    lab.settled();
    lab.focus(PLAY);
    lab.driver.press(" ");
    wait_for_steps(&lab, "the end", |n| n == 2000.0);
    lab.driver.wait_for("the end of playing", || (!is_playing(&lab)).then_some(()));
    lab.driver.press("\u{E007}");
    wait_for_steps(&lab, "the beginning again", |n| n < 1000.0);
    assert!(is_playing(&lab), "the button keeps the focus");
    lab.focus_slider("steps");
    lab.driver.press(RIGHT);
    assert!(!is_playing(&lab), "whoever takes the slider stops it");
}

#[test]
fn what_plays_waits_while_it_is_out_of_sight() {
    let lab = open("?width=4&layers=1&autoplay=1");
    wait_for_steps(&lab, "some", |n| n > 3.0);
    lab.driver.run("scrollTo({ top: document.body.scrollHeight, behavior: 'instant' })", &[]);
    // A browser may take a while to tell what is in view.
    let at = lab.driver.wait_for("that it waits", || {
        let at = steps(&lab);
        std::thread::sleep(std::time::Duration::from_millis(400));
        (steps(&lab) == at).then_some(at)
    });
    assert!(is_playing(&lab) && at < 2000.0, "it waits at {at}");
    lab.driver.run("scrollTo({ top: 0, behavior: 'instant' })", &[]);
    wait_for_steps(&lab, "more", |n| n > at);
}

#[test]
fn nothing_plays_by_itself_for_those_who_want_less_motion() {
    let lab = Lab::start();
    lab.set_media("prefers-reduced-motion", "reduce");
    lab.goto("regions/?width=4&autoplay=1");
    lab.settled();
    assert!(!is_playing(&lab) && steps(&lab) == 0.0);
    lab.click(PLAY);
    wait_for_steps(&lab, "some, when asked", |n| n > 3.0);
}

/// The value of a control in the address.
fn value(lab: &Lab, key: &str) -> Option<f64> {
    let query = lab.query();
    query.split('&').find_map(|pair| pair.strip_prefix(key)?.strip_prefix('=')?.parse().ok())
}

fn plot(lab: &Lab, figure: &str) -> (f64, f64) {
    let [left, top, width, height] = lab.box_of(&format!("[data-figure='{figure}'] .plot"));
    (left + 0.45 * width, top + 0.4 * height)
}

#[test]
fn dragging_the_map_moves_it_and_keys_buttons_and_ctrl_wheel_zoom() {
    let lab = open("");
    let before = lab.settled();
    let (x, y) = plot(&lab, "regions");
    lab.driver.drag(&[(x, y), (x - 20.0, y), (x - 60.0, y + 30.0)]);
    assert_ne!(lab.settled()["regions"], before["regions"]);
    let query = lab.query();
    assert!(query.contains("centre_x=0.") && query.contains("centre_y=0."), "to the upper right: {query}");
    assert!(!query.contains("half_width"), "{query}");
    lab.focus("[data-figure='regions'] .plot");
    lab.driver.press("+");
    lab.wait_for_query("half_width=1.2");
    lab.click("[data-figure='regions'] [data-tool='out']");
    lab.driver.wait_for("the first size", || value(&lab, "half_width").is_none().then_some(()));
    let wheel = "const plot = document.querySelector(\"[data-figure='regions'] .plot\");
        const r = plot.getBoundingClientRect();
        const e = new WheelEvent('wheel', { deltaY: -120, ctrlKey: arguments[0], bubbles: true, cancelable: true,
            clientX: r.left + r.width / 2, clientY: r.top + r.height / 2 });
        plot.dispatchEvent(e);
        return e.defaultPrevented;";
    assert_eq!(lab.driver.run(wheel, &[false.into()]), false, "the page scrolls");
    lab.settled();
    assert_eq!(value(&lab, "half_width"), None);
    assert_eq!(lab.driver.run(wheel, &[true.into()]), true);
    lab.wait_for_query("half_width=1.0");
    // The ends of the segment are still dragged by themselves.
    lab.goto("regions/");
    lab.settled();
    let [left, top, width, height] = lab.box_of("[data-figure='regions'] [role=slider]");
    let (x, y) = (left + width / 2.0, top + height / 2.0);
    lab.driver.drag(&[(x, y), (x + 10.0, y - 10.0), (x + 20.0, y - 10.0)]);
    lab.wait_for_query("a_x=");
    assert_eq!(lab.errors(), Vec::<String>::new());
}

#[test]
fn two_fingers_zoom_the_map_and_one_moves_it_or_scrolls_the_page() {
    let lab = open("?width=8&layers=2");
    lab.settled();
    lab.driver.devtools("Emulation.setTouchEmulationEnabled", &json!({ "enabled": true, "maxTouchPoints": 2 }));
    let touch = |kind: &str, points: &[(f64, f64)]| {
        let points: Vec<_> =
            points.iter().enumerate().map(|(id, (x, y))| json!({ "x": x, "y": y, "id": id })).collect();
        lab.driver.devtools("Input.dispatchTouchEvent", &json!({ "type": kind, "touchPoints": points }));
    };
    let (x, y) = plot(&lab, "regions");
    touch("touchStart", &[(x - 20.0, y), (x + 20.0, y)]);
    for reach in [30.0, 40.0] {
        touch("touchMove", &[(x - reach, y), (x + reach, y)]);
    }
    touch("touchEnd", &[]);
    lab.settled();
    // Twice as far apart: half of 1.5.
    assert!((value(&lab, "half_width").unwrap_or(1.5) - 0.75).abs() < 0.02, "{}", lab.query());
    let centre = |lab: &Lab| ["centre_x", "centre_y"].map(|key| value(lab, key).unwrap_or(0.0));
    let (before, scrolled) = (centre(&lab), lab.eval("scrollY"));
    let drag = |across: f64, up: f64| {
        let (x, y) = plot(&lab, "regions");
        touch("touchStart", &[(x, y)]);
        for share in [0.2, 0.6, 1.0] {
            touch("touchMove", &[(x - share * across, y - share * up)]);
        }
        touch("touchEnd", &[]);
        lab.settled();
    };
    drag(60.0, 0.0);
    let moved = centre(&lab);
    assert!(moved[0] > before[0] + 0.05 && lab.eval("scrollY") == scrolled, "{}", lab.query());
    assert!((value(&lab, "half_width").unwrap_or(1.5) - 0.75).abs() < 0.02, "one finger zooms nothing");
    // Upwards it scrolls the page, and the map stays.
    drag(0.0, 120.0);
    assert!(lab.eval("scrollY").as_f64() > scrolled.as_f64(), "a page on a phone has to scroll");
    assert_eq!(centre(&lab), moved, "{}", lab.query());
}

#[test]
fn points_are_drawn_cleared_and_typed() {
    let lab = open("?data=drawn&points=&width=4&steps=100");
    lab.settled();
    assert!(lab.text().contains("Click in the output"), "it says how");
    let (x, y) = plot(&lab, "output");
    lab.driver.drag(&[(x, y), (x, y)]);
    lab.wait_for_query("points=");
    let drawn = || lab.field("points");
    lab.driver.wait_for("a point", || (drawn().matches(',').count() == 1).then_some(()));
    assert!(!drawn().contains('~'), "of the first class: {}", drawn());
    lab.choose("pen", "second");
    let (x, y) = plot(&lab, "output");
    lab.driver.drag(&[(x + 40.0, y), (x + 40.0, y)]);
    lab.driver.wait_for("a point of the second class", || drawn().contains('~').then_some(()));
    let readouts = lab.settled();
    assert!((0.0..=1.0).contains(&lab.number(&readouts, "accuracy")));
    let (x, y) = plot(&lab, "output");
    lab.driver.drag(&[(x + 43.0, y - 2.0), (x + 43.0, y - 2.0)]);
    lab.driver.wait_for("that a click on a point removes it", || (!drawn().contains('~')).then_some(()));
    assert_eq!(drawn().matches(',').count(), 1, "the other one stays: {}", drawn());
    lab.click("[data-figure='output'] [data-tool='clear']");
    lab.driver.wait_for("that all are gone", || drawn().is_empty().then_some(()));
    lab.type_number("points", "0,0_1,1~1,0");
    lab.wait_for_query("points=0,0_1,1~1,0");
    lab.type_number("points", "0,zero");
    lab.driver.wait_for("a complaint", || lab.text().contains("is no point").then_some(()));
    assert_eq!(lab.errors(), Vec::<String>::new());
}

#[test]
fn the_region_under_the_pointer_is_told() {
    let lab = open("?width=6&layers=2");
    let regions = lab.number(&lab.settled(), "regions");
    let (x, y) = plot(&lab, "regions");
    let hover = "const [x, y] = arguments;
        document.elementFromPoint(x, y).dispatchEvent(new PointerEvent('pointermove',
            { clientX: x, clientY: y, bubbles: true, pointerId: 1, isPrimary: true, pointerType: 'mouse' }));";
    lab.driver.run(hover, &[x.into(), y.into()]);
    let tip = || lab.eval("document.querySelector(\"[data-figure='regions'] .tip\")?.innerText ?? ''");
    let text =
        lab.driver.wait_for("what lies there", || tip().as_str().filter(|t| t.contains("layer 2")).map(str::to_owned));
    assert!(text.contains(&format!("of {regions}")) && text.contains("f ="), "{text}");
    lab.focus("[data-figure='regions'] .plot");
    lab.driver.press(RIGHT);
    let live = || lab.eval("document.querySelector(\"[data-figure='regions'] .live\").textContent");
    lab.driver
        .wait_for("words for those who do not see it", || live().as_str().filter(|t| t.contains("layer 2")).map(drop));
}
