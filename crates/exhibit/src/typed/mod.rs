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
mod key;
mod keyboard;
mod latex;
mod literal;
mod number;
mod plain;
mod signs;

pub use fault::Fault;
pub use formula::{FormulaError, FormulaFault, formula};
pub(crate) use key::choice;
pub use key::key;
pub(crate) use number::is_plain;
pub use number::{real, whole};
pub use plain::Plain;

/// What was read from what was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// The value that was taken, as an address writes it.
    pub value_text: String,
    /// Whether that is what a reader sees in what was typed: a plain number, a key, a text. Otherwise it is worth telling.
    pub is_as_typed: bool,
}

impl Read {
    /// What was read, if that is not to be seen in what was typed: `read “0,3” as 0.3`.
    #[must_use]
    pub fn echo(&self, typed: &str) -> Option<String> {
        (!self.is_as_typed).then(|| format!("read “{}” as {}", crate::prose::shortened(typed.trim()), self.value_text))
    }
}
