//! Follows the density along a band.

use std::f64::consts::PI;

use super::complex::Complex;
use super::edges::Band;
use super::equation::{Equation, Failure, Point};

/// A trace ends where no more mass than this is left.
const REST: f64 = 1e-8;
/// A trace that needs more points than this has gone wrong.
const MOST_NODES: usize = 3000;
/// Largest error of a linear guess, in units of the step, that is accepted: it bounds how much the curve bends in a step.
const BEND: f64 = 0.04;

/// How ln lambda runs with the parameter t >= 0 of a trace. At an edge the density is a square root in ln lambda, and
/// smooth in t.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Chart {
    /// x = top - t^2: from an upper edge down to lambda = 0.
    Below { top: f64 },
    /// x = middle + half cos t, 0 <= t <= pi: from an upper edge to a lower one.
    Between { middle: f64, half: f64 },
    /// x = from + t.
    Up { from: f64 },
    /// x = from - t.
    Down { from: f64 },
}

impl Chart {
    pub(crate) fn x(self, t: f64) -> f64 {
        match self {
            Self::Below { top } => top - t * t,
            Self::Between { middle, half } => middle + half * libm::cos(t),
            Self::Up { from } => from + t,
            Self::Down { from } => from - t,
        }
    }

    /// The inverse of [`x`](Self::x), for x within the range.
    pub(crate) fn t(self, x: f64) -> f64 {
        match self {
            Self::Below { top } => (top - x).max(0.0).sqrt(),
            Self::Between { middle, half } => libm::acos(((x - middle) / half).clamp(-1.0, 1.0)),
            Self::Up { from } => x - from,
            Self::Down { from } => from - x,
        }
    }

    /// dx/dt.
    fn slope(self, t: f64) -> f64 {
        match self {
            Self::Below { .. } => -2.0 * t,
            Self::Between { half, .. } => -half * libm::sin(t),
            Self::Up { .. } => 1.0,
            Self::Down { .. } => -1.0,
        }
    }
}

impl Equation {
    /// Mass beyond a point in the direction of the chart.
    fn rest(&self, chart: Chart, point: &Point) -> f64 {
        let above = self.mass_above(point).unwrap_or(f64::NAN);
        if matches!(chart, Chart::Up { .. }) { above } else { 1.0 - self.law.mass_at_zero() - above }
    }
}

/// A point of the trace: ln y and its derivative by t.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    t: f64,
    w: Complex,
    dw: Complex,
}

/// A traced piece of the density.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    chart: Chart,
    nodes: Vec<Node>,
    /// Ends in ln lambda.
    pub(crate) range: (f64, f64),
    /// Mass above either end, atoms included.
    pub(crate) mass_above: (f64, f64),
}

impl Piece {
    /// From the upper edge of a band to its lower edge, or down to where the density is thin.
    pub(crate) fn of_band(equation: &Equation, band: &Band) -> Self {
        let top = band.top;
        let start = |curve: f64| Complex::new(0.0, curve.sqrt());
        match band.bottom {
            None => {
                // x_top - t^2 = x_top + curvature/2 (w - w_top)^2
                let first = Node { t: 0.0, w: Complex::real(top.w), dw: start(2.0 / top.curvature) };
                Self::trace(equation, Chart::Below { top: top.x }, first, None)
            }
            Some(bottom) => {
                let (middle, half) = (0.5 * (top.x + bottom.x), 0.5 * (top.x - bottom.x));
                // half (cos t - 1) = -half t^2/2, and the same from the other end.
                let first = Node { t: 0.0, w: Complex::real(top.w), dw: start(half / top.curvature) };
                let last = Node { t: PI, w: Complex::real(bottom.w), dw: -start(half / -bottom.curvature) };
                Self::trace(equation, Chart::Between { middle, half }, first, Some(last))
            }
        }
    }

    /// From a point within a band in one direction, to where the density is thin.
    pub(crate) fn from_inside(equation: &Equation, chart: Chart, point: &Point) -> Self {
        Self::trace(equation, chart, Node::new(chart, 0.0, point), None)
    }

    fn trace(equation: &Equation, chart: Chart, first: Node, last: Option<Node>) -> Self {
        let mut nodes = vec![first];
        let mut here = first;
        let end = last.map_or(f64::INFINITY, |last| last.t);
        // The first step moves y by a small part of its distance from the real axis' features, which is at least its
        // own height within a band.
        let mut step = 0.02 * here.w.im.max(0.05) / here.dw.norm().max(1e-3);
        let mut thin_steps = 0;
        while nodes.len() < MOST_NODES && step > 1e-13 * (1.0 + here.t) {
            if let Some(last) = last.filter(|last| here.t + 1.5 * step >= last.t) {
                nodes.push(last);
                break;
            }
            let t = (here.t + step).min(end);
            let guess = here.w + here.dw.scale(step);
            let found = equation.solve(Complex::real(chart.x(t)), guess);
            let moved = |point: &Point| (point.w - here.w).norm();
            match found {
                Ok(point) if (point.w - guess).norm() <= BEND * moved(&point) && point.m.im < 0.0 => {
                    let bend = (point.w - guess).norm() / (BEND * moved(&point)).max(f64::MIN_POSITIVE);
                    here = Node::new(chart, t, &point);
                    nodes.push(here);
                    // What is left in a tail is about its density times its length.
                    if point.log_density() < 1e-3 && equation.rest(chart, &point) < REST {
                        break;
                    }
                    step *= (0.7 / bend.max(0.1)).clamp(0.5, 2.0);
                }
                Err(Failure::Thin) if thin_steps >= 4 => break,
                other => {
                    thin_steps += usize::from(matches!(other, Err(Failure::Thin)));
                    step *= 0.4;
                }
            }
        }
        let end = |node: Option<&Node>| {
            let x = node.map_or(f64::NAN, |node| chart.x(node.t));
            // An edge is on the real axis; next to it is the side from which it is approached.
            let w = node.map_or(Complex::ZERO, |node| Complex::new(node.w.re, node.w.im.max(1e-12)));
            let mass = equation.at(w).and_then(|point| equation.mass_above(&point)).unwrap_or(f64::NAN);
            (x, mass)
        };
        let (first, last) = (end(nodes.first()), end(nodes.last()));
        let (low, high) = if first.0 < last.0 { (first, last) } else { (last, first) };
        Self { chart, nodes, range: (low.0, high.0), mass_above: (low.1, high.1) }
    }

    /// The point of the curve at x, if x lies on the piece.
    fn point(&self, equation: &Equation, x: f64) -> Option<Point> {
        if !(x >= self.range.0 && x <= self.range.1) || self.nodes.len() < 2 {
            return None;
        }
        let t = self.chart.t(x);
        let k = self.nodes.partition_point(|node| node.t <= t).clamp(1, self.nodes.len() - 1);
        let (left, right) = (&self.nodes[k - 1], &self.nodes[k]);
        // Cubic Hermite guess.
        let step = right.t - left.t;
        let s = (t - left.t) / step;
        let rest = 1.0 - s;
        let guess = left.w.scale(rest * rest * (1.0 + 2.0 * s))
            + right.w.scale(s * s * (1.0 + 2.0 * rest))
            + left.dw.scale(s * rest * rest * step)
            + right.dw.scale(-s * s * rest * step);
        equation.solve(Complex::real(x), guess).ok()
    }

    /// Density of ln lambda at x; 0 off the piece.
    pub(crate) fn log_density(&self, equation: &Equation, x: f64) -> f64 {
        self.point(equation, x).map_or(0.0, |point| point.log_density().max(0.0))
    }

    /// Mass of the whole spectrum above x, if x lies on the piece.
    pub(crate) fn mass_above(&self, equation: &Equation, x: f64) -> Option<f64> {
        let (low, high) = self.range;
        if !(x >= low && x <= high) {
            return None;
        }
        let mass = self.point(equation, x).and_then(|point| equation.mass_above(&point));
        // Within rounding of an end there may be no solution.
        Some(mass.unwrap_or(if x - low < high - x { self.mass_above.0 } else { self.mass_above.1 }))
    }
}

impl Node {
    fn new(chart: Chart, t: f64, point: &Point) -> Self {
        Self { t, w: point.w, dw: Complex::real(chart.slope(t)).over(point.slope) }
    }
}
