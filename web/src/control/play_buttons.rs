//! The buttons of a control that goes up by itself: back to the beginning, play or pause, one step on.

use exhibit::declaration::Control;
use leptos::prelude::*;
use web_sys::Element;

use crate::lab::Lab;
use crate::track::Track;
use crate::ui;

/// The buttons; nothing for a control that is not played.
pub(super) fn play_buttons(lab: Lab, control: &'static Control) -> AnyView {
    if control.kind.play_rate().is_none() {
        return ().into_any();
    }
    let pressed = if lab.is_playing(control) { "true" } else { "false" };
    let button = |action: &str, title: &str, more: &str| {
        format!(
            "<button type=\"button\" class=\"quiet\" data-click data-action=\"{action}\" title=\"{title}\" aria-label=\"{title}\"{more}></button>"
        )
    };
    let html = button("restart", "Back to the beginning", "")
        + &button(
            "play",
            &format!("Play: {}", control.name),
            &format!(" data-plays={} aria-pressed={pressed}", control.key),
        )
        + &button("step", "One step on", "");
    ui::live_clicked("play", "", move || html.clone(), move |hit| press(lab, control, &hit))
}

fn press(lab: Lab, control: &'static Control, button: &Element) {
    let Some(track) = Track::from_kind(&control.kind) else { return };
    match button.get_attribute("data-action").as_deref() {
        Some("restart") => lab.set_number(control.key, track.low),
        Some("step") => lab.set_number(control.key, track.stepped(lab.number(control.key), 1.0, true)),
        _ if lab.is_playing(control) => lab.stop_playing(),
        _ => lab.play(control),
    }
}
