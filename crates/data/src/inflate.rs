//! Bounded reading of compressed bytes.

use std::io::{ErrorKind, Read};

use flate2::bufread::GzDecoder;

/// First bytes of a gzip member.
pub(crate) const GZIP_MAGIC: [u8; 2] = [0x1F, 0x8B];

/// Most bytes that a file or a pack may unpack to: five times the MNIST training images, and bearable in a browser tab.
pub const MAX_UNPACKED_BYTES: u64 = 256 << 20;

/// Why fewer bytes came out than were asked for.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Stopped {
    /// The input ended.
    Early,
    /// The input is not what a compressor wrote.
    Corrupt(String),
}

/// Appends up to `limit` bytes of `reader` to `out`; memory grows with what arrives, never with what a header claims.
pub(crate) fn read_up_to(reader: &mut impl Read, limit: u64, out: &mut Vec<u8>) -> Result<(), Stopped> {
    match reader.take(limit).read_to_end(out) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == ErrorKind::UnexpectedEof => Err(Stopped::Early),
        Err(error) => Err(Stopped::Corrupt(error.to_string())),
    }
}

/// The first bytes of a file, unpacked if it is a gzip member; fewer or none where there are no more.
pub(crate) fn unpacked_start(bytes: &[u8]) -> Vec<u8> {
    let mut start = Vec::new();
    if bytes.starts_with(&GZIP_MAGIC) {
        // A member that cannot be unpacked has no start that is known.
        let _as_far_as_it_goes = read_up_to(&mut GzDecoder::new(bytes), 4, &mut start);
    } else {
        start.extend(bytes.iter().take(4));
    }
    start
}
