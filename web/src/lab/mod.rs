//! An open exhibit: one store that lives as long as the page, and the only place that changes it.
//!
//! A change marks what has to follow (a request, the address, pictures); the next animation frame does it. Nothing is
//! sent or painted inside an input handler.
//!
//! [`store`] holds the state; [`pictures`] the figures on the page; [`requests`] asks the worker; [`changes`] are what controls
//! do, and [`history`] the way back from it; [`files`] are a person's own; [`play`] moves one by itself; [`frames`] is the
//! animation frame; [`drag_bench`] times one; [`answers`] is what the worker says; [`paper`] prints. Each uses those before it.

mod answers;
mod changes;
mod drag_bench;
mod drag_times;
mod files;
mod frames;
mod history;
mod painting;
mod paper;
mod pictures;
mod play;
mod requests;
mod store;

use exhibit::Link;
use exhibit::declaration::Exhibit;
use figures::Theme;
use leptos::prelude::on_cleanup;

pub(crate) use files::listen as listen_to_files;
pub(crate) use painting::{Painting, Paper};
pub(crate) use store::Lab;

use crate::worker::WorkerClient;

/// The store of an exhibit; must be made under the owner that lives as long as the exhibit's page.
pub(crate) fn open(exhibit: &'static Exhibit, link: Link, notes: Vec<String>, theme: Theme) -> Lab {
    let lab = Lab::new(exhibit, link, notes, theme);
    if let Some(engine) = lab.engine() {
        engine.ticker.set(move || lab.tick());
    }
    on_cleanup(move || lab.stop());
    lab
}

/// Starts the worker, and with it the computing.
pub(crate) fn start(lab: Lab) {
    let Some(engine) = lab.engine() else { return };
    engine.worker.replace(Some(WorkerClient::new(move |news| lab.hear(news))));
    engine.ticker.wake();
}
