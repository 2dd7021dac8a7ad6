//! The page comes up, and says so.

use tests::Lab;

/// The figures that a visitor sees at the defaults; `images` is there when images are fed in.
const FIGURES: [&str; 10] = [
    "phase",
    "length-map",
    "correlation-map",
    "correlation-depth",
    "correlation-matrix",
    "manifold",
    "gradient-depth",
    "jacobian-spectrum",
    "jacobian-depth",
    "trainability",
];

const READOUTS: [&str; 7] = ["q_star", "chi_1", "c_star", "xi_q", "xi_c", "phase", "gap"];

#[test]
fn the_home_page_leads_to_the_exhibit() {
    let lab = Lab::start();
    lab.driver.goto(&lab.url(""));
    lab.driver.wait_for("the list of exhibits", || lab.is_visible("a[href*='order-chaos']").then_some(()));
    let picture =
        "[...document.images].some(i => i.src.includes('previews/order-chaos') && i.complete && i.naturalWidth > 0)";
    lab.driver.wait_for("the exhibit's preview", || (lab.eval(picture) == true).then_some(()));
    lab.screenshot("home-1280");
    lab.click("a[href*='order-chaos']");
    lab.driver.wait_for("the exhibit", || (lab.count("[data-control]") > 0).then_some(()));
    lab.wait_until_ready();
}

#[test]
fn the_exhibit_has_its_controls_readouts_and_figures() {
    let lab = Lab::open("");
    lab.set_viewport(1280, 6000, 1.0);
    let readouts = lab.settled();
    for key in READOUTS {
        assert!(readouts.get(key).is_some_and(|value| !value.is_empty()), "the readout {key} is empty: {readouts:?}");
    }
    for figure in FIGURES {
        lab.wait_until_painted(figure);
        assert!(
            lab.eval(&format!("document.querySelector(\"[data-figure='{figure}']\").dataset.backend")) != "",
            "{figure}"
        );
    }
    for control in ["activation", "sigma_w", "sigma_b", "depth", "width", "nets", "n_inputs", "c_0", "inputs", "seed"] {
        assert!(lab.is_visible(&format!("[data-control='{control}']")), "the control {control} is not seen");
    }
    assert!(lab.count(".words math[display=block]") > 3, "there are no formulas");
    assert!(lab.count(".words [data-setup]") > 3, "there is nothing to try");
    assert!(lab.count(".words a[href^='https://']") > 3, "there are no papers");
    lab.screenshot("exhibit-full");
}

#[test]
fn the_exhibits_page_has_a_head_of_its_own() {
    let lab = Lab::open("");
    let title = lab.eval("document.title");
    assert!(title.as_str().is_some_and(|title| title.contains("chaos")), "the title is {title}");
    let content = |name: &str| lab.eval(&format!("document.querySelector(\"meta[{name}]\")?.content ?? ''"));
    assert_eq!(content("name='depthscope-exhibit'"), "order-chaos");
    assert_ne!(content("name='depthscope-build'"), "");
    assert_eq!(content("name='depthscope-group'"), "propagation");
    assert_ne!(content("name='description'"), "");
    assert_ne!(content("property='og:image'"), "");
}

#[test]
fn the_first_view_holds_the_main_figure_and_its_sliders() {
    let lab = Lab::open("");
    lab.settled();
    for selector in ["[data-figure='phase']", "[data-control='sigma_w']", "[data-control='sigma_b']"] {
        let bottom =
            lab.eval(&format!("document.querySelector(\"{selector}\").getBoundingClientRect().bottom + scrollY"));
        assert!(bottom.as_f64().is_some_and(|bottom| bottom <= 800.0), "{selector} ends at {bottom} px, below 800");
    }
}

#[test]
fn every_control_has_a_name_for_those_who_do_not_see_it() {
    let lab = Lab::open("");
    let script = "[...document.querySelectorAll('input, select, button, [role=slider]')].filter(e => {
        const labelled = e.labels?.length || e.getAttribute('aria-label') || e.getAttribute('aria-labelledby');
        return !labelled && (e.matches('input, select') || !e.textContent.trim()) && e.checkVisibility();
    }).map(e => e.outerHTML)";
    assert_eq!(lab.eval(script), serde_json::json!([]), "controls without a name");
    let figures = "[...document.querySelectorAll('[data-figure]')].filter(e =>
        !e.querySelector('[role=img][aria-label]') || !e.querySelector('figcaption').textContent.trim()).map(e => e.dataset.figure)";
    assert_eq!(lab.eval(figures), serde_json::json!([]), "figures without words");
}

#[test]
fn help_is_there_beside_controls_presets_and_readouts() {
    let lab = Lab::open("");
    lab.settled();
    for selector in
        ["#control-sigma_w-label", "#control-activation-label", "[data-preset='glorot']", "[data-readout='chi_1']"]
    {
        let title = lab.eval(&format!("document.querySelector(\"{selector}\").title"));
        assert!(title.as_str().is_some_and(|title| title.trim_start_matches('.').len() > 25), "{selector}: {title}");
    }
    lab.driver.run("document.querySelector('#control-sigma_w-label').click()", &[]);
    let unfolded = lab.eval("document.querySelector('#control-sigma_w-help').innerText");
    assert!(unfolded.as_str().is_some_and(|text| text.len() > 10), "{unfolded}");
}

/// The worker's files are asked for by the page's head, beside those of the page.
#[test]
fn the_page_takes_over_the_worker_that_its_head_has_started() {
    let lab = Lab::start();
    let note = "window.Worker = class extends Worker { constructor(...all) { super(...all); (window.begun ??= []).push(all[0].href) } }";
    lab.driver.before_all(note);
    lab.goto("order-chaos/?nets=1");
    lab.settled();
    let (own, _) = tests::worker("propagation");
    assert_eq!(lab.eval("begun"), serde_json::json!([lab.url(&own)]), "one worker is started, of the page's group");
    assert_eq!(lab.eval("depthscopeWorker"), serde_json::Value::Null);
}

#[test]
fn a_group_without_kernels_has_no_graphics_device() {
    let asks = |group: &str| tests::worker(group).1.contains("requestAdapter");
    assert!(!asks("depth") && asks("regions") && asks("propagation") && asks("bench"));
}
