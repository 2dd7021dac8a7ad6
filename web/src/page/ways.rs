//! The way back from what a hand has done, and forth again: two buttons, and the keys that everyone knows.

use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use crate::lab::Lab;
use crate::ui;

const BACK: &str = "<svg viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" aria-hidden=\"true\">\
    <path d=\"M6.5 3 3 6.5 6.5 10M3.4 6.5H10a3 3 0 0 1 0 6.5H7\"/></svg>";

/// Both buttons; they come with the first change.
pub(crate) fn ways(lab: Lab) -> AnyView {
    let button = |action: &str, title: &str| {
        format!(
            "<button type=\"button\" class=\"quiet\" data-click data-action=\"{action}\" title=\"{title}\" \
             aria-label=\"{title}\">{BACK}</button>"
        )
    };
    let buttons = button("undo", "Undo (Ctrl+Z)") + &button("redo", "Redo (Ctrl+Shift+Z)");
    let step = move |event: ev::MouseEvent| {
        if let Some(action) = ui::clicked(&event).and_then(|button| button.get_attribute("data-action")) {
            lab.step_back(action == "redo");
        }
    };
    let open = move || match lab.ways.get() {
        (false, false) => "",
        (true, false) => "back",
        (false, true) => "forth",
        (true, true) => "back forth",
    };
    view! {
        <div class="ways" role="group" aria-label="Changes" data-open=open on:click=ui::boxed(step) inner_html=buttons></div>
    }
    .into_any()
}

/// Does what a key with ctrl or command means for the page; whether it meant anything.
pub(crate) fn key(lab: Lab, event: &ev::KeyboardEvent) -> bool {
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
