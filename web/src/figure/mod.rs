//! A figure on the page: heading, canvases, what is under the pointer, handles, export.

mod canvas;
mod interact;
mod menu;
mod painter;
mod reading;

use exhibits::declaration::{FigureSpec, Place};
use leptos::prelude::*;
use std::rc::Rc;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

pub(crate) use painter::Painter;

use crate::control::controls_at;
use crate::lab::Lab;
use crate::math;

/// A figure; absent while the address leaves it out.
pub(crate) fn figure(lab: Lab, spec: &'static FigureSpec) -> AnyView {
    let shown = Memo::new(move |_| lab.link.with(|l| crate::page::part::shows_figure(l, spec)));
    (move || shown.get().then(|| body(lab, spec))).into_any()
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
    view! {
        <figure
            class="figure"
            class:main=spec.main
            node_ref=element
            data-figure=spec.id
            data-frame="0"
            data-backend=move || backend(&lab.device.get())
            style:--aspect=spec.aspect.to_string()
            aria-labelledby=format!("figure-{}-title", spec.id)
        >
            <div class="figure-head">
                <h2 id=format!("figure-{}-title", spec.id)>{spec.title}</h2>
                <span class="now"></span>
                {menu::menu(lab, spec, painter)}
            </div>
            <div class="figure-controls">{controls}</div>
            <div class="plot" tabindex="0" role="img" aria-label=spec.title>
                <canvas class="data" aria-hidden="true"></canvas>
                <canvas class="axes" aria-hidden="true"></canvas>
                <div class="overlay" aria-hidden="true"></div>
                <p class="waiting">"Waiting for the first numbers…"</p>
                <div class="handles"></div>
            </div>
            <p class="visually-hidden live" aria-live="polite"></p>
            <figcaption inner_html=math::prose(spec.caption)></figcaption>
        </figure>
    }
    .into_any()
}

/// The backend in one word, from the words of the worker.
fn backend(device: &str) -> &'static str {
    match device {
        "" => "",
        d if d.starts_with("GPU") || d.starts_with("WebGPU") => "gpu",
        _ => "cpu",
    }
}
