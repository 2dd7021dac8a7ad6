//! The page: controls, readouts and figures of every exhibit, generated from their declarations, and the line to the
//! worker that computes. It holds no mathematics and names no exhibit.

mod address;
mod control;
mod dom;
mod embed;
mod fault;
mod figure;
#[cfg(test)]
mod fixture;
mod lab;
mod memory;
mod page;
mod reader;
mod readout;
mod ticker;
mod track;
mod ui;
mod visible;
mod worker;

use exhibit::data::{DataError, exhibit_from_text};
use exhibit::declaration::Exhibit;
use leptos::mount::mount_to;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

/// Shows the exhibit that this page is of, or the home page.
pub fn start() {
    fault::install();
    match declared() {
        Some(Ok(exhibit)) => reader::reading(
            move || page::exhibit::opened(exhibit),
            move |opened| mount(move || page::exhibit::page(exhibit, opened)),
        ),
        Some(Err(error)) => {
            mount(|| ().into_any());
            fault::show(&format!("{} Load the page again.", exhibit::prose::sentence(&error.to_string())));
        }
        None => mount(page::home::home),
    }
}

fn mount(view: impl FnOnce() -> AnyView + 'static) {
    let Some(parent) = parent() else { return };
    parent.set_inner_html("");
    mount_to(parent, view).forget();
    if let Some(root) = dom::root() {
        // The root element takes any attribute.
        let _set = root.set_attribute("data-ready", "page");
    }
}

/// The exhibit whose declaration stands in the page.
fn declared() -> Option<Result<&'static Exhibit, DataError>> {
    let text = dom::template("declaration")?.content().text_content()?;
    Some(exhibit_from_text(text))
}

fn parent() -> Option<HtmlElement> {
    let document = dom::document()?;
    let app = document.get_element_by_id("app").and_then(|e| e.dyn_into().ok());
    app.or_else(|| document.body())
}
