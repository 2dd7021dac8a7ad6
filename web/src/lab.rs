//! The state of an open exhibit: one store that lives as long as the page, and the only place that changes it.
//!
//! A change marks what has to follow (a request, the address, pictures); the next animation frame does it. Nothing is
//! sent or painted inside an input handler.

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use exhibit::declaration::{Exhibit, Preset};
use exhibit::{Link, ValueError};
use figures::Theme;
use leptos::prelude::*;
use protocol::{Frame, Mark, Progress, Readout, Reply, Request, Run};

use crate::address::AddressBar;
use crate::dom;
use crate::drag_bench::DragBench;
use crate::figure::Painter;
use crate::playing::Playing;
use crate::ticker::Ticker;
use crate::worker_client::{News, WorkerClient};

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
    pub(crate) notices: RwSignal<Vec<String>>,
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
    /// A short confirmation; empty for none.
    pub(crate) toast: RwSignal<String>,
    pub(crate) bench: RwSignal<Vec<BenchLine>>,
    /// The theme in use, `system` resolved.
    pub(crate) theme: RwSignal<Theme>,
    engine: StoredValue<Rc<Engine>, LocalStorage>,
}

/// What is not reactive: the worker, the painters, and what the next animation frame has to do.
pub(crate) struct Engine {
    worker: RefCell<Option<Rc<WorkerClient>>>,
    painters: RefCell<Vec<Rc<Painter>>>,
    ticker: Rc<Ticker>,
    address: AddressBar,
    /// The generation of the newest request.
    generation: Cell<u32>,
    /// The figures that the newest request is for.
    asked: RefCell<Vec<&'static str>>,
    /// The newest generation of which something was shown; older answers are dropped.
    shown: Cell<u32>,
    request_due: Cell<bool>,
    /// A change since the last animation frame has already been sent.
    asked_at_once: Cell<bool>,
    address_due: Cell<bool>,
    paused: Cell<bool>,
    toast_count: Cell<u32>,
    /// The control that goes up by itself.
    pub(crate) playing: Cell<Option<Playing>>,
    pub(crate) drag_bench: RefCell<Option<DragBench>>,
    /// Called after each completed answer (the messages of an embed).
    on_done: RefCell<Option<Box<dyn Fn()>>>,
}

impl Lab {
    /// The store of an exhibit; must be made under the owner that lives as long as the exhibit's page.
    pub(crate) fn new(exhibit: &'static Exhibit, link: Link, notes: Vec<String>, theme: Theme) -> Self {
        let engine = Rc::new(Engine {
            worker: RefCell::new(None),
            painters: RefCell::new(Vec::new()),
            ticker: Ticker::new(),
            address: AddressBar::new(&link),
            generation: Cell::new(0),
            asked: RefCell::default(),
            shown: Cell::new(0),
            request_due: Cell::new(true),
            asked_at_once: Cell::new(false),
            address_due: Cell::new(false),
            paused: Cell::new(false),
            toast_count: Cell::new(0),
            playing: Cell::new(None),
            drag_bench: RefCell::new(None),
            on_done: RefCell::new(None),
        });
        let lab = Self {
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
            toast: RwSignal::new(String::new()),
            bench: RwSignal::new(Vec::new()),
            theme: RwSignal::new(theme),
            engine: StoredValue::new_local(Rc::clone(&engine)),
        };
        engine.ticker.set(move || lab.tick());
        on_cleanup(move || lab.stop());
        lab
    }

    pub(crate) fn engine(&self) -> Option<Rc<Engine>> {
        self.engine.try_get_value()
    }

    /// Starts the worker, and with it the computing.
    pub(crate) fn start(self) {
        let Some(engine) = self.engine() else { return };
        *engine.worker.borrow_mut() = Some(WorkerClient::new(move |news| self.hear(news)));
        engine.ticker.wake();
    }

    /// Stops everything; the signals are about to be disposed.
    fn stop(self) {
        if let Some(engine) = self.engine() {
            engine.ticker.stop();
            engine.worker.take();
            engine.painters.take();
            engine.on_done.take();
        }
    }

    // Changes

    /// Changes the link; a request follows at once, the address with an animation frame.
    pub(crate) fn change<T>(self, change: impl FnOnce(&mut Link) -> T) -> Option<T> {
        let result = self.link.try_update(change);
        self.follow();
        result
    }

    fn follow(self) {
        if let Some(engine) = self.engine() {
            engine.request_due.set(true);
            engine.address_due.set(true);
            self.heed_change(&engine);
            for painter in engine.painters.borrow().iter() {
                self.link.try_with_untracked(|l| painter.follow_controls(&l.values));
            }
            // The first change after an animation frame goes to the worker at once, the others with the next frame.
            if !engine.asked_at_once.replace(true) && !engine.paused.get() {
                self.request(&engine);
            }
            engine.ticker.wake();
        }
    }

    /// Sets a control from text.
    pub(crate) fn set_text(self, key: &str, text: &str) -> Result<(), ValueError> {
        self.change(|link| link.values.set_text(key, text)).unwrap_or(Ok(()))
    }

    /// Sets a number, clamped to its range.
    pub(crate) fn set_number(self, key: &str, number: f64) {
        self.change(|link| link.values.set_number(key, number));
    }

    /// Puts a control to its default.
    pub(crate) fn reset(self, key: &str) {
        self.change(|link| link.values.reset(key));
    }

    /// Puts all controls but seeds to their default.
    pub(crate) fn reset_all(self) {
        self.change(|link| link.values.reset_all());
    }

    /// Takes a preset; a test makes sure that declared presets are valid.
    pub(crate) fn take_preset(self, preset: &'static Preset) {
        let _valid = self.change(|link| link.values.set_preset(preset));
    }

    /// Takes a whole link, from the address bar or a saved state.
    pub(crate) fn take_link(self, link: Link, notes: Vec<String>) {
        let _kept = self.address_notes.try_set(notes);
        self.change(|l| *l = link);
    }

    /// Changes the view without computing anew.
    pub(crate) fn change_view(self, change: impl FnOnce(&mut exhibit::PageView)) {
        let _done = self.link.try_update(|link| change(&mut link.view));
        if let Some(engine) = self.engine() {
            engine.address_due.set(true);
            engine.ticker.wake();
        }
    }

    /// Takes the theme in use to the figures.
    pub(crate) fn set_theme(self, theme: Theme) {
        let _kept = self.theme.try_set(theme);
        self.repaint(|p| p.restyle(theme));
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

    /// Stops or resumes computing.
    pub(crate) fn set_paused(self, paused: bool) {
        let Some(engine) = self.engine() else { return };
        if engine.paused.replace(paused) == paused {
            return;
        }
        if paused {
            self.send(Request::Stop);
            let _kept = self.busy.try_set(false);
            engine.request_due.set(true);
        } else {
            engine.ticker.wake();
        }
    }

    /// Sends a request that is no run.
    pub(crate) fn send(self, request: Request) {
        if let Some(worker) = self.engine().and_then(|e| e.worker.borrow().clone()) {
            worker.send(request);
        }
    }

    /// Calls after each completed answer.
    pub(crate) fn on_done(self, call: impl Fn() + 'static) {
        if let Some(engine) = self.engine() {
            *engine.on_done.borrow_mut() = Some(Box::new(call));
        }
    }

    /// The address of the page as it is now, without waiting for the address bar.
    pub(crate) fn address(self) -> String {
        self.link.try_with_untracked(crate::address::url_of).unwrap_or_default()
    }

    // Figures

    /// Adds a figure's painter; it is removed with [`Self::remove`].
    pub(crate) fn add(self, painter: Rc<Painter>) {
        if let Some(engine) = self.engine() {
            engine.painters.borrow_mut().push(painter);
        }
    }

    /// Removes a figure's painter.
    pub(crate) fn remove(self, painter: &Rc<Painter>) {
        if let Some(engine) = self.engine() {
            engine.painters.borrow_mut().retain(|p| !Rc::ptr_eq(p, painter));
        }
    }

    /// Paints with the next animation frame.
    pub(crate) fn wake(self) {
        if let Some(engine) = self.engine() {
            engine.ticker.wake();
        }
    }

    /// Measures all figures again: the window or the density of its pixels has changed.
    pub(crate) fn remeasure(self) {
        self.repaint(Painter::measure);
    }

    /// Whether an answer is under way or will be asked for; not while paused or off screen.
    pub(crate) fn will_answer(self) -> bool {
        let Some(engine) = self.engine() else { return false };
        let due = engine.request_due.get() || self.busy.try_get_untracked() == Some(true);
        due && self.is_seen(&engine)
    }

    /// Whether any figure is in view and nothing is paused.
    pub(crate) fn is_seen(self, engine: &Engine) -> bool {
        !engine.paused.get() && engine.painters.borrow().iter().any(|p| p.in_view())
    }

    /// Whether the main figures in view (all that are, without a main one) show the newest state, or all that there is to it.
    pub(crate) fn is_answered(self, engine: &Engine) -> bool {
        let newest = engine.generation.get();
        let painters = engine.painters.borrow();
        let seen = || painters.iter().filter(|p| p.in_view());
        let has_main = seen().any(|p| p.spec.main);
        let is_shown = seen().filter(|p| p.spec.main || !has_main).all(|p| p.generation() == newest);
        !engine.request_due.get() && (is_shown || self.busy.try_get_untracked() == Some(false))
    }

    /// A figure has come into view: asks for it if what it has is old.
    pub(crate) fn came_into_view(self, painter: &Painter) {
        let Some(engine) = self.engine() else { return };
        if painter.generation() < engine.generation.get() {
            engine.request_due.set(true);
        }
        engine.ticker.wake();
    }

    fn repaint(self, change: impl Fn(&Painter)) {
        if let Some(engine) = self.engine() {
            engine.painters.borrow().iter().for_each(|p| change(p));
            engine.ticker.wake();
        }
    }

    // The animation frame

    fn tick(self) {
        let Some(engine) = self.engine() else { return };
        engine.asked_at_once.set(false);
        if self.advance_play(&engine) {
            engine.ticker.wake();
        }
        if engine.request_due.get() && !engine.paused.get() {
            self.request(&engine);
        }
        if engine.address_due.get() {
            let written = self.link.try_with_untracked(|link| engine.address.write(link));
            engine.address_due.set(written == Some(false));
            if written == Some(false) {
                engine.ticker.wake_after(AddressBar::WAIT_MILLIS);
            }
        }
        self.paint(&engine, false);
    }

    fn paint(self, engine: &Engine, only_main: bool) {
        let mut painters = engine.painters.borrow().clone();
        painters.retain(|painter| painter.spec.main || !only_main);
        // All pictures before all words: see `paint_if_due`.
        let mut moving = false;
        for painter in &painters {
            moving |= painter.paint_if_due();
        }
        painters.iter().for_each(|painter| painter.tell());
        self.heed_paint(engine);
        if moving {
            engine.ticker.wake();
        }
    }

    fn request(self, engine: &Engine) {
        let worker = engine.worker.borrow().clone();
        let figures: Vec<_> = engine.painters.borrow().iter().filter(|p| p.in_view()).map(|p| p.id()).collect();
        let Some(worker) = worker else { return };
        if figures.is_empty() && !engine.painters.borrow().is_empty() {
            // Off screen: the request stays due until a figure comes into view.
            let _kept = self.busy.try_set(false);
            return;
        }
        engine.request_due.set(false);
        let generation = engine.generation.get().wrapping_add(1);
        engine.generation.set(generation);
        let kept = engine.painters.borrow().iter().filter(|p| p.has_figure()).map(|p| p.id().to_owned()).collect();
        let run = self.link.try_with_untracked(|link| Run {
            generation,
            exhibit: self.exhibit.id.to_owned(),
            controls: link.values.changed_owned(),
            figures: figures.iter().map(|id| (*id).to_owned()).collect(),
            kept,
            backend: link.view.backend,
        });
        engine.asked.replace(figures);
        if let Some(run) = run {
            let _kept = self.busy.try_set(true);
            worker.run(run);
        }
    }

    // Answers

    fn hear(self, news: News) {
        match news {
            News::Ready(device) => {
                let _kept = self.device.try_set(device);
                if let Some(root) = dom::root() {
                    let _set = root.set_attribute("data-ready", "worker");
                }
                let debug = self.link.try_with_untracked(|l| l.view.debug.clone()).unwrap_or_default();
                self.debug(&debug);
            }
            News::Restarted(sentence) => {
                let _kept = self.fault.try_set(sentence);
            }
            News::Lost(sentence) => {
                let _kept = (self.fault.try_set(sentence), self.busy.try_set(false), self.progress.try_set(None));
                self.repaint(Painter::mark_lost);
                self.stop_playing();
                self.tell_done();
            }
            News::Reply(reply) => self.answer(reply),
        }
    }

    fn tell_done(self) {
        let Some(engine) = self.engine() else { return };
        if let Some(call) = engine.on_done.borrow().as_ref() {
            call();
        }
    }

    fn debug(self, what: &str) {
        match what {
            "panic" | "panic-in-pool" => {
                // Once: the worker that is started after the panic is to work.
                let _done = self.link.try_update_untracked(|l| l.view.debug.clear());
                self.send(if what == "panic" { Request::Panic } else { Request::PanicInPool });
            }
            "bench" => self.send(Request::Bench),
            "drag" => self.bench_drag(),
            _ => {}
        }
    }

    /// Adds a line of the bench mode.
    pub(crate) fn add_bench_line(self, task: String, line: String) {
        let _kept = self.bench.try_update(|all| all.push((task, line)));
    }

    fn answer(self, reply: Reply) {
        let Some(engine) = self.engine() else { return };
        match reply {
            Reply::Frame { generation, frame } if generation >= engine.shown.get() => {
                let is_first = generation > engine.shown.get();
                engine.shown.set(generation);
                self.show(&engine, generation, frame);
                // What plays asks for its next picture before this one is painted, so that the worker does not wait.
                let _plays = self.advance_play(&engine);
                // The main figures are painted as the first answer to a drag arrives, which leaves them the rest of this
                // animation frame; the others, and what follows, with the next one.
                if is_first {
                    self.paint(&engine, true);
                }
            }
            Reply::Done { generation, .. } if generation == engine.generation.get() => {
                let asked = engine.asked.borrow();
                engine.painters.borrow().iter().filter(|p| asked.contains(&p.id())).for_each(|p| p.keep(generation));
                let _kept = (self.busy.try_set(false), self.progress.try_set(None));
                self.tell_done();
            }
            Reply::Failed { generation, message } if generation == engine.generation.get() => {
                let _kept = (self.busy.try_set(false), self.progress.try_set(None), self.failure.try_set(message));
                self.stop_playing();
                self.tell_done();
            }
            Reply::Told { figure, lines } => {
                if let Some(painter) = engine.painters.borrow().iter().find(|p| p.id() == figure) {
                    painter.hear(lines);
                }
            }
            Reply::BenchLine { task, line } => self.add_bench_line(task, line),
            Reply::BenchDone => self.bench_drag(),
            _ => {}
        }
    }

    fn show(self, engine: &Engine, generation: u32, frame: Frame) {
        if self.failure.try_with_untracked(|f| !f.is_empty()) == Some(true) {
            let _kept = self.failure.try_set(String::new());
        }
        for painter in engine.painters.borrow().iter().filter(|p| frame.unchanged.iter().any(|id| id == p.id())) {
            painter.keep(generation);
        }
        for figure in frame.figures {
            let painter = engine.painters.borrow().iter().find(|p| p.id() == figure.id).cloned();
            if let Some(painter) = painter {
                painter.take(figure, generation);
                self.link.try_with_untracked(|l| painter.follow_controls(&l.values));
            }
        }
        if !frame.readouts.is_empty() {
            let _kept = self.readouts.try_update(|all| {
                for (key, value) in frame.readouts {
                    match all.iter_mut().find(|(k, _)| *k == key) {
                        Some(slot) => slot.1 = value,
                        None => all.push((key, value)),
                    }
                }
            });
        }
        if !frame.marks.is_empty() {
            let _kept = self.marks.try_update(|all| {
                all.retain(|m| !frame.marks.iter().any(|new| new.control == m.control));
                all.extend(frame.marks);
            });
        }
        if self.notices.try_with_untracked(|n| *n != frame.notices) == Some(true) {
            let _kept = self.notices.try_set(frame.notices);
        }
        if self.progress.try_with_untracked(|p| *p != frame.progress) == Some(true) {
            let _kept = self.progress.try_set(frame.progress);
        }
        engine.ticker.wake();
    }
}
