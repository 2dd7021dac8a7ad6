//! What lets the page open without a network: a name for the build, and the service worker with its list of files.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use anyhow::{Context as _, Result};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::files::{hex, short_hash};
use crate::wasm::Names;

/// One id for the content of these files, and for what the pages say.
pub(crate) fn build_id<'a>(dist: &Path, names: &[String], said: impl IntoIterator<Item = &'a str>) -> Result<String> {
    let mut all = Sha256::new();
    for name in names {
        all.update(name);
        all.update(Sha256::digest(fs::read(dist.join(name))?));
    }
    for text in said {
        all.update(Sha256::digest(text));
    }
    Ok(hex(&all.finalize()[..6]))
}

/// What the service worker knows of a build.
pub(crate) struct Kept<'a> {
    pub(crate) build_id: &'a str,
    /// The group of each exhibit.
    pub(crate) groups: BTreeMap<&'a str, &'a str>,
    /// The files of each group's worker.
    pub(crate) workers: &'a BTreeMap<String, Names>,
}

impl Kept<'_> {
    /// Writes the service worker from its template. `names` are all built files.
    pub(crate) fn write_service_worker(&self, template: &Path, dist: &Path, names: &[String]) -> Result<()> {
        let mut script =
            fs::read_to_string(template).with_context(|| format!("could not read {}", template.display()))?;
        let mut files = BTreeMap::new();
        for name in names.iter().filter(|name| *name != "sw.js" && !is_page(name)) {
            files.insert(name, short_hash(&fs::read(dist.join(name))?));
        }
        let folder = |(id, group): (&&str, &&str)| (format!("{id}/"), (*group).to_owned());
        let pages: BTreeMap<String, String> = self.groups.iter().map(folder).collect();
        let files_of = |(group, names): (&String, &Names)| (group.clone(), [names.glue.clone(), names.module.clone()]);
        let groups: BTreeMap<String, [String; 2]> = self.workers.iter().map(files_of).collect();
        for (name, empty, value) in [
            ("BUILD", "\"\"", json!(self.build_id)),
            ("FILES", "{}", json!(files)),
            ("PAGES", "{}", json!(pages)),
            ("GROUPS", "{}", json!(groups)),
            ("SHELL", "[]", json!(self.shell(names))),
        ] {
            let old = format!("const {name} = {empty};");
            let (before, after) = script.split_once(&old).with_context(|| format!("sw.js has no `{old}`"))?;
            script = format!("{before}const {name} = {value};{after}");
        }
        Ok(fs::write(dist.join("sw.js"), script)?)
    }

    /// What every page needs. Packs are large and kept when first used, workers are kept by their groups, and what only link
    /// previews need is not kept.
    fn shell(&self, names: &[String]) -> Vec<String> {
        let is_of_a_worker = |name: &str| self.workers.values().any(|w| w.glue == name || w.module == name);
        let kept = |name: &&String| {
            let is_pack = name.starts_with("packs/") && *name != "packs/index.json";
            let is_unfolded = name.starts_with("previews/") && name.ends_with(".png");
            !is_pack && !is_unfolded && !is_of_a_worker(name) && *name != "sw.js"
        };
        let address = |name: &String| name.strip_suffix("index.html").unwrap_or(name).to_owned();
        names.iter().filter(kept).map(address).collect()
    }
}

fn is_page(name: &str) -> bool {
    name == "index.html" || name.ends_with("/index.html")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_service_worker_knows_pages_by_folder_and_workers_by_group() {
        let dist = std::env::temp_dir().join(format!("depthscope-xtask-sw-{}", std::process::id()));
        let names: Vec<String> = [
            "a-1.css",
            "index.html",
            "order-chaos/index.html",
            "packs/index.json",
            "packs/mnist-test.dsp",
            "previews/a.png",
            "previews/a.svg",
            "w.js",
            "w_bg.wasm",
        ]
        .map(str::to_owned)
        .to_vec();
        for name in &names {
            fs::create_dir_all(dist.join(name).parent().unwrap()).unwrap();
            fs::write(dist.join(name), name).unwrap();
        }
        let workers = [("propagation".to_owned(), Names { glue: "w.js".into(), module: "w_bg.wasm".into() })].into();
        let kept = Kept { build_id: "b1", groups: [("order-chaos", "propagation")].into(), workers: &workers };
        let template = Path::new("../../assets/sw.js");
        kept.write_service_worker(template, &dist, &names).unwrap();
        let script = fs::read_to_string(dist.join("sw.js")).unwrap();
        for line in [
            "const BUILD = \"b1\";",
            "const PAGES = {\"order-chaos/\":\"propagation\"};",
            "const GROUPS = {\"propagation\":[\"w.js\",\"w_bg.wasm\"]};",
            "const SHELL = [\"a-1.css\",\"\",\"order-chaos/\",\"packs/index.json\",\"previews/a.svg\"];",
        ] {
            assert!(script.contains(line), "{line} is not in {script}");
        }
        let hash = short_hash(b"packs/mnist-test.dsp");
        assert!(script.contains(&format!("\"packs/mnist-test.dsp\":\"{hash}\"")), "{script}");
        assert!(!script.contains("\"index.html\":"), "pages are known by their build: {script}");
        fs::remove_dir_all(dist).unwrap();
    }

    #[test]
    fn a_build_is_named_by_files_and_by_what_pages_say() {
        let dist = std::env::temp_dir();
        let id = |said: &[&str]| build_id(&dist, &[], said.iter().copied()).unwrap();
        assert_eq!(id(&["a", "b"]), id(&["a", "b"]));
        assert_ne!(id(&["a", "b"]), id(&["ab", ""]));
    }
}
