//! The way back: the values of the controls before each step that a hand has taken.

use std::cell::{Cell, RefCell};

use exhibit::Values;

/// Most steps that are kept.
const MOST_STEPS: usize = 200;
/// What begins in a double click once its first press has changed something: a click, a press and a click.
const AFTER_FIRST_PRESS: u32 = 3;

/// Values that can be gone back to, and forth.
#[derive(Default)]
pub(super) struct History {
    past: RefCell<Vec<Values>>,
    future: RefCell<Vec<Values>>,
    /// What has begun since the last change. If nothing has, the next one is part of the last step: a drag, a key that is held,
    /// what plays.
    begun: Cell<u32>,
}

impl History {
    /// The next change is a step of its own.
    pub(super) fn begin(&self) {
        self.begun.set(self.begun.get() + 1);
    }

    /// The next change belongs to what the first of two clicks changed, if anything.
    pub(super) fn join_click(&self) {
        if self.begun.get() <= AFTER_FIRST_PRESS {
            self.begun.set(0);
        }
    }

    /// Keeps the values from before a change; whether the ways have changed.
    pub(super) fn keep(&self, before: Values, after: &Values) -> bool {
        if before == *after {
            return false;
        }
        let mut past = self.past.borrow_mut();
        if self.begun.replace(0) > 0 || past.is_empty() {
            if past.len() == MOST_STEPS {
                past.remove(0);
            }
            past.push(before);
            self.future.borrow_mut().clear();
            return true;
        }
        // What ends where it began is no step.
        let is_undone = past.last() == Some(after);
        if is_undone {
            past.pop();
            self.begin();
        }
        is_undone
    }

    /// The values of one step back, or forth.
    pub(super) fn step(&self, now: Values, forth: bool) -> Option<Values> {
        let (from, to) = if forth { (&self.future, &self.past) } else { (&self.past, &self.future) };
        let there = from.borrow_mut().pop()?;
        to.borrow_mut().push(now);
        self.begin();
        Some(there)
    }

    /// Whether there is a step back, and one forth.
    pub(super) fn ways(&self) -> (bool, bool) {
        (!self.past.borrow().is_empty(), !self.future.borrow().is_empty())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::EXHIBIT;

    fn at(speed: f64) -> Values {
        let mut values = Values::defaults(&EXHIBIT);
        values.set_number("speed", speed);
        values
    }

    #[test]
    fn a_drag_is_one_step_and_what_was_undone_can_be_done_again() {
        let history = History::default();
        history.begin();
        assert!(history.keep(at(0.1), &at(0.2)));
        assert!(!history.keep(at(0.2), &at(0.2)), "nothing has changed");
        let mut both = at(0.3);
        both.set_number("grain", 1.0);
        assert!(!history.keep(at(0.2), &both), "the same drag, of both controls");
        history.begin();
        assert!(history.keep(both.clone(), &at(0.4)), "another one");
        assert_eq!(history.ways(), (true, false));
        assert_eq!(history.step(at(0.4), false), Some(both.clone()));
        assert_eq!(history.step(both.clone(), false), Some(at(0.1)));
        assert_eq!(history.step(at(0.1), false), None);
        assert_eq!(history.step(at(0.1), true), Some(both.clone()));
        assert!(history.keep(both, &at(0.9)), "a change after a step back is a step");
        assert_eq!(history.ways(), (true, false), "and ends what could be done again");
    }

    #[test]
    fn a_double_click_is_one_step_whether_its_first_click_changes_anything_or_not() {
        for does_first_change in [true, false] {
            let history = History::default();
            history.begin();
            assert!(history.keep(at(0.1), &at(0.2)), "another step");
            // Press, click, press, click.
            history.begin();
            if does_first_change {
                history.keep(at(0.2), &at(0.5));
            }
            (0..3).for_each(|_| history.begin());
            history.join_click();
            history.keep(at(if does_first_change { 0.5 } else { 0.2 }), &at(0.9));
            assert_eq!(history.step(at(0.9), false), Some(at(0.2)));
            assert_eq!(history.step(at(0.2), false), Some(at(0.1)));
        }
    }

    #[test]
    fn a_drag_back_to_where_it_began_is_none_and_old_steps_are_forgotten() {
        let history = History::default();
        history.begin();
        assert!(history.keep(at(0.1), &at(0.2)));
        assert!(history.keep(at(0.2), &at(0.1)));
        assert_eq!(history.ways(), (false, false));
        for _ in 0..2 * MOST_STEPS {
            history.begin();
            assert!(history.keep(at(0.1), &at(0.2)));
        }
        let steps = std::iter::from_fn(|| history.step(at(0.0), false)).count();
        assert_eq!(steps, MOST_STEPS);
    }
}
