//! One of several words: buttons in a row for few, a list for many.

use exhibit::declaration::Control;
use exhibit::prose;
use leptos::ev;
use leptos::prelude::*;

use super::{complaint, id_of, label};
use crate::dom;
use crate::lab::Lab;
use crate::ui::{self, Select};

type Options = &'static [(&'static str, &'static str)];

/// Up to this many options stand side by side, if their names are not longer than that together.
const MOST_BUTTONS: usize = 4;
const MOST_LETTERS: usize = 48;

/// The choice.
pub(super) fn choice(lab: Lab, control: &'static Control, options: Options) -> AnyView {
    let letters: usize = options.iter().map(|o| o.1.chars().count()).sum();
    let side_by_side = options.len() <= MOST_BUTTONS && letters <= MOST_LETTERS;
    let body = if side_by_side { buttons(lab, control, options) } else { list(lab, control, options) };
    let said = RwSignal::new(String::new());
    view! { <div class="control choice">{label(control)} {body} {complaint(lab, control, said)}</div> }.into_any()
}

/// What was declared is always accepted.
fn take(lab: Lab, key: &'static str, option: &str) {
    let _valid = lab.set_text(key, option);
}

fn list(lab: Lab, control: &'static Control, options: Options) -> AnyView {
    let key = control.key;
    let select = Select {
        control: Some(key),
        labelled_by: id_of(control, "label"),
        name: None,
        title: control.help.to_owned(),
        options: options.to_vec(),
        chosen: Signal::derive(move || lab.link.with(|l| l.values.choice(key))),
        choose: Box::new(move |option| take(lab, key, option)),
    };
    select.view()
}

fn buttons(lab: Lab, control: &'static Control, options: Options) -> AnyView {
    let key = control.key;
    let chosen = Memo::new(move |_| lab.link.with(|l| l.values.choice(key)));
    let on_key = move |event: ev::KeyboardEvent| {
        let by = match event.key().as_str() {
            "ArrowRight" | "ArrowDown" => 1,
            "ArrowLeft" | "ArrowUp" => options.len() - 1,
            _ => return,
        };
        event.prevent_default();
        let now = options.iter().position(|o| o.0 == chosen.get_untracked()).unwrap_or(0);
        let (next, _) = options[(now + by) % options.len()];
        take(lab, key, next);
        focus_option(&event, next);
    };
    let button = move |(option, name): &(&'static str, &'static str)| {
        let option = *option;
        let is_chosen = move || chosen.get() == option;
        view! {
            <button
                type="button"
                role="radio"
                data-option=option
                aria-checked=move || is_chosen().to_string()
                tabindex=move || if is_chosen() { "0" } else { "-1" }
                on:click=ui::boxed(move |_: ev::MouseEvent| take(lab, key, option))
                inner_html=prose::prose(name)
            ></button>
        }
        .into_any()
    };
    view! {
        <div
            class="segments"
            role="radiogroup"
            data-control=key
            data-value=move || chosen.get()
            aria-labelledby=id_of(control, "label")
            on:keydown=ui::boxed(on_key)
        >
            {options.iter().map(button).collect::<Vec<_>>()}
        </div>
    }
    .into_any()
}

/// The focus follows the chosen button.
fn focus_option(event: &ev::KeyboardEvent, option: &str) {
    let group = dom::target_element(event).and_then(|b| b.closest("[role=radiogroup]").ok().flatten());
    ui::focus(group.and_then(|g| g.query_selector(&format!("[data-option=\"{option}\"]")).ok().flatten()));
}
