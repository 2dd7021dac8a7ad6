//! What can fail on the way to the first picture ends in a sentence with cause and remedy, and never in the word Loading.

use tests::{Lab, MOUNT, Options, built};
use xtask::server::Site;

/// The sentence that stands in the page, or in the frame of it.
fn said(lab: &Lab, what: &str) {
    let text = || lab.eval("document.getElementById('fault')?.textContent ?? ''");
    lab.driver.wait_for_or(
        || text().as_str().is_some_and(|text| text.contains(what)).then_some(()),
        || format!("a sentence with “{what}”; there is {}", text()),
    );
    assert!(!lab.is_visible(".loading"), "the page says Loading beside its sentence");
}

/// The page with a script before all of its own.
fn with_script(script: &str) -> Lab {
    let mut lab = Lab::start();
    lab.expect_error("");
    lab.driver.devtools("Page.addScriptToEvaluateOnNewDocument", &serde_json::json!({ "source": script }));
    lab.driver.goto(&lab.url("order-chaos/?nets=1"));
    lab
}

/// A page of another origin with the exhibit in such a frame, and the browser in it.
fn in_frame(attributes: &str) -> Lab {
    let html = format!(
        "<!doctype html><link rel=icon href='data:,'><iframe id=exhibit {attributes} width=900 height=600></iframe>"
    );
    let site = Site { pages: [("/host.html".to_owned(), html)].into(), ..Site::default() };
    let mut lab = Lab::start_with(Options::default(), site);
    lab.expect_error("");
    lab.driver.goto(&format!("{}/host.html", lab.origin()));
    lab.driver.enter_frame("#exhibit");
    lab
}

#[test]
fn a_missing_last_slash_is_mended() {
    let page = std::fs::read_to_string(tests::dist().join("order-chaos/index.html")).unwrap();
    let site = Site { pages: [(format!("{MOUNT}order-chaos"), page)].into(), ..Site::default() };
    let mut lab = Lab::start_with(Options::default(), site);
    // What the first page asks for before it goes on.
    lab.expect_error("");
    lab.driver.goto(&lab.url("order-chaos?sigma_w=2&nets=1"));
    lab.wait_until_ready();
    let path = lab.eval("location.pathname + location.search");
    assert_eq!(path, format!("{MOUNT}order-chaos/?sigma_w=2&nets=1"));
}

#[test]
fn a_script_or_module_that_does_not_come_is_named() {
    for end in [".js", ".wasm"] {
        let mut lab = Lab::start_with(
            Options::default(),
            Site { missing: vec![format!("{MOUNT}{}", built("web-", end))], ..Site::default() },
        );
        lab.expect_error("");
        lab.driver.goto(&lab.url("order-chaos/"));
        said(&lab, "A part of the page did not arrive");
    }
}

#[test]
fn a_browser_that_cannot_compute_is_told_what_it_lacks() {
    for (script, what) in [
        ("delete window.WebAssembly", "has no WebAssembly"),
        ("WebAssembly.validate = () => false", "too old to compute here"),
    ] {
        said(&with_script(script), what);
    }
}

#[test]
fn a_frame_that_cannot_load_is_told_why() {
    said(&in_frame(&format!("src='{MOUNT}order-chaos/' sandbox='allow-scripts'")), "Add allow-same-origin");
    let page = std::fs::read_to_string(tests::dist().join("order-chaos/index.html")).unwrap();
    said(&in_frame(&format!("srcdoc='{}'", page.replace('&', "&amp;").replace('\'', "&#39;"))), "srcdoc");
}

#[test]
fn without_module_workers_the_page_says_that_nothing_can_be_computed() {
    for script in [
        "window.Worker = class { constructor() { throw new TypeError('no') } }",
        "window.Worker = class extends EventTarget {
            constructor() { super(); setTimeout(() => this.dispatchEvent(new ErrorEvent('error')), 50) }
            set onerror(hear) { this.addEventListener('error', hear) }
            set onmessage(hear) {}
            terminate() {}
            postMessage() {}
        }",
    ] {
        let lab = with_script(script);
        lab.driver.wait_for("a sentence about the worker", || {
            let text = lab.text();
            (text.contains("start a worker") || text.contains("worker could not be loaded")).then_some(())
        });
        let waits = || lab.text().contains("Waiting for") || lab.text().contains("Loading");
        lab.driver.wait_for("an end of the waiting", || (!waits()).then_some(()));
    }
}

/// Asked for the page with its slash it would send it on for ever.
#[test]
fn a_host_that_takes_the_last_slash_away_is_told_once() {
    let page = std::fs::read_to_string(tests::dist().join("order-chaos/index.html")).expect("the page");
    let site = Site {
        pages: [(format!("{MOUNT}order-chaos"), page)].into(),
        sent_on: [(format!("{MOUNT}order-chaos/"), format!("{MOUNT}order-chaos"))].into(),
        ..Site::default()
    };
    let mut lab = Lab::start_with(Options::default(), site);
    // Its parts are sought beside the folder.
    lab.expect_error("");
    lab.driver.goto(&lab.url("order-chaos/"));
    said(&lab, "takes away the last slash");
}
