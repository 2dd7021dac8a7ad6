//! The test runner of `wasm-bindgen`, as a library call: nothing is installed, and its version is the workspace's. Cargo calls
//! it with a test's file. A crate of its own, so that no build of the page compiles it.

use std::path::absolute;

use anyhow::{Context as _, Result};

fn main() -> Result<()> {
    let mut arguments = std::env::args_os();
    let program = arguments.next().context("a program is called by a name")?;
    let test = absolute(arguments.next().context("which test?")?)?;
    // The runner looks for `webdriver.json`, which holds the browser's flags, in the current folder.
    if let Some(folder) = std::env::var_os("DEPTHSCOPE_WEBDRIVER") {
        std::env::set_current_dir(folder)?;
    }
    wasm_bindgen_cli::wasm_bindgen_test_runner::run_cli_with_args(
        [program, test.into_os_string()].into_iter().chain(arguments),
    )
}
