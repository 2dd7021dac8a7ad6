//! What can be taken from a figure: picture, numbers, link, embed line.

use std::rc::Rc;

use exhibit::Link;
use exhibit::declaration::FigureSpec;
use leptos::ev;
use leptos::prelude::*;
use protocol::Request;
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::attach::Attached;
use super::painter::Painter;
use super::whole::Unsaved;
use crate::address;
use crate::dom;
use crate::lab::Lab;
use crate::ui;

type Held = StoredValue<Option<Attached>, LocalStorage>;

const ICON: &str = "<svg viewBox=\"0 0 16 16\" width=\"16\" height=\"16\" aria-hidden=\"true\">\
    <path d=\"M8 2v8M4.8 7 8 10.2 11.2 7M2.5 11v2.5h11V11\"/></svg>";

const ITEMS: &str = "<button type=\"button\" role=\"menuitem\" data-click data-action=\"png\">Picture (PNG)</button>\
    <button type=\"button\" role=\"menuitem\" data-click data-action=\"csv\">Numbers (CSV)</button>\
    <button type=\"button\" role=\"menuitem\" data-click data-action=\"nets\">Nets (safetensors)</button>\
    <button type=\"button\" role=\"menuitem\" data-click data-action=\"figure-link\">Copy link to this figure</button>\
    <button type=\"button\" role=\"menuitem\" data-click data-action=\"embed\">Copy embed line</button>";

/// The menu.
pub(crate) fn menu(lab: Lab, spec: &'static FigureSpec, painter: Held) -> AnyView {
    let open = RwSignal::new(false);
    let choose = move |event: ev::MouseEvent| {
        match ui::clicked(&event).and_then(|item| item.get_attribute("data-action")).as_deref() {
            Some("png") => png(lab, spec, painter),
            Some("csv") => csv(lab, spec, painter),
            Some("nets") => lab.send(Request::Export),
            Some("figure-link") => copy_link(lab, spec),
            Some("embed") => copy_embed(lab, spec),
            _ => return,
        }
        let _kept = open.try_set(false);
    };
    let on_key = move |event: ev::KeyboardEvent| match event.key().as_str() {
        "Escape" if open.get_untracked() => {
            open.set(false);
            event.prevent_default();
            event.stop_propagation();
        }
        "ArrowDown" | "ArrowUp" if open.get_untracked() => {
            step_focus(&event);
            event.prevent_default();
        }
        _ => {}
    };
    let on_leave = move |event: ev::FocusEvent| {
        let to = event.related_target().and_then(|t| t.dyn_into::<web_sys::Node>().ok());
        let menu = event.current_target().and_then(|t| t.dyn_into::<web_sys::Node>().ok());
        if !menu.is_some_and(|m| m.contains(to.as_ref())) {
            let _kept = open.try_set(false);
        }
    };
    view! {
        <div class="menu" on:keydown=ui::boxed(on_key) on:focusout=ui::boxed(on_leave)>
            <button
                type="button"
                class="quiet menu-button"
                aria-haspopup="menu"
                aria-label=format!("Save or share: {}", spec.title)
                title="Save or share"
                aria-expanded=move || open.get().to_string()
                on:click=ui::boxed(move |_: ev::MouseEvent| open.update(|o| *o = !*o))
                inner_html=ICON
            ></button>
            <div class="menu-items" role="menu" hidden=move || !open.get() on:click=ui::boxed(choose) inner_html=ITEMS></div>
        </div>
    }
    .into_any()
}

fn step_focus(event: &ev::KeyboardEvent) {
    let Some(menu) = event.current_target().and_then(|t| t.dyn_into::<HtmlElement>().ok()) else { return };
    let Ok(items) = menu.query_selector_all("[role=menuitem]") else { return };
    let active = dom::document().and_then(|d| d.active_element());
    let same = |i: u32| items.item(i).is_some_and(|n| active.as_ref().is_some_and(|a| n.is_same_node(Some(a))));
    let count = items.length();
    let now = (0..count).find(|i| same(*i));
    let to = match (event.key().as_str(), now) {
        ("ArrowDown", Some(i)) => (i + 1) % count.max(1),
        ("ArrowUp", Some(i)) => (i + count - 1) % count.max(1),
        _ => 0,
    };
    ui::focus(items.item(to).and_then(|n| n.dyn_into().ok()));
}

fn file_name(lab: Lab, spec: &FigureSpec, extension: &str) -> String {
    format!("{}-{}.{extension}", lab.exhibit.id, spec.id)
}

fn held(painter: Held) -> Option<Rc<Painter>> {
    painter.try_with_value(|held| held.as_ref().map(|held| Rc::clone(&held.painter))).flatten()
}

fn png(lab: Lab, spec: &'static FigureSpec, painter: Held) {
    let saved = held(painter).map_or(Err(Unsaved::NoPicture), |painter| painter.save_png(file_name(lab, spec, "png")));
    match saved {
        Ok(()) => {}
        Err(Unsaved::NoPicture) => lab.say("There is no picture yet."),
        Err(Unsaved::Guarded) => lab.say(
            "This browser changes the pixels that a page reads, against being recognised. Allow this page to read its \
             canvases, or take a screenshot.",
        ),
    }
}

fn csv(lab: Lab, spec: &'static FigureSpec, painter: Held) {
    let text = held(painter).and_then(|painter| painter.figure.borrow().as_ref().map(figures::csv));
    let saved = text.and_then(|text| dom::download_text(&file_name(lab, spec, "csv"), &text));
    if saved.is_none() {
        lab.say("There are no numbers yet.");
    }
}

fn link_of(lab: Lab, change: impl FnOnce(&mut Link)) -> String {
    let link = lab.link.try_with_untracked(|link| {
        let mut link = link.clone();
        change(&mut link);
        address::url_of(&link)
    });
    link.unwrap_or_default()
}

fn copy_link(lab: Lab, spec: &'static FigureSpec) {
    lab.copy(link_of(lab, |link| link.view.figure = vec![spec.id.to_owned()]), "Link copied".into());
}

fn copy_embed(lab: Lab, spec: &'static FigureSpec) {
    let address = link_of(lab, |link| {
        link.view.embed = true;
        link.view.figure = vec![spec.id.to_owned()];
    });
    let line = format!(
        "<iframe title=\"{}: {}\" src=\"{}\" width=\"100%\" height=\"540\" style=\"border:0\" loading=\"lazy\" allow=\"fullscreen; clipboard-write\"></iframe>",
        lab.exhibit.title,
        spec.title,
        address.replace('&', "&amp;").replace('"', "%22")
    );
    lab.copy(line, "Embed line copied".into());
}
