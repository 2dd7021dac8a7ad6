//! What one binary runs.

use std::rc::Rc;

use data::own::File;
use exhibits::Entry;
use exhibits::job::{LocalFuture, Parts};
use protocol::Opened;

use crate::bench;
use crate::device::Devices;
use crate::host::Shared;
use crate::own;
use crate::packs::OwnPacks;

/// The jobs of a group of exhibits, or the bench mode.
#[derive(Clone)]
pub struct Group {
    entries: &'static [Entry],
    pub(crate) devices: Rc<dyn Devices>,
    bench: Option<Bench>,
    /// What makes a data set of a person's own files, where that is of use.
    opener: Option<Opener>,
}

/// Makes a data set of files, or a sentence.
type Opener = fn(Vec<File>) -> LocalFuture<'static, Result<(Opened, OwnPacks), String>>;

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
        Self { entries, devices: Rc::new(devices), bench: None, opener: None }
    }

    /// The same, whose exhibits take a person's own files.
    #[must_use]
    pub fn with_own_files(self) -> Self {
        let opener: Opener = |files| {
            Box::pin(async {
                let set = own::open(files).await.map_err(|error| error.to_string())?;
                let packs = set.packs();
                Ok((Opened { id: set.id(), told: set.told }, packs))
            })
        };
        Self { opener: Some(opener), ..self }
    }

    /// A data set of files and its packs, where that is of use.
    pub(crate) async fn open(&self, files: Vec<(String, Vec<u8>)>) -> Result<(Opened, OwnPacks), String> {
        let open = self.opener.ok_or("Nothing here takes files.")?;
        let files = files.into_iter().map(|(name, bytes)| File { name, bytes }).collect();
        open(files).await
    }

    /// The bench mode.
    #[must_use]
    pub fn bench(devices: impl Devices + 'static) -> Self {
        let bench = Bench {
            run: |shared| Box::pin(async move { bench::run(&shared).await }),
            parts: || Box::new(::bench::BenchParts::default()),
        };
        Self { entries: &[], devices: Rc::new(devices), bench: Some(bench), opener: None }
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
