//! The one tool that a build needs besides Rust itself: the compiler's target for WebAssembly.

use std::path::Path;
use std::process::Command;

use anyhow::{Context as _, Result};

use crate::{sh, workspace};

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

/// Makes a folder, with those above it, and empties it.
///
/// # Errors
/// When it can't be made.
pub fn fresh_folder(folder: &Path) -> Result<()> {
    remove_folder(folder)?;
    std::fs::create_dir_all(folder).with_context(|| format!("could not make the folder {}", folder.display()))
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
    fn a_fresh_folder_is_made_with_those_above_it_and_is_empty() {
        let above = std::env::temp_dir().join(format!("depthscope-xtask-fresh-{}", std::process::id()));
        let folder = above.join("deep/er");
        for _ in 0..2 {
            fresh_folder(&folder).unwrap();
            assert_eq!(std::fs::read_dir(&folder).unwrap().count(), 0);
            std::fs::write(folder.join("old"), "").unwrap();
        }
        remove_folder(&above).unwrap();
        remove_folder(&above).unwrap();
    }
}
