//! Expectations at one q.

use crate::family::Family;
use crate::length::{self, moments};

/// What depends on q alone; see the text of [`super`] for the letters.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Node {
    pub(super) q: f64,
    /// E phi^2.
    pub(super) phi2: f64,
    /// E phi'^2.
    pub(super) dphi2: f64,
    /// -B(0).
    pub(super) lift: f64,
    /// B(1) - B(0).
    pub(super) span: f64,
    /// L, the value of chi_1 - 1 where c* = 0.
    pub(super) excess: f64,
}

impl Node {
    /// The expectations of an activation's form.
    pub(super) fn at(family: Family, q: f64) -> Self {
        let at_q = moments(family, q);
        let mean = length::mean(family, q);
        let mean2 = mean * mean;
        // sum over k >= 1 of a_k^2, and sum over k >= 2 of (k - 1) a_k^2.
        let variance = at_q.phi2 - mean2;
        let upper = (at_q.excess + mean2).max(0.0);
        Self {
            q,
            phi2: at_q.phi2,
            dphi2: at_q.dphi2,
            lift: q * mean2 / variance,
            span: at_q.phi2 * upper / (variance * at_q.dphi2),
            excess: upper / variance,
        }
    }
}
