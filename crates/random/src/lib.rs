//! Named, seeded, counter-based random streams.
//!
//! Every random number of the project is a pure function of `(seed, purpose, children, index)`: there is no hidden state, so a
//! link that carries a seed reproduces its picture, a range may be filled in pieces or in parallel, and a shader may draw
//! the same numbers. The generator is [`threefry`] (32-bit add, xor and rotate only).
//!
//! | module | what |
//! | --- | --- |
//! | [`Stream`] | a named stream: `bits`, `uniform`, `normal`, `fill_normal_f32`, `child` |
//! | [`Cursor`] | the same stream read one number after the other: `below`, `shuffle`, `permutation` |
//! | [`threefry`] | the block function, Threefry-2x32 with 20 rounds |
//! | [`normal_f32`] | Box–Muller in single precision from polynomials, fit for a shader |
//! | [`mulberry32`] | the stream of the benchmark tasks, nothing else |
//!
//! Integer results, and all single-precision ones, are the same bits on every target: they use nothing but integer
//! operations and IEEE add, multiply and square root, in a fixed order. Double-precision normals use libm.
//!
//! One stream serves one purpose. `bits(i)`, `uniform(i)` and `normal(2 i)` of the *same* stream are functions of the same 64
//! bits and hence dependent; take [`Stream::child`] or another purpose for another use.

mod cursor;
pub mod mulberry32;
pub mod normal_f32;
mod stream;
pub mod threefry;
mod word;

pub use cursor::Cursor;
pub use stream::Stream;
