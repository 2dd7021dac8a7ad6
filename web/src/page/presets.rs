//! Presets: named sets of values.

use exhibit::Link;
use exhibit::declaration::Preset;
use exhibit::prose::prose;
use leptos::ev;
use leptos::prelude::*;

use crate::lab::Lab;
use crate::ui;

/// The row of them, and what the one that the controls are at is for.
pub(crate) fn presets(lab: Lab) -> AnyView {
    let button = move |preset: &'static Preset| {
        let active = Memo::new(move |_| lab.link.with(|l| is_at(l, preset)));
        view! {
            <button
                type="button"
                class="preset"
                data-preset=preset.key
                title=preset.help
                aria-pressed=move || active.get().to_string()
                on:click=ui::boxed(move |_: ev::MouseEvent| lab.take_preset(preset))
                inner_html=prose(preset.name)
            ></button>
        }
        .into_any()
    };
    let help = move || {
        let at = lab.link.with(at);
        at.map_or_else(|| "Each sets all controls; the seed stays.".into(), |p| prose(p.help))
    };
    view! {
        <div class="presets">
            <div class="preset-row" role="group" aria-label="Presets">
                {lab.exhibit.presets.iter().map(button).collect::<Vec<_>>()}
            </div>
            {ui::live("preset-help", "", String::new(), help)}
        </div>
    }
    .into_any()
}

/// Whether the controls are where a preset puts them.
fn is_at(link: &Link, preset: &'static Preset) -> bool {
    let mut there = link.values.clone();
    there.set_preset(preset).is_ok() && there == link.values
}

/// The preset that the controls are at.
pub(crate) fn at(link: &Link) -> Option<&'static Preset> {
    link.values.exhibit().presets.iter().find(|preset| is_at(link, preset))
}
