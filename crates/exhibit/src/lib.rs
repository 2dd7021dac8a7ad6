//! What an exhibit is, as data: its declaration, the values of its controls, its address, and its words as markup. The
//! page links this crate and no exhibit.

mod address;
mod backend;
mod builders;
mod complaint;
pub mod data;
pub mod declaration;
pub mod drawn;
mod foreign;
#[cfg(feature = "words")]
mod home_html;
mod link;
mod number;
pub mod page;
mod points;
pub mod prose;
mod query;
pub mod reading;
pub mod strokes;
#[cfg(feature = "typed")]
pub mod typed;
mod values;
#[cfg(feature = "words")]
mod words_html;

pub use address::{AddressError, Opened};
pub use backend::Backend;
pub use complaint::{Named, ValueError};
pub use link::{Kept, Link, PageView, Theme};
pub use query::pairs_from_query;
pub use values::{Value, Values};
