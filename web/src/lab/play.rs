//! The animation of a control: it goes up by itself, at most once for each answer, until its end or until someone else
//! changes it.

use exhibit::declaration::Control;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::Element;

use super::store::{Engine, Lab, Playing};
use crate::dom;
use crate::track::Track;
use crate::visible;

/// The longest time that is made up for at once: after a slow answer the control goes on from where it was.
const MOST_MILLIS: f64 = 100.0;

impl Lab {
    pub(crate) fn is_playing(self, control: &'static Control) -> bool {
        self.engine().and_then(|e| e.playing.get()).is_some_and(|p| p.control.key == control.key)
    }

    /// Plays a control, from its beginning if it is at its end.
    pub(crate) fn play(self, control: &'static Control) {
        let (Some(rate), Some(track)) = (control.kind.play_rate(), Track::from_kind(&control.kind)) else { return };
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
        let shown = |c: &Control| self.link.try_with_untracked(|l| visible::shows(l, c)) == Some(true);
        if let Some(control) = self.exhibit.controls.iter().find(|c| c.kind.play_rate().is_some() && shown(c)) {
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

    /// Moves the control that plays on, if the picture of where it is has been shown; true while it plays. One that somebody
    /// else has changed stops.
    pub(super) fn advance_play(self, engine: &Engine) -> bool {
        let Some(mut playing) = engine.playing.get() else { return false };
        let Playing { control, rate, track, millis, value } = playing;
        if self.number(control.key) != value {
            self.stop_playing();
            return false;
        }
        if !self.is_seen(engine) {
            return false;
        }
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
