//! The page of an exhibit.

use std::cell::RefCell;

use exhibit::Link;
use exhibit::declaration::{Exhibit, Place};
use exhibit::prose::prose;
use figures::Theme;
use leptos::ev;
use leptos::prelude::*;

use super::{header, keys, notices, presets, theme, ways, words};
use crate::control::{control, controls_at, groups};
use crate::dom::{self, Listener};
use crate::embed;
use crate::figure::figure;
use crate::lab::{self, Lab};
use crate::memory;
use crate::reader::reading;
use crate::readout::readouts;
use crate::ui;

/// What the address says, and what of it was not taken.
pub(crate) fn opened(exhibit: &'static Exhibit) -> (Link, Vec<String>) {
    Link::from_query(exhibit, &dom::query_and_fragment())
}

/// The page in the state of its address.
pub(crate) fn page(exhibit: &'static Exhibit, (link, notes): (Link, Vec<String>)) -> AnyView {
    let embedded = link.view.embed;
    let initial = link.clone();
    let link = if embedded { memory::restored(link) } else { link };
    let in_use = theme::resolved(link.view.theme);
    theme::apply(in_use);
    if let Some(root) = dom::root() {
        // The root element takes any attribute.
        let _set = root.toggle_attribute_with_force("data-embed", embedded);
    }
    let is_restored = link.values != initial.values;
    let lab = lab::open(exhibit, link, notes, in_use);
    if is_restored {
        // The address is the state.
        lab.change_view(|_view| ());
    }
    let listeners = StoredValue::new_local(RefCell::new(listen(lab, exhibit)));
    on_cleanup(move || {
        let _dropped = listeners.try_with_value(RefCell::take);
    });
    // After the first paint: the page can be used before the worker has loaded.
    dom::after(0, move || {
        lab::start(lab);
        lab.autoplay();
    });
    if embedded {
        embed::begin(lab, initial);
        embed_view(lab)
    } else {
        whole_view(lab)
    }
}

fn listen(lab: Lab, exhibit: &'static Exhibit) -> Vec<Listener> {
    let Some(window) = dom::window() else { return Vec::new() };
    let system = theme::on_system_change(move || {
        if let Some(wanted) = lab.link.try_with_untracked(|l| l.view.theme) {
            let theme = theme::resolved(wanted);
            theme::apply(theme);
            lab.set_theme(theme);
        }
    });
    let resized = dom::listen(&window, "resize", move |_| lab.remeasure());
    let popped = dom::listen(&window, "popstate", move |_| {
        reading(move || opened(exhibit), move |(link, notes)| lab.take_link(link, notes));
    });
    let paper = [("beforeprint", true), ("afterprint", false)].map(|(kind, is_on_paper)| {
        dom::listen(&window, kind, move |_| {
            let theme = lab.theme.try_get_untracked().filter(|_| !is_on_paper);
            theme::apply(theme.unwrap_or(Theme::Light));
            lab.set_on_paper(is_on_paper);
        })
    });
    let files = lab::listen_to_files(lab, &window);
    system.into_iter().chain([resized, popped]).chain(files).chain(keys::listen(lab, &window)).chain(paper).collect()
}

fn whole_view(lab: Lab) -> AnyView {
    let exhibit = lab.exhibit;
    let main = exhibit.figures.iter().filter(|f| f.main).map(|f| figure(lab, f)).collect::<Vec<_>>();
    let more = exhibit.figures.iter().filter(|f| !f.main).map(|f| figure(lab, f)).collect::<Vec<_>>();
    view! {
        {header::header(lab)}
        <main class="exhibit">
            {notices::faults(lab)}
            {notices::address_notes(lab)}
            {ui::markup("intro", format!("<h1>{}</h1><p class=\"claim\">{}</p>", prose(exhibit.title), prose(exhibit.claim)))}
            <div id="paper"></div>
            {presets::presets(lab)}
            <aside class="panel" aria-label="Controls">{main_controls(lab)} {control_groups(lab)}</aside>
            <section class="main-figures" aria-label="Main figures">{main}</section>
            <div class="below-main">{readouts(lab)} {notices::notices(lab)}</div>
            <section class="more-figures" aria-label="More figures">{more}</section>
            {notices::bench(lab)}
            {words::words(lab)}
        </main>
        {notices::toast(lab)}
        {notices::announcer(lab)}
    }
    .into_any()
}

fn embed_view(lab: Lab) -> AnyView {
    let exhibit = lab.exhibit;
    let figures = exhibit.figures.iter().map(|f| figure(lab, f)).collect::<Vec<_>>();
    // Controls on figures stand there; all others in one row.
    let controls = exhibit.controls.iter().filter(|c| !matches!(c.place, Place::Figure(_) | Place::Drawn(_)));
    view! {
        <main class="exhibit embedded">
            {notices::faults(lab)}
            {notices::address_notes(lab)}
            {ui::markup("visually-hidden", format!("<h1>{}</h1>", prose(exhibit.title)))}
            <section class="main-figures" aria-label="Figures">{figures}</section>
            <div class="embed-controls" aria-label="Controls" role="group">
                {controls.map(|c| control(lab, c)).collect::<Vec<_>>()}
            </div>
            {readouts(lab)}
            {notices::notices(lab)}
            {header::status(lab)}
            {ways::ways(lab)}
        </main>
        {notices::toast(lab)}
        {notices::announcer(lab)}
    }
    .into_any()
}

fn main_controls(lab: Lab) -> AnyView {
    let folded = RwSignal::new(false);
    view! {
        <section
            class=move || if folded.get() { "main-controls folded" } else { "main-controls" }.to_owned()
            aria-label="Main controls"
        >
            <button
                type="button"
                class="fold quiet"
                aria-expanded=move || (!folded.get()).to_string()
                on:click=ui::boxed(move |_: ev::MouseEvent| folded.update(|f| *f = !*f))
            >
                {move || if folded.get() { "Show controls" } else { "Hide controls" }.to_owned()}
            </button>
            <div class="main-controls-body">{controls_at(lab, |place| matches!(place, Place::Main | Place::Files))}</div>
        </section>
    }
    .into_any()
}

fn control_groups(lab: Lab) -> AnyView {
    let group = move |name: &'static str| {
        view! {
            <fieldset class="group">
                <legend>{name}</legend>
                {controls_at(lab, move |place| place == Place::Group(name))}
            </fieldset>
        }
        .into_any()
    };
    view! { <div class="groups">{groups(lab).into_iter().map(group).collect::<Vec<_>>()}</div> }.into_any()
}
