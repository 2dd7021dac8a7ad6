//! With a system's own colours whatever is drawn by backgrounds still stands out from its ground.

use serde_json::json;
use tests::Lab;

/// The share of an element's pixels in a picture of the viewport that stand out from the page's ground, 3 to 1.
const STANDS_OUT: &str = "
    const bytes = Uint8Array.from(atob(arguments[1]), c => c.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d');
    context.drawImage(image, 0, 0);
    const linear = c => (c /= 255, c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4);
    const light = (d, i) => 0.2126 * linear(d[i]) + 0.7152 * linear(d[i + 1]) + 0.0722 * linear(d[i + 2]) + 0.05;
    const rgb = getComputedStyle(document.body).backgroundColor.match(/\\d+/g).map(Number);
    const ground = light(rgb, 0);
    const box = document.querySelector(arguments[0]).getBoundingClientRect();
    const data = context.getImageData(box.left, box.top, box.width, box.height).data;
    let n = 0;
    for (let i = 0; i < data.length; i += 4) {
        const here = light(data, i);
        n += Math.max(here, ground) / Math.min(here, ground) >= 3;
    }
    return 4 * n / data.length;";

#[track_caller]
fn share(lab: &Lab, selector: &str) -> f64 {
    let [.., width, height] = lab.box_of(selector);
    assert!(width > 0.0 && height > 0.0, "{selector} has no size");
    let share = lab.driver.run(STANDS_OUT, &[json!(selector), json!(lab.driver.screenshot_base64())]);
    share.as_f64().unwrap_or_else(|| panic!("{selector}: {share}"))
}

#[track_caller]
fn assert_stands_out(lab: &Lab, selector: &str, least: f64) {
    let share = share(lab, selector);
    assert!(share >= least, "{selector} shows {share} of its box, not {least}");
}

#[test]
fn what_is_drawn_by_backgrounds_is_seen_in_forced_colours() {
    for scheme in ["light", "dark"] {
        let lab = Lab::start();
        let features = json!({ "features": [{ "name": "forced-colors", "value": "active" },
            { "name": "prefers-color-scheme", "value": scheme }] });
        lab.driver.devtools("Emulation.setEmulatedMedia", &features);
        lab.goto("order-chaos/?nets=2");
        lab.settled();
        lab.wait_until_painted("length-map");
        // The map behind the ring of the phase map has colours of its own.
        assert_stands_out(&lab, "[data-figure=length-map] .handle", 0.05);
        assert_stands_out(&lab, "[data-figure=phase] [aria-checked=true]", 0.1);
        // A track is a sixth of its box; the thumb is as high as three quarters of it.
        let track = ".track:has([data-control=sigma_b])";
        assert_stands_out(&lab, track, 0.14);
        let without_focus = share(&lab, track);
        lab.focus_slider("sigma_b");
        lab.driver.press("\u{E012}");
        lab.settled();
        assert!(share(&lab, track) > without_focus + 0.005, "the focus is not seen");
        let is_drawn = "getComputedStyle(document.querySelector('.progress')).backgroundColor
            !== getComputedStyle(document.body).backgroundColor";
        assert_eq!(lab.eval(is_drawn), true, "the progress is not seen");
        lab.driver.run("document.querySelector('[data-figure=phase] .menu-button').click()", &[]);
        assert_stands_out(&lab, "[data-figure=phase] .menu-items", 0.06);
        lab.screenshot(&format!("forced-menu-{scheme}"));
        lab.driver.press("\u{E00C}");

        lab.goto("regions/?width=4&layers=1");
        lab.settled();
        lab.wait_until_painted("line");
        assert_stands_out(&lab, ".play [data-action=play]", 0.05);
        let [left, top, width, height] = lab.box_of("[data-figure=line] .plot");
        lab.driver.devtools(
            "Input.dispatchMouseEvent",
            &json!({ "type": "mouseMoved", "x": left + width / 2.0, "y": top + height / 2.0 }),
        );
        lab.settled();
        lab.screenshot(&format!("forced-tip-{scheme}"));
        assert_stands_out(&lab, ".tip .swatch", 0.4);
        assert_stands_out(&lab, ".dot:not([hidden])", 0.3);
    }
}
