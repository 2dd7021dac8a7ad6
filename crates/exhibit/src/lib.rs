//! What an exhibit is, as data: its declaration, the values of its controls, its address, and its words as markup. The
//! page links this crate and no exhibit.

mod backend;
mod builders;
pub mod data;
pub mod declaration;
pub mod drawn;
#[cfg(feature = "words")]
mod home_html;
mod link;
mod number;
pub mod page;
pub mod prose;
mod values;
#[cfg(feature = "words")]
mod words_html;

pub use backend::Backend;
pub use link::{Link, PageView, Theme, pairs_from_query};
pub use values::{Value, ValueError, Values};
