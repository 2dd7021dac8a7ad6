//! Embed mode: the exhibit as a guest in a slide or a page.

mod keys;
mod message;
mod post;

use std::cell::{Cell, RefCell};
use std::rc::Rc;

use exhibit::Link;
use exhibit::prose::sentence;
use leptos::prelude::*;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{MessageEvent, ResizeObserver, Window};

use crate::dom::{self, Listener};
use crate::lab::Lab;
use crate::reader::reading;
use message::{Command, Incoming};

/// Most messages that wait for an answer.
const MOST_WAITING: usize = 64;
/// Most messages that are kept while the reader of what people type is loaded.
const MOST_BEHIND: usize = 10_000;

/// The guest's side of the messages.
struct Guest {
    lab: Lab,
    /// What `reset` goes back to.
    initial: Link,
    /// Those who asked for the state while it was being computed: who, and the id of the message.
    waiting: RefCell<Vec<(Window, Option<JsValue>)>>,
    /// Messages that wait for the reader of one before them.
    behind: RefCell<Option<Vec<MessageEvent>>>,
}

/// What must live as long as the page.
struct Held {
    _listeners: Vec<Listener>,
    observer: Option<(ResizeObserver, Closure<dyn FnMut()>)>,
}

/// Listens and speaks to the page around this one.
pub(crate) fn begin(lab: Lab, initial: Link) {
    let Some(window) = dom::window() else { return };
    let guest = Rc::new(Guest { lab, initial, waiting: RefCell::default(), behind: RefCell::default() });
    let (by_message, by_answer) = (Rc::clone(&guest), Rc::clone(&guest));
    let mut listeners = vec![dom::listen(&window, "message", move |event| {
        if let Some(event) = event.dyn_ref::<MessageEvent>() {
            by_message.hear(event);
        }
    })];
    listeners.extend(keys::listen());
    lab.on_done(move || by_answer.answer());
    let held = Held { _listeners: listeners, observer: watch_height() };
    let held = StoredValue::new_local(RefCell::new(Some(held)));
    on_cleanup(move || {
        if let Some(Some((observer, _))) = held.try_with_value(RefCell::take).flatten().map(|h| h.observer) {
            observer.disconnect();
        }
    });
    post::ready(lab);
}

/// Tells the height that the content needs whenever it changes. A figure takes whatever height its frame has, so that it is
/// measured as high as it likes to be: a host may follow, with some more pixels or fewer, and all stand still.
fn watch_height() -> Option<(ResizeObserver, Closure<dyn FnMut()>)> {
    const MEASURED: &str = "data-measured";
    let body = dom::document()?.get_element_by_id("app")?;
    let (watched, told) = (body.clone(), Cell::new(0));
    let call = Closure::<dyn FnMut()>::new(move || {
        // The element takes any attribute.
        let _set = watched.set_attribute(MEASURED, "");
        let needed = watched.scroll_height();
        let _removed = watched.remove_attribute(MEASURED);
        if told.replace(needed) != needed {
            post::height(f64::from(needed));
        }
    });
    let observer = ResizeObserver::new(call.as_ref().unchecked_ref()).ok()?;
    observer.observe(&body);
    Some((observer, call))
}

impl Guest {
    fn hear(self: &Rc<Self>, event: &MessageEvent) {
        if let Some(behind) = &mut *self.behind.borrow_mut() {
            if behind.len() < MOST_BEHIND {
                behind.push(event.clone());
            }
            return;
        }
        let source = event.source().map(|s| s.unchecked_into::<Window>()).or_else(post::host);
        match message::read(&event.data()) {
            Incoming::Foreign => {}
            Incoming::Malformed(id, sentence) => post::error(source.as_ref(), id.as_ref(), &sentence),
            Incoming::Command(id, command) => {
                let is_answered = !matches!(command, Command::Play | Command::Pause | Command::Slide(_));
                let asker = source.clone().filter(|_| is_answered);
                let (reader, guest) = (Rc::clone(self), Rc::clone(self));
                self.behind.replace(Some(Vec::new()));
                self.lab.begin_step();
                reading(
                    move || reader.obey(&command),
                    move |wrong| {
                        if let Some(sentence) = wrong {
                            post::error(source.as_ref(), id.as_ref(), &sentence);
                        }
                        if let Some(asker) = asker {
                            guest.wait(asker, id);
                        }
                        let behind = guest.behind.take().unwrap_or_default();
                        behind.iter().for_each(|event| guest.hear(event));
                    },
                );
            }
        }
    }

    /// Answers when the state is known.
    fn wait(&self, asker: Window, id: Option<JsValue>) {
        let mut waiting = self.waiting.borrow_mut();
        // Who asks a thousand times while something is computed is answered the last times.
        if waiting.len() == MOST_WAITING {
            waiting.remove(0);
        }
        waiting.push((asker, id));
        drop(waiting);
        if !self.lab.will_answer() {
            self.answer();
        }
    }

    /// Does what was asked for; a sentence about what could not be done.
    fn obey(&self, command: &Command) -> Option<String> {
        match command {
            Command::Get => None,
            Command::Play => {
                self.lab.set_paused(false);
                self.lab.play_first();
                None
            }
            Command::Pause => {
                self.lab.stop_playing();
                self.lab.set_paused(true);
                None
            }
            // What played on a slide that was left goes on when it is seen again.
            Command::Slide(is_shown) => {
                self.lab.set_paused(!is_shown);
                if *is_shown {
                    self.lab.autoplay();
                }
                None
            }
            Command::Reset => {
                self.lab.change(|link| {
                    let now = link.values.clone();
                    link.values = self.initial.values.clone();
                    keep_seeds(&now, &mut link.values);
                });
                None
            }
            Command::Preset(name) => {
                let taken = self.lab.change(|link| link.values.set_preset_by_key(name));
                taken.and_then(Result::err).map(|error| sentence(&error.to_string()))
            }
            Command::Set(pairs) => {
                let complaints = self.lab.change(|link| {
                    let errors = pairs.iter().filter_map(|(key, text)| link.values.set_text(key, text).err());
                    errors.map(|e| sentence(&e.to_string())).collect::<Vec<_>>()
                });
                // The first ones say enough.
                complaints.filter(|c| !c.is_empty()).map(|c| c[..c.len().min(8)].join(" "))
            }
        }
    }

    /// Sends the state to all who wait for it, and to the page around this one.
    fn answer(&self) {
        let waiting = self.waiting.take();
        let asked_by_host = waiting.iter().any(|(who, _)| post::host().as_ref() == Some(who));
        for (who, id) in &waiting {
            post::state(self.lab, Some(who), id.as_ref());
        }
        if !asked_by_host {
            post::state(self.lab, post::host().as_ref(), None);
        }
    }
}

fn keep_seeds(from: &exhibit::Values, to: &mut exhibit::Values) {
    for control in from.exhibit().controls {
        if matches!(control.kind, exhibit::declaration::Kind::Seed { .. }) {
            to.set_number(control.key, from.real(control.key));
        }
    }
}
