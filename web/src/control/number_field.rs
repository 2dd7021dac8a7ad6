//! A number or a text that can be typed. A number is read with four digits and edited with all of them. What was read is told
//! where it is not to be seen in what was typed, until the next edit.

use exhibit::Value;
use exhibit::declaration::{Control, Kind};
use exhibit::prose::sentence;
use leptos::ev;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::{EventTarget, HtmlInputElement};

use super::{Said, heard, id_of};
use crate::dom;
use crate::lab::Lab;
use crate::reader;
use crate::track::Track;
use crate::ui;

/// The field. Enter and leaving it commit, Escape forgets; `step` is called for the up and down arrows with the number of
/// steps and whether they are fine ones.
pub(super) fn number_field(
    lab: Lab,
    control: &'static Control,
    said: Said,
    step: impl Fn(f64, bool) + 'static,
) -> AnyView {
    let key = control.key;
    let draft = RwSignal::new(None::<String>);
    let full = move || lab.link.try_with_untracked(|l| l.values.text(key)).unwrap_or_default();
    let shown = Memo::new(move |_| {
        let read = lab.link.with(|l| short(control, l.values.get(key)));
        draft.get().unwrap_or(read)
    });
    // What was said was said of this value.
    let said_at = RwSignal::new(String::new());
    let mut before = None;
    ui::effect(move || {
        let now = lab.link.with(|l| l.values.text(key));
        if let Some(before) = before.replace(now.clone()).filter(|before| *before != now) {
            if said_at.try_with_untracked(|at| *at == now) == Some(false) {
                said.clear();
            }
            // What stands in the field is no draft if it is what the value was.
            if draft.try_get_untracked().flatten() == Some(before) {
                let _kept = draft.try_set(Some(now));
            }
        }
    });
    let commit = move || {
        let Some(Some(text)) = draft.try_get_untracked() else { return };
        if text.trim() == full() {
            return;
        }
        lab.take_typed(key, text.clone(), move |result| {
            let _kept = said_at.try_set(full());
            match result {
                Ok(read) if read.is_as_typed => said.clear(),
                Ok(read) => said.say(String::new(), read.value_text),
                Err(error) => said.say(sentence(&error.on_page().to_string()), String::new()),
            }
            // Unless the hand was quicker than the reader.
            if draft.try_get_untracked().flatten() == Some(text) {
                let _kept = draft.try_set(Some(full()));
            }
        });
    };
    let full_draft = move || draft.try_get_untracked().flatten() == Some(full());
    let on_key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "Enter" => {
            commit();
            select_later(event.target(), full_draft);
        }
        "Escape" => {
            let _kept = draft.try_set(Some(full()));
            if let Some(field) =
                dom::target_element(&event).and_then(|field| field.dyn_into::<web_sys::HtmlElement>().ok())
            {
                // Blur cannot fail on a connected element, and leaving it focused would do no harm.
                let _blurred = field.blur();
            }
            event.stop_propagation();
        }
        "ArrowUp" | "ArrowDown" => {
            event.prevent_default();
            commit();
            step(if event.key() == "ArrowUp" { 1.0 } else { -1.0 }, event.shift_key());
            let _kept = draft.try_set(Some(full()));
        }
        _ => {}
    };
    let inputmode = match control.kind {
        Kind::Real { min, .. } if min >= 0.0 => "decimal",
        Kind::Integer { min, .. } if min >= 0 => "numeric",
        Kind::Seed { .. } => "numeric",
        // Number pads of phones have no minus sign.
        _ => "text",
    };
    view! {
        <input
            type="text"
            class="number"
            id=id_of(control, "number")
            inputmode=inputmode
            autocomplete="off"
            spellcheck="false"
            aria-label=format!("{}: value", control.name)
            aria-describedby=["complaint", "read", "help"].map(|role| id_of(control, role)).join(" ")
            aria-invalid=move || (!said.complaint.with(String::is_empty) || heard(lab, control).is_some()).to_string()
            data-control=matches!(control.kind, Kind::Seed { .. } | Kind::Text { .. }).then_some(key)
            data-field=key
            prop:value=move || shown.get()
            on:focus=ui::boxed(move |event: ev::FocusEvent| {
                reader::load(|| ());
                let _kept = draft.try_set(Some(full()));
                select_later(event.target(), full_draft);
            })
            on:input=ui::boxed(move |event: ev::Event| {
                said.clear();
                let _kept = draft.try_set(Some(event_target_value(&event)));
            })
            on:keydown=ui::boxed(on_key)
            on:blur=ui::boxed(move |_: ev::FocusEvent| {
                commit();
                let _kept = draft.try_set(None);
            })
        />
    }
    .into_any()
}

/// Selects a field's text after it has changed to all digits, unless a quick hand has typed by then: the next letter would take the
/// place of what is selected.
fn select_later(field: Option<EventTarget>, is_full: impl Fn() -> bool + 'static) {
    let field = field.and_then(|field| field.dyn_into::<HtmlInputElement>().ok());
    dom::after(0, move || {
        if let Some(field) = field.filter(|_| is_full()) {
            field.select();
        }
    });
}

/// A value as it is read.
fn short(control: &Control, value: Option<Value>) -> String {
    match value {
        Some(Value::Real(x)) => {
            Track::from_kind(&control.kind).map_or_else(|| figures::format_number(x), |t| t.shown(x))
        }
        Some(Value::Integer(n)) => n.to_string().replace('-', "−"),
        Some(Value::Text(text)) => text,
        _ => String::new(),
    }
}
