//! Fixed work with check values, timed the same way natively and in the page, on one core, on all of them and on the graphics
//! device: a fast wrong answer is no answer.

mod engine_tasks;
mod net_tasks;
mod part;
mod parts;
mod propagation;
mod theory_tasks;
mod training;

use std::fmt;
use std::rc::Rc;

use exhibits::job::{Host, JobError, LocalFuture, Parts, Work};
use kernels::Gpu;

pub use parts::{BenchParts, OWNER};

/// Timed runs after one warm-up.
const RUNS: usize = 5;
/// The same for tasks that split: a ratio of two times scatters more than a time.
const PAIRS: usize = 7;

/// A number that a task must arrive at.
#[derive(Clone, Debug)]
pub struct Check {
    /// What it is.
    pub name: &'static str,
    /// What the task found.
    pub got: f64,
    /// The reference.
    pub expected: f64,
    /// The largest allowed difference, absolute.
    pub tolerance: f64,
}

impl Check {
    /// Whether the difference is within the tolerance; never for a NaN.
    #[must_use]
    pub fn holds(&self) -> bool {
        (self.got - self.expected).abs() <= self.tolerance
    }
}

impl fmt::Display for Check {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let verdict = if self.holds() { "holds" } else { "MISSED" };
        write!(formatter, "{} = {} (reference {} ± {}): {verdict}", self.name, self.got, self.expected, self.tolerance)
    }
}

/// A task.
#[derive(Debug)]
pub struct Task {
    /// Its name on the command line.
    pub key: &'static str,
    /// What it does.
    pub what: &'static str,
    /// The times to hold in milliseconds, where there are any.
    bars: Bars,
    one_core: fn(&Data) -> Result<Timed, Failure>,
    pool: Option<Splitting>,
    gpu: Option<OnGpu>,
}

/// Cuts a task for a number of cores.
type Splitting = fn(&Data, usize) -> Result<Split, Failure>;
type OnGpu = fn(&Data) -> Result<GpuWork, Failure>;

#[derive(Debug, Default)]
struct Bars {
    one_core: Option<f64>,
    pool: Option<f64>,
    gpu: Option<f64>,
}

const NO_BARS: Bars = Bars { one_core: None, pool: None, gpu: None };

/// Everything set up but the timed part.
type Timed = Box<dyn FnMut() -> Result<Vec<Check>, Failure>>;

/// The timed part on the graphics device.
type GpuWork = Box<dyn Fn(Rc<Gpu>) -> LocalFuture<'static, Result<Vec<Check>, Failure>>>;

/// From the answers, in the order of their parts, to the check values.
type Merge = fn(&[Vec<u8>]) -> Result<Vec<Check>, Failure>;

/// Work in parts for every core.
#[derive(Debug)]
struct Split {
    /// For [`BenchParts`].
    parts: Vec<Vec<u8>>,
    /// What their answers say.
    merge: Merge,
}

impl Split {
    fn new(parts: impl Iterator<Item = part::Part>, merge: Merge) -> Result<Self, Failure> {
        Ok(Self { parts: parts.map(|part| protocol::encode(&part)).collect::<Result<_, _>>()?, merge })
    }
}

/// What tasks are about that is not made from a seed.
#[derive(Debug, Default)]
struct Data {
    /// The first training images of MNIST.
    mnist_train: Option<data::Pack>,
    /// Ten thousand of them.
    mnist_train_10k: Option<data::Pack>,
    /// All test images.
    mnist_test_10k: Option<data::Pack>,
}

/// Why a task could not run.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A net failed.
    #[error(transparent)]
    Net(#[from] nets::NetError),
    /// A kernel failed.
    #[error(transparent)]
    Kernel(#[from] kernels::KernelError),
    /// A part could not be read.
    #[error(transparent)]
    Message(#[from] protocol::DecodeError),
    /// A core failed.
    #[error("{0}")]
    Core(String),
    /// The theory refused.
    #[error("{0}")]
    Theory(String),
    /// The task is about real data.
    #[error("needs the data pack {0}, which `cargo xtask data` makes")]
    NoData(&'static str),
}

/// Every task.
pub const TASKS: &[Task] = &[
    Task {
        key: "T1",
        what: "phase map, tanh, 256×256: q* and chi_1 by the 64-point rule, from nothing",
        bars: NO_BARS,
        one_core: theory_tasks::t1,
        pool: None,
        gpu: None,
    },
    Task {
        key: "T1-exact",
        what: "the same without the rule's error, with c* and xi_c",
        bars: NO_BARS,
        one_core: theory_tasks::t1_exact,
        pool: None,
        gpu: None,
    },
    Task {
        key: "phase-maps",
        what: "twelve 300×250 phase maps with chi_1, q*, c*, xi_c, one of each activation, tables ready",
        bars: Bars { one_core: Some(12.0 * 16.0), ..NO_BARS },
        one_core: theory_tasks::phase_maps,
        pool: None,
        gpu: None,
    },
    Task {
        key: "T2",
        what: "one net, width 500, depth 50, 64 inputs, correlation matrix of each layer",
        bars: Bars { one_core: Some(55.0), ..NO_BARS },
        one_core: propagation::t2,
        pool: None,
        gpu: None,
    },
    Task {
        key: "T2s",
        what: "T2 with the weights drawn inside the timing, from our own streams",
        bars: Bars { one_core: Some(250.0), ..NO_BARS },
        one_core: propagation::t2s,
        pool: None,
        gpu: Some(propagation::t2s_on_gpu),
    },
    Task {
        key: "T3",
        what: "a training step of LeNet-5 at batch 64",
        bars: Bars { one_core: Some(15.0), ..NO_BARS },
        one_core: engine_tasks::t3,
        pool: None,
        gpu: None,
    },
    Task {
        key: "T4",
        what: "51×51 loss slice of 784-100-10 on 1000 images",
        bars: Bars { pool: Some(800.0), gpu: Some(50.0), ..NO_BARS },
        one_core: net_tasks::t4,
        pool: Some(net_tasks::t4_split),
        gpu: Some(net_tasks::t4_on_gpu),
    },
    Task {
        key: "T5",
        what: "activation patterns and outputs of 2-32-32-32-1 at 512×512 pixels",
        bars: Bars { pool: Some(80.0), gpu: Some(4.0), ..NO_BARS },
        one_core: net_tasks::t5,
        pool: Some(net_tasks::t5_split),
        gpu: Some(net_tasks::t5_on_gpu),
    },
    Task {
        key: "T5x",
        what: "the exact linear regions of the same net, with polygons",
        bars: Bars { one_core: Some(100.0), ..NO_BARS },
        one_core: net_tasks::t5x,
        pool: None,
        gpu: None,
    },
    Task {
        key: "T6",
        what: "1,000 images moved along the sign of the gradient of that LeNet-5, and classified again",
        bars: Bars { one_core: Some(150.0), ..NO_BARS },
        one_core: engine_tasks::t6,
        pool: None,
        gpu: None,
    },
    Task {
        key: "T7",
        what: "a training step of 784-100-10 at batch 64",
        bars: Bars { one_core: Some(1.2), ..NO_BARS },
        one_core: engine_tasks::t7,
        pool: None,
        gpu: None,
    },
    Task {
        key: "T8",
        what: "20,000 SGD steps of 2-8-8-1, tanh, batch 10: 50,000 a second take 400 ms",
        bars: Bars { one_core: Some(400.0), ..NO_BARS },
        one_core: training::t8,
        pool: None,
        gpu: None,
    },
    Task {
        key: "training-rows",
        what: "three rows of the trainability map: 42 nets of depths 28, 24, 20 and width 48, 50 steps each",
        bars: NO_BARS,
        one_core: training::rows,
        pool: Some(training::rows_split),
        gpu: None,
    },
];

/// What a measurement found.
#[derive(Debug)]
pub struct Report {
    /// The task's name.
    pub key: &'static str,
    /// What it does.
    pub what: &'static str,
    /// On what: `1 core`, `2 cores`, the name of a graphics device.
    pub on: String,
    /// The time to hold.
    pub bar_millis: Option<f64>,
    /// Median of the timed runs.
    pub median_millis: f64,
    /// The quickest run.
    pub min_millis: f64,
    /// The slowest run.
    pub max_millis: f64,
    /// How many times quicker than on one core, where that was measured in turn with it.
    pub speedup: Option<f64>,
    /// The check values of the last run.
    pub checks: Vec<Check>,
}

impl Report {
    /// The check values that do not hold.
    pub fn missed(&self) -> impl Iterator<Item = &Check> {
        self.checks.iter().filter(|c| !c.holds())
    }
}

impl fmt::Display for Report {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { key, what, on, median_millis, min_millis, max_millis, .. } = self;
        write!(formatter, "{key:<12} {median_millis:>9.2} ms  ({min_millis:.2} to {max_millis:.2})  {on}")?;
        if let Some(speedup) = self.speedup {
            write!(formatter, ", {speedup:.2} times 1 core")?;
        }
        match self.bar_millis {
            Some(bar) => write!(formatter, "  bar {bar} ms")?,
            None => formatter.write_str("  no bar")?,
        }
        write!(formatter, "  {what}")?;
        self.checks.iter().try_for_each(|check| write!(formatter, "\n             {check}"))
    }
}

/// What does the parts of an owner: of an exhibit, or of the tasks here; `None` for another.
#[must_use]
pub fn new_parts(owner: &str) -> Option<Box<dyn Parts>> {
    if owner == OWNER { Some(Box::new(BenchParts::default())) } else { exhibits::new_parts(owner) }
}

/// Times tasks on one core, on all `cores` of the host where a task splits, and on the host's graphics device where there is
/// one and a kernel for it. `clock` tells milliseconds; `tell` is called with each result as it comes. A missed check is not an
/// error; see [`Report::missed`].
pub async fn run(
    tasks: &[&Task],
    host: &mut dyn Host,
    clock: &dyn Fn() -> f64,
    cores: usize,
    mut tell: impl FnMut(&Task, Result<Report, Failure>),
) {
    // Where nothing can be cancelled, nothing is.
    let mut pack = async |name: &str| {
        let bytes = host.pack(name).await.ok().and_then(Result::ok)?;
        data::Pack::decode(&bytes).ok()
    };
    let data = Data {
        mnist_train: pack("mnist-train").await,
        mnist_train_10k: pack("mnist-train-0").await,
        mnist_test_10k: pack("mnist-test-10k").await,
    };
    let gpu = host.gpu().await.ok().and_then(Result::ok);
    for task in tasks {
        match task.on_cpu(&data, clock, cores, host).await {
            Ok(reports) => reports.into_iter().for_each(|report| tell(task, Ok(report))),
            Err(failure) => tell(task, Err(failure)),
        }
        if let (Some(gpu), Some(on_gpu)) = (&gpu, task.gpu) {
            tell(task, task.on_gpu(on_gpu, &data, clock, gpu).await);
        }
    }
}

impl Task {
    /// On one core, and on all of them where the task splits: in turns, so that what else happens on the machine meets both.
    async fn on_cpu(
        &self,
        data: &Data,
        clock: &dyn Fn() -> f64,
        cores: usize,
        host: &mut dyn Host,
    ) -> Result<Vec<Report>, Failure> {
        let mut one_core = (self.one_core)(data)?;
        let split = self.pool.filter(|_| cores > 1).map(|splitting| splitting(data, cores)).transpose()?;
        // What this core keeps, as the others do.
        let mut here = BenchParts::default();
        let (mut alone, mut together) = (Times::default(), Times::default());
        let runs = if split.is_some() { PAIRS } else { RUNS };
        for _run in 0..=runs {
            alone.time(clock, async || one_core()).await?;
            // The loop of events had no turn in all that time; where nothing can be cancelled this is all that it does.
            let _turn = host.checkpoint().await;
            if let Some(split) = &split {
                together.time(clock, async || split.on_pool(host, &mut here).await).await?;
            }
        }
        let on_pool = split.is_some().then(|| {
            let speedup = Some(together.speedup_from(&alone));
            Report { speedup, ..self.report(format!("{cores} cores"), self.bars.pool, together) }
        });
        let on_one_core = self.report("1 core".into(), self.bars.one_core, alone);
        Ok(std::iter::once(on_one_core).chain(on_pool).collect())
    }

    async fn on_gpu(
        &self,
        prepare: OnGpu,
        data: &Data,
        clock: &dyn Fn() -> f64,
        gpu: &Rc<Gpu>,
    ) -> Result<Report, Failure> {
        let work = prepare(data)?;
        // A program on the CPU need not hold what a graphics device holds.
        let bar = self.bars.gpu.filter(|_| !gpu.is_software());
        let mut times = Times::default();
        for _run in 0..=RUNS {
            times.time(clock, async || work(Rc::clone(gpu)).await).await?;
        }
        Ok(self.report(gpu.name().to_owned(), bar, times))
    }

    fn report(&self, on: String, bar_millis: Option<f64>, times: Times) -> Report {
        let (key, what) = (self.key, self.what);
        let sorted = sorted(times.timed());
        let (first, last) = (sorted.first(), sorted.last());
        Report {
            key,
            what,
            on,
            bar_millis,
            median_millis: median(&sorted),
            min_millis: first.copied().unwrap_or(f64::NAN),
            max_millis: last.copied().unwrap_or(f64::NAN),
            speedup: None,
            checks: times.checks,
        }
    }
}

impl Split {
    async fn on_pool(&self, host: &mut dyn Host, here: &mut BenchParts) -> Result<Vec<Check>, Failure> {
        let mut answers = vec![Vec::new(); self.parts.len()];
        let mut work = Work::of(OWNER, self.parts.clone());
        while let Some((index, answer)) = host.next_answer(&mut work, here).await.map_err(core_failed)? {
            answers[index] = answer;
        }
        (self.merge)(&answers)
    }
}

/// What a task took, run after run.
#[derive(Debug, Default)]
struct Times {
    millis: Vec<f64>,
    /// Of the last run.
    checks: Vec<Check>,
}

impl Times {
    async fn time(
        &mut self,
        clock: &dyn Fn() -> f64,
        work: impl AsyncFnOnce() -> Result<Vec<Check>, Failure>,
    ) -> Result<(), Failure> {
        let started = clock();
        self.checks = work().await?;
        self.millis.push(clock() - started);
        Ok(())
    }

    /// All runs but the first, which warms up.
    fn timed(&self) -> impl Iterator<Item = f64> {
        self.millis.iter().skip(1).copied()
    }

    /// How many times quicker than `other`, whose runs were in turn with these: the median of the pairs.
    fn speedup_from(&self, other: &Self) -> f64 {
        median(&sorted(self.timed().zip(other.timed()).map(|(these, others)| others / these)))
    }
}

fn sorted(values: impl Iterator<Item = f64>) -> Vec<f64> {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values
}

fn median(sorted: &[f64]) -> f64 {
    sorted.get(sorted.len() / 2).copied().unwrap_or(f64::NAN)
}

fn core_failed(error: JobError) -> Failure {
    Failure::Core(error.to_string())
}
