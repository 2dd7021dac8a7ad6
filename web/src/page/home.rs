//! The home page: every exhibit, by lecture.

use std::cell::Cell;

use exhibit::declaration::Exhibit;
use exhibit::prose::{escaped, prose};
use exhibit::{Theme, pairs_from_query};
use exhibits::EXHIBITS;
use leptos::prelude::*;
use wasm_bindgen::JsValue;

use super::theme;
use crate::dom;

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
    view! {
        <header class="bar">
            <span class="brand" inner_html=super::header::BRAND></span>
            <div class="actions">{theme::switch(move || chosen.get(), choose)}</div>
        </header>
        <main class="home" inner_html=move || html(chosen.get())></main>
    }
    .into_any()
}

fn html(theme: Theme) -> String {
    let sections = lectures().into_iter().map(|lecture| {
        let cards = EXHIBITS.iter().filter(|e| e.lecture == lecture).map(|e| card(e, theme)).collect::<String>();
        format!("<section><h2>{}</h2><div class=\"exhibit-cards\">{cards}</div></section>", escaped(lecture))
    });
    format!(
        "<h1>A lab for the theory of deep learning</h1><p class=\"lead\">Each exhibit is a claim that you can drag: what theory \
         predicts and what simulated nets do stand in the same axes, computed live in this browser.</p>{}<footer><p>Every state \
         is a link. Nothing is uploaded or tracked, and after the first visit all of it works without a network.</p></footer>",
        sections.collect::<String>()
    )
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

fn card(exhibit: &Exhibit, theme: Theme) -> String {
    let query = if theme == Theme::System { String::new() } else { format!("?theme={}", theme.key()) };
    let id = exhibit.id;
    // A build without the native binary has no stills: then the card is its words.
    format!(
        "<a class=\"exhibit-card\" href=\"{id}/{query}\" data-exhibit=\"{id}\"><span class=\"still\">\
         <img src=\"previews/{id}.svg\" alt=\"\" onerror=\"this.parentNode.remove()\"></span>\
         <span class=\"exhibit-title\">{}</span><span class=\"exhibit-claim\">{}</span></a>",
        prose(exhibit.title),
        prose(exhibit.claim)
    )
}
