//! The page as a person uses it: sliders, number fields, readouts, figures.

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::lab::Lab;

/// Readouts by key: the text of `data-value`.
pub type Readouts = BTreeMap<String, String>;

/// How long the page must stand still to count as done: longer than the address bar waits (350 ms).
const STILL: Duration = Duration::from_millis(600);

/// The element that a person drags.
fn slider(control: &str) -> String {
    format!("input[type=range][data-control='{control}']")
}

/// The element that a person types into.
fn field(control: &str) -> String {
    format!("input[data-field='{control}']")
}

/// Scrolls to an element and returns its box in the viewport: left, top, width, height.
const BOX: &str = "
    const e = document.querySelector(arguments[0]);
    if (!e) throw new Error('nothing matches ' + arguments[0]);
    e.scrollIntoView({ block: 'center', behavior: 'instant' });
    const r = e.getBoundingClientRect();
    return [r.left, r.top, r.width, r.height];";

impl Lab {
    /// The box of what a selector finds, in the viewport: left, top, width, height.
    #[must_use]
    #[track_caller]
    pub fn box_of(&self, selector: &str) -> [f64; 4] {
        let sides = self.driver.run(BOX, &[json!(selector)]);
        std::array::from_fn(|i| sides[i].as_f64().unwrap_or_else(|| panic!("{selector} has no box: {sides}")))
    }

    /// How many elements a selector finds.
    #[must_use]
    #[track_caller]
    pub fn count(&self, selector: &str) -> u64 {
        self.driver
            .run("return document.querySelectorAll(arguments[0]).length", &[json!(selector)])
            .as_u64()
            .unwrap_or(0)
    }

    /// Whether something that a selector finds is painted and has a size.
    #[must_use]
    #[track_caller]
    pub fn is_visible(&self, selector: &str) -> bool {
        let script = "return [...document.querySelectorAll(arguments[0])].some(e => e.checkVisibility({ visibilityProperty: true })
            && e.getClientRects().length > 0)";
        self.driver.run(script, &[json!(selector)]) == Value::Bool(true)
    }

    /// The text that a person sees on the page.
    #[must_use]
    #[track_caller]
    pub fn text(&self) -> String {
        self.eval("document.body.innerText").as_str().unwrap_or_default().to_owned()
    }

    /// Drags the slider of a control from where it stands over the track to a share of the track's width.
    #[track_caller]
    pub fn drag_slider(&self, control: &str, to: f64) {
        let selector = slider(control);
        let [left, top, width, height] = self.box_of(&selector);
        let y = top + height / 2.0;
        let from = self.slider_share(&selector);
        let x = |share: f64| left + width * share;
        let steps = 12;
        let points: Vec<(f64, f64)> =
            (0..=steps).map(|step| (x(from + (to - from) * f64::from(step) / f64::from(steps)), y)).collect();
        self.driver.drag(&points);
    }

    /// Clicks twice in the middle of a control's slider.
    #[track_caller]
    pub fn double_click_slider(&self, control: &str) {
        let [left, top, width, height] = self.box_of(&slider(control));
        self.driver.double_click((left + width / 2.0, top + height / 2.0));
    }

    /// Takes an option of a control that is a choice: a button of its group, or an entry of its list.
    #[track_caller]
    pub fn choose(&self, control: &str, option: &str) {
        let button = format!("[role=radiogroup][data-control='{control}'] [data-option='{option}']");
        if self.count(&button) == 1 {
            return self.click(&button);
        }
        // The list that a select opens is drawn by the browser, out of a driver's reach.
        let script = "
            const e = document.querySelector(`select[data-control='${arguments[0]}']`);
            if (!e) throw new Error('no select for ' + arguments[0]);
            e.value = arguments[1];
            if (e.value !== arguments[1]) throw new Error(arguments[1] + ' is no option of ' + arguments[0]);
            for (const kind of ['input', 'change']) e.dispatchEvent(new Event(kind, { bubbles: true }));";
        self.driver.run(script, &[json!(control), json!(option)]);
    }

    fn slider_share(&self, selector: &str) -> f64 {
        let script = "
            const e = document.querySelector(arguments[0]);
            return (e.value - e.min) / (e.max - e.min);";
        self.driver.run(script, &[json!(selector)]).as_f64().unwrap_or(0.5).clamp(0.02, 0.98)
    }

    /// Puts the focus on a control's slider.
    #[track_caller]
    pub fn focus_slider(&self, control: &str) {
        self.focus(&slider(control));
    }

    /// Puts the focus on what a selector finds.
    #[track_caller]
    pub fn focus(&self, selector: &str) {
        let script = "const e = document.querySelector(arguments[0]);
            if (!e) throw new Error('nothing matches ' + arguments[0]);
            e.focus(); return document.activeElement === e";
        assert_eq!(self.driver.run(script, &[json!(selector)]), true, "{selector} takes no focus");
    }

    /// Clicks in the middle of what a selector finds.
    #[track_caller]
    pub fn click(&self, selector: &str) {
        let [left, top, width, height] = self.box_of(selector);
        self.driver.drag(&[(left + width / 2.0, top + height / 2.0)]);
    }

    /// Types a number into a control's field and confirms it with Enter.
    #[track_caller]
    pub fn type_number(&self, control: &str, text: &str) {
        let field = field(control);
        self.click(&field);
        self.driver.run("document.querySelector(arguments[0]).select()", &[json!(field)]);
        self.driver.press(&format!("{text}\u{E007}"));
    }

    /// The text in a control's field.
    #[must_use]
    #[track_caller]
    pub fn field(&self, control: &str) -> String {
        let field = field(control);
        let script = "return document.querySelector(arguments[0])?.value ?? null";
        self.driver.run(script, &[json!(field)]).as_str().unwrap_or_else(|| panic!("{field}: none")).to_owned()
    }

    /// Readouts as they are now.
    #[must_use]
    #[track_caller]
    pub fn readouts_now(&self) -> Readouts {
        let script = "return Object.fromEntries([...document.querySelectorAll('[data-readout]')]
            .map(e => [e.dataset.readout, e.dataset.value ?? '']))";
        let values = self.driver.run(script, &[]);
        let object = values.as_object().unwrap_or_else(|| panic!("no readouts: {values}"));
        object.iter().map(|(key, value)| (key.clone(), value.as_str().unwrap_or_default().to_owned())).collect()
    }

    /// Readouts once the computing is done, and they and the figures stand still.
    #[track_caller]
    pub fn settled(&self) -> Readouts {
        let mut last = (Readouts::new(), Value::Null);
        let mut since = Instant::now();
        self.driver.wait_for("an answer that is complete", || {
            self.pass_a_frame();
            let now = (self.readouts_now(), self.frames());
            if now != last || self.is_busy() {
                (last, since) = (now, Instant::now());
            }
            let has_answer = last.0.values().any(|value| !value.is_empty());
            (has_answer && since.elapsed() >= STILL).then(|| last.0.clone())
        })
    }

    /// Waits until the page has had an animation frame, in which it asks for what an input has made old.
    #[track_caller]
    fn pass_a_frame(&self) {
        self.driver.run("return new Promise(done => requestAnimationFrame(() => setTimeout(done)))", &[]);
    }

    /// Whether the page says that it computes.
    #[must_use]
    #[track_caller]
    pub fn is_busy(&self) -> bool {
        self.count("[role=progressbar]:not([aria-hidden=true])") > 0
    }

    /// A readout that is a finite number.
    #[track_caller]
    #[must_use]
    pub fn number(&self, readouts: &Readouts, key: &str) -> f64 {
        let text = readouts.get(key).unwrap_or_else(|| panic!("there is no readout {key}: {readouts:?}"));
        text.parse().unwrap_or_else(|_| panic!("the readout {key} is `{text}`, not a number"))
    }

    /// Waits until a readout's text passes a test, and returns it.
    #[track_caller]
    pub fn wait_for_readout(&self, key: &str, what: &str, accept: impl Fn(&str) -> bool) -> String {
        self.driver
            .wait_for(&format!("{key} {what}"), || self.readouts_now().get(key).filter(|text| accept(text)).cloned())
    }

    fn frames(&self) -> Value {
        self.eval("[...document.querySelectorAll('[data-figure]')].map(e => [e.dataset.figure, e.dataset.frame])")
    }

    /// How often a figure was painted.
    #[must_use]
    #[track_caller]
    pub fn frame(&self, figure: &str) -> u64 {
        let script = "return +(document.querySelector(`[data-figure='${arguments[0]}']`)?.dataset.frame ?? -1)";
        let frame = self.driver.run(script, &[json!(figure)]);
        frame.as_u64().unwrap_or_else(|| panic!("the figure {figure} has no data-frame: {frame}"))
    }

    /// Scrolls to a figure and waits until it is painted: what is out of view is not.
    #[track_caller]
    pub fn wait_until_painted(&self, figure: &str) {
        let _box = self.box_of(&format!("[data-figure='{figure}']"));
        self.driver.wait_for(&format!("a painted {figure}"), || (self.frame(figure) > 0).then_some(()));
    }

    /// The pixels of a figure's canvases, to be compared.
    #[must_use]
    #[track_caller]
    pub fn pixels(&self, figure: &str) -> String {
        let script = "return [...document.querySelectorAll(`[data-figure='${arguments[0]}'] canvas`)].map(c => c.toDataURL()).join()";
        let pixels = self.driver.run(script, &[json!(figure)]).as_str().unwrap_or_default().to_owned();
        assert!(!pixels.is_empty(), "the figure {figure} has no canvas");
        pixels
    }

    /// The address's query, without the question mark.
    #[must_use]
    #[track_caller]
    pub fn query(&self) -> String {
        self.eval("location.search.replace('?', '')").as_str().unwrap_or_default().to_owned()
    }

    /// Waits until the address has a part.
    #[track_caller]
    pub fn wait_for_query(&self, part: &str) -> String {
        self.driver
            .wait_for(&format!("`{part}` in the address"), || Some(self.query()).filter(|query| query.contains(part)))
    }
}
