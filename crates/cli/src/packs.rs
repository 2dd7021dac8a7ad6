//! Data packs: on disk, and those of a person's own files.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

/// All packs that there are, for every thread.
#[derive(Clone, Default)]
pub(crate) struct Packs {
    own: Arc<BTreeMap<String, Vec<u8>>>,
}

impl Packs {
    /// Those on disk, and some of a person's own files.
    pub(crate) fn with_own(own: Vec<(String, Vec<u8>)>) -> Self {
        Self { own: Arc::new(own.into_iter().collect()) }
    }

    /// The bytes of a pack, or the sentence that says why there are none.
    pub(crate) fn read(&self, name: &str) -> Result<Vec<u8>, String> {
        self.own.get(name).map_or_else(|| read_pack(name), |pack| Ok(pack.clone()))
    }
}

/// Packs stand where `DEPTHSCOPE_PACKS` says, beside the binary or its folder (where `cargo xtask data` writes them).
pub(crate) fn read_pack(name: &str) -> Result<Vec<u8>, String> {
    let mut folders: Vec<PathBuf> = std::env::var_os("DEPTHSCOPE_PACKS").into_iter().map(PathBuf::from).collect();
    if let Ok(exe) = std::env::current_exe() {
        folders.extend(exe.ancestors().skip(1).take(2).map(|folder| folder.join("packs")));
    }
    let file = format!("{name}.dsp");
    let found = folders.iter().map(|f| f.join(&file)).find(|p| p.is_file());
    let path = found.ok_or_else(|| format!("{file} is not there; `cargo xtask data` makes it"))?;
    std::fs::read(&path).map_err(|e| format!("{}: {e}", path.display()))
}
