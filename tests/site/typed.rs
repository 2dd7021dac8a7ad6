//! What people type, paste and send: read in one way, or refused in a sentence.

use serde_json::{Value, json};
use tests::{Host, Lab, MOUNT, Options, built};
use xtask::server::Site;

/// What stands below a control: what was read, and complaints.
fn said_below(lab: &Lab, control: &str, what: &str) -> String {
    let texts = format!(
        "['read', 'complaint'].map(part => document.getElementById('control-{control}-' + part)?.textContent ?? '').join('')"
    );
    lab.driver.wait_for(&format!("“{what}” below {control}"), || {
        lab.eval(&texts).as_str().filter(|text| text.contains(what)).map(str::to_owned)
    })
}

/// The value that a slider says, in four digits.
fn shown(lab: &Lab, control: &str) -> f64 {
    let said = lab.eval(&format!("document.getElementById('control-{control}-track').getAttribute('aria-valuetext')"));
    said.as_str().and_then(|said| said.parse().ok()).unwrap_or_else(|| panic!("{control} says {said}"))
}

#[test]
fn a_number_of_any_country_is_read_and_told() {
    let lab = Lab::open("?nets=2");
    lab.settled();
    for (typed, read) in [("0,4", "0.4"), ("sqrt(2)/2", "0.7071067811865476"), ("2×10⁻¹", "0.2"), ("１/２", "0.5")]
    {
        lab.type_number("sigma_b", typed);
        assert_eq!(said_below(&lab, "sigma_b", read), format!("Read as {read}."));
        lab.wait_for_query(&format!("sigma_b={read}"));
    }
    let before = lab.settled();
    lab.type_number("sigma_b", "1,234");
    said_below(&lab, "sigma_b", "can be read as 1.234 and as 1234");
    assert_eq!(lab.settled(), before);
}

#[test]
fn thousands_never_become_something_else() {
    let lab = Lab::start();
    lab.goto("regions/?width=4&layers=1");
    lab.settled();
    lab.type_number("steps", "2.000");
    said_below(&lab, "steps", "can be read as 2 and as 2000");
    assert!(!lab.query().contains("steps="), "{}", lab.query());
}

#[test]
fn any_text_outlives_a_reload() {
    let lab = Lab::start();
    for text in ["x^2+1", "x#1", "%", "x^2 & x", "a=b?c", "½x²"] {
        lab.goto("sawtooth/?target=polynomial");
        lab.type_number("polynomial", text);
        lab.wait_for_query("polynomial=");
        let address = lab.eval("location.pathname + location.search + location.hash");
        lab.goto(address.as_str().and_then(|path| path.strip_prefix(MOUNT)).expect("a path below the mount"));
        assert_eq!(lab.field("polynomial"), text);
    }
}

#[test]
fn what_trackers_have_written_stays_without_a_word() {
    let lab = Lab::open("?sigma_w=2&fbclid=x1&utm_source=y&nets=2");
    lab.settled();
    assert!(!lab.is_visible("[data-notes]"));
    lab.drag_slider("sigma_b", 0.5);
    let query = lab.wait_for_query("sigma_b=");
    assert!(query.contains("fbclid=x1") && query.contains("utm_source=y"), "{query}");
}

#[test]
fn an_unknown_key_is_named_once_and_on_a_slide_not_at_all() {
    let lab = Lab::open("?token=abc&nets=2");
    lab.driver.wait_for("a note", || lab.is_visible("[data-notes]").then_some(()));
    assert_eq!(lab.count("[data-notes] li"), 1);
    assert!(lab.text().contains("There is no control “token” here."), "{}", lab.text());
    lab.goto("order-chaos/?token=abc&embed=1&nets=2");
    lab.settled();
    assert!(!lab.is_visible("[data-notes]"));
}

#[test]
fn values_behind_a_number_sign_are_values() {
    let lab = Lab::open("#sigma_w=2.5");
    assert!(lab.number(&lab.settled(), "chi_1") > 1.5);
}

#[test]
fn a_click_adds_to_points_that_were_typed_with_commas() {
    let lab = Lab::start();
    lab.goto("regions/?data=drawn&points=&width=4&layers=1");
    lab.type_number("points", "0,5;0,5 1;1");
    lab.wait_for_query("points=");
    lab.settled();
    lab.wait_until_painted("output");
    let [left, top, width, height] = lab.box_of("[data-figure='output'] .plot");
    let (x, y) = (left + 0.35 * width, top + 0.6 * height);
    lab.driver.drag(&[(x, y), (x, y)]);
    let field = lab
        .driver
        .wait_for("three points", || Some(lab.field("points")).filter(|field| field.matches(',').count() == 3));
    assert!(field.starts_with("0.5,0.5_1,1_"), "{field}");
}

#[test]
fn a_message_is_read_as_a_field_is() {
    let host = Host::open("?embed=1&nets=2");
    host.wait_for("state", |_| true);
    host.send("set", &json!({ "controls": { "sigma_w": "1,234" } }));
    host.wait_for("error", |error| error["message"].as_str().is_some_and(|text| text.contains("can be read as 1.234")));
    host.send("set", &json!({ "controls": { "sigma_w": "2,5" } }));
    let state = host.wait_for("state", |state| state["controls"]["sigma_w"] == json!(2.5));
    assert_ne!(state["controls"], Value::Null);
}

#[test]
fn an_address_is_read_as_a_field_is() {
    let lab = Lab::open("?sigma_w=sqrt(2)&sigma_b=0,3&activation=Leaky-ReLU&nets=2");
    lab.settled();
    assert_eq!((shown(&lab, "sigma_w"), shown(&lab, "sigma_b")), (1.414, 0.3));
    assert_eq!(lab.eval("document.querySelector('[data-control=activation]').value"), "leaky_relu");
    assert!(!lab.is_visible("[data-notes]"));
}

#[test]
fn a_message_behind_one_that_is_read_waits_for_it() {
    let host = Host::open("?embed=1&nets=2");
    host.wait_for("state", |_| true);
    host.send("set", &json!({ "id": 1, "controls": { "sigma_w": "1/2" } }));
    host.send("get", &json!({ "id": 2 }));
    let state = host.wait_for("state", |state| state["id"] == json!(2));
    assert_eq!(state["controls"]["sigma_w"], json!(0.5));
}

#[test]
fn without_the_reader_plain_numbers_are_read_and_the_rest_is_refused_with_the_cause() {
    for end in [".js", ".wasm"] {
        let missing = vec![format!("{MOUNT}{}", built("reader-", end))];
        let mut lab = Lab::start_with(Options::default(), Site { missing, ..Site::default() });
        lab.expect_error("");
        lab.driver.goto(&lab.url("order-chaos/?sigma_w=1/2&sigma_b=0.25&nets=2"));
        lab.wait_until_ready();
        lab.settled();
        assert_eq!((shown(&lab, "sigma_w"), shown(&lab, "sigma_b")), (1.5, 0.25));
        assert!(lab.text().contains("could not be loaded"), "{}", lab.text());
        lab.type_number("sigma_b", "1/4");
        said_below(&lab, "sigma_b", "the part of this page that reads more than plain numbers could not be loaded");
        lab.type_number("sigma_b", "0.5");
        lab.wait_for_query("sigma_b=0.5");
    }
}
