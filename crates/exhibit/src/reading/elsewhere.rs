//! A reader that is not linked: where it is, and whether it was missed.

use std::cell::Cell;

use super::{Number, Refusal};

/// The reader of what people type, somewhere else.
#[derive(Clone, Copy)]
pub struct Elsewhere {
    /// `typed::number`.
    pub number: fn(&str, bool) -> Result<Number, Refusal>,
    /// The text of `typed::Plain::of`.
    pub plain: fn(&str) -> String,
    /// `typed::clickable`.
    pub clickable: fn(&str) -> String,
}

thread_local! {
    static READER: Cell<Option<Elsewhere>> = const { Cell::new(None) };
    static IS_WANTED: Cell<bool> = const { Cell::new(false) };
}

/// Says where the reader is.
pub fn install(reader: Elsewhere) {
    READER.set(Some(reader));
}

/// Whether a text was met since the last call that only the reader can read while it was not there.
#[must_use]
pub fn take_wish() -> bool {
    IS_WANTED.replace(false)
}

fn reader() -> Option<Elsewhere> {
    let reader = READER.get();
    IS_WANTED.set(IS_WANTED.get() || reader.is_none());
    reader
}

pub(super) fn number(text: &str, is_whole: bool) -> Result<Number, Refusal> {
    let why = || {
        "the part of this page that reads more than plain numbers could not be loaded; load the page again".to_owned()
    };
    match reader() {
        Some(reader) => (reader.number)(text, is_whole),
        None => Err(Refusal { why: why(), has_two_readings: false }),
    }
}

pub(super) fn plain(text: &str) -> String {
    reader().map_or_else(|| text.to_owned(), |reader| (reader.plain)(text))
}

pub(super) fn clickable(text: &str) -> String {
    reader().map_or_else(|| text.to_owned(), |reader| (reader.clickable)(text))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_reader_that_is_missed_is_wished_for_once() {
        assert!(number("1/3", false).is_err_and(|refusal| refusal.why.contains("could not be loaded")));
        assert_eq!((plain("½"), clickable("0;1")), ("½".to_owned(), "0;1".to_owned()));
        assert!(take_wish() && !take_wish());
        let third = |_: &str, _: bool| Ok(Number { value: 1.0 / 3.0, is_as_typed: false });
        install(Elsewhere { number: third, plain: |_| "1/2".into(), clickable: |_| "0,1".into() });
        assert_eq!(number("1/3", false).map(|number| number.value), Ok(1.0 / 3.0));
        assert_eq!((plain("½"), clickable("0;1")), ("1/2".to_owned(), "0,1".to_owned()));
        assert!(!take_wish());
    }
}
