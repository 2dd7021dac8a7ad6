//! What the page has to say: bad addresses, failures, things to know about the picture.

use std::cell::Cell;
use std::rc::Rc;

use exhibit::Link;
use exhibit::prose::{escaped, prose, sentence};
use leptos::prelude::*;
use protocol::Notice;

use super::presets;
use crate::dom;
use crate::lab::Lab;
use crate::ui;
use crate::visible;

/// How long nothing may change before it is told.
const REST_MILLIS: i32 = 900;

const DISMISS: &str = "<button type=\"button\" class=\"dismiss\" data-click aria-label=\"Dismiss\">×</button>";

/// What of the address was not taken, until it is dismissed.
pub(crate) fn address_notes(lab: Lab) -> AnyView {
    let html = move || lab.address_notes.with(|notes| notes_html(notes));
    ui::live_clicked("notice-slot", "status", html, move |_| {
        let _kept = lab.address_notes.try_set(Vec::new());
    })
}

fn notes_html(notes: &[String]) -> String {
    if notes.is_empty() {
        return String::new();
    }
    let items: String = notes.iter().map(|note| format!("<li>{}</li>", escaped(&sentence(note)))).collect();
    format!(
        "<div class=\"notice\" data-notes><div><strong>Not all of this address could be taken:</strong>\
         <ul>{items}</ul></div>{DISMISS}</div>"
    )
}

/// Failures of the worker and of the last request, and files that were not taken.
pub(crate) fn faults(lab: Lab) -> AnyView {
    let html = move || {
        let panel = |kind: &str, text: String| {
            if text.is_empty() {
                return String::new();
            }
            format!("<div class=\"notice fault\" data-fault=\"{kind}\"><p>{}</p>{DISMISS}</div>", prose(&text))
        };
        panel("worker", lab.fault.get()) + &panel("run", lab.failure.get()) + &panel("files", lab.refusal.get())
    };
    ui::live_clicked("notice-slot", "alert", html, move |hit| {
        let panel = hit.closest("[data-fault]").ok().flatten().and_then(|p| p.get_attribute("data-fault"));
        let signal = match panel.as_deref() {
            Some("run") => lab.failure,
            Some("files") => lab.refusal,
            _ => lab.fault,
        };
        let _kept = signal.try_set(String::new());
    })
}

/// Sentences that belong to what is shown now, but for those that stand beside their control.
pub(crate) fn notices(lab: Lab) -> AnyView {
    let html = move || lab.link.with(|link| lab.notices.with(|all| notices_html(link, all)));
    ui::live("remarks", "", String::new(), html)
}

/// What screen readers are told of what is shown: once it has come to rest, not at each step of a drag or of a key that is held.
pub(crate) fn announcer(lab: Lab) -> AnyView {
    let said = RwSignal::new(String::new());
    let count = Rc::new(Cell::new(0_u32));
    ui::effect(move || {
        lab.link.track();
        lab.notices.track();
        lab.busy.track();
        let now = count.get().wrapping_add(1);
        count.set(now);
        let count = Rc::clone(&count);
        dom::after(REST_MILLIS, move || {
            if count.get() == now && lab.is_up_to_date() {
                let html = lab.link.try_with_untracked(|link| {
                    let help = presets::at(link).map(|preset| prose(preset.help)).unwrap_or_default();
                    lab.notices.try_with_untracked(|all| help + &notices_html(link, all))
                });
                let _kept = said.try_set(html.flatten().unwrap_or_default());
            }
        });
    });
    ui::live("visually-hidden announcer", "status", String::new(), move || said.get())
}

fn notices_html(link: &Link, all: &[Notice]) -> String {
    let html = |notice: &Notice| {
        let control = notice.control.as_ref().and_then(|key| link.values.exhibit().control(key));
        match control {
            Some(control) if visible::shows(link, control) => String::new(),
            Some(control) => format!("<p>{}: {}</p>", prose(control.name), prose(&notice.text)),
            None => format!("<p>{}</p>", prose(&notice.text)),
        }
    };
    all.iter().map(html).collect()
}

/// A short confirmation at the lower edge.
pub(crate) fn toast(lab: Lab) -> AnyView {
    ui::live("toast", "status", String::new(), move || escaped(&lab.toast.get()))
}

/// What the bench mode measured (`debug=bench`).
pub(crate) fn bench(lab: Lab) -> AnyView {
    let row = |(task, line): &(String, String)| {
        format!("<tr><th scope=\"row\">{}</th><td>{}</td></tr>", escaped(task), escaped(line))
    };
    let html = move || {
        let rows = lab.bench.with(|all| all.iter().map(row).collect::<String>());
        if rows.is_empty() {
            return rows;
        }
        format!(
            "<table class=\"bench\" data-bench><caption>Measured in this browser</caption><tbody>{rows}</tbody></table>"
        )
    };
    ui::live("bench-slot", "", String::new(), html)
}

#[cfg(test)]
mod tests {
    use super::notes_html;

    #[test]
    fn a_note_cannot_bring_markup() {
        let html = notes_html(&["there is no control “<img src=x>” here".into()]);
        assert!(html.contains("&lt;img src=x&gt;") && !html.contains("<img"));
        assert_eq!(notes_html(&[]), "");
    }
}
