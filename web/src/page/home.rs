//! The home page: every exhibit, by lecture.

use std::cell::Cell;

use exhibits::declaration::Exhibit;
use exhibits::{EXHIBITS, Theme, pairs_from_query};
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::theme;
use crate::dom;
use crate::math::prose;

/// The page.
pub(crate) fn home() -> AnyView {
    let named = pairs_from_query(&dom::query()).into_iter().find(|(k, _)| k == "theme");
    let wanted = named.and_then(|(_, text)| Theme::ALL.into_iter().find(|t| t.key() == text)).unwrap_or_default();
    let chosen = RwSignal::new(wanted);
    theme::apply(theme::resolved(wanted));
    let system = theme::on_system_change(move || {
        if let Some(wanted) = chosen.try_get_untracked() {
            theme::apply(theme::resolved(wanted));
        }
    });
    let system = StoredValue::new_local(Cell::new(system));
    on_cleanup(move || {
        let _dropped = system.try_with_value(Cell::take);
    });
    let choose = move |wanted: Theme| {
        let _kept = chosen.try_set(wanted);
        theme::apply(theme::resolved(wanted));
        let address = super::header::home_address(wanted);
        if let Some(history) = dom::window().and_then(|w| w.history().ok()) {
            // Without an address the theme holds until the page is left.
            let _replaced = history.replace_state_with_url(&JsValue::NULL, "", Some(&dom::resolved(&address)));
        }
    };
    let lectures = lectures().into_iter().map(|lecture| {
        let cards = EXHIBITS.iter().filter(|e| e.lecture == lecture).map(|e| card(e, chosen)).collect::<Vec<_>>();
        view! {
            <section>
                <h2>{lecture}</h2>
                <div class="exhibit-cards">{cards}</div>
            </section>
        }
    });
    view! {
        <header class="bar">
            <span class="brand">
                <img src="assets/icon.svg" width="24" height="24" alt=""/>
                <span>"Depthscope"</span>
            </span>
            <div class="actions">{theme::switch(move || chosen.get(), choose)}</div>
        </header>
        <main class="home">
            <h1>"A lab for the theory of deep learning"</h1>
            <p class="lead">
                "Each exhibit is a claim from the theory that you can drag: the prediction and the simulated nets stand in the \
                 same axes, computed live in this browser."
            </p>
            {lectures.collect::<Vec<_>>()}
            <footer>
                <p>
                    "Every state is a link. Nothing is uploaded, nothing is tracked, and after the first visit all of it works \
                     without a network."
                </p>
            </footer>
        </main>
    }
    .into_any()
}

fn lectures() -> Vec<&'static str> {
    let mut names: Vec<&'static str> = Vec::new();
    for exhibit in EXHIBITS {
        if !names.contains(&exhibit.lecture) {
            names.push(exhibit.lecture);
        }
    }
    names
}

fn card(exhibit: &'static Exhibit, chosen: RwSignal<Theme>) -> AnyView {
    let address = move || match chosen.get() {
        Theme::System => format!("{}/", exhibit.id),
        theme => format!("{}/?theme={}", exhibit.id, theme.key()),
    };
    view! {
        <a class="exhibit-card" href=address data-exhibit=exhibit.id>
            <span class="still">
                <img src=format!("previews/{}.svg", exhibit.id) alt="" loading="lazy" onerror="this.remove()"/>
            </span>
            <span class="exhibit-title">{exhibit.title}</span>
            <span class="exhibit-claim" inner_html=prose(exhibit.claim)></span>
        </a>
    }
    .into_any()
}
