//! Data packs on disk.

use std::path::PathBuf;

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
