//! The bar at the top of an exhibit's page.

use leptos::prelude::*;
use protocol::Backend;

use super::theme;
use crate::dom;
use crate::lab::Lab;

/// The bar.
pub(crate) fn header(lab: Lab) -> AnyView {
    let chosen = move || lab.link.with(|l| l.view.theme);
    let home = move || lab.link.with(|l| home_address(l.view.theme));
    let choose = move |wanted| {
        lab.change_view(|v| v.theme = wanted);
        let theme = theme::resolved(wanted);
        theme::apply(theme);
        lab.set_theme(theme);
    };
    let copy_link = move |_| {
        let address = lab.address();
        dom::copy(&address.clone(), move |done| {
            lab.say(&if done { "Link copied".to_owned() } else { format!("The browser forbids copying; it is {address}") });
        });
    };
    view! {
        <header class="bar">
            <a class="brand" href=home title="All exhibits">
                <img src="assets/icon.svg" width="24" height="24" alt=""/>
                <span>"Depthscope"</span>
            </a>
            {status(lab)}
            <div class="actions">
                <button type="button" class="quiet" data-action="reset" title="All controls to their defaults; the seed stays" on:click=move |_| lab.reset_all()>
                    "Reset"
                </button>
                <button type="button" class="quiet" data-action="copy-link" title="A link to exactly this state" on:click=copy_link>
                    "Copy link"
                </button>
                {backend(lab)}
                {theme::switch(chosen, choose)}
            </div>
        </header>
    }
    .into_any()
}

/// The home page keeps the theme.
pub(crate) fn home_address(wanted: exhibits::Theme) -> String {
    match wanted {
        exhibits::Theme::System => "./".into(),
        theme => format!("./?theme={}", theme.key()),
    }
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
    view! {
        <div class="status" class:busy=move || lab.busy.get()>
            <span class="status-text" data-device=move || lab.device.get()>{text}</span>
            <span
                class="progress"
                class:determinate=move || share().is_some()
                role="progressbar"
                aria-label="Computing"
                aria-hidden=move || (!lab.busy.get()).to_string()
                aria-valuenow=move || share().map(|s| format!("{:.0}", 100.0 * s))
                style:--share=move || format!("{:.3}", share().unwrap_or(0.0))
            ></span>
        </div>
    }
    .into_any()
}

fn backend(lab: Lab) -> AnyView {
    const NAMES: [(Backend, &str); 3] = [(Backend::Auto, "Auto"), (Backend::Cpu, "CPU"), (Backend::Gpu, "GPU")];
    let chosen = move || lab.link.with(|l| l.view.backend);
    let option =
        move |(b, name): (Backend, &'static str)| view! { <option value=b.key() selected=move || chosen() == b>{name}</option> };
    view! {
        <label>
            <span class="visually-hidden">"Hardware"</span>
            <select
                data-backend-switch=""
                title="What computes: the best there is, the CPU, or the GPU"
                prop:value=move || chosen().key()
                on:change=move |event| {
                    if let Some(backend) = Backend::from_key(&event_target_value(&event)) {
                        lab.change(|l| l.view.backend = backend);
                    }
                }
            >
                {NAMES.map(option).into_iter().collect::<Vec<_>>()}
            </select>
        </label>
    }
    .into_any()
}
