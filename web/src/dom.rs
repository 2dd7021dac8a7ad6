//! The few browser calls that are used in more than one place.

use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{AddEventListenerOptions, Document, Element, Event, EventTarget, HtmlTemplateElement, Window};

/// The window; `None` outside a page.
pub(crate) fn window() -> Option<Window> {
    web_sys::window()
}

/// The document.
pub(crate) fn document() -> Option<Document> {
    window()?.document()
}

/// The `html` element.
pub(crate) fn root() -> Option<Element> {
    document()?.document_element()
}

/// The content of `<meta name=...>`, `None` when it is absent or empty.
pub(crate) fn meta(name: &str) -> Option<String> {
    let element = document()?.query_selector(&format!("meta[name=\"{name}\"]")).ok()??;
    element.get_attribute("content").filter(|c| !c.is_empty())
}

/// The template with this id.
pub(crate) fn template(id: &str) -> Option<HtmlTemplateElement> {
    document()?.get_element_by_id(id)?.dyn_into().ok()
}

/// The query string of the address, with its question mark.
pub(crate) fn query() -> String {
    window().and_then(|w| w.location().search().ok()).unwrap_or_default()
}

/// The query string of the address and the fragment behind it, with their signs.
pub(crate) fn query_and_fragment() -> String {
    query() + &window().and_then(|w| w.location().hash().ok()).unwrap_or_default()
}

/// An address relative to the page's base, as an absolute one.
pub(crate) fn resolved(relative: &str) -> String {
    let base = document().and_then(|d| d.base_uri().ok().flatten()).unwrap_or_default();
    web_sys::Url::new_with_base(relative, &base).map_or_else(|_| relative.to_owned(), |url| url.href())
}

/// The storage that lives as long as the tab; `None` where the browser forbids it.
pub(crate) fn session_storage() -> Option<web_sys::Storage> {
    window()?.session_storage().ok().flatten()
}

/// Whether the browser knows that there is no network.
pub(crate) fn is_offline() -> bool {
    window().is_some_and(|window| !window.navigator().on_line())
}

/// Milliseconds since the page was opened.
pub(crate) fn now_millis() -> f64 {
    window().and_then(|w| w.performance()).map_or(0.0, |p| p.now())
}

/// Backend pixels per CSS pixel.
pub(crate) fn device_pixel_ratio() -> f64 {
    window().map_or(1.0, |w| w.device_pixel_ratio()).clamp(0.5, 8.0)
}

/// The size of the page's text in CSS pixels, from which figures take theirs.
pub(crate) fn root_font_px() -> f64 {
    let style = root().and_then(|r| window()?.get_computed_style(&r).ok().flatten());
    let size = style.and_then(|s| s.get_property_value("font-size").ok());
    size.map(|s| js_sys::parse_float(&s)).filter(|s| *s > 0.0).unwrap_or(16.0)
}

/// Whether a media query holds.
pub(crate) fn media(query: &str) -> bool {
    window().and_then(|w| w.match_media(query).ok().flatten()).is_some_and(|m| m.matches())
}

/// An event listener that is removed when this is dropped.
pub(crate) struct Listener {
    target: EventTarget,
    kind: &'static str,
    is_before: bool,
    closure: Closure<dyn FnMut(Event)>,
}

impl Drop for Listener {
    fn drop(&mut self) {
        // A target that is gone has no listener to remove.
        let function = self.closure.as_ref().unchecked_ref();
        let _removed = self.target.remove_event_listener_with_callback_and_bool(self.kind, function, self.is_before);
    }
}

/// Listens to events on a target until the returned value is dropped.
pub(crate) fn listen(target: &EventTarget, kind: &'static str, call: impl FnMut(Event) + 'static) -> Listener {
    listen_with(target, kind, true, call)
}

/// Listens to events; `passive` promises not to call `prevent_default`.
pub(crate) fn listen_with(
    target: &EventTarget,
    kind: &'static str,
    passive: bool,
    call: impl FnMut(Event) + 'static,
) -> Listener {
    added(target, kind, (passive, false), call)
}

/// Listens to events on their way to what they are meant for, and may keep them from it.
pub(crate) fn listen_before(target: &EventTarget, kind: &'static str, call: impl FnMut(Event) + 'static) -> Listener {
    added(target, kind, (false, true), call)
}

fn added(
    target: &EventTarget,
    kind: &'static str,
    (passive, is_before): (bool, bool),
    call: impl FnMut(Event) + 'static,
) -> Listener {
    let closure = Closure::<dyn FnMut(Event)>::new(call);
    let options = AddEventListenerOptions::new();
    options.set_passive(passive);
    options.set_capture(is_before);
    let function = closure.as_ref().unchecked_ref();
    // Only a target that is no event target at all refuses, and the type rules that out.
    let _added = target.add_event_listener_with_callback_and_add_event_listener_options(kind, function, &options);
    Listener { target: target.clone(), kind, is_before, closure }
}

/// Calls once, after `millis`.
pub(crate) fn after(millis: i32, call: impl FnOnce() + 'static) {
    let function = Closure::once_into_js(call);
    if let Some(window) = window() {
        let _timer = window.set_timeout_with_callback_and_timeout_and_arguments_0(function.unchecked_ref(), millis);
    }
}

/// Copies text to the clipboard, by the old way where the new one is forbidden (an iframe without permission, plain HTTP).
pub(crate) fn copy(text: &str, then: impl FnOnce(bool) + 'static) {
    let clipboard = window().map(|w| w.navigator().clipboard()).filter(|c| !JsValue::is_undefined(c.as_ref()));
    let text = text.to_owned();
    wasm_bindgen_futures::spawn_local(async move {
        let written = match clipboard {
            Some(clipboard) => wasm_bindgen_futures::JsFuture::from(clipboard.write_text(&text)).await.is_ok(),
            None => false,
        };
        then(written || copy_by_selection(&text).is_some());
    });
}

fn copy_by_selection(text: &str) -> Option<()> {
    let document = document()?;
    let area: web_sys::HtmlTextAreaElement = document.create_element("textarea").ok()?.dyn_into().ok()?;
    area.set_value(text);
    area.set_attribute("style", "position:fixed;opacity:0").ok()?;
    document.body()?.append_child(&area).ok()?;
    area.select();
    let copy = js_sys::Reflect::get(&document, &"execCommand".into()).ok()?.dyn_into::<js_sys::Function>().ok();
    let done = copy.and_then(|f| f.call1(&document, &"copy".into()).ok()).and_then(|v| v.as_bool());
    area.remove();
    done.filter(|d| *d).map(|_| ())
}

/// Offers a blob as a file.
pub(crate) fn download(name: &str, blob: &web_sys::Blob) -> Option<()> {
    let url = web_sys::Url::create_object_url_with_blob(blob).ok()?;
    let anchor: web_sys::HtmlAnchorElement = document()?.create_element("a").ok()?.dyn_into().ok()?;
    anchor.set_href(&url);
    anchor.set_download(name);
    anchor.click();
    // The browser reads the address after the click has returned.
    after(10_000, move || {
        let _revoked = web_sys::Url::revoke_object_url(&url);
    });
    Some(())
}

/// Offers text as a file.
pub(crate) fn download_text(name: &str, text: &str) -> Option<()> {
    let parts = js_sys::Array::of1(&text.into());
    download(name, &web_sys::Blob::new_with_str_sequence(&parts).ok()?)
}

/// Offers bytes as a file.
pub(crate) fn download_bytes(name: &str, bytes: &[u8]) -> Option<()> {
    let parts = js_sys::Array::of1(&js_sys::Uint8Array::from(bytes));
    download(name, &web_sys::Blob::new_with_u8_array_sequence(&parts).ok()?)
}

/// The element of an event's target.
pub(crate) fn target_element(event: &Event) -> Option<Element> {
    event.target()?.dyn_into().ok()
}
