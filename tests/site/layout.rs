//! From a phone to a projector: nothing is cut off, and the themes are themes.

use serde_json::Value;
use tests::Lab;

#[test]
fn no_width_scrolls_sideways() {
    let lab = Lab::start();
    for (width, height) in [(360, 740), (768, 1024), (1280, 800), (2560, 1440), (3840, 2160)] {
        lab.set_viewport(width, height, 1.0);
        for (path, name) in [("", "home"), ("order-chaos/", "exhibit")] {
            lab.driver.goto(&lab.url(path));
            lab.driver.wait_for("the page", || (lab.count("a[href*='order-chaos'], [data-figure]") > 0).then_some(()));
            if name == "exhibit" {
                lab.wait_until_ready();
                lab.settled();
            }
            let overflow = lab.eval("document.documentElement.scrollWidth - innerWidth");
            assert!(overflow.as_i64() <= Some(0), "{name} at {width} px is {overflow} px too wide: {}", widest(&lab));
            lab.screenshot(&format!("{name}-{width}"));
        }
    }
}

/// The elements that stick out.
fn widest(lab: &Lab) -> Value {
    lab.eval(
        "[...document.body.querySelectorAll('*')].filter(e => e.getBoundingClientRect().right > innerWidth + 0.5)
            .slice(0, 5).map(e => e.tagName + '.' + e.className)",
    )
}

#[test]
fn no_text_on_a_control_is_cut_off_on_a_phone() {
    let lab = Lab::start();
    lab.set_viewport(360, 740, 2.0);
    lab.goto("order-chaos/");
    lab.settled();
    let cut = lab.eval(
        "[...document.querySelectorAll('label, select, [data-field], [data-readout], button, h1, h2, h3')]
            .filter(e => e.checkVisibility() && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0
                && getComputedStyle(e).overflowX !== 'visible')
            .map(e => e.outerHTML.slice(0, 120))",
    );
    assert_eq!(cut, serde_json::json!([]), "cut off at 360 px");
}

fn background(lab: &Lab) -> String {
    let painted = "(() => { for (let e of [document.body, document.documentElement]) {
        const c = getComputedStyle(e).backgroundColor; if (c !== 'rgba(0, 0, 0, 0)') return c; } return 'none' })()";
    lab.eval(painted).as_str().unwrap_or_default().to_owned()
}

#[test]
fn themes_differ_and_the_system_chooses_by_default() {
    let lab = Lab::start();
    let mut seen = Vec::new();
    for theme in ["light", "dark", "projector"] {
        lab.goto(&format!("order-chaos/?theme={theme}&nets=2"));
        lab.settled();
        seen.push((background(&lab), lab.pixels("correlation-depth")));
        lab.screenshot(&format!("theme-{theme}"));
    }
    assert_ne!(seen[0].0, seen[1].0, "light and dark have one background");
    assert_ne!(seen[0].1, seen[1].1, "the figures of light and dark look the same");
    assert_ne!(seen[0].1, seen[2].1, "the figures of light and projector look the same");
    for (scheme, expected) in [("light", &seen[0].0), ("dark", &seen[1].0)] {
        lab.set_media("prefers-color-scheme", scheme);
        lab.goto("order-chaos/?nets=2");
        assert_eq!(&background(&lab), expected, "prefers-color-scheme: {scheme}");
    }
}

#[test]
fn pictures_are_sharp_on_a_dense_screen() {
    let lab = Lab::start();
    for density in [1.0, 2.0, 1.5] {
        lab.set_viewport(1280, 800, density);
        lab.goto("order-chaos/?nets=2");
        lab.settled();
        let ratio = lab.eval(
            "(() => { const c = document.querySelector(\"[data-figure='correlation-depth'] canvas\");
                return c.width / c.getBoundingClientRect().width })()",
        );
        // A canvas has whole pixels.
        assert!(
            ratio.as_f64().is_some_and(|ratio| (ratio - density).abs() < 0.01),
            "{ratio} pixels a CSS pixel, not {density}"
        );
    }
}

#[test]
fn a_window_that_changes_its_size_gets_new_pictures() {
    let lab = Lab::open("?nets=2");
    lab.settled();
    let width = || lab.eval("document.querySelector(\"[data-figure='phase'] canvas\").getBoundingClientRect().width");
    let wide = width();
    lab.set_viewport(420, 800, 1.0);
    lab.driver.wait_for("a narrower figure", || (width().as_f64() < wide.as_f64()).then_some(()));
    lab.settled();
    let stretched = lab.eval(
        "[...document.querySelectorAll('[data-figure] canvas')].filter(c => c.getBoundingClientRect().bottom > 0
            && c.getBoundingClientRect().top < innerHeight
            && Math.abs(c.width / c.getBoundingClientRect().width - devicePixelRatio) > 0.02).length",
    );
    assert_eq!(stretched, 0, "canvases are stretched after a resize");
}

#[test]
fn text_has_contrast_in_every_theme() {
    let lab = Lab::start();
    for theme in ["light", "dark", "projector"] {
        lab.goto(&format!("order-chaos/?theme={theme}&nets=2"));
        let script = include_str!("contrast.js");
        let weak = lab.driver.run(script, &[]);
        // 4.5 to 1 is what WCAG 2.1 (1.4.3) asks of text.
        assert_eq!(weak, serde_json::json!([]), "too little contrast in the theme {theme}");
    }
}

/// Its letters are in the face that every page asks for; those of formulas come with them.
#[test]
fn a_first_view_needs_one_face_of_the_font() {
    let lab = Lab::start();
    lab.set_viewport(1280, 800, 1.0);
    // Of the others formulas are nearly in view.
    for exhibit in ["order-chaos", "sawtooth", "filters"] {
        lab.goto(&format!("{exhibit}/"));
        lab.settled();
        let _ready = lab.eval("document.fonts.ready.then(() => true)");
        let loaded = "[...document.fonts].filter(f => f.family.includes('Depthscope') && f.status === 'loaded').length";
        assert_eq!(lab.eval(loaded), 1, "{exhibit}");
    }
}
