//! What lets the page open without a network: a name for the build, file names by content for the worker (Trunk gives
//! it none), and the service worker's list of files.

use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use sha2::{Digest as _, Sha256};

/// The worker's entry, the one file whose name does not follow from its content: its address carries the build id.
pub(crate) const WORKER_LOADER: &str = "worker_loader.js";

/// The first hexadecimal digits of a SHA-256.
pub(crate) fn short_hash(bytes: &[u8]) -> String {
    hex(&Sha256::digest(bytes)[..6])
}

/// Lower-case hexadecimal digits.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Renames the worker's glue and module by their content, and makes the loader and the glue say so: a browser must
/// not pair one build's glue with another's module.
pub(crate) fn name_worker_by_content(dist: &Path) -> Result<()> {
    let read = |name: &str| fs::read_to_string(dist.join(name)).with_context(|| format!("Trunk built no {name}"));
    let module = fs::read(dist.join("worker_bg.wasm")).context("Trunk built no worker_bg.wasm")?;
    let module_name = format!("worker-{}_bg.wasm", short_hash(&module));
    let glue = replaced(&read("worker.js")?, "worker_bg.wasm", &module_name)?;
    let glue_name = format!("worker-{}.js", short_hash(glue.as_bytes()));
    let loader = replaced(&read(WORKER_LOADER)?, "worker.js", &glue_name)?;
    fs::rename(dist.join("worker_bg.wasm"), dist.join(module_name))?;
    fs::write(dist.join(glue_name), glue)?;
    fs::remove_file(dist.join("worker.js"))?;
    fs::write(dist.join(WORKER_LOADER), loader)?;
    Ok(())
}

/// One id for the content of these files.
pub(crate) fn build_id(dist: &Path, names: &[String]) -> Result<String> {
    let mut all = Sha256::new();
    for name in names {
        all.update(name);
        all.update(Sha256::digest(fs::read(dist.join(name))?));
    }
    Ok(hex(&all.finalize()[..6]))
}

/// Writes the service worker from its template.
///
/// `names` are all built files. Packs are left out (they are large, and kept when first used), and so is what only
/// link previews need.
pub(crate) fn write_service_worker(template: &Path, dist: &Path, names: &[String], build_id: &str) -> Result<()> {
    let template = fs::read_to_string(template).with_context(|| format!("could not read {}", template.display()))?;
    let files = serde_json::to_string(&precached(names, build_id))?;
    let script = replaced(&template, "const BUILD = \"\";", &format!("const BUILD = \"{build_id}\";"))?;
    let script = replaced(&script, "const FILES = [];", &format!("const FILES = {files};"))?;
    fs::write(dist.join("sw.js"), script)?;
    Ok(())
}

/// The addresses that a first visit keeps, as the page asks for them.
fn precached(names: &[String], build_id: &str) -> Vec<String> {
    let kept = |name: &&String| {
        let is_pack = name.starts_with("packs/") && *name != "packs/index.json";
        let is_unfolded = name.starts_with("previews/") && name.ends_with(".png");
        !is_pack && !is_unfolded && *name != "sw.js"
    };
    let address = |name: &String| match name.strip_suffix("index.html") {
        Some("") => "./".to_owned(),
        Some(folder) => folder.to_owned(),
        None if name == WORKER_LOADER => format!("{WORKER_LOADER}?v={build_id}"),
        None => name.clone(),
    };
    names.iter().filter(kept).map(address).collect()
}

fn replaced(text: &str, old: &str, new: &str) -> Result<String> {
    text.contains(old).then(|| text.replace(old, new)).with_context(|| format!("`{old}` was expected in a built file"))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(names: &[&str]) -> Vec<String> {
        names.iter().map(|&name| name.to_owned()).collect()
    }

    #[test]
    fn pages_are_kept_by_their_folders_and_packs_are_not() {
        let all =
            ["index.html", "order-chaos/index.html", "packs/index.json", "packs/mnist-test.dsp", "previews/a.png"];
        let all = names(&[&all[..], &["previews/a.svg", "worker_loader.js"]].concat());
        let expected = ["./", "order-chaos/", "packs/index.json", "previews/a.svg", "worker_loader.js?v=b1"];
        assert_eq!(precached(&all, "b1"), expected);
    }

    #[test]
    fn the_template_has_both_constants() {
        let template = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../assets/sw.js");
        let dist = scratch("sw");
        write_service_worker(&template, &dist, &names(&["index.html"]), "b1").unwrap();
        let script = fs::read_to_string(dist.join("sw.js")).unwrap();
        assert!(script.contains("const BUILD = \"b1\";") && script.contains("const FILES = [\"./\"];"), "{script}");
        fs::remove_dir_all(dist).unwrap();
    }

    #[test]
    fn glue_and_module_are_named_by_content_and_find_each_other() {
        let dist = scratch("worker");
        fs::write(dist.join("worker_bg.wasm"), b"module").unwrap();
        fs::write(dist.join("worker.js"), "new URL('worker_bg.wasm', import.meta.url)").unwrap();
        fs::write(dist.join(WORKER_LOADER), "import init from './worker.js';await init();").unwrap();
        name_worker_by_content(&dist).unwrap();
        let module = format!("worker-{}_bg.wasm", short_hash(b"module"));
        assert!(dist.join(&module).is_file());
        let loader = fs::read_to_string(dist.join(WORKER_LOADER)).unwrap();
        let glue = loader.split('\'').nth(1).unwrap();
        assert!(fs::read_to_string(dist.join(glue)).unwrap().contains(&module));
        fs::remove_dir_all(dist).unwrap();
    }

    fn scratch(name: &str) -> std::path::PathBuf {
        let folder = std::env::temp_dir().join(format!("depthscope-xtask-{name}-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        folder
    }
}
