//! Nets: random, later trained and attacked. candle does the matrix products; every number that is drawn comes from
//! the seeded streams of `random`, for candle's own CPU generator cannot be seeded.

pub mod elementwise;
mod error;
pub mod jacobian;
pub mod mlp;
pub mod principal;
mod propagate;
pub mod trainability;
mod weights;

pub use error::NetError;
pub use propagate::{Batch, NetParameters, correlations, cosine, mean_square, projected};
pub use weights::{Layer, RandomNets};
