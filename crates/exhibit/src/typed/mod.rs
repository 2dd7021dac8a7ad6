//! What people type or paste, read in one way wherever it comes from: fields, addresses, messages, the command line.
//!
//! A text is first made plain ([`Plain`]): digits of every script and full-width letters become ASCII's, every dash is `-`, what
//! cannot be seen vanishes, raised digits are powers, TeX is written out. Then it is read as a number ([`real`], [`whole`]) or
//! handed to the reader of a formula ([`formula()`]), with the places of what was typed.
//!
//! What can be read in two ways is refused with both of them ([`Fault`]): thousands never become something else.

mod arithmetic;
mod digits;
mod fault;
mod formula;
mod functions;
mod keyboard;
mod latex;
mod literal;
mod number;
mod plain;
mod points;
mod signs;

pub use fault::Fault;
pub use formula::{FormulaError, FormulaFault, formula};
pub use number::{number, real, whole};
pub use plain::Plain;
pub use points::{PointsError, clickable, points_from_text};

/// The text of [`Plain::of`].
#[must_use]
pub fn plain(text: &str) -> String {
    Plain::of(text).text()
}
