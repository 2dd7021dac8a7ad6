//! One pixel from the tables.

use super::Pixel;
use super::build::{FIRST_OCTAVE, NODES_PER_OCTAVE, STRIDE, Shape, Tables};
use super::node::Node;
use super::profile::{Surface, Y_CELLS, coordinate};
use crate::activation::Activation;
use crate::mean_field::{CRITICAL_TOLERANCE, MeanField};

/// Index of the node with q = 1.
const NODE_OF_1: usize = FIRST_OCTAVE * NODES_PER_OCTAVE;
/// |chi_1 - 1| below which it is taken from its distance to the critical line instead of sigma_w^2 E phi'^2.
const NEAR_CRITICAL: f64 = 0.25;
/// Where the pixel before in the same column found its q*.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Hint {
    cell: usize,
    sigma_b2: f64,
}

/// Where q* lies.
enum Place {
    Cell(usize),
    BelowTable,
    AboveTable,
}

/// Weights of the cubic through the values at 0, 1, 2, 3, at u.
#[inline(always)]
fn cubic_weights(u: f64) -> [f64; 4] {
    let (a, b, c) = (u - 1.0, u - 2.0, u - 3.0);
    [-a * b * c * (1.0 / 6.0), 0.5 * u * b * c, -0.5 * u * a * c, u * a * b * (1.0 / 6.0)]
}

/// The first of the four nodes of a cubic for `cell` among `count` nodes.
#[inline(always)]
fn stencil_start(cell: usize, count: usize) -> usize {
    cell.saturating_sub(1).min(count - 4)
}

impl Tables {
    /// The values at a point. `hint` comes from the same column and is kept up to date.
    pub(super) fn pixel(&self, activation: Activation, sigma_w2: f64, sigma_b2: f64, hint: &mut Hint) -> Pixel {
        if let Shape::Homogeneous { gain } = self.shape {
            return homogeneous_pixel(sigma_w2 * gain, sigma_b2);
        }
        match self.place(sigma_w2, sigma_b2, hint) {
            Place::Cell(cell) => {
                let (node, position) = self.solve(cell, sigma_w2, sigma_b2);
                self.finish(&node, position, sigma_w2, sigma_b2)
            }
            Place::BelowTable => {
                let node = self.small_node(sigma_w2, sigma_b2);
                self.finish(&node, 0.0, sigma_w2, sigma_b2)
            }
            Place::AboveTable => self.beyond(activation, sigma_w2, sigma_b2),
        }
    }

    /// q - V(q) at a node: negative below q*, positive above.
    #[inline(always)]
    fn gap(&self, index: usize, sigma_w2: f64, sigma_b2: f64) -> f64 {
        let node = &self.nodes[index];
        node.q - sigma_w2 * node.phi2 - sigma_b2
    }

    /// The cell whose ends have a gap of either sign: the one that lengths from q0 = 1 reach first.
    fn place(&self, sigma_w2: f64, sigma_b2: f64, hint: &mut Hint) -> Place {
        let last_node = self.nodes.len() - 1;
        // Lengths grow with sigma_b: a cell found at a smaller sigma_b bounds this one from below.
        let from_hint = if sigma_b2 >= hint.sigma_b2 { hint.cell } else { 0 };
        hint.sigma_b2 = sigma_b2;
        let mut top = last_node;
        let mut cell = from_hint;
        if self.shape == Shape::Unbounded {
            if self.gap(NODE_OF_1, sigma_w2, sigma_b2) > 0.0 {
                top = NODE_OF_1;
            } else {
                cell = cell.max(NODE_OF_1);
            }
        }
        // Below 1, or where there is one root, the crossing is unique and the march may start anywhere.
        cell = cell.min(top);
        while cell < top && self.gap(cell + 1, sigma_w2, sigma_b2) <= 0.0 {
            cell += 1;
        }
        hint.cell = cell;
        if cell == last_node {
            return Place::AboveTable;
        }
        while self.gap(cell, sigma_w2, sigma_b2) > 0.0 {
            if cell == 0 {
                hint.cell = 0;
                return Place::BelowTable;
            }
            cell -= 1;
        }
        hint.cell = cell;
        Place::Cell(cell)
    }

    /// q* inside a cell, everything that depends on it, and its position in units of nodes.
    #[inline(always)]
    fn solve(&self, cell: usize, sigma_w2: f64, sigma_b2: f64) -> (Node, f64) {
        let start = stencil_start(cell, self.nodes.len());
        let stencil = &self.nodes[start..start + 4];
        let gap = |i: usize| stencil[i].q - sigma_w2 * stencil[i].phi2 - sigma_b2;
        let (g0, g1, g2, g3) = (gap(0), gap(1), gap(2), gap(3));
        let first = (-11.0 * g0 + 18.0 * g1 - 9.0 * g2 + 2.0 * g3) * (1.0 / 6.0);
        let second = (2.0 * g0 - 5.0 * g1 + 4.0 * g2 - g3) * 0.5;
        let third = (-g0 + 3.0 * g1 - 3.0 * g2 + g3) * (1.0 / 6.0);
        let low = (cell - start) as f64;
        let (at_low, at_high) = (gap(cell - start), gap(cell - start + 1));
        let mut u = low + at_low / (at_low - at_high);
        // From the chord, whose error is 1e-3 of a cell, two steps of Newton's method reach rounding; one to spare.
        for _ in 0..3 {
            let value = g0 + u * (first + u * (second + u * third));
            let slope = first + u * (2.0 * second + 3.0 * u * third);
            if slope > 0.0 {
                u = (u - value / slope).clamp(low, low + 1.0);
            }
        }
        let weights = cubic_weights(u);
        let mut node = Node::default();
        for (weight, at) in weights.iter().zip(stencil) {
            node.q += weight * at.q;
            node.dphi2 += weight * at.dphi2;
            node.lift += weight * at.lift;
            node.span += weight * at.span;
            node.excess += weight * at.excess;
        }
        (node, start as f64 + u)
    }

    /// q* below the first node, from the expansion of E phi^2 to second order.
    fn small_node(&self, sigma_w2: f64, sigma_b2: f64) -> Node {
        let (constant, linear, bend) = self.small_phi2;
        let source = sigma_b2 + sigma_w2 * constant;
        let fall = 1.0 - sigma_w2 * linear;
        let bend = sigma_w2 * bend;
        let root = (fall * fall + 4.0 * bend * source).max(0.0).sqrt();
        let first = &self.nodes[0];
        let q = if fall >= 0.0 && fall + root > 0.0 {
            2.0 * source / (fall + root)
        } else if bend > 0.0 {
            (root - fall) / (2.0 * bend)
        } else {
            first.q
        };
        let share = (q / first.q).clamp(0.0, 1.0);
        Node {
            q,
            phi2: 0.0,
            dphi2: self.small_dphi2 + share * (first.dphi2 - self.small_dphi2),
            lift: 0.0,
            // a_3^2 ~ q^3 beside a_1^2 ~ q. Other activations are ordered at small q.
            span: if self.is_odd { first.span * share * share * share } else { 0.0 },
            excess: first.excess * share * share,
        }
    }

    /// chi_1, c* and xi_c once q* is known.
    #[inline(always)]
    fn finish(&self, node: &Node, position: f64, sigma_w2: f64, sigma_b2: f64) -> Pixel {
        let lifted = sigma_b2 + node.lift;
        let chi_1 = sigma_w2 * node.dphi2;
        let q_star = node.q as f32;
        if self.surface.is_empty() || lifted >= node.span || node.q == 0.0 {
            // Hard tanh's span falls faster than any power of q: where it is far below the neighbouring nodes' its cubic
            // may even be negative, and nothing but a bias of 0 is below it.
            let left = if node.span > 0.0 { 1.0 - lifted / node.span } else { f64::NEG_INFINITY };
            let excess = node.excess * left;
            let is_near = left > -0.5 && excess > -NEAR_CRITICAL && !self.surface.is_empty();
            let excess = if is_near { excess } else { (chi_1 - 1.0).min(0.0) };
            let chi_1 = if is_near { 1.0 + excess } else { chi_1 };
            let rate = if chi_1 < 0.5 { libm::logf(chi_1 as f32) } else { log_1p(excess) };
            return Pixel { q_star, chi_1: chi_1 as f32, c_star: 1.0, xi_c: depth_scale(rate) };
        }
        let beta = lifted / node.span;
        let left = 1.0 - beta;
        let excess = node.excess * left;
        let at = self.surface_at(position, coordinate(left));
        let chi_1 = if excess < NEAR_CRITICAL { 1.0 + excess } else { chi_1 };
        Pixel {
            q_star,
            chi_1: chi_1 as f32,
            c_star: (beta * at.c_over_beta).clamp(0.0, 1.0) as f32,
            xi_c: depth_scale(log_1p(excess) * at.decay as f32),
        }
    }

    /// Bicubic interpolation in log q and y.
    #[inline(always)]
    fn surface_at(&self, position: f64, y: f64) -> Surface {
        const WIDTH: usize = Y_CELLS + 1;
        let rows = self.surface.len() / WIDTH;
        let row_position = ((position - self.first_row as f64) * (1.0 / STRIDE as f64)).max(0.0);
        let column_position = y * Y_CELLS as f64;
        let row = stencil_start(row_position as usize, rows);
        let column = stencil_start(column_position as usize, WIDTH);
        let row_weights = cubic_weights(row_position - row as f64);
        let column_weights = cubic_weights(column_position - column as f64);
        let mut value = Surface::default();
        for (i, row_weight) in row_weights.iter().enumerate() {
            let start = (row + i) * WIDTH + column;
            let stencil = &self.surface[start..start + 4];
            let mut along = Surface::default();
            for (weight, at) in column_weights.iter().zip(stencil) {
                along.c_over_beta += weight * at.c_over_beta;
                along.decay += weight * at.decay;
            }
            value.c_over_beta += row_weight * along.c_over_beta;
            value.decay += row_weight * along.decay;
        }
        value
    }

    /// Lengths above the table: none at all if they grow without bound, else few pixels, done one by one.
    #[cold]
    fn beyond(&self, activation: Activation, sigma_w2: f64, sigma_b2: f64) -> Pixel {
        // phi'^2 averages to 1/2 at large lengths.
        let gain = 0.5 * sigma_w2;
        if self.shape == Shape::Unbounded && gain >= 1.0 - CRITICAL_TOLERANCE {
            return Pixel { q_star: f32::INFINITY, chi_1: gain as f32, c_star: 1.0, xi_c: f32::INFINITY };
        }
        match MeanField::new(activation, sigma_w2.sqrt(), sigma_b2.sqrt()).map(|mean_field| mean_field.summary()) {
            Ok(summary) => Pixel {
                q_star: summary.q_star.unwrap_or(f64::INFINITY) as f32,
                chi_1: summary.chi_1.unwrap_or(gain) as f32,
                c_star: summary.c_star.unwrap_or(1.0) as f32,
                xi_c: summary.xi_c.layers().unwrap_or(f64::INFINITY) as f32,
            },
            // Sigmas of a grid lie in the allowed range.
            Err(_) => Pixel { q_star: f32::INFINITY, chi_1: gain as f32, c_star: 1.0, xi_c: f32::INFINITY },
        }
    }
}

fn log_1p(excess: f64) -> f32 {
    libm::log1pf(excess as f32)
}

/// 1/|rate|, infinite at 0.
fn depth_scale(rate: f32) -> f32 {
    1.0 / rate.abs()
}

/// relu and its like: V(q) = slope q + sigma_b^2, c* = 1.
fn homogeneous_pixel(slope: f64, sigma_b2: f64) -> Pixel {
    let (q_star, rate) = if (slope - 1.0).abs() <= CRITICAL_TOLERANCE {
        (if sigma_b2 == 0.0 { 1.0 } else { f64::INFINITY }, 0.0)
    } else if slope < 1.0 {
        (sigma_b2 / (1.0 - slope), if slope < 0.5 { libm::logf(slope as f32) } else { log_1p(slope - 1.0) })
    } else {
        (f64::INFINITY, 0.0)
    };
    Pixel { q_star: q_star as f32, chi_1: slope as f32, c_star: 1.0, xi_c: depth_scale(rate) }
}
