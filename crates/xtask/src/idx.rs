//! `cargo xtask data`.

use anyhow::Result;
use xtask::workspace::Workspace;

pub(crate) fn make_packs(_workspace: &Workspace, _download: bool) -> Result<()> {
    Ok(())
}
