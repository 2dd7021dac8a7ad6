//! A figure on the page: heading, canvases, what is under the pointer, handles, export.

mod attach;
mod canvas;
mod choose;
mod handles;
mod interact;
mod layers;
mod menu;
mod motion;
mod pad;
mod painter;
mod painting;
mod parts;
mod pen;
mod reading;
mod whole;
mod window;

use std::rc::Rc;

use exhibit::declaration::{FigureSpec, Place};
use exhibit::prose;
use leptos::prelude::*;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use attach::Attached;
use parts::PLOT;

use crate::control::controls_at;
use crate::lab::Lab;
use crate::ui;
use crate::visible;

/// A figure; absent while the address leaves it out.
pub(crate) fn figure(lab: Lab, spec: &'static FigureSpec) -> AnyView {
    ui::when(move || lab.link.with(|l| visible::shows_figure(l, spec)), move || body(lab, spec))
}

fn body(lab: Lab, spec: &'static FigureSpec) -> AnyView {
    let element = NodeRef::<leptos::html::Figure>::new();
    let attached = StoredValue::new_local(None::<Attached>);
    // An effect runs when the element is there; it sets no signal.
    ui::effect(move || {
        let Some(figure) = element.get() else { return };
        let figure: HtmlElement = figure.unchecked_into();
        if attached.try_with_value(Option::is_some) == Some(false)
            && let Some(new) = Attached::new(lab, spec, &figure)
        {
            lab.add(Rc::<painter::Painter>::clone(&new.painter));
            let _kept = attached.try_update_value(|slot| *slot = Some(new));
        }
    });
    on_cleanup(move || {
        if let Some(old) = attached.try_update_value(Option::take).flatten() {
            lab.remove(old.painter.as_ref());
        }
    });
    let controls = controls_at(lab, move |place| place == Place::Figure(spec.id));
    let title_id = format!("figure-{}-title", spec.id);
    let head = format!("<h2 id=\"{title_id}\">{}</h2><span class=\"now\"></span>", prose::prose(spec.title));
    let caption = format!("{} <span class=\"device\"></span>", prose::prose(spec.caption));
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
            {menu::menu(lab, spec, attached)}
            <div class="figure-controls">{controls}</div>
            <div class="plot" tabindex="0" role="img" aria-label=spec.title inner_html=PLOT></div>
            <p class="visually-hidden live" aria-live="polite"></p>
            <figcaption inner_html=caption></figcaption>
        </figure>
    }
    .into_any()
}
