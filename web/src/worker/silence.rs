//! Notices that a worker says nothing any more.

use std::cell::Cell;

/// Between two looks.
pub(super) const LOOK_MILLIS: i32 = 2_000;
/// Looks without a word, after which a worker counts as lost. They are counted, and not the time: while a machine sleeps, or a
/// tab in the background rests, nobody looks.
const MOST_LOOKS: u32 = 3;

/// How long a worker has said nothing.
#[derive(Debug, Default)]
pub(super) struct Silence(Cell<u32>);

impl Silence {
    /// A word has come.
    pub(super) fn end(&self) {
        self.0.set(0);
    }

    /// Whether nothing has come in answer to the last looks; else `ask` is to ask for a word.
    pub(super) fn is_too_long(&self, ask: impl FnOnce()) -> bool {
        let looks = self.0.get();
        self.0.set(looks + 1);
        if looks < MOST_LOOKS {
            ask();
        }
        looks >= MOST_LOOKS
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_ends_the_silence_and_too_many_looks_are_too_long() {
        let silence = Silence::default();
        let looks = |n: u32| (0..n).map(|_| silence.is_too_long(|| {})).collect::<Vec<_>>();
        assert_eq!(looks(3), [false; 3]);
        silence.end();
        assert_eq!(looks(4), [false, false, false, true]);
    }
}
