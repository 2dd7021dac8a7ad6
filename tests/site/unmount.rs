//! Exhibits come and go while work is under way: nothing arrives at a panel that is gone.

use std::time::Duration;

use tests::Lab;

/// The exhibit on the home page.
const CARD: &str = "a[href*='order-chaos']";

#[test]
fn leaving_and_coming_back_in_the_middle_of_a_run_does_no_harm() {
    let lab = Lab::open("?nets=50&width=1000&depth=100");
    for _ in 0..3 {
        // In the middle of the simulation.
        lab.drag_slider("sigma_w", 0.6);
        lab.click("a[href='./'], header a");
        lab.driver.wait_for("the home page", || lab.is_visible(CARD).then_some(()));
        lab.click(CARD);
        lab.driver.wait_for("the exhibit", || (lab.count("[data-control]") > 0).then_some(()));
        lab.wait_until_ready();
    }
    lab.drag_slider("sigma_w", 0.3);
    lab.wait_for_readout("chi_1", "is there", |value| !value.is_empty());
}

#[test]
fn the_browsers_back_button_leads_back() {
    let lab = Lab::start();
    lab.driver.goto(&lab.url(""));
    lab.driver.wait_for("the home page", || lab.is_visible(CARD).then_some(()));
    lab.click(CARD);
    lab.driver.wait_for("the exhibit", || (lab.count("[data-control]") > 0).then_some(()));
    lab.driver.run("history.back()", &[]);
    lab.driver.wait_for("the home page", || lab.is_visible(CARD).then_some(()));
    assert_eq!(lab.count("[data-control]"), 0, "controls are left over");
}

/// The worker has sent the map before and keeps that in mind; the panel that comes back has nothing.
#[test]
fn a_figure_that_was_left_out_has_its_picture_when_it_is_back() {
    let lab = Lab::open("?nets=2");
    lab.settled();
    let go = |query: &str| {
        let script = format!("history.pushState(null, '', '{query}'); dispatchEvent(new PopStateEvent('popstate'))");
        lab.driver.run(&script, &[]);
    };
    let phase = "[data-figure='phase']";
    go("?nets=2&figure=correlation-depth");
    lab.driver.wait_for("the map to go", || (lab.count(phase) == 0).then_some(()));
    go("?nets=2");
    lab.driver.wait_for("the map to come back", || (lab.count(phase) == 1).then_some(()));
    lab.wait_until_painted("phase");
}

#[test]
fn a_tab_in_the_background_takes_up_its_work_again() {
    let lab = Lab::open("?nets=2");
    let before = lab.settled();
    lab.driver.leave_tab_for(Duration::from_secs(2));
    lab.drag_slider("sigma_w", 0.7);
    assert_ne!(lab.settled(), before);
}
