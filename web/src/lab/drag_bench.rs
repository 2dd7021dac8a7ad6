//! The bench mode's drag, in this browser.

use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

use super::drag_times::DragTimes;
use super::store::Lab;
use crate::dom;

/// Events of a drag.
const EVENTS: u32 = 150;
/// Between two events, as of a hand that drags at leisure: the nets of a figure are not computed meanwhile.
const GAP_MILLIS: i32 = 33;
/// How long it waits for the page to have answered all that was asked before.
const QUIET_MILLIS: i32 = 500;
/// The part of the track that is dragged over.
const SPAN: (f64, f64) = (0.2, 0.6);

impl Lab {
    /// Drags the first slider of the page as a hand would, then puts it back and writes a line.
    pub(super) fn bench_drag(self) {
        if self.busy.try_get_untracked() == Some(true) {
            return dom::after(QUIET_MILLIS, move || self.bench_drag());
        }
        let slider = dom::document().and_then(|d| d.query_selector("input[type=range][data-control]").ok().flatten());
        let slider = slider.and_then(|s| s.dyn_into::<HtmlInputElement>().ok());
        let (Some(engine), Some(slider)) = (self.engine(), slider) else { return };
        engine.drag.replace(Some(DragTimes::default()));
        let key = slider.get_attribute("data-control").unwrap_or_default();
        let before = self.link.try_with_untracked(|l| l.values.text(&key)).unwrap_or_default();
        self.drag_on(slider, key, before, 0);
    }

    fn drag_on(self, slider: HtmlInputElement, key: String, before: String, event: u32) {
        let Some(engine) = self.engine() else { return };
        if event == EVENTS {
            let times = engine.drag.take().unwrap_or_default();
            // It was a valid value.
            let _back = self.set_text(&key, &before);
            self.add_bench_line(format!("drag of {key}, an event every {GAP_MILLIS} ms"), times.line());
            return;
        }
        if let Some(times) = engine.drag.borrow_mut().as_mut() {
            times.moved();
        }
        let end = |name| slider.get_attribute(name).map_or(0.0, |text| js_sys::parse_float(&text));
        let share = SPAN.0 + (SPAN.1 - SPAN.0) * f64::from(event) / f64::from(EVENTS);
        slider.set_value(&(end("min") + (end("max") - end("min")) * share).to_string());
        if let Ok(input) = Event::new("input") {
            // Who listens may do so further up. (A dictionary of options would say so too, in half a kilobyte.)
            input.init_event_with_bubbles("input", true);
            // Nothing on the page cancels it.
            let _heard = slider.dispatch_event(&input);
        }
        dom::after(GAP_MILLIS, move || self.drag_on(slider, key, before, event + 1));
    }
}
