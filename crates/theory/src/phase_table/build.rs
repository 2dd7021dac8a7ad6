//! Tabulation of expectations over q.

use super::node::Node;
use super::profile::{Profile, Surface};
use crate::activation::Activation;
use crate::family::Family;
use crate::length::moments;

/// q of the first node is 2^-FIRST_OCTAVE.
pub(super) const FIRST_OCTAVE: usize = 16;
/// log2 of the last q where phi is bounded: reached by sigmas of 90.
const LAST_OCTAVE_BOUNDED: usize = 13;
/// log2 of the last q where it is not, and where lengths grow beyond any table.
const LAST_OCTAVE_UNBOUNDED: usize = 17;
/// Nodes an octave of the tables over q. A cubic through four of them has a power q^k to 5e-9 k^4 of itself.
pub(super) const NODES_PER_OCTAVE: usize = 32;
/// Nodes for each at which expectations are evaluated; those between are interpolated in eight points, to 2e-8 of q^3.
const UPSAMPLING: usize = 4;
/// Nodes of the tables over q for each row of the table over q and y.
pub(super) const STRIDE: usize = 8;
/// First row of that table, in octaves above the first node: below q = 2^-13 it no longer changes.
const FIRST_ROW_OCTAVE: usize = 3;
/// The same for gelu and silu: at smaller lengths the point with chi_1 = 1 is not stable.
const FIRST_ROW_OCTAVE_UNBOUNDED: usize = 16;
/// How V(q) = q behaves.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) enum Shape {
    /// V(q) = gain sigma_w^2 q + sigma_b^2.
    Homogeneous { gain: f64 },
    /// One root besides 0.
    Concave,
    /// Up to three roots; lengths grow without bound if sigma_w^2 is large.
    Unbounded,
}

/// The tables of one activation.
#[derive(Clone, Debug)]
pub(super) struct Tables {
    pub(super) shape: Shape,
    /// Whether phi is odd, so that c* = 0 without bias.
    pub(super) is_odd: bool,
    /// E phi^2 = at_zero.0 + at_zero.1 q - at_zero.2 q^2 below the first node.
    pub(super) small_phi2: (f64, f64, f64),
    /// E phi'^2 at q = 0.
    pub(super) small_dphi2: f64,
    pub(super) nodes: Vec<Node>,
    /// Rows of `Y_CELLS + 1` values of y, one row for each `STRIDE` nodes from `first_row` on. Empty if chi_1 > 1 is
    /// impossible.
    pub(super) surface: Vec<Surface>,
    /// Node of the first row.
    pub(super) first_row: usize,
}

impl Tables {
    pub(super) fn new(activation: Activation) -> Self {
        let family = Family::coarse(activation);
        let mut tables = Self::with_nodes(activation, |q| Node::at(family, q));
        // Where B(1) < 0 no sigma_b makes the network chaotic: sigmoid at small q, softplus at any. The rows start four
        // below the first that is needed, for the cubic through them.
        if let Some(first_needed) = tables.nodes.iter().position(|node| node.span > node.lift) {
            tables.first_row = tables.first_row.max(first_needed.saturating_sub(4 * STRIDE) / STRIDE * STRIDE);
            let mut profile = Profile::default();
            for node in tables.nodes.iter().skip(tables.first_row).step_by(STRIDE) {
                profile.fill(family, node);
                profile.resample(&mut tables.surface);
            }
        }
        tables
    }

    /// The tables over q alone, with sums over a rule's nodes in place of expectations.
    pub(super) fn of_rule(activation: Activation, rule: &[(f64, f64)]) -> Self {
        Self::with_nodes(activation, |q| {
            let std = q.sqrt();
            let mut node = Node { q, ..Node::default() };
            for &(z, weight) in rule {
                let (value, slope) = (activation.phi(std * z), activation.dphi(std * z));
                node.phi2 += weight * value * value;
                node.dphi2 += weight * slope * slope;
            }
            node
        })
    }

    fn with_nodes(activation: Activation, node_at: impl Fn(f64) -> Node) -> Self {
        let family = Family::coarse(activation);
        let (shape, octaves, first_row) = match family.homogeneous_gain() {
            Some(gain) => (Shape::Homogeneous { gain }, 0, 0),
            None if family.is_concave() => (Shape::Concave, FIRST_OCTAVE + LAST_OCTAVE_BOUNDED, FIRST_ROW_OCTAVE),
            None => (Shape::Unbounded, FIRST_OCTAVE + LAST_OCTAVE_UNBOUNDED, FIRST_ROW_OCTAVE_UNBOUNDED),
        };
        let at_zero = moments(family, 0.0);
        let mut tables = Self {
            shape,
            is_odd: at_zero.phi2 == 0.0 && shape == Shape::Concave,
            small_phi2: (at_zero.phi2, at_zero.phi2_slope, 0.0),
            small_dphi2: at_zero.dphi2,
            nodes: Vec::new(),
            surface: Vec::new(),
            first_row: first_row * NODES_PER_OCTAVE,
        };
        if octaves > 0 {
            tables.nodes = nodes(node_at, octaves);
            let first = tables.nodes[0];
            tables.small_phi2.2 = (at_zero.phi2 + at_zero.phi2_slope * first.q - first.phi2) / (first.q * first.q);
        }
        tables
    }
}

/// The nodes over q.
fn nodes(node_at: impl Fn(f64) -> Node, octaves: usize) -> Vec<Node> {
    let q_at = |index: f64| libm::exp2(index / NODES_PER_OCTAVE as f64 - FIRST_OCTAVE as f64);
    let count = octaves * NODES_PER_OCTAVE;
    let sparse: Vec<Node> = (0..=count / UPSAMPLING).map(|index| node_at(q_at((index * UPSAMPLING) as f64))).collect();
    (0..=count)
        .map(|index| {
            let (cell, offset) = (index / UPSAMPLING, index % UPSAMPLING);
            if offset == 0 {
                return sparse[cell];
            }
            let start = cell.saturating_sub(3).min(sparse.len() - 8);
            let u = (cell - start) as f64 + offset as f64 / UPSAMPLING as f64;
            let mut node = Node { q: q_at(index as f64), ..Node::default() };
            for (i, at) in sparse[start..start + 8].iter().enumerate() {
                let others = (0..8).filter(|&j| j != i);
                let weight: f64 = others.map(|j| (u - j as f64) / (i as f64 - j as f64)).product();
                node.phi2 += weight * at.phi2;
                node.dphi2 += weight * at.dphi2;
                node.lift += weight * at.lift;
                node.span += weight * at.span;
                node.excess += weight * at.excess;
            }
            node
        })
        .collect()
}
