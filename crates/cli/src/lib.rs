//! The native binary.
