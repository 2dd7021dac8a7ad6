//! The law of the squared slope D^2 = phi'(u)^2, u ~ N(0, q), and its transforms.

use std::sync::OnceLock;

use super::complex::Complex;
use crate::activation::{Activation, LEAKY_SLOPE, NORMAL_DENSITY_AT_0};
use crate::error::TheoryError;
use crate::expectation::{e_dphi2, e_dphi4};
use crate::kernel::Q_MAX;
use crate::quadrature::normal_expectation;

/// Range of z of the trapezoidal rule: the normal law has 2e-19 beyond it.
const Z_MAX: f64 = 9.0;
/// Halvings of the step of the trapezoidal rule. The last level has some 2^14 nodes at q = 1.
const LEVELS: usize = 9;
/// Largest spread of u for which the nodes of the trapezoidal rule stay affordable.
const LARGEST_STD: f64 = 300.0;

/// A value of D^2 and its probability.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Node {
    pub(crate) d2: f64,
    pub(crate) weight: f64,
}

/// Transforms of the law of D^2 at a point y of the upper half plane (or of the real axis outside the support).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Transform {
    /// A = E y/(y - D^2) = 1 + M.
    pub(crate) a: Complex,
    /// M = E D^2/(y - D^2), the moment generating function of D^2 in 1/y.
    pub(crate) m: Complex,
    /// P = E D^2 y/(y - D^2)^2 = -dM/d ln y.
    pub(crate) p: Complex,
}

/// The law of phi'(u)^2 for u ~ N(0, q): the spectrum of D^2 in J = prod D^l W^l.
#[derive(Clone, Debug)]
pub struct SlopeLaw {
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    /// Finitely many values, ascending: kinked activations, and q = 0.
    Atoms(Vec<Node>),
    Smooth(Smooth),
}

/// A smooth activation. Level 0 of the trapezoidal rule has step `step`; each level holds the nodes half way between
/// those of the levels below it, with weights as if the step were 1.
#[derive(Clone, Debug)]
struct Smooth {
    activation: Activation,
    q: f64,
    step: f64,
    is_even: bool,
    levels: [OnceLock<Vec<Node>>; LEVELS],
    largest: OnceLock<f64>,
}

impl SlopeLaw {
    /// The law at variance q of the pre-activations.
    ///
    /// # Errors
    /// [`TheoryError::OutOfRange`] unless q lies in \[0, 1e300\].
    pub fn new(activation: Activation, q: f64) -> Result<Self, TheoryError> {
        let q = TheoryError::check("q_star", q, 0.0, Q_MAX)?;
        let atoms = |list: &[(f64, f64)]| {
            let nodes = list.iter().filter(|entry| entry.1 > 0.0);
            Kind::Atoms(nodes.map(|&(d2, weight)| Node { d2, weight }).collect())
        };
        let kind = match activation {
            Activation::Linear => atoms(&[(1.0, 1.0)]),
            Activation::Relu => atoms(&[(0.0, 0.5), (1.0, 0.5)]),
            Activation::LeakyRelu => atoms(&[(LEAKY_SLOPE * LEAKY_SLOPE, 0.5), (1.0, 0.5)]),
            Activation::HardTanh => {
                let p = e_dphi2(activation, q);
                atoms(&[(0.0, 1.0 - p), (1.0, p)])
            }
            _ if q == 0.0 => {
                let slope = activation.dphi(0.0);
                atoms(&[(slope * slope, 1.0)])
            }
            _ => Kind::Smooth(Smooth::new(activation, q)),
        };
        Ok(Self { kind })
    }

    /// phi' is 1 with probability p and 0 otherwise: relu has p = 1/2, hard tanh p = P(|u| < 1).
    ///
    /// # Errors
    /// [`TheoryError::OutOfRange`] unless p lies in \[0, 1\].
    pub fn zero_one(p: f64) -> Result<Self, TheoryError> {
        let p = TheoryError::check("p", p, 0.0, 1.0)?;
        let nodes = [Node { d2: 0.0, weight: 1.0 - p }, Node { d2: 1.0, weight: p }];
        Ok(Self { kind: Kind::Atoms(nodes.into_iter().filter(|node| node.weight > 0.0).collect()) })
    }

    /// mu_k = E phi'^(2k), k >= 0.
    pub fn mu(&self, k: u32) -> f64 {
        match &self.kind {
            Kind::Atoms(nodes) => nodes.iter().map(|node| node.weight * libm::pow(node.d2, f64::from(k))).sum(),
            Kind::Smooth(smooth) => match k {
                0 => 1.0,
                1 => e_dphi2(smooth.activation, smooth.q),
                2 => e_dphi4(smooth.activation, smooth.q),
                _ => smooth.expectation(|slope| libm::pow(slope * slope, f64::from(k))),
            },
        }
    }

    /// E ln phi'^2, which is -infinity where phi' vanishes with positive probability.
    pub fn mean_ln(&self) -> f64 {
        match &self.kind {
            Kind::Atoms(nodes) => nodes.iter().map(|node| node.weight * libm::log(node.d2)).sum(),
            Kind::Smooth(smooth) => smooth.expectation(|slope| 2.0 * libm::log(slope.abs().max(f64::MIN_POSITIVE))),
        }
    }

    /// P(phi' = 0).
    pub fn mass_at_zero(&self) -> f64 {
        self.atoms().iter().filter(|node| node.d2 == 0.0).map(|node| node.weight).sum()
    }

    /// The values of D^2, ascending, if they are finitely many; empty otherwise.
    pub(crate) fn atoms(&self) -> &[Node] {
        match &self.kind {
            Kind::Atoms(nodes) => nodes,
            Kind::Smooth(_) => &[],
        }
    }

    /// Whether D^2 takes finitely many values.
    pub(crate) fn is_discrete(&self) -> bool {
        matches!(self.kind, Kind::Atoms(_))
    }

    /// The activation and q of a law that is not discrete.
    pub(crate) fn smooth(&self) -> Option<(Activation, f64)> {
        match &self.kind {
            Kind::Atoms(_) => None,
            Kind::Smooth(smooth) => Some((smooth.activation, smooth.q)),
        }
    }

    /// The largest D^2; of a smooth law, as far as the normal law reaches.
    pub(crate) fn largest(&self) -> f64 {
        match &self.kind {
            Kind::Atoms(nodes) => nodes.last().map_or(0.0, |node| node.d2),
            Kind::Smooth(smooth) => smooth.largest(),
        }
    }

    /// The transforms at y = e^w, 0 <= Im w <= pi, or `None` where y is too close to the support of a smooth law for
    /// the quadrature.
    pub(crate) fn transform(&self, w: Complex) -> Option<Transform> {
        let y = w.exp();
        match &self.kind {
            Kind::Atoms(nodes) => Some(transform_of(nodes, y)),
            Kind::Smooth(smooth) => smooth.transform(y),
        }
    }
}

/// Sums over nodes.
fn transform_of(nodes: &[Node], y: Complex) -> Transform {
    let mut sum = Transform { a: Complex::ZERO, m: Complex::ZERO, p: Complex::ZERO };
    for node in nodes {
        // 1/(y - d2)
        let distance = y.re - node.d2;
        let scale = 1.0 / (distance * distance + y.im * y.im);
        let (re, im) = (distance * scale, -y.im * scale);
        let (a_re, a_im) = (y.re * re - y.im * im, y.re * im + y.im * re);
        let (weight, slope) = (node.weight, node.weight * node.d2);
        sum.a.re += weight * a_re;
        sum.a.im += weight * a_im;
        sum.m.re += slope * re;
        sum.m.im += slope * im;
        sum.p.re += slope * (a_re * re - a_im * im);
        sum.p.im += slope * (a_re * im + a_im * re);
    }
    sum
}

impl Smooth {
    fn new(activation: Activation, q: f64) -> Self {
        // u moves by at most 1/4 from node to node, so that the coarsest two levels already see every feature.
        let step = 0.25 / q.sqrt().max(1.0);
        let is_even = matches!(
            activation,
            Activation::Tanh | Activation::Erf | Activation::ErfUnitSlope | Activation::Sigmoid | Activation::Sin
        );
        Self { activation, q, step, is_even, levels: Default::default(), largest: OnceLock::new() }
    }

    fn expectation(&self, f: impl Fn(f64) -> f64) -> f64 {
        normal_expectation(|x| f(self.activation.dphi(x)), 0.0, self.q.sqrt(), &[])
    }

    fn nodes(&self, level: usize) -> &[Node] {
        self.levels[level].get_or_init(|| {
            // Level 0: multiples of the step. Level l > 0: odd multiples of step/2^l.
            let (first, stride) = if level == 0 { (0_u64, 1) } else { (1, 2) };
            let step = self.step / (1_u64 << level) as f64;
            let count = (Z_MAX / step) as u64;
            let std = self.q.sqrt();
            let node = |z: f64, multiplicity: f64| {
                let slope = self.activation.dphi(std * z);
                Node { d2: slope * slope, weight: multiplicity * NORMAL_DENSITY_AT_0 * libm::exp(-0.5 * z * z) }
            };
            let mut nodes = Vec::new();
            let mut k = first;
            while k <= count {
                let z = k as f64 * step;
                if k == 0 {
                    nodes.push(node(0.0, 1.0));
                } else if self.is_even {
                    nodes.push(node(z, 2.0));
                } else {
                    nodes.extend([node(z, 1.0), node(-z, 1.0)]);
                }
                k += stride;
            }
            nodes
        })
    }

    fn largest(&self) -> f64 {
        *self.largest.get_or_init(|| {
            let top = |level: usize| self.nodes(level).iter().map(|node| node.d2).fold(0.0, f64::max);
            // The maximum lies at u = 0 for most; elsewhere it is flat to second order between nodes.
            (0..5).map(top).fold(0.0, f64::max)
        })
    }

    /// The trapezoidal rule with ever smaller steps. For an analytic integrand the error is squared at each halving, so
    /// two levels that agree to 1e-6 leave some 1e-12.
    fn transform(&self, y: Complex) -> Option<Transform> {
        if self.q.sqrt() > LARGEST_STD {
            return None;
        }
        let mut sum = transform_of(self.nodes(0), y);
        let mut step = self.step;
        let mut before = scaled(&sum, step);
        for level in 1..LEVELS {
            let more = transform_of(self.nodes(level), y);
            sum = Transform { a: sum.a + more.a, m: sum.m + more.m, p: sum.p + more.p };
            step *= 0.5;
            let now = scaled(&sum, step);
            let agree = |x: Complex, y: Complex| (x - y).norm_squared() <= 1e-12 * y.norm_squared();
            if agree(before.a, now.a) && agree(before.m, now.m) && agree(before.p, now.p) {
                return Some(now);
            }
            before = now;
        }
        None
    }
}

fn scaled(sum: &Transform, factor: f64) -> Transform {
    Transform { a: sum.a.scale(factor), m: sum.m.scale(factor), p: sum.p.scale(factor) }
}
