//! The line to the worker of the exhibit's group: takes over the one that the page's head has started, queues until it is ready,
//! restarts it when it fails. The bench mode has a worker of its own, which is started when this one has nothing to do.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use js_sys::{Array, Reflect};
use protocol::{ABI, PANIC_GENERATION, Reply, Request, Run};
use wasm_bindgen::JsCast;
use wasm_bindgen::JsValue;
use wasm_bindgen::closure::Closure;
use web_sys::{ErrorEvent, Event, MessageEvent, Worker};

use super::crew::Crew;
use super::script;
use super::silence::{LOOK_MILLIS, Silence};
use crate::dom::{self, session_storage};

/// A worker that fails more often than this within [`RESTART_SPAN_MILLIS`] is left alone until the next request.
const MOST_RESTARTS: usize = 3;
const RESTART_SPAN_MILLIS: f64 = 60_000.0;
/// Looks until a worker that does not come is given up: a minute, in which half a megabyte comes over the slowest line.
const MOST_LOADING_LOOKS: u32 = 30;
/// Looks until a worker whose script has come, and says nothing, is given up.
const MOST_SILENT_LOOKS: u32 = 5;

/// The pages' element `<meta>` that names the worker's script.
const WORKER: &str = "depthscope-worker";
/// Where the script in the page's head leaves the worker that it has started, and what came from it.
const EARLY: &str = "depthscopeWorker";

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
    crew: RefCell<Option<Rc<Crew>>>,
    ready: Cell<bool>,
    silence: Silence,
    /// Looks at a worker that is not ready.
    loading_looks: Cell<u32>,
    /// Whether its script runs.
    has_begun: Cell<bool>,
    is_watched: Cell<bool>,
    this: Weak<Self>,
    /// The last run, which a restarted worker gets again.
    last_run: RefCell<Option<Run>>,
    /// What waits for the worker to be ready, besides the last run.
    queue: RefCell<Vec<Request>>,
    restarts: RefCell<Vec<f64>>,
    /// Whether the last run is not answered yet.
    pub(super) is_running: Cell<bool>,
    pub(super) wants_bench: Cell<bool>,
    pub(super) bench: RefCell<Option<Rc<Crew>>>,
    pub(super) tell: Box<dyn Fn(News)>,
    on_message: Closure<dyn FnMut(MessageEvent)>,
    on_error: Closure<dyn FnMut(Event)>,
}

impl Drop for WorkerClient {
    fn drop(&mut self) {
        self.terminate();
        self.end_bench();
    }
}

impl WorkerClient {
    /// Starts a worker; `tell` is called with all that comes from it.
    pub(crate) fn new(tell: impl Fn(News) + 'static) -> Rc<Self> {
        let client = Rc::new_cyclic(|weak: &Weak<Self>| {
            let (on_reply, on_fault) = (weak.clone(), weak.clone());
            Self {
                crew: RefCell::new(None),
                ready: Cell::new(false),
                silence: Silence::default(),
                loading_looks: Cell::new(0),
                has_begun: Cell::new(false),
                is_watched: Cell::new(false),
                this: weak.clone(),
                last_run: RefCell::new(None),
                queue: RefCell::new(Vec::new()),
                restarts: RefCell::new(Vec::new()),
                is_running: Cell::new(false),
                wants_bench: Cell::new(false),
                bench: RefCell::new(None),
                tell: Box::new(tell),
                on_message: Closure::new(move |event: MessageEvent| {
                    if let Some(client) = on_reply.upgrade() {
                        client.hear(&event);
                    }
                }),
                on_error: Closure::new(move |event: Event| {
                    if let Some(client) = on_fault.upgrade() {
                        client.hear_fault(&event);
                    }
                }),
            }
        });
        match take_early() {
            Some((worker, heard)) => {
                client.take_over(worker);
                // Only when whoever hears of it holds this client.
                let client = Rc::downgrade(&client);
                wasm_bindgen_futures::spawn_local(async move {
                    for event in heard.iter() {
                        let Some(client) = client.upgrade() else { return };
                        match event.dyn_into::<MessageEvent>() {
                            Ok(message) => client.hear(&message),
                            Err(fault) => client.hear_fault(fault.unchecked_ref()),
                        }
                    }
                });
            }
            None => client.spawn(),
        }
        client
    }

    /// Sends a run; one that waits is replaced.
    pub(crate) fn run(&self, run: Run) {
        let request = Request::Run(run.clone());
        *self.last_run.borrow_mut() = Some(run);
        self.is_running.set(true);
        if self.crew.borrow().is_none() {
            self.spawn();
        }
        if self.ready.get() {
            self.post(&request);
        }
        self.watch();
    }

    /// Sends anything else, now or when the worker is ready; a question about a picture is not asked later.
    pub(crate) fn send(&self, request: Request) {
        match request {
            Request::Stop => {
                // Nor is what was stopped run again by another worker.
                self.last_run.take();
                self.is_running.set(false);
            }
            Request::Bench => {
                self.wants_bench.set(true);
                return self.start_bench();
            }
            _ => {}
        }
        if self.ready.get() {
            self.post(&request);
        } else if !matches!(request, Request::Ask { .. }) {
            self.queue.borrow_mut().push(request);
        }
    }

    fn spawn(&self) {
        match script::start(WORKER) {
            Ok(worker) => self.take_over(worker),
            Err(reason) => (self.tell)(News::Lost(reason.into())),
        }
    }

    fn take_over(&self, worker: Worker) {
        self.listen(&worker);
        self.ready.set(false);
        self.silence.end();
        self.loading_looks.set(0);
        self.has_begun.set(false);
        *self.crew.borrow_mut() = Some(Crew::new(worker, WORKER));
        self.watch();
    }

    pub(super) fn listen(&self, worker: &Worker) {
        worker.set_onmessage(Some(self.on_message.as_ref().unchecked_ref()));
        worker.set_onmessageerror(Some(self.on_error.as_ref().unchecked_ref()));
        worker.set_onerror(Some(self.on_error.as_ref().unchecked_ref()));
    }

    fn terminate(&self) {
        self.ready.set(false);
        self.crew.take();
    }

    fn hear(&self, event: &MessageEvent) {
        let is_of_crew = is_led_by(event, &self.crew);
        if is_of_crew {
            self.silence.end();
            self.has_begun.set(true);
        }
        // The first word of a script says no more than that it runs.
        if event.data().is_string() {
            return;
        }
        if is_of_crew {
            self.take_message(event);
        } else if is_led_by(event, &self.bench) {
            self.take_bench_message(event);
        }
    }

    fn hear_fault(&self, event: &Event) {
        let text = || event.dyn_ref::<ErrorEvent>().map(ErrorEvent::message).unwrap_or_default();
        if is_led_by(event, &self.crew) {
            event.prevent_default();
            self.fail(&text());
        } else if is_led_by(event, &self.bench) {
            event.prevent_default();
            self.fail_bench(text());
        }
    }

    fn post(&self, request: &Request) {
        if let Some(crew) = self.crew.borrow().as_ref() {
            crew.tell(request);
        }
    }

    /// Looks at the worker from time to time, as long as something is due from it.
    fn watch(&self) {
        if self.is_watched.replace(true) {
            return;
        }
        let client = self.this.clone();
        dom::after(LOOK_MILLIS, move || {
            if let Some(client) = client.upgrade() {
                client.is_watched.set(false);
                client.look();
            }
        });
    }

    fn look(&self) {
        let Some(crew) = self.crew.borrow().clone() else { return };
        if !self.ready.get() {
            let looks = self.loading_looks.get() + 1;
            self.loading_looks.set(looks);
            if looks >= MOST_SILENT_LOOKS && !self.has_begun.get() && script::has_come(WORKER) {
                return self.fail("its script has come and does not run: it is empty, or cut off");
            }
            if looks >= MOST_LOADING_LOOKS {
                self.terminate();
                let text = "The worker, which computes, has not arrived for a minute. See whether this device is online, then change \
                            a control or load the page anew.";
                return (self.tell)(News::Lost(text.into()));
            }
        } else if self.is_running.get() {
            crew.watch();
            if self.silence.is_too_long(|| crew.tell(&Request::Ping)) {
                self.fail("it has given no sign of life for some seconds");
            }
        } else {
            return;
        }
        self.watch();
    }

    fn take_message(&self, event: &MessageEvent) {
        let Some(bytes) = script::bytes_of(event) else { return };
        match protocol::decode::<Reply>(&bytes) {
            Ok(Reply::Alive) => {}
            Ok(Reply::Helpers { places }) => {
                if let Some(crew) = self.crew.borrow().as_ref() {
                    crew.fill(&places);
                }
            }
            Ok(Reply::Ready { abi, device }) => self.welcome(abi, device),
            Ok(Reply::Failed { generation: PANIC_GENERATION, message }) => self.fail(&message),
            Ok(reply) => {
                if let Reply::Done { generation, .. } | Reply::Failed { generation, .. } = &reply
                    && self.last_run.borrow().as_ref().is_some_and(|run| run.generation == *generation)
                {
                    self.is_running.set(false);
                }
                (self.tell)(News::Reply(reply));
                self.start_bench();
            }
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
        if !was_ready && dom::is_offline() {
            drop(restarts);
            let text = "This device is offline, and the part that computes this exhibit is not kept on it yet. Load this page \
                        once with a connection.";
            return (self.tell)(News::Lost(text.into()));
        }
        if restarts.len() >= MOST_RESTARTS {
            drop(restarts);
            let (what, cache) = if was_ready {
                ("The computation failed again and again", "")
            } else {
                ("The worker could not be loaded", " without its cache, with shift held")
            };
            (self.tell)(News::Lost(format!(
                "{what}{because}. Change a control to try again, or load the page anew{cache}."
            )));
            return;
        }
        restarts.push(now);
        drop(restarts);
        let what = if was_ready { "The computation failed" } else { "The worker could not be loaded" };
        (self.tell)(News::Restarted(format!("{what}{because}. It was started again.")));
        self.spawn();
    }
}

/// The worker that the page's head has started, once, and the events that have come from it.
fn take_early() -> Option<(Worker, Array)> {
    let window = dom::window()?;
    let early = Reflect::get(&window, &EARLY.into()).ok()?;
    // The window takes any property.
    let _taken = Reflect::set(&window, &EARLY.into(), &JsValue::NULL);
    let worker = Reflect::get(&early, &"worker".into()).ok()?.dyn_into().ok()?;
    Some((worker, Reflect::get(&early, &"heard".into()).ok()?.dyn_into().ok()?))
}

/// Whether an event is of the worker that leads a crew.
fn is_led_by(event: &Event, crew: &RefCell<Option<Rc<Crew>>>) -> bool {
    crew.borrow().as_ref().is_some_and(|crew| script::is_of(event, crew.leader()))
}
