//! The animation of a control: it goes up by itself, at most once for each answer, until its end or until someone else
//! changes it.

use exhibit::declaration::{Control, Kind};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use crate::control::track::Track;
use crate::dom;
use crate::lab::{Engine, Lab};
use crate::page::part;
use crate::ui;

/// The longest time that is made up for at once: after a slow answer the control goes on from where it was.
const MOST_MILLIS: f64 = 100.0;

/// The control that plays.
#[derive(Clone, Copy)]
pub(crate) struct Playing {
    control: &'static Control,
    rate: f64,
    track: Track,
    /// Until when it has been moved, and to which value.
    millis: f64,
    value: f64,
}

/// Back to the beginning, play or pause, one step on; nothing for a control that is not played.
pub(crate) fn buttons(lab: Lab, control: &'static Control) -> AnyView {
    if rate(control).is_none() {
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
    ui::live_clicked("play", "", move || html.clone(), move |hit| lab.press(control, &hit))
}

/// What an animation adds to a control in a second; `None` for one that is not played.
fn rate(control: &Control) -> Option<f64> {
    match control.kind {
        Kind::Integer { play, .. } if play > 0.0 => Some(play),
        _ => None,
    }
}

impl Lab {
    fn press(self, control: &'static Control, button: &Element) {
        let (Some(track), value) = (Track::from_kind(&control.kind), self.number(control.key)) else { return };
        match button.get_attribute("data-action").as_deref() {
            Some("restart") => self.set_number(control.key, track.low),
            Some("step") => self.set_number(control.key, track.stepped(value, 1.0, true)),
            _ if self.is_playing(control) => self.stop_playing(),
            _ => self.play(control),
        }
    }

    fn is_playing(self, control: &'static Control) -> bool {
        self.engine().and_then(|e| e.playing.get()).is_some_and(|p| p.control.key == control.key)
    }

    /// Plays a control, from its beginning if it is at its end.
    fn play(self, control: &'static Control) {
        let (Some(rate), Some(track)) = (rate(control), Track::from_kind(&control.kind)) else { return };
        let mut value = self.number(control.key);
        if value >= track.high {
            value = track.low;
            self.set_number(control.key, value);
        }
        self.set_playing(Some(Playing { control, rate, track, millis: dom::now_millis(), value }));
        self.wake();
    }

    /// Plays the first control that can be played and is on the page.
    pub(crate) fn play_first(self) {
        let shown =
            |c: &Control| self.link.try_with_untracked(|l| l.values.shows(c) && part::shows(l, c)) == Some(true);
        if let Some(control) = self.exhibit.controls.iter().find(|c| rate(c).is_some() && shown(c)) {
            self.play(control);
        }
    }

    /// What the address asks for, where the user has not asked for less motion.
    pub(crate) fn autoplay(self) {
        let wanted = self.link.try_with_untracked(|l| l.view.autoplay) == Some(true);
        if wanted && !dom::media("(prefers-reduced-motion: reduce)") {
            self.play_first();
        }
    }

    /// Leaves the control where it is.
    pub(crate) fn stop_playing(self) {
        self.set_playing(None);
    }

    /// The buttons are markup, which is told.
    fn set_playing(self, playing: Option<Playing>) {
        let Some(engine) = self.engine() else { return };
        engine.playing.set(playing);
        let key = playing.map(|p| p.control.key);
        let found = dom::document().and_then(|d| d.query_selector_all("[data-plays]").ok());
        for i in 0..found.as_ref().map_or(0, web_sys::NodeList::length) {
            let button = found.as_ref().and_then(|f| f.item(i)).and_then(|b| b.dyn_into::<Element>().ok());
            if let Some(button) = button {
                let pressed = if button.get_attribute("data-plays").as_deref() == key { "true" } else { "false" };
                // The name is valid, so setting it cannot fail.
                let _set = button.set_attribute("aria-pressed", pressed);
            }
        }
    }

    fn number(self, key: &str) -> f64 {
        self.link.try_with_untracked(|l| l.values.real(key)).unwrap_or_default()
    }

    /// A control was changed: if it is the one that plays, and not by that, it stops.
    pub(crate) fn heed_change(self, engine: &Engine) {
        if engine.playing.get().is_some_and(|p| self.number(p.control.key) != p.value) {
            self.stop_playing();
        }
    }

    /// Moves the control that plays on, if the picture of where it is has been shown; true while it plays.
    pub(crate) fn advance_play(self, engine: &Engine) -> bool {
        let Some(mut playing) = engine.playing.get().filter(|_| self.is_seen(engine)) else { return false };
        let Playing { control, rate, track, millis, value } = playing;
        let now = dom::now_millis();
        let since = millis.max(now - MOST_MILLIS.max(1000.0 / rate));
        let steps = ((now - since) * rate / 1000.0 + 1e-9).floor();
        if steps < 1.0 || !self.is_answered(engine) {
            return true;
        }
        playing.millis = since + steps * 1000.0 / rate;
        playing.value = (value + steps).min(track.high);
        engine.playing.set(Some(playing));
        self.set_number(control.key, playing.value);
        if playing.value >= track.high {
            self.stop_playing();
        }
        true
    }
}
