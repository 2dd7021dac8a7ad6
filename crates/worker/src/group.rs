//! What one binary runs.

use std::rc::Rc;

use exhibits::Entry;
use exhibits::job::{LocalFuture, Parts};

use crate::bench;
use crate::device::Devices;
use crate::host::Shared;

/// The jobs of a group of exhibits, or the bench mode.
#[derive(Clone)]
pub struct Group {
    entries: &'static [Entry],
    pub(crate) devices: Rc<dyn Devices>,
    bench: Option<Bench>,
}

/// The bench mode: what runs it, and what does its parts.
#[derive(Clone, Copy)]
struct Bench {
    run: fn(Shared) -> LocalFuture<'static, ()>,
    parts: fn() -> Box<dyn Parts>,
}

impl Group {
    /// The jobs of these exhibits, with graphics devices where they have kernels.
    #[must_use]
    pub fn of(entries: &'static [Entry], devices: impl Devices + 'static) -> Self {
        Self { entries, devices: Rc::new(devices), bench: None }
    }

    /// The bench mode.
    #[must_use]
    pub fn bench(devices: impl Devices + 'static) -> Self {
        let bench = Bench {
            run: |shared| Box::pin(async move { bench::run(&shared).await }),
            parts: || Box::new(::bench::BenchParts::default()),
        };
        Self { entries: &[], devices: Rc::new(devices), bench: Some(bench) }
    }

    pub(crate) fn entry(&self, id: &str) -> Option<&'static Entry> {
        self.entries.iter().find(|entry| entry.exhibit.id == id)
    }

    /// What does the parts of an owner.
    pub(crate) fn new_parts(&self, owner: &str) -> Option<Box<dyn Parts>> {
        match self.bench {
            Some(bench) if owner == ::bench::OWNER => Some((bench.parts)()),
            _ => self.entry(owner).map(|entry| (entry.parts)()),
        }
    }

    /// The bench mode, in the worker that has it.
    pub(crate) fn run_bench(&self, shared: &Shared) -> Option<LocalFuture<'static, ()>> {
        self.bench.map(|bench| (bench.run)(shared.clone()))
    }
}
