//! What computed the measured part of a figure.

use std::fmt;

use serde::{Deserialize, Serialize};

/// What computed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Device {
    /// Nothing: all is theory.
    #[default]
    Theory,
    /// The CPU.
    Cpu {
        /// The instructions, if they are worth a word, e.g. `WebAssembly SIMD`.
        kind: String,
        /// Cores that take part; 0 if nobody counts them.
        cores: u32,
    },
    /// A graphics device, by its name.
    Gpu(String),
}

impl Device {
    /// The CPU with so many cores.
    #[must_use]
    pub fn cpu(kind: &str, cores: u32) -> Self {
        Self::Cpu { kind: kind.into(), cores }
    }

    /// Whether a graphics device computed.
    #[must_use]
    pub fn is_gpu(&self) -> bool {
        matches!(self, Self::Gpu(_))
    }
}

impl fmt::Display for Device {
    /// In words, e.g. `CPU, WebAssembly SIMD, 2 cores`; nothing where all is theory.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Theory => Ok(()),
            Self::Cpu { kind, cores } => {
                f.write_str("CPU")?;
                if !kind.is_empty() {
                    write!(f, ", {kind}")?;
                }
                match cores {
                    0 => Ok(()),
                    1 => f.write_str(", 1 core"),
                    n => write!(f, ", {n} cores"),
                }
            }
            Self::Gpu(name) => write!(f, "GPU: {name}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn devices_are_named_in_one_way() {
        for (device, words) in [
            (Device::Theory, ""),
            (Device::cpu("", 0), "CPU"),
            (Device::cpu("", 1), "CPU, 1 core"),
            (Device::cpu("WebAssembly SIMD", 2), "CPU, WebAssembly SIMD, 2 cores"),
            (Device::Gpu("llvmpipe".into()), "GPU: llvmpipe"),
        ] {
            assert_eq!(device.to_string(), words);
            assert_eq!(device.is_gpu(), words.starts_with("GPU"));
        }
    }
}
