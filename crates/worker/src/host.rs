//! What a job sees of the worker.

use std::cell::RefCell;
use std::rc::Rc;

use exhibits::job::{Host, JobError, LocalFuture};
use protocol::{Backend, Frame, Progress, Reply, Run};

use crate::scope;

/// Work between two looks at the event loop. A frame has 16 ms: a drag must be seen well within it.
const SLICE_MILLIS: f64 = 4.0;

/// So many runs in a row may be cancelled before their second frame; the next one gets that far, so that during a
/// long drag the simulation is seen to follow.
const STARVED_RUNS: u32 = 3;

/// What has arrived and not been taken up yet.
#[derive(Default)]
pub(crate) struct Inbox {
    pub(crate) run: Option<Run>,
    pub(crate) bench: bool,
    pub(crate) stop: bool,
    pub(crate) busy: bool,
    /// Runs cancelled in a row before their second frame.
    pub(crate) starved: u32,
}

/// One run's host.
pub(crate) struct WorkerHost {
    inbox: Rc<RefCell<Inbox>>,
    run: Run,
    frames: u32,
    last_yield_millis: f64,
}

impl WorkerHost {
    pub(crate) fn new(inbox: Rc<RefCell<Inbox>>, run: Run) -> Self {
        Self { inbox, run, frames: 0, last_yield_millis: scope::now_millis() }
    }

    fn cancelled(&self) -> bool {
        let mut inbox = self.inbox.borrow_mut();
        if inbox.stop {
            return true;
        }
        if inbox.run.is_none() || (self.frames < 2 && inbox.starved >= STARVED_RUNS) {
            return false;
        }
        inbox.starved = if self.frames < 2 { inbox.starved + 1 } else { 0 };
        true
    }
}

impl Host for WorkerHost {
    fn emit(&mut self, frame: Frame) {
        self.frames += 1;
        if self.frames == 2 {
            self.inbox.borrow_mut().starved = 0;
        }
        scope::post(&Reply::Frame { generation: self.run.generation, frame });
    }

    fn checkpoint(&mut self) -> LocalFuture<'_, Result<(), JobError>> {
        Box::pin(async move {
            if scope::now_millis() - self.last_yield_millis < SLICE_MILLIS {
                return Ok(());
            }
            scope::yield_to_events().await;
            self.last_yield_millis = scope::now_millis();
            if self.cancelled() { Err(JobError::Cancelled) } else { Ok(()) }
        })
    }

    fn wants(&self, figure: &str) -> bool {
        self.run.figures.iter().any(|f| f == figure)
    }

    fn backend(&self) -> Backend {
        self.run.backend
    }

    fn pack<'a>(&'a mut self, name: &'a str) -> LocalFuture<'a, Result<Vec<u8>, String>> {
        let generation = self.run.generation;
        Box::pin(async move {
            let mut last = 0.0;
            let progress = |share: f32| {
                if share - last >= 0.02 {
                    last = share;
                    let progress = Some(Progress { share, what: "loading images".into() });
                    scope::post(&Reply::Frame { generation, frame: Frame { progress, ..Frame::default() } });
                }
            };
            scope::fetch(&format!("packs/{name}.dsp"), progress).await
        })
    }
}
