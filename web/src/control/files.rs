//! A person's own files: a button that opens them. They may be dropped anywhere on the page, too.

use exhibit::declaration::Control;
use exhibit::prose;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::{complaint, id_of, label};
use crate::dom;
use crate::lab::Lab;
use crate::ui;

/// The button, and what is open.
pub(super) fn files(lab: Lab, control: &'static Control) -> AnyView {
    let told = move || {
        let is_open = lab.opened.with(|opened| lab.link.with(|l| l.values.text(control.key) == opened.id));
        if is_open { lab.opened.with(|opened| prose::escaped(&opened.told)) } else { prose::prose(control.help) }
    };
    let on_change = move |event: ev::Event| {
        let input = dom::target_element(&event).and_then(|input| input.dyn_into::<HtmlInputElement>().ok());
        let Some(input) = input else { return };
        if let Some(files) = input.files() {
            lab.open_files(&files);
        }
        // The same files can be chosen again.
        input.set_value("");
    };
    view! {
        <div class="control files">
            {label(control)}
            <label class="open">
                <input
                    type="file"
                    multiple
                    class="visually-hidden"
                    data-control=control.key
                    aria-labelledby=id_of(control, "label")
                    aria-describedby=id_of(control, "help")
                    on:change=ui::boxed(on_change)
                />
                "Open files…"
            </label>
            {complaint(lab, control, RwSignal::new(String::new()))}
            {ui::live("read-as", "status", id_of(control, "read"), told)}
        </div>
    }
    .into_any()
}
