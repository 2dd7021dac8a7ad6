//! From the modules that cargo builds to what a browser loads: bound by the library behind `wasm-bindgen`, and named by
//! their content, so that no browser pairs one build's glue with another's module.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result, bail};
use wasm_bindgen_cli_support::Bindgen;
use xtask::sh;
use xtask::workspace::{WASM, Workspace, quiet_progress};

use crate::files::short_hash;
use crate::lean::lean;
use crate::{names, order, prune};

/// The group that every page may ask for, and no exhibit is in.
pub(crate) const BENCH: &str = "bench";

/// A module and its glue, bound.
pub(crate) struct Bound {
    name: String,
    glue: String,
    module: Vec<u8>,
}

/// The files of a module in the built folder.
pub(crate) struct Names {
    pub(crate) glue: String,
    pub(crate) module: String,
}

/// What the glue calls its own start.
const START: &str = "__wbg_init as default";

/// Builds binaries of a package for the browser, and returns the folder that they lie in. Where this machine keeps the sources
/// of crates is not in them, so that all machines build the same, and a visitor loads a few kilobytes less.
pub(crate) fn cargo_build(workspace: &Workspace, package: &str, bins: &[&str], profile: &str) -> Result<PathBuf> {
    let mut command = workspace.cargo();
    command.args(["build", "--target", WASM, "--profile", profile, "--package", package]);
    command.args(bins.iter().flat_map(|bin| ["--bin", bin]));
    for prefix in registries() {
        command
            .arg("--config")
            .arg(format!("target.{WASM}.rustflags=[{:?}]", format!("--remap-path-prefix={prefix}/=")));
    }
    // RUSTFLAGS would replace the flags of .cargo/config.toml, SIMD among them.
    sh::run(quiet_progress(command.env_remove("RUSTFLAGS")))?;
    Ok(workspace.target.join(WASM).join(profile))
}

/// The folders that cargo unpacks sources of crates in.
fn registries() -> Vec<String> {
    let home = std::env::var_os("CARGO_HOME").map(PathBuf::from);
    let Some(home) = home.or_else(|| Some(std::env::home_dir()?.join(".cargo"))) else { return Vec::new() };
    let folders = fs::read_dir(home.join("registry/src")).into_iter().flatten().flatten();
    folders.filter_map(|folder| folder.path().to_str().map(str::to_owned)).collect()
}

impl Bound {
    /// Binds `module`; the files will be called by `name`.
    pub(crate) fn new(module: &Path, name: &str, scratch: &Path) -> Result<Self> {
        let bind = || -> Result<Self> {
            let bytes = prune::without_uncalled(&fs::read(module)?)?;
            let mut bindgen = Bindgen::new();
            bindgen.input_bytes(name, bytes).web(true)?.typescript(false).omit_default_module_path(true);
            bindgen.remove_name_section(true).remove_producers_section(true);
            let mut output = bindgen.generate_output()?;
            // A crate is listed though it has none.
            let has_snippets = output.snippets().values().any(|files| !files.is_empty());
            if has_snippets || !output.local_modules().is_empty() {
                bail!("a crate in it brings files of JavaScript, which nothing here copies");
            }
            output.emit(scratch)?;
            let glue = fs::read_to_string(scratch.join(format!("{name}.js")))?;
            let module = fs::read(scratch.join(format!("{name}_bg.wasm")))?;
            if !glue.contains(START) {
                bail!("the glue has no `{START}`");
            }
            let (module, glue) = names::shortened(&module, &lean(&glue))?;
            Ok(Self { name: name.to_owned(), glue, module: order::alike_together(&module)? })
        };
        bind().with_context(|| format!("could not bind {}", module.display()))
    }

    /// Writes both files into the built folder.
    pub(crate) fn write(&self, dist: &Path) -> Result<Names> {
        self.write_with(dist, |_module| String::new())
    }

    /// The same for a worker, whose glue starts the module by itself. Its first word says that the script runs; it awaits the
    /// module, so that what fails there is an error of the worker.
    pub(crate) fn write_worker(&self, dist: &Path) -> Result<Names> {
        self.write_with(dist, |module| {
            format!("\npostMessage(\"starts\");\nawait __wbg_init({{ module_or_path: new URL(\"{module}\", import.meta.url) }});\n")
        })
    }

    /// The same for the reader of what people type, whose functions a page finds on its window; an event says that they are
    /// there, or that the module could not be started. Before that its place on the window says that the script runs.
    pub(crate) fn write_reader(&self, dist: &Path) -> Result<Names> {
        self.write_with(dist, |module| {
            format!(
                "\nwindow[\"depthscope-reader\"] = \"starts\";\n\
                 try {{ await __wbg_init({{ module_or_path: new URL(\"{module}\", import.meta.url) }});\n\
                 window[\"depthscope-reader\"] = {{ number, plain, clickable }}; }}\n\
                 catch (error) {{ console.warn(error); }}\n\
                 dispatchEvent(new Event(\"depthscope-reader\"));\n"
            )
        })
    }

    fn write_with(&self, dist: &Path, end: impl Fn(&str) -> String) -> Result<Names> {
        let module = format!("{}-{}_bg.wasm", self.name, short_hash(&self.module));
        let text = format!("{}{}", self.glue, end(&module));
        let glue = format!("{}-{}.js", self.name, short_hash(text.as_bytes()));
        fs::write(dist.join(&module), &self.module)?;
        fs::write(dist.join(&glue), text)?;
        Ok(Names { glue, module })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn glue_and_module_are_named_by_content_and_find_each_other() {
        let dist = std::env::temp_dir().join(format!("depthscope-xtask-wasm-{}", std::process::id()));
        fs::create_dir_all(&dist).unwrap();
        let bound =
            Bound { name: "worker-depth".into(), glue: "function __wbg_init() {}".into(), module: b"m".to_vec() };
        let names = bound.write_worker(&dist).unwrap();
        assert_eq!(names.module, format!("worker-depth-{}_bg.wasm", short_hash(b"m")));
        let glue = fs::read(dist.join(&names.glue)).unwrap();
        assert_eq!(names.glue, format!("worker-depth-{}.js", short_hash(&glue)));
        assert!(String::from_utf8(glue).unwrap().contains(&names.module));
        assert_ne!(bound.write(&dist).unwrap().glue, names.glue);
        fs::remove_dir_all(dist).unwrap();
    }

    #[test]
    fn what_is_no_module_is_named() {
        let error = Bound::new(Path::new("no-such-module.wasm"), "web", Path::new(".")).err().map(|e| format!("{e:#}"));
        assert!(
            error.as_ref().is_some_and(|error| error.starts_with("could not bind no-such-module.wasm")),
            "{error:?}"
        );
    }

    #[test]
    fn the_binding_library_is_of_the_crates_version() {
        let manifest = fs::read_to_string("../../Cargo.toml").unwrap();
        let manifest: toml::Table = manifest.parse().unwrap();
        let version = |name: &str| {
            let of = &manifest["workspace"]["dependencies"][name];
            of.get("version").unwrap_or(of).as_str().map(str::to_owned).unwrap()
        };
        for name in ["wasm-bindgen-cli-support", "wasm-bindgen-cli"] {
            assert_eq!(version(name), version("wasm-bindgen"), "{name} must be of the version of wasm-bindgen");
        }
    }
}
