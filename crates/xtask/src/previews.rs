//! The exhibits, and a still picture of each, made by the native binary.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use exhibit::page::{Page, Pages};
use xtask::sh;
use xtask::workspace::Workspace;

/// What the binary says about the pages.
pub(crate) fn pages(binary: &Path) -> Result<Pages> {
    let text = sh::output(Command::new(binary).arg("pages"))?;
    serde_json::from_str(&text).context("`depthscope pages` printed something else than this build reads")
}

/// Writes `previews/<id>.svg` and `.png` for each exhibit. An exhibit that makes no picture has no preview.
pub(crate) fn make(workspace: &Workspace, binary: &Path, exhibits: &[Page], dist: &Path) -> Result<()> {
    let previews = dist.join("previews");
    std::fs::create_dir_all(&previews)?;
    for exhibit in exhibits {
        let out = workspace.target.join("previews").join(&exhibit.id);
        xtask::tools::remove_folder(&out)?;
        std::fs::create_dir_all(&out)?;
        // Its result goes to the folder; what it prints besides would only hide the build's own lines.
        let mut run = Command::new(binary);
        run.args(["run", &exhibit.id, "--out"]).arg(&out).env("DEPTHSCOPE_PACKS", workspace.packs());
        sh::output(&mut run)?;
        for extension in ["svg", "png"] {
            let picture = out.join(format!("{}.{extension}", exhibit.figure));
            if picture.is_file() {
                std::fs::copy(&picture, previews.join(format!("{}.{extension}", exhibit.id)))?;
            }
        }
    }
    Ok(())
}
