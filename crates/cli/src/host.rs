//! Where a job runs natively: to its end, keeping the last word on each figure and readout.

use std::collections::BTreeMap;
use std::future::Future;
use std::path::PathBuf;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use exhibits::job::{Answer, Checkpoint, Host, JobError, LocalFuture, NoGpu, Parts, Work};
use figures::{Device, Figure};
use indicatif::{ProgressBar, ProgressStyle};
use kernels::Gpu;
use protocol::{Backend, Frame, Readout};

use crate::pool::{Pool, n_cores};

/// Collects a job's answer.
pub(crate) struct NativeHost {
    backend: Backend,
    bar: ProgressBar,
    pool: Option<Pool>,
    gpu: Option<Result<Rc<Gpu>, NoGpu>>,
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
        Self {
            backend,
            bar,
            pool: None,
            gpu: None,
            figures: Vec::new(),
            readouts: BTreeMap::new(),
            notices: Vec::new(),
        }
    }

    pub(crate) fn finish(&self) {
        self.bar.finish_and_clear();
    }
}

impl Checkpoint for NativeHost {
    fn checkpoint(&mut self) -> LocalFuture<'_, Result<(), JobError>> {
        Box::pin(std::future::ready(Ok(())))
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
        self.notices = frame.notices;
        if let Some(progress) = frame.progress {
            self.bar.set_message(progress.what);
            self.bar.set_position((progress.share * 1000.0) as u64);
        }
    }

    fn wants(&self, _figure: &str) -> bool {
        true
    }

    fn backend(&self) -> Backend {
        self.backend
    }

    fn cpu(&self) -> Device {
        Device::cpu("", n_cores() as u32)
    }

    fn gpu(&mut self) -> LocalFuture<'_, Result<Result<Rc<Gpu>, NoGpu>, JobError>> {
        Box::pin(async move {
            if self.gpu.is_none() {
                self.gpu = Some(exhibits::job::gpu_for(self.backend).await);
            }
            Ok(self.gpu.clone().unwrap_or(Err(NoGpu::NotWanted)))
        })
    }

    fn lose_gpu(&mut self, why: &str) {
        self.gpu = Some(Err(NoGpu::Because(why.to_owned())));
    }

    fn cancellation(&self) -> LocalFuture<'static, ()> {
        Box::pin(std::future::pending())
    }

    fn next_answer<'a>(
        &'a mut self,
        work: &'a mut Work,
        _here: &'a mut dyn Parts,
    ) -> LocalFuture<'a, Result<Option<Answer>, JobError>> {
        let pool = self.pool.get_or_insert_with(Pool::of_all_cores);
        Box::pin(std::future::ready(pool.next_answer(work)))
    }

    fn pack<'a>(&'a mut self, name: &'a str) -> LocalFuture<'a, Result<Result<Vec<u8>, String>, JobError>> {
        Box::pin(std::future::ready(Ok(read_pack(name))))
    }
}

/// Packs stand where `DEPTHSCOPE_PACKS` says, beside the binary or its folder (where `cargo xtask data` writes them).
fn read_pack(name: &str) -> Result<Vec<u8>, String> {
    let mut folders: Vec<PathBuf> = std::env::var_os("DEPTHSCOPE_PACKS").into_iter().map(PathBuf::from).collect();
    if let Ok(exe) = std::env::current_exe() {
        folders.extend(exe.ancestors().skip(1).take(2).map(|folder| folder.join("packs")));
    }
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
