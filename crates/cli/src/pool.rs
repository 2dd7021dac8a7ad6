//! A thread for each core but one, which do parts of jobs beside it, lent out as in a browser.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::thread;

use exhibits::job::{Answer, Checkpoint, Core, JobError, Lending, LocalFuture, Order, Parts, Work};
use protocol::Request;

use crate::block_on::block_on;
use crate::packs::Packs;

/// A core's word on a ticket.
struct Done {
    core: usize,
    ticket: u64,
    answer: Result<Vec<u8>, String>,
}

/// The threads. They end when it is dropped.
pub(crate) struct Pool {
    cores: Vec<Sender<Request>>,
    lending: Lending,
    done: Receiver<Done>,
}

impl Pool {
    /// So many threads beside the one that asks, which read these packs.
    pub(crate) fn new(n_threads: usize, packs: &Packs) -> Self {
        let (tell, done) = channel();
        let mut lending = Lending::default();
        let start = |core: usize| {
            let (give, orders) = channel();
            let tell = tell.clone();
            let thread = Thread { orders, queue: Vec::new(), at: None, is_recalled: false, packs: packs.clone() };
            thread::spawn(move || thread.work(core, &tell));
            lending.welcome(core);
            give
        };
        Self { cores: (0..n_threads).map(start).collect(), lending, done }
    }

    /// Together with the thread that asks, as many as there are cores.
    pub(crate) fn of_all_cores(packs: &Packs) -> Self {
        Self::new(n_cores() - 1, packs)
    }

    /// The next answer to `work`, in any order; `here` does the parts of this thread.
    pub(crate) fn next_answer(
        &mut self,
        work: &mut Work,
        here: &mut dyn Parts,
        core: &mut dyn Core,
    ) -> Result<Option<Answer>, JobError> {
        loop {
            while let Ok(done) = self.done.try_recv() {
                if let Some(answer) = self.heard(done, work) {
                    return answer.map(Some);
                }
            }
            let orders = self.lending.lend(work);
            self.tell(orders);
            if let Some((index, part)) = work.take(0, 1 + self.cores.len()) {
                return Ok(Some((index, block_on(here.compute(&part, core))?)));
            }
            if work.is_done() {
                return Ok(None);
            }
            if let Some(order) = self.lending.recall(work) {
                self.tell([order]);
                continue;
            }
            let done = self.done.recv().map_err(|_closed| JobError::Failed("every thread has ended".into()))?;
            if let Some(answer) = self.heard(done, work) {
                return answer.map(Some);
            }
        }
    }

    /// An answer; `None` for one that was taken back, or is of work that was given up.
    fn heard(&mut self, done: Done, work: &mut Work) -> Option<Result<Answer, JobError>> {
        let lent = self.lending.finish(done.core, done.ticket)?;
        let index = work.finish(lent.ticket)?;
        Some(done.answer.map(|bytes| (index, bytes)).map_err(JobError::Failed))
    }

    fn tell(&self, orders: impl IntoIterator<Item = Order>) {
        for (core, order) in orders {
            // Threads end with the pool alone.
            let _heard = self.cores.get(core).map(|thread| thread.send(order));
        }
    }
}

/// Cores that this process may use.
pub(crate) fn n_cores() -> usize {
    thread::available_parallelism().map_or(1, Into::into)
}

/// A thread of the pool, as a part sees it.
struct Thread {
    orders: Receiver<Request>,
    /// Parts that wait, with their tickets and owners.
    queue: Vec<(u64, String, Vec<u8>)>,
    at: Option<u64>,
    is_recalled: bool,
    packs: Packs,
}

impl Thread {
    fn work(mut self, core: usize, tell: &Sender<Done>) {
        let mut kept: BTreeMap<String, Box<dyn Parts>> = BTreeMap::new();
        loop {
            while let Ok(order) = self.orders.try_recv() {
                self.hear(order);
            }
            if self.queue.is_empty() {
                let Ok(order) = self.orders.recv() else { return };
                self.hear(order);
                continue;
            }
            let (ticket, owner, part) = self.queue.remove(0);
            (self.at, self.is_recalled) = (Some(ticket), false);
            let answer = catch_unwind(AssertUnwindSafe(|| self.compute(&mut kept, owner, &part)));
            let answer = answer.unwrap_or_else(|_panic| {
                // What it kept may be half done.
                kept.clear();
                Err(JobError::Failed("the computation stopped with a panic".into()))
            });
            let answer = match answer {
                Err(JobError::Cancelled) => continue,
                answer => answer.map_err(|error| error.to_string()),
            };
            if tell.send(Done { core, ticket, answer }).is_err() {
                return;
            }
        }
    }

    fn compute(
        &mut self,
        kept: &mut BTreeMap<String, Box<dyn Parts>>,
        owner: String,
        part: &[u8],
    ) -> Result<Vec<u8>, JobError> {
        if !kept.contains_key(&owner) {
            let parts = bench::new_parts(&owner);
            let parts = parts.ok_or_else(|| JobError::Failed(format!("there is no exhibit “{owner}”")))?;
            kept.insert(owner.clone(), parts);
        }
        let Some(parts) = kept.get_mut(&owner) else { return Err(JobError::Failed("the exhibit has no parts".into())) };
        block_on(parts.compute(part, self))
    }

    fn hear(&mut self, order: Request) {
        match order {
            Request::Part { ticket, owner, part } => self.queue.push((ticket, owner, part)),
            Request::Recall { ticket } => {
                self.queue.retain(|(waiting, ..)| *waiting != ticket);
                self.is_recalled |= self.at == Some(ticket);
            }
            _ => {}
        }
    }
}

impl Checkpoint for Thread {
    fn checkpoint(&mut self) -> LocalFuture<'_, Result<(), JobError>> {
        while let Ok(order) = self.orders.try_recv() {
            self.hear(order);
        }
        Box::pin(std::future::ready(if self.is_recalled { Err(JobError::Cancelled) } else { Ok(()) }))
    }
}

impl Core for Thread {
    fn pack<'a>(&'a mut self, name: &'a str) -> LocalFuture<'a, Result<Result<Vec<u8>, String>, JobError>> {
        Box::pin(std::future::ready(Ok(self.packs.read(name))))
    }
}
