//! Arrays of numbers that travel as bytes.

use serde::de::{Error, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// An `f32` array, written as little-endian bytes so that a message of 100,000 values is copied and not walked.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Samples(pub Vec<f32>);

impl Samples {
    /// Rounds `f64` values to `f32`, which is what a picture can show.
    #[must_use]
    pub fn from_f64(values: impl IntoIterator<Item = f64>) -> Self {
        Self(values.into_iter().map(|v| v as f32).collect())
    }

    /// Number of values.
    #[must_use]
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there are no values.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The values one by one.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = f32> + '_ {
        self.0.iter().copied()
    }
}

impl From<Vec<f32>> for Samples {
    fn from(values: Vec<f32>) -> Self {
        Self(values)
    }
}

impl Serialize for Samples {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let bytes: Vec<u8> = self.0.iter().flat_map(|v| v.to_le_bytes()).collect();
        serializer.serialize_bytes(&bytes)
    }
}

struct BytesVisitor;

impl<'de> Visitor<'de> for BytesVisitor {
    type Value = Samples;

    fn expecting(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str("a multiple of four bytes")
    }

    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Samples, E> {
        let (values, rest) = bytes.as_chunks::<4>();
        if !rest.is_empty() {
            return Err(E::invalid_length(bytes.len(), &self));
        }
        Ok(Samples(values.iter().map(|b| f32::from_le_bytes(*b)).collect()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<Samples, A::Error> {
        let mut bytes = Vec::with_capacity(seq.size_hint().unwrap_or(0).min(1 << 20));
        while let Some(byte) = seq.next_element::<u8>()? {
            bytes.push(byte);
        }
        self.visit_bytes(&bytes)
    }
}

impl<'de> Deserialize<'de> for Samples {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_bytes(BytesVisitor)
    }
}
