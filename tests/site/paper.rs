//! What is taken from the page: the picture of a figure, by its menu and by a right click, and the page on paper.

use serde_json::json;
use tests::{Host, Lab};

/// Keeps what the page offers as a file, as the size of the picture and some of its pixels.
const CATCH: &str = "
    window.saved = [];
    const blobs = {};
    const url = URL.createObjectURL;
    URL.createObjectURL = blob => { const made = url(blob); blobs[made] = blob; return made; };
    HTMLAnchorElement.prototype.click = function() {
        createImageBitmap(blobs[this.href]).then(image => {
            const canvas = new OffscreenCanvas(image.width, image.height);
            const context = canvas.getContext('2d');
            context.drawImage(image, 0, 0);
            const { data } = context.getImageData(0, 0, image.width, image.height);
            const colours = new Set();
            for (let i = 0; i < data.length; i += 4 * 97) colours.add(data[i] << 16 | data[i + 1] << 8 | data[i + 2]);
            window.saved.push({ name: this.download, width: image.width, height: image.height, colours: colours.size,
                corner: [data[0], data[1], data[2], data[3]] });
        });
    };";

fn saved(lab: &Lab, figure: &str) -> serde_json::Value {
    lab.driver.run(CATCH, &[]);
    let item = format!("[data-figure='{figure}'] [data-action=png]");
    lab.driver.run("document.querySelector(arguments[0]).click()", &[json!(item)]);
    lab.driver
        .wait_for("a saved picture", || Some(lab.eval("window.saved[0] ?? null")).filter(|saved| !saved.is_null()))
}

/// A heat map has hundreds of colours; axes alone have a few dozen.
fn assert_whole(picture: &serde_json::Value) {
    assert!(picture["width"].as_f64() >= Some(2400.0), "{picture}");
    assert!(picture["colours"].as_f64() >= Some(100.0), "{picture}");
    assert_eq!(picture["corner"], json!([255, 255, 255, 255]), "{picture}");
}

#[test]
fn a_saved_picture_is_whole_and_sharp() {
    let lab = Lab::open("?nets=2&theme=light");
    lab.settled();
    lab.wait_until_painted("phase");
    let picture = saved(&lab, "phase");
    assert_eq!(picture["name"], "order-chaos-phase.png");
    assert_whole(&picture);
}

#[test]
fn a_slide_can_save_its_picture_too() {
    let host = Host::open("?embed=1&figure=phase&nets=2&theme=light");
    host.wait_for("state", |_| true);
    host.inside(|lab| {
        lab.wait_until_painted("phase");
        assert!(lab.is_visible("[data-figure=phase] .menu-button"));
        assert_whole(&saved(lab, "phase"));
    });
}

#[test]
fn a_right_click_saves_the_whole_picture_and_the_next_move_goes_on() {
    let lab = Lab::open("?nets=2&theme=light");
    lab.settled();
    lab.wait_until_painted("phase");
    let upper = "[data-figure=phase] canvas.axes";
    let seen = |lab: &Lab| {
        lab.driver.run(
            "const c = document.querySelector(arguments[0]), d = c.getContext('2d').getImageData(0, 0, c.width, c.height).data,
                 colours = new Set();
             for (let i = 0; i < d.length; i += 4 * 97) colours.add(d[i] << 16 | d[i + 1] << 8 | d[i + 2]);
             return { width: c.width, height: c.height, colours: colours.size, corner: [d[0], d[1], d[2], d[3]] };",
            &[json!(upper)],
        )
    };
    let before = seen(&lab);
    let pointer = |kind: &str| {
        let script = "const plot = document.querySelector('[data-figure=phase] .plot'), r = plot.getBoundingClientRect();
            plot.dispatchEvent(new PointerEvent(arguments[0], { bubbles: true, clientX: r.left + 50, clientY: r.top + 50 }));";
        lab.driver.run(script, &[json!(kind)]);
    };
    pointer("contextmenu");
    assert_whole(&seen(&lab));
    pointer("pointermove");
    lab.driver.wait_for("the layers as they were", || (seen(&lab)["width"] == before["width"]).then_some(()));
}

#[test]
fn a_browser_that_changes_pixels_says_so_and_saves_none() {
    let lab = Lab::open("?nets=2");
    lab.settled();
    lab.wait_until_painted("phase");
    lab.driver.run(
        "const get = CanvasRenderingContext2D.prototype.getImageData;
         CanvasRenderingContext2D.prototype.getImageData = function(...a) {
            const image = get.apply(this, a); image.data.fill(255); return image; };
         window.clicks = 0; HTMLAnchorElement.prototype.click = () => { window.clicks += 1; };
         document.querySelector('[data-figure=phase] [data-action=png]').click();",
        &[],
    );
    lab.driver.wait_for("a sentence", || lab.text().contains("changes the pixels that a page reads").then_some(()));
    assert_eq!(lab.eval("window.clicks"), json!(0));
}

#[test]
fn paper_has_all_figures_in_ink_the_values_and_the_link() {
    let lab = Lab::start();
    lab.driver.run("localStorage.clear()", &[]);
    lab.goto("sawtooth/?k=7&theme=dark");
    // The dialogue is the browser's; what is painted when it opens is the page's.
    lab.driver.run(
        "window.print = () => {
            dispatchEvent(new Event('beforeprint'));
            window.printed = { theme: document.documentElement.dataset.theme, text: document.getElementById('paper').textContent,
                figures: [...document.querySelectorAll('.plot')].map(plot => {
                    const c = plot.querySelector('canvas.axes'), d = c.getContext('2d').getImageData(0, 0, 1, 1).data;
                    return { waits: !plot.querySelector('.waiting').hidden, fine: c.width / plot.clientWidth, corner: [...d] };
                }) };
            dispatchEvent(new Event('afterprint'));
        };",
        &[],
    );
    lab.driver.press_with('\u{E009}', 'p');
    let paper =
        lab.driver.wait_for("paper", || Some(lab.eval("window.printed ?? null")).filter(|paper| !paper.is_null()));
    assert_eq!(paper["theme"], "light");
    let figures = paper["figures"].as_array().unwrap();
    assert_eq!(figures.len(), 7);
    for figure in figures {
        assert_eq!(figure["waits"], false, "{paper}");
        assert!(figure["fine"].as_f64() >= Some(2.9), "{paper}");
        assert_eq!(figure["corner"], json!([255, 255, 255, 255]), "{paper}");
    }
    let text = paper["text"].as_str().unwrap();
    assert!(text.contains("k: 7") && text.contains("/sawtooth/?k=7"), "{text}");
    assert_eq!(lab.eval("document.documentElement.dataset.theme"), "dark");
}

#[test]
fn a_figure_that_is_printed_too_early_says_how_to_have_it() {
    let lab = Lab::start();
    lab.goto("sawtooth/?k=7");
    lab.driver.devtools("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    let waiting = lab.driver.run(
        "dispatchEvent(new Event('beforeprint'));
         const said = [...document.querySelectorAll('.waiting:not([hidden])')].map(e => e.parentElement.innerText.trim());
         dispatchEvent(new Event('afterprint'));
         return said;",
        &[],
    );
    for said in waiting.as_array().unwrap() {
        assert_eq!(said, "Not computed when this was printed. Ctrl+P waits for all figures.");
    }
}

/// The shape of a figure on paper is that of what was painted, and several have room on a page.
#[test]
fn paper_is_not_wasted() {
    const PAGE: u32 = 1000; // A4 between its margins, 96 pixels to the inch.
    let lab = Lab::start();
    lab.set_viewport(720, PAGE, 1.0);
    lab.goto("order-chaos/?nets=2");
    lab.driver.run("window.print = () => { dispatchEvent(new Event('beforeprint')); window.printed = true; };", &[]);
    lab.driver.press_with('\u{E009}', 'p');
    lab.driver.wait_for("paper", || (lab.eval("window.printed ?? false") == true).then_some(()));
    lab.driver.devtools("Emulation.setEmulatedMedia", &json!({ "media": "print" }));
    let figures = lab.eval(
        "[...document.querySelectorAll('.figure')].map(f => {
            const plot = f.querySelector('.plot'), canvas = plot.querySelector('canvas.axes'), box = f.getBoundingClientRect();
            return { id: f.dataset.figure, top: box.top, bottom: box.bottom,
                stretched: plot.clientWidth / plot.clientHeight / (canvas.width / canvas.height) };
         })",
    );
    let figures = figures.as_array().unwrap();
    let number = |figure: &serde_json::Value, key: &str| figure[key].as_f64().unwrap();
    let pages = (number(figures.last().unwrap(), "bottom") - number(&figures[0], "top")) / f64::from(PAGE);
    assert!(figures.len() >= 8 && pages < 2.6, "{} figures on {pages} pages", figures.len());
    for figure in figures {
        assert!((number(figure, "stretched") - 1.0).abs() < 0.02, "{figure}");
    }
}
