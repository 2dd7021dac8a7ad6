//! What computes an exhibit, and what it may ask of the place where it runs (the worker, the binary, a test).

use std::fmt::Display;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::rc::Rc;
use std::task::Poll;

use exhibit::Values;
pub use figures::Device;
use kernels::Gpu;
use protocol::{Backend, Frame};

pub use crate::lending::{Lending, Lent, Order};
pub use crate::work::Work;

/// A future that stays on its thread.
pub type LocalFuture<'a, T> = Pin<Box<dyn Future<Output = T> + 'a>>;

/// Why a job ended early.
#[derive(Debug, thiserror::Error)]
pub enum JobError {
    /// A newer request came.
    #[error("a newer request came")]
    Cancelled,
    /// A sentence for the user.
    #[error("{0}")]
    Failed(String),
}

/// Errors whose text is a sentence for the user.
macro_rules! failures {
    ($($error:ty),+) => {$(
        impl From<$error> for JobError {
            fn from(error: $error) -> Self {
                Self::Failed(error.to_string())
            }
        }
    )+};
}

failures!(
    data::inputs::InputError,
    data::pack::PackError,
    data::toys::ToyError,
    nets::NetError,
    training::TrainingError
);
failures!(protocol::DecodeError, theory::TheoryError, theory::sawtooth::NetError);

/// The computation of one exhibit. The object lives as long as the exhibit is open, so that it can keep what the
/// next request needs again (drawn weights, tables).
pub trait Job {
    /// Computes the answer for `values`, telling `host` of every part as soon as it is there: the theory first,
    /// then the simulation, coarse and then finer.
    fn run<'a>(&'a mut self, values: &'a Values, host: &'a mut dyn Host) -> LocalFuture<'a, Result<(), JobError>>;

    /// What is wrong with a text for the control with this key, which the job would say in a notice.
    ///
    /// # Errors
    /// A sentence.
    fn check_text(&self, _key: &str, _text: &str) -> Result<(), String> {
        Ok(())
    }
}

/// What does a job's parts: pieces of its work that depend on their bytes alone, so that any core can do them. The
/// object is kept between parts, for what the next one needs again; it never changes an answer.
pub trait Parts {
    /// Does one part.
    fn compute<'a>(&'a mut self, part: &'a [u8], core: &'a mut dyn Core) -> LocalFuture<'a, Result<Vec<u8>, JobError>>;
}

/// Where long work lets others in.
pub trait Checkpoint {
    /// Lets other work run and learns of cancellation; to be awaited at every step of work, for whoever implements it looks
    /// at the clock.
    fn checkpoint(&mut self) -> LocalFuture<'_, Result<(), JobError>>;
}

/// The core that a part is done on.
pub trait Core: Checkpoint {
    /// The bytes of a data pack, loaded on this core, or the sentence that says why there are none.
    fn pack<'a>(&'a mut self, name: &'a str) -> LocalFuture<'a, Result<Result<Vec<u8>, String>, JobError>>;
}

/// An answer to a part: its index and its bytes.
pub type Answer = (usize, Vec<u8>);

/// The place where a job runs.
pub trait Host: Core {
    /// Hands over a part of the answer.
    fn emit(&mut self, frame: Frame);

    /// Whether a figure is in view, so that work for others can be left out.
    fn wants(&self, figure: &str) -> bool;

    /// Whether what was handed over of a figure before is still there, so that it need not be sent again.
    fn keeps(&self, _figure: &str) -> bool {
        false
    }

    /// Lets a drag pass: ends when the controls have stood still for a moment, at once where nobody drags. To be awaited
    /// between the first answer and what follows on it.
    fn rest(&mut self) -> LocalFuture<'_, Result<(), JobError>> {
        Box::pin(std::future::ready(Ok(())))
    }

    /// The hardware that the user asked for.
    fn backend(&self) -> Backend;

    /// The CPU, as figures name it.
    fn cpu(&self) -> Device;

    /// The graphics device, or why the CPU is to do it: with [`Backend::Auto`] a program on the CPU is no graphics
    /// device, with [`Backend::Cpu`] nothing is.
    fn gpu(&mut self) -> LocalFuture<'_, Result<Result<Rc<Gpu>, NoGpu>, JobError>>;

    /// Hands over what can be asked about the pictures that are shown from now on, while the job computes and after it.
    fn explain(&mut self, _by: Rc<dyn Explain>) {}

    /// Hands over the nets that the run measures, for whoever wants to have them; to be said in each run.
    fn offer(&mut self, _nets: Rc<dyn Export>) {}

    /// Gives the graphics device up after a failure: the CPU computes until the user asks for a device again.
    fn lose_gpu(&mut self, why: &str);

    /// Ends when the job is to end because a newer request came; for work that has no checkpoints.
    fn cancellation(&self) -> LocalFuture<'static, ()>;

    /// Milliseconds on a clock that only goes forward.
    fn now_millis(&self) -> f64;

    /// Whether another picture of what changes step by step would be seen: not so soon after the last one.
    fn is_paint_due(&self) -> bool {
        true
    }

    /// The next answer to `work`, in any order; `None` when all have been given. Parts are done on every core there
    /// is; `here` does those that are done in this thread.
    fn next_answer<'a>(
        &'a mut self,
        work: &'a mut Work,
        here: &'a mut dyn Parts,
    ) -> LocalFuture<'a, Result<Option<Answer>, JobError>>;
}

/// Says what lies at a place of a figure, at once.
pub trait Explain {
    /// Names and values of what lies at a place, in the figure's data units; none where there is nothing to say.
    fn explain(&self, figure: &str, at: [f64; 2]) -> Vec<(String, String)>;
}

/// The nets that an exhibit has measured.
pub trait Export {
    /// Names and bytes of the files that hold them, and of one that says how to recompute a number from them.
    fn files(&self) -> Vec<(String, Vec<u8>)>;
}

/// Why the CPU computes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoGpu {
    /// Nobody asked for a graphics device, or none is worth it; nothing to say.
    NotWanted,
    /// A sentence for the user, who asked for one, or whose device was lost.
    Because(String),
}

/// Asks for the graphics device that a backend stands for: see [`Host::gpu`].
///
/// # Errors
/// Why it is not to be used.
pub async fn gpu_for(backend: Backend) -> Result<Rc<Gpu>, NoGpu> {
    gpu_from(Gpu::request(), backend).await
}

/// The same with a request that takes more care.
///
/// # Errors
/// Why it is not to be used.
pub async fn gpu_from<E: Display>(
    request: impl Future<Output = Result<Gpu, E>>,
    backend: Backend,
) -> Result<Rc<Gpu>, NoGpu> {
    if backend == Backend::Cpu {
        return Err(NoGpu::NotWanted);
    }
    match request.await {
        Ok(gpu) if backend == Backend::Gpu || !gpu.is_software() => Ok(Rc::new(gpu)),
        Err(error) if backend == Backend::Gpu => Err(NoGpu::Because(format!("{error}. The CPU computes instead."))),
        Ok(_) | Err(_) => Err(NoGpu::NotWanted),
    }
}

/// `work`, or [`JobError::Cancelled`] if that comes first; `work` is then dropped.
///
/// # Errors
/// As said.
pub async fn unless_cancelled<T>(host: &dyn Host, work: impl Future<Output = T>) -> Result<T, JobError> {
    unless(host.cancellation(), work).await.ok_or(JobError::Cancelled)
}

/// `work`, or nothing if `end` comes first; `work` is then dropped.
pub async fn unless<T>(end: impl Future<Output = ()>, work: impl Future<Output = T>) -> Option<T> {
    let (mut end, mut work) = (pin!(end), pin!(work));
    poll_fn(|context| match work.as_mut().poll(context) {
        Poll::Ready(done) => Poll::Ready(Some(done)),
        Poll::Pending => end.as_mut().poll(context).map(|()| None),
    })
    .await
}

/// A graphics device as figures name it.
#[must_use]
pub fn name_of_gpu(gpu: &Gpu) -> Device {
    Device::Gpu(gpu.name().to_string())
}

/// Gives the graphics device up after a failure, and says so in a sentence.
pub fn give_gpu_up(host: &mut dyn Host, error: &impl Display) -> String {
    let why = format!("{error}. The CPU computes until you choose a backend again.");
    host.lose_gpu(&why);
    why
}
