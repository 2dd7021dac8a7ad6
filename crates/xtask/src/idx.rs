//! `cargo xtask data`: IDX files become the packs that the page loads lazily.

use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, Result, bail};
use data::{Pack, idx, pack};
use serde_json::json;
use sha2::{Digest as _, Sha256};
use xtask::sh;
use xtask::workspace::{Workspace, cache, data_folder};

use crate::files::hex;
use crate::idx_files::{Found, Set, names_of};

/// A pair of files and the packs that are made of it.
struct Source {
    files: Files,
    packs: &'static [Cut],
}

/// A pack's name, by which jobs ask for it, and which images it has: what a page shows, in a download of a third of a megabyte,
/// or ten thousand of them, which training loads one after the other.
type Cut = (&'static str, Range<usize>);

/// Images and labels of a data set, for training or for tests.
#[derive(Clone, Copy)]
struct Files {
    set: Set,
    /// Where they can be had.
    url: &'static str,
    images: File,
    labels: File,
}

/// A file: its name without `.gz`, and the hash of what is downloaded.
#[derive(Clone, Copy)]
struct File {
    name: &'static str,
    sha256: &'static str,
}

const SOURCES: [Source; 4] = [
    Source { files: MNIST_TEST, packs: &[("mnist-test", 0..2000), ("mnist-test-10k", 0..10_000)] },
    Source {
        files: MNIST_TRAIN,
        packs: &[
            ("mnist-train", 0..1000),
            ("mnist-train-0", 0..10_000),
            ("mnist-train-1", 10_000..20_000),
            ("mnist-train-2", 20_000..30_000),
            ("mnist-train-3", 30_000..40_000),
            ("mnist-train-4", 40_000..50_000),
            ("mnist-train-5", 50_000..60_000),
        ],
    },
    Source { files: FASHION_TEST, packs: &[("fashion-mnist-test", 0..2000), ("fashion-mnist-test-10k", 0..10_000)] },
    Source {
        files: FASHION_TRAIN,
        packs: &[
            ("fashion-mnist-train-0", 0..10_000),
            ("fashion-mnist-train-1", 10_000..20_000),
            ("fashion-mnist-train-2", 20_000..30_000),
            ("fashion-mnist-train-3", 30_000..40_000),
            ("fashion-mnist-train-4", 40_000..50_000),
            ("fashion-mnist-train-5", 50_000..60_000),
        ],
    },
];

const TEST: [&str; 2] = ["t10k-images-idx3-ubyte", "t10k-labels-idx1-ubyte"];
const TRAIN: [&str; 2] = ["train-images-idx3-ubyte", "train-labels-idx1-ubyte"];

const MNIST_TEST: Files = Files::new(
    Set::Mnist,
    TEST,
    [
        "8d422c7b0a1c1c79245a5bcf07fe86e33eeafee792b84584aec276f5a2dbc4e6",
        "f7ae60f92e00ec6debd23a6088c31dbd2371eca3ffa0defaefb259924204aec6",
    ],
);
const MNIST_TRAIN: Files = Files::new(
    Set::Mnist,
    TRAIN,
    [
        "440fcabf73cc546fa21475e81ea370265605f56be210a4024d2ca8f203523609",
        "3552534a0a558bbed6aed32b30c495cca23d567ec52cac8be1a0730e8010255c",
    ],
);
const FASHION_TEST: Files = Files::new(
    Set::FashionMnist,
    TEST,
    [
        "346e55b948d973a97e58d2351dde16a484bd415d4595297633bb08f03db6a073",
        "67da17c76eaffca5446c3361aaab5c3cd6d1c2608764d35dfb1850b086bf8dd5",
    ],
);
const FASHION_TRAIN: Files = Files::new(
    Set::FashionMnist,
    TRAIN,
    [
        "3aede38d61863908ad78613f6a32ed271626dd12800ba2636569512369268a84",
        "a04f17134ac03560a47e3764e11b92fc97de4d1bfaf8ba1a3aa29af54cc90845",
    ],
);

impl Files {
    const fn new(set: Set, [images, labels]: [&'static str; 2], [of_images, of_labels]: [&'static str; 2]) -> Self {
        let url = match set {
            Set::Mnist => "https://storage.googleapis.com/cvdf-datasets/mnist",
            Set::FashionMnist => "http://fashion-mnist.s3-website.eu-central-1.amazonaws.com",
        };
        let [images, labels] = [File { name: images, sha256: of_images }, File { name: labels, sha256: of_labels }];
        Self { set, url, images, labels }
    }
}

/// Makes every pack whose files are at hand or, with `download`, can be had, and lists in `index.json` what there is then.
///
/// # Errors
/// What is wrong with some files; the packs of the others are made nevertheless, and none that was there is lost.
pub(crate) fn make_packs(workspace: &Workspace, download: bool) -> Result<()> {
    let given = data_folder(&workspace.root)?;
    Maker { given: given.as_deref(), cache: cache()?.join("data"), packs: workspace.packs(), download }.make()
}

struct Maker<'a> {
    given: Option<&'a Path>,
    /// Where downloads are kept.
    cache: PathBuf,
    packs: PathBuf,
    download: bool,
}

impl Source {
    fn names(&self) -> String {
        self.packs.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    }
}

fn read(images: &Path, labels: &Path) -> Result<(idx::Images, Vec<u8>)> {
    let read = |path: &Path| std::fs::read(path).with_context(|| format!("could not read {}", path.display()));
    idx::labelled_from_bytes(&read(images)?, &read(labels)?)
        .with_context(|| format!("{} with {}", images.display(), labels.display()))
}

/// Whether a pack that can be read is newer than what it would be made of.
fn is_newer(pack: &Path, than: &[&Path]) -> bool {
    let time = |path: &Path| std::fs::metadata(path).and_then(|found| found.modified()).ok();
    let is_whole = || std::fs::read(pack).is_ok_and(|bytes| Pack::decode(&bytes).is_ok());
    than.iter().all(|path| time(path).is_some_and(|then| time(pack).is_some_and(|now| now > then))) && is_whole()
}

impl Maker<'_> {
    fn make(&self) -> Result<()> {
        std::fs::create_dir_all(&self.packs)
            .with_context(|| format!("could not make the folder {}", self.packs.display()))?;
        let found = self.given.map(Found::below);
        let mut problems = Vec::new();
        for source in &SOURCES {
            if let Err(problem) = self.make_of(source, found.as_ref()) {
                problems.push(format!("{}: {problem:#}", source.names()));
            }
        }
        self.list()?;
        if !problems.is_empty() {
            bail!("{}", problems.join("\n"));
        }
        Ok(())
    }

    fn make_of(&self, source: &Source, found: Option<&Found>) -> Result<()> {
        let Some((images, labels)) = self.files(source, found)? else { return Ok(()) };
        let file = |name: &str| self.packs.join(format!("{name}.dsp"));
        let is_missing = |cut: &&Cut| !is_newer(&file(cut.0), &[&images, &labels]);
        let missing: Vec<&Cut> = source.packs.iter().filter(is_missing).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let (read_images, read_labels) = read(&images, &labels)?;
        for (name, which) in missing {
            let pack = pack::cut(&read_images, &read_labels, *name, which.clone())?;
            let part = self.packs.join("part");
            std::fs::write(&part, pack.encode()?)?;
            std::fs::rename(part, file(name))?;
            println!("{name}: {} images of {}×{}", pack.n(), pack.rows(), pack.cols());
        }
        Ok(())
    }

    /// Writes `index.json`: the packs that can be read.
    fn list(&self) -> Result<()> {
        let mut index = Vec::new();
        for (name, _) in SOURCES.iter().flat_map(|source| source.packs) {
            let file = format!("{name}.dsp");
            let Ok(bytes) = std::fs::read(self.packs.join(&file)) else { continue };
            if let Ok(pack) = Pack::decode(&bytes) {
                index.push(json!({ "name": name, "file": file, "bytes": bytes.len(), "images": pack.n() }));
            }
        }
        Ok(std::fs::write(self.packs.join("index.json"), serde_json::to_string_pretty(&index)? + "\n")?)
    }

    /// The paths of images and labels: given ones as they are, downloaded ones once their hashes are right.
    fn files(&self, source: &Source, found: Option<&Found>) -> Result<Option<(PathBuf, PathBuf)>> {
        let files = [&source.files.images, &source.files.labels];
        let given = found.map(|found| files.map(|file| found.file(source.files.set, file.name)));
        match given {
            Some([Some(images), Some(labels)]) => return Ok(Some((images.to_owned(), labels.to_owned()))),
            Some([images, _]) => {
                let missing = if images.is_none() { &source.files.images } else { &source.files.labels };
                let (given, seen) = (self.given.unwrap_or(Path::new("")), found.map(Found::seen).unwrap_or_default());
                println!(
                    "{}: no {} in {} or its folders {}. Seen there: {seen}.",
                    source.names(),
                    names_of(missing.name),
                    given.display(),
                    source.files.set.folders()
                );
            }
            None => {}
        }
        let folder = self.cache.join(source.files.set.folder());
        let paths = files.map(|file| folder.join(format!("{}.gz", file.name)));
        if !self.download {
            let at_hand = files.iter().zip(&paths).all(|(file, path)| file.check(path).is_ok());
            if !at_hand {
                println!("{}: no files; the page will use generated images", source.names());
            }
            return Ok(at_hand.then(|| paths.into()));
        }
        std::fs::create_dir_all(&folder).with_context(|| format!("could not make the folder {}", folder.display()))?;
        for (file, path) in files.into_iter().zip(&paths) {
            file.download(source.files.url, path)?;
        }
        Ok(Some(paths.into()))
    }
}

impl File {
    fn download(&self, url: &str, path: &Path) -> Result<()> {
        if self.check(path).is_ok() {
            return Ok(());
        }
        let url = format!("{url}/{}.gz", self.name);
        println!("Downloading {url}");
        let part = path.with_extension("part");
        let mut curl = Command::new("curl");
        curl.args(["--fail", "--location", "--silent", "--show-error", "--retry", "2", "--output"]).arg(&part);
        sh::run(curl.arg(&url)).context("it could not be downloaded")?;
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

    /// A pair of IDX files of `n` images of 2×2 pixels.
    fn idx(n: u32) -> (Vec<u8>, Vec<u8>) {
        let words = |words: &[u32]| words.iter().flat_map(|word| word.to_be_bytes()).collect::<Vec<u8>>();
        let images = [words(&[0x803, n, 2, 2]), vec![7; 4 * n as usize]].concat();
        (images, [words(&[0x801, n]), (0..n).map(|i| (i % 10) as u8).collect()].concat())
    }

    struct Scratch(PathBuf);

    impl Scratch {
        fn new(name: &str) -> Self {
            Self(std::env::temp_dir().join(format!("depthscope-xtask-idx-{name}-{}", std::process::id())))
        }

        fn write(&self, name: &str, bytes: &[u8]) {
            let path = self.0.join("given").join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, bytes).unwrap();
        }

        /// Makes packs of what is given, with a cache that is not there.
        fn make(&self) -> Result<Vec<String>> {
            let (given, cache, packs) = (self.0.join("given"), self.0.join("no/cache"), self.0.join("no/packs"));
            let given = given.is_dir().then_some(given.as_path());
            let made = Maker { given, cache, packs, download: false }.make();
            let index = std::fs::read_to_string(self.0.join("no/packs/index.json")).unwrap();
            let index: serde_json::Value = serde_json::from_str(&index).unwrap();
            let names = index.as_array().unwrap().iter().map(|pack| pack["name"].as_str().unwrap().to_owned());
            made.map(|()| names.clone().collect()).with_context(|| names.collect::<Vec<_>>().join(" "))
        }
    }

    impl Drop for Scratch {
        fn drop(&mut self) {
            drop(std::fs::remove_dir_all(&self.0));
        }
    }

    #[test]
    fn without_files_and_folders_the_list_is_empty() {
        assert_eq!(Scratch::new("none").make().unwrap(), [""; 0]);
    }

    #[test]
    fn the_packs_are_made_whose_files_are_there() {
        let scratch = Scratch::new("some");
        let (images, labels) = idx(3);
        scratch.write("MNIST/raw/t10k-images-idx3-ubyte", &images);
        scratch.write("MNIST/raw/t10k-labels-idx1-ubyte", &labels);
        scratch.write("MNIST/raw/train-images-idx3-ubyte", &images);
        assert_eq!(scratch.make().unwrap(), ["mnist-test", "mnist-test-10k"]);
    }

    #[test]
    fn a_bad_file_costs_no_other_pack_and_no_older_one() {
        let scratch = Scratch::new("bad");
        let (images, labels) = idx(3);
        for set in ["mnist", "FashionMNIST"] {
            scratch.write(&format!("{set}/t10k-images.idx3-ubyte"), &images);
            scratch.write(&format!("{set}/t10k-labels.idx1-ubyte"), &labels);
        }
        assert_eq!(
            scratch.make().unwrap(),
            ["mnist-test", "mnist-test-10k", "fashion-mnist-test", "fashion-mnist-test-10k"]
        );
        scratch.write("mnist/t10k-images.idx3-ubyte", b"<!doctype html>");
        let error = format!("{:#}", scratch.make().unwrap_err());
        assert!(
            error.starts_with(
                "mnist-test mnist-test-10k fashion-mnist-test fashion-mnist-test-10k: mnist-test, mnist-test-10k: "
            ),
            "{error}"
        );
    }

    #[test]
    fn a_file_of_another_content_is_refused() {
        let path = std::env::temp_dir().join(format!("depthscope-xtask-idx-{}", std::process::id()));
        std::fs::write(&path, b"not the file").unwrap();
        let error = SOURCES[0].files.images.check(&path).unwrap_err().to_string();
        assert!(error.contains("expected 8d422c7b"), "{error}");
        std::fs::remove_file(path).unwrap();
    }

    #[test]
    #[ignore = "needs the files under DEPTHSCOPE_DATA"]
    fn the_given_files_are_the_official_ones_and_become_packs() {
        let root = Path::new("../..");
        let given = data_folder(root).unwrap().unwrap();
        let found = Found::below(&given);
        for source in &SOURCES {
            let files = source.files;
            let [images, labels] = [files.images, files.labels].map(|file| {
                let path = found.file(files.set, file.name).unwrap();
                file.check(path).unwrap();
                path.to_owned()
            });
            let (images, labels) = read(&images, &labels).unwrap();
            for (name, which) in source.packs {
                let made = pack::cut(&images, &labels, *name, which.clone()).unwrap();
                assert_eq!((made.n(), made.rows(), made.cols()), (which.len(), 28, 28));
            }
        }
    }
}
