//! The map of trainable depth of order-chaos.

use tests::Lab;

#[test]
fn training_begins_when_asked_and_goes_on_from_there() {
    let lab = Lab::open("?nets=1&width=40&depth=10");
    let figure = "[data-figure='trainability']";
    let _scrolled = lab.eval(&format!("document.querySelector(\"{figure}\").scrollIntoView()"));
    lab.wait_until_painted("trainability");
    let title = || {
        let now = lab.eval(&format!("document.querySelector(\"{figure} .now\").textContent"));
        now.as_str().unwrap_or_default().to_owned()
    };
    lab.driver.wait_for("a map that waits", || title().contains("none trained").then_some(()));
    let before = lab.pixels("trainability");
    lab.choose("train", "on");
    lab.driver.wait_for("the first round", || title().starts_with("after ").then_some(()));
    lab.screenshot("trainability");
    lab.choose("train", "off");
    lab.settled();
    assert_ne!(lab.pixels("trainability"), before, "the map looks as before");
    let steps = title();
    assert!(steps.starts_with("after "), "what was trained is gone: {steps}");
    // Another width of the simulated nets changes nothing here.
    lab.drag_slider("width", 0.3);
    lab.settled();
    assert_eq!(title(), steps);
}
