//! The way back: the values of the controls before each step that a hand has taken.

use std::cell::{Cell, RefCell};

use exhibit::Values;

/// Changes of the same controls with less than this between them are one step: a drag, a key that is held, a training that plays.
const STEP_MILLIS: f64 = 1_000.0;
/// Most steps that are kept.
const MOST_STEPS: usize = 200;

/// Values that can be gone back to, and forth.
#[derive(Default)]
pub(super) struct History {
    past: RefCell<Vec<Values>>,
    future: RefCell<Vec<Values>>,
    /// The controls of the last step, and when they were changed last.
    keys: RefCell<Vec<&'static str>>,
    millis: Cell<f64>,
}

impl History {
    /// Keeps the values from before a change; whether that is a new step.
    pub(super) fn keep(&self, before: Values, after: &Values, now_millis: f64) -> bool {
        let keys = changed(&before, after);
        if keys.is_empty() {
            return false;
        }
        let since_millis = now_millis - self.millis.replace(now_millis);
        let is_same = *self.keys.borrow() == keys && since_millis < STEP_MILLIS;
        self.keys.replace(keys);
        if is_same {
            return false;
        }
        let mut past = self.past.borrow_mut();
        if past.len() == MOST_STEPS {
            past.remove(0);
        }
        past.push(before);
        self.future.borrow_mut().clear();
        true
    }

    /// The values of one step back, or forth.
    pub(super) fn step(&self, now: Values, forth: bool) -> Option<Values> {
        let (from, to) = if forth { (&self.future, &self.past) } else { (&self.past, &self.future) };
        let there = from.borrow_mut().pop()?;
        to.borrow_mut().push(now);
        // The next change is a step of its own.
        self.keys.borrow_mut().clear();
        Some(there)
    }

    /// Whether there is a step back, and one forth.
    pub(super) fn ways(&self) -> (bool, bool) {
        (!self.past.borrow().is_empty(), !self.future.borrow().is_empty())
    }
}

fn changed(before: &Values, after: &Values) -> Vec<&'static str> {
    let keys = before.exhibit().controls.iter().map(|control| control.key);
    keys.filter(|key| before.get(key) != after.get(key)).collect()
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
        assert!(history.keep(at(0.1), &at(0.2), 5_000.0));
        assert!(!history.keep(at(0.2), &at(0.2), 5_100.0), "nothing has changed");
        assert!(!history.keep(at(0.2), &at(0.3), 5_200.0), "the same drag");
        assert!(history.keep(at(0.3), &at(0.4), 7_000.0), "another one");
        assert_eq!(history.ways(), (true, false));
        assert_eq!(history.step(at(0.4), false), Some(at(0.3)));
        assert_eq!(history.step(at(0.3), false), Some(at(0.1)));
        assert_eq!(history.step(at(0.1), false), None);
        assert_eq!(history.step(at(0.1), true), Some(at(0.3)));
        assert!(history.keep(at(0.3), &at(0.9), 7_100.0), "a change after a step back is a step");
        assert_eq!(history.ways(), (true, false), "and ends what could be done again");
    }

    #[test]
    fn another_control_is_another_step_and_old_steps_are_forgotten() {
        let history = History::default();
        let mut both = at(0.2);
        both.set_number("grain", 1.0);
        assert!(history.keep(at(0.1), &at(0.2), 0.0));
        assert!(history.keep(at(0.2), &both, 10.0));
        for k in 0..2 * MOST_STEPS {
            assert!(history.keep(at(0.1), &at(0.2), 1e6 + 2e3 * k as f64));
        }
        let steps = std::iter::from_fn(|| history.step(at(0.0), false)).count();
        assert_eq!(steps, MOST_STEPS);
    }
}
