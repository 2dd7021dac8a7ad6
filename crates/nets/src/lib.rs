//! Nets: random and trained, later attacked. Every number that is drawn comes from the seeded streams of `random`, for
//! candle's own CPU generator cannot be seeded.
//!
//! candle carries the numbers of wide random nets; the products are our own, here as in training ([`mlp`]). candle's sum in
//! another order on each target, and are slower in WebAssembly; with ours a net has the same bits everywhere.

mod carried;
mod derivatives;
pub mod elementwise;
pub mod engine;
mod error;
pub mod export;
pub mod jacobian;
mod lanes;
mod layer_stats;
pub mod mlp;
pub mod principal;
mod product;
mod propagate;
mod relu_net;
pub mod sparse;
pub mod trainability;
pub mod tree;
mod weights;

pub use error::NetError;
pub use layer_stats::{LayerStats, RandomNet};
pub use propagate::{Batch, NetParameters, correlations, cosine, mean_square, projected};
pub use relu_net::relu_net;
pub use weights::{KEPT_BYTES, Layer, RandomNets, kept_bytes_of_core};
