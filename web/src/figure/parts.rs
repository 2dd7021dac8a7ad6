//! The elements of a figure.

use wasm_bindgen::JsCast;
use web_sys::{Element, HtmlElement};

use super::canvas::Sheet;

/// What lies upon each other in the plot: data below, then axes and words, what is under the pointer, handles, and buttons for
/// what can be done with some pictures.
pub(super) const PLOT: &str = "<canvas class=\"data\" aria-hidden=\"true\"></canvas><canvas class=\"axes\" aria-hidden=\"true\"></canvas>\
    <div class=\"overlay\" aria-hidden=\"true\"></div><p class=\"waiting\">Waiting for the first numbers…</p>\
    <p class=\"unprinted\">Not computed when this was printed. Ctrl+P waits for all figures.</p><div class=\"handles\"></div>\
    <div class=\"tools\"><button type=\"button\" data-tool=\"clear\" title=\"Remove all that is drawn\">Clear</button>\
    <button type=\"button\" data-tool=\"in\" title=\"Zoom in\" aria-label=\"Zoom in\">+</button>\
    <button type=\"button\" data-tool=\"out\" title=\"Zoom out\" aria-label=\"Zoom out\">−</button></div>";

/// The elements of a figure.
pub(super) struct Parts {
    pub(super) figure: HtmlElement,
    pub(super) plot: HtmlElement,
    pub(super) data: Sheet,
    pub(super) axes: Sheet,
    pub(super) overlay: HtmlElement,
    pub(super) handles: HtmlElement,
    pub(super) tools: HtmlElement,
    pub(super) live: HtmlElement,
    pub(super) now: HtmlElement,
    pub(super) device: HtmlElement,
    pub(super) waiting: HtmlElement,
}

impl Parts {
    /// Finds them in a figure's element.
    pub(super) fn find(figure: &HtmlElement) -> Option<Self> {
        fn part<T: JsCast>(figure: &Element, selector: &str) -> Option<T> {
            figure.query_selector(selector).ok()??.dyn_into().ok()
        }
        Some(Self {
            figure: figure.clone(),
            plot: part(figure, ".plot")?,
            data: Sheet::new(part(figure, "canvas.data")?),
            axes: Sheet::new(part(figure, "canvas.axes")?),
            overlay: part(figure, ".overlay")?,
            handles: part(figure, ".handles")?,
            tools: part(figure, ".tools")?,
            live: part(figure, ".live")?,
            device: part(figure, ".device")?,
            now: part(figure, ".now")?,
            waiting: part(figure, ".waiting")?,
        })
    }
}
