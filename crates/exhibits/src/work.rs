//! Parts of a job that wait for a core.

use std::collections::BTreeMap;

/// The parts of one piece of work: those that wait, and those that a core of the pool is at.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// The exhibit whose parts these are.
    owner: &'static str,
    waiting: BTreeMap<usize, Vec<u8>>,
    /// The index of the next part that is added.
    n_parts: usize,
    /// What was handed out, by ticket, to be handed out again if its core dies.
    out: BTreeMap<u64, (usize, Vec<u8>)>,
    /// Whether a part is best done where it was done the last time.
    keeps_to_cores: bool,
}

impl Work {
    /// Parts that any core does equally well, in the order in which their answers are wanted.
    #[must_use]
    pub fn new(owner: &'static str, parts: Vec<Vec<u8>>) -> Self {
        let n_parts = parts.len();
        let waiting = parts.into_iter().enumerate().collect();
        Self { owner, waiting, n_parts, out: BTreeMap::new(), keeps_to_cores: false }
    }

    /// Puts a part behind the others; the result is its index.
    pub fn add(&mut self, part: Vec<u8>) -> usize {
        let index = self.n_parts;
        self.waiting.insert(index, part);
        self.n_parts += 1;
        index
    }

    /// Parts that are asked for again and again, like the nets of one seed: part `i` goes to the core with number `i`
    /// modulo their count, which has kept what the part needs.
    #[must_use]
    pub fn keeping_to_cores(owner: &'static str, parts: Vec<Vec<u8>>) -> Self {
        Self { keeps_to_cores: true, ..Self::new(owner, parts) }
    }

    /// The exhibit whose parts these are.
    #[must_use]
    pub fn owner(&self) -> &'static str {
        self.owner
    }

    /// Whether a part is best done where it was done the last time.
    #[must_use]
    pub fn keeps_to_cores(&self) -> bool {
        self.keeps_to_cores
    }

    /// Parts that no core is at yet.
    #[must_use]
    pub fn n_waiting(&self) -> usize {
        self.waiting.len()
    }

    /// Whether every answer has been given.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.waiting.is_empty() && self.out.is_empty()
    }

    /// The next part for core `core` of `cores`, for good.
    pub fn take(&mut self, core: usize, cores: usize) -> Option<(usize, Vec<u8>)> {
        let fits = |index: usize| !self.keeps_to_cores || index % cores.max(1) == core;
        let index = self.waiting.keys().copied().find(|index| fits(*index))?;
        Some((index, self.waiting.remove(&index)?))
    }

    /// The next part for core `core` of `cores`, which may die on it; `ticket` is to be a number of its own.
    pub fn lend(&mut self, ticket: u64, core: usize, cores: usize) -> Option<(usize, &[u8])> {
        let part = self.take(core, cores)?;
        let (index, part) = self.out.entry(ticket).or_insert(part);
        Some((*index, part))
    }

    /// The index of the part of a ticket, which is done; `None` for a ticket of other work.
    pub fn finish(&mut self, ticket: u64) -> Option<usize> {
        self.out.remove(&ticket).map(|(index, _)| index)
    }

    /// Puts the part of a ticket back, whose core is lost; `None` for a ticket of other work.
    pub fn give_back(&mut self, ticket: u64) -> Option<usize> {
        let (index, part) = self.out.remove(&ticket)?;
        self.waiting.insert(index, part);
        Some(index)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(n: u8) -> Vec<Vec<u8>> {
        (0..n).map(|i| vec![i]).collect()
    }

    #[test]
    fn parts_come_in_order_and_end() {
        let mut work = Work::new("x", parts(3));
        assert_eq!(work.take(0, 2), Some((0, vec![0])));
        assert_eq!(work.lend(7, 1, 2), Some((1, &[1][..])));
        assert_eq!(work.take(0, 2), Some((2, vec![2])));
        assert_eq!(work.take(0, 2), None);
        assert!(!work.is_done());
        assert_eq!((work.finish(8), work.finish(7)), (None, Some(1)));
        assert!(work.is_done());
        assert_eq!(work.add(vec![9]), 3);
        assert_eq!(work.take(0, 2), Some((3, vec![9])));
    }

    #[test]
    fn kept_parts_wait_for_their_core() {
        let mut work = Work::keeping_to_cores("x", parts(4));
        assert_eq!(work.take(1, 2).map(|p| p.0), Some(1));
        assert_eq!(work.take(1, 2).map(|p| p.0), Some(3));
        assert_eq!(work.take(1, 2), None);
        // The other core is gone.
        assert_eq!(work.take(0, 1).map(|p| p.0), Some(0));
        assert_eq!(work.take(0, 1).map(|p| p.0), Some(2));
        assert!(work.is_done());
    }

    #[test]
    fn a_lost_part_is_done_again() {
        let mut work = Work::new("x", parts(2));
        assert_eq!(work.lend(1, 0, 1), Some((0, &[0][..])));
        assert_eq!((work.give_back(9), work.give_back(1)), (None, Some(0)));
        assert_eq!(work.take(0, 1), Some((0, vec![0])));
        assert_eq!(work.finish(1), None);
    }
}
