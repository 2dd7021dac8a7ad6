//! The exhibits, and a still picture of each, made by the native binary.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use serde_json::Value;
use xtask::sh;
use xtask::workspace::Workspace;

/// An exhibit as its page's head names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Exhibit {
    pub(crate) id: String,
    pub(crate) title: String,
    /// The group whose worker computes it.
    pub(crate) group: String,
    pub(crate) description: String,
    /// The figure that the preview shows.
    pub(crate) figure: Option<String>,
    /// What its page says, as markup.
    pub(crate) words: String,
}

/// The exhibits that the binary lists.
pub(crate) fn exhibits(binary: &Path) -> Result<Vec<Exhibit>> {
    let list = json(binary, &["list", "--json"])?;
    let list =
        list.as_array().or_else(|| list["exhibits"].as_array()).context("`depthscope list --json` is no list")?;
    list.iter().map(|entry| exhibit(binary, entry)).collect()
}

fn exhibit(binary: &Path, entry: &Value) -> Result<Exhibit> {
    let text = |keys: &[&str]| keys.iter().find_map(|key| entry[*key].as_str()).map(str::to_owned);
    let id = text(&["id", "exhibit"]).context("`depthscope list --json` has an exhibit without an id")?;
    let title = text(&["title"]).unwrap_or_else(|| id.clone());
    let group = text(&["group"]).with_context(|| format!("`depthscope list --json` names no group of {id}"))?;
    let description = text(&["claim", "summary", "description"]).unwrap_or_default();
    let declaration = json(binary, &["describe", &id, "--json"])?;
    let figure = declaration["figures"][0]["id"].as_str().map(str::to_owned);
    let words = sh::output(Command::new(binary).args(["describe", &id, "--words"]))?;
    Ok(Exhibit { id, title, group, description, figure, words })
}

/// Writes `previews/<id>.svg` and `.png` for each exhibit. An exhibit that makes no picture has no preview.
pub(crate) fn make(workspace: &Workspace, binary: &Path, exhibits: &[Exhibit], dist: &Path) -> Result<()> {
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
            let Some(figure) = &exhibit.figure else { continue };
            let picture = out.join(format!("{figure}.{extension}"));
            if picture.is_file() {
                std::fs::copy(&picture, previews.join(format!("{}.{extension}", exhibit.id)))?;
            }
        }
    }
    Ok(())
}

fn json(binary: &Path, arguments: &[&str]) -> Result<Value> {
    let mut command = Command::new(binary);
    command.args(arguments);
    let text = sh::output(&mut command)?;
    serde_json::from_str(&text).with_context(|| format!("`{}` printed no JSON", sh::line(&command)))
}
