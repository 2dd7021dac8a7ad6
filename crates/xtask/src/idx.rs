//! `cargo xtask data`: IDX files become the packs that the page loads lazily.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use data::pack;
use serde_json::json;
use sha2::{Digest as _, Sha256};
use xtask::sh;
use xtask::workspace::{Workspace, cache, data_folder};

use crate::offline::hex;

/// A pack and the files that it is made of.
struct Source {
    /// The pack's name, by which jobs ask for it.
    name: &'static str,
    /// The folder below `$DEPTHSCOPE_DATA`.
    folder: &'static str,
    /// Where the files can be had.
    url: &'static str,
    images: File,
    labels: File,
    /// How many images are taken, from the first: what a page shows, in a download of a third of a megabyte.
    limit: usize,
}

struct File {
    name: &'static str,
    sha256: &'static str,
}

const SOURCES: [Source; 3] = [
    Source {
        name: "mnist-test",
        folder: "mnist",
        url: "https://storage.googleapis.com/cvdf-datasets/mnist",
        images: File {
            name: "t10k-images-idx3-ubyte.gz",
            sha256: "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        },
        labels: File {
            name: "t10k-labels-idx1-ubyte.gz",
            sha256: "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
        },
        limit: 2000,
    },
    Source {
        name: "mnist-train",
        folder: "mnist",
        url: "https://storage.googleapis.com/cvdf-datasets/mnist",
        images: File {
            name: "train-images-idx3-ubyte.gz",
            sha256: "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        },
        labels: File {
            name: "train-labels-idx1-ubyte.gz",
            sha256: "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
        },
        limit: 1000,
    },
    Source {
        name: "fashion-mnist-test",
        folder: "fashion-mnist",
        url: "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
        images: File {
            name: "t10k-images-idx3-ubyte.gz",
            sha256: "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        },
        labels: File {
            name: "t10k-labels-idx1-ubyte.gz",
            sha256: "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
        },
        limit: 2000,
    },
];

/// Makes every pack whose files are at hand or, with `download`, can be had, and lists them in `index.json`.
pub(crate) fn make_packs(workspace: &Workspace, download: bool) -> Result<()> {
    let given = data_folder(&workspace.root)?;
    let packs = workspace.packs();
    xtask::tools::remove_folder(&packs)?;
    std::fs::create_dir_all(&packs)?;
    let mut index = Vec::new();
    for source in &SOURCES {
        let Some((images, labels)) = source.files(given.as_deref(), download)? else {
            println!("{}: no files; the page will use generated images", source.name);
            continue;
        };
        let read = |path: &Path| std::fs::read(path).with_context(|| format!("could not read {}", path.display()));
        let pack = pack::from_idx(&read(&images)?, &read(&labels)?, source.name, source.limit)
            .with_context(|| format!("{} with {}", images.display(), labels.display()))?;
        let bytes = pack.encode()?;
        let file = format!("{}.dsp", source.name);
        std::fs::write(packs.join(&file), &bytes)?;
        println!("{}: {} images of {}×{}, {} bytes", source.name, pack.n(), pack.rows(), pack.cols(), bytes.len());
        index.push(json!({ "name": source.name, "file": file, "bytes": bytes.len(), "images": pack.n() }));
    }
    std::fs::write(packs.join("index.json"), serde_json::to_string_pretty(&index)? + "\n")?;
    Ok(())
}

impl Source {
    /// The paths of images and labels: given ones as they are, downloaded ones once their hashes are right.
    fn files(&self, given: Option<&Path>, download: bool) -> Result<Option<(PathBuf, PathBuf)>> {
        let files = [&self.images, &self.labels];
        if let Some(folder) = given.map(|given| given.join(self.folder)) {
            let paths = files.map(|file| folder.join(file.name));
            if paths.iter().all(|path| path.is_file()) {
                return Ok(Some(paths.into()));
            }
        }
        let folder = cache()?.join("data").join(self.folder);
        let paths = files.map(|file| folder.join(file.name));
        if !download {
            let at_hand = paths.iter().all(|path| path.is_file());
            return Ok(at_hand.then(|| paths.into()));
        }
        std::fs::create_dir_all(&folder)?;
        for (file, path) in files.into_iter().zip(&paths) {
            file.download(self.url, path)?;
        }
        Ok(Some(paths.into()))
    }
}

impl File {
    fn download(&self, url: &str, path: &Path) -> Result<()> {
        if path.is_file() && self.check(path).is_ok() {
            return Ok(());
        }
        let part = path.with_extension("part");
        let mut curl = Command::new("curl");
        curl.args(["--fail", "--location", "--silent", "--show-error", "--retry", "2", "--output"]).arg(&part);
        sh::run(curl.arg(format!("{url}/{}", self.name)))?;
        self.check(&part)?;
        Ok(std::fs::rename(part, path)?)
    }

    fn check(&self, path: &Path) -> Result<()> {
        let sha256 = hex(&Sha256::digest(std::fs::read(path)?));
        if sha256 != self.sha256 {
            bail!("{} has SHA-256 {sha256}, expected {}", path.display(), self.sha256);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_of_another_content_is_refused() {
        let path = std::env::temp_dir().join(format!("depthscope-xtask-idx-{}", std::process::id()));
        std::fs::write(&path, b"not the file").unwrap();
        let error = SOURCES[0].images.check(&path).unwrap_err().to_string();
        assert!(error.contains("expected 8d422c7b"), "{error}");
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    #[ignore = "needs the files under DEPTHSCOPE_DATA"]
    fn the_given_files_are_the_official_ones_and_become_packs() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let given = data_folder(&root).unwrap().unwrap();
        for source in &SOURCES {
            let (images, labels) = source.files(Some(&given), false).unwrap().unwrap();
            source.images.check(&images).unwrap();
            source.labels.check(&labels).unwrap();
            let read = |path: &Path| std::fs::read(path).unwrap();
            let made = pack::from_idx(&read(&images), &read(&labels), source.name, source.limit).unwrap();
            assert_eq!((made.n(), made.rows(), made.cols()), (source.limit, 28, 28));
        }
    }
}
