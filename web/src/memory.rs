//! A slide deck unloads the frames of slides that are left, and loads them again from their first address: what was set
//! meanwhile is kept in the tab's storage under that address.

use exhibit::Link;
use js_sys::Reflect;
use wasm_bindgen::JsValue;

use crate::dom;

/// The key: the address before it is rewritten for the first time, and the frame's name and its place among the frames of the
/// page around it, so that two frames of one address can be told apart. A page in no frame needs none: its address says all.
pub(crate) fn key() -> Option<String> {
    let window = dom::window()?;
    let host = window.parent().ok()?.filter(|host| *host != window)?;
    let here: &JsValue = window.as_ref();
    let is_here = |place: &u32| Reflect::get_u32(&host, *place).is_ok_and(|frame| frame == *here);
    let place = (0..host.length()).find(is_here);
    let href = window.location().href().ok()?;
    Some(format!("depthscope:{}:{}:{href}", window.name().unwrap_or_default(), place.unwrap_or_default()))
}

/// A link with the values that were last set under the page's address, if there are any.
pub(crate) fn restored(link: Link) -> Link {
    let saved = key().and_then(|key| dom::session_storage()?.get_item(&key).ok().flatten());
    match saved {
        Some(query) => {
            // What was saved was valid; if the exhibit has changed since, the rest of it still is.
            let (saved, _notes) = Link::from_query(link.values.exhibit(), &query);
            Link { values: saved.values, ..link }
        }
        None => link,
    }
}

/// Saves the values of a link.
pub(crate) fn save(key: &str, link: &Link) {
    let values = Link { values: link.values.clone(), ..Link::new(link.values.exhibit()) };
    if let Some(storage) = dom::session_storage() {
        // A browser that keeps nothing shows the first state again, which is the best it can.
        let _saved = storage.set_item(key, &values.to_query());
    }
}
