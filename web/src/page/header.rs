//! The bar at the top of an exhibit's page.

use leptos::prelude::*;
use protocol::Backend;

use super::{theme, ways};
use crate::lab::Lab;
use crate::ui::{self, Select};

/// The icon and the name, as markup.
pub(crate) const BRAND: &str =
    "<img src=\"assets/icon.svg\" width=\"24\" height=\"24\" alt=\"\"><span>Depthscope</span>";

/// The bar.
pub(crate) fn header(lab: Lab) -> AnyView {
    let home = move || lab.link.with(|l| home_address(l.view.theme, ""));
    let choose = move |wanted| {
        lab.change_view(|v| v.theme = wanted);
        let theme = theme::resolved(wanted);
        theme::apply(theme);
        lab.set_theme(theme);
    };
    let copy_link = move || lab.copy(lab.address(), "Link copied".into());
    view! {
        <header class="bar">
            <a class="brand" href=home title="All exhibits" inner_html=BRAND></a>
            {status(lab)}
            <div class="actions">
                {ways::ways(lab)}
                {ui::button("quiet", "reset", "Reset", "All controls to their defaults; the seed stays", move || lab.reset_all())}
                {ui::button("quiet", "copy-link", "Copy link", "A link to exactly this state", copy_link)}
                {backend(lab)}
                {theme::switch(move || lab.link.with(|l| l.view.theme), choose)}
            </div>
        </header>
    }
    .into_any()
}

/// The home page in a theme. What others have written into its address, `?…`, stays.
pub(crate) fn home_address(wanted: exhibit::Theme, query: &str) -> String {
    let theme = Some(format!("theme={}", wanted.key())).filter(|_| wanted != exhibit::Theme::System);
    let of_others =
        query.trim_start_matches('?').split('&').filter(|part| !part.is_empty() && !part.starts_with("theme="));
    let parts: Vec<_> = theme.into_iter().chain(of_others.map(str::to_owned)).collect();
    if parts.is_empty() { "./".into() } else { format!("./?{}", parts.join("&")) }
}

/// What computes, and whether it does.
pub(crate) fn status(lab: Lab) -> AnyView {
    let share = move || lab.progress.with(|p| p.as_ref().map(|p| p.share.clamp(0.0, 1.0)));
    let text = move || {
        let what = lab.progress.with(|p| p.as_ref().map(|p| p.what.clone())).filter(|w| !w.is_empty());
        what.unwrap_or_else(|| {
            let device = lab.device.get();
            if device.is_empty() { "Loading the worker…".into() } else { device }
        })
    };
    let class = move || if lab.busy.get() { "status busy" } else { "status" }.to_owned();
    let bar = move || if share().is_some() { "progress determinate" } else { "progress" }.to_owned();
    view! {
        <div class=class data-device=move || lab.device.get()>
            <span class="status-text">{text}</span>
            <span
                class=bar
                role="progressbar"
                aria-label="Computing"
                aria-hidden=move || (!lab.busy.get()).to_string()
                aria-valuenow=move || share().map_or_else(String::new, |s| format!("{:.0}", 100.0 * s))
                style=move || format!("--share:{:.3}", share().unwrap_or(0.0))
            ></span>
        </div>
    }
    .into_any()
}

fn backend(lab: Lab) -> AnyView {
    let select = Select {
        control: None,
        labelled_by: String::new(),
        name: Some("Hardware"),
        title: "What computes: the best there is, the CPU, or the GPU".into(),
        options: vec![("auto", "Auto"), ("cpu", "CPU"), ("gpu", "GPU")],
        chosen: Signal::derive(move || lab.link.with(|l| l.view.backend.key())),
        choose: Box::new(move |key| {
            if let Some(backend) = Backend::from_key(key) {
                lab.change(|l| l.view.backend = backend);
            }
        }),
    };
    select.view()
}
