//! The animation frame: what is due is asked for, written and painted.

use leptos::prelude::*;

use super::store::{Engine, Lab};
use crate::address::AddressBar;

impl Lab {
    pub(super) fn tick(self) {
        let Some(engine) = self.engine() else { return };
        engine.asked_at_once.set(false);
        if self.advance_play(&engine) {
            engine.ticker.wake();
        }
        if engine.request_due.get() && !engine.paused.get() {
            self.request(&engine);
        }
        if engine.address_due.get() {
            let written = self.link.try_with_untracked(|link| engine.address.write(link));
            engine.address_due.set(written == Some(false));
            if written == Some(false) {
                engine.ticker.wake_after(AddressBar::WAIT_MILLIS);
            }
        }
        self.paint(&engine, false);
    }

    pub(super) fn paint(self, engine: &Engine, only_main: bool) {
        let mut paintings = engine.paintings.borrow().clone();
        paintings.retain(|painting| painting.spec().main || !only_main);
        // All pictures before all words: see `paint_if_due`.
        let mut moving = false;
        for painting in &paintings {
            moving |= painting.paint_if_due();
        }
        paintings.iter().for_each(|painting| painting.tell());
        if let Some(drag) = engine.drag.borrow_mut().as_mut() {
            drag.painted(self.is_answered(engine));
        }
        if moving {
            engine.ticker.wake();
        }
    }
}
