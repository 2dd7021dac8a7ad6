//! Tabulation: expectations over q, and c* with its depth scale over q and y.

use std::f64::consts::{FRAC_1_PI, FRAC_PI_2};
use std::sync::LazyLock;

use crate::activation::Activation;
use crate::family::Family;
use crate::hard_tanh;
use crate::kernel::{PairKernel, PairTerm, for_each_pair};
use crate::length::{self, moments};
use crate::quadrature::legendre_rule;

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
const FIRST_ROW_OCTAVE_UNBOUNDED: usize = 14;
/// Cells of y over [0, 1].
pub(super) const Y_CELLS: usize = 64;
/// Panels of the integrals over c, see [`Profile`]: where a value is a sum over pairs of mixture nodes, and where it is
/// one term.
const PANELS_OF_MIXTURE: usize = 40;
const PANELS_OF_CLOSED_FORM: usize = 96;

static LEGENDRE: LazyLock<[(f64, f64); 4]> = LazyLock::new(legendre_rule::<4>);

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

/// What depends on q and y.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Surface {
    /// c*/beta.
    pub(super) c_over_beta: f64,
    /// -ln C'(c*) / ln chi_1.
    pub(super) decay: f64,
}

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
        if octaves == 0 {
            return tables;
        }
        tables.nodes = nodes(family, octaves);
        let first = tables.nodes[0];
        tables.small_phi2.2 = (at_zero.phi2 + at_zero.phi2_slope * first.q - first.phi2) / (first.q * first.q);
        // Noisy ramps (softplus) have B(1) < 0: no sigma_b makes them chaotic.
        if !matches!(family, Family::Ramp { .. }) {
            let mut profile = Profile::default();
            for node in tables.nodes.iter().skip(tables.first_row).step_by(STRIDE) {
                profile.fill(family, node);
                profile.resample(&mut tables.surface);
            }
        }
        tables
    }
}

/// The nodes over q.
fn nodes(family: Family, octaves: usize) -> Vec<Node> {
    let q_at = |index: f64| libm::exp2(index / NODES_PER_OCTAVE as f64 - FIRST_OCTAVE as f64);
    let count = octaves * NODES_PER_OCTAVE;
    let sparse: Vec<Node> =
        (0..=count / UPSAMPLING).map(|index| node(family, q_at((index * UPSAMPLING) as f64))).collect();
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

/// w at the j-th of `panels` + 1 points.
fn panel_edge(j: usize, panels: usize) -> f64 {
    libm::sin(FRAC_PI_2 * j as f64 / panels as f64)
}

fn node(family: Family, q: f64) -> Node {
    let at_q = moments(family, q);
    let mean = length::mean(family, q);
    let mean2 = mean * mean;
    // sum over k >= 1 of a_k^2, and sum over k >= 2 of (k - 1) a_k^2.
    let variance = at_q.phi2 - mean2;
    let upper = (at_q.excess + mean2).max(0.0);
    Node {
        q,
        phi2: at_q.phi2,
        dphi2: at_q.dphi2,
        lift: q * mean2 / variance,
        span: at_q.phi2 * upper / (variance * at_q.dphi2),
        excess: upper / variance,
    }
}

/// c* and the decay along one row of the table, as functions of y on the nodes c = 1 - w^4, w = sin(pi j/(2
/// panels)), which lie dense towards both ends.
///
/// With J0(c) = int_c^1 E'' and J1(c) = int_c^1 (1 - t) E''(t), all differences are sums of positive terms:
/// Q(1) - Q(c) = J0 - J1/(1 - c), C'(c*) = 1 - J1/((1 - c) Q(c)). The substitution makes integrands polynomials in w
/// both where E'' is smooth at c = 1 and where it grows as (1 - c)^(-1/2), as it does for kinks and, up to a scale 1/q,
/// for any phi.
#[derive(Default)]
struct Profile {
    points: Vec<(f64, Surface)>,
    terms: Vec<PairTerm>,
}

impl Profile {
    fn fill(&mut self, family: Family, node: &Node) {
        let q = node.q;
        self.terms.clear();
        if let Family::Sign { nodes, .. } | Family::Gated { nodes } = family {
            for_each_pair(nodes, q, q, |term| self.terms.push(term));
        }
        let kernel = PairKernel::new(family, q, q);
        let panels = if self.terms.len() > 1 { PANELS_OF_MIXTURE } else { PANELS_OF_CLOSED_FORM };
        let mut integrals = vec![(0.0, 0.0); panels + 1];
        for j in 0..panels {
            let (low, high) = (panel_edge(j, panels), panel_edge(j + 1, panels));
            let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
            let (mut j0, mut j1) = integrals[j];
            for &(x, weight) in LEGENDRE.iter() {
                let w = middle + half * x;
                let w3 = w * w * w;
                let rest = w3 * w;
                let value = 4.0 * w3 * half * weight * self.curvature(family, q, rest);
                j0 += value;
                j1 += value * rest;
            }
            integrals[j + 1] = (j0, j1);
        }
        let at_one = q * node.dphi2;
        let (total_0, total_1) = integrals[panels];
        let range = total_0 - total_1;
        let at_zero = at_one - range;
        // On the critical line both slopes tend to 1, from either side: evenly if C is smooth at 1, else as 1 to 2.
        let decay_at_one = if matches!(family, Family::HardTanh) { 0.5 } else { 1.0 };
        self.points.clear();
        self.points.push((0.0, Surface { c_over_beta: 1.0, decay: decay_at_one }));
        for (j, &(j0, j1)) in integrals.iter().enumerate().skip(1) {
            let w = panel_edge(j, panels);
            let rest = w * w * w * w;
            let c = 1.0 - rest;
            let fall = j0 - j1 / rest;
            let chord = at_one - fall;
            let left = (fall * at_zero / (range * chord)).min(1.0);
            let c_over_beta = if j == panels { range * at_zero / (total_1 * at_one) } else { c / (1.0 - left) };
            let drop = j1 / (rest * chord);
            // Near 0 the slope itself is exact where the sum of its fall is not.
            let slope_log =
                if drop < 0.5 { libm::log1p(-drop) } else { libm::log((q * kernel.dphi_dphi(c) / chord).max(1e-300)) };
            let decay = -slope_log / libm::log1p(fall / chord);
            // At small q hard tanh has no curvature left to speak of; its chaotic phase does not reach there.
            let surface = if range > 0.0 && decay.is_finite() && c_over_beta.is_finite() {
                Surface { c_over_beta, decay }
            } else {
                Surface { c_over_beta: 1.0, decay: decay_at_one }
            };
            let y = if left.is_finite() && range > 0.0 { left.sqrt() } else { w };
            self.points.push((if j == panels { 1.0 } else { y }, surface));
        }
    }

    /// d^2/dc^2 E phi(u1) phi(u2) at c = 1 - rest.
    fn curvature(&self, family: Family, q: f64, rest: f64) -> f64 {
        let c = 1.0 - rest;
        let one_minus_c2 = rest * (2.0 - rest);
        match family {
            Family::Sign { amplitude, .. } => {
                let mut sum = 0.0;
                for t in &self.terms {
                    let r = t.rest(one_minus_c2);
                    sum += t.weight * t.g * t.g2 / (r * r.sqrt());
                }
                2.0 * FRAC_1_PI * amplitude * amplitude * c * sum
            }
            Family::Gated { .. } => {
                let c2 = c * c;
                let mut sum = 0.0;
                for t in &self.terms {
                    let r = t.rest(one_minus_c2);
                    let inner = 1.0 + t.s + (t.p + t.g2 * c2 * (t.s + 3.0 * t.p / r)) / r;
                    sum += t.weight * t.g * inner / r.sqrt();
                }
                0.5 * FRAC_1_PI * q * sum
            }
            Family::HardTanh => {
                // dP/dc = p(omega) domega/dc, domega/dc = -1/sin omega (towards smaller omega).
                let a = 1.0 / q.sqrt();
                q * hard_tanh::corner_density(a, a, libm::acos(c)) / one_minus_c2.sqrt()
            }
            Family::Sin => 0.5 * q * q * (libm::exp(-q * rest) - libm::exp(-q * (2.0 - rest))),
            Family::Ramp { .. } | Family::PiecewiseLinear { .. } => 0.0,
        }
    }

    /// Appends the row on the uniform grid of y, by cubics through four neighbouring points.
    fn resample(&self, surface: &mut Vec<Surface>) {
        let mut cell = 0;
        for k in 0..=Y_CELLS {
            let y = k as f64 / Y_CELLS as f64;
            while cell + 2 < self.points.len() && self.points[cell + 1].0 < y {
                cell += 1;
            }
            let start = cell.saturating_sub(1).min(self.points.len() - 4);
            let stencil = &self.points[start..start + 4];
            let mut value = Surface::default();
            for (i, (y_i, at_i)) in stencil.iter().enumerate() {
                let mut weight = 1.0;
                for (j, (y_j, _)) in stencil.iter().enumerate() {
                    if i != j {
                        weight *= (y - y_j) / (y_i - y_j);
                    }
                }
                value.c_over_beta += weight * at_i.c_over_beta;
                value.decay += weight * at_i.decay;
            }
            surface.push(value);
        }
    }
}
