//! Keys that no control takes go back to the slide deck, which would otherwise not get them while this frame has the focus.
//!
//! Page up and down, which a remote sends, go to the deck whatever has the focus. The others do where a pointer has put the
//! focus: whoever drags a slider and then presses an arrow means the deck. Who has come to a control by the tab key moves it.

use std::cell::Cell;
use std::rc::Rc;

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
        "PageDown" | " " => "next",
        "PageUp" => "prev",
        "Escape" => "toggleOverview",
        "b" | "B" | "." => "togglePause",
        _ => return None,
    })
}

pub(super) fn listen() -> Vec<Listener> {
    let Some(window) = dom::window() else { return Vec::new() };
    let by_pointer = Rc::new(Cell::new(false));
    let of_pointer = Rc::clone(&by_pointer);
    let pointers = dom::listen_before(&window, "pointerdown", move |_| of_pointer.set(true));
    let keys = dom::listen_before(&window, "keydown", move |event| {
        if let Some(event) = event.dyn_ref::<KeyboardEvent>() {
            if event.key() == "Tab" {
                by_pointer.set(false);
            }
            hand_back(event, by_pointer.get());
        }
    });
    vec![pointers, keys]
}

fn hand_back(event: &KeyboardEvent, by_pointer: bool) {
    let held = event.ctrl_key() || event.alt_key() || event.meta_key() || event.shift_key();
    let key = event.key();
    let Some(method) = method_of(&key).filter(|_| !held && !event.is_composing()) else { return };
    if let Some((control, is_written_in)) = focused_control() {
        let is_of_a_remote = key.starts_with("Page");
        // A button that was clicked takes the space bar once more.
        let is_taken = is_written_in || !by_pointer || key == " ";
        if is_taken && !is_of_a_remote {
            // The first Escape leaves the control, so that the next keys reach the deck.
            if key == "Escape" {
                let _left = control.blur();
            }
            return;
        }
    }
    if let Some(host) = post::host() {
        let text = format!("{{\"method\":\"{method}\"}}");
        let _posted = host.post_message(&JsValue::from_str(&text), "*");
        event.prevent_default();
        event.stop_propagation();
    }
}

/// The control that has the focus, if one has, and whether letters can be typed there.
fn focused_control() -> Option<(HtmlElement, bool)> {
    let active: Element = dom::document()?.active_element()?;
    let is = |selector: &str| active.matches(selector).unwrap_or(false);
    let is_control = is("input, select, textarea, button, a[href], summary, [tabindex]");
    let is_written_in = is("input:not([type=range], [type=checkbox], [type=radio]), textarea");
    is_control.then(|| active.dyn_into().ok()).flatten().map(|control| (control, is_written_in))
}
