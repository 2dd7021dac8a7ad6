//! Where a job runs natively: to its end, in this thread, keeping the last word on each figure and readout.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::task::{Context, Poll, Waker};

use exhibits::job::{Host, JobError, LocalFuture};
use figures::Figure;
use indicatif::{ProgressBar, ProgressStyle};
use protocol::{Backend, Frame, Readout};

/// Collects a job's answer.
pub(crate) struct NativeHost {
    backend: Backend,
    bar: ProgressBar,
    /// In the order of first appearance.
    pub(crate) figures: Vec<Figure>,
    pub(crate) readouts: BTreeMap<String, Readout>,
    pub(crate) notices: Vec<String>,
}

impl NativeHost {
    pub(crate) fn new(backend: Backend) -> Self {
        // Drawn on a terminal only: indicatif is silent elsewhere.
        let bar = ProgressBar::new(1000);
        if let Ok(style) = ProgressStyle::with_template("{bar:40} {percent:>3} %  {msg}") {
            bar.set_style(style);
        }
        Self { backend, bar, figures: Vec::new(), readouts: BTreeMap::new(), notices: Vec::new() }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Host for NativeHost {
    fn emit(&mut self, frame: Frame) {
        for figure in frame.figures {
            match self.figures.iter_mut().find(|f| f.id == figure.id) {
                Some(old) => *old = figure,
                None => self.figures.push(figure),
            }
        }
        self.readouts.extend(frame.readouts);
        for notice in frame.notices {
            if !self.notices.contains(&notice) {
                self.notices.push(notice);
            }
        }
        if let Some(progress) = frame.progress {
            self.bar.set_message(progress.what);
            self.bar.set_position((progress.share * 1000.0) as u64);
        }
    }

    fn checkpoint(&mut self) -> LocalFuture<'_, Result<(), JobError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    fn wants(&self, _figure: &str) -> bool {
        true
    }

    fn backend(&self) -> Backend {
        self.backend
    }

    fn pack<'a>(&'a mut self, name: &'a str) -> LocalFuture<'a, Result<Vec<u8>, String>> {
        Box::pin(std::future::ready(read_pack(name)))
    }
}

/// Packs stand where `DEPTHSCOPE_PACKS` says, beside the binary, or where `cargo xtask data` writes them.
fn read_pack(name: &str) -> Result<Vec<u8>, String> {
    let mut folders: Vec<PathBuf> = std::env::var_os("DEPTHSCOPE_PACKS").into_iter().map(PathBuf::from).collect();
    let beside = std::env::current_exe().ok().and_then(|exe| Some(exe.parent()?.join("packs")));
    folders.extend(beside);
    folders.push(PathBuf::from("target/packs"));
    let file = format!("{name}.dsp");
    let found = folders.iter().map(|f| f.join(&file)).find(|p| p.is_file());
    let path = found.ok_or_else(|| format!("{file} is not there; `cargo xtask data` makes it"))?;
    std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))
}

/// Runs a job's future to its end. Native futures are ready whenever they are polled.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    let mut context = Context::from_waker(Waker::noop());
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut context) {
            return value;
        }
        std::thread::yield_now();
    }
}
