//! Sliders, number fields, keys, presets and the handle on the phase map.

use tests::Lab;

const RIGHT: char = '\u{E014}';
const SHIFT: char = '\u{E008}';

#[test]
fn dragging_the_slider_changes_readouts_and_pictures() {
    let lab = Lab::open("");
    let before = lab.settled();
    let figures = ["phase", "correlation-depth"];
    let ring = || lab.box_of("[data-figure='phase'] [role=slider]");
    let ring_before = ring();
    let (frames, pixels) = (figures.map(|figure| lab.frame(figure)), lab.pixels("correlation-depth"));
    lab.drag_slider("sigma_w", 0.6);
    let after = lab.settled();
    assert!(
        lab.number(&after, "chi_1") > lab.number(&before, "chi_1"),
        "chi_1 grows with sigma_w: {before:?} {after:?}"
    );
    for key in ["q_star", "xi_q", "gap"] {
        assert_ne!(before[key], after[key], "{key} stood still");
    }
    for (i, figure) in figures.into_iter().enumerate() {
        assert!(lab.frame(figure) > frames[i], "{figure} was not painted anew");
    }
    assert_ne!(lab.pixels("correlation-depth"), pixels, "the curves look as before");
    assert!(ring()[0] > ring_before[0] + 5.0, "the ring on the map stood still");
}

#[test]
fn pictures_follow_while_the_drag_goes_on() {
    let lab = Lab::open("");
    lab.settled();
    let before = lab.frame("correlation-depth");
    for share in [0.1, 0.7, 0.2, 0.6] {
        lab.drag_slider("sigma_w", share);
    }
    lab.settled();
    let painted = lab.frame("correlation-depth") - before;
    // Four drags of twelve steps: fewer paints than drags would mean that they were waited out.
    assert!(painted >= 8, "painted only {painted} times");
}

#[test]
fn a_typed_number_is_taken_and_a_bad_one_is_not() {
    let lab = Lab::open("");
    lab.settled();
    lab.type_number("sigma_w", "2.5");
    lab.wait_for_query("sigma_w=2.5");
    let readouts = lab.settled();
    assert!(lab.number(&readouts, "chi_1") > 1.0, "tanh at sigma_w 2.5 is chaotic: {readouts:?}");
    lab.type_number("sigma_w", "abc");
    assert_eq!(lab.settled(), readouts, "a word changed the readouts");
    assert!(lab.query().contains("sigma_w=2.5"));
}

#[test]
fn arrow_keys_step_a_slider_and_shift_steps_it_finely() {
    let lab = Lab::open("");
    lab.settled();
    lab.focus_slider("sigma_w");
    lab.driver.press(&RIGHT.to_string());
    lab.wait_for_query("sigma_w=1.55");
    lab.driver.press_with(SHIFT, RIGHT);
    lab.wait_for_query("sigma_w=1.555");
}

#[test]
fn a_double_click_on_a_slider_resets_it() {
    let lab = Lab::open("?sigma_w=3");
    lab.settled();
    lab.double_click_slider("sigma_w");
    lab.driver.wait_for("sigma_w at its default", || (!lab.query().contains("sigma_w")).then_some(()));
}

#[test]
fn every_preset_is_a_click_and_says_so_in_the_address() {
    let lab = Lab::open("");
    lab.settled();
    let presets = lab.count("[data-preset]");
    assert!(presets >= 8, "there are only {presets} presets");
    lab.click("[data-preset='deep_chaos']");
    let query = lab.wait_for_query("depth=100");
    assert!(query.contains("sigma_w=2.5") && query.contains("sigma_b=0.05"), "{query}");
    let readouts = lab.settled();
    assert!(lab.number(&readouts, "chi_1") > 1.5, "deep chaos is chaotic: {readouts:?}");
}

#[test]
fn a_choice_is_taken() {
    let lab = Lab::open("");
    let before = lab.settled();
    lab.choose("activation", "relu");
    lab.wait_for_query("activation=relu");
    let after = lab.settled();
    // chi_1 of relu is sigma_w²/2, whatever sigma_b is (Poole et al. 2016, their eq. 5 with the closed form).
    let expected = 1.5 * 1.5 / 2.0;
    assert!((lab.number(&after, "chi_1") - expected).abs() < 1e-12, "{after:?}");
    assert_ne!(before["q_star"], after["q_star"]);
}

#[test]
fn where_a_fixed_point_does_not_exist_the_page_says_so() {
    let lab = Lab::open("?activation=relu&sigma_w=2");
    let readouts = lab.settled();
    // sigma_w² > 2: lengths grow without end.
    assert!(["inf", "", "null"].contains(&readouts["q_star"].as_str()), "q_star is {}", readouts["q_star"]);
    let text = lab.text().to_lowercase();
    assert!(!text.contains("nan"), "the page shows NaN");
    assert!(
        ["∞", "no fixed point", "does not exist", "diverge", "without bound", "grow"]
            .iter()
            .any(|word| text.contains(word))
    );
    lab.screenshot("relu-diverges");
}

#[test]
fn the_handle_on_the_phase_map_is_dragged_and_moved_by_keys() {
    let lab = Lab::open("");
    lab.settled();
    let handle = "[data-figure='phase'] [role=slider]";
    let [left, top, width, height] = lab.box_of(handle);
    let (x, y) = (left + width / 2.0, top + height / 2.0);
    lab.driver.drag(&[(x, y), (x + 20.0, y - 10.0), (x + 40.0, y - 30.0)]);
    lab.driver.wait_for("both values in the address", || {
        let query = lab.query();
        (query.contains("sigma_w=") && query.contains("sigma_b=")).then_some(())
    });
    lab.settled();
    let before = lab.query();
    lab.focus(handle);
    lab.driver.press(&RIGHT.to_string());
    lab.driver.wait_for("another sigma_w", || (lab.query() != before).then_some(()));
}

/// What a screen reader finds: each ring has a name of its own, a range, and numbers of four digits.
#[test]
fn rings_are_sliders_with_names_ranges_and_short_numbers() {
    let lab = Lab::open("?sigma_w=1.3955839751549&nets=2");
    lab.settled();
    for figure in ["phase", "trainability"] {
        lab.wait_until_painted(figure);
    }
    let rings = lab.eval(
        "[...document.querySelectorAll('.handle')].map(e => ['aria-label', 'aria-valuetext', 'aria-valuenow',
            'aria-valuemin', 'aria-valuemax'].map(name => e.getAttribute(name)))",
    );
    let rings: Vec<Vec<String>> = serde_json::from_value(rings).expect("texts");
    assert!(rings.len() >= 2, "{rings:?}");
    let mut names: Vec<&String> = rings.iter().map(|ring| &ring[0]).collect();
    names.sort();
    names.dedup();
    assert_eq!(names.len(), rings.len(), "{rings:?}");
    for ring in &rings {
        let [now, low, high] = [2, 3, 4].map(|at| ring[at].parse::<f64>().expect("a number"));
        assert!(low < high && low <= now && now <= high, "{ring:?}");
        assert!(ring[1].len() < 80 && ring[2].len() <= 10, "{ring:?}");
    }
    assert!(rings.iter().any(|ring| ring[1].contains("1.396")), "{rings:?}");
}

/// The only figure is below what the window shows, and the readouts are what one sees.
#[test]
fn a_low_window_shows_its_readouts_before_any_figure_is_in_view() {
    let lab = Lab::start();
    lab.set_viewport(360, 240, 1.0);
    lab.goto("order-chaos/?figure=jacobian-depth&nets=2");
    let top = lab.eval("document.querySelector('[data-figure=jacobian-depth] .plot').getBoundingClientRect().top");
    assert!(top.as_f64() > Some(500.0), "{top}");
    let readouts = lab.settled();
    assert!(lab.number(&readouts, "q_star") > 0.9, "{readouts:?}");
}
