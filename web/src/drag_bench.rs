//! The bench mode's drag: from a slider's event to the repainted main figures, in this browser.

use figures::format_number;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlInputElement};

use crate::dom;
use crate::lab::{Engine, Lab};

/// Events of a drag.
const EVENTS: u32 = 150;
/// Between two events, as of a hand that drags at leisure: the nets of a figure are not computed meanwhile.
const GAP_MILLIS: i32 = 33;
/// How long it waits for the page to have answered all that was asked before.
const QUIET_MILLIS: i32 = 500;
/// The part of the track that is dragged over.
const SPAN: (f64, f64) = (0.2, 0.6);

/// A drag under way.
#[derive(Debug, Default)]
pub(crate) struct DragBench {
    asked_millis: Option<f64>,
    taken_millis: Vec<f64>,
}

impl Lab {
    /// Drags the first slider of the page as a hand would, then puts it back and writes a line.
    pub(crate) fn bench_drag(self) {
        if self.busy.try_get_untracked() == Some(true) {
            return dom::after(QUIET_MILLIS, move || self.bench_drag());
        }
        let slider = dom::document().and_then(|d| d.query_selector("input[type=range][data-control]").ok().flatten());
        let slider = slider.and_then(|s| s.dyn_into::<HtmlInputElement>().ok());
        let (Some(engine), Some(slider)) = (self.engine(), slider) else { return };
        engine.drag_bench.replace(Some(DragBench::default()));
        let key = slider.get_attribute("data-control").unwrap_or_default();
        let before = self.link.try_with_untracked(|l| l.values.text(&key)).unwrap_or_default();
        self.drag_on(slider, key, before, 0);
    }

    fn drag_on(self, slider: HtmlInputElement, key: String, before: String, event: u32) {
        let Some(engine) = self.engine() else { return };
        if event == EVENTS {
            let bench = engine.drag_bench.take().unwrap_or_default();
            // It was a valid value.
            let _back = self.set_text(&key, &before);
            self.add_bench_line(format!("drag of {key}, an event every {GAP_MILLIS} ms"), bench.line());
            return;
        }
        if let Some(bench) = engine.drag_bench.borrow_mut().as_mut() {
            bench.asked_millis.get_or_insert_with(dom::now_millis);
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

    /// Something was painted: if that is the answer to the drag, it has taken until now.
    pub(crate) fn heed_paint(self, engine: &Engine) {
        if let Some(bench) = engine.drag_bench.borrow_mut().as_mut()
            && bench.asked_millis.is_some()
            && self.is_answered(engine)
        {
            bench.taken_millis.extend(bench.asked_millis.take().map(|asked| dom::now_millis() - asked));
        }
    }
}

impl DragBench {
    fn line(&self) -> String {
        let all = &self.taken_millis;
        // The least time that no fewer than this share of all have kept.
        let quantile = |share: f64| {
            let keeps = |time: &f64| all.iter().filter(|t| *t <= time).count() as f64 >= share * all.len() as f64;
            format_number(all.iter().copied().filter(keeps).fold(f64::INFINITY, f64::min))
        };
        format!(
            "to the repainted main figures: median {} ms, p95 {} ms of {} (bar 16 ms)",
            quantile(0.5),
            quantile(0.95),
            all.len()
        )
    }
}

#[cfg(test)]
mod tests {
    use super::DragBench;

    #[test]
    fn a_line_tells_the_quantiles_whatever_the_order() {
        let taken_millis = (1..=100).rev().map(f64::from).collect();
        let line = DragBench { asked_millis: None, taken_millis }.line();
        assert_eq!(line, "to the repainted main figures: median 50 ms, p95 95 ms of 100 (bar 16 ms)");
        assert!(DragBench::default().line().contains("median ∞ ms"), "nothing painted is no speed");
    }
}
