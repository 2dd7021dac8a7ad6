//! What controls, addresses and messages change.

use exhibit::declaration::Preset;
use exhibit::reading::Read;
use exhibit::{Link, PageView, ValueError, Values};
use figures::Theme;
use leptos::prelude::*;

use super::store::Lab;
use crate::reader::reading;

impl Lab {
    /// Changes the link; a request follows at once, the address with an animation frame.
    pub(crate) fn change<T>(self, change: impl FnOnce(&mut Link) -> T) -> Option<T> {
        let before = self.link.try_with_untracked(|link| link.values.clone());
        let result = self.replace(change);
        self.remember(before);
        result
    }

    /// The same without a way back.
    fn replace<T>(self, change: impl FnOnce(&mut Link) -> T) -> Option<T> {
        let result = self.link.try_update(change);
        self.follow();
        result
    }

    fn follow(self) {
        if let Some(engine) = self.engine() {
            engine.request_due.set(true);
            engine.address_due.set(true);
            for painting in engine.paintings.borrow().iter() {
                self.link.try_with_untracked(|l| painting.follow_controls(&l.values));
            }
            // The first change after an animation frame goes to the worker at once, the others with the next frame.
            if !engine.asked_at_once.replace(true) && !engine.paused.get() {
                self.request(&engine);
            }
            engine.ticker.wake();
        }
    }

    /// Keeps the values from before a change.
    fn remember(self, before: Option<Values>) {
        let (Some(engine), Some(before)) = (self.engine(), before) else { return };
        let kept = self.link.try_with_untracked(|l| engine.history.keep(before, &l.values));
        if kept == Some(true) {
            let _kept = self.ways.try_set(engine.history.ways());
        }
    }

    /// The next change is a step of its own, which can be gone back.
    pub(crate) fn begin_step(self) {
        if let Some(engine) = self.engine() {
            engine.history.begin();
        }
    }

    /// Goes one step back, or forth again.
    pub(crate) fn step_back(self, forth: bool) {
        let Some(engine) = self.engine() else { return };
        let now = self.link.try_with_untracked(|l| l.values.clone());
        if let Some(there) = now.and_then(|now| engine.history.step(now, forth)) {
            self.stop_playing();
            self.replace(|link| link.values = there);
            let _kept = self.ways.try_set(engine.history.ways());
        }
    }

    /// Sets a control from plain text; what was read.
    pub(crate) fn set_text(self, key: &str, text: &str) -> Result<Read, ValueError> {
        self.change(|link| link.values.set_text(key, text)).unwrap_or_else(|| Ok(Read::default()))
    }

    /// Sets a control from what was typed, and then says what was read.
    pub(crate) fn take_typed(
        self,
        key: &'static str,
        text: String,
        then: impl FnOnce(Result<Read, ValueError>) + 'static,
    ) {
        let then = move |read| {
            // A hand that leaves the field for a slider takes two steps.
            self.begin_step();
            then(read);
        };
        reading(move || self.set_text(key, &text), then);
    }

    /// Sets a number, clamped to its range.
    pub(crate) fn set_number(self, key: &str, number: f64) {
        self.change(|link| link.values.set_number(key, number));
    }

    /// Puts a control to its default after a double click.
    pub(crate) fn reset(self, key: &str) {
        if let Some(engine) = self.engine() {
            engine.history.join_click();
        }
        self.change(|link| link.values.reset(key));
    }

    /// Puts all controls but seeds to their default.
    pub(crate) fn reset_all(self) {
        self.change(|link| link.values.reset_all());
    }

    /// Takes a preset; a test makes sure that declared presets are valid.
    pub(crate) fn take_preset(self, preset: &'static Preset) {
        let _valid = self.change(|link| link.values.set_preset(preset));
    }

    /// Takes a whole link, from the address bar or a saved state.
    pub(crate) fn take_link(self, link: Link, notes: Vec<String>) {
        let _kept = self.address_notes.try_set(notes);
        self.begin_step();
        self.change(|l| *l = link);
    }

    /// Changes the view without computing anew.
    pub(crate) fn change_view(self, change: impl FnOnce(&mut PageView)) {
        let _done = self.link.try_update(|link| change(&mut link.view));
        if let Some(engine) = self.engine() {
            engine.address_due.set(true);
            engine.ticker.wake();
        }
    }

    /// Takes the theme in use to the figures.
    pub(crate) fn set_theme(self, theme: Theme) {
        let _kept = self.theme.try_set(theme);
        self.repaint(|p| p.restyle(theme));
    }
}
