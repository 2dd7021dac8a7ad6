//! `cargo xtask bench`: the native measurements.

use anyhow::Result;
use xtask::sh;
use xtask::workspace::Workspace;

/// Builds the binary and runs its benchmarks; the page's own are in its bench mode.
pub(crate) fn run(workspace: &Workspace, arguments: &[String]) -> Result<()> {
    let binary = workspace.build_native()?;
    sh::run(std::process::Command::new(binary).arg("bench").args(arguments))
}
