//! Bounded reading of compressed bytes.

use std::io::{ErrorKind, Read};

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
