//! What is asked of the worker.

use leptos::prelude::*;
use protocol::{Request, Run};

use super::store::{Engine, Lab};

impl Lab {
    /// Sends a request that is no run.
    pub(crate) fn send(self, request: Request) {
        if let Some(worker) = self.engine().and_then(|e| e.worker.borrow().clone()) {
            worker.send(request);
        }
    }

    /// Stops or resumes computing.
    pub(crate) fn set_paused(self, paused: bool) {
        let Some(engine) = self.engine() else { return };
        if engine.paused.replace(paused) == paused {
            return;
        }
        if paused {
            self.send(Request::Stop);
            if self.busy.try_get_untracked() == Some(true) {
                engine.request_due.set(true);
                let _kept = self.busy.try_set(false);
            }
        } else {
            engine.ticker.wake();
        }
    }

    /// Whether the readouts are those of the controls as they are.
    pub(crate) fn is_up_to_date(self) -> bool {
        self.engine().is_some_and(|engine| !engine.request_due.get()) && self.busy.try_get_untracked() == Some(false)
    }

    /// Whether an answer is under way or will be asked for; not while paused or off screen.
    pub(crate) fn will_answer(self) -> bool {
        !self.is_up_to_date() && self.engine().is_some_and(|engine| !engine.paused.get() && self.is_watched(&engine))
    }

    /// Asks for the figures in view at the values that the controls have.
    pub(super) fn request(self, engine: &Engine) {
        let worker = engine.worker.borrow().clone();
        let Some(worker) = worker else { return };
        let paintings = engine.paintings.borrow();
        let figures: Vec<_> = paintings.iter().filter(|p| p.in_view()).map(|p| p.spec().id).collect();
        if !self.is_watched(engine) {
            // The request stays due until a figure comes into view. What was asked before goes on to its end.
            if engine.asked.borrow().is_empty() {
                let _kept = self.busy.try_set(false);
            }
            return;
        }
        engine.request_due.set(false);
        let generation = engine.generation.get().wrapping_add(1);
        engine.generation.set(generation);
        let kept = paintings.iter().filter(|p| p.has_figure()).map(|p| p.spec().id.to_owned()).collect();
        let run = self.link.try_with_untracked(|link| Run {
            generation,
            exhibit: self.exhibit.id.to_owned(),
            controls: link.values.changed_owned(),
            figures: figures.iter().map(|id| (*id).to_owned()).collect(),
            kept,
            backend: link.view.backend,
        });
        engine.asked.replace(figures);
        if let Some(run) = run {
            let _kept = self.busy.try_set(true);
            worker.run(run);
        }
    }
}
