//! The page in each engine that people have: Chromium's, Firefox's, WebKit's.

use tests::{Kind, Lab, Options, Readouts};
use xtask::server::Site;

/// Loads of the page in Firefox, each of which starts helpers.
const LOADS: usize = 100;

fn open(kind: Kind, path: &str) -> Lab {
    let lab = Lab::start_with(Options { kind, ..Options::default() }, Site::default());
    lab.goto(path);
    lab
}

/// What a person sees who drags a slider and then types a number.
fn after_a_drag_and_a_number(kind: Kind) -> Readouts {
    let lab = open(kind, "order-chaos/");
    let before = lab.settled();
    let frames = lab.frame("correlation-depth");
    lab.drag_slider("sigma_w", 0.6);
    let dragged = lab.settled();
    assert!(lab.number(&dragged, "chi_1") > lab.number(&before, "chi_1"), "{kind:?}: {before:?} {dragged:?}");
    assert!(lab.frame("correlation-depth") > frames, "{kind:?} has not painted anew");
    lab.type_number("sigma_w", "2,5");
    lab.wait_for_query("sigma_w=2.5");
    let typed = lab.settled();
    lab.screenshot(&format!("order-chaos-{kind:?}"));
    typed
}

#[test]
fn chromium_firefox_and_webkit_show_the_same_numbers() {
    let [chromium, firefox, webkit] = Kind::ALL.map(after_a_drag_and_a_number);
    assert_eq!(firefox, chromium);
    assert_eq!(webkit, chromium);
}

/// Firefox 140 lost one worker in eight that started its own helpers, with three cores or more.
#[test]
fn in_firefox_with_four_cores_no_start_of_the_pool_hangs() {
    let lab = Lab::start_with(Options { kind: Kind::Firefox, ..Options::default() }, Site::default());
    lab.driver.before_all("Object.defineProperty(navigator, 'hardwareConcurrency', { value: 4 })");
    let (mut load, mut left_out) = (0, 0);
    while load < LOADS {
        lab.goto("regions/?autoplay=1");
        if lab.eval("navigator.hardwareConcurrency") != 4 {
            // Firefox has not run the script before the page's: this load tries nothing.
            left_out += 1;
            assert!(left_out < LOADS / 10, "{left_out} loads without four cores");
            continue;
        }
        load += 1;
        let answered = lab.wait_for_readout("regions", &format!("of load {load}"), |text| !text.is_empty());
        // Training goes on, which the pool counts for.
        lab.wait_for_readout("regions", &format!("after {answered}, of load {load}"), |text| text != answered);
    }
}
