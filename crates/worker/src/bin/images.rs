//! The worker of the exhibits on images. They have no kernels, so no graphics device is linked.

use exhibits::{Entry, in_group, n_in_group};
use worker::{Group, NoDevice};

const JOBS: [Entry; n_in_group("images")] = in_group("images");

fn main() {
    Group::of(&JOBS, NoDevice).with_own_files().serve();
}
