//! One engine for nets: what they are made of, their passes forward and backward, and exact derivatives.
//!
//! 1. [`NetBuilder`] makes a [`Net`], a list of operations over one vector of parameters; [`Net::draw`] draws them.
//! 2. A [`Pass`] holds buffers. It runs a net forward and, from any seed of derivatives with respect to the outputs, backward:
//!    gradients by parameters, by input, or for each example.
//! 3. [`loss`] has losses that write such seeds; an [`Objective`] is a mean loss over many examples, of which
//!    [`mean_gradient`] and [`hessian_vector_product`] make use.
//! 4. [`lanczos`] finds eigenvalues of a matrix from such products.
//! 5. [`Attribution`] says what an output owes to each input, and [`Wanted`] makes inputs that outputs want.
//! 6. [`rules`] move parameters; [`models`] are nets that the lab knows by name.
//!
//! # How it works
//! Eight examples are the lanes of vectors, so that the narrowest layer is vectorised and a filter's tap is a load of numbers
//! that lie side by side. All is generic over truncated polynomials of N coefficients: with N = 1 they are numbers, with N
//! = 2 the same passes along a direction give exact Hessian-vector products (Pearlmutter 1994), and with N = 3 second
//! derivatives along an input with their gradients. The loops use nothing but IEEE operations in a fixed order and
//! `libm`: the bits are the same natively and in WebAssembly.

mod attribution;
mod build;
mod dims;
mod init;
mod jet;
pub mod loss;
pub mod models;
mod net;
mod objective;
mod op;
mod pass;
pub mod rules;
mod scalar;
mod spectrum;

pub use crate::lanes::LANES;
pub use attribution::{Ascent, Attribution, Wanted};
pub use build::NetBuilder;
pub use dims::{Dims, Window};
pub use init::Init;
pub use jet::{Numbers, zeros};
pub use net::{Net, Node, NodeId, Op};
pub use objective::{Classified, Objective, hessian_vector_product, mean_gradient};
pub use op::conv::Conv;
pub use op::dense::Dense;
pub use op::pool::Pool;
pub use pass::{ByParameters, Norms, Pass, Wants, jets, values};
pub use scalar::Scalar;
pub use spectrum::{Ritz, lanczos};
