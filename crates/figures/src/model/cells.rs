//! Numbers on a grid.

use serde::{Deserialize, Serialize};

use crate::samples::Samples;

/// A grid of values, row-major, the first row at the low end of the vertical span. The cells fill the spans; each value
/// stands for the centre of its cell. On a logarithmic axis the cells are of equal ratio.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Cells {
    /// Number of columns.
    pub columns: u32,
    /// `rows × columns` values; NaN where there is none.
    pub values: Samples,
    /// The span of the cells on the horizontal axis.
    pub x: (f64, f64),
    /// The span of the cells on the vertical axis.
    pub y: (f64, f64),
}

impl Cells {
    /// A function at the centres of `columns × rows` cells of equal size.
    #[must_use]
    pub fn from_fn((columns, rows): (u32, u32), x: (f64, f64), y: (f64, f64), f: impl Fn(f64, f64) -> f64) -> Self {
        let centre = |(low, high): (f64, f64), i: u32, n: u32| low + (high - low) * (f64::from(i) + 0.5) / f64::from(n);
        let cell = |k: u64| {
            let (row, column) = ((k / u64::from(columns)) as u32, (k % u64::from(columns)) as u32);
            f(centre(x, column, columns), centre(y, row, rows))
        };
        let values = Samples::from_f64((0..u64::from(columns) * u64::from(rows)).map(cell));
        Self { columns, values, x, y }
    }

    /// The least and the greatest value that is finite; `None` without one.
    #[must_use]
    pub fn extent(&self) -> Option<(f32, f32)> {
        let finite = self.values.iter().filter(|v| v.is_finite());
        finite.fold(None, |ends, v| Some(ends.map_or((v, v), |(low, high): (f32, f32)| (low.min(v), high.max(v)))))
    }
}

/// The pixels of equally large images, one image after the other, each row by row from the top.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Pixels {
    /// A byte a pixel, coloured by the scale as the number 0 to 255.
    Bytes(#[serde(with = "bytes")] Vec<u8>),
    /// A number a pixel.
    Numbers(Samples),
    /// Red, green and blue, a byte each; the scale is not used.
    Rgb(#[serde(with = "bytes")] Vec<u8>),
}

impl Pixels {
    /// How many images of so many pixels there are; what is left over does not count.
    #[must_use]
    pub fn n_images(&self, pixels: usize) -> usize {
        let (length, of_pixel) = match self {
            Self::Bytes(bytes) => (bytes.len(), 1),
            Self::Numbers(numbers) => (numbers.len(), 1),
            Self::Rgb(bytes) => (bytes.len(), 3),
        };
        (length / of_pixel).checked_div(pixels).unwrap_or(0)
    }
}

/// Bytes that travel as bytes and not one by one.
mod bytes {
    use std::fmt;

    use serde::de::{SeqAccess, Visitor};
    use serde::{Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_bytes(bytes)
    }

    struct Bytes;

    impl<'de> Visitor<'de> for Bytes {
        type Value = Vec<u8>;

        fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            formatter.write_str("bytes")
        }

        fn visit_bytes<E>(self, bytes: &[u8]) -> Result<Vec<u8>, E> {
            Ok(bytes.to_vec())
        }

        fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Vec<u8>, A::Error> {
            let mut bytes = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(1 << 20));
            while let Some(byte) = seq.next_element()? {
                bytes.push(byte);
            }
            Ok(bytes)
        }
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        deserializer.deserialize_bytes(Bytes)
    }
}
