//! What all workers of this page have in common: how they start, end, and exchange bytes.

use js_sys::{Array, ArrayBuffer, Uint8Array};
use protocol::Request;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Event, EventTarget, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::dom;

/// The worker whose script an element `<meta>` names.
///
/// # Errors
/// A sentence.
pub(super) fn start(name: &str) -> Result<Worker, &'static str> {
    let script = dom::meta(name).ok_or("This page was built without its worker, so nothing can be computed.")?;
    let options = WorkerOptions::new();
    options.set_type(WorkerType::Module);
    Worker::new_with_options(&dom::resolved(&script), &options).map_err(|_refused| {
        "This browser does not let the page start a worker, so nothing can be computed. Opened as a file? The folder has to \
         be served over HTTP."
    })
}

/// Whether the whole of the script that an element `<meta>` names has come. Browsers that keep no times of workers' scripts say no.
pub(super) fn has_come(name: &str) -> bool {
    let url = dom::meta(name).map(|script| dom::resolved(&script)).unwrap_or_default();
    let times = dom::window().and_then(|window| window.performance());
    times.is_some_and(|times| times.get_entries_by_name(&url).length() > 0)
}

/// Nothing comes from it any more.
pub(super) fn end(worker: &Worker) {
    worker.set_onmessage(None);
    worker.set_onmessageerror(None);
    worker.set_onerror(None);
    worker.terminate();
}

/// Sends a request, and a port where one goes with it.
pub(super) fn post(worker: &Worker, request: &Request, port: Option<&JsValue>) {
    let Ok(bytes) = protocol::encode(request) else { return };
    let array = Uint8Array::from(bytes.as_slice());
    let moved = Array::of1(&array.buffer());
    if let Some(port) = port {
        moved.push(port);
    }
    // The array and the port are fresh and owned, so they can always be transferred.
    let _posted = worker.post_message_with_transfer(&array, &moved);
}

/// What came.
pub(super) fn bytes_of(event: &MessageEvent) -> Option<Vec<u8>> {
    match event.data().dyn_into::<Uint8Array>() {
        Ok(array) => Some(array.to_vec()),
        Err(data) => data.dyn_into::<ArrayBuffer>().ok().map(|buffer| Uint8Array::new(&buffer).to_vec()),
    }
}

/// Whether an event is of this worker: one of a worker that was ended may still be under way.
pub(super) fn is_of(event: &Event, worker: &Worker) -> bool {
    event.target().is_some_and(|target| AsRef::<EventTarget>::as_ref(worker) == &target)
}
