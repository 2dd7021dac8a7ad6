//! Reader of IDX files of bytes, the format of MNIST and Fashion-MNIST, raw or in one gzip member.
//!
//! Big-endian. Images: `u32 magic = 0x00000803`, `u32 count`, `u32 rows`, `u32 cols`, then `count·rows·cols` bytes, row-major, 0
//! background, 255 ink. Labels: `u32 magic = 0x00000801`, `u32 count`, then `count` bytes. Nothing may follow.
//!
//! Whether a file is gzip is seen from its first two bytes (`1f 8b`), not from its name.
//!
//! Source: Y. LeCun, C. Cortes, C. J. C. Burges, "The MNIST database of handwritten digits", section "File formats".

use std::io::Read;

use flate2::bufread::GzDecoder;

pub use crate::inflate::MAX_UNPACKED_BYTES;
use crate::inflate::{GZIP_MAGIC, Stopped, read_up_to};

/// First word of a file of images (unsigned bytes, three dimensions).
pub const IMAGES_MAGIC: u32 = 0x0000_0803;
/// First word of a file of labels (unsigned bytes, one dimension).
pub const LABELS_MAGIC: u32 = 0x0000_0801;

/// Which of the two kinds of file an error is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file of images.
    Images,
    /// A file of labels.
    Labels,
}

impl Kind {
    fn magic(self) -> u32 {
        match self {
            Self::Images => IMAGES_MAGIC,
            Self::Labels => LABELS_MAGIC,
        }
    }

    fn header_words(self) -> usize {
        match self {
            Self::Images => 4,
            Self::Labels => 2,
        }
    }
}

impl std::fmt::Display for Kind {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(match self {
            Self::Images => "images file",
            Self::Labels => "labels file",
        })
    }
}

/// What is wrong with an IDX file. Byte counts are of the unpacked file, header included.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum IdxError {
    /// The file ends before its header or before the items its header announces.
    #[error("{kind} is cut off: expected {expected_bytes} bytes, got {got_bytes}")]
    Truncated {
        /// Which file.
        kind: Kind,
        /// Bytes that the header (or, inside it, the format) asks for.
        expected_bytes: u64,
        /// Bytes there are.
        got_bytes: u64,
    },
    /// The first word is not that of this kind of file.
    #[error("{kind} begins with {got:#010x}, expected {expected:#010x}")]
    WrongMagic {
        /// Which file.
        kind: Kind,
        /// [`IMAGES_MAGIC`] or [`LABELS_MAGIC`].
        expected: u32,
        /// The word found.
        got: u32,
    },
    /// More bytes follow than the header announces.
    #[error("{kind} goes on after its {expected_bytes} bytes")]
    TrailingBytes {
        /// Which file.
        kind: Kind,
        /// Bytes that the header asks for.
        expected_bytes: u64,
    },
    /// Bytes follow the gzip member.
    #[error("{kind} has {extra_bytes} bytes after its gzip member")]
    TrailingGzipBytes {
        /// Which file.
        kind: Kind,
        /// How many.
        extra_bytes: u64,
    },
    /// The gzip member cannot be unpacked or fails its checksum.
    #[error("{kind} is corrupt: {reason} (after {got_bytes} bytes)")]
    CorruptGzip {
        /// Which file.
        kind: Kind,
        /// The unpacker's words.
        reason: String,
        /// Bytes unpacked before it.
        got_bytes: u64,
    },
    /// The header announces more than [`MAX_UNPACKED_BYTES`]; nothing was allocated for it.
    #[error("{kind} announces {count} items of {rows}×{cols} bytes, more than {limit_bytes} bytes")]
    TooLarge {
        /// Which file.
        kind: Kind,
        /// Items announced.
        count: u32,
        /// Rows of an item (1 for labels).
        rows: u32,
        /// Columns of an item (1 for labels).
        cols: u32,
        /// [`MAX_UNPACKED_BYTES`].
        limit_bytes: u64,
    },
    /// Images without pixels.
    #[error("images file announces images of {rows}×{cols} pixels")]
    NoPixels {
        /// Rows announced.
        rows: u32,
        /// Columns announced.
        cols: u32,
    },
    /// Labels and images do not belong together.
    #[error("{images} images but {labels} labels")]
    CountMismatch {
        /// Items of the images file.
        images: usize,
        /// Items of the labels file.
        labels: usize,
    },
}

/// The images of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Images {
    /// Rows of an image.
    pub rows: usize,
    /// Columns of an image.
    pub cols: usize,
    /// `[n, rows, cols]`, row-major, 0 background, 255 ink.
    pub pixels: Vec<u8>,
}

impl Images {
    /// Number of images.
    #[must_use]
    pub fn n(&self) -> usize {
        let image_bytes = self.rows.saturating_mul(self.cols);
        self.pixels.len().checked_div(image_bytes).unwrap_or(0)
    }
}

/// The images of an IDX file.
///
/// # Errors
/// Any [`IdxError`] but `CountMismatch`.
pub fn images_from_bytes(bytes: &[u8]) -> Result<Images, IdxError> {
    let (header, pixels) = read(Kind::Images, bytes)?;
    Ok(Images { rows: header.rows as usize, cols: header.cols as usize, pixels })
}

/// The labels of an IDX file.
///
/// # Errors
/// Any [`IdxError`] but `CountMismatch` and `NoPixels`.
pub fn labels_from_bytes(bytes: &[u8]) -> Result<Vec<u8>, IdxError> {
    Ok(read(Kind::Labels, bytes)?.1)
}

/// Images and their labels, of the same count.
///
/// # Errors
/// Any [`IdxError`].
pub fn labelled_from_bytes(images_bytes: &[u8], labels_bytes: &[u8]) -> Result<(Images, Vec<u8>), IdxError> {
    // Labels first: they are small, and most often the one forgotten.
    let labels = labels_from_bytes(labels_bytes)?;
    let images = images_from_bytes(images_bytes)?;
    if images.n() != labels.len() {
        return Err(IdxError::CountMismatch { images: images.n(), labels: labels.len() });
    }
    Ok((images, labels))
}

struct Header {
    rows: u32,
    cols: u32,
    /// Of header and items together.
    file_bytes: u64,
}

fn read(kind: Kind, bytes: &[u8]) -> Result<(Header, Vec<u8>), IdxError> {
    if !bytes.starts_with(&GZIP_MAGIC) {
        return read_items(kind, &mut { bytes });
    }
    let mut decoder = GzDecoder::new(bytes);
    let items = read_items(kind, &mut decoder)?;
    match decoder.into_inner().len() as u64 {
        0 => Ok(items),
        extra_bytes => Err(IdxError::TrailingGzipBytes { kind, extra_bytes }),
    }
}

/// Header and items of the unpacked file. Reads one byte further than the items, which is where gzip checks its checksum.
fn read_items(kind: Kind, reader: &mut impl Read) -> Result<(Header, Vec<u8>), IdxError> {
    let header_bytes = 4 * kind.header_words() as u64;
    let mut head = Vec::new();
    take(kind, reader, &mut head, header_bytes, header_bytes, 0)?;
    let header = header_from_words(kind, &head)?;

    let mut items = Vec::new();
    take(kind, reader, &mut items, header.file_bytes - header_bytes + 1, header.file_bytes, header_bytes)?;
    let got_bytes = header_bytes + items.len() as u64;
    if got_bytes < header.file_bytes {
        return Err(IdxError::Truncated { kind, expected_bytes: header.file_bytes, got_bytes });
    }
    if got_bytes > header.file_bytes {
        return Err(IdxError::TrailingBytes { kind, expected_bytes: header.file_bytes });
    }
    Ok((header, items))
}

/// Reads up to `limit` bytes and says why it got none further; `expected_bytes` and `before_bytes` are for the message.
fn take(
    kind: Kind,
    reader: &mut impl Read,
    out: &mut Vec<u8>,
    limit: u64,
    expected_bytes: u64,
    before_bytes: u64,
) -> Result<(), IdxError> {
    let stopped = read_up_to(reader, limit, out);
    let got_bytes = before_bytes + out.len() as u64;
    stopped.map_err(|stopped| match stopped {
        Stopped::Early => IdxError::Truncated { kind, expected_bytes, got_bytes },
        Stopped::Corrupt(reason) => IdxError::CorruptGzip { kind, reason, got_bytes },
    })
}

fn header_from_words(kind: Kind, head: &[u8]) -> Result<Header, IdxError> {
    let (words, _) = head.as_chunks::<4>();
    let word = |i: usize| words.get(i).map(|&word| u32::from_be_bytes(word));
    let truncated =
        IdxError::Truncated { kind, expected_bytes: 4 * kind.header_words() as u64, got_bytes: head.len() as u64 };
    let Some(magic) = word(0) else { return Err(truncated) };
    if magic != kind.magic() {
        return Err(IdxError::WrongMagic { kind, expected: kind.magic(), got: magic });
    }
    let (count, rows, cols) = match (kind, word(1), word(2), word(3)) {
        (Kind::Labels, Some(count), _, _) => (count, 1, 1),
        (Kind::Images, Some(count), Some(rows), Some(cols)) => (count, rows, cols),
        _ => return Err(truncated),
    };
    if rows == 0 || cols == 0 {
        return Err(IdxError::NoPixels { rows, cols });
    }
    // Three factors below 2^32 each, so nothing overflows. A single image must fit even where none is announced.
    let image_bytes = u128::from(rows) * u128::from(cols);
    let item_bytes = u128::from(count) * image_bytes;
    let header_bytes = 4 * kind.header_words() as u64;
    if item_bytes.max(image_bytes) > u128::from(MAX_UNPACKED_BYTES - header_bytes) {
        return Err(IdxError::TooLarge { kind, count, rows, cols, limit_bytes: MAX_UNPACKED_BYTES });
    }
    Ok(Header { rows, cols, file_bytes: header_bytes + item_bytes as u64 })
}
