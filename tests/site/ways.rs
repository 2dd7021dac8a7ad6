//! Nothing that a hand does loses work: undo and redo, on the page and in a slide.

use tests::{Host, Lab};

const CONTROL: char = '\u{E009}';

#[test]
fn a_preset_a_reset_and_a_double_click_can_be_undone_and_done_again() {
    let lab = Lab::open("?sigma_w=2.2&nets=2");
    lab.settled();
    assert!(!lab.is_visible("[data-action=undo]"), "nothing has been done yet");
    let acts: [(&str, &dyn Fn()); 3] = [
        ("a preset", &|| lab.click("[data-preset=edge]")),
        ("a reset", &|| lab.click("[data-action=reset]")),
        ("a double click", &|| {
            let [left, top, width, height] = lab.box_of("input[type=range][data-control=sigma_w]");
            lab.driver.double_click((left + 0.9 * width, top + height / 2.0));
        }),
    ];
    for (what, act) in acts {
        act();
        let after = lab.driver.wait_for("another address", || Some(lab.query()).filter(|q| !q.contains("sigma_w=2.2")));
        lab.settled();
        for _ in 0..4 {
            if lab.query().contains("sigma_w=2.2") {
                break;
            }
            lab.driver.press_with(CONTROL, 'z');
            lab.settled();
        }
        assert!(lab.query().contains("sigma_w=2.2"), "{what} was not undone: {}", lab.query());
        lab.click("[data-action=redo]");
        lab.settled();
        if what != "a double click" {
            assert_eq!(lab.query(), after, "{what} was not done again");
        }
        lab.click("[data-action=undo]");
        lab.wait_for_query("sigma_w=2.2");
    }
}

#[test]
fn cleared_points_come_back() {
    let lab = Lab::start();
    lab.goto("regions/?data=drawn&points=0.5,0.5_1,1~-1,0&width=4&layers=1");
    lab.settled();
    lab.wait_until_painted("output");
    lab.click("[data-figure=output] [data-tool=clear]");
    lab.driver.wait_for("no points", || (lab.field("points").is_empty()).then_some(()));
    lab.click("[data-action=undo]");
    lab.driver.wait_for("the points", || (lab.field("points") == "0.5,0.5_1,1~-1,0").then_some(()));
}

#[test]
fn a_drag_is_one_step() {
    let lab = Lab::open("?nets=2");
    lab.settled();
    lab.drag_slider("sigma_w", 0.8);
    lab.wait_for_query("sigma_w=");
    lab.click("[data-action=undo]");
    lab.driver.wait_for("the default", || (!lab.query().contains("sigma_w")).then_some(()));
    assert_eq!(lab.eval("document.querySelector('.ways').dataset.open"), "forth");
}

#[test]
fn a_double_click_on_a_track_is_one_step() {
    let lab = Lab::open("?sigma_w=2.2&nets=2");
    lab.settled();
    let [left, top, width, height] = lab.box_of("input[type=range][data-control=sigma_w]");
    lab.driver.double_click((left + 0.9 * width, top + height / 2.0));
    lab.driver.wait_for("the default", || (!lab.query().contains("sigma_w")).then_some(()));
    lab.click("[data-action=undo]");
    lab.wait_for_query("sigma_w=2.2");
    assert_eq!(lab.eval("document.querySelector('.ways').dataset.open"), "forth");
}

#[test]
fn letters_in_a_field_are_the_browsers_to_take_back() {
    let lab = Lab::open("?nets=2");
    lab.settled();
    lab.drag_slider("sigma_w", 0.8);
    lab.settled();
    let query = lab.query();
    lab.driver.run("document.querySelector('[data-field=sigma_b]').focus()", &[]);
    lab.driver.press("7");
    lab.driver.press_with(CONTROL, 'z');
    lab.driver.press("\u{E00C}");
    lab.settled();
    assert_eq!(lab.query(), query);
}

#[test]
fn a_slide_has_the_way_back_too() {
    let host = Host::open("?embed=1&figure=correlation-depth&show=sigma_w&nets=2");
    host.wait_for("state", |_| true);
    host.inside(|lab| {
        assert!(!lab.is_visible("[data-action=undo]"));
        lab.focus_slider("sigma_w");
    });
    host.lab.driver.press("\u{E014}");
    host.inside(|lab| {
        lab.driver.wait_for("the way back", || lab.is_visible("[data-action=undo]").then_some(()));
        lab.click("[data-action=undo]");
    });
    host.wait_for("state", |state| state["controls"]["sigma_w"] == serde_json::json!(1.5));
}

#[test]
fn two_quick_acts_are_two_steps() {
    let lab = Lab::open("?preset=edge&nets=2");
    lab.settled();
    let presets = lab.eval(
        "[...document.querySelectorAll('[data-preset]')].slice(0, 3).map(b => { b.click(); return b.dataset.preset; })",
    );
    assert_eq!(presets.as_array().map(Vec::len), Some(3));
    lab.settled();
    let pressed = || lab.eval("document.querySelector('[data-preset][aria-pressed=true]')?.dataset.preset ?? ''");
    assert_eq!(pressed(), presets[2]);
    lab.click("[data-action=undo]");
    lab.driver.wait_for("the preset before", || (pressed() == presets[1]).then_some(()));
}

#[test]
fn a_typed_number_is_undone_where_it_was_typed_and_its_complaint_goes() {
    let lab = Lab::open("?nets=2");
    lab.settled();
    lab.driver.run("document.querySelector('[data-field=sigma_w]').focus()", &[]);
    std::thread::sleep(std::time::Duration::from_millis(300));
    lab.driver.press("1e9\u{E007}");
    let complaint = || lab.eval("document.getElementById('control-sigma_w-complaint').textContent");
    lab.driver.wait_for("a complaint", || complaint().as_str().is_some_and(|c| c.contains("range")).then_some(()));
    lab.wait_for_query("sigma_w=20");
    lab.driver.press_with(CONTROL, 'z');
    lab.driver.wait_for("the default", || (!lab.query().contains("sigma_w")).then_some(()));
    assert_eq!(lab.field("sigma_w"), "1.5");
    assert_eq!(complaint(), "");
}

#[test]
fn a_drag_of_the_ring_is_one_step() {
    let lab = Lab::open("?nets=2");
    lab.settled();
    lab.wait_until_painted("phase");
    let [left, top, width, height] = lab.box_of("[data-figure=phase] [role=slider]");
    let (x, y) = (left + width / 2.0, top + height / 2.0);
    lab.driver.drag(&[(x, y), (x + 20.0, y), (x + 20.0, y - 15.0), (x + 40.0, y - 15.0), (x + 40.0, y - 30.0)]);
    lab.settled();
    assert!(lab.query().contains("sigma_w=") && lab.query().contains("sigma_b="), "{}", lab.query());
    lab.click("[data-action=undo]");
    lab.driver.wait_for("the default", || (!lab.query().contains("sigma_")).then_some(()));
}
