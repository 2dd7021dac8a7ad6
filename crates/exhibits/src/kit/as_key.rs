//! Words of the theory in messages between cores, as the keys that addresses write: `#[serde(with = "crate::kit::as_key")]`.

use serde::de::Error as _;
use serde::{Deserialize as _, Deserializer, Serializer};
use theory::jacobian::Ensemble;
use theory::{Activation, Constituent};

/// What has a key.
pub trait Keyed: Copy {
    /// As written in an address.
    fn key(self) -> &'static str;

    /// Reads what [`key`](Self::key) writes.
    fn from_key(key: &str) -> Option<Self>;
}

macro_rules! keyed {
    ($($kind:ty),+) => {$(
        impl Keyed for $kind {
            fn key(self) -> &'static str {
                Self::key(self)
            }

            fn from_key(key: &str) -> Option<Self> {
                Self::from_key(key)
            }
        }
    )+};
}

keyed!(Activation, Constituent, Ensemble);

/// Writes the key.
///
/// # Errors
/// Those of the format.
pub fn serialize<T: Keyed, S: Serializer>(value: &T, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(value.key())
}

/// Reads the key.
///
/// # Errors
/// For a key that is none, and those of the format.
pub fn deserialize<'de, T: Keyed, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let key = String::deserialize(deserializer)?;
    T::from_key(&key).ok_or_else(|| D::Error::custom(format!("“{key}” is not known here")))
}
