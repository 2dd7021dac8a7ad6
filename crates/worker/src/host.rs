//! What a job sees of the worker.

use std::cell::RefCell;
use std::collections::VecDeque;
use std::future::poll_fn;
use std::rc::Rc;
use std::task::{Context, Poll, Waker};

use exhibits::job::{
    Answer, Checkpoint, Core, Device, Explain, Export, Host, JobError, LocalFuture, NoGpu, Parts, Work,
    unless_cancelled,
};
use kernels::Gpu;
use protocol::{Backend, Frame, Progress, Reply, Run};

use crate::device::Devices;
use crate::packs::Packs;
use crate::pool::{self, SharedPool};
use crate::scope;

/// Work between two looks at the event loop. A frame has 16 ms: a drag must be seen well within it.
const SLICE_MILLIS: f64 = 2.5;
/// The same beside the page's own worker, where nobody is kept waiting but by a part that is called back.
const PART_SLICE_MILLIS: f64 = 8.0;

/// So many runs in a row may be cancelled before their second frame; the next one gets that far, so that during a
/// long drag the simulation is seen to follow.
const STARVED_RUNS: u32 = 40;
/// Between two pictures of what changes answer by answer: a page that paints all the time computes nothing.
const PAINT_MILLIS: f64 = 40.0;
/// Without a new request for so long a drag rests. Were it near the time between two inputs on a busy machine, nets would
/// begin between them, which keeps the machine busy.
const REST_MILLIS: i32 = 120;

/// What has arrived and not been taken up yet.
#[derive(Default)]
pub(crate) struct Inbox {
    pub(crate) run: Option<Run>,
    /// When the newest request came, and whether the one before it was so near that both are of a drag.
    newest_millis: f64,
    is_in_a_drag: bool,
    pub(crate) bench: bool,
    pub(crate) stop: bool,
    pub(crate) busy: bool,
    /// Runs cancelled in a row before their second frame.
    pub(crate) starved: u32,
    /// Parts of another worker's job.
    pub(crate) parts: VecDeque<Part>,
    /// The ticket of the part that was called back last, which may have begun.
    pub(crate) recalled: Option<u64>,
    /// Whoever waits for the next request.
    pub(crate) waker: Option<Waker>,
}

impl Inbox {
    /// Takes a request in the place of an older one.
    pub(crate) fn put(&mut self, run: Run) {
        let now = scope::now_millis();
        self.is_in_a_drag = now - self.newest_millis < f64::from(REST_MILLIS);
        self.newest_millis = now;
        self.run = Some(run);
        self.stop = false;
    }

    /// Whether the run that has sent `frames` frames is to end.
    fn cancels(&mut self, frames: u32) -> bool {
        if self.stop {
            return true;
        }
        if self.run.is_none() || (frames < 2 && self.starved >= STARVED_RUNS) {
            return false;
        }
        self.starved += u32::from(frames < 2);
        true
    }

    /// Ready when [`Self::cancels`]; else the next request wakes.
    fn poll_cancels(&mut self, frames: u32, context: &Context<'_>) -> Poll<()> {
        if self.cancels(frames) {
            return Poll::Ready(());
        }
        self.waker = Some(context.waker().clone());
        Poll::Pending
    }
}

/// A part of another worker's job.
pub(crate) struct Part {
    pub(crate) ticket: u64,
    pub(crate) owner: String,
    pub(crate) part: Vec<u8>,
}

/// What a part of another worker's job sees of this one.
pub(crate) struct PartCore {
    shared: Shared,
    ticket: u64,
    last_yield_millis: f64,
}

impl PartCore {
    /// For the part that is begun now.
    pub(crate) fn new(shared: Shared, ticket: u64) -> Self {
        Self { shared, ticket, last_yield_millis: scope::now_millis() }
    }
}

impl Checkpoint for PartCore {
    fn checkpoint(&mut self) -> LocalFuture<'_, Result<(), JobError>> {
        Box::pin(async move {
            if scope::now_millis() - self.last_yield_millis < PART_SLICE_MILLIS {
                return Ok(());
            }
            scope::yield_to_events().await;
            self.last_yield_millis = scope::now_millis();
            let is_recalled = self.shared.inbox.borrow().recalled == Some(self.ticket);
            if is_recalled { Err(JobError::Cancelled) } else { Ok(()) }
        })
    }
}

impl Core for PartCore {
    fn pack<'a>(&'a mut self, name: &'a str) -> LocalFuture<'a, Result<Result<Vec<u8>, String>, JobError>> {
        Box::pin(async move { Ok(self.shared.packs.load(name, |_| {}).await) })
    }
}

/// What outlives a run.
#[derive(Clone)]
pub(crate) struct Shared {
    pub(crate) inbox: Rc<RefCell<Inbox>>,
    pub(crate) pool: SharedPool,
    pub(crate) devices: Rc<dyn Devices>,
    pub(crate) packs: Packs,
    /// What the last job said that it can be asked about.
    pub(crate) explains: Rc<RefCell<Option<Rc<dyn Explain>>>>,
    /// The nets that the last run has handed over.
    pub(crate) nets: Rc<RefCell<Option<Rc<dyn Export>>>>,
}

impl Shared {
    pub(crate) fn new(devices: Rc<dyn Devices>) -> Self {
        let (inbox, pool, packs, explains, nets) = Default::default();
        Self { inbox, pool, devices, packs, explains, nets }
    }
}

/// One run's host.
pub(crate) struct WorkerHost {
    shared: Shared,
    run: Run,
    frames: u32,
    last_frame_millis: f64,
    last_yield_millis: f64,
    /// Whether newer requests wait until this is done.
    is_stubborn: bool,
    /// Whether the drag that this is part of has been let pass.
    has_rested: bool,
}

impl WorkerHost {
    pub(crate) fn new(shared: Shared, run: Run) -> Self {
        Self {
            shared,
            run,
            frames: 0,
            last_frame_millis: f64::NEG_INFINITY,
            last_yield_millis: scope::now_millis(),
            is_stubborn: false,
            has_rested: false,
        }
    }

    /// The same, which nothing cancels.
    pub(crate) fn stubborn(self) -> Self {
        Self { is_stubborn: true, ..self }
    }

    fn cancelled(&self) -> bool {
        !self.is_stubborn && self.shared.inbox.borrow_mut().cancels(self.frames)
    }

    fn poll_cancelled(&self, context: &Context<'_>) -> Poll<()> {
        if self.is_stubborn {
            return Poll::Pending;
        }
        self.shared.inbox.borrow_mut().poll_cancels(self.frames, context)
    }

    /// In a drag the next request is only milliseconds away, and every core is needed to paint its theory: what follows on it
    /// begins when the drag rests, or has gone on for so long that it must be seen to follow.
    async fn let_a_drag_pass(&mut self) -> Result<(), JobError> {
        let is_let_through = {
            let inbox = self.shared.inbox.borrow();
            !inbox.is_in_a_drag || inbox.starved >= STARVED_RUNS
        };
        if std::mem::replace(&mut self.has_rested, true) || is_let_through || self.frames != 1 || self.is_stubborn {
            return Ok(());
        }
        unless_cancelled(self, scope::sleep(REST_MILLIS)).await
    }

    /// Waits for a word from the pool, or from the page.
    async fn wait(&self) -> Result<(), JobError> {
        let pool = &self.shared.pool;
        let ready = pool.borrow().n_ready();
        poll_fn(|context| {
            if self.poll_cancelled(context).is_ready() {
                return Poll::Ready(Err(JobError::Cancelled));
            }
            let mut pool = pool.borrow_mut();
            pool.listen(context.waker());
            if pool.has_news() || pool.n_ready() != ready { Poll::Ready(Ok(())) } else { Poll::Pending }
        })
        .await
    }
}

impl Checkpoint for WorkerHost {
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
}

impl Host for WorkerHost {
    fn emit(&mut self, frame: Frame) {
        self.frames += 1;
        self.last_frame_millis = scope::now_millis();
        if self.frames == 2 {
            self.shared.inbox.borrow_mut().starved = 0;
        }
        scope::post(&Reply::Frame { generation: self.run.generation, frame });
    }

    fn wants(&self, figure: &str) -> bool {
        self.run.figures.iter().any(|f| f == figure)
    }

    fn keeps(&self, figure: &str) -> bool {
        self.run.kept.iter().any(|f| f == figure)
    }

    fn rest(&mut self) -> LocalFuture<'_, Result<(), JobError>> {
        Box::pin(self.let_a_drag_pass())
    }

    fn backend(&self) -> Backend {
        self.run.backend
    }

    fn cpu(&self) -> Device {
        cpu()
    }

    fn gpu(&mut self) -> LocalFuture<'_, Result<Result<Rc<Gpu>, NoGpu>, JobError>> {
        let device = self.shared.devices.get(self.run.backend);
        Box::pin(unless_cancelled(self, device))
    }

    fn explain(&mut self, by: Rc<dyn Explain>) {
        *self.shared.explains.borrow_mut() = Some(by);
    }

    fn offer(&mut self, nets: Rc<dyn Export>) {
        *self.shared.nets.borrow_mut() = Some(nets);
    }

    fn lose_gpu(&mut self, why: &str) {
        self.shared.devices.lose(self.run.backend, why);
    }

    fn cancellation(&self) -> LocalFuture<'static, ()> {
        if self.is_stubborn {
            return Box::pin(std::future::pending());
        }
        let (inbox, frames) = (Rc::clone(&self.shared.inbox), self.frames);
        Box::pin(poll_fn(move |context| inbox.borrow_mut().poll_cancels(frames, context)))
    }

    fn now_millis(&self) -> f64 {
        scope::now_millis()
    }

    fn is_paint_due(&self) -> bool {
        scope::now_millis() - self.last_frame_millis >= PAINT_MILLIS
    }

    fn next_answer<'a>(
        &'a mut self,
        work: &'a mut Work,
        here: &'a mut dyn Parts,
    ) -> LocalFuture<'a, Result<Option<Answer>, JobError>> {
        Box::pin(async move {
            self.let_a_drag_pass().await?;
            loop {
                let answered = {
                    let mut pool = self.shared.pool.borrow_mut();
                    let answered = pool.answer(work);
                    pool.lend(work);
                    answered
                };
                if let Some((index, answer)) = answered {
                    return answer.map(|bytes| Some((index, bytes))).map_err(JobError::Failed);
                }
                let cores = self.shared.pool.borrow().n_ready();
                if let Some((index, part)) = work.take(0, cores) {
                    if !work.is_done() {
                        pool::start(&self.shared.pool);
                    }
                    let answer = here.compute(&part, self).await?;
                    // A part need not pause; what the pool has answered meanwhile is heard here, so that it gets more.
                    self.checkpoint().await?;
                    return Ok(Some((index, answer)));
                }
                if work.is_done() {
                    return Ok(None);
                }
                if self.shared.pool.borrow_mut().recall(work) {
                    continue;
                }
                self.wait().await?;
            }
        })
    }
}

impl Core for WorkerHost {
    fn pack<'a>(&'a mut self, name: &'a str) -> LocalFuture<'a, Result<Result<Vec<u8>, String>, JobError>> {
        let generation = self.run.generation;
        let tell = move |share: f32| {
            let progress = Some(Some(Progress { share, what: "loading images".into() }));
            scope::post(&Reply::Frame { generation, frame: Frame { progress, ..Frame::default() } });
        };
        Box::pin(unless_cancelled(self, self.shared.packs.load(name, tell)))
    }
}

/// The CPU in words.
pub(crate) fn cpu() -> Device {
    Device::cpu("WebAssembly SIMD", pool::n_cores() as u32)
}
