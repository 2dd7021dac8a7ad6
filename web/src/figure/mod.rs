//! A figure on the page: heading, canvases, what is under the pointer, handles, export.

mod canvas;
mod choose;
mod interact;
mod menu;
mod painter;
mod pen;
mod reading;
mod window;

use exhibits::declaration::{FigureSpec, Place};
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

pub(crate) use painter::Painter;

use crate::control::controls_at;
use crate::dom;
use crate::lab::Lab;
use crate::ui;
use exhibits::prose;

/// A figure; absent while the address leaves it out.
pub(crate) fn figure(lab: Lab, spec: &'static FigureSpec) -> AnyView {
    ui::when(move || lab.link.with(|l| crate::page::part::shows_figure(l, spec)), move || body(lab, spec))
}

fn body(lab: Lab, spec: &'static FigureSpec) -> AnyView {
    let element = NodeRef::<leptos::html::Figure>::new();
    let painter = StoredValue::new_local(None::<Rc<Painter>>);
    // An effect runs when the element is there; it sets no signal.
    Effect::new(move |_| {
        let Some(figure) = element.get() else { return };
        let figure: HtmlElement = figure.unchecked_into();
        if painter.try_with_value(Option::is_some) == Some(false)
            && let Some(new) = Painter::attach(lab, spec, &figure)
        {
            lab.add(Rc::clone(&new));
            let _kept = painter.try_update_value(|slot| *slot = Some(new));
        }
    });
    on_cleanup(move || {
        if let Some(old) = painter.try_update_value(Option::take).flatten() {
            lab.remove(&old);
            old.detach();
        }
    });
    let controls = controls_at(lab, move |place| place == Place::Figure(spec.id));
    let title_id = format!("figure-{}-title", spec.id);
    let head = format!("<h2 id=\"{title_id}\">{}</h2><span class=\"now\"></span>", prose::prose(spec.title));
    let caption = format!("{} <span class=\"device\"></span>", prose::prose(&dom::help("figure", spec.id)));
    let class = if spec.main { "figure main" } else { "figure" };
    view! {
        <figure
            class=class
            node_ref=element
            data-figure=spec.id
            data-frame="0"
            data-backend="cpu"
            style=format!("--aspect:{}", spec.aspect)
            aria-labelledby=title_id
        >
            {ui::markup("figure-head", head)}
            {menu::menu(lab, spec, painter)}
            <div class="figure-controls">{controls}</div>
            <div class="plot" tabindex="0" role="img" aria-label=spec.title inner_html=PLOT></div>
            <p class="visually-hidden live" aria-live="polite"></p>
            <figcaption inner_html=caption></figcaption>
        </figure>
    }
    .into_any()
}

/// What lies upon each other in the plot: data below, then axes and words, what is under the pointer, handles, and buttons for
/// what can be done with some pictures.
const PLOT: &str = "<canvas class=\"data\" aria-hidden=\"true\"></canvas><canvas class=\"axes\" aria-hidden=\"true\"></canvas>\
    <div class=\"overlay\" aria-hidden=\"true\"></div><p class=\"waiting\">Waiting for the first numbers…</p><div class=\"handles\"></div>\
    <div class=\"tools\"><button type=\"button\" data-tool=\"clear\" title=\"Remove all points\">Clear</button>\
    <button type=\"button\" data-tool=\"in\" title=\"Zoom in\" aria-label=\"Zoom in\">+</button>\
    <button type=\"button\" data-tool=\"out\" title=\"Zoom out\" aria-label=\"Zoom out\">−</button></div>";
