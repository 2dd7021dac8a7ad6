//! What a figure hears: its size, whether it is in view, pointer and keys.

use std::rc::{Rc, Weak};

use exhibit::declaration::FigureSpec;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{HtmlElement, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit, ResizeObserver};

use super::interact;
use super::painter::Painter;
use crate::dom::Listener;
use crate::lab::{Lab, Painting as _};

type Entries = js_sys::Array;
type Call = Closure<dyn FnMut(Entries)>;

/// A figure's painter with all that calls it, until this is dropped.
pub(super) struct Attached {
    pub(super) painter: Rc<Painter>,
    size: Option<(ResizeObserver, Call)>,
    view: Option<(IntersectionObserver, Call)>,
    _listeners: Vec<Listener>,
}

impl Drop for Attached {
    fn drop(&mut self) {
        if let Some((observer, _)) = &self.size {
            observer.disconnect();
        }
        if let Some((observer, _)) = &self.view {
            observer.disconnect();
        }
    }
}

impl Attached {
    /// Finds the parts of a figure's element, and begins to watch them.
    pub(super) fn new(lab: Lab, spec: &'static FigureSpec, figure: &HtmlElement) -> Option<Self> {
        let painter = Rc::new(Painter::new(lab, spec, figure)?);
        painter.measure();
        let (size, view, listeners) = (watch_size(&painter), watch_view(&painter), interact::listen(&painter));
        Some(Self { painter, size, view, _listeners: listeners })
    }
}

/// Calls a painter with what an observer tells, as long as it is there.
fn call(painter: &Rc<Painter>, tell: fn(&Painter, Entries)) -> Call {
    let weak: Weak<Painter> = Rc::downgrade(painter);
    Closure::new(move |entries| {
        if let Some(painter) = weak.upgrade() {
            tell(&painter, entries);
        }
    })
}

fn watch_size(painter: &Rc<Painter>) -> Option<(ResizeObserver, Call)> {
    let call = call(painter, |painter, _| painter.measure());
    let observer = ResizeObserver::new(call.as_ref().unchecked_ref()).ok()?;
    observer.observe(&painter.parts.plot);
    Some((observer, call))
}

fn watch_view(painter: &Rc<Painter>) -> Option<(IntersectionObserver, Call)> {
    let call = call(painter, |painter, entries| {
        let last = entries.at(-1).dyn_into::<IntersectionObserverEntry>();
        if let Ok(entry) = last {
            painter.set_in_view(entry.is_intersecting());
        }
    });
    let options = IntersectionObserverInit::new();
    // A little ahead of scrolling.
    options.set_root_margin("120px");
    let observer = IntersectionObserver::new_with_options(call.as_ref().unchecked_ref(), &options).ok()?;
    observer.observe(&painter.parts.plot);
    Some((observer, call))
}
