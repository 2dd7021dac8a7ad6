//! A place where jobs run in tests: one thread, everything kept.

use std::collections::BTreeMap;
use std::future::Future;
use std::pin::pin;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};
use std::time::Instant;

use exhibit::Values;
use exhibits::exhibit;
use exhibits::job::{
    Answer, Checkpoint, Core, Explain, Export, Host, JobError, LocalFuture, NoGpu, Parts, Work, gpu_for,
};
use figures::{Device, Figure};
use kernels::Gpu;
use protocol::{Backend, Frame, Readout};

/// Keeps the last word on each figure and readout.
pub(crate) struct Recorder {
    pub(crate) figures: BTreeMap<String, Figure>,
    pub(crate) readouts: BTreeMap<String, Readout>,
    pub(crate) notices: Vec<String>,
    /// The controls that notices are about.
    pub(crate) about: Vec<String>,
    pub(crate) frames: usize,
    /// Parts that were computed.
    pub(crate) parts: usize,
    pub(crate) begun: Instant,
    /// The figures that are in view; all when there are none here.
    pub(crate) only: Vec<&'static str>,
    /// Figures that are not in view.
    pub(crate) without: Vec<&'static str>,
    pub(crate) backend: Backend,
    /// What asking for a device gives; what there is when this is `None`.
    pub(crate) gpu: Option<Result<Rc<Gpu>, NoGpu>>,
    /// What can be asked about the pictures.
    pub(crate) explains: Option<Rc<dyn Explain>>,
    /// The nets that were measured.
    pub(crate) nets: Option<Rc<dyn Export>>,
    /// Takes the device away after so many frames.
    pub(crate) destroy_after: Option<usize>,
    /// What there is of data packs.
    pub(crate) pack: Option<Vec<u8>>,
    /// Cancels after so many frames.
    pub(crate) cancel_after: Option<usize>,
    /// Cancels when this holds.
    pub(crate) cancel_when: Option<fn(&Self) -> bool>,
}

impl Default for Recorder {
    fn default() -> Self {
        Self {
            figures: BTreeMap::new(),
            readouts: BTreeMap::new(),
            notices: Vec::new(),
            about: Vec::new(),
            frames: 0,
            parts: 0,
            begun: Instant::now(),
            only: Vec::new(),
            without: Vec::new(),
            backend: Backend::default(),
            gpu: None,
            explains: None,
            nets: None,
            destroy_after: None,
            pack: None,
            cancel_after: None,
            cancel_when: None,
        }
    }
}

impl Recorder {
    fn is_cancelled(&self) -> bool {
        self.cancel_after.is_some_and(|n| self.frames >= n) || self.cancel_when.is_some_and(|holds| holds(self))
    }
}

impl Checkpoint for Recorder {
    fn checkpoint(&mut self) -> LocalFuture<'_, Result<(), JobError>> {
        Box::pin(std::future::ready(if self.is_cancelled() { Err(JobError::Cancelled) } else { Ok(()) }))
    }
}

impl Host for Recorder {
    fn emit(&mut self, frame: Frame) {
        self.frames += 1;
        if self.destroy_after == Some(self.frames)
            && let Some(Ok(gpu)) = &self.gpu
        {
            gpu.destroy();
        }
        self.figures.extend(frame.figures.into_iter().map(|f| (f.id.clone(), f)));
        self.readouts.extend(frame.readouts);
        if let Some(notices) = frame.notices {
            self.notices = notices.iter().map(|notice| notice.text.clone()).collect();
            self.about = notices.into_iter().filter_map(|notice| notice.control).collect();
        }
    }

    fn wants(&self, figure: &str) -> bool {
        (self.only.is_empty() || self.only.contains(&figure)) && !self.without.contains(&figure)
    }

    fn rest(&mut self) -> LocalFuture<'_, Result<(), JobError>> {
        self.checkpoint()
    }

    fn backend(&self) -> Backend {
        self.backend
    }

    fn cpu(&self) -> Device {
        Device::cpu("", 0)
    }

    fn gpu(&mut self) -> LocalFuture<'_, Result<Result<Rc<Gpu>, NoGpu>, JobError>> {
        let (given, backend) = (self.gpu.clone(), self.backend);
        Box::pin(async move {
            Ok(match given {
                Some(gpu) => gpu,
                None => gpu_for(backend).await,
            })
        })
    }

    fn explain(&mut self, by: Rc<dyn Explain>) {
        self.explains = Some(by);
    }

    fn offer(&mut self, nets: Rc<dyn Export>) {
        self.nets = Some(nets);
    }

    fn lose_gpu(&mut self, why: &str) {
        self.gpu = Some(Err(NoGpu::Because(why.into())));
    }

    fn cancellation(&self) -> LocalFuture<'static, ()> {
        if self.cancel_when.is_some_and(|holds| holds(self)) {
            Box::pin(std::future::ready(()))
        } else {
            Box::pin(std::future::pending())
        }
    }

    fn next_answer<'a>(
        &'a mut self,
        work: &'a mut Work,
        here: &'a mut dyn Parts,
    ) -> LocalFuture<'a, Result<Option<Answer>, JobError>> {
        Box::pin(async move {
            let Some((index, part)) = work.take(0, 1) else { return Ok(None) };
            self.parts += 1;
            let answer = here.compute(&part, self).await?;
            Ok(Some((index, answer)))
        })
    }

    fn now_millis(&self) -> f64 {
        self.begun.elapsed().as_secs_f64() * 1000.0
    }
}

impl Core for Recorder {
    fn pack<'a>(&'a mut self, _name: &'a str) -> LocalFuture<'a, Result<Result<Vec<u8>, String>, JobError>> {
        let pack = self.pack.clone().ok_or_else(|| "there is no pack in this test".into());
        Box::pin(std::future::ready(Ok(pack)))
    }
}

/// Runs a future to its end by asking again and again.
pub(crate) fn block_on<T>(future: impl Future<Output = T>) -> T {
    let mut future = pin!(future);
    loop {
        if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
            return value;
        }
    }
}

/// The controls of an exhibit, some of them set.
pub(crate) fn values_of(id: &str, settings: &[(&str, &str)]) -> Values {
    let mut values = Values::defaults(exhibit(id).expect("a registered exhibit"));
    for (key, text) in settings {
        assert_eq!(values.set_text(key, text).map(drop), Ok(()));
    }
    values
}

/// A readout that is a number.
pub(crate) fn number(recorder: &Recorder, key: &str) -> f64 {
    match recorder.readouts.get(key) {
        Some(Readout::Number(x)) => *x,
        other => panic!("{key}: {other:?}"),
    }
}
