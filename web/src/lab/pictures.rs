//! The figures on the page: which there are, which are seen, and what they show.

use std::rc::Rc;

use leptos::prelude::*;

use super::painting::Painting;
use super::store::{Engine, Lab};

impl Lab {
    /// Adds a figure; it is removed with [`Self::remove`].
    pub(crate) fn add(self, painting: Rc<dyn Painting>) {
        if let Some(engine) = self.engine() {
            engine.paintings.borrow_mut().push(painting);
        }
    }

    /// Removes a figure.
    pub(crate) fn remove(self, painting: &dyn Painting) {
        if let Some(engine) = self.engine() {
            engine.paintings.borrow_mut().retain(|p| !std::ptr::addr_eq(Rc::as_ptr(p), painting));
        }
    }

    /// Paints with the next animation frame.
    pub(crate) fn wake(self) {
        if let Some(engine) = self.engine() {
            engine.ticker.wake();
        }
    }

    /// Measures all figures again: the window or the density of its pixels has changed.
    pub(crate) fn remeasure(self) {
        self.repaint(|p| p.measure());
    }

    /// A figure has come into view: asks for it if what it has is old.
    pub(crate) fn came_into_view(self, painting: &dyn Painting) {
        let Some(engine) = self.engine() else { return };
        if painting.generation() < engine.generation.get() {
            engine.request_due.set(true);
        }
        engine.ticker.wake();
    }

    /// Whether any figure is in view and nothing is paused.
    pub(super) fn is_seen(self, engine: &Engine) -> bool {
        !engine.paused.get() && engine.paintings.borrow().iter().any(|p| p.in_view())
    }

    /// Whether anyone can be looking: the figures of a guest are out of view when its slide is, while those of a page of its own
    /// may be below the controls and readouts that are looked at.
    pub(super) fn is_watched(self, engine: &Engine) -> bool {
        let paintings = engine.paintings.borrow();
        !self.is_embedded() || paintings.is_empty() || paintings.iter().any(|p| p.in_view())
    }

    /// Whether the main figures in view (all that are, without a main one) show the newest state, or all that there is to it.
    pub(super) fn is_answered(self, engine: &Engine) -> bool {
        let newest = engine.generation.get();
        let paintings = engine.paintings.borrow();
        let seen = || paintings.iter().filter(|p| p.in_view());
        let has_main = seen().any(|p| p.spec().main);
        let is_shown = seen().filter(|p| p.spec().main || !has_main).all(|p| p.generation() == newest);
        !engine.request_due.get() && (is_shown || self.busy.try_get_untracked() == Some(false))
    }

    pub(super) fn repaint(self, change: impl Fn(&dyn Painting)) {
        if let Some(engine) = self.engine() {
            engine.paintings.borrow().iter().for_each(|p| change(p.as_ref()));
            engine.ticker.wake();
        }
    }
}
