//! Keys that no control takes go back to the slide deck, which would otherwise not get them while this frame has the focus.

use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement, KeyboardEvent};

use super::post;
use crate::dom::{self, Listener};

/// What reveal.js calls what a key does there.
fn method_of(key: &str) -> Option<&'static str> {
    Some(match key {
        "ArrowRight" => "right",
        "ArrowLeft" => "left",
        "ArrowUp" => "up",
        "ArrowDown" => "down",
        "PageDown" => "next",
        "PageUp" => "prev",
        "Escape" => "toggleOverview",
        _ => return None,
    })
}

pub(super) fn listen() -> Option<Listener> {
    let window = dom::window()?;
    Some(dom::listen_with(&window, "keydown", false, |event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
            hand_back(event);
        }
    }))
}

fn hand_back(event: &KeyboardEvent) {
    let held = event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key();
    let Some(method) = method_of(&event.key()).filter(|_| !held && !event.default_prevented()) else { return };
    if let Some(control) = focused_control() {
        // The first Escape leaves the control, so that the next keys reach the deck.
        if event.key() == "Escape" {
            let _left = control.blur();
        }
        return;
    }
    if let Some(host) = post::host() {
        let text = format!("{{\"method\":\"{method}\"}}");
        let _posted = host.post_message(&JsValue::from_str(&text), "*");
        event.prevent_default();
    }
}

/// The control that has the focus, if one has.
fn focused_control() -> Option<HtmlElement> {
    let active: Element = dom::document()?.active_element()?;
    let is_control = active.matches("input, select, textarea, button, a[href], summary, [tabindex]").unwrap_or(false);
    is_control.then(|| active.dyn_into().ok()).flatten()
}
