//! Keys that everyone knows, and where a gesture begins, which is one step of the way back.

use std::cell::Cell;
use std::rc::Rc;

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{HtmlInputElement, Window};

use crate::dom::{self, Listener};
use crate::lab::Lab;

/// Listens to keys and gestures anywhere on the page.
pub(super) fn listen(lab: Lab, window: &Window) -> impl Iterator<Item = Listener> + use<> {
    let keys = dom::listen_with(window, "keydown", false, move |event| {
        if event.dyn_ref::<ev::KeyboardEvent>().is_some_and(|event| key(lab, event)) {
            event.prevent_default();
        }
    });
    let wheels = Rc::new(Cell::new(false));
    let gestures = ["pointerdown", "click", "keydown", "wheel"].map(|kind| {
        let wheels = Rc::clone(&wheels);
        dom::listen_before(window, kind, move |event| {
            // What a key repeats, or a wheel goes on with, belongs to what it began.
            let repeats = event.dyn_ref::<ev::KeyboardEvent>().is_some_and(ev::KeyboardEvent::repeat);
            let goes_on = wheels.replace(kind == "wheel") && kind == "wheel";
            if !repeats && !goes_on {
                lab.begin_step();
            }
        })
    });
    gestures.into_iter().chain([keys])
}

/// Does what a key with ctrl or command means for the page; whether it meant anything.
fn key(lab: Lab, event: &ev::KeyboardEvent) -> bool {
    if !(event.ctrl_key() || event.meta_key()) || event.alt_key() {
        return false;
    }
    match (event.key().to_ascii_lowercase().as_str(), event.shift_key()) {
        // In a text the browser takes back letters.
        ("z" | "y", _) if is_written_in(lab, event) => return false,
        ("z", forth) => lab.step_back(forth),
        ("y", false) => lab.step_back(true),
        ("p", false) if !lab.is_embedded() => lab.print(),
        _ => return false,
    }
    true
}

/// Whether letters stand in a field that the control does not have yet.
fn is_written_in(lab: Lab, event: &ev::KeyboardEvent) -> bool {
    let field = event.target().and_then(|target| target.dyn_into::<HtmlInputElement>().ok());
    let draft = field.and_then(|field| Some((field.get_attribute("data-field")?, field.value())));
    draft.is_some_and(|(key, text)| lab.link.try_with_untracked(|l| l.values.text(&key) != text) == Some(true))
}
