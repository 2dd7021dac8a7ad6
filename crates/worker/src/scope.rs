//! The worker's side of the browser: messages, time, yielding, files.

use std::cell::RefCell;

use exhibits::job::unless;
use js_sys::{Array, Uint8Array};
use protocol::{PANIC_GENERATION, Reply};
use serde::Serialize;
use wasm_bindgen::prelude::*;
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, MessageChannel, MessagePort, ReadableStreamDefaultReader, Response};

pub(crate) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Milliseconds on the worker's clock.
pub(crate) fn now_millis() -> f64 {
    scope().performance().map_or(0.0, |p| p.now())
}

thread_local! {
    /// Where the worker listens that this one helps, if it helps one.
    static LEADER: RefCell<Option<MessagePort>> = const { RefCell::new(None) };
}

/// From now on this worker helps the one at the other end.
pub(crate) fn serve(leader: MessagePort) {
    LEADER.set(Some(leader));
}

/// Whether this worker helps another one.
pub(crate) fn is_helper() -> bool {
    LEADER.with_borrow(Option::is_some)
}

/// Posts a reply to whoever gives this worker its work: the page, or the worker that it helps.
pub(crate) fn post(reply: &Reply) {
    LEADER.with_borrow(|leader| match leader {
        Some(port) => post_to(port, reply),
        None => post_to_page(reply),
    });
}

/// Posts a reply to the page. Encoding these types and posting to the page that started this worker do not fail; were it so,
/// there is nobody to tell.
pub(crate) fn post_to_page(reply: &Reply) {
    if let Some((array, moved)) = encoded(reply) {
        let _nobody_to_tell = scope().post_message_with_transfer(&array, &moved);
    }
}

/// Posts a message to another worker.
pub(crate) fn post_to(port: &MessagePort, message: &impl Serialize) {
    if let Some((array, moved)) = encoded(message) {
        // The array is fresh and owned, so it can always be transferred.
        let _posted = port.post_message_with_transferable(&array, &moved);
    }
}

/// A message, and what changes hands with it: its bytes, without a copy.
fn encoded(message: &impl Serialize) -> Option<(Uint8Array, Array)> {
    let array = Uint8Array::from(protocol::encode(message).ok()?.as_slice());
    let moved = Array::of1(&array.buffer());
    Some((array, moved))
}

/// After a panic this module instance is dead: its text is the last thing it says.
pub(crate) fn post_panics() {
    std::panic::set_hook(Box::new(|info| {
        post(&Reply::Failed { generation: PANIC_GENERATION, message: info.to_string() });
    }));
}

/// Lets the event loop run once. A message to oneself comes back in well under a millisecond; a nested `setTimeout`
/// would take four.
pub(crate) async fn yield_to_events() {
    let Ok(channel) = MessageChannel::new() else { return };
    let (port, other) = (channel.port1(), channel.port2());
    let promise = js_sys::Promise::new(&mut |resolve, _reject| port.set_onmessage(Some(&resolve)));
    if other.post_message(&JsValue::NULL).is_ok() {
        let _always_resolves = JsFuture::from(promise).await;
    }
    port.set_onmessage(None);
    port.close();
}

/// Waits so long.
pub(crate) async fn sleep(millis: i32) {
    let promise = js_sys::Promise::new(&mut |resolve, _reject| {
        // Where it is refused nothing would wake the waiting: then it does not wait.
        if scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, millis).is_err() {
            let _resolved = resolve.call0(&JsValue::NULL);
        }
    });
    let _always_resolves = JsFuture::from(promise).await;
}

/// A file of which nothing more has come for so long is given up.
const IDLE_MILLIS: i32 = 20_000;

/// Loads a file beside the page, telling `progress` the share that has arrived.
///
/// # Errors
/// A sentence for the user.
pub(crate) async fn fetch(path: &str, mut progress: impl FnMut(f32)) -> Result<Vec<u8>, String> {
    let failed = |_js: JsValue| format!("{path} could not be loaded");
    // The worker's script stands in the root of the built folder, so paths are relative to it wherever that is hosted.
    let base = scope().location().href();
    let url = js_sys::Reflect::get(&js_sys::global(), &"URL".into())
        .and_then(|u| u.dyn_into::<js_sys::Function>())
        .and_then(|u| js_sys::Reflect::construct(&u, &Array::of2(&path.into(), &base.into())))
        .and_then(|u| js_sys::Reflect::get(&u, &"href".into()))
        .map_err(failed)?;
    let url = url.as_string().unwrap_or_default();
    let response: Response = JsFuture::from(scope().fetch_with_str(&url)).await.map_err(failed)?.unchecked_into();
    if !response.ok() {
        return Err(format!("{path} is not there (status {})", response.status()));
    }
    let length = response.headers().get("content-length").ok().flatten().and_then(|l| l.parse::<f32>().ok());
    let Some(body) = response.body() else { return Err(format!("{path} is empty")) };
    let reader: ReadableStreamDefaultReader = body.get_reader().unchecked_into();
    let mut bytes = Vec::new();
    loop {
        let chunk = unless(sleep(IDLE_MILLIS), JsFuture::from(reader.read())).await;
        let chunk = chunk.ok_or_else(|| format!("{path} has stopped arriving"))?.map_err(failed)?;
        let value = js_sys::Reflect::get(&chunk, &"value".into()).map_err(failed)?;
        let Ok(value) = value.dyn_into::<Uint8Array>() else { return Ok(bytes) };
        let start = bytes.len();
        bytes.resize(start + value.length() as usize, 0);
        value.copy_to(&mut bytes[start..]);
        if let Some(length) = length.filter(|l| *l > 0.0) {
            progress((bytes.len() as f32 / length).min(1.0));
        }
    }
}
