//! What goes wrong is said, and the page carries on.

use tests::{Lab, MOUNT, Options};
use xtask::server::Site;

#[test]
fn a_worker_that_panics_is_named_and_started_again() {
    let mut lab = Lab::start();
    lab.expect_error("panicked");
    lab.expect_error("unreachable");
    lab.goto("order-chaos/?debug=panic&nets=2");
    lab.driver.wait_for("a sentence about the failure", || lab.is_visible("[data-fault]").then_some(()));
    assert!(lab.text().contains("started again"), "{}", lab.text());
    lab.wait_until_ready();
    let before = lab.settled();
    lab.screenshot("panic");
    lab.drag_slider("sigma_w", 0.7);
    assert_ne!(lab.settled(), before, "after the failure the page no longer computes");
}

#[test]
fn a_pack_that_is_not_there_is_named_and_generated_images_serve() {
    let site = Site {
        pages: [(format!("{MOUNT}packs/index.json"), "[]".to_owned())].into(),
        missing: vec![format!("{MOUNT}packs/mnist-test.dsp")],
        ..Site::default()
    };
    let lab = Lab::start_with(Options::default(), site);
    lab.goto("order-chaos/?inputs=two_digits&nets=2&depth=10");
    lab.settled();
    lab.driver.wait_for("a sentence about generated images", || lab.text().contains("generated").then_some(()));
    lab.wait_until_painted("images");
    lab.screenshot("generated-digits");
}

#[test]
#[ignore = "needs the packs that `cargo xtask data` makes"]
fn real_digits_are_the_inputs_where_there_is_a_pack() {
    let lab = Lab::open("?inputs=two_digits&nets=2&depth=10");
    lab.settled();
    assert!(!lab.text().contains("generated"), "real digits are there, and generated ones are used");
    lab.wait_until_painted("images");
    lab.screenshot("real-digits");
    lab.goto("order-chaos/?inputs=digits&nets=2&depth=10");
    lab.settled();
    lab.screenshot("real-digits-by-class");
}

#[test]
fn a_pack_that_is_cut_off_is_named() {
    let site = Site {
        pages: [
            (
                format!("{MOUNT}packs/index.json"),
                "[{\"name\":\"mnist-test\",\"file\":\"mnist-test.dsp\",\"bytes\":4,\"images\":1}]".to_owned(),
            ),
            (format!("{MOUNT}packs/mnist-test.dsp"), "DSP1".to_owned()),
        ]
        .into(),
        ..Site::default()
    };
    let lab = Lab::start_with(Options::default(), site);
    lab.goto("order-chaos/?inputs=two_digits&nets=2&depth=10");
    lab.settled();
    lab.driver.wait_for("a sentence about the pack", || lab.text().contains("cut off").then_some(()));
}

#[test]
fn without_webgpu_the_cpu_computes_and_the_page_says_so() {
    let lab = Lab::open("?backend=gpu&nets=2");
    lab.settled();
    assert!(lab.text().contains("CPU"), "the page does not name what computes");
    let backends = lab.eval("[...document.querySelectorAll('[data-figure]')].map(e => e.dataset.backend)");
    assert!(backends.as_array().is_some_and(|all| all.iter().all(|backend| backend == "cpu")), "{backends}");
}

#[test]
fn a_software_adapter_is_not_taken_for_a_gpu() {
    let lab = Lab::start_with(Options { software_webgpu: true }, Site::default());
    lab.goto("order-chaos/?nets=2");
    lab.settled();
    assert!(lab.text().contains("CPU"), "auto took a software adapter");
}

#[test]
fn an_address_without_an_exhibit_is_told_from_a_broken_page() {
    let mut lab = Lab::start();
    lab.expect_error("404");
    lab.driver.goto(&lab.url("no-such-exhibit/"));
    lab.driver.goto(&lab.url("?exhibit=no-such-exhibit"));
    lab.driver.wait_for("the list of exhibits", || lab.is_visible("a[href*='order-chaos']").then_some(()));
}
