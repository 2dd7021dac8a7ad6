//! The page: controls, readouts and figures of every exhibit, generated from their declarations, and the line to the
//! worker that computes. It holds no mathematics and names no exhibit.

mod address;
mod control;
mod dom;
mod drag_bench;
mod embed;
mod fault;
mod figure;
mod lab;
mod page;
mod playing;
mod readout;
mod ticker;
mod ui;
mod worker_client;

use leptos::mount::{UnmountHandle, mount_to};
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Shows the page that the address names.
pub fn start() {
    fault::install();
    let Some(parent) = parent() else { return };
    let id = exhibit_id();
    mount(&parent, id.as_deref()).forget();
    if let Some(root) = dom::root() {
        // The root element takes any attribute.
        let _set = root.set_attribute("data-ready", "page");
    }
}

/// Shows an exhibit's page, or the home page, inside an element, until the returned handle is dropped.
pub fn mount(parent: &HtmlElement, exhibit_id: Option<&str>) -> UnmountHandle<<AnyView as Render>::State> {
    parent.set_inner_html("");
    let exhibit = exhibit_id.and_then(exhibits::exhibit);
    mount_to(parent.clone(), move || match exhibit {
        Some(exhibit) => page::exhibit::page(exhibit),
        None => page::home::home(),
    })
}

fn parent() -> Option<HtmlElement> {
    let document = dom::document()?;
    let app = document.get_element_by_id("app").and_then(|e| e.dyn_into().ok());
    app.or_else(|| document.body())
}

/// The exhibit that the page is of. While developing, the home page takes it from the address as well.
fn exhibit_id() -> Option<String> {
    dom::meta("depthscope-exhibit").or_else(|| {
        let pairs = exhibit::pairs_from_query(&dom::query());
        pairs.into_iter().find(|(k, _)| k == "exhibit").map(|(_, id)| id)
    })
}
