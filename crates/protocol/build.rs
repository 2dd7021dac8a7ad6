//! The number by which page and worker know that they speak alike: a hash of the sources that say how a message looks.
#![allow(clippy::disallowed_methods, reason = "this runs where the page is built, not in a browser")]

use std::fs;
use std::path::{Path, PathBuf};

/// FNV-1a with 32 bits.
fn hashed(hash: u32, bytes: &[u8]) -> u32 {
    bytes.iter().fold(hash, |hash, byte| (hash ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// All files below a folder, in the order of their names.
fn sources(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).expect("the sources of this workspace are there");
    let mut paths: Vec<PathBuf> = entries.map(|entry| entry.expect("the folder can be listed").path()).collect();
    paths.sort();
    paths.into_iter().flat_map(|path| if path.is_dir() { sources(&path) } else { vec![path] }).collect()
}

fn main() {
    let mut hash = 0x811c_9dc5;
    // Figures and the choice of hardware travel in messages.
    for folder in ["src", "../figures/src", "../exhibit/src"] {
        println!("cargo::rerun-if-changed={folder}");
        for path in sources(Path::new(folder)) {
            hash = hashed(hash, &fs::read(&path).expect("a source can be read"));
        }
    }
    println!("cargo::rustc-env=DEPTHSCOPE_ABI={hash}");
}
