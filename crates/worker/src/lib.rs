//! The compute worker.
