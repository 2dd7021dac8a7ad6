//! Nets: propagation, training, attacks.
