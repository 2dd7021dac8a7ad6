//! Building the deployable folder `dist/`. The native binary, which makes the previews, and the modules of page and workers
//! are built side by side; then the folder is put together: the page for each exhibit, data packs, the service worker.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use exhibit::page::Pages;
use xtask::sh;
use xtask::tools::{ensure_wasm_target, fresh_folder};
use xtask::workspace::{WASM, Workspace, data_folder, quiet_progress};

use crate::bundle::{Settings, Shell};
use crate::files::file_names;
use crate::lean::lean;
use crate::pages::Head;
use crate::sizes::{self, Sizes};
use crate::steps::{Steps, side_by_side};
use crate::wasm::{self, Bound};
use crate::{idx, offline, previews};

/// The package of the module that reads what people type.
const READER: &str = "reader";
/// The package with a binary for each group of exhibits.
const WORKER: &str = "worker";
/// The profile of its modules.
const WORKER_PROFILE: &str = "release";

/// How to build.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Options<'a> {
    /// Where the folder will be published.
    pub(crate) site_url: Option<&'a str>,
    /// The one group of exhibits to build, without the bench.
    pub(crate) only: Option<&'a str>,
}

/// What the native binary makes.
struct Natively {
    pages: Pages,
    /// A folder with their previews.
    stage: PathBuf,
}

/// The bound modules.
struct Modules {
    page: Bound,
    /// Reads what people type.
    reader: Bound,
    workers: BTreeMap<String, Bound>,
}

/// Builds everything and measures it.
pub(crate) fn build(workspace: &Workspace, options: Options<'_>) -> Result<Sizes> {
    let groups = chosen_groups(workspace.bins(WORKER), options.only)?;
    let settings = Settings::read(&workspace.root)?;
    let shell = fs::read_to_string(workspace.root.join(&settings.target));
    let shell = Shell::parse(shell.with_context(|| format!("could not read {}", settings.target.display()))?)?;
    let steps = Steps::new(6);
    steps.run("what cargo needs is fetched", "half a minute", || fetch(workspace))?;
    let (natively, modules) =
        side_by_side(|| natively(workspace, &steps, options.only), || modules(workspace, &steps, &shell, &groups))?;
    steps.run("the folder is put together", "ten seconds", || {
        if data_folder(&workspace.root)?.is_some() {
            idx::make_packs(workspace, false)?;
        }
        assemble(workspace, options, &settings, &shell, &natively, &modules)
    })
}

/// What the two builds would else wait for each other to download.
fn fetch(workspace: &Workspace) -> Result<()> {
    ensure_wasm_target()?;
    let host = sh::output(Command::new("rustc").args(["--print", "host-tuple"]))?;
    sh::run(quiet_progress(workspace.cargo().args(["fetch", "--target", WASM, "--target", &host])))
}

fn natively(workspace: &Workspace, steps: &Steps, only: Option<&str>) -> Result<Natively> {
    let binary = steps.run("the native binary", "5 minutes", || workspace.build_native())?;
    steps.run("the exhibits' previews and words", "half a minute", || {
        let mut pages = previews::pages(&binary)?;
        pages.exhibits.retain(|exhibit| only.is_none_or(|group| exhibit.group == group));
        let stage = workspace.target.join("stage");
        fresh_folder(&stage)?;
        previews::make(workspace, &binary, &pages.exhibits, &stage)?;
        Ok(Natively { pages, stage })
    })
}

fn modules(workspace: &Workspace, steps: &Steps, shell: &Shell, groups: &[String]) -> Result<Modules> {
    let scratch = workspace.target.join("bound");
    let main = shell.main()?;
    let (page, reader) = steps.run("the page's modules", "4 minutes", || {
        let bound = |package: &str, bin: &str| {
            let folder = wasm::cargo_build(workspace, package, &[bin], &main.profile)?;
            Bound::new(&folder.join(format!("{bin}.wasm")), package, &scratch)
        };
        Ok((bound("web", &main.bin)?, bound(READER, READER)?))
    })?;
    let workers = steps.run("the workers' modules", "5 minutes", || {
        let bins: Vec<&str> = groups.iter().map(String::as_str).collect();
        let folder = wasm::cargo_build(workspace, WORKER, &bins, WORKER_PROFILE)?;
        let bind = |group: &String| {
            let module = folder.join(format!("{group}.wasm"));
            Ok((group.clone(), Bound::new(&module, &format!("{WORKER}-{group}"), &scratch)?))
        };
        groups.iter().map(bind).collect::<Result<_>>()
    })?;
    Ok(Modules { page, reader, workers })
}

fn assemble(
    workspace: &Workspace,
    options: Options<'_>,
    settings: &Settings,
    shell: &Shell,
    natively: &Natively,
    modules: &Modules,
) -> Result<Sizes> {
    let dist = workspace.root.join(&settings.dist);
    let assets = workspace.root.join("assets");
    fresh_folder(&dist)?;
    join_styles(&assets)?;
    let index = lean(&shell.write(settings, &workspace.root, &dist, &modules.page.write(&dist)?)?);
    let reader = modules.reader.write_reader(&dist)?;
    let mut workers = BTreeMap::new();
    for (group, bound) in &modules.workers {
        workers.insert(group.clone(), bound.write_worker(&dist)?);
    }
    for (from, to) in [(natively.stage.join("previews"), "previews"), (workspace.packs(), "packs")] {
        copy_folder(&from, &dist.join(to))?;
    }
    let packs = dist.join("packs/index.json");
    if !packs.is_file() {
        fs::write(packs, "[]\n")?;
    }

    let said = natively.pages.exhibits.iter().flat_map(|e| [&e.id, &e.title, &e.claim, &e.templates]);
    let said = said.map(String::as_str).chain([index.as_str(), &natively.pages.home]);
    let build_id = offline::build_id(&dist, &file_names(&dist)?, said)?;
    let site_url = options.site_url.map(|url| format!("{}/", url.trim_end_matches('/')));
    let head = Head { build_id: &build_id, site_url: site_url.as_deref(), reader: &reader.glue, workers: &workers };
    for exhibit in &natively.pages.exhibits {
        let has_preview = dist.join("previews").join(format!("{}.png", exhibit.id)).is_file();
        let folder = dist.join(&exhibit.id);
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("index.html"), head.exhibit(&index, exhibit, has_preview)?)?;
    }
    fs::write(dist.join("index.html"), head.home(&index, &natively.pages.home)?)?;
    let groups = natively.pages.exhibits.iter().map(|exhibit| (exhibit.id.as_str(), exhibit.group.as_str())).collect();
    let kept = offline::Kept { build_id: &build_id, groups, workers: &workers };
    kept.write_service_worker(&assets.join("sw.js"), &dist, &file_names(&dist)?)?;
    sizes::measure(&dist, &file_names(&dist)?)
}

/// All groups, or the one that was chosen.
fn chosen_groups(groups: Vec<String>, only: Option<&str>) -> Result<Vec<String>> {
    let Some(only) = only else { return Ok(groups) };
    if !groups.iter().any(|group| group == only) {
        bail!("there is no group `{only}`; the groups are {}", groups.join(", "));
    }
    Ok(vec![only.to_owned()])
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

/// Copies the files of a folder, if there is one.
fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    fs::create_dir_all(to)?;
    for name in if from.is_dir() { file_names(from)? } else { Vec::new() } {
        fs::copy(from.join(&name), to.join(&name)).with_context(|| format!("could not copy {name}"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::wasm::BENCH;

    #[test]
    fn a_group_is_chosen_by_its_name() {
        let groups = || ["bench", "depth"].map(str::to_owned).to_vec();
        assert_eq!(chosen_groups(groups(), None).unwrap(), groups());
        assert_eq!(chosen_groups(groups(), Some("depth")).unwrap(), ["depth"]);
        assert!(chosen_groups(groups(), Some("deep")).unwrap_err().to_string().contains("bench, depth"));
    }

    /// A binary for each group that an exhibit names, the bench, and no other: so each exhibit is in exactly one.
    #[test]
    fn every_group_of_exhibits_has_its_worker() {
        let workspace = Workspace::find().unwrap();
        let mut named: Vec<String> = Vec::new();
        for folder in fs::read_dir(workspace.root.join("crates/exhibits/src")).unwrap() {
            let Ok(text) = fs::read_to_string(folder.unwrap().path().join("mod.rs")) else { continue };
            let group = |line: &str| Some(line.trim().strip_prefix("group: \"")?.strip_suffix("\",")?.to_owned());
            let groups: Vec<String> = text.lines().filter_map(group).collect();
            if text.contains("EXHIBIT: Exhibit") {
                assert_eq!(groups.len(), 1, "an exhibit is in one group, not in {groups:?}");
            }
            named.extend(groups);
        }
        named.push(BENCH.to_owned());
        named.sort();
        named.dedup();
        let mut bins = workspace.bins(WORKER);
        bins.sort();
        assert_eq!(bins, named, "crates/worker/src/bin has a file for each group and the bench");
    }
}
