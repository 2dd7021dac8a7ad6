//! A text in plain characters.

/// A text in plain characters, and the character of the typed text that each of them came from.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Plain {
    /// Mostly ASCII; what is not known stays as it is.
    pub(super) chars: Vec<char>,
    pub(super) places: Vec<usize>,
}

impl Plain {
    /// The text.
    #[must_use]
    pub fn text(&self) -> String {
        self.chars.iter().collect()
    }

    /// The character that was typed for the one at `at`; the number of typed characters, or a little less, behind the last.
    #[must_use]
    pub fn place(&self, at: usize) -> usize {
        self.places.get(at).copied().unwrap_or_else(|| self.places.last().map_or(0, |last| last + 1))
    }

    pub(super) fn push(&mut self, c: char, place: usize) {
        self.chars.push(c);
        self.places.push(place);
    }

    pub(super) fn push_all(&mut self, text: &str, place: usize) {
        text.chars().for_each(|c| self.push(c, place));
    }
}
