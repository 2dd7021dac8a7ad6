//! Controls, generated from their declarations.

mod choice;
mod files;
mod number_field;
mod play_buttons;
mod seed;
mod slider;

use exhibit::declaration::{Control, Kind, Place};
use exhibit::prose;
use leptos::ev;
use leptos::prelude::*;
use protocol::Notice;

use crate::lab::Lab;
use crate::ui;
use crate::visible;

/// One control with its name and help. It is absent while its condition does not hold or the address leaves it out.
pub(crate) fn control(lab: Lab, control: &'static Control) -> AnyView {
    let shown = move || lab.link.with(|l| visible::shows(l, control));
    ui::when(shown, move || body(lab, control))
}

fn body(lab: Lab, control: &'static Control) -> AnyView {
    match control.kind {
        _ if control.place == Place::Files => files::files(lab, control),
        Kind::Real { .. } | Kind::Integer { .. } => slider::slider(lab, control),
        Kind::Choice { options } => choice::choice(lab, control, options),
        Kind::Seed { .. } => seed::seed(lab, control),
        Kind::Text { .. } => text(lab, control),
    }
}

/// The controls at a place.
pub(crate) fn controls_at(lab: Lab, wanted: impl Fn(Place) -> bool) -> Vec<AnyView> {
    lab.exhibit.controls.iter().filter(|c| wanted(c.place)).map(|c| control(lab, c)).collect()
}

/// The headings of control groups, each once, in the declared order.
pub(crate) fn groups(lab: Lab) -> Vec<&'static str> {
    let mut names = Vec::new();
    for control in lab.exhibit.controls {
        if let Place::Group(name) = control.place
            && !names.contains(&name)
        {
            names.push(name);
        }
    }
    names
}

/// The id of a control's element with a role.
fn id_of(control: &Control, role: &str) -> String {
    format!("control-{}-{role}", control.key)
}

/// The control's symbol and name; a click unfolds its help.
fn label(control: &'static Control) -> AnyView {
    let open = RwSignal::new(false);
    let symbol = prose::inline(control.symbol);
    let unfolded = prose::prose(control.help);
    view! {
        <div class="control-label">
            <button
                type="button"
                class="label"
                id=id_of(control, "label")
                title=control.help
                aria-expanded=move || open.get().to_string()
                on:click=ui::boxed(move |_: ev::MouseEvent| open.update(|o| *o = !*o))
            >
                <span class="symbol" inner_html=symbol></span>
                <span class="name">{control.name}</span>
            </button>
            <p class="help" id=id_of(control, "help") hidden=move || !open.get() inner_html=unfolded></p>
        </div>
    }
    .into_any()
}

/// A text: its field, under its name.
fn text(lab: Lab, control: &'static Control) -> AnyView {
    let said = Said::new();
    let field = number_field::number_field(lab, control, said, |_, _| {});
    view! { <div class="control text">{label(control)} {field} {remarks(lab, control, said)}</div> }.into_any()
}

/// What a field says about what was typed into it.
#[derive(Clone, Copy)]
struct Said {
    /// What is wrong with it, in a sentence; empty for nothing.
    complaint: RwSignal<String>,
    /// The value that was read where that is not to be seen in it; empty for none.
    read: RwSignal<String>,
}

impl Said {
    fn new() -> Self {
        Self { complaint: RwSignal::new(String::new()), read: RwSignal::new(String::new()) }
    }

    /// Says something else; the same again is no change.
    fn say(self, complaint: String, read: String) {
        for (signal, text) in [(self.complaint, complaint), (self.read, read)] {
            if signal.try_with_untracked(|said| *said != text) == Some(true) {
                let _kept = signal.try_set(text);
            }
        }
    }

    fn clear(self) {
        self.say(String::new(), String::new());
    }
}

/// What the job says about a control.
fn heard(lab: Lab, control: &Control) -> Option<String> {
    let is_mine = |notice: &&Notice| notice.control.as_deref() == Some(control.key);
    lab.notices.with(|all| all.iter().find(is_mine).map(|notice| notice.text.clone()))
}

/// What is wrong with what was typed, in a sentence: what the field sees, or the job says.
fn complaint(lab: Lab, control: &'static Control, said: RwSignal<String>) -> AnyView {
    let html = move || {
        let heard = heard(lab, control).unwrap_or_default();
        prose::escaped(&said.with(|said| if said.is_empty() { heard } else { said.clone() }))
    };
    ui::live("complaint", "alert", id_of(control, "complaint"), html)
}

/// A complaint, and what was read, as long as the control has that value.
fn remarks(lab: Lab, control: &'static Control, said: Said) -> AnyView {
    let read = move || {
        let read = said.read.get();
        let holds = !read.is_empty() && lab.link.with(|l| l.values.text(control.key) == read);
        if holds { format!("Read as {}.", prose::escaped(&read.replace('-', "−"))) } else { String::new() }
    };
    view! { {complaint(lab, control, said.complaint)} {ui::live("read-as", "status", id_of(control, "read"), read)} }
        .into_any()
}
