//! Named, seeded, counter-based random streams.
