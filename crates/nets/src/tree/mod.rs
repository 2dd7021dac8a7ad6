//! Nets whose graph is a binary tree (Mhaskar, Poggio 2016; Poggio et al. 2017, figure 1).
//!
//! ```text
//! f(x_1, ..., x_8) = g_7(g_5(g_1(x_1, x_2), g_2(x_3, x_4)), g_6(g_3(x_5, x_6), g_4(x_7, x_8)))
//! g_k(a, b) = c + Σ_u v_u phi(w_u1 a + w_u2 b + theta_u)
//! ```
//!
//! Each node is a net of its own, with two inputs, one hidden layer and a linear output. [`TreeShape`] says how many levels
//! there are and which input goes to which leaf, [`TreeNet`] adds the parameters, and [`Trainer`](crate::mlp::Trainer)
//! trains it as it trains a perceptron.
//!
//! # How it works
//! Blocks of eight examples go through the whole tree and back before the next block comes: a net of a thousand units then
//! needs buffers of a hundred kilobytes, whatever the batch. Derivatives are summed lane by lane, and over the lanes at the
//! end. There are IEEE operations in a fixed order and nothing else: the same bits natively and in WebAssembly.

mod net;
mod node;
mod shape;
mod workspace;

pub use net::TreeNet;
pub use shape::{MOST_LEVELS, TreeShape};
pub use workspace::TreeWorkspace;
