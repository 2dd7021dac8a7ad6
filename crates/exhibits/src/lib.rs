//! The exhibits: one folder each, declared once. Without the feature `jobs` this crate is the table of declarations
//! that the page links; with it, the table of computations that the worker and the binary link.

pub mod composition;
pub mod declaration;
pub mod drawn;
#[cfg(feature = "jobs")]
pub mod job;
#[cfg(feature = "jobs")]
mod lending;
mod link;
mod number;
pub mod order_chaos;
pub mod prose;
pub mod regions;
mod registry;
#[cfg(feature = "jobs")]
mod round;
pub mod sawtooth;
#[cfg(feature = "jobs")]
mod statistics;
mod values;
#[cfg(feature = "words")]
mod words_html;
#[cfg(feature = "jobs")]
mod work;

pub use link::{Link, PageView, Theme, pairs_from_query};
#[cfg(feature = "jobs")]
pub use registry::{ENTRIES, Entry, in_group, n_in_group, new_job, new_parts};
pub use registry::{EXHIBITS, exhibit};
pub use values::{Value, ValueError, Values};
#[cfg(feature = "words")]
pub use words_html::words_html;
