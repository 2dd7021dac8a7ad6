//! Handwritten-like digits: any number of them, by seed and index, always there.
//!
//! How one is made, in the manner of MNIST: strokes in one of several ways of writing the class (`skeleton`); knots moved a
//! little, the whole slanted, turned, stretched and warped smoothly (`hand`); scaled so that its longer side fills 20 pixels,
//! centred by its mass in 28×28, drawn with a pen of its own width by the antialiased distance to the strokes (`pen`).
//!
//! They stand in for MNIST where that is not built in: same size, same range, similar mean and spread of pixels, and a nearest
//! neighbour among MNIST's digits that names most of them rightly (a test holds these). They vary less than MNIST does.
//!
//! Everything is `f64` arithmetic and libm, so a digit is the same bytes on every target.

mod hand;
mod pen;
mod skeleton;

pub use pen::drawn;
use random::Stream;

use crate::idx::MAX_UNPACKED_BYTES;
use crate::pack::{Pack, PackError};

/// Rows and columns of a digit.
pub const SIDE: usize = 28;
/// Pixels of a digit.
pub const PIXELS: usize = SIDE * SIDE;
/// Number of classes.
pub const CLASSES: u8 = 10;

/// A digit and its class.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Digit {
    /// 0 to 9.
    pub label: u8,
    /// `[28, 28]`, row-major, 0 background, 255 ink.
    pub pixels: [u8; PIXELS],
}

/// Digit `index` of `seed`. Its class is `index mod 10`, so that any run of tens is balanced; it is number `⌊index/10⌋` of
/// its class.
#[must_use]
pub fn generate(seed: u64, index: u64) -> Digit {
    let label = (index % u64::from(CLASSES)) as u8;
    write(seed, label, index / u64::from(CLASSES))
}

/// Number `index` of the digits of `class`; none for a class above 9.
#[must_use]
pub fn generate_class(seed: u64, class: u8, index: u64) -> Option<Digit> {
    (class < CLASSES).then(|| write(seed, class, index))
}

/// The first `n` digits of `seed`, named `digits`.
///
/// # Errors
/// `TooLarge`, before anything is made.
pub fn generate_pack(seed: u64, n: usize) -> Result<Pack, PackError> {
    let bytes = (n as u64).saturating_mul(1 + PIXELS as u64);
    if bytes > MAX_UNPACKED_BYTES {
        return Err(PackError::TooLarge { bytes, limit_bytes: MAX_UNPACKED_BYTES });
    }
    let mut labels = Vec::with_capacity(n);
    let mut pixels = Vec::with_capacity(n * PIXELS);
    for index in 0..n as u64 {
        let digit = generate(seed, index);
        labels.push(digit.label);
        pixels.extend(digit.pixels);
    }
    Pack::new("digits", SIDE, SIDE, labels, pixels)
}

fn write(seed: u64, class: u8, index: u64) -> Digit {
    let mut cursor = Stream::new(seed, "digits").child(class.into()).child(index).cursor();
    let strokes = hand::write(skeleton::ways_of_writing(class), &mut cursor);
    Digit { label: class, pixels: pen::draw(&strokes, &mut cursor) }
}
