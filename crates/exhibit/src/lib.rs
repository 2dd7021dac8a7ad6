//! What an exhibit is, as data: its declaration, the values of its controls, its address, and its words as markup. The
//! page links this crate and no exhibit.

pub mod declaration;
pub mod drawn;
mod link;
mod number;
pub mod prose;
mod values;
#[cfg(feature = "words")]
mod words_html;

pub use link::{Link, PageView, Theme, pairs_from_query};
pub use values::{Value, ValueError, Values};
#[cfg(feature = "words")]
pub use words_html::words_html;
