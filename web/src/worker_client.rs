//! The line to the worker: spawns it, queues until it is ready, restarts it when it fails.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Array, ArrayBuffer, Uint8Array};
use protocol::{ABI, PANIC_GENERATION, Reply, Request, Run};
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{ErrorEvent, Event, MessageEvent, Worker, WorkerOptions, WorkerType};

use crate::dom::{self, session_storage};

/// A worker that fails more often than this within [`RESTART_SPAN_MILLIS`] is left alone until the next request.
const MOST_RESTARTS: usize = 3;
const RESTART_SPAN_MILLIS: f64 = 10_000.0;

/// Says that the page was reloaded for the sake of the worker's version.
const RELOADED_KEY: &str = "depthscope-reloaded";

/// What the page learns.
#[derive(Debug)]
pub(crate) enum News {
    /// The worker takes requests; what computes, in words.
    Ready(String),
    /// An answer.
    Reply(Reply),
    /// The worker failed and was started again; a sentence.
    Restarted(String),
    /// The worker failed too often, or cannot be started; a sentence.
    Lost(String),
}

/// The worker's end on the page.
pub(crate) struct WorkerClient {
    worker: RefCell<Option<Worker>>,
    ready: Cell<bool>,
    /// The last run, which a restarted worker gets again.
    last_run: RefCell<Option<Run>>,
    /// What waits for the worker to be ready, besides the last run.
    queue: RefCell<Vec<Request>>,
    restarts: RefCell<Vec<f64>>,
    tell: Box<dyn Fn(News)>,
    on_message: Closure<dyn FnMut(MessageEvent)>,
    on_error: Closure<dyn FnMut(Event)>,
}

impl Drop for WorkerClient {
    fn drop(&mut self) {
        self.terminate();
    }
}

impl WorkerClient {
    /// Starts a worker; `tell` is called with all that comes from it.
    pub(crate) fn new(tell: impl Fn(News) + 'static) -> Rc<Self> {
        let client = Rc::new_cyclic(|weak: &Weak<Self>| {
            let (on_reply, on_fault) = (weak.clone(), weak.clone());
            Self {
                worker: RefCell::new(None),
                ready: Cell::new(false),
                last_run: RefCell::new(None),
                queue: RefCell::new(Vec::new()),
                restarts: RefCell::new(Vec::new()),
                tell: Box::new(tell),
                on_message: Closure::new(move |event: MessageEvent| {
                    if let Some(client) = on_reply.upgrade().filter(|c| c.is_current(&event)) {
                        client.take_message(&event);
                    }
                }),
                on_error: Closure::new(move |event: Event| {
                    if let Some(client) = on_fault.upgrade().filter(|c| c.is_current(&event)) {
                        event.prevent_default();
                        let text = event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
                        client.fail(&text);
                    }
                }),
            }
        });
        client.spawn();
        client
    }

    /// Sends a run; one that waits is replaced.
    pub(crate) fn run(&self, run: Run) {
        let request = Request::Run(run.clone());
        *self.last_run.borrow_mut() = Some(run);
        if self.worker.borrow().is_none() {
            self.spawn();
        }
        if self.ready.get() {
            self.post(&request);
        }
    }

    /// Sends anything else, now or when the worker is ready; a question about a picture is not asked later.
    pub(crate) fn send(&self, request: Request) {
        if matches!(request, Request::Stop) {
            // Nor is what was stopped run again by another worker.
            self.last_run.take();
        }
        if self.ready.get() {
            self.post(&request);
        } else if !matches!(request, Request::Ask { .. }) {
            self.queue.borrow_mut().push(request);
        }
    }

    fn spawn(&self) {
        let build = dom::meta("depthscope-build").map_or_else(String::new, |id| format!("?v={id}"));
        let options = WorkerOptions::new();
        options.set_type(WorkerType::Module);
        match Worker::new_with_options(&dom::resolved(&format!("./worker_loader.js{build}")), &options) {
            Ok(worker) => {
                worker.set_onmessage(Some(self.on_message.as_ref().unchecked_ref()));
                worker.set_onmessageerror(Some(self.on_error.as_ref().unchecked_ref()));
                worker.set_onerror(Some(self.on_error.as_ref().unchecked_ref()));
                self.ready.set(false);
                *self.worker.borrow_mut() = Some(worker);
            }
            Err(_) => {
                let reason = "This browser does not let the page start a worker, so nothing can be computed. \
                              Opened as a file? The folder has to be served over HTTP.";
                (self.tell)(News::Lost(reason.into()));
            }
        }
    }

    fn terminate(&self) {
        self.ready.set(false);
        if let Some(worker) = self.worker.borrow_mut().take() {
            worker.set_onmessage(None);
            worker.set_onmessageerror(None);
            worker.set_onerror(None);
            worker.terminate();
        }
    }

    /// An event of a worker that was terminated may still be under way.
    fn is_current(&self, event: &Event) -> bool {
        let target = event.target();
        target.is_some_and(|t| {
            self.worker.borrow().as_ref().is_some_and(|w| AsRef::<web_sys::EventTarget>::as_ref(w) == &t)
        })
    }

    fn post(&self, request: &Request) {
        let Ok(bytes) = protocol::encode(request) else { return };
        let array = Uint8Array::from(bytes.as_slice());
        let transfer = Array::of1(&array.buffer());
        if let Some(worker) = self.worker.borrow().as_ref() {
            // The array is fresh and owned, so it can always be transferred.
            let _posted = worker.post_message_with_transfer(&array, &transfer);
        }
    }

    fn take_message(&self, event: &MessageEvent) {
        let data = event.data();
        let bytes = match data.dyn_into::<Uint8Array>() {
            Ok(array) => array.to_vec(),
            Err(data) => match data.dyn_into::<ArrayBuffer>() {
                Ok(buffer) => Uint8Array::new(&buffer).to_vec(),
                Err(_) => return,
            },
        };
        match protocol::decode::<Reply>(&bytes) {
            Ok(Reply::Ready { abi, device }) => self.welcome(abi, device),
            Ok(Reply::Failed { generation: PANIC_GENERATION, message }) => self.fail(&message),
            Ok(reply) => (self.tell)(News::Reply(reply)),
            // Bytes that cannot be read mean a worker of another build as well.
            Err(_) => self.reload_once(),
        }
    }

    fn welcome(&self, abi: u32, device: String) {
        if abi != ABI {
            return self.reload_once();
        }
        if let Some(storage) = session_storage() {
            // So that the next mixture is mended too.
            let _removed = storage.remove_item(RELOADED_KEY);
        }
        self.ready.set(true);
        (self.tell)(News::Ready(device));
        for request in self.queue.take() {
            self.post(&request);
        }
        let run = self.last_run.borrow().clone();
        if let Some(run) = run {
            self.post(&Request::Run(run));
        }
    }

    /// Page and worker are of different builds: the browser's cache mixed them, which a reload mends.
    fn reload_once(&self) {
        let storage = session_storage();
        let tried = storage.as_ref().and_then(|s| s.get_item(RELOADED_KEY).ok().flatten()).is_some();
        self.terminate();
        if let (Some(storage), false) = (storage, tried)
            && storage.set_item(RELOADED_KEY, "1").is_ok()
        {
            let _reloading = dom::window().map(|w| w.location().reload());
            return;
        }
        let text = "The page and its worker are of different versions. Empty this site's cache in the browser and load \
                    the page again.";
        (self.tell)(News::Lost(text.into()));
    }

    fn fail(&self, reason: &str) {
        let was_ready = self.ready.get();
        self.terminate();
        let now = dom::now_millis();
        let mut restarts = self.restarts.borrow_mut();
        restarts.retain(|at| now - at < RESTART_SPAN_MILLIS);
        let reason = reason.trim().trim_start_matches("Uncaught ");
        let because = if reason.is_empty() { String::new() } else { format!(" ({reason})") };
        if restarts.len() >= MOST_RESTARTS {
            drop(restarts);
            let what =
                if was_ready { "The computation failed again and again" } else { "The worker could not be loaded" };
            (self.tell)(News::Lost(format!("{what}{because}. Change a control to try again, or load the page anew.")));
            return;
        }
        restarts.push(now);
        drop(restarts);
        let what = if was_ready { "The computation failed" } else { "The worker could not be loaded" };
        (self.tell)(News::Restarted(format!("{what}{because}. It was started again.")));
        self.spawn();
    }
}
