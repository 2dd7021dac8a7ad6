//! The law of phi'(u)^2 for a smooth activation: panels of Gauss-Legendre nodes that follow ln phi'^2.
//!
//! The transforms have integrands d^2/(y - d^2) with poles where v(z) = ln phi'(sqrt(q) z)^2 equals ln y. Panels are short
//! enough that v changes by at most [`RANGE`] on each; those that lie too close to a pole are halved when the transform is
//! taken. Far below y an integrand is d^2/y = 0 to rounding, far above it is -1.

use std::sync::{LazyLock, OnceLock};

use super::complex::Complex;
use super::transform::{Node, Terms};
use crate::activation::{Activation, NORMAL_DENSITY_AT_0};
use crate::quadrature::legendre_rule;

/// Nodes of a panel.
const NODES: usize = 16;
/// Range of z: the normal law has 2e-17 beyond it.
const Z_MAX: f64 = 8.5;
/// Longest panel in z, and in u = sqrt(q) z.
const LONGEST: (f64, f64) = (1.0, 2.0);
/// Largest change of v on a panel.
const RANGE: f64 = 2.0;
/// Shortest panel, beside a zero of phi'.
const SHORTEST: f64 = 1e-12;
/// More panels than this would take too long.
const MOST_PANELS: usize = 8_000;
/// D^2 below this counts as if it were this; the squares of smaller numbers have no room.
const SMALLEST: f64 = 1e-140;
/// Where v differs from ln y by this much the integrand is constant to rounding.
const FAR: f64 = 40.0;
/// The sum of distances of a pole from the ends of a panel, in half lengths: r + 1/r with r the size of the largest
/// ellipse of analyticity. The error falls as r^(-2 NODES), 1e-13 here.
const ELLIPSE: f64 = 3.0;
/// Halvings of a panel, and halvings in all, before y counts as too close to the support.
const DEEPEST: usize = 40;
const MOST_HALVINGS: usize = 600;

static LEGENDRE: LazyLock<[(f64, f64); NODES]> = LazyLock::new(legendre_rule::<NODES>);

/// The law for a smooth activation at q > 0.
#[derive(Clone, Debug)]
pub(crate) struct SmoothLaw {
    pub(crate) activation: Activation,
    pub(crate) q: f64,
    /// `None` inside if there would be too many.
    panels: OnceLock<Option<Vec<Panel>>>,
}

#[derive(Clone, Debug)]
struct Panel {
    z: (f64, f64),
    /// Smallest and largest v at the nodes and ends.
    v: (f64, f64),
    mass: f64,
    nodes: [Node; NODES],
}

impl SmoothLaw {
    pub(crate) fn new(activation: Activation, q: f64) -> Self {
        Self { activation, q, panels: OnceLock::new() }
    }

    fn is_even(&self) -> bool {
        matches!(
            self.activation,
            Activation::Tanh | Activation::Erf | Activation::ErfUnitSlope | Activation::Sigmoid | Activation::Sin
        )
    }

    fn slope(&self, z: f64) -> f64 {
        self.activation.dphi(self.q.sqrt() * z)
    }

    fn panel(&self, low: f64, high: f64) -> Panel {
        let (middle, half) = (0.5 * (low + high), 0.5 * (high - low));
        let multiplicity = if self.is_even() { 2.0 } else { 1.0 };
        let mut panel = Panel {
            z: (low, high),
            v: (f64::INFINITY, f64::NEG_INFINITY),
            mass: 0.0,
            nodes: [Node { d2: 0.0, weight: 0.0 }; NODES],
        };
        let mut see = |d2: f64| {
            let v = libm::log(d2.max(SMALLEST));
            panel.v = (panel.v.0.min(v), panel.v.1.max(v));
        };
        for z in [low, high] {
            let slope = self.slope(z);
            see(slope * slope);
        }
        for (node, &(x, weight)) in panel.nodes.iter_mut().zip(LEGENDRE.iter()) {
            let z = middle + half * x;
            let slope = self.slope(z);
            node.d2 = slope * slope;
            node.weight = multiplicity * half * weight * NORMAL_DENSITY_AT_0 * libm::exp(-0.5 * z * z);
            panel.mass += node.weight;
            see(node.d2);
        }
        panel
    }

    fn panels(&self) -> Option<&[Panel]> {
        self.panels.get_or_init(|| self.build()).as_deref()
    }

    fn build(&self) -> Option<Vec<Panel>> {
        let longest = LONGEST.0.min(LONGEST.1 / self.q.sqrt());
        let start = if self.is_even() { 0.0 } else { -Z_MAX };
        let count = ((Z_MAX - start) / longest).ceil();
        if count > MOST_PANELS as f64 {
            return None;
        }
        let at = |k: usize| start + (Z_MAX - start) * k as f64 / count;
        let mut edges: Vec<f64> = Vec::new();
        for k in 0..count as usize {
            edges.push(at(k));
            edges.extend(self.zero_between(at(k), at(k + 1)));
        }
        edges.push(Z_MAX);
        let mut open: Vec<(f64, f64)> = edges.windows(2).map(|pair| (pair[0], pair[1])).collect();
        let mut panels = Vec::new();
        while let Some((low, high)) = open.pop() {
            if panels.len() + open.len() > MOST_PANELS {
                return None;
            }
            let panel = self.panel(low, high);
            if panel.v.1 - panel.v.0 <= RANGE || high - low <= SHORTEST {
                panels.push(panel);
            } else {
                let middle = 0.5 * (low + high);
                open.extend([(low, middle), (middle, high)]);
            }
        }
        Some(panels)
    }

    /// A zero of phi' between two points, if its sign changes.
    fn zero_between(&self, low: f64, high: f64) -> Option<f64> {
        let (mut low, mut high) = (low, high);
        let sign = self.slope(low) > 0.0;
        if sign == (self.slope(high) > 0.0) {
            return None;
        }
        for _ in 0..60 {
            let middle = 0.5 * (low + high);
            if (self.slope(middle) > 0.0) == sign { low = middle } else { high = middle }
        }
        Some(high)
    }

    /// E f(D^2). NaN if phi' changes too fast for the panels.
    pub(crate) fn expectation(&self, f: impl Fn(f64) -> f64) -> f64 {
        let Some(panels) = self.panels() else { return f64::NAN };
        panels.iter().flat_map(|panel| &panel.nodes).map(|node| node.weight * f(node.d2)).sum()
    }

    /// The largest D^2 at the nodes and ends of panels.
    pub(crate) fn largest(&self) -> f64 {
        let ends = self.panels().unwrap_or_default().iter().map(|panel| panel.v.1);
        libm::exp(ends.fold(f64::NEG_INFINITY, f64::max))
    }

    /// The transforms at y = e^w, or `None` where y is too close to the support.
    pub(crate) fn sum<T: Terms>(&self, terms: &mut T, w: Complex) -> Option<()> {
        let y = w.exp();
        let mut halvings = 0;
        for panel in self.panels()? {
            if panel.v.1 < w.re - FAR {
                terms.add_far(panel.mass, true, y);
            } else if panel.v.0 > w.re + FAR {
                terms.add_far(panel.mass, false, y);
            } else if panel.is_fine(w) {
                terms.add(&panel.nodes, y);
            } else {
                self.halve(terms, panel, w, y, DEEPEST, &mut halvings)?;
            }
        }
        Some(())
    }

    fn halve<T: Terms>(
        &self,
        terms: &mut T,
        panel: &Panel,
        w: Complex,
        y: Complex,
        levels: usize,
        halvings: &mut usize,
    ) -> Option<()> {
        *halvings += 1;
        if levels == 0 || *halvings > MOST_HALVINGS {
            return None;
        }
        let (low, high) = panel.z;
        let middle = 0.5 * (low + high);
        for (low, high) in [(low, middle), (middle, high)] {
            let half = self.panel(low, high);
            if half.is_fine(w) {
                terms.add(&half.nodes, y);
            } else {
                self.halve(terms, &half, w, y, levels - 1, halvings)?;
            }
        }
        Some(())
    }
}

impl Panel {
    /// Whether the pole is far enough, as if v were linear on the panel. Where it is flatter, at an extremum, the pole is
    /// farther in z than that.
    fn is_fine(&self, w: Complex) -> bool {
        // A last sliver beside a zero of phi' is too small to matter.
        let (middle, half) = (0.5 * (self.v.0 + self.v.1), 0.5 * (self.v.1 - self.v.0));
        let distance = (w.re - middle).abs();
        self.z.1 - self.z.0 <= SHORTEST
            || libm::hypot(distance - half, w.im) + libm::hypot(distance + half, w.im) >= ELLIPSE * half
    }
}
