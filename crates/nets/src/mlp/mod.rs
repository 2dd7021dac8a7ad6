//! Multi-layer perceptrons of any shape, trained on the CPU.
//!
//! ```text
//! z^1 = W^1 x + b^1,   z^l = W^l phi(z^{l-1}) + b^l,   f(x) = z^L
//! ```
//!
//! 1. [`Shape`] says how wide each layer is and which activation lies between them; [`Mlp`] adds the parameters, drawn
//!    from a stream or given.
//! 2. [`Examples`] are inputs with their targets; [`Loss`] compares outputs with targets.
//! 3. [`Trainer`] owns a net, its [`Optimiser`](crate::engine::rules::Optimiser) and all buffers: a [`step`](Trainer::step) allocates nothing.
//! 4. [`Trainable`] is what a trainer needs to know of a net: other nets than these are trained by it too
//!    ([`tree`](crate::tree)).
//! 5. [`Workspace`] has outputs, loss and gradient of any net of a shape, for those who do something else with them.
//!
//! # How it works
//! Pre-activations are kept in blocks of eight examples, `[block][neuron][8]`, so that SIMD lanes are examples and the
//! narrowest layer is still vectorised. The loops use nothing but IEEE operations in a fixed order and `libm`: a run
//! gives the same bits natively and in WebAssembly.

mod dense;
mod examples;
pub(crate) mod loss;
mod saved;
pub(crate) mod shape;
mod slice;
mod trainable;
pub(crate) mod trainer;
mod workspace;

pub use examples::{Examples, Targets};
pub use loss::{Loss, Score};
pub use saved::Saved;
pub use shape::{MOST_PARAMETERS, Mlp, Shape};
pub use slice::LossSlice;
pub use trainable::{Passes, Trainable};
pub use trainer::{Recipe, Step, Trainer};
pub use workspace::Workspace;
