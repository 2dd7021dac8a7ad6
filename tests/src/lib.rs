//! The harness of the browser tests: a headless browser for each test (Chromium, and for some also Firefox and
//! WebKit), a static server that mounts the built page under a sub-folder, and the page as a person and a script use it.
//!
//! What a test touches is only what the page promises: `data-ready`, `data-control`, `data-readout` with
//! `data-value`, `data-figure` with `data-frame`, the address, and the messages of embed mode.
//!
//! Everything here panics with a sentence when the page does not do what a test asks of it.

mod binary;
mod driver;
mod embed;
mod lab;
mod page;

pub use binary::{Outcome, depthscope};
pub use driver::{Driver, Kind, Options};
pub use embed::Host;
pub use lab::{Lab, MOUNT, built, dist, worker};
pub use page::Readouts;
