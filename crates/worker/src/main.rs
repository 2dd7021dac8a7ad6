//! The compute worker: takes typed requests from the page, runs one job at a time, and posts its frames.
//!
//! A message cannot be seen while WebAssembly computes, so jobs reach a checkpoint every few milliseconds, where the
//! worker returns to its event loop ([`host`]). A panic posts its text and ends the worker; the page starts another.
//! Work that splits is spread over further workers of the same module ([`pool`]), which this one starts when it has
//! such work.

#[cfg(target_arch = "wasm32")]
mod bench;
#[cfg(target_arch = "wasm32")]
mod device;
#[cfg(target_arch = "wasm32")]
mod dispatch;
#[cfg(target_arch = "wasm32")]
mod host;
#[cfg(target_arch = "wasm32")]
mod packs;
#[cfg(target_arch = "wasm32")]
mod pool;
#[cfg(target_arch = "wasm32")]
mod scope;

#[cfg(target_arch = "wasm32")]
fn main() {
    scope::post_panics();
    dispatch::listen();
}

#[cfg(not(target_arch = "wasm32"))]
fn main() {
    eprintln!("the worker runs in a browser; build it with `cargo xtask build`");
}
