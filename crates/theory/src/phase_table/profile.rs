//! Tabulation of c* and its depth scale at one q.

use std::f64::consts::{FRAC_1_PI, FRAC_PI_2};
use std::sync::LazyLock;

use super::node::Node;
use crate::family::Family;
use crate::hard_tanh;
use crate::kernel::{PairKernel, PairTerm, for_each_pair};
use crate::quadrature::legendre_rule;

/// Cells of y over [0, 1].
pub(super) const Y_CELLS: usize = 96;
/// Panels of the integrals over c, see [`Profile`]: where a value is a sum over pairs of mixture nodes, and where it is
/// one term.
const PANELS_OF_MIXTURE: usize = 64;
const PANELS_OF_CLOSED_FORM: usize = 96;

static LEGENDRE: LazyLock<[(f64, f64); 4]> = LazyLock::new(legendre_rule::<4>);

/// What depends on q and y.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Surface {
    /// c*/beta.
    pub(super) c_over_beta: f64,
    /// -ln C'(c*) / ln chi_1.
    pub(super) decay: f64,
}

/// The coordinate y of a point, from 1 - beta.
#[inline(always)]
pub(super) fn coordinate(left: f64) -> f64 {
    let near = left.sqrt();
    2.0 * near / (near + (9.0 - 8.0 * left).sqrt())
}

/// w at the j-th of `panels` + 1 points.
fn panel_edge(j: usize, panels: usize) -> f64 {
    let share = j as f64 / panels as f64;
    // The sine's slope at c* bends within 1/q of c = 0: where points are cheap, more of them there.
    if panels == PANELS_OF_CLOSED_FORM { libm::sin(FRAC_PI_2 * share) } else { share }
}

/// c* and the decay along one row of the table, as functions of y at the points c = 1 - w^4, w from 0 to 1.
///
/// With J0(c) = int_c^1 E'' and J1(c) = int_c^1 (1 - t) E''(t), all differences are sums of positive terms:
/// Q(1) - Q(c) = J0 - J1/(1 - c), C'(c*) = 1 - J1/((1 - c) Q(c)). The substitution makes integrands polynomials in w
/// both where E'' is smooth at c = 1 and where it grows as (1 - c)^(-1/2), as it does for kinks and, up to a scale 1/q,
/// for any phi.
#[derive(Default)]
pub(super) struct Profile {
    points: Vec<(f64, Surface)>,
    lanes: Vec<Lane>,
}

/// Pairs that are summed side by side, so that the sums compile to vector instructions.
const LANES: usize = 4;

/// [`PairTerm`]s of `LANES` pairs.
#[derive(Clone, Copy)]
struct Lane {
    weight_g: [f64; LANES],
    g2: [f64; LANES],
    h: [f64; LANES],
    s: [f64; LANES],
    p: [f64; LANES],
}

impl Default for Lane {
    /// Pairs of weight 0.
    fn default() -> Self {
        Self { weight_g: [0.0; LANES], g2: [0.0; LANES], h: [1.0; LANES], s: [0.0; LANES], p: [0.0; LANES] }
    }
}

impl Lane {
    fn set(&mut self, k: usize, term: &PairTerm) {
        self.weight_g[k] = term.weight * term.g;
        (self.g2[k], self.h[k], self.s[k], self.p[k]) = (term.g2, term.h, term.s, term.p);
    }
}

impl Profile {
    pub(super) fn fill(&mut self, family: Family, node: &Node) {
        let q = node.q;
        self.lanes.clear();
        if let Family::Sign { nodes, .. } | Family::Gated { nodes } = family {
            let mut count = 0;
            for_each_pair(nodes, q, q, |term| {
                if count % LANES == 0 {
                    self.lanes.push(Lane::default());
                }
                if let Some(lane) = self.lanes.last_mut() {
                    lane.set(count % LANES, &term);
                }
                count += 1;
            });
        }
        let kernel = PairKernel::new(family, q, q);
        let panels = if self.lanes.len() > 1 { PANELS_OF_MIXTURE } else { PANELS_OF_CLOSED_FORM };
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
            // Far from 1 the slope itself is exact where the sum of its fall is not.
            let slope_log =
                if drop < 0.5 { libm::log1p(-drop) } else { libm::log((q * kernel.dphi_dphi(c) / chord).max(1e-300)) };
            let decay = -slope_log / libm::log1p(fall / chord);
            // At small q hard tanh has no curvature left to speak of; its chaotic phase does not reach there.
            let surface = if range > 0.0 && decay.is_finite() && c_over_beta.is_finite() {
                Surface { c_over_beta, decay }
            } else {
                Surface { c_over_beta: 1.0, decay: decay_at_one }
            };
            let left = if range > 0.0 { left } else { w * w };
            self.points.push((if j == panels { 1.0 } else { coordinate(left) }, surface));
        }
    }

    /// sum over pairs of weight times g times value(lane, index, R).
    #[inline(always)]
    fn sum(&self, one_minus_c2: f64, value: impl Fn(&Lane, usize, f64) -> f64) -> f64 {
        let mut sums = [0.0; LANES];
        for lane in &self.lanes {
            for k in 0..LANES {
                let r = lane.h[k] + one_minus_c2 * lane.g2[k];
                sums[k] += lane.weight_g[k] * value(lane, k, r);
            }
        }
        sums.iter().sum()
    }

    /// d^2/dc^2 E phi(u1) phi(u2) at c = 1 - rest.
    fn curvature(&self, family: Family, q: f64, rest: f64) -> f64 {
        let c = 1.0 - rest;
        let one_minus_c2 = rest * (2.0 - rest);
        match family {
            Family::Sign { amplitude, .. } => {
                let sum = self.sum(one_minus_c2, |lane, k, r| lane.g2[k] / (r * r.sqrt()));
                2.0 * FRAC_1_PI * amplitude * amplitude * c * sum
            }
            Family::Gated { .. } => {
                let c2 = c * c;
                let sum = self.sum(one_minus_c2, |lane, k, r| {
                    let (g2, s, p) = (lane.g2[k], lane.s[k], lane.p[k]);
                    (1.0 + s + (p + g2 * c2 * (s + 3.0 * p / r)) / r) / r.sqrt()
                });
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
    pub(super) fn resample(&self, surface: &mut Vec<Surface>) {
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
