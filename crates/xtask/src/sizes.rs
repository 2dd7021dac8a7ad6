//! What a visitor downloads: the sizes of the built files, and the budgets that they must keep.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use xtask::sh;

/// Everything that the first paint waits for: page, style, glue and module of the front end.
const PAGE_BUDGET_BYTES: u64 = 250 * 1000;
/// The worker's glue and module, loaded after the first paint.
const WORKER_BUDGET_BYTES: u64 = 900 * 1000;

/// One built file.
pub(crate) struct File {
    name: String,
    raw_bytes: u64,
    gzip_bytes: u64,
    brotli_bytes: Option<u64>,
}

/// The sizes of all built files.
pub(crate) struct Sizes {
    files: Vec<File>,
}

/// Measures files by their names below `dist`.
pub(crate) fn measure(dist: &Path, names: &[String]) -> Result<Sizes> {
    let has_brotli = sh::which("brotli").is_some();
    let mut files = Vec::with_capacity(names.len());
    for name in names {
        let path = dist.join(name);
        let bytes = std::fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
        let raw_bytes = bytes.len() as u64;
        // Compressed formats would only cost time here.
        let is_text = !["png", "woff2", "dsp", "gz"].iter().any(|extension| name.ends_with(extension));
        let gzip_bytes = if is_text { gzip_bytes(&bytes)? } else { raw_bytes };
        let brotli_bytes = if is_text && has_brotli { brotli_bytes(&path) } else { None };
        files.push(File { name: name.clone(), raw_bytes, gzip_bytes, brotli_bytes });
    }
    Ok(Sizes { files })
}

impl Sizes {
    /// The gzip size of what the first paint needs.
    fn page_bytes(&self) -> u64 {
        let in_page = |name: &str| name == "index.html" || name.ends_with(".css") || is_module_of(name, "web");
        self.files.iter().filter(|file| in_page(&file.name)).map(|file| file.gzip_bytes).sum()
    }

    fn worker_bytes(&self) -> u64 {
        self.files.iter().filter(|file| is_module_of(&file.name, "worker")).map(|file| file.gzip_bytes).sum()
    }

    /// A sentence for each budget that is exceeded.
    pub(crate) fn exceeded(&self) -> Vec<String> {
        self.budgets().into_iter().filter(|(_, bytes, budget)| bytes > budget).map(sentence).collect()
    }

    fn budgets(&self) -> [(&'static str, u64, u64); 2] {
        [("page", self.page_bytes(), PAGE_BUDGET_BYTES), ("worker", self.worker_bytes(), WORKER_BUDGET_BYTES)]
    }

    /// Prints the table and the budgets.
    pub(crate) fn print(&self) {
        println!("\n{:>11} {:>11} {:>11}  file", "raw bytes", "gzip", "brotli");
        for file in &self.files {
            let brotli = file.brotli_bytes.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string());
            println!("{:>11} {:>11} {brotli:>11}  {}", file.raw_bytes, file.gzip_bytes, file.name);
        }
        for budget in self.budgets() {
            println!("{}", sentence(budget));
        }
    }
}

fn sentence((what, bytes, budget): (&'static str, u64, u64)) -> String {
    let verdict = if bytes > budget { "over" } else { "within" };
    format!("{what}: {:.1} KB gzipped, {verdict} its budget of {} KB", bytes as f64 / 1000.0, budget / 1000)
}

/// Whether a file is the glue or the module of a crate: `web-<hash>.js`, `web-<hash>_bg.wasm`, `worker_loader.js`.
fn is_module_of(name: &str, krate: &str) -> bool {
    let is_code = name.ends_with(".js") || name.ends_with(".wasm");
    is_code && name.strip_prefix(krate).is_some_and(|rest| rest.starts_with(['-', '_', '.']))
}

fn gzip_bytes(bytes: &[u8]) -> Result<u64> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes)?;
    Ok(encoder.finish()?.len() as u64)
}

/// By the program `brotli`, where there is one; it is only told, no budget rests on it.
fn brotli_bytes(path: &Path) -> Option<u64> {
    let output =
        Command::new("brotli").args(["--stdout", "--quality=11"]).arg(path).stderr(Stdio::null()).output().ok()?;
    output.status.success().then_some(output.stdout.len() as u64)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn file(name: &str, gzip_bytes: u64) -> File {
        File { name: name.into(), raw_bytes: 0, gzip_bytes, brotli_bytes: None }
    }

    #[test]
    fn budgets_count_what_they_say() {
        let names = ["index.html", "order-chaos/index.html", "web-0a.js", "web-0a_bg.wasm", "style-1.css"];
        let mut files: Vec<File> = names.into_iter().map(|name| file(name, 1000)).collect();
        files.extend(
            ["worker-1.js", "worker-1_bg.wasm", "worker_loader.js"].into_iter().map(|name| file(name, 300_001)),
        );
        files.push(file("packs/mnist-test.dsp", 10_000_000));
        let sizes = Sizes { files };
        assert_eq!(sizes.page_bytes(), 4000);
        assert_eq!(sizes.exceeded(), ["worker: 900.0 KB gzipped, over its budget of 900 KB"]);
    }
}
