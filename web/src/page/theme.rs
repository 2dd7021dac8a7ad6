//! Colours: the theme that the address names, or the system's.

use exhibits::Theme as Wanted;
use figures::Theme;
use leptos::prelude::*;

use crate::dom::{self, Listener};

const DARK: &str = "(prefers-color-scheme: dark)";

/// The theme in use.
pub(crate) fn resolved(wanted: Wanted) -> Theme {
    match wanted {
        Wanted::System if dom::media(DARK) => Theme::Dark,
        Wanted::System | Wanted::Light => Theme::Light,
        Wanted::Dark => Theme::Dark,
        Wanted::Projector => Theme::Projector,
    }
}

/// Tells the style sheet.
pub(crate) fn apply(theme: Theme) {
    if let Some(root) = dom::root() {
        // The root element takes any attribute.
        let _set = root.set_attribute("data-theme", theme.key());
    }
}

/// Calls when the system's preference changes.
pub(crate) fn on_system_change(call: impl Fn() + 'static) -> Option<Listener> {
    let media = dom::window()?.match_media(DARK).ok()??;
    Some(dom::listen(&media, "change", move |_| call()))
}

/// The switch.
pub(crate) fn switch(chosen: impl Fn() -> Wanted + Copy + Send + Sync + 'static, choose: impl Fn(Wanted) + 'static) -> AnyView {
    let option = move |theme: Wanted| {
        let name = match theme {
            Wanted::System => "System",
            Wanted::Light => "Light",
            Wanted::Dark => "Dark",
            Wanted::Projector => "Projector",
        };
        view! { <option value=theme.key() selected=move || chosen() == theme>{name}</option> }
    };
    view! {
        <label class="theme-switch">
            <span class="visually-hidden">"Theme"</span>
            <select
                data-theme-switch=""
                title="Colours: as the system, light, dark, or strong lines and large type for a lecture hall"
                prop:value=move || chosen().key()
                on:change=move |event| {
                    let key = event_target_value(&event);
                    if let Some(theme) = Wanted::ALL.into_iter().find(|t| t.key() == key) {
                        choose(theme);
                    }
                }
            >
                {Wanted::ALL.map(option).into_iter().collect::<Vec<_>>()}
            </select>
        </label>
    }
    .into_any()
}
