//! What a visitor downloads: the sizes of the built files, and the budgets that they must keep.

use std::io::Write as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result};
use flate2::Compression;
use flate2::write::GzEncoder;
use xtask::sh;

/// What a visitor of an exhibit's page loads before the first drag: the page itself, and what its head asks for (style, glue
/// and module of the front end, the font that is in every first view). It does not grow with the number of exhibits.
const PAGE_BUDGET_BYTES: u64 = 300 * 1000;
/// A group's worker: its glue and its module.
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
    /// Pages, with the files that their heads ask for.
    pages: Vec<(String, Vec<String>)>,
}

/// Measures files by their names below `dist`.
pub(crate) fn measure(dist: &Path, names: &[String]) -> Result<Sizes> {
    let has_brotli = sh::which("brotli").is_some();
    let (mut files, mut pages) = (Vec::with_capacity(names.len()), Vec::new());
    for name in names {
        let path = dist.join(name);
        let bytes = std::fs::read(&path).with_context(|| format!("could not read {}", path.display()))?;
        let raw_bytes = bytes.len() as u64;
        // Compressed formats would only cost time here.
        let is_text = !["png", "woff2", "dsp", "gz"].iter().any(|extension| name.ends_with(extension));
        let gzip_bytes = if is_text { gzip_bytes(&bytes)? } else { raw_bytes };
        let brotli_bytes = if is_text && has_brotli { brotli_bytes(&path) } else { None };
        files.push(File { name: name.clone(), raw_bytes, gzip_bytes, brotli_bytes });
        if name.ends_with("index.html") {
            pages.push((name.clone(), asked_for(&String::from_utf8_lossy(&bytes))));
        }
    }
    Ok(Sizes { files, pages })
}

impl Sizes {
    fn gzip_bytes(&self, is_counted: impl Fn(&str) -> bool) -> u64 {
        self.files.iter().filter(|file| is_counted(&file.name)).map(|file| file.gzip_bytes).sum()
    }

    /// A sentence for each budget that is exceeded.
    pub(crate) fn exceeded(&self) -> Vec<String> {
        self.budgets().iter().filter(|budget| budget.bytes > budget.most_bytes).map(Budget::sentence).collect()
    }

    fn budgets(&self) -> Vec<Budget> {
        let page = |(name, asked): &(String, Vec<String>)| Budget {
            what: format!("first visit of /{}", name.trim_end_matches("index.html")),
            bytes: self.gzip_bytes(|file| file == name || asked.iter().any(|asked| asked == file)),
            most_bytes: PAGE_BUDGET_BYTES,
        };
        let mut groups: Vec<&str> = self.files.iter().filter_map(|file| group_of(&file.name)).collect();
        groups.dedup();
        let worker = |group: &str| Budget {
            what: format!("worker {group}"),
            bytes: self.gzip_bytes(|file| group_of(file) == Some(group)),
            most_bytes: WORKER_BUDGET_BYTES,
        };
        self.pages.iter().map(page).chain(groups.into_iter().map(worker)).collect()
    }

    /// Prints the table and the budgets.
    pub(crate) fn print(&self) {
        println!("\n{:>11} {:>11} {:>11}  file", "raw bytes", "gzip", "brotli");
        for file in &self.files {
            let brotli = file.brotli_bytes.map_or_else(|| "-".to_owned(), |bytes| bytes.to_string());
            println!("{:>11} {:>11} {brotli:>11}  {}", file.raw_bytes, file.gzip_bytes, file.name);
        }
        for budget in self.budgets() {
            println!("{}", budget.sentence());
        }
    }
}

struct Budget {
    what: String,
    bytes: u64,
    most_bytes: u64,
}

impl Budget {
    fn sentence(&self) -> String {
        let verdict = if self.bytes > self.most_bytes { "over" } else { "within" };
        let (bytes, most) = (self.bytes as f64 / 1000.0, self.most_bytes / 1000);
        format!("{}: {bytes:.1} KB gzipped, {verdict} its budget of {most} KB", self.what)
    }
}

/// The group of a file of a worker: `worker-<group>-<hash>.js`, `worker-<group>-<hash>_bg.wasm`.
fn group_of(name: &str) -> Option<&str> {
    let is_code = name.ends_with(".js") || name.ends_with(".wasm");
    let (group, _hash) = name.strip_prefix("worker-").filter(|_| is_code)?.rsplit_once('-')?;
    Some(group)
}

/// The files that the links of a page's head load.
fn asked_for(html: &str) -> Vec<String> {
    let links = html.split("<link ").skip(1).filter_map(|link| link.split_once('>')).map(|(link, _)| link);
    let value = |link: &str, key: &str| {
        let (_, rest) = link.split_once(&format!("{key}=\""))?;
        Some(rest.split_once('"')?.0.to_owned())
    };
    let loads = |link: &&str| {
        value(link, "rel").is_some_and(|rel| ["stylesheet", "modulepreload", "preload"].contains(&rel.as_str()))
    };
    links.filter(loads).filter_map(|link| value(link, "href")).collect()
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
        let head = "<link rel=\"icon\" href=\"icon.svg\"><link rel=\"stylesheet\" href=\"style-1.css\">\
                    <link rel=\"modulepreload\" href=\"web-0a.js\"><link rel=\"preload\" href=\"web-0a_bg.wasm\" as=\"fetch\">";
        let names = ["icon.svg", "order-chaos/index.html", "style-1.css", "web-0a.js", "web-0a_bg.wasm", "packs/a.dsp"];
        let mut files: Vec<File> = names.into_iter().map(|name| file(name, 100_000)).collect();
        let workers = ["worker-bench-1.js", "worker-bench-2_bg.wasm", "worker-order-chaos-3_bg.wasm"];
        files.extend(workers.map(|name| file(name, 450_001)));
        let sizes = Sizes { files, pages: vec![("order-chaos/index.html".into(), asked_for(head))] };
        assert_eq!(
            sizes.exceeded(),
            [
                "first visit of /order-chaos/: 400.0 KB gzipped, over its budget of 300 KB",
                "worker bench: 900.0 KB gzipped, over its budget of 900 KB"
            ]
        );
        let all: Vec<String> = sizes.budgets().into_iter().map(|budget| budget.what).collect();
        assert_eq!(all, ["first visit of /order-chaos/", "worker bench", "worker order-chaos"]);
    }
}
