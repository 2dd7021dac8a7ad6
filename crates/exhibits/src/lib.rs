//! The exhibits: one folder each, with its declaration, its words and its computation.

mod archive;
pub mod composition;
pub mod filters;
pub mod job;
pub mod kit;
mod lending;
pub mod order_chaos;
pub mod regions;
mod registry;
pub mod sawtooth;
mod statistics;
pub mod transfer;
pub mod wavelets;
mod work;

pub use archive::zip;
pub use registry::{ENTRIES, EXHIBITS, Entry, check_text, exhibit, in_group, n_in_group, new_job, new_parts};
