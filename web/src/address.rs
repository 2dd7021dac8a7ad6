//! The address bar: the whole state, written by `replaceState` so that a drag does not fill the history.

use std::cell::{Cell, RefCell};

use exhibit::Link;
use wasm_bindgen::JsValue;

use crate::dom;
use crate::memory;

/// Writes the address, not more often than browsers allow.
pub(crate) struct AddressBar {
    written: RefCell<String>,
    at_millis: Cell<f64>,
    /// Where an embed keeps its state.
    memory: Option<String>,
}

impl AddressBar {
    /// Safari allows 100 changes in 30 seconds.
    pub(crate) const WAIT_MILLIS: i32 = 350;

    pub(crate) fn new(link: &Link) -> Self {
        let memory = if link.view.embed { memory::key() } else { None };
        let written = dom::query();
        let written = written.trim_start_matches('?').to_owned();
        Self { written: RefCell::new(written), at_millis: Cell::new(f64::NEG_INFINITY), memory }
    }

    /// Writes a link's query; false when it is too early to write again.
    pub(crate) fn write(&self, link: &Link) -> bool {
        let query = link.to_query();
        if *self.written.borrow() == query {
            return true;
        }
        let now = dom::now_millis();
        if now - self.at_millis.get() < f64::from(Self::WAIT_MILLIS) {
            return false;
        }
        self.at_millis.set(now);
        if let Some(history) = dom::window().and_then(|w| w.history().ok()) {
            // A browser that refuses (a sandboxed frame) leaves the address as it is; nothing else depends on it.
            let _replaced = history.replace_state_with_url(&JsValue::NULL, "", Some(&url_of(link)));
        }
        if let Some(key) = &self.memory {
            memory::save(key, link);
        }
        *self.written.borrow_mut() = query;
        true
    }
}

/// The absolute address of a link to the page that is open.
pub(crate) fn url_of(link: &Link) -> String {
    let Some(location) = dom::window().map(|w| w.location()) else { return String::new() };
    let href = location.href().unwrap_or_default();
    link.address(href.split(['?', '#']).next().unwrap_or_default())
}
