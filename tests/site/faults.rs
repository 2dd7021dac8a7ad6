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
fn a_worker_that_hangs_is_noticed_and_another_goes_on_from_the_same_state() {
    let lab = Lab::start();
    lab.goto("order-chaos/?debug=hang&nets=2&sigma_w=2.5");
    let said = "no sign of life";
    lab.driver.wait_for(said, || lab.text().contains(said).then_some(()));
    assert!(lab.text().contains("started again"), "{}", lab.text());
    lab.wait_until_ready();
    let gap = || lab.wait_for_readout("gap", "of the nets", |text| !text.is_empty());
    let after = gap();
    lab.goto("order-chaos/?nets=2&sigma_w=2.5");
    assert_eq!(after, gap(), "another state than the one before");
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
fn a_list_of_packs_that_is_none_is_named() {
    let site = Site {
        pages: [(format!("{MOUNT}packs/index.json"), "<p>\"mnist-test\"".to_owned())].into(),
        ..Site::default()
    };
    let lab = Lab::start_with(Options::default(), site);
    lab.goto("order-chaos/?inputs=two_digits&nets=2&depth=10");
    lab.settled();
    lab.driver.wait_for("a sentence about the list", || lab.text().contains("could not be read").then_some(()));
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
    assert!(lab.text().contains("The CPU computes instead."), "no sentence says why: {}", lab.text());
    let before = lab.settled();
    lab.drag_slider("sigma_w", 0.7);
    assert_ne!(lab.settled(), before, "without a GPU the page no longer computes");
}

/// The page with a worker in which WebGPU is this.
fn with_gpu(gpu: &str) -> Lab {
    let (name, glue) = tests::worker("propagation");
    let define = format!("Object.defineProperty(navigator, 'gpu', {{ value: {gpu} }});");
    let site = Site { pages: [(format!("{MOUNT}{name}"), format!("{define}\n{glue}"))].into(), ..Site::default() };
    let lab = Lab::start_with(Options::default(), site);
    lab.goto("order-chaos/?backend=gpu&nets=2");
    lab
}

#[test]
fn a_webgpu_that_throws_is_named_and_the_cpu_computes() {
    let lab = with_gpu("{ requestAdapter() { throw new Error('broken') } }");
    lab.settled();
    assert!(lab.text().contains("fails when it is asked for a GPU. The CPU computes instead."), "{}", lab.text());
    assert!(!lab.is_visible("[data-fault]"), "the worker died of it");
}

#[test]
fn a_webgpu_that_never_answers_is_named_and_the_cpu_computes() {
    let lab = with_gpu("{ requestAdapter: () => new Promise(() => {}) }");
    let said = "does not answer when it is asked for a GPU.";
    lab.driver.wait_for(said, || lab.text().contains(said).then_some(()));
    lab.settled();
}

#[test]
fn a_forced_adapter_computes_the_numbers_of_the_cpu_and_its_name_is_shown() {
    let lab = Lab::start_with(Options { software_webgpu: true, ..Options::default() }, Site::default());
    let address = "nets=3&width=120&depth=8&sigma_w=1.2";
    lab.goto(&format!("order-chaos/?{address}&backend=gpu"));
    let on_gpu = lab.settled();
    let backend = || lab.eval("document.querySelector('[data-figure=\"correlation-depth\"]').dataset.backend");
    assert_eq!(backend(), "gpu", "{}", lab.text());
    let device = lab.eval("document.querySelector('[data-figure=\"correlation-depth\"] .device').textContent");
    assert!(device.as_str().is_some_and(|name| name.starts_with("GPU: ") && name.len() > 5), "{device}");
    lab.screenshot("software-adapter");
    lab.goto(&format!("order-chaos/?{address}&backend=cpu"));
    let on_cpu = lab.settled();
    assert_eq!(backend(), "cpu");
    let (on_gpu, on_cpu) = (lab.number(&on_gpu, "gap"), lab.number(&on_cpu, "gap"));
    // The ordered phase, where differences of rounding die out; see gpu_and_cpu_run_the_same_nets.
    assert!((on_cpu - on_gpu).abs() < 1e-4, "{on_gpu} on the device, {on_cpu} on the CPU");
}

#[test]
fn the_death_of_a_worker_of_the_pool_changes_no_number() {
    let mut lab = Lab::start();
    lab.expect_error("panicked");
    lab.expect_error("unreachable");
    let deaths = || lab.driver.console().iter().filter(|(_, text)| text.contains("a worker of the pool")).count();
    let readouts_at = |share: f64| {
        lab.drag_slider("sigma_w", share);
        lab.settled()
    };
    let address = "order-chaos/?nets=8&width=200&depth=20";
    lab.goto(address);
    lab.settled();
    readouts_at(0.8);
    let expected = readouts_at(0.6);
    assert_eq!(deaths(), 0);
    lab.goto(&format!("{address}&debug=panic-in-pool"));
    lab.settled();
    // The first run starts the pool; how soon a part comes to it depends on how busy the machine is.
    let died = lab.driver.wait_for("a death", || {
        readouts_at(0.8);
        let readouts = readouts_at(0.6);
        assert_eq!(readouts, expected);
        Some(deaths()).filter(|deaths| *deaths > 0)
    });
    assert_eq!(died, 1);
    assert_eq!((readouts_at(0.8), readouts_at(0.6)).1, expected);
    assert_eq!(deaths(), 0, "the new worker died, too");
    assert!(!lab.is_visible("[data-fault]"), "the page complains of what was mended");
}

#[test]
fn a_software_adapter_is_not_taken_for_a_gpu() {
    let lab = Lab::start_with(Options { software_webgpu: true, ..Options::default() }, Site::default());
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
