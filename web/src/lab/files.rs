//! A person's own files: read here, understood by the worker, which keeps them.

use exhibit::prose::sentence;
use leptos::prelude::*;
use protocol::{Opened, Request};
use wasm_bindgen::JsCast;
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DragEvent, Event, File, FileList, Window};

use super::store::Lab;
use crate::dom::{self, Listener};

/// Most bytes of all files together: what a set may have, and as much again.
const MOST_BYTES: f64 = 256.0 * 1024.0 * 1024.0;

impl Lab {
    /// Opens files, in the place of those before once they are understood.
    pub(crate) fn open_files(self, files: &FileList) {
        let files: Vec<File> = (0..files.length()).filter_map(|i| files.get(i)).collect();
        if files.is_empty() {
            return;
        }
        if self.exhibit.files().is_none() {
            return self.say("This exhibit takes no files.");
        }
        self.say("Reading the files…");
        self.send_files(files);
    }

    /// Hands the files that are open to a worker that has not seen them.
    pub(super) fn open_again(self) {
        let files = self.engine().map(|engine| engine.files.borrow().clone()).unwrap_or_default();
        if !files.is_empty() {
            self.send_files(files);
        }
    }

    fn send_files(self, files: Vec<File>) {
        if files.iter().map(|file| file.size()).sum::<f64>() > MOST_BYTES {
            return self.refuse_files("the files hold more than 256 MB; expected no more");
        }
        spawn_local(async move {
            let mut all = Vec::new();
            for file in &files {
                let Ok(bytes) = JsFuture::from(file.array_buffer()).await else {
                    return self
                        .refuse_files(&format!("{} could not be read; expected files, and no folders", file.name()));
                };
                all.push((file.name(), js_sys::Uint8Array::new(&bytes).to_vec()));
            }
            if let Some(engine) = self.engine() {
                engine.files.replace(files);
            }
            self.send(Request::Open { files: all });
        });
    }

    pub(super) fn take_opened(self, opened: Result<Opened, String>) {
        match opened {
            Ok(opened) => {
                let id = opened.id.clone();
                let _kept = (self.opened.try_set(opened), self.refusal.try_set(String::new()));
                self.say("The files are open.");
                self.begin_step();
                // What the worker calls a set fits its control.
                let _valid = self.change(|link| link.values.set_files(&id));
            }
            Err(why) => self.refuse_files(&why),
        }
    }

    /// Says why files were not taken; what was there stays.
    fn refuse_files(self, why: &str) {
        self.say("The files were not taken. The top of the page says why.");
        let kept = "Nothing has changed.";
        let _kept = self.refusal.try_set(format!("{} {kept}", sentence(why)));
    }
}

/// Listens to files that are dropped anywhere: a browser would leave the page for them.
pub(crate) fn listen(lab: Lab, window: &Window) -> [Listener; 2] {
    let dropped = |event: &Event| event.dyn_ref::<DragEvent>().and_then(DragEvent::data_transfer);
    let has_files = move |event: &Event| dropped(event).is_some_and(|all| all.types().includes(&"Files".into(), 0));
    [
        dom::listen_with(window, "dragover", false, move |event| {
            if has_files(&event) {
                event.prevent_default();
            }
        }),
        dom::listen_with(window, "drop", false, move |event| {
            if has_files(&event) {
                event.prevent_default();
                if let Some(files) = dropped(&event).and_then(|all| all.files()) {
                    lab.open_files(&files);
                }
            }
        }),
    ]
}
