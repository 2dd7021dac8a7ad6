//! The bench mode: the tasks of `depthscope bench` on this worker, on the pool, and on the graphics device.

use exhibits::job::unless;
use protocol::{Backend, Reply, Run};

use crate::host::{Shared, WorkerHost};
use crate::pool;
use crate::scope::{self, now_millis, post};

/// How long the cores of the pool are waited for.
const PATIENCE_MILLIS: i32 = 10_000;

/// Times every task, and posts a line for each.
pub(crate) async fn run(shared: &Shared) {
    // A host without an exhibit, for what all jobs can ask.
    let run = Run {
        generation: 0,
        exhibit: String::new(),
        controls: Vec::new(),
        figures: Vec::new(),
        kept: Vec::new(),
        backend: Backend::Auto,
    };
    let mut host = WorkerHost::new(shared.clone(), run).stubborn();
    pool::start(&shared.pool);
    let complete = async {
        while !shared.pool.borrow().is_complete() {
            scope::yield_to_events().await;
        }
    };
    // A core that does not come is not waited for.
    let _either = unless(scope::sleep(PATIENCE_MILLIS), complete).await;
    let tasks: Vec<_> = bench::TASKS.iter().collect();
    let tell = |task: &bench::Task, result: Result<bench::Report, bench::Failure>| {
        let line = result.map_or_else(|failure| failure.to_string(), |report| report.to_string());
        post(&Reply::BenchLine { task: task.key.into(), line });
    };
    bench::run(&tasks, &mut host, &now_millis, pool::n_cores(), tell).await;
    post(&Reply::BenchDone);
}
