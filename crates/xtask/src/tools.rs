//! The pinned tools that the page is built with. A tool of the right version on the `PATH` or in the cache is used;
//! otherwise it is installed into the cache.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};

use crate::{sh, workspace};

/// A tool that `cargo install` builds.
#[derive(Clone, Copy, Debug)]
pub struct Tool {
    /// The program.
    pub program: &'static str,
    /// The package on crates.io.
    pub package: &'static str,
    /// The version, exactly.
    pub version: &'static str,
    /// Further arguments of `cargo install`.
    arguments: &'static [&'static str],
}

/// Bundles the page. 0.22 needs a newer rustc. It needs its lock file (a newer `cssparser` does not fit its
/// `lightningcss`), and no TLS: it downloads nothing here.
pub const TRUNK: Tool =
    Tool { program: "trunk", package: "trunk", version: "0.21.14", arguments: &["--locked", "--no-default-features"] };

/// Must be of the version that the workspace pins for the crate `wasm-bindgen`.
pub const WASM_BINDGEN: Tool =
    Tool { program: "wasm-bindgen", package: "wasm-bindgen-cli", version: "0.2.130", arguments: &[] };

impl Tool {
    /// The folder with this version of the tool, which is installed when missing.
    ///
    /// # Errors
    /// When the installation fails.
    pub fn ensure(&self) -> Result<PathBuf> {
        if let Some(folder) =
            sh::which(self.program).as_deref().and_then(Path::parent).filter(|folder| self.is_in(folder))
        {
            return Ok(folder.to_owned());
        }
        let root = workspace::cache()?.join("tools").join(format!("{}-{}", self.program, self.version));
        let bin = root.join("bin");
        if self.is_in(&bin) {
            return Ok(bin);
        }
        println!("Installing {} {} into {} (once; some minutes)", self.package, self.version, root.display());
        let mut command = Command::new("cargo");
        command.args(["install", self.package, "--version", self.version, "--force", "--quiet", "--root"]).arg(&root);
        command.args(self.arguments);
        // A tool runs for seconds and compiles for minutes, so it is compiled for a quick build.
        command.env("CARGO_PROFILE_RELEASE_OPT_LEVEL", "1");
        command.env("CARGO_PROFILE_RELEASE_LTO", "off");
        command.env("CARGO_PROFILE_RELEASE_CODEGEN_UNITS", "16");
        command.env("CARGO_PROFILE_RELEASE_DEBUG", "0");
        command.env("CARGO_TARGET_DIR", root.join("build"));
        // The workspace's own flags are not the tool's.
        command.env_remove("RUSTFLAGS").current_dir(workspace::cache()?);
        sh::run(&mut command)?;
        remove_folder(&root.join("build"))?;
        if !self.is_in(&bin) {
            bail!("{} was installed, but {} does not say it is version {}", self.package, bin.display(), self.version);
        }
        Ok(bin)
    }

    fn is_in(&self, folder: &Path) -> bool {
        let program = folder.join(format!("{}{}", self.program, std::env::consts::EXE_SUFFIX));
        let said = program.is_file().then(|| sh::output(Command::new(&program).arg("--version")));
        matches!(said, Some(Ok(said)) if said.split_whitespace().any(|word| word == self.version))
    }
}

/// Adds the WASM target by rustup when the compiler lacks it.
///
/// # Errors
/// When it is missing and can't be added.
pub fn ensure_wasm_target() -> Result<()> {
    let libdir = sh::output(Command::new("rustc").args(["--print", "target-libdir", "--target", workspace::WASM]))?;
    if Path::new(&libdir).is_dir() {
        return Ok(());
    }
    sh::run(Command::new("rustup").args(["target", "add", workspace::WASM]))
        .context("the compiler lacks the target wasm32-unknown-unknown; without rustup, install it as your system does")
}

/// The `PATH` with these folders in front.
///
/// # Errors
/// When a folder's name holds the separator of the `PATH`.
pub fn path_with(folders: &[&Path]) -> Result<std::ffi::OsString> {
    let rest = std::env::var_os("PATH").unwrap_or_default();
    let all = folders.iter().map(|folder| folder.to_path_buf()).chain(std::env::split_paths(&rest));
    std::env::join_paths(all).context("a folder's name can't stand in the PATH")
}

/// Removes a folder if it is there.
///
/// # Errors
/// When it can't be removed.
pub fn remove_folder(folder: &Path) -> Result<()> {
    match std::fs::remove_dir_all(folder) {
        Ok(()) => Ok(()),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error).with_context(|| format!("could not remove {}", folder.display())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pinned_wasm_bindgen_is_the_workspaces() {
        let manifest = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/../../Cargo.toml")).unwrap();
        let line = manifest.lines().find(|line| line.starts_with("wasm-bindgen = ")).unwrap();
        assert_eq!(
            line,
            format!("wasm-bindgen = \"={}\"", WASM_BINDGEN.version),
            "the crate and the tool must be one version"
        );
    }

    #[test]
    fn another_version_of_a_tool_is_not_taken() {
        let folder = sh::which("cargo").unwrap();
        let tool = Tool { program: "cargo", package: "cargo", version: "0.0.1", arguments: &[] };
        assert!(!tool.is_in(folder.parent().unwrap()));
    }
}
