//! Building the deployable folder `dist/`: style sheets are joined, Trunk builds page and worker, the native binary makes
//! the previews, and the rest (a page for each exhibit, data packs, the service worker) is added here.

use std::fs;
use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};
use xtask::sh;
use xtask::tools::{TRUNK, WASM_BINDGEN, ensure_wasm_target, path_with, remove_folder};
use xtask::workspace::{WASM, Workspace, data_folder};

use crate::pages::Head;
use crate::sizes::{self, Sizes};
use crate::{idx, offline, previews};

/// Builds everything and measures it. `site_url` is where the folder will be published.
pub(crate) fn build(workspace: &Workspace, site_url: Option<&str>) -> Result<Sizes> {
    let dist = workspace.dist();
    ensure_wasm_target()?;
    // Trunk runs cargo without the network, so that it downloads nothing of its own either.
    sh::run(workspace.cargo().args(["fetch", "--quiet", "--target", WASM]))?;
    if data_folder(&workspace.root)?.is_some() {
        idx::make_packs(workspace, false)?;
    }
    let binary = workspace.build_native()?;
    let pages = previews::pages(&binary)?;
    join_styles(&workspace.root.join("assets"))?;
    trunk(workspace)?;

    offline::name_worker_by_content(&dist)?;
    previews::make(workspace, &binary, &pages.exhibits, &dist)?;
    copy_packs(&workspace.packs(), &dist.join("packs"))?;

    let build_id = offline::build_id(&dist, &file_names(&dist)?)?;
    let site_url = site_url.map(|url| format!("{}/", url.trim_end_matches('/')));
    let head = Head { build_id: &build_id, site_url: site_url.as_deref() };
    let index = fs::read_to_string(dist.join("index.html")).context("Trunk built no index.html")?;
    for exhibit in &pages.exhibits {
        let has_preview = dist.join("previews").join(format!("{}.png", exhibit.id)).is_file();
        let folder = dist.join(&exhibit.id);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("index.html"), head.exhibit(&index, exhibit, has_preview)?)?;
    }
    fs::write(dist.join("index.html"), head.home(&index, &pages.home)?)?;
    offline::write_service_worker(&workspace.root.join("assets/sw.js"), &dist, &file_names(&dist)?, &build_id)?;
    sizes::measure(&dist, &file_names(&dist)?)
}

/// One sheet of the files in `style/`, in the order of their names: a page asks for one, and it packs better.
fn join_styles(assets: &Path) -> Result<()> {
    let folder = assets.join("style");
    let mut sheet = String::from("/* Made of style/ by `cargo xtask build`. */\n");
    for name in file_names(&folder)? {
        sheet += &fs::read_to_string(folder.join(&name)).with_context(|| format!("could not read style/{name}"))?;
    }
    Ok(fs::write(assets.join("style.css"), sheet)?)
}

fn trunk(workspace: &Workspace) -> Result<()> {
    let (trunk, wasm_bindgen) = (TRUNK.ensure()?, WASM_BINDGEN.ensure()?);
    let mut command = Command::new(trunk.join(TRUNK.program));
    command.args(["build", "--release", "--offline", "--skip-version-check"]).current_dir(&workspace.root);
    command.env("PATH", path_with(&[&wasm_bindgen])?);
    command.env("CARGO_TARGET_DIR", &workspace.target);
    // Trunk reads NO_COLOR as a boolean and refuses the usual `NO_COLOR=1`.
    command.env_remove("NO_COLOR");
    // RUSTFLAGS would replace the flags of .cargo/config.toml, SIMD among them.
    command.env_remove("RUSTFLAGS");
    sh::run(&mut command)
}

/// Copies the packs that there are; without any, the list of packs is empty.
fn copy_packs(from: &Path, to: &Path) -> Result<()> {
    remove_folder(to)?;
    fs::create_dir_all(to)?;
    if !from.join("index.json").is_file() {
        return Ok(fs::write(to.join("index.json"), "[]\n")?);
    }
    for name in file_names(from)? {
        fs::copy(from.join(&name), to.join(&name)).with_context(|| format!("could not copy the pack {name}"))?;
    }
    Ok(())
}

/// The names of all files below a folder, with slashes, sorted.
fn file_names(folder: &Path) -> Result<Vec<String>> {
    let mut names = Vec::new();
    let mut folders = vec![String::new()];
    while let Some(prefix) = folders.pop() {
        for entry in
            fs::read_dir(folder.join(&prefix)).with_context(|| format!("could not list {}", folder.display()))?
        {
            let entry = entry?;
            let name = format!("{prefix}{}", entry.file_name().to_string_lossy());
            if entry.file_type()?.is_dir() { folders.push(format!("{name}/")) } else { names.push(name) }
        }
    }
    names.sort();
    Ok(names)
}

/// Gets what a build needs, without building.
pub(crate) fn ensure_tools() -> Result<()> {
    ensure_wasm_target()?;
    for tool in [WASM_BINDGEN, TRUNK] {
        tool.ensure()?;
    }
    Ok(())
}
