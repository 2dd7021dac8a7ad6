//! What a person's own files become, and why they do not.

use crate::digits::SIDE;
use crate::idx::IdxError;
use crate::pack::{Pack, PackError};

/// Letters of what [`OwnSet::id`] gives.
pub const ID_CHARS: usize = 16;
/// Classes that nets here tell apart.
pub const N_CLASSES: u8 = 10;
/// Least images in all.
pub const LEAST: usize = 20;
/// Most bytes of pixels in all, after scaling: twice those of MNIST.
pub const MOST_BYTES: usize = 128 << 20;
/// Sides of a tile of photographs, in pixels.
pub const TILE: usize = 64;
/// Of images that come in one set, the last of so many is kept for the test.
pub(super) const TEST_EVERY: usize = 6;

/// A file as it was opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its name, with or without folders before it.
    pub name: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

/// A picture that was decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Picture {
    /// The name of its file.
    pub name: String,
    /// In pixels.
    pub width: usize,
    /// Grey values `[height, width]`, 0 black, 255 white.
    pub grey: Vec<u8>,
}

impl Picture {
    /// Of pixels in red, green, blue and alpha, each of a byte, as browsers have them: its luminance (ITU-R BT.601) on white paper.
    #[must_use]
    pub fn from_rgba(name: String, width: usize, rgba: &[u8]) -> Self {
        let (pixels, _) = rgba.as_chunks::<4>();
        let grey = |[r, g, b, alpha]: &[u8; 4]| {
            let luminance = 0.299 * f64::from(*r) + 0.587 * f64::from(*g) + 0.114 * f64::from(*b);
            let opacity = f64::from(*alpha) / 255.0;
            (luminance * opacity + 255.0 * (1.0 - opacity)).round() as u8
        };
        Self { name, width, grey: pixels.iter().map(grey).collect() }
    }
}

/// Why files are no data set.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OwnError {
    /// Of no kind that is known.
    #[error(
        "the file {file} begins with {got}; expected a picture, or an IDX file of images (00 00 08 03) or labels (00 00 08 01), gzipped or not"
    )]
    Unknown {
        /// The file.
        file: String,
        /// Its first bytes.
        got: String,
    },
    /// An IDX file is bad.
    #[error("{why} ({file})")]
    Idx {
        /// The file.
        file: String,
        /// What is wrong with it.
        why: IdxError,
    },
    /// Images without labels, or the other way round, or more than can be told apart.
    #[error(
        "files of images: {images}, files of labels: {labels}; expected one of each, or one of each for training and one of each for the \
         test, with “test” or “t10k” in their names"
    )]
    Pairs {
        /// Files of images.
        images: usize,
        /// Files of labels.
        labels: usize,
    },
    /// Pictures and IDX files together.
    #[error("pictures: {pictures}, IDX files: {idx}; expected one or the other")]
    Mixed {
        /// Files that are pictures.
        pictures: usize,
        /// Files that are not.
        idx: usize,
    },
    /// A picture's class is not known, and it is no photograph.
    #[error(
        "the picture {file} has {columns}×{rows} pixels, and its name says no class; expected a digit from 0 to 9 at \
         its beginning, or as the name of its folder; or photographs of {TILE}×{TILE} pixels or more"
    )]
    NoClass {
        /// The file.
        file: String,
        /// Its size.
        rows: usize,
        /// The same.
        columns: usize,
    },
    /// A class that nets here don't tell apart.
    #[error("label {label} of image {index} in {file}; expected 0 to {}", N_CLASSES - 1)]
    Class {
        /// The file of labels.
        file: String,
        /// Which image, from 0.
        index: usize,
        /// Its label.
        label: u8,
    },
    /// Too few images, or too many.
    #[error("images: {got}; expected {LEAST} or more, and at most {}", MOST_BYTES / (SIDE * SIDE))]
    Count {
        /// How many.
        got: usize,
    },
    /// Photographs of too few tiles, or too many.
    #[error(
        "tiles of {TILE}×{TILE} pixels that the photographs make: {got}; expected {TEST_EVERY} or more, and at most {}",
        MOST_BYTES / (TILE * TILE)
    )]
    Tiles {
        /// How many.
        got: usize,
    },
    /// A picture without pixels, or with other ones than it says.
    #[error("the picture {file} has no pixels")]
    NoPixels {
        /// The file.
        file: String,
    },
    /// What a pack does not hold.
    #[error(transparent)]
    Pack(#[from] PackError),
}

/// Training and test images of one's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnSet {
    /// Those that a net learns.
    pub train: Pack,
    /// Those that it is tested with.
    pub test: Pack,
    /// What was done with them, in sentences.
    pub told: String,
}

impl OwnSet {
    /// Its packs as bytes, by the names under which they are kept.
    #[must_use]
    pub fn packs(&self) -> [(String, Vec<u8>); 2] {
        let [train, test] = pack_names(&self.id());
        [(train, self.train.encode_stored()), (test, self.test.encode_stored())]
    }

    /// Sixteen digits that follow from all pixels and labels: equal sets have equal ones.
    #[must_use]
    pub fn id(&self) -> String {
        // FNV-1a (Fowler, Noll & Vo); nobody gains by a collision.
        let mut hash = 0xcbf2_9ce4_8422_2325_u64;
        for pack in [&self.train, &self.test] {
            let n = (pack.n() as u64).to_le_bytes();
            for byte in n.iter().chain(pack.labels()).chain(pack.pixels()) {
                hash = (hash ^ u64::from(*byte)).wrapping_mul(0x0000_0100_0000_01b3);
            }
        }
        format!("{hash:016x}")
    }
}

/// How the names of packs of a person's own files begin.
pub(super) const PREFIX: &str = "own-";

/// The names under which a place keeps the training and the test images of a set with this id, as packs.
#[must_use]
pub fn pack_names(id: &str) -> [String; 2] {
    ["train", "test"].map(|part| format!("{PREFIX}{id}-{part}"))
}

/// Whether a pack of this name is of a person's own files.
#[must_use]
pub fn is_pack_name(name: &str) -> bool {
    name.starts_with(PREFIX)
}
