//! Finding the IDX files of MNIST and Fashion-MNIST in a folder: raw or gzipped, under the names by which they are handed
//! around (`train-images-idx3-ubyte.gz`, `train-images.idx3-ubyte`), in folders as torchvision, Kaggle and people name them
//! (`mnist/`, `MNIST/raw/`, `FashionMNIST/raw/`).

use std::path::{Path, PathBuf};

/// A data set.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Set {
    Mnist,
    FashionMnist,
}

impl Set {
    /// Its folders' names.
    pub(crate) fn folders(self) -> &'static str {
        match self {
            Self::Mnist => "mnist/, MNIST/, MNIST/raw/",
            Self::FashionMnist => "fashion-mnist/, FashionMNIST/, FashionMNIST/raw/",
        }
    }

    /// The folder of its downloads.
    pub(crate) fn folder(self) -> &'static str {
        match self {
            Self::Mnist => "mnist",
            Self::FashionMnist => "fashion-mnist",
        }
    }

    fn from_folder(name: &str) -> Option<Self> {
        let letters: String = name.to_lowercase().chars().filter(char::is_ascii_alphanumeric).collect();
        match letters.as_str() {
            "mnist" | "mnistdata" | "mnistdataset" => Some(Self::Mnist),
            "fashionmnist" | "fashion" | "mnistfashion" => Some(Self::FashionMnist),
            _ => None,
        }
    }
}

/// How deep below the folder files are looked for.
const MOST_FOLDERS: usize = 3;

/// The IDX files below a folder.
#[derive(Debug)]
pub(crate) struct Found {
    files: Vec<(Set, String, PathBuf)>,
    /// What else there is, for a sentence.
    seen: Vec<String>,
}

impl Found {
    /// Looks through a folder. What can't be listed holds nothing.
    pub(crate) fn below(given: &Path) -> Self {
        let mut found = Self { files: Vec::new(), seen: Vec::new() };
        found.walk(given, given, MOST_FOLDERS);
        found
    }

    fn walk(&mut self, given: &Path, folder: &Path, depth: usize) {
        let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
        let mut paths: Vec<PathBuf> = entries.map(|entry| entry.path()).collect();
        paths.sort();
        for path in paths {
            if path.is_dir() {
                if depth > 0 {
                    self.walk(given, &path, depth - 1);
                }
                continue;
            }
            let below = path.strip_prefix(given).unwrap_or(&path);
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            match set_of(given, below) {
                Some(set) if name.contains("ubyte") => self.files.push((set, plain(&name), path.clone())),
                _ => {}
            }
            self.seen.push(below.display().to_string());
        }
    }

    /// The file of a set with this plain name, e.g. `t10k-images-idx3-ubyte`.
    pub(crate) fn file(&self, set: Set, name: &str) -> Option<&Path> {
        self.files.iter().find(|(of, found, _)| *of == set && found == name).map(|(.., path)| path.as_path())
    }

    /// What there is, in words.
    pub(crate) fn seen(&self) -> String {
        const MOST: usize = 12;
        match self.seen.len() {
            0 => "nothing".to_owned(),
            n if n > MOST => format!("{} and {} more", self.seen[..MOST].join(", "), n - MOST),
            _ => self.seen.join(", "),
        }
    }
}

/// The names under which a file is known, for a sentence.
pub(crate) fn names_of(name: &str) -> String {
    format!("{name} or {}, as it is or with .gz", name.replacen("-idx", ".idx", 1))
}

/// One spelling of a file's name.
fn plain(name: &str) -> String {
    let name = name.to_lowercase().replace(['.', '_'], "-");
    let name = name.strip_suffix("-gz").unwrap_or(&name);
    name.strip_prefix("test-").map_or_else(|| name.to_owned(), |rest| format!("t10k-{rest}"))
}

/// The set of a file, by the nearest folder that is called by one; files beside each other, without such a folder, are of the
/// set that the given folder is called by, or else MNIST.
fn set_of(given: &Path, below: &Path) -> Option<Set> {
    let names = |path: &Path| path.iter().map(|name| name.to_string_lossy().into_owned()).collect::<Vec<_>>();
    let mut folders = names(below.parent().unwrap_or(Path::new("")));
    // Kaggle's archive wraps each file into a folder of its own name.
    folders.retain(|name| name.to_lowercase() != "raw" && !name.contains("ubyte"));
    if folders.is_empty() {
        let named = names(given).iter().rev().find_map(|name| Set::from_folder(name));
        return Some(named.unwrap_or(Set::Mnist));
    }
    folders.iter().rev().find_map(|name| Set::from_folder(name))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(files: &[&str]) -> Vec<(Set, String)> {
        let unique = format!("depthscope-xtask-found-{}-{:p}", std::process::id(), files);
        let given = std::env::temp_dir().join(unique);
        for file in files {
            let path = given.join(file);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, "").unwrap();
        }
        let found = Found::below(&given);
        std::fs::remove_dir_all(given).unwrap();
        found.files.into_iter().map(|(set, name, _)| (set, name)).collect()
    }

    #[test]
    fn the_usual_names_and_folders_are_found() {
        let images = "t10k-images-idx3-ubyte".to_owned();
        for (file, set) in [
            ("mnist/t10k-images-idx3-ubyte.gz", Set::Mnist),
            ("t10k-images-idx3-ubyte", Set::Mnist),
            ("raw/t10k-images.idx3-ubyte", Set::Mnist),
            ("MNIST/raw/t10k-images-idx3-ubyte", Set::Mnist),
            ("mnist/t10k-images-idx3-ubyte/t10k-images-idx3-ubyte", Set::Mnist),
            ("FashionMNIST/raw/t10k-images-idx3-ubyte.gz", Set::FashionMnist),
            ("Fashion_MNIST/t10k-images.idx3-ubyte.gz", Set::FashionMnist),
            ("fashion-mnist/test-images-idx3-ubyte", Set::FashionMnist),
        ] {
            assert_eq!(found(&[file]), [(set, images.clone())], "{file}");
        }
    }

    #[test]
    fn files_of_other_sets_are_not_taken_for_digits() {
        assert_eq!(found(&["KMNIST/raw/t10k-images-idx3-ubyte", "mnist/readme.txt"]), []);
    }

    #[test]
    fn a_folder_that_is_given_by_its_own_name_says_the_set() {
        assert_eq!(set_of(Path::new("/d/FashionMNIST/raw"), Path::new("a-ubyte")), Some(Set::FashionMnist));
        assert_eq!(set_of(Path::new("/d/mnist"), Path::new("a-ubyte")), Some(Set::Mnist));
    }
}
