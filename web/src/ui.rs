//! The few elements that stand on the page many times. They take boxed closures and markup as text, so that each of them is
//! compiled once: most of the page's size is elements of different types.

use std::sync::Arc;

use leptos::ev;
use leptos::prelude::*;
use web_sys::{Element, HtmlElement};

use crate::dom;

/// What makes a view when it is needed.
pub(crate) type Make = Arc<dyn Fn() -> AnyView + Send + Sync>;

/// A view that is there while a condition holds.
pub(crate) fn when(
    condition: impl Fn() -> bool + Send + Sync + 'static,
    make: impl Fn() -> AnyView + Send + Sync + 'static,
) -> AnyView {
    present(Memo::new(move |_| condition()), Arc::new(make))
}

fn present(condition: Memo<bool>, make: Make) -> AnyView {
    (move || condition.get().then(|| make())).into_any()
}

/// Markup that does not change.
pub(crate) fn markup(class: &'static str, html: String) -> AnyView {
    view! { <div class=class inner_html=html></div> }.into_any()
}

/// Markup that follows the state; it takes no room while it is empty. `role` is that of a live region, or empty.
pub(crate) fn live(
    class: &'static str,
    role: &'static str,
    id: String,
    html: impl Fn() -> String + Send + Sync + 'static,
) -> AnyView {
    live_of(class, role, id, Signal::derive(html), Box::new(|_| {}))
}

/// The same with a call for each click, with the element inside it that was hit and has the attribute `data-click`.
pub(crate) fn live_clicked(
    class: &'static str,
    role: &'static str,
    html: impl Fn() -> String + Send + Sync + 'static,
    click: impl Fn(Element) + 'static,
) -> AnyView {
    live_of(class, role, String::new(), Signal::derive(html), Box::new(click))
}

fn live_of(
    class: &'static str,
    role: &'static str,
    id: String,
    html: Signal<String>,
    click: Box<dyn Fn(Element)>,
) -> AnyView {
    // The same words are not set anew: they would be read out again.
    let html = Memo::new(move |_| html.get());
    let click = move |event: ev::MouseEvent| {
        if let Some(hit) = clicked(&event) {
            click(hit);
        }
    };
    view! {
        <div
            class=class
            role=Some(role).filter(|r| !r.is_empty())
            id=Some(id).filter(|i| !i.is_empty())
            inner_html=move || html.get()
            on:click=boxed(click)
        ></div>
    }
    .into_any()
}

/// The element with the attribute `data-click` that a click has hit.
pub(crate) fn clicked(event: &ev::MouseEvent) -> Option<Element> {
    dom::target_element(event)?.closest("[data-click]").ok()?
}

/// A list to choose from.
pub(crate) struct Select {
    /// The control that it is, if it is one.
    pub(crate) control: Option<&'static str>,
    /// The id of the element that names it, or empty.
    pub(crate) labelled_by: String,
    /// The name, if no element names it.
    pub(crate) name: Option<&'static str>,
    pub(crate) title: String,
    /// Keys and names.
    pub(crate) options: Vec<(&'static str, &'static str)>,
    /// The key of the chosen option.
    pub(crate) chosen: Signal<&'static str>,
    pub(crate) choose: Box<dyn Fn(&str)>,
}

impl Select {
    pub(crate) fn view(self) -> AnyView {
        let Self { control, labelled_by, name, title, options, chosen, choose } = self;
        // Setting a property to what it is costs as much as changing it.
        let chosen = Memo::new(move |_| chosen.get());
        let option =
            |(key, name): &(&str, &str)| format!("<option value=\"{key}\">{}</option>", exhibit::prose::escaped(name));
        let options: String = options.iter().map(option).collect();
        // The options come before the value, which is one of them.
        view! {
            <select
                inner_html=options
                data-control=control
                aria-label=name
                aria-labelledby=Some(labelled_by).filter(|l| !l.is_empty())
                title=title
                prop:value=move || chosen.get()
                on:change=boxed(move |event: ev::Event| choose(&event_target_value(&event)))
            ></select>
        }
        .into_any()
    }
}

/// A button with words on it.
pub(crate) fn button(
    class: &'static str,
    action: &'static str,
    name: &'static str,
    title: &'static str,
    click: impl Fn() + 'static,
) -> AnyView {
    let click: Box<dyn Fn()> = Box::new(click);
    view! {
        <button type="button" class=class data-action=action title=title on:click=boxed(move |_: ev::MouseEvent| click())>
            {name}
        </button>
    }
    .into_any()
}

/// Runs whenever what it reads changes, and once at first.
pub(crate) fn effect(run: impl FnMut() + 'static) {
    effect_of(Box::new(run));
}

fn effect_of(mut run: Box<dyn FnMut()>) {
    Effect::new(move |_| run());
}

/// A handler as a boxed closure: elements with such handlers are of one type, and compiled once.
pub(crate) fn boxed<E>(handler: impl FnMut(E) + 'static) -> Box<dyn FnMut(E)> {
    Box::new(handler)
}

/// Puts the focus on an element.
pub(crate) fn focus(element: Option<Element>) {
    let element: Option<HtmlElement> = element.and_then(|e| wasm_bindgen::JsCast::dyn_into(e).ok());
    if let Some(element) = element {
        // An element that takes no focus leaves it where it is.
        let _focused = element.focus();
    }
}
