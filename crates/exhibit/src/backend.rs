//! Which hardware a reader wants.

use serde::{Deserialize, Serialize};

/// Which hardware computes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Backend {
    /// A real GPU where there is one and it pays, else the CPU.
    #[default]
    Auto,
    /// WebAssembly or native code.
    Cpu,
    /// WebGPU, or a sentence saying why not and the CPU.
    Gpu,
}

impl Backend {
    /// As written in an address.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Self::Auto => "auto",
            Self::Cpu => "cpu",
            Self::Gpu => "gpu",
        }
    }

    /// Reads what [`Backend::key`] writes.
    #[must_use]
    pub fn from_key(key: &str) -> Option<Self> {
        [Self::Auto, Self::Cpu, Self::Gpu].into_iter().find(|b| b.key() == key)
    }
}
