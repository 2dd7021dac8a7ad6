//! The exhibits: one folder each, with its declaration, its words and its computation.

mod archive;
pub mod composition;
pub mod job;
mod lending;
pub mod order_chaos;
pub mod regions;
mod registry;
mod round;
pub mod sawtooth;
mod statistics;
mod work;

pub use archive::zip;
pub use registry::{EXHIBITS, check_text, exhibit, new_job, new_parts};
