//! The workers: the one of the exhibit's group, that of the bench mode, and those that help either.

mod bench;
mod client;
mod crew;
mod script;
mod silence;

pub(crate) use client::{News, WorkerClient};
