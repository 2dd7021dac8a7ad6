//! What a screen reader is told: names, ranges, and changes once they have come to rest.

use serde_json::json;
use tests::Lab;

const RIGHT: &str = "\u{E014}";

#[test]
fn a_key_that_is_held_is_told_once() {
    let lab = Lab::open("?nets=2&sigma_w=1");
    lab.settled();
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    lab.driver.run(
        "window.told = [];
         const tell = records => records.forEach(r => {
            const live = (r.target.nodeType === 1 ? r.target : r.target.parentElement)
                ?.closest('[role=status], [role=alert], [aria-live=polite], [aria-live=assertive]');
            if (live && live.textContent.trim()) window.told.push(live.className + ': ' + live.textContent.slice(0, 60));
         });
         new MutationObserver(tell).observe(document.body, { childList: true, characterData: true, subtree: true });
         document.querySelector('input[type=range][data-control=sigma_w]').focus();",
        &[],
    );
    for _ in 0..40 {
        lab.driver.press(RIGHT);
    }
    lab.settled();
    std::thread::sleep(std::time::Duration::from_millis(1_500));
    let told = lab.eval("window.told");
    assert!(told.as_array().is_some_and(|told| told.len() <= 1), "{told}");
}

#[test]
fn a_preset_is_told_with_what_it_is_for() {
    let lab = Lab::open("?nets=2");
    lab.settled();
    lab.driver.run("document.querySelector('[data-preset=edge]').click()", &[]);
    let help = lab.eval("document.querySelector('[data-preset=edge]').title");
    let start: String = help.as_str().unwrap().chars().take(12).collect();
    lab.driver.wait_for("the preset's help", || {
        let told = lab.eval("[...document.querySelectorAll('[role=status]')].map(e => e.textContent).join(' ')");
        told.as_str().is_some_and(|told| told.contains(&start)).then_some(())
    });
}

#[test]
fn every_slider_has_a_name_of_its_own_a_range_and_four_digits() {
    let lab = Lab::start();
    for page in ["order-chaos/?preset=edge&nets=2", "regions/", "sawtooth/", "composition/"] {
        lab.goto(page);
        lab.settled();
        let sliders = lab.eval(
            "[...document.querySelectorAll('[role=slider], input[type=range]')].filter(e => e.checkVisibility()).map(e => ({
                name: e.getAttribute('aria-label') ?? e.getAttribute('aria-labelledby').split(' ').map(i => document.getElementById(i).textContent).join(' '),
                low: e.getAttribute('aria-valuemin') ?? e.min, high: e.getAttribute('aria-valuemax') ?? e.max,
                value: e.getAttribute('aria-valuetext') }))",
        );
        let sliders = sliders.as_array().unwrap();
        let mut names: Vec<_> = sliders.iter().map(|s| s["name"].as_str().unwrap().to_owned()).collect();
        names.sort();
        names.dedup();
        assert_eq!(names.len(), sliders.len(), "{page}: {names:?}");
        for slider in sliders {
            assert_ne!(slider["low"], json!(""), "{page}: {slider}");
            assert_ne!(slider["high"], json!(""), "{page}: {slider}");
            let digits = slider["value"].as_str().unwrap_or_default().chars().filter(char::is_ascii_digit).count();
            assert!((1..=12).contains(&digits), "{page}: {slider}");
        }
    }
}
