//! Generated data sets, readers and packs.
