//! The way back from what a hand has done, and forth again: two buttons.

use leptos::ev;
use leptos::prelude::*;

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
