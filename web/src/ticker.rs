//! One animation frame for everything that is due.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use crate::dom;

/// Calls a function in the next animation frame after it was woken, once however often it was woken.
pub(crate) struct Ticker {
    call: RefCell<Option<Rc<dyn Fn()>>>,
    frame: Closure<dyn FnMut()>,
    /// The handle of the animation frame that is asked for.
    asked: Cell<Option<i32>>,
    weak: Weak<Self>,
}

impl Ticker {
    pub(crate) fn new() -> Rc<Self> {
        Rc::new_cyclic(|weak: &Weak<Self>| {
            let ticker = weak.clone();
            Self {
                call: RefCell::new(None),
                frame: Closure::new(move || {
                    if let Some(ticker) = ticker.upgrade() {
                        ticker.asked.set(None);
                        let call = ticker.call.borrow().clone();
                        if let Some(call) = call {
                            call();
                        }
                    }
                }),
                asked: Cell::new(None),
                weak: weak.clone(),
            }
        })
    }

    /// What to call.
    pub(crate) fn set(&self, call: impl Fn() + 'static) {
        *self.call.borrow_mut() = Some(Rc::new(call));
    }

    /// Asks for the next animation frame. A hidden page gets none, and so paints and sends nothing.
    pub(crate) fn wake(&self) {
        if self.asked.get().is_none() && self.call.borrow().is_some() {
            let function = self.frame.as_ref().unchecked_ref();
            self.asked.set(dom::window().and_then(|w| w.request_animation_frame(function).ok()));
        }
    }

    /// Asks for an animation frame after a while.
    pub(crate) fn wake_after(&self, millis: i32) {
        let weak = self.weak.clone();
        dom::after(millis, move || {
            if let Some(ticker) = weak.upgrade() {
                ticker.wake();
            }
        });
    }

    /// Calls nothing any more.
    pub(crate) fn stop(&self) {
        self.call.take();
        if let (Some(asked), Some(window)) = (self.asked.take(), dom::window()) {
            // A frame that has run already needs no cancelling.
            let _cancelled = window.cancel_animation_frame(asked);
        }
    }
}
