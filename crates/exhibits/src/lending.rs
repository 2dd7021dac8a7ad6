//! Which core gets which part: the decisions of a pool of workers, apart from the workers that are told.

use protocol::Request;

use crate::work::Work;

/// Parts that a worker has at a time: one that it does, and one that waits, so that it never does.
const MOST_LENT: usize = 2;

/// A part that a worker has.
#[derive(Debug)]
pub struct Lent {
    /// A number of its own.
    pub ticket: u64,
    /// The exhibit whose part it is.
    pub owner: &'static str,
    /// Equal for equal parts, whatever work they belong to.
    pub id: u64,
}

/// What a worker is to be told: its place, and the words.
pub type Order = (usize, Request);

/// What each worker has, by place; the first is at it, the others wait.
#[derive(Debug, Default)]
pub struct Lending {
    /// `None` for a worker that does not take parts yet.
    cores: Vec<Option<Vec<Lent>>>,
    tickets: u64,
}

impl Lending {
    /// The worker at place `core` takes parts from now on.
    pub fn welcome(&mut self, core: usize) {
        if self.cores.len() <= core {
            self.cores.resize_with(core + 1, || None);
        }
        self.cores[core].get_or_insert_default();
    }

    /// Workers that take parts.
    #[must_use]
    pub fn n_ready(&self) -> usize {
        self.cores.iter().flatten().count()
    }

    /// Hands parts out: one to each worker, and one more to wait there, but for the last, which is for this thread. A worker
    /// that has nothing gets what waits at another. What a worker is at for work that was given up is this work's if it is
    /// an equal part; else it ends, if its core is needed.
    #[must_use]
    pub fn lend(&mut self, work: &mut Work) -> Vec<Order> {
        let mut orders = Vec::new();
        for (place, lent) in ready(&mut self.cores) {
            lent.retain(|part| {
                let stays = work.has(part.ticket) || work.adopt(part.ticket, part.id) || work.n_waiting() == 0;
                if !stays {
                    orders.push((place, Request::Recall { ticket: part.ticket }));
                }
                stays
            });
        }
        if work.n_waiting() == 0 && self.cores.iter().flatten().any(Vec::is_empty) {
            orders.extend(self.recall(work));
        }
        let cores = 1 + self.n_ready();
        for most in 1..=MOST_LENT {
            for (nth, (place, lent)) in ready(&mut self.cores).enumerate() {
                if lent.len() >= most || (most > 1 && work.n_waiting() < 2) {
                    continue;
                }
                self.tickets += 1;
                let (ticket, owner) = (self.tickets, work.owner());
                let Some((id, part)) = work.lend(ticket, nth + 1, cores) else { continue };
                orders.push((place, Request::Part { ticket, owner: owner.to_owned(), part: part.to_vec() }));
                lent.push(Lent { ticket, owner, id });
            }
        }
        orders
    }

    /// Takes a part back that waits at a worker, for a core that has none. Should it have begun meanwhile, its answer means
    /// nothing. Parts that have a core of their own stay there.
    #[must_use]
    pub fn recall(&mut self, work: &mut Work) -> Option<Order> {
        for (place, lent) in ready(&mut self.cores) {
            let waits = lent.len() > 1 && lent.last().is_some_and(|last| work.give_back_for_any(last.ticket).is_some());
            if let Some(last) = lent.pop_if(|_| waits) {
                return Some((place, Request::Recall { ticket: last.ticket }));
            }
        }
        None
    }

    /// Takes back whatever waits at a worker: its work has been given up.
    #[must_use]
    pub fn recall_waiting(&mut self) -> Vec<Order> {
        let mut orders = Vec::new();
        for (place, lent) in ready(&mut self.cores) {
            let waiting = lent.drain(1.min(lent.len())..);
            orders.extend(waiting.map(|part| (place, Request::Recall { ticket: part.ticket })));
        }
        orders
    }

    /// The part that a worker has answered; `None` for one that was taken back.
    #[must_use]
    pub fn finish(&mut self, core: usize, ticket: u64) -> Option<Lent> {
        let lent = self.cores.get_mut(core)?.as_mut()?;
        let at = lent.iter().position(|part| part.ticket == ticket)?;
        Some(lent.remove(at))
    }

    /// The tickets of a worker that died; another in its place is to be welcomed first.
    #[must_use]
    pub fn lose(&mut self, core: usize) -> Vec<u64> {
        let lent = self.cores.get_mut(core).and_then(Option::take).unwrap_or_default();
        lent.into_iter().map(|part| part.ticket).collect()
    }
}

/// The workers that take parts, with their places.
fn ready(cores: &mut [Option<Vec<Lent>>]) -> impl Iterator<Item = (usize, &mut Vec<Lent>)> {
    cores.iter_mut().enumerate().filter_map(|(place, core)| Some((place, core.as_mut()?)))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn work_of(n: u8) -> Work {
        Work::of("x", (0..n).map(|i| vec![i]))
    }

    /// A worker as the others see it: what has been told to it, and what it is at until when.
    #[derive(Default)]
    struct Told {
        queue: Vec<(u64, Vec<u8>)>,
        busy: Option<(u64, usize, u32)>,
    }

    /// Does `n` parts of equal length on this thread, which takes `here` ticks for one and hears nothing meanwhile, and on
    /// workers of these speeds. The answer is the ticks that it took, and how often each part was answered.
    fn simulated(n: u8, here: u32, speeds: &[u32]) -> (u32, BTreeMap<usize, u32>) {
        let mut work = work_of(n);
        let (mut lending, mut answered) = (Lending::default(), BTreeMap::new());
        let mut workers: Vec<Told> = speeds.iter().map(|_| Told::default()).collect();
        (0..speeds.len()).for_each(|core| lending.welcome(core));
        // Answers that this thread has not heard.
        let mut posted: Vec<(usize, u64)> = Vec::new();
        let mut at: Option<(usize, u32)> = None;
        for tick in 0..10_000 {
            for (core, worker) in workers.iter_mut().enumerate() {
                if let Some((ticket, _, _)) = worker.busy.take_if(|busy| busy.2 <= tick) {
                    posted.push((core, ticket));
                }
                if worker.busy.is_none() && !worker.queue.is_empty() {
                    let (ticket, part) = worker.queue.remove(0);
                    worker.busy = Some((ticket, usize::from(part[0]), tick + speeds[core]));
                }
            }
            if let Some((index, _)) = at.take_if(|at| at.1 <= tick) {
                *answered.entry(index).or_default() += 1;
            }
            if at.is_some() {
                continue;
            }
            for (core, ticket) in posted.drain(..) {
                if let Some(index) = lending.finish(core, ticket).and_then(|lent| work.finish(lent.ticket)) {
                    *answered.entry(index).or_default() += 1;
                }
            }
            let mut orders = lending.lend(&mut work);
            let mut mine = work.take(0, 1 + speeds.len());
            if mine.is_none() {
                orders.extend(lending.recall(&mut work));
                mine = work.take(0, 1 + speeds.len());
            }
            for (core, order) in orders {
                match order {
                    Request::Part { ticket, part, .. } => workers[core].queue.push((ticket, part)),
                    Request::Recall { ticket } => workers[core].queue.retain(|(t, _)| *t != ticket),
                    _ => unreachable!("no other words are for a worker"),
                }
            }
            at = mine.map(|(index, _)| (index, tick + here));
            if at.is_none() && work.is_done() {
                return (tick, answered);
            }
        }
        panic!("{n} parts, {here} ticks here and {speeds:?} there never ended");
    }

    #[test]
    fn every_part_is_answered_once() {
        for n in 0..20 {
            for here in [1, 7, 30] {
                for speeds in [&[][..], &[10], &[29], &[31], &[10, 50], &[30; 7]] {
                    let (_, answered) = simulated(n, here, speeds);
                    let expected: BTreeMap<usize, u32> = (0..usize::from(n)).map(|index| (index, 1)).collect();
                    assert_eq!(answered, expected, "{n} parts, {here} here, {speeds:?}");
                }
            }
        }
    }

    /// Work that is handed to whoever is free ends no later than what is left to all ends, and one part.
    #[test]
    fn no_core_waits_for_another() {
        for n in [2u8, 3, 8, 13, 14, 40] {
            for (here, there) in [(30, 30), (29, 31), (31, 29), (30, 45), (45, 30)] {
                let (ticks, _) = simulated(n, here, &[there]);
                let shared = f64::from(n) / (1.0 / f64::from(here) + 1.0 / f64::from(there));
                let latest = shared + f64::from(here.max(there)) + 2.0 * f64::from(n);
                assert!(f64::from(ticks) <= latest, "{n} parts of {here} and {there}: {ticks}, not {latest}");
            }
        }
    }

    #[test]
    fn equal_cores_share_equally_although_one_is_a_little_late() {
        for (here, there) in [(100, 100), (100, 101), (101, 100), (100, 103), (103, 100)] {
            let (ticks, _) = simulated(14, here, &[there]);
            assert!(ticks <= 7 * 103 + 7, "{here} and {there}: {ticks}");
        }
    }

    #[test]
    fn what_waits_is_taken_back_when_its_work_is_given_up() {
        let mut lending = Lending::default();
        lending.welcome(0);
        let mut work = work_of(3);
        assert_eq!(lending.lend(&mut work).len(), 2);
        let orders = lending.recall_waiting();
        assert_eq!(orders, [(0, Request::Recall { ticket: 2 })]);
        assert!(lending.finish(0, 2).is_none());
        assert_eq!(lending.finish(0, 1).and_then(|lent| work.finish(lent.ticket)), Some(0));
        assert!(lending.recall_waiting().is_empty());
    }

    #[test]
    fn what_was_begun_for_other_work_is_taken_over_or_ended() {
        let mut lending = Lending::default();
        (0..3).for_each(|core| lending.welcome(core));
        let mut old = work_of(4);
        assert_eq!(lending.lend(&mut old).len(), 3);
        // The same parts again: nothing begins anew.
        let mut same = work_of(4);
        assert!(lending.lend(&mut same).is_empty());
        assert_eq!(lending.finish(1, 2).and_then(|lent| same.finish(lent.ticket)), Some(1));
        // Others: the cores stop, and begin with these.
        let mut other = Work::of("x", (10..14).map(|i| vec![i]));
        let orders = lending.lend(&mut other);
        let recalls = orders.iter().filter(|(_, order)| matches!(order, Request::Recall { .. })).count();
        assert_eq!((recalls, orders.len()), (2, 5));
    }

    #[test]
    fn kept_parts_stay_with_their_core() {
        let mut lending = Lending::default();
        lending.welcome(0);
        let mut work = Work::new("x");
        for i in 0..6 {
            work.add_for_core(vec![i], i.into());
        }
        assert_eq!(lending.lend(&mut work).len(), 2);
        assert_eq!(lending.recall(&mut work), None);
    }

    #[test]
    fn parts_of_a_dead_worker_are_named_and_it_gets_none() {
        let mut lending = Lending::default();
        lending.welcome(0);
        let mut work = work_of(6);
        assert_eq!(lending.lend(&mut work).len(), 2);
        assert_eq!(lending.lose(0), [1, 2]);
        assert_eq!(lending.n_ready(), 0);
        assert!(lending.lend(&mut work).is_empty());
        lending.welcome(0);
        assert_eq!(lending.lend(&mut work).len(), 2);
    }
}
