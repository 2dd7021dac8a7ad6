//! A slider: a native range element with marks on its track, and a number that can be typed.

use exhibit::declaration::Control;
use exhibit::prose::escaped;
use leptos::ev;
use leptos::prelude::*;
use protocol::Mark;
use wasm_bindgen::JsCast;
use web_sys::HtmlInputElement;

use super::number_field::number_field;
use super::play_buttons::play_buttons;
use super::{Said, id_of, label, remarks};
use crate::dom;
use crate::lab::Lab;
use crate::track::Track;
use crate::ui;

/// The slider of a number.
pub(super) fn slider(lab: Lab, control: &'static Control) -> AnyView {
    let Some(track) = Track::from_kind(&control.kind) else { return ().into_any() };
    let key = control.key;
    let number = move || lab.link.try_with_untracked(|l| l.values.real(key)).unwrap_or_default();
    let said = Said::new();
    let set = move |value: f64| {
        said.clear();
        lab.set_number(key, value);
    };
    // The elements of a control follow its value, not those of all the others.
    let value = Memo::new(move |_| lab.link.with(|l| l.values.real(key)));
    let fill = move || format!("{:.4}", track.share(value.get()).clamp(0.0, 1.0));
    let on_key = move |event: ev::KeyboardEvent| {
        if event.ctrl_key() || event.alt_key() || event.meta_key() {
            return;
        }
        let value = number();
        let fine = event.shift_key();
        let new = match event.key().as_str() {
            "ArrowRight" | "ArrowUp" => track.stepped(value, 1.0, fine),
            "ArrowLeft" | "ArrowDown" => track.stepped(value, -1.0, fine),
            "PageUp" => track.paged(value, 1.0),
            "PageDown" => track.paged(value, -1.0),
            "Home" => track.low,
            "End" => track.high,
            _ => return,
        };
        event.prevent_default();
        set(new);
    };
    let (start, end) = track.ends();
    view! {
        <div class="control slider" class:beyond=move || !track.holds(value.get())>
            {label(control)}
            {play_buttons(lab, control)}
            {number_field(lab, control, said, move |steps, fine| set(track.stepped(number(), steps, fine)))}
            <div class="track" style:--fill=fill>
                <input
                    type="range"
                    id=id_of(control, "track")
                    data-control=key
                    min=start.to_string()
                    max=end.to_string()
                    step="any"
                    aria-labelledby=id_of(control, "label")
                    aria-describedby=id_of(control, "help")
                    aria-valuetext=move || track.shown(value.get())
                    prop:value=move || track.position(value.get()).to_string()
                    on:input=ui::boxed(move |event: ev::Event| {
                        let range = dom::target_element(&event).and_then(|e| e.dyn_into::<HtmlInputElement>().ok());
                        if let Some(range) = range {
                            set(track.value(range.value_as_number()));
                        }
                    })
                    on:keydown=ui::boxed(on_key)
                    on:dblclick=ui::boxed(move |_: ev::MouseEvent| lab.reset(key))
                />
                {marks(lab, control, track)}
            </div>
            {remarks(lab, control, said)}
        </div>
    }
    .into_any()
}

/// The default and the special values on the track; a click on one sets it exactly.
fn marks(lab: Lab, control: &'static Control, track: Track) -> AnyView {
    let key = control.key;
    let special = Memo::new(move |_| {
        lab.marks
            .with(|all| all.iter().filter(|m| m.control == key && track.holds(m.value)).cloned().collect::<Vec<_>>())
    });
    let default = exhibit::Values::defaults(lab.exhibit).real(key);
    let html = move || special.with(|special| marks_html(track, default, special));
    ui::live_clicked("marks", "", html, move |hit| {
        if let Some(text) = hit.get_attribute("data-at") {
            // What the page has written itself is a number.
            let _valid = lab.set_text(key, &text);
        }
    })
}

fn marks_html(track: Track, default: f64, special: &[Mark]) -> String {
    let mut html = format!("<i class=\"mark\" style=\"--at:{}\"></i>", at(track, default));
    let mut taken: Vec<f64> = Vec::new();
    for mark in special {
        let share = track.share(mark.value);
        // Two labels closer than this would lie upon each other.
        let room = taken.iter().all(|t| (t - share).abs() > 0.22);
        if room {
            taken.push(share);
        }
        let label = escaped(&mark.label);
        html += &format!(
            "<button type=\"button\" tabindex=\"-1\" class=\"mark special\" data-click data-at=\"{}\" title=\"{label}: {}; \
             click to go there\" style=\"--at:{}\"><span>{}</span></button>",
            mark.value,
            figures::format_number(mark.value),
            at(track, mark.value),
            if room { label.as_str() } else { "" }
        );
    }
    html
}

fn at(track: Track, value: f64) -> String {
    format!("{:.4}", track.share(value).clamp(0.0, 1.0))
}
