//! The bench mode: the tasks of `depthscope bench` on this worker, on the pool, and on the graphics device.

use bench::{BenchParts, Data, OWNER, TASKS};
use exhibits::job::{Host, Parts, Work};
use protocol::{Backend, Reply, Run};

use crate::host::{Shared, WorkerHost};
use crate::pool;
use crate::scope::{self, now_millis, post};

/// What does the parts of tasks.
pub(crate) fn parts() -> Box<dyn Parts> {
    Box::new(BenchParts)
}

/// Times every task, and posts a line for each.
pub(crate) async fn run(shared: &Shared) {
    // A host without an exhibit, for what all jobs can ask.
    let run = Run {
        generation: 0,
        exhibit: String::new(),
        controls: Vec::new(),
        figures: Vec::new(),
        backend: Backend::Auto,
    };
    let mut host = WorkerHost::new(shared.clone(), run).stubborn();
    let pack = host.pack("mnist-train").await.ok();
    let data = Data { mnist_train: pack.and_then(|bytes| data::Pack::decode(&bytes).ok()) };
    let gpu = host.gpu().await.ok();
    pool::start(&shared.pool);
    while !shared.pool.borrow().is_complete() {
        scope::yield_to_events().await;
    }
    for task in TASKS {
        tell(task.key, task.on_one_core(&data, &now_millis).await);
        scope::yield_to_events().await;
        if task.has_parts() && pool::n_cores() > 1 {
            let answers = async |parts| answers(&mut host, parts).await;
            tell(task.key, task.on_pool(&data, &now_millis, pool::n_cores(), answers).await);
        }
        if let Some(gpu) = gpu.as_ref().filter(|_| task.has_kernel()) {
            tell(task.key, task.on_gpu(&data, &now_millis, gpu).await);
        }
    }
    post(&Reply::BenchLine { task: String::new(), line: "done".into(), last: true });
}

fn tell(task: &str, result: Result<bench::Report, bench::Failure>) {
    let line = result.map_or_else(|failure| failure.to_string(), |report| report.to_string());
    post(&Reply::BenchLine { task: task.into(), line, last: false });
}

/// The answers to all parts, in their order.
async fn answers(host: &mut WorkerHost, parts: Vec<Vec<u8>>) -> Result<Vec<Vec<u8>>, String> {
    let mut answers = vec![Vec::new(); parts.len()];
    let mut work = Work::new(OWNER, parts);
    let mut here = BenchParts;
    while let Some((index, answer)) = host.next_answer(&mut work, &mut here).await.map_err(|error| error.to_string())? {
        answers[index] = answer;
    }
    Ok(answers)
}
