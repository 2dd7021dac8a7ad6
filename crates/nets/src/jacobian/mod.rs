//! Singular values of the input-output Jacobian of a random net, small ones included.
//!
//! J = D^L W^L ... D^1 W^1 with D^l = diag(phi'(z^l)): the derivative of phi(z^L) by phi(z^0). The singular values of a
//! product of many random matrices spread over hundreds of decades, and the small ones drown in the rounding of the
//! plain product after a few layers. [`JacobianProduct`] therefore keeps J = Q T with an orthonormal Q and an upper
//! triangular T whose rows carry a logarithmic scale each, and [`JacobiSvd`] finds the singular values of T by
//! rotations that never mix rows of different scale. Steps are layers and batches of rotations: the caller can stop in
//! between.
//!
//! - [`orthogonal_layer`] turns a Gaussian layer into a Haar-orthogonal one.
//! - [`JacobianProduct::push`] takes a layer; [`JacobianProduct::mean_squares`] has the mean squared singular value after
//!   each layer so far.
//! - [`JacobianProduct::svd`] starts the rotations.
//! - [`RandomNet::singular_values`](crate::RandomNet::singular_values) does all of it for one net, letting others in.

mod dense;
mod orthogonal;
mod product;
mod singular_values;
mod svd;

pub(crate) use orthogonal::factors;
pub use orthogonal::orthogonal_layer;
pub use product::JacobianProduct;
pub use singular_values::SingularValues;
pub use svd::JacobiSvd;
