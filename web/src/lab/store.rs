//! What an open exhibit consists of.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use exhibit::Link;
use exhibit::declaration::{Control, Exhibit};
use figures::Theme;
use leptos::prelude::*;
use protocol::{Mark, Notice, Opened, Progress, Readout};

use super::drag_times::DragTimes;
use super::history::History;
use super::painting::Painting;
use crate::address::AddressBar;
use crate::dom;
use crate::ticker::Ticker;
use crate::track::Track;
use crate::worker::WorkerClient;

/// A line of the bench mode.
pub(crate) type BenchLine = (String, String);

/// A handle on the store; cheap to copy into any closure.
#[derive(Clone, Copy)]
pub(crate) struct Lab {
    pub(crate) exhibit: &'static Exhibit,
    /// Control values and view: what the address says.
    pub(crate) link: RwSignal<Link>,
    pub(crate) readouts: RwSignal<Vec<(String, Readout)>>,
    pub(crate) marks: RwSignal<Vec<Mark>>,
    pub(crate) notices: RwSignal<Vec<Notice>>,
    /// What of the address could not be taken.
    pub(crate) address_notes: RwSignal<Vec<String>>,
    pub(crate) progress: RwSignal<Option<Progress>>,
    pub(crate) busy: RwSignal<bool>,
    /// What computes, in words; empty until the worker is ready.
    pub(crate) device: RwSignal<String>,
    /// A failure of the worker, in a sentence, until it is dismissed; empty for none.
    pub(crate) fault: RwSignal<String>,
    /// Why the last request has no answer, until the next one has; empty for none.
    pub(crate) failure: RwSignal<String>,
    /// Whether there is a step to go back to, and one to do again.
    pub(crate) ways: RwSignal<(bool, bool)>,
    /// Why files were not taken, in a sentence, until others are or it is dismissed; empty for nothing.
    pub(crate) refusal: RwSignal<String>,
    /// What was opened last: its name, and what it is, in sentences.
    pub(crate) opened: RwSignal<Opened>,
    /// A short confirmation; empty for none.
    pub(crate) toast: RwSignal<String>,
    pub(crate) bench: RwSignal<Vec<BenchLine>>,
    /// The theme in use, `system` resolved.
    pub(crate) theme: RwSignal<Theme>,
    engine: StoredValue<Rc<Engine>, LocalStorage>,
}

/// What is not reactive: the worker, the figures, and what the next animation frame has to do.
pub(super) struct Engine {
    pub(super) worker: RefCell<Option<Rc<WorkerClient>>>,
    pub(super) paintings: RefCell<Vec<Rc<dyn Painting>>>,
    pub(super) ticker: Rc<Ticker>,
    pub(super) address: AddressBar,
    pub(super) history: History,
    /// The generation of the newest request.
    pub(super) generation: Cell<u32>,
    /// The figures that the newest request is for.
    pub(super) asked: RefCell<Vec<&'static str>>,
    /// The newest generation of which something was shown; older answers are dropped.
    pub(super) shown: Cell<u32>,
    /// The newest generation that has said what the user is to know.
    pub(super) noticed: Cell<u32>,
    pub(super) request_due: Cell<bool>,
    /// A change since the last animation frame has already been sent.
    pub(super) asked_at_once: Cell<bool>,
    pub(super) address_due: Cell<bool>,
    pub(super) paused: Cell<bool>,
    /// A person's own files, for a worker that is started anew.
    pub(super) files: RefCell<Vec<web_sys::File>>,
    toast_count: Cell<u32>,
    pub(super) playing: Cell<Option<Playing>>,
    pub(super) drag: RefCell<Option<DragTimes>>,
    /// Called after each completed answer (the messages of an embed).
    pub(super) on_done: RefCell<Option<Box<dyn Fn()>>>,
}

/// The control that goes up by itself.
#[derive(Clone, Copy)]
pub(super) struct Playing {
    pub(super) control: &'static Control,
    /// What is added in a second.
    pub(super) rate: f64,
    pub(super) track: Track,
    /// Until when it has been moved, and to which value.
    pub(super) millis: f64,
    pub(super) value: f64,
}

impl Lab {
    /// A store without a worker.
    pub(super) fn new(exhibit: &'static Exhibit, link: Link, notes: Vec<String>, theme: Theme) -> Self {
        let engine = Rc::new(Engine {
            worker: RefCell::new(None),
            paintings: RefCell::new(Vec::new()),
            ticker: Ticker::new(),
            address: AddressBar::new(&link),
            history: History::default(),
            generation: Cell::new(0),
            asked: RefCell::default(),
            shown: Cell::new(0),
            noticed: Cell::new(0),
            request_due: Cell::new(true),
            asked_at_once: Cell::new(false),
            address_due: Cell::new(false),
            paused: Cell::new(false),
            files: RefCell::default(),
            toast_count: Cell::new(0),
            playing: Cell::new(None),
            drag: RefCell::new(None),
            on_done: RefCell::new(None),
        });
        Self {
            exhibit,
            link: RwSignal::new(link),
            readouts: RwSignal::new(Vec::new()),
            marks: RwSignal::new(Vec::new()),
            notices: RwSignal::new(Vec::new()),
            address_notes: RwSignal::new(notes),
            progress: RwSignal::new(None),
            busy: RwSignal::new(true),
            device: RwSignal::new(String::new()),
            fault: RwSignal::new(String::new()),
            failure: RwSignal::new(String::new()),
            ways: RwSignal::new((false, false)),
            refusal: RwSignal::new(String::new()),
            opened: RwSignal::new(Opened { id: String::new(), told: String::new() }),
            toast: RwSignal::new(String::new()),
            bench: RwSignal::new(Vec::new()),
            theme: RwSignal::new(theme),
            engine: StoredValue::new_local(engine),
        }
    }

    /// `None` when the exhibit's page is gone.
    pub(super) fn engine(&self) -> Option<Rc<Engine>> {
        self.engine.try_get_value()
    }

    /// Stops everything; the signals are about to be disposed.
    pub(super) fn stop(self) {
        if let Some(engine) = self.engine() {
            engine.ticker.stop();
            engine.worker.take();
            engine.paintings.take();
            engine.on_done.take();
        }
    }

    /// The number that a control is at.
    pub(crate) fn number(self, key: &str) -> f64 {
        self.link.try_with_untracked(|l| l.values.real(key)).unwrap_or_default()
    }

    /// Whether the page is a guest in another one.
    pub(crate) fn is_embedded(self) -> bool {
        self.link.try_with_untracked(|l| l.view.embed).unwrap_or_default()
    }

    /// The address of the page as it is now, without waiting for the address bar.
    pub(crate) fn address(self) -> String {
        self.link.try_with_untracked(crate::address::url_of).unwrap_or_default()
    }

    /// Calls after each completed answer.
    pub(crate) fn on_done(self, call: impl Fn() + 'static) {
        if let Some(engine) = self.engine() {
            *engine.on_done.borrow_mut() = Some(Box::new(call));
        }
    }

    /// Adds a line of the bench mode.
    pub(super) fn add_bench_line(self, task: String, line: String) {
        let _kept = self.bench.try_update(|all| all.push((task, line)));
    }

    /// Says something for a few seconds.
    pub(crate) fn say(self, text: &str) {
        let Some(engine) = self.engine() else { return };
        let count = engine.toast_count.get().wrapping_add(1);
        engine.toast_count.set(count);
        let _kept = self.toast.try_set(text.to_owned());
        dom::after(2_500, move || {
            if self.engine().is_some_and(|e| e.toast_count.get() == count) {
                let _kept = self.toast.try_set(String::new());
            }
        });
    }

    /// Copies text to the clipboard and says so.
    pub(crate) fn copy(self, text: String, said: String) {
        dom::copy(&text.clone(), move |done| {
            self.say(&if done { said } else { format!("The browser forbids copying; it is {text}") });
        });
    }
}
