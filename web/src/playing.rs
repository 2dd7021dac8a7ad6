//! The animation of a control: it goes up by itself, at most once for each answer, until its end or until someone else
//! changes it.

use exhibits::declaration::{Control, Kind};
use leptos::prelude::*;

use crate::control::track::Track;
use crate::dom;
use crate::lab::{Engine, Lab};

/// The longest time that is made up for at once: after a slow answer the control goes on from where it was.
const MOST_MILLIS: f64 = 100.0;

/// What an animation adds to a control in a second; `None` for one that is not played.
pub(crate) fn rate(control: &Control) -> Option<f64> {
    match control.kind {
        Kind::Integer { play, .. } if play > 0.0 => Some(play),
        _ => None,
    }
}

/// Until when the control has been moved, and to which value.
#[derive(Clone, Copy, Default)]
pub(crate) struct Played {
    millis: f64,
    value: f64,
}

impl Lab {
    /// Plays a control, from its beginning if it is at its end.
    pub(crate) fn play(self, control: &'static Control) {
        let Some(track) = Track::from_kind(&control.kind) else { return };
        let value = self.number(control.key);
        if value >= track.high {
            self.set_number(control.key, track.low);
        }
        let value = if value >= track.high { track.low } else { value };
        if let Some(engine) = self.engine() {
            engine.played.set(Played { millis: dom::now_millis(), value });
        }
        let _kept = self.playing.try_set(Some(control.key));
        self.wake();
    }

    /// Plays the first control that can be played and is on the page.
    pub(crate) fn play_first(self) {
        let shown =
            |c: &&'static Control| self.link.try_with_untracked(|l| l.values.shows(c) && l.shows(c.key)) == Some(true);
        if let Some(control) = self.exhibit.controls.iter().filter(|c| rate(c).is_some()).find(shown) {
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
        if self.playing.try_get_untracked().flatten().is_some() {
            let _kept = self.playing.try_set(None);
        }
    }

    fn number(self, key: &str) -> f64 {
        self.link.try_with_untracked(|l| l.values.real(key)).unwrap_or_default()
    }

    /// A control was changed: if it is the one that plays, and not by that, it stops.
    pub(crate) fn heed_change(self, engine: &Engine) {
        if let Some(key) = self.playing.try_get_untracked().flatten()
            && self.number(key) != engine.played.get().value
        {
            self.stop_playing();
        }
    }

    /// Moves the control that plays on, if the picture of where it is has been shown; true while it plays.
    pub(crate) fn advance_play(self, engine: &Engine) -> bool {
        let Some(control) = self.playing.try_get_untracked().flatten().and_then(|key| self.exhibit.control(key)) else {
            return false;
        };
        let (Some(rate), Some(track)) = (rate(control), Track::from_kind(&control.kind)) else { return false };
        if !self.is_seen(engine) {
            return false;
        }
        let (now, before) = (dom::now_millis(), engine.played.get());
        let since = before.millis.max(now - MOST_MILLIS.max(1000.0 / rate));
        let steps = ((now - since) * rate / 1000.0 + 1e-9).floor();
        if steps < 1.0 || !self.is_answered(engine) {
            return true;
        }
        let value = (before.value + steps).min(track.high);
        engine.played.set(Played { millis: since + steps * 1000.0 / rate, value });
        self.set_number(control.key, value);
        if value >= track.high {
            self.stop_playing();
        }
        value < track.high
    }
}
