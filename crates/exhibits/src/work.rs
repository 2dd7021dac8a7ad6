//! Parts of a job that wait for a core.

use std::collections::BTreeMap;
use std::hash::Hasher as _;

use rustc_hash::FxHasher;

/// The parts of one piece of work: those that wait, and those that a core of the pool is at.
#[derive(Clone, Debug, Default)]
pub struct Work {
    /// The exhibit whose parts these are.
    owner: &'static str,
    waiting: BTreeMap<usize, Piece>,
    /// The index of the next part that is added.
    n_parts: usize,
    /// What was handed out, by ticket, to be handed out again if its core dies.
    out: BTreeMap<u64, (usize, Piece)>,
}

/// A part.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Piece {
    /// Follows from its bytes: equal parts have equal answers, whatever work they belong to.
    id: u64,
    bytes: Vec<u8>,
    /// The core that does it, modulo their number, where that is not any core.
    core: Option<usize>,
}

impl Work {
    /// Work of an exhibit, without parts yet.
    #[must_use]
    pub fn new(owner: &'static str) -> Self {
        Self { owner, ..Self::default() }
    }

    /// Work of these parts, in the order in which their answers are wanted.
    #[must_use]
    pub fn of(owner: &'static str, parts: impl IntoIterator<Item = Vec<u8>>) -> Self {
        let mut work = Self::new(owner);
        for part in parts {
            work.add(part);
        }
        work
    }

    /// Puts a part behind the others; the result is its index.
    pub fn add(&mut self, part: Vec<u8>) -> usize {
        self.push(part, None)
    }

    /// The same for one of the parts that are asked for again and again, like the nets of one seed: it goes to core `core`
    /// modulo their number, which has kept what the part needs.
    pub fn add_for_core(&mut self, part: Vec<u8>, core: usize) -> usize {
        self.push(part, Some(core))
    }

    fn push(&mut self, bytes: Vec<u8>, core: Option<usize>) -> usize {
        let mut hasher = FxHasher::default();
        hasher.write(&bytes);
        let index = self.n_parts;
        self.waiting.insert(index, Piece { id: hasher.finish(), bytes, core });
        self.n_parts += 1;
        index
    }

    /// The exhibit whose parts these are.
    #[must_use]
    pub fn owner(&self) -> &'static str {
        self.owner
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
        self.pop(core, cores).map(|(index, piece)| (index, piece.bytes))
    }

    /// The next part for core `core` of `cores`, which may die on it; `ticket` is to be a number of its own. The result is the
    /// part's id and its bytes.
    pub fn lend(&mut self, ticket: u64, core: usize, cores: usize) -> Option<(u64, &[u8])> {
        let (index, piece) = self.pop(core, cores)?;
        let (_, piece) = self.out.entry(ticket).or_insert((index, piece));
        Some((piece.id, &piece.bytes))
    }

    fn pop(&mut self, core: usize, cores: usize) -> Option<(usize, Piece)> {
        let fits = |piece: &Piece| piece.core.is_none_or(|wanted| wanted % cores.max(1) == core);
        let index = self.waiting.iter().find(|(_, piece)| fits(piece)).map(|(index, _)| *index)?;
        Some((index, self.waiting.remove(&index)?))
    }

    /// The index of the part of a ticket, which is done; `None` for a ticket of other work.
    pub fn finish(&mut self, ticket: u64) -> Option<usize> {
        self.out.remove(&ticket).map(|(index, _)| index)
    }

    /// The index of a waiting part with this id, which was done for other work.
    pub fn finish_equal(&mut self, id: u64) -> Option<usize> {
        let index = self.waiting_with(id)?;
        self.waiting.remove(&index).map(|_| index)
    }

    /// Takes a part in hand that a core began for other work, if an equal one waits here; false if none does.
    pub fn adopt(&mut self, ticket: u64, id: u64) -> bool {
        let piece = self.waiting_with(id).and_then(|index| Some((index, self.waiting.remove(&index)?)));
        piece.is_some_and(|piece| self.out.insert(ticket, piece).is_none())
    }

    fn waiting_with(&self, id: u64) -> Option<usize> {
        self.waiting.iter().find(|(_, piece)| piece.id == id).map(|(index, _)| *index)
    }

    /// Whether a ticket is of this work.
    #[must_use]
    pub fn has(&self, ticket: u64) -> bool {
        self.out.contains_key(&ticket)
    }

    /// Puts the part of a ticket back, whose core is lost; `None` for a ticket of other work.
    pub fn give_back(&mut self, ticket: u64) -> Option<usize> {
        let (index, piece) = self.out.remove(&ticket)?;
        self.waiting.insert(index, piece);
        Some(index)
    }

    /// The same for a part that another core may do; `None` for one that has a core of its own.
    pub(crate) fn give_back_for_any(&mut self, ticket: u64) -> Option<usize> {
        self.out.get(&ticket).filter(|(_, piece)| piece.core.is_none())?;
        self.give_back(ticket)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn work(n: u8) -> Work {
        Work::of("x", (0..n).map(|i| vec![i]))
    }

    #[test]
    fn parts_come_in_order_and_end() {
        let mut work = work(3);
        assert_eq!(work.take(0, 2), Some((0, vec![0])));
        assert_eq!(work.lend(7, 1, 2).map(|(_, bytes)| bytes.to_vec()), Some(vec![1]));
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
        let mut work = Work::new("x");
        for i in 0..4 {
            work.add_for_core(vec![i], i.into());
        }
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
        let mut work = work(2);
        assert!(work.lend(1, 0, 1).is_some());
        assert_eq!((work.give_back(9), work.give_back(1)), (None, Some(0)));
        assert_eq!(work.take(0, 1), Some((0, vec![0])));
        assert_eq!(work.finish(1), None);
    }

    #[test]
    fn equal_parts_of_other_work_count() {
        let (mut old, mut new) = (work(2), work(3));
        let [first, second] = [1, 2].map(|ticket| old.lend(ticket, 0, 1).map(|(id, _)| id).unwrap());
        // One was answered late, a core is still at the other.
        assert_eq!((new.finish_equal(second), new.finish_equal(second)), (Some(1), None));
        assert!(new.adopt(1, first) && !new.adopt(1, first) && new.has(1));
        assert_eq!(new.take(0, 1), Some((2, vec![2])));
        assert_eq!(new.finish(1), Some(0));
        assert!(new.is_done());
    }
}
