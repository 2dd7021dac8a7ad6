//! Sparse coding: patches of images as sums of few out of many patterns, and the patterns that make that possible.
//!
//! A patch `x` `[dim]` is written as `Φᵀ a` with `units` patterns of length 1, the rows of `Φ` `[units, dim]`, and coefficients `a`
//! that minimise `½ ‖x − Φᵀ a‖² + λ ‖a‖₁`; the patterns are those for which the mean of that minimum over patches is least
//! (Olshausen & Field 1996, with the absolute value as what a coefficient costs).
//!
//! Everything has the same bits on every target: products are those of wide random nets, and no sum depends on the instructions.

mod dictionary;
mod whitening;

pub use dictionary::{Coded, Dictionary};
pub use whitening::Whitening;
