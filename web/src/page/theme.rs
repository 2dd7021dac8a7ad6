//! Colours: the theme that the address names, or the system's.

use exhibit::Theme as Wanted;
use figures::Theme;
use leptos::prelude::*;

use crate::dom::{self, Listener};
use crate::ui::Select;

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

fn name(theme: Wanted) -> &'static str {
    match theme {
        Wanted::System => "System",
        Wanted::Light => "Light",
        Wanted::Dark => "Dark",
        Wanted::Projector => "Projector",
    }
}

/// The switch.
pub(crate) fn switch(
    chosen: impl Fn() -> Wanted + Send + Sync + 'static,
    choose: impl Fn(Wanted) + 'static,
) -> AnyView {
    let select = Select {
        control: None,
        labelled_by: String::new(),
        name: Some("Theme"),
        title: "Colours: as the system, light, dark, or strong lines and large type for a lecture hall".into(),
        options: Wanted::ALL.map(|t| (t.key(), name(t))).to_vec(),
        chosen: Signal::derive(move || chosen().key()),
        choose: Box::new(move |key| {
            if let Some(theme) = Wanted::ALL.into_iter().find(|t| t.key() == key) {
                choose(theme);
            }
        }),
    };
    select.view()
}
