//! What the worker says.

use leptos::prelude::*;
use protocol::{Frame, Notice, Progress, Readout, Reply, Request};

use super::store::{Engine, Lab};
use crate::dom;
use crate::worker::News;

impl Lab {
    pub(super) fn hear(self, news: News) {
        match news {
            News::Ready(device) => {
                let _kept = self.device.try_set(device);
                if let Some(root) = dom::root() {
                    let _set = root.set_attribute("data-ready", "worker");
                }
                let debug = self.link.try_with_untracked(|l| l.view.debug.clone()).unwrap_or_default();
                self.debug(&debug);
                self.open_again();
            }
            News::Restarted(sentence) => {
                let _kept = self.fault.try_set(sentence);
            }
            News::Lost(sentence) => {
                let _kept = self.fault.try_set(sentence);
                let _kept = self.device.try_set("No worker".into());
                self.repaint(|p| p.mark_lost());
                self.end();
                self.stop_playing();
                self.tell_done();
            }
            News::Reply(reply) => self.answer(reply),
        }
    }

    fn debug(self, what: &str) {
        match what {
            "panic" | "panic-in-pool" | "hang" => {
                // Once: the worker that is started after it is to work.
                let _done = self.link.try_update_untracked(|l| l.view.debug.clear());
                self.send(match what {
                    "panic" => Request::Panic,
                    "hang" => Request::Hang,
                    _ => Request::PanicInPool,
                });
            }
            "bench" => self.send(Request::Bench),
            "drag" => self.bench_drag(),
            _ => {}
        }
    }

    fn answer(self, reply: Reply) {
        let Some(engine) = self.engine() else { return };
        let newest = engine.generation.get();
        match reply {
            // A slide that was left asks again when it is shown.
            Reply::Frame { .. } if engine.paused.get() => {}
            Reply::Frame { generation, frame } if generation >= engine.shown.get() => {
                let is_first = generation > engine.shown.replace(generation);
                self.show(&engine, generation, frame);
                // What plays asks for its next picture before this one is painted, so that the worker does not wait.
                let _plays = self.advance_play(&engine);
                // The main figures are painted as the first answer to a drag arrives, which leaves them the rest of this
                // animation frame; the others, and what follows, with the next one.
                if is_first {
                    self.paint(&engine, true);
                }
            }
            Reply::Done { generation, .. } if generation == newest => {
                let asked = engine.asked.borrow();
                let paintings = engine.paintings.borrow();
                paintings.iter().filter(|p| asked.contains(&p.spec().id)).for_each(|p| p.keep(generation));
                if engine.noticed.get() != generation {
                    self.take_notices(Vec::new());
                }
                self.end();
                self.tell_done();
            }
            Reply::Failed { generation, message } if generation == newest => {
                let _kept = self.failure.try_set(message);
                self.end();
                self.stop_playing();
                self.tell_done();
            }
            Reply::Told { figure, lines } => {
                if let Some(painting) = engine.paintings.borrow().iter().find(|p| p.spec().id == figure) {
                    painting.hear(lines);
                }
            }
            Reply::Exported { files } => self.save(files),
            Reply::Opened(opened) => self.take_opened(opened),
            Reply::BenchLine { task, line } => self.add_bench_line(task, line),
            Reply::BenchDone => self.bench_drag(),
            _ => {}
        }
    }

    fn save(self, files: Vec<(String, Vec<u8>)>) {
        if files.is_empty() {
            self.say("There are no nets to save: none has been measured here yet.");
        }
        for (name, bytes) in files {
            let _saved = dom::download_bytes(&format!("{}-{name}", self.exhibit.id), &bytes);
        }
    }

    /// Nothing is computed any more.
    fn end(self) {
        let _kept = (self.busy.try_set(false), self.progress.try_set(None));
    }

    fn tell_done(self) {
        let Some(engine) = self.engine() else { return };
        if let Some(call) = engine.on_done.borrow().as_ref() {
            call();
        }
    }

    fn show(self, engine: &Engine, generation: u32, frame: Frame) {
        if self.failure.try_with_untracked(|f| !f.is_empty()) == Some(true) {
            let _kept = self.failure.try_set(String::new());
        }
        for painting in engine.paintings.borrow().iter() {
            if frame.unchanged.iter().any(|id| id == painting.spec().id) {
                painting.keep(generation);
            }
        }
        for figure in frame.figures {
            let painting = engine.paintings.borrow().iter().find(|p| p.spec().id == figure.id).cloned();
            if let Some(painting) = painting {
                painting.take(figure, generation);
                self.link.try_with_untracked(|l| painting.follow_controls(&l.values));
            }
        }
        if !frame.readouts.is_empty() {
            self.take_readouts(frame.readouts);
        }
        if !frame.marks.is_empty() {
            let _kept = self.marks.try_update(|all| {
                all.retain(|m| !frame.marks.iter().any(|new| new.control == m.control));
                all.extend(frame.marks);
            });
        }
        if let Some(notices) = frame.notices {
            engine.noticed.set(generation);
            self.take_notices(notices);
        }
        if let Some(progress) = frame.progress {
            self.take_progress(progress);
        }
        engine.ticker.wake();
    }

    fn take_readouts(self, new: Vec<(String, Readout)>) {
        let _kept = self.readouts.try_update(|all| {
            for (key, value) in new {
                match all.iter_mut().find(|(k, _)| *k == key) {
                    Some(slot) => slot.1 = value,
                    None => all.push((key, value)),
                }
            }
        });
    }

    /// What is said already is not said again: it would be read out again.
    fn take_notices(self, notices: Vec<Notice>) {
        if self.notices.try_with_untracked(|n| *n != notices) == Some(true) {
            let _kept = self.notices.try_set(notices);
        }
    }

    fn take_progress(self, progress: Option<Progress>) {
        if self.progress.try_with_untracked(|p| *p != progress) == Some(true) {
            let _kept = self.progress.try_set(progress);
        }
    }
}
