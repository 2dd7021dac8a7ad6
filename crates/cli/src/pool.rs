//! A thread for each core, which does parts of jobs.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use exhibits::job::{Answer, JobError, Parts, Unhurried, Work};

use crate::block_on::block_on;

struct Task {
    ticket: u64,
    owner: &'static str,
    part: Vec<u8>,
}

/// A core's word on a ticket.
struct Done {
    core: usize,
    ticket: u64,
    answer: Result<Vec<u8>, String>,
}

/// The threads. They end when it is dropped and their part is done.
pub(crate) struct Pool {
    cores: Vec<Sender<Task>>,
    is_idle: Vec<bool>,
    done: Receiver<Done>,
    tickets: u64,
}

impl Pool {
    /// So many threads, at least one.
    pub(crate) fn new(n_threads: usize) -> Self {
        let (tell, done) = channel();
        let start = |core: usize| {
            let (give, tasks) = channel();
            let tell = tell.clone();
            thread::spawn(move || work(core, &tasks, &tell));
            give
        };
        let cores: Vec<_> = (0..n_threads.max(1)).map(start).collect();
        Self { is_idle: vec![true; cores.len()], cores, done, tickets: 0 }
    }

    /// As many threads as there are cores.
    pub(crate) fn of_all_cores() -> Self {
        Self::new(n_cores())
    }

    /// The next answer to `work`, in any order.
    pub(crate) fn next_answer(&mut self, work: &mut Work) -> Result<Option<Answer>, JobError> {
        loop {
            for core in 0..self.cores.len() {
                self.feed(core, work)?;
            }
            if work.is_done() {
                return Ok(None);
            }
            let done = self.done.recv().map_err(|_closed| JobError::Failed("every thread has ended".into()))?;
            self.is_idle[done.core] = true;
            // A ticket of work that was given up means nothing.
            if let Some(index) = work.finish(done.ticket) {
                return done.answer.map(|bytes| Some((index, bytes))).map_err(JobError::Failed);
            }
        }
    }

    fn feed(&mut self, core: usize, work: &mut Work) -> Result<(), JobError> {
        if !self.is_idle[core] {
            return Ok(());
        }
        self.tickets += 1;
        let (owner, cores) = (work.owner(), self.cores.len());
        if let Some((_, part)) = work.lend(self.tickets, core, cores) {
            let task = Task { ticket: self.tickets, owner, part: part.to_vec() };
            self.cores[core].send(task).map_err(|_closed| JobError::Failed("a thread has ended".into()))?;
            self.is_idle[core] = false;
        }
        Ok(())
    }
}

/// Cores that this process may use.
pub(crate) fn n_cores() -> usize {
    thread::available_parallelism().map_or(1, Into::into)
}

fn work(core: usize, tasks: &Receiver<Task>, tell: &Sender<Done>) {
    let mut kept: BTreeMap<&'static str, Box<dyn Parts>> = BTreeMap::new();
    while let Ok(task) = tasks.recv() {
        let answer = catch_unwind(AssertUnwindSafe(|| compute(&mut kept, &task)));
        let answer = answer.unwrap_or_else(|_panic| {
            // What it kept may be half done.
            kept.clear();
            Err("the computation stopped with a panic".into())
        });
        if tell.send(Done { core, ticket: task.ticket, answer }).is_err() {
            return;
        }
    }
}

fn compute(kept: &mut BTreeMap<&'static str, Box<dyn Parts>>, task: &Task) -> Result<Vec<u8>, String> {
    if !kept.contains_key(task.owner) {
        let parts = bench::new_parts(task.owner);
        kept.insert(task.owner, parts.ok_or_else(|| format!("there is no exhibit “{}”", task.owner))?);
    }
    let parts = kept.get_mut(task.owner).ok_or("the exhibit has no parts")?;
    block_on(parts.compute(&task.part, &mut Unhurried)).map_err(|e| e.to_string())
}
