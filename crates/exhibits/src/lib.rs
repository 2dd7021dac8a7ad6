//! The exhibits.
