//! The worker of the exhibits on signal propagation.

use exhibits::{Entry, in_group, n_in_group};
use worker::{Group, WebGpu};

const JOBS: [Entry; n_in_group("propagation")] = in_group("propagation");

fn main() {
    Group::of(&JOBS, WebGpu::default()).serve();
}
