//! Generated data sets, readers and packs.
//!
//! | module | what |
//! | --- | --- |
//! | [`idx`] | reader of IDX files (MNIST, Fashion-MNIST), raw or gzip |
//! | [`pack`] | labelled images in memory, and the compressed format in which the page loads them lazily |
//! | [`own`] | a person's own files as a data set |
//! | [`inputs`] | input vectors of a set length and set correlations: circles, pairs, images |
//! | [`digits`] | handwritten-like digits by seed and index |
//! | [`toys`] | points of two classes in the plane |
//! | [`cube`] | values of a function at random points of a cube |
//! | [`dead_leaves`](mod@dead_leaves) | images with the statistics of natural ones |
//! | [`distort`] | images shifted, turned, stretched, slanted and warped at random |
//!
//! No file system, clock or threads in here: callers pass bytes, so the same code runs in the page. What comes from outside
//! (files, packs) is read without trust: sizes are checked before anything is allocated, and every badness is a typed error.
//! All random numbers come from [`random::Stream`].

pub mod cube;
pub mod dead_leaves;
pub mod digits;
pub mod distort;
pub mod idx;
mod inflate;
pub mod inputs;
pub mod own;
pub mod pack;
pub mod toys;

pub use pack::Pack;
