//! What something was on its way, some of it kept, so that going back does not start anew.

use std::collections::BTreeMap;

/// Kept states at most; beyond that every second one goes, and they stand twice as far apart.
const MOST_KEPT: usize = 128;

/// States by step.
#[derive(Clone, Debug)]
pub struct Track<S> {
    kept: BTreeMap<u64, S>,
    every: u64,
    first: S,
}

impl<S: Clone> Track<S> {
    /// Begins with what there is before the first step. A state is kept after every `every` steps.
    #[must_use]
    pub fn new(first: S, every: u64) -> Self {
        Self { kept: BTreeMap::new(), every: every.max(1), first }
    }

    /// What there was before the first step.
    #[must_use]
    pub fn first(&self) -> &S {
        &self.first
    }

    /// Keeps the state after so many steps, if it is one of those that are kept.
    pub fn keep(&mut self, step: u64, state: &S) {
        if step > 0 && step.is_multiple_of(self.every) {
            self.kept.entry(step).or_insert_with(|| state.clone());
        }
        if self.kept.len() > MOST_KEPT {
            self.every *= 2;
            let every = self.every;
            self.kept.retain(|step, _| step.is_multiple_of(every));
        }
    }

    /// The last kept state up to a step, with its own step.
    #[must_use]
    pub fn up_to(&self, step: u64) -> (u64, &S) {
        self.kept.range(..=step).next_back().map_or((0, &self.first), |(step, state)| (*step, state))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn states_are_found_again_however_many_there_are() {
        let mut track = Track::new(0_u64, 5);
        assert_eq!(track.up_to(100), (0, &0));
        for step in 1..=5000 {
            track.keep(step, &(10 * step));
        }
        assert!(track.kept.len() <= MOST_KEPT);
        for step in [0, 4, 39, 40, 41, 777, 5000, 9000] {
            let (found, state) = track.up_to(step);
            assert!(found <= step && found + track.every > step.min(5000), "{step}: {found}");
            assert_eq!(*state, 10 * found);
        }
        assert_eq!(*track.first(), 0);
    }
}
