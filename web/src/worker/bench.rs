//! The bench mode's own worker.

use protocol::{ABI, Reply, Request};
use web_sys::MessageEvent;

use super::client::{News, WorkerClient};
use super::crew::Crew;
use super::script;

/// The pages' element `<meta>` that names its script.
const BENCH: &str = "depthscope-bench";

impl WorkerClient {
    /// Starts its worker if it is wanted and nothing else computes.
    pub(super) fn start_bench(&self) {
        if self.is_running.get() || !self.wants_bench.replace(false) {
            return;
        }
        match script::start(BENCH) {
            Ok(worker) => {
                self.listen(&worker);
                self.bench.replace(Some(Crew::new(worker, BENCH)));
            }
            Err(reason) => self.fail_bench(reason.into()),
        }
    }

    pub(super) fn take_bench_message(&self, event: &MessageEvent) {
        match script::bytes_of(event).map(|bytes| protocol::decode::<Reply>(&bytes)) {
            Some(Ok(Reply::Ready { abi: ABI, .. })) => {
                if let Some(crew) = self.bench.borrow().as_ref() {
                    crew.tell(&Request::Bench);
                }
            }
            Some(Ok(Reply::Helpers { places })) => {
                if let Some(crew) = self.bench.borrow().as_ref() {
                    crew.fill(&places);
                }
            }
            Some(Ok(Reply::Failed { message, .. })) => self.fail_bench(message),
            Some(Ok(reply @ (Reply::BenchLine { .. } | Reply::BenchDone))) => {
                if reply == Reply::BenchDone {
                    self.end_bench();
                }
                (self.tell)(News::Reply(reply));
            }
            // It tells how much of its images has been loaded, too.
            Some(Ok(Reply::Frame { .. })) => {}
            _ => self.fail_bench("its worker is of another version; load the page anew".into()),
        }
    }

    pub(super) fn fail_bench(&self, why: String) {
        self.end_bench();
        (self.tell)(News::Reply(Reply::BenchLine { task: "bench".into(), line: format!("has failed: {why}") }));
        (self.tell)(News::Reply(Reply::BenchDone));
    }

    pub(super) fn end_bench(&self) {
        self.bench.take();
    }
}
