//! Follows the density along a band.

use std::f64::consts::PI;

use super::complex::Complex;
use super::edges::Band;
use super::equation::{Equation, Failure, Point};

/// A trace ends where the density of ln lambda has fallen to this.
const THINNEST: f64 = 1e-11;
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

    /// dx/dt and d^2x/dt^2.
    fn slopes(self, t: f64) -> (f64, f64) {
        match self {
            Self::Below { .. } => (-2.0 * t, -2.0),
            Self::Between { half, .. } => (-half * libm::sin(t), -half * libm::cos(t)),
            Self::Up { .. } => (1.0, 0.0),
            Self::Down { .. } => (-1.0, 0.0),
        }
    }
}

/// A point of the trace.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Node {
    pub(crate) t: f64,
    /// ln y and its derivative by t.
    pub(crate) w: Complex,
    pub(crate) dw: Complex,
    /// Mass per t, and its derivative.
    rate: f64,
    bend: f64,
    /// Mass between t = 0 and here.
    pub(crate) mass: f64,
}

/// A traced piece of the density.
#[derive(Clone, Debug)]
pub(crate) struct Piece {
    pub(crate) chart: Chart,
    pub(crate) nodes: Vec<Node>,
}

/// Mass between two nodes: the trapezoidal rule corrected by the derivatives, exact for cubics.
fn mass_between(left: &Node, right: &Node) -> f64 {
    let step = right.t - left.t;
    step * (0.5 * (left.rate + right.rate) + step * (left.bend - right.bend) / 12.0)
}

fn node(chart: Chart, t: f64, point: &Point) -> Node {
    let (dx, d2x) = chart.slopes(t);
    let dw = Complex::real(dx).over(point.slope);
    // dM/dt = -P dw/dt
    let density_slope = (point.p * dw).im / PI;
    let density = point.log_density();
    Node { t, w: point.w, dw, rate: density * dx.abs(), bend: density_slope * dx.abs() + density * d2x * dx.signum(), mass: 0.0 }
}

impl Piece {
    /// From the upper edge of a band to its lower edge, or down to where the density is thin.
    pub(crate) fn of_band(equation: &Equation, band: &Band) -> Self {
        let top = band.top;
        let start = |curve: f64| Complex::new(0.0, curve.sqrt());
        match band.bottom {
            None => {
                // x_top - t^2 = x_top + curvature/2 (w - w_top)^2
                let first = Node::at_edge(0.0, top.w, start(2.0 / top.curvature));
                Self::trace(equation, Chart::Below { top: top.x }, first, None)
            }
            Some(bottom) => {
                let (middle, half) = (0.5 * (top.x + bottom.x), 0.5 * (top.x - bottom.x));
                // half (cos t - 1) = -half t^2/2, and the same from the other end.
                let first = Node::at_edge(0.0, top.w, start(half / top.curvature));
                let last = Node::at_edge(PI, bottom.w, -start(half / -bottom.curvature));
                Self::trace(equation, Chart::Between { middle, half }, first, Some(last))
            }
        }
    }

    /// From a point within a band in one direction, to where the density is thin.
    pub(crate) fn from_inside(equation: &Equation, chart: Chart, point: &Point) -> Self {
        Self::trace(equation, chart, node(chart, 0.0, point), None)
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
            if let Some(mut last) = last.filter(|last| here.t + 1.5 * step >= last.t) {
                last.mass = here.mass + mass_between(&here, &last);
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
                    let mut next = node(chart, t, &point);
                    next.mass = here.mass + mass_between(&here, &next);
                    nodes.push(next);
                    here = next;
                    if point.log_density() < THINNEST {
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
        Self { chart, nodes }
    }

    /// Ends of the piece in ln lambda, ascending.
    pub(crate) fn range(&self) -> (f64, f64) {
        let at = |node: Option<&Node>| node.map_or(f64::NAN, |node| self.chart.x(node.t));
        let (first, last) = (at(self.nodes.first()), at(self.nodes.last()));
        (first.min(last), first.max(last))
    }

    /// Mass of the piece.
    pub(crate) fn mass(&self) -> f64 {
        self.nodes.last().map_or(0.0, |node| node.mass)
    }

    /// The nodes on either side of x, if x lies on the piece.
    fn cell(&self, x: f64) -> Option<(f64, &Node, &Node)> {
        let (low, high) = self.range();
        if !(x >= low && x <= high) || self.nodes.len() < 2 {
            return None;
        }
        let t = self.chart.t(x);
        let right = self.nodes.partition_point(|node| node.t <= t).clamp(1, self.nodes.len() - 1);
        Some((t, &self.nodes[right - 1], &self.nodes[right]))
    }

    fn point(&self, equation: &Equation, x: f64) -> Option<(Node, Point, &Node)> {
        let (t, left, right) = self.cell(x)?;
        // Cubic Hermite guess.
        let step = right.t - left.t;
        let s = (t - left.t) / step;
        let rest = 1.0 - s;
        let guess = left.w.scale(rest * rest * (1.0 + 2.0 * s))
            + right.w.scale(s * s * (1.0 + 2.0 * rest))
            + left.dw.scale(s * rest * rest * step)
            + right.dw.scale(-s * s * rest * step);
        let point = equation.solve(Complex::real(x), guess).ok()?;
        Some((node(self.chart, t, &point), point, left))
    }

    /// Density of ln lambda at x; 0 off the piece.
    pub(crate) fn log_density(&self, equation: &Equation, x: f64) -> f64 {
        self.point(equation, x).map_or(0.0, |(_, point, _)| point.log_density().max(0.0))
    }

    /// Mass of the piece above x.
    pub(crate) fn mass_above(&self, equation: &Equation, x: f64) -> f64 {
        let (low, high) = self.range();
        let is_upward = matches!(self.chart, Chart::Up { .. });
        if x <= low {
            return self.mass();
        }
        if x >= high {
            return 0.0;
        }
        let from_start = match self.point(equation, x) {
            Some((here, _, left)) => left.mass + mass_between(left, &here),
            // Within rounding of an edge.
            None => self.cell(x).map_or(0.0, |(_, left, _)| left.mass),
        };
        if is_upward { self.mass() - from_start } else { from_start }
    }
}

impl Node {
    fn at_edge(t: f64, w: f64, dw: Complex) -> Self {
        Self { t, w: Complex::real(w), dw, rate: 0.0, bend: 0.0, mass: 0.0 }
    }
}
