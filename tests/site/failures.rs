//! What can fail on the way to the first picture ends in a sentence with cause and remedy, and never in the word Loading.

use serde_json::json;
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
    lab.driver.before_all(script);
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

/// As a filter serves it, or a line that was cut.
fn served_as(name: &str, script: String) -> Site {
    let called = [(format!("{MOUNT}{name}"), (script.into_bytes(), "text/javascript".to_owned()))].into();
    Site { called, ..Site::default() }
}

fn whole(name: &str) -> String {
    std::fs::read_to_string(tests::dist().join(name)).expect("a script")
}

#[test]
fn a_reader_that_does_not_run_is_missed_beside_the_field_alone() {
    let reader = built("reader-", ".js");
    let text = whole(&reader);
    for script in [String::new(), text[..text.len() / 2].to_owned()] {
        let mut lab = Lab::start_with(Options::default(), served_as(&reader, script));
        lab.expect_error("SyntaxError");
        lab.goto("order-chaos/?nets=1");
        let before = lab.settled();
        lab.type_number("sigma_b", "1+2");
        let complaint = "document.getElementById('control-sigma_b-complaint')?.textContent ?? ''";
        lab.driver.wait_for("a sentence below the field", || {
            lab.eval(complaint).as_str().is_some_and(|text| text.contains("could not be loaded")).then_some(())
        });
        assert!(!lab.is_visible("#fault"), "a page that works says that it does not: {}", lab.text());
        assert_eq!(lab.settled(), before);
    }
}

#[test]
fn a_worker_that_does_not_run_is_named_before_anybody_leaves() {
    let (worker, _) = tests::worker("propagation");
    let mut lab = Lab::start_with(Options::default(), served_as(&worker, String::new()));
    lab.expect_error("");
    lab.driver.goto(&lab.url("order-chaos/?nets=1"));
    lab.driver.wait_for("a sentence about the worker", || lab.text().contains("does not run").then_some(()));
    lab.driver.wait_for("an end of the waiting", || lab.text().contains("Change a control to try again").then_some(()));
}

/// Seen from a page around it, since its own load event does not come.
#[test]
fn a_style_sheet_that_does_not_come_holds_nothing_else_back() {
    let site = Site {
        stalled: vec![format!("{MOUNT}{}", built("style-", ".css"))],
        pages: [("/host.html".to_owned(), "<!doctype html><link rel=icon href='data:,'>".to_owned())].into(),
        ..Site::default()
    };
    let lab = Lab::start_with(Options::default(), site);
    lab.driver.goto(&format!("{}/host.html", lab.origin()));
    let framed = format!(
        "void Object.assign(document.body.appendChild(document.createElement('iframe')), \
         {{ src: '{MOUNT}order-chaos/?nets=1' }})"
    );
    assert_eq!(lab.eval(&framed), serde_json::Value::Null);
    let chi_1 = "frames[0].document.querySelector('[data-readout=chi_1]')?.textContent ?? ''";
    lab.driver.wait_for("numbers in a page without style", || {
        lab.eval(chi_1).as_str().is_some_and(|text| text.contains(|c: char| c.is_ascii_digit())).then_some(())
    });
}

#[test]
fn a_page_that_is_opened_from_a_disk_says_that_it_has_to_be_served() {
    let mut lab = Lab::start();
    lab.expect_error("");
    lab.driver.goto(&format!("file://{}", tests::dist().join("order-chaos/index.html").display()));
    said(&lab, "Opened from a disk");
}

#[test]
fn a_worker_of_another_build_is_fetched_once_more_and_then_named() {
    let (worker, _) = tests::worker("propagation");
    let mut lab = Lab::start_with(Options::default(), served_as(&worker, "postMessage(new Uint8Array([255]))".into()));
    lab.expect_error("");
    lab.driver.goto(&lab.url("order-chaos/?nets=1"));
    lab.driver.wait_for("a sentence", || lab.text().contains("are of different versions").then_some(()));
    assert_eq!(lab.eval("performance.getEntriesByType('navigation')[0].type"), "reload");
}

#[test]
fn a_browser_that_keeps_nothing_shows_an_exhibit_all_the_same() {
    let lab = with_script(
        "for (const name of ['sessionStorage', 'localStorage', 'caches']) \\
             Object.defineProperty(window, name, { get() { throw new DOMException('no', 'SecurityError') } });
         Object.defineProperty(navigator, 'serviceWorker', { value: undefined })",
    );
    lab.wait_until_ready();
    assert_eq!(lab.settled()["chi_1"], Lab::open("?nets=1").settled()["chi_1"]);
}

/// The module is under way for ever.
#[test]
fn a_worker_that_never_comes_is_given_up_after_a_minute() {
    let stalled = vec![format!("{MOUNT}{}", built("worker-propagation-", ".wasm"))];
    let mut lab = Lab::start_with(Options::default(), Site { stalled, ..Site::default() });
    lab.expect_error("");
    lab.driver.goto(&lab.url("order-chaos/?nets=1"));
    lab.driver.wait_for("a sentence", || lab.text().contains("has not arrived for a minute").then_some(()));
    assert!(!lab.text().contains("Waiting for"), "{}", lab.text());
}

/// Every way in which a browser says that a disk is full: no room for caches, and none in the tab's storage.
#[test]
fn on_a_full_disk_nets_learn_and_values_stay() {
    let html = format!(
        "<!doctype html><link rel=icon href='data:,'><iframe id=exhibit width=900 height=700 \
         src='{MOUNT}filters/?embed=1&amp;net=perceptron&amp;steps=40&amp;nets=2'></iframe>"
    );
    let site = Site { pages: [("/host.html".to_owned(), html)].into(), ..Site::default() };
    let lab = Lab::start_with(Options::default(), site);
    lab.driver.devtools("Storage.overrideQuotaForOrigin", &json!({ "origin": lab.origin(), "quotaSize": 1 }));
    lab.driver.before_all(
        "window.timesFull = 0; \
         Storage.prototype.setItem = () => { window.timesFull++; throw new DOMException('full', 'QuotaExceededError'); };",
    );
    lab.driver.goto(&format!("{}/host.html", lab.origin()));
    lab.driver.enter_frame("#exhibit");
    lab.wait_until_ready();
    let first = lab.settled();
    lab.type_number("steps", "80");
    let other = lab.settled();
    assert_eq!(other["step"], "80");
    assert_ne!(other["loss"], first["loss"]);
    assert!(lab.eval("window.timesFull").as_u64() > Some(0), "nothing was to be kept");
    let put =
        "caches.open('test').then(c => c.put('/x', new Response('x'.repeat(1e5)))).then(() => 'kept', e => e.name)";
    assert_eq!(lab.eval(put), "QuotaExceededError");
    lab.type_number("steps", "40");
    assert_eq!(lab.settled(), first);
    // The frame's address says what cannot be kept elsewhere.
    lab.type_number("steps", "80");
    lab.wait_for_query("steps=80");
    lab.driver.run("location.reload()", &[]);
    lab.wait_until_ready();
    assert_eq!(lab.settled(), other);
    assert_eq!(lab.errors(), Vec::<String>::new());
}
