//! The folders of this workspace and of what is built from it.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use serde_json::Value;

use crate::sh;

/// The target that the page and the worker are built for.
pub const WASM: &str = "wasm32-unknown-unknown";

/// The profile of native tools and tests.
pub const FAST: &str = "fast";

/// Where things are.
#[derive(Clone, Debug)]
pub struct Workspace {
    /// The folder of the root `Cargo.toml`.
    pub root: PathBuf,
    /// Cargo's target folder.
    pub target: PathBuf,
    /// What `cargo metadata --no-deps` says.
    pub metadata: Value,
}

impl Workspace {
    /// Finds the workspace that the running package belongs to.
    ///
    /// # Errors
    /// When `cargo metadata` fails.
    pub fn find() -> Result<Self> {
        // At run time, because a target folder may be shared by several clones.
        let manifest_dir = std::env::var_os("CARGO_MANIFEST_DIR").map_or_else(|| PathBuf::from("."), PathBuf::from);
        let mut command = cargo();
        command.args(["metadata", "--no-deps", "--format-version", "1"]).current_dir(manifest_dir);
        let metadata: Value =
            serde_json::from_str(&sh::output(&mut command)?).context("`cargo metadata` printed no JSON")?;
        let folder = |key: &str| {
            metadata[key].as_str().map(PathBuf::from).with_context(|| format!("cargo metadata has no {key}"))
        };
        Ok(Self { root: folder("workspace_root")?, target: folder("target_directory")?, metadata })
    }

    /// The built page.
    #[must_use]
    pub fn dist(&self) -> PathBuf {
        self.root.join("dist")
    }

    /// The data packs that a build copies.
    #[must_use]
    pub fn packs(&self) -> PathBuf {
        self.target.join("packs")
    }

    /// A cargo command in the workspace's root.
    #[must_use]
    pub fn cargo(&self) -> Command {
        let mut command = cargo();
        command.current_dir(&self.root);
        command
    }

    /// Builds the native binary `depthscope` and returns its path.
    ///
    /// # Errors
    /// When it does not build.
    pub fn build_native(&self) -> Result<PathBuf> {
        self.build_native_of("depthscope")
    }

    /// Builds the native binary of a package that is called as it is, and returns its path.
    ///
    /// # Errors
    /// When it does not build.
    pub fn build_native_of(&self, package: &str) -> Result<PathBuf> {
        sh::run(quiet_progress(self.cargo().args(["build", "--profile", FAST, "--package", package])))?;
        let binary = self.native_binary(package);
        if !binary.is_file() {
            bail!("the package {package} built no binary at {}", binary.display());
        }
        Ok(binary)
    }

    /// Where [`Self::build_native_of`] leaves a binary.
    #[must_use]
    pub fn native_binary(&self, package: &str) -> PathBuf {
        self.target.join(FAST).join(format!("{package}{}", std::env::consts::EXE_SUFFIX))
    }

    /// Names of the binaries of a package.
    #[must_use]
    pub fn bins(&self, package: &str) -> Vec<String> {
        let packages = self.metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
        let targets = packages.iter().find(|p| p["name"] == package).and_then(|p| p["targets"].as_array());
        let is_bin = |t: &&Value| t["kind"].as_array().is_some_and(|kinds| kinds.iter().any(|kind| kind == "bin"));
        let bins = targets.into_iter().flatten().filter(is_bin);
        bins.filter_map(|target| target["name"].as_str()).map(str::to_owned).collect()
    }

    /// Names of the packages with a development dependency on `name`.
    #[must_use]
    pub fn packages_developed_with(&self, name: &str) -> Vec<String> {
        let packages = self.metadata["packages"].as_array().map(Vec::as_slice).unwrap_or_default();
        let uses = |package: &&Value| {
            package["dependencies"]
                .as_array()
                .is_some_and(|all| all.iter().any(|d| d["name"] == name && d["kind"] == "dev"))
        };
        packages.iter().filter(uses).filter_map(|package| package["name"].as_str()).map(str::to_owned).collect()
    }
}

/// A cargo that shows no bar of progress: two at a time would paint over each other's. Its lines are the sign of life.
pub fn quiet_progress(command: &mut Command) -> &mut Command {
    command.env("CARGO_TERM_PROGRESS_WHEN", "never")
}

/// The cargo that runs this, or the one on the `PATH`.
fn cargo() -> Command {
    Command::new(std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into()))
}

/// `$DEPTHSCOPE_DATA`, where it is set to a folder that exists; relative paths start at the workspace's root.
///
/// # Errors
/// When it names something that is no folder.
pub fn data_folder(root: &Path) -> Result<Option<PathBuf>> {
    let Some(value) = std::env::var_os("DEPTHSCOPE_DATA").filter(|value| !value.is_empty()) else {
        return Ok(None);
    };
    let folder = root.join(&value);
    if !folder.is_dir() {
        bail!("DEPTHSCOPE_DATA is {}, which is no folder", folder.display());
    }
    Ok(Some(folder))
}

/// Depthscope's cache: `$XDG_CACHE_HOME/depthscope`, by default `~/.cache/depthscope`.
///
/// # Errors
/// When neither `XDG_CACHE_HOME` nor `HOME` is set.
pub fn cache() -> Result<PathBuf> {
    let set = |name: &str| std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let base = set("XDG_CACHE_HOME")
        .or_else(|| set("HOME").map(|home| home.join(".cache")))
        .or_else(|| set("LOCALAPPDATA"))
        .context("neither XDG_CACHE_HOME nor HOME is set, so there is no cache folder")?;
    Ok(base.join("depthscope"))
}
