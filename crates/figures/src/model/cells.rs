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
    /// How many images of so many rows and columns there are; what is left over does not count.
    #[must_use]
    pub fn n_images(&self, (rows, columns): (u32, u32)) -> usize {
        let (length, of_pixel) = match self {
            Self::Bytes(bytes) => (bytes.len(), 1),
            Self::Numbers(numbers) => (numbers.len(), 1),
            Self::Rgb(bytes) => (bytes.len(), 3),
        };
        let of_image = u64::from(rows) * u64::from(columns);
        ((length / of_pixel) as u64).checked_div(of_image).unwrap_or(0) as usize
    }
}

impl Pixels {
    /// The number of a pixel, counted through all images; in colour red · 65536 + green · 256 + blue. NaN beyond the last.
    #[must_use]
    pub fn value(&self, at: usize) -> f32 {
        match self {
            Self::Bytes(bytes) => bytes.get(at).map_or(f32::NAN, |byte| f32::from(*byte)),
            Self::Numbers(numbers) => numbers.0.get(at).copied().unwrap_or(f32::NAN),
            Self::Rgb(bytes) => match bytes.get(3 * at..3 * at + 3) {
                // All whole numbers up to 2²⁴ are exact.
                Some(&[r, g, b]) => (u32::from(r) << 16 | u32::from(g) << 8 | u32::from(b)) as f32,
                _ => f32::NAN,
            },
        }
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
