//! Fixed work with check values, timed the same way natively and in the page: a fast wrong answer is no answer.

mod propagation;
mod theory_tasks;

use std::fmt;

/// Timed runs after one warm-up.
const RUNS: usize = 5;

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
    /// The time to hold in milliseconds, where there is one.
    pub bar_millis: Option<f64>,
    prepare: fn() -> Result<Work, Failure>,
}

/// Everything set up but the timed part.
type Work = Box<dyn FnMut() -> Result<Vec<Check>, Failure>>;

/// Why a task could not run.
#[derive(Debug, thiserror::Error)]
pub enum Failure {
    /// A net failed.
    #[error(transparent)]
    Net(#[from] nets::NetError),
}

/// Every task.
pub const TASKS: &[Task] = &[
    Task {
        key: "T1",
        what: "phase map, tanh, 256×256: q* and chi_1 by the 64-point rule, from nothing",
        bar_millis: None,
        prepare: theory_tasks::t1,
    },
    Task {
        key: "T1-exact",
        what: "the same without the rule's error, with c* and xi_c",
        bar_millis: None,
        prepare: theory_tasks::t1_exact,
    },
    Task {
        key: "phase-maps",
        what: "twelve 300×250 phase maps with chi_1, q*, c*, xi_c, one of each activation, tables ready",
        bar_millis: Some(12.0 * 16.0),
        prepare: theory_tasks::phase_maps,
    },
    Task {
        key: "T2",
        what: "one net, width 500, depth 50, 64 inputs, correlation matrix of each layer",
        bar_millis: Some(120.0),
        prepare: propagation::t2,
    },
    Task {
        key: "T2s",
        what: "T2 with the weights drawn inside the timing",
        bar_millis: None,
        prepare: propagation::t2s,
    },
];

/// What a measurement found.
#[derive(Debug)]
pub struct Report {
    /// The task's name.
    pub key: &'static str,
    /// What it does.
    pub what: &'static str,
    /// The time to hold.
    pub bar_millis: Option<f64>,
    /// Median of the timed runs.
    pub median_millis: f64,
    /// The quickest run.
    pub min_millis: f64,
    /// The slowest run.
    pub max_millis: f64,
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
        let Self { key, what, median_millis, min_millis, max_millis, .. } = self;
        write!(formatter, "{key:<10} {median_millis:>9.2} ms  ({min_millis:.2} to {max_millis:.2})")?;
        match self.bar_millis {
            Some(bar) => write!(formatter, "  bar {bar} ms")?,
            None => formatter.write_str("  no bar")?,
        }
        write!(formatter, "  {what}")?;
        self.checks.iter().try_for_each(|check| write!(formatter, "\n             {check}"))
    }
}

/// Runs a task once to warm up and then five times, with a clock in milliseconds.
///
/// # Errors
/// [`Failure`] when the task cannot run. A missed check is not an error here; see [`Report::missed`].
pub fn measure(task: &Task, clock: &dyn Fn() -> f64) -> Result<Report, Failure> {
    let mut work = (task.prepare)()?;
    let mut checks = work()?;
    let mut millis = Vec::with_capacity(RUNS);
    for _run in 0..RUNS {
        let started = clock();
        checks = work()?;
        millis.push(clock() - started);
    }
    millis.sort_by(f64::total_cmp);
    Ok(Report {
        key: task.key,
        what: task.what,
        bar_millis: task.bar_millis,
        median_millis: millis[RUNS / 2],
        min_millis: millis[0],
        max_millis: millis[RUNS - 1],
        checks,
    })
}
