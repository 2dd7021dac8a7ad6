//! The home page, whose cards the build has written into it.

use std::cell::Cell;

use exhibit::{Theme, pairs_from_query};
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
        let address = super::header::home_address(wanted, &dom::query());
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

/// An exhibit is opened in the theme that was chosen here.
fn html(theme: Theme) -> String {
    let html = dom::template("home").map(|t| t.inner_html()).unwrap_or_default();
    if theme == Theme::System {
        return html;
    }
    html.replace("/\" data-exhibit", &format!("/?theme={}\" data-exhibit", theme.key()))
}
