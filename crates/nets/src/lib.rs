//! Nets: random and trained, later attacked. Every number that is drawn comes from the seeded streams of `random`, for
//! candle's own CPU generator cannot be seeded.
//!
//! candle does the matrix products of wide random nets. Training has its own ([`mlp`]): at its sizes they are faster in
//! WebAssembly, and their bits are the same everywhere.

pub mod elementwise;
mod error;
pub mod jacobian;
pub mod mlp;
pub mod principal;
mod propagate;
pub mod trainability;
pub mod tree;
mod weights;

pub use error::NetError;
pub use propagate::{Batch, NetParameters, correlations, cosine, mean_square, projected};
pub use weights::{Layer, RandomNets};
