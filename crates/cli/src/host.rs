//! Where a job runs natively: to its end, keeping the last word on each figure and readout.

use std::collections::BTreeMap;
use std::rc::Rc;
use std::time::Instant;

use exhibits::job::{Answer, Checkpoint, Core, Export, Host, JobError, LocalFuture, NoGpu, Parts, Work};
use figures::{Device, Figure};
use indicatif::{ProgressBar, ProgressStyle};
use kernels::Gpu;
use protocol::{Backend, Frame, Notice, Readout};

use crate::packs::Packs;
use crate::pool::{Pool, n_cores};

/// Collects a job's answer.
pub(crate) struct NativeHost {
    backend: Backend,
    begun: Instant,
    bar: ProgressBar,
    pool: Option<Pool>,
    gpu: Option<Result<Rc<Gpu>, NoGpu>>,
    packs: Packs,
    /// In the order of first appearance.
    pub(crate) figures: Vec<Figure>,
    pub(crate) readouts: BTreeMap<String, Readout>,
    pub(crate) notices: Vec<Notice>,
    /// The nets that were measured.
    pub(crate) nets: Option<Rc<dyn Export>>,
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
            begun: Instant::now(),
            bar,
            pool: None,
            gpu: None,
            packs: Packs::default(),
            figures: Vec::new(),
            readouts: BTreeMap::new(),
            notices: Vec::new(),
            nets: None,
        }
    }

    /// The same with other packs.
    pub(crate) fn with_packs(self, packs: Packs) -> Self {
        Self { packs, ..self }
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
        if let Some(notices) = frame.notices {
            self.notices = notices;
        }
        if let Some(Some(progress)) = frame.progress {
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

    fn offer(&mut self, nets: Rc<dyn Export>) {
        self.nets = Some(nets);
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
        here: &'a mut dyn Parts,
    ) -> LocalFuture<'a, Result<Option<Answer>, JobError>> {
        // Taken out for the time of the call, in which the parts of this thread see the host.
        let mut pool = self.pool.take().unwrap_or_else(|| Pool::of_all_cores(&self.packs));
        let answer = pool.next_answer(work, here, self);
        self.pool = Some(pool);
        Box::pin(std::future::ready(answer))
    }

    fn now_millis(&self) -> f64 {
        self.begun.elapsed().as_secs_f64() * 1000.0
    }
}

impl Core for NativeHost {
    fn pack<'a>(&'a mut self, name: &'a str) -> LocalFuture<'a, Result<Result<Vec<u8>, String>, JobError>> {
        Box::pin(std::future::ready(Ok(self.packs.read(name))))
    }
}
