//! Labelled images in memory, and the compressed format in which the page loads them lazily.
//!
//! Format `DSP1`, all integers little-endian:
//!
//! | offset | bytes | what |
//! | --- | --- | --- |
//! | 0 | 4 | `DSP1` |
//! | 4 | 4 | length of the unpacked body |
//! | 8 | 4 | CRC-32 (IEEE) of the unpacked body |
//! | 12 | to the end | body, raw deflate |
//!
//! The body is: `u16` length of the name, the name (UTF-8), `u32 n`, `u16 rows`, `u16 cols`, `n` labels, `n·rows·cols` pixels.

use std::io::Write;
use std::ops::Range;

use flate2::bufread::DeflateDecoder;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Crc};
use random::Stream;

use crate::idx::{self, IdxError};
use crate::inflate::{MAX_UNPACKED_BYTES, Stopped, read_up_to};

/// First bytes of a pack.
pub const MAGIC: [u8; 4] = *b"DSP1";

const HEADER_BYTES: usize = 12;

/// What is wrong with a pack.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum PackError {
    /// The bytes begin otherwise: not a pack, or of another version.
    #[error("not a data pack: begins with {got:02x?}, expected {MAGIC:02x?}")]
    WrongMagic {
        /// The first bytes, at most four.
        got: Vec<u8>,
    },
    /// The bytes end early.
    #[error("data pack is cut off: expected {expected_bytes} bytes of {part}, got {got_bytes}")]
    Truncated {
        /// Header, body, name, labels, ...
        part: &'static str,
        /// Bytes that part should have.
        expected_bytes: u64,
        /// Bytes there are.
        got_bytes: u64,
    },
    /// Bytes are left over.
    #[error("data pack has bytes after the {part}")]
    TrailingBytes {
        /// What they follow.
        part: &'static str,
    },
    /// The body cannot be unpacked.
    #[error("data pack is corrupt: {reason}")]
    Corrupt {
        /// The unpacker's words.
        reason: String,
    },
    /// The body is not the one that was packed.
    #[error("data pack is corrupt: checksum {got:#010x}, expected {expected:#010x}")]
    Checksum {
        /// CRC-32 in the header.
        expected: u32,
        /// CRC-32 of the body.
        got: u32,
    },
    /// More than [`idx::MAX_UNPACKED_BYTES`]; nothing was allocated for it.
    #[error("data pack of {bytes} bytes, more than {limit_bytes}")]
    TooLarge {
        /// Bytes announced or needed.
        bytes: u64,
        /// The limit.
        limit_bytes: u64,
    },
    /// The name is not UTF-8.
    #[error("data pack's name is not UTF-8")]
    NameNotUtf8,
    /// The name is longer than the format holds.
    #[error("name of {got_bytes} bytes, at most {limit_bytes} fit")]
    NameTooLong {
        /// Bytes of the name.
        got_bytes: usize,
        /// 65,535.
        limit_bytes: usize,
    },
    /// Images without pixels, or too high or wide for the format.
    #[error("images of {rows}×{cols} pixels; both sides must be 1 to 65535")]
    Shape {
        /// Rows of an image.
        rows: usize,
        /// Columns of an image.
        cols: usize,
    },
    /// Labels and pixels do not belong together.
    #[error("{labels} labels of {rows}×{cols} images need {expected} pixels, got {got}")]
    PixelCount {
        /// Number of labels.
        labels: usize,
        /// Rows of an image.
        rows: usize,
        /// Columns of an image.
        cols: usize,
        /// `labels·rows·cols`.
        expected: u64,
        /// Pixels there are.
        got: usize,
    },
    /// The IDX files that were to be packed are bad.
    #[error(transparent)]
    Idx(#[from] IdxError),
}

/// Labelled 8-bit images of one size.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pack {
    name: String,
    rows: usize,
    cols: usize,
    labels: Vec<u8>,
    pixels: Vec<u8>,
}

impl Pack {
    /// Images `[labels.len(), rows, cols]`, row-major, 0 background, 255 ink.
    ///
    /// # Errors
    /// `Shape`, `PixelCount`, `NameTooLong`, `TooLarge`: what [`encode`](Self::encode) could not write.
    pub fn new(
        name: impl Into<String>,
        rows: usize,
        cols: usize,
        labels: Vec<u8>,
        pixels: Vec<u8>,
    ) -> Result<Self, PackError> {
        let name = name.into();
        let limit = usize::from(u16::MAX);
        if name.len() > limit {
            return Err(PackError::NameTooLong { got_bytes: name.len(), limit_bytes: limit });
        }
        if rows == 0 || cols == 0 || rows > limit || cols > limit {
            return Err(PackError::Shape { rows, cols });
        }
        let expected = (labels.len() as u64).saturating_mul((rows * cols) as u64);
        if expected != pixels.len() as u64 {
            return Err(PackError::PixelCount { labels: labels.len(), rows, cols, expected, got: pixels.len() });
        }
        let pack = Self { name, rows, cols, labels, pixels };
        let bytes = pack.body_bytes();
        if bytes > MAX_UNPACKED_BYTES {
            return Err(PackError::TooLarge { bytes, limit_bytes: MAX_UNPACKED_BYTES });
        }
        Ok(pack)
    }

    /// Name of the data set, e.g. `mnist-test`.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Number of images.
    #[must_use]
    pub fn n(&self) -> usize {
        self.labels.len()
    }

    /// Rows of an image.
    #[must_use]
    pub fn rows(&self) -> usize {
        self.rows
    }

    /// Columns of an image.
    #[must_use]
    pub fn cols(&self) -> usize {
        self.cols
    }

    /// Class of each image.
    #[must_use]
    pub fn labels(&self) -> &[u8] {
        &self.labels
    }

    /// `[n, rows, cols]`, row-major, 0 background, 255 ink.
    #[must_use]
    pub fn pixels(&self) -> &[u8] {
        &self.pixels
    }

    /// Pixels `[rows, cols]` of image `index`; none beyond the last.
    #[must_use]
    pub fn image(&self, index: usize) -> Option<&[u8]> {
        self.pixels.chunks_exact(self.rows * self.cols).nth(index)
    }

    /// Class of image `index`; none beyond the last.
    #[must_use]
    pub fn label(&self, index: usize) -> Option<u8> {
        self.labels.get(index).copied()
    }

    /// Whether image `index` has a pixel that is not background: a blank one has no length, and no direction.
    #[must_use]
    pub fn has_ink(&self, index: usize) -> bool {
        self.image(index).is_some_and(|pixels| pixels.iter().any(|pixel| *pixel != 0))
    }

    /// The first image with ink from `index` on, or else the first of all; none where all are blank.
    #[must_use]
    pub fn next_with_ink(&self, index: usize) -> Option<usize> {
        let index = index.min(self.n());
        (index..self.n()).chain(0..index).find(|i| self.has_ink(*i))
    }

    /// Number of images of each class, from class 0 to the largest that occurs.
    #[must_use]
    pub fn class_counts(&self) -> Vec<usize> {
        let classes = self.labels.iter().max().map_or(0, |&largest| usize::from(largest) + 1);
        let mut counts = vec![0; classes];
        for &label in &self.labels {
            counts[usize::from(label)] += 1;
        }
        counts
    }

    /// The pack as bytes, as few as can be.
    ///
    /// # Errors
    /// `Corrupt` if the compressor fails, which it has no reason to.
    pub fn encode(&self) -> Result<Vec<u8>, PackError> {
        let body = self.body();
        let mut encoder = DeflateEncoder::new(header(&body), Compression::best());
        encoder
            .write_all(&body)
            .and_then(|()| encoder.finish())
            .map_err(|error| PackError::Corrupt { reason: error.to_string() })
    }

    /// The same in no time, and as many bytes as there are: stored blocks (RFC 1951, section 3.2.4).
    #[must_use]
    pub fn encode_stored(&self) -> Vec<u8> {
        let body = self.body();
        let mut out = header(&body);
        let blocks = body.chunks(usize::from(u16::MAX));
        let n_blocks = blocks.len();
        for (i, block) in blocks.enumerate() {
            let n_bytes = block.len() as u16;
            out.push(u8::from(i + 1 == n_blocks));
            out.extend(n_bytes.to_le_bytes());
            out.extend((!n_bytes).to_le_bytes());
            out.extend(block);
        }
        out
    }

    fn body(&self) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.body_bytes() as usize);
        body.extend((self.name.len() as u16).to_le_bytes());
        body.extend(self.name.as_bytes());
        body.extend((self.n() as u32).to_le_bytes());
        body.extend((self.rows as u16).to_le_bytes());
        body.extend((self.cols as u16).to_le_bytes());
        body.extend(&self.labels);
        body.extend(&self.pixels);
        body
    }

    /// The pack of some bytes.
    ///
    /// # Errors
    /// Any [`PackError`] but `Idx`; on arbitrary bytes too it returns one of them.
    pub fn decode(bytes: &[u8]) -> Result<Self, PackError> {
        let mut file = Fields { rest: bytes };
        let magic = &bytes[..bytes.len().min(MAGIC.len())];
        if magic != MAGIC {
            return Err(PackError::WrongMagic { got: magic.to_vec() });
        }
        if bytes.len() < HEADER_BYTES {
            let got_bytes = bytes.len() as u64;
            return Err(PackError::Truncated { part: "header", expected_bytes: HEADER_BYTES as u64, got_bytes });
        }
        file.take("header", MAGIC.len() as u64)?;
        let body_bytes = u64::from(file.u32("header")?);
        let expected = file.u32("header")?;
        let body = inflate(file.rest, body_bytes)?;
        let got = crc_32(&body);
        if got != expected {
            return Err(PackError::Checksum { expected, got });
        }

        let mut body = Fields { rest: &body };
        let name_bytes = u64::from(body.u16("name length")?);
        let name = std::str::from_utf8(body.take("name", name_bytes)?).map_err(|_utf8_error| PackError::NameNotUtf8)?;
        let n = u64::from(body.u32("count")?);
        let rows = body.u16("rows")?;
        let cols = body.u16("cols")?;
        let labels = body.take("labels", n)?.to_vec();
        // Below 2^64: three factors of 32, 16 and 16 bits.
        let pixels = body.take("pixels", n * u64::from(rows) * u64::from(cols))?.to_vec();
        if !body.rest.is_empty() {
            return Err(PackError::TrailingBytes { part: "pixels" });
        }
        Self::new(name, rows.into(), cols.into(), labels, pixels)
    }

    fn body_bytes(&self) -> u64 {
        10 + self.name.len() as u64 + self.labels.len() as u64 + self.pixels.len() as u64
    }
}

/// A pack of the first `limit` images of a pair of IDX files, raw or gzip; `usize::MAX` takes all.
///
/// # Errors
/// `Idx` for a bad file, else as [`Pack::new`].
pub fn from_idx(images_bytes: &[u8], labels_bytes: &[u8], name: &str, limit: usize) -> Result<Pack, PackError> {
    let (images, labels) = idx::labelled_from_bytes(images_bytes, labels_bytes)?;
    cut(&images, &labels, name, 0..limit)
}

/// A pack of some of the images, as many of them as there are.
///
/// # Errors
/// As [`Pack::new`].
pub fn cut(
    images: &idx::Images,
    labels: &[u8],
    name: impl Into<String>,
    which: Range<usize>,
) -> Result<Pack, PackError> {
    let n = images.n().min(labels.len());
    let which = which.start.min(n)..which.end.clamp(which.start.min(n), n);
    let size = images.rows * images.cols;
    let pixels = images.pixels[which.start * size..which.end * size].to_vec();
    Pack::new(name, images.rows, images.cols, labels[which].to_vec(), pixels)
}

/// Indices of the first `per_class` images of every class, class after class; fewer where a class has fewer.
#[must_use]
pub fn pick_by_class(pack: &Pack, per_class: usize) -> Vec<usize> {
    pick_in_order(pack, per_class, (0..pack.n()).collect())
}

/// The same without blank images.
#[must_use]
pub fn pick_inked_by_class(pack: &Pack, per_class: usize) -> Vec<usize> {
    pick_in_order(pack, per_class, (0..pack.n()).filter(|index| pack.has_ink(*index)).collect())
}

/// Indices of `per_class` images of every class drawn at random without repetition, class after class; fewer where a class
/// has fewer.
#[must_use]
pub fn sample_by_class(pack: &Pack, per_class: usize, stream: Stream) -> Vec<usize> {
    pick_in_order(pack, per_class, stream.cursor().permutation(pack.n()))
}

fn pick_in_order(pack: &Pack, per_class: usize, order: Vec<usize>) -> Vec<usize> {
    let mut by_class = vec![Vec::new(); pack.class_counts().len()];
    for index in order {
        let class = &mut by_class[usize::from(pack.labels[index])];
        if class.len() < per_class {
            class.push(index);
        }
    }
    by_class.concat()
}

fn inflate(packed: &[u8], body_bytes: u64) -> Result<Vec<u8>, PackError> {
    if body_bytes > MAX_UNPACKED_BYTES {
        return Err(PackError::TooLarge { bytes: body_bytes, limit_bytes: MAX_UNPACKED_BYTES });
    }
    let mut decoder = DeflateDecoder::new(packed);
    let mut body = Vec::new();
    let stopped = read_up_to(&mut decoder, body_bytes + 1, &mut body);
    let got_bytes = body.len() as u64;
    match stopped {
        Err(Stopped::Corrupt(reason)) => return Err(PackError::Corrupt { reason }),
        Ok(()) if got_bytes == body_bytes => {}
        Ok(()) if got_bytes > body_bytes => return Err(PackError::TrailingBytes { part: "body" }),
        Ok(()) | Err(Stopped::Early) => {
            return Err(PackError::Truncated { part: "body", expected_bytes: body_bytes, got_bytes });
        }
    }
    if decoder.into_inner().is_empty() { Ok(body) } else { Err(PackError::TrailingBytes { part: "compressed body" }) }
}

fn header(body: &[u8]) -> Vec<u8> {
    [&MAGIC[..], &(body.len() as u32).to_le_bytes(), &crc_32(body).to_le_bytes()].concat()
}

fn crc_32(bytes: &[u8]) -> u32 {
    let mut crc = Crc::new();
    crc.update(bytes);
    crc.sum()
}

/// Reads fields one after the other; each names itself when it is cut off.
struct Fields<'a> {
    rest: &'a [u8],
}

impl<'a> Fields<'a> {
    fn take(&mut self, part: &'static str, bytes: u64) -> Result<&'a [u8], PackError> {
        let split = usize::try_from(bytes).ok().and_then(|bytes| self.rest.split_at_checked(bytes));
        let Some((field, rest)) = split else {
            return Err(PackError::Truncated { part, expected_bytes: bytes, got_bytes: self.rest.len() as u64 });
        };
        self.rest = rest;
        Ok(field)
    }

    fn u16(&mut self, part: &'static str) -> Result<u16, PackError> {
        let mut word = [0; 2];
        word.copy_from_slice(self.take(part, 2)?);
        Ok(u16::from_le_bytes(word))
    }

    fn u32(&mut self, part: &'static str) -> Result<u32, PackError> {
        let mut word = [0; 4];
        word.copy_from_slice(self.take(part, 4)?);
        Ok(u32::from_le_bytes(word))
    }
}
