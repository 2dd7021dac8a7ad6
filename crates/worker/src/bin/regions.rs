//! The worker of the exhibits on linear regions.

use exhibits::{Entry, in_group, n_in_group};
use worker::{Group, WebGpu};

const JOBS: [Entry; n_in_group("regions")] = in_group("regions");

fn main() {
    Group::of(&JOBS, WebGpu::default()).serve();
}
