//! The compute workers: each takes typed requests from the page, runs one job at a time, and posts its frames.
//!
//! There is a binary for each group of exhibits (`src/bin`), which names its jobs and whether they have kernels, so that none
//! links what it does not run. A message cannot be seen while WebAssembly computes, so jobs reach a checkpoint every few
//! milliseconds, where the worker returns to its event loop (`host`). A panic posts its text and ends the worker; the page
//! starts another. Work that splits is spread over further workers of the same module (`pool`), which this one starts when
//! it has such work.

mod bench;
mod device;
mod dispatch;
mod group;
mod host;
mod index;
mod own;
mod packs;
mod pool;
mod scope;

pub use device::{Devices, Found, NoDevice, WebGpu};
pub use group::Group;
