//! The law of the squared slope D^2 = phi'(u)^2, u ~ N(0, q), and its transforms.

use super::complex::Complex;
use super::smooth_law::SmoothLaw;
use super::transform::{Angle, Node, Terms, Transform};
use crate::activation::{Activation, LEAKY_SLOPE};
use crate::error::TheoryError;
use crate::expectation::{e_dphi2, e_dphi4};
use crate::kernel::Q_MAX;

/// The law of phi'(u)^2 for u ~ N(0, q): the spectrum of D^2 in J = prod D^l W^l.
#[derive(Clone, Debug)]
pub struct SlopeLaw {
    kind: Kind,
}

#[derive(Clone, Debug)]
enum Kind {
    /// Finitely many values, ascending: kinked activations, and q = 0.
    Atoms(Vec<Node>),
    Smooth(SmoothLaw),
}

impl SlopeLaw {
    /// The law at variance q of the pre-activations.
    ///
    /// # Errors
    /// [`TheoryError::OutOfRange`] unless q lies in \[0, 1e300\].
    pub fn new(activation: Activation, q: f64) -> Result<Self, TheoryError> {
        let q = TheoryError::check("q_star", q, 0.0, Q_MAX)?;
        Ok(match activation {
            Activation::Linear => Self::atoms_of(&[(1.0, 1.0)]),
            Activation::Relu => Self::atoms_of(&[(0.0, 0.5), (1.0, 0.5)]),
            Activation::LeakyRelu => Self::atoms_of(&[(LEAKY_SLOPE * LEAKY_SLOPE, 0.5), (1.0, 0.5)]),
            Activation::HardTanh => {
                let p = e_dphi2(activation, q);
                Self::atoms_of(&[(0.0, 1.0 - p), (1.0, p)])
            }
            _ if q == 0.0 => {
                let slope = activation.dphi(0.0);
                Self::atoms_of(&[(slope * slope, 1.0)])
            }
            _ => Self { kind: Kind::Smooth(SmoothLaw::new(activation, q)) },
        })
    }

    /// phi' is 1 with probability p and 0 otherwise: relu has p = 1/2, hard tanh p = P(|u| < 1).
    ///
    /// # Errors
    /// [`TheoryError::OutOfRange`] unless p lies in \[0, 1\].
    pub fn zero_one(p: f64) -> Result<Self, TheoryError> {
        let p = TheoryError::check("p", p, 0.0, 1.0)?;
        Ok(Self::atoms_of(&[(0.0, 1.0 - p), (1.0, p)]))
    }

    fn atoms_of(list: &[(f64, f64)]) -> Self {
        let nodes = list.iter().filter(|entry| entry.1 > 0.0);
        Self { kind: Kind::Atoms(nodes.map(|&(d2, weight)| Node { d2, weight }).collect()) }
    }

    /// mu_k = E phi'^(2k), k >= 0.
    pub fn mu(&self, k: u32) -> f64 {
        let power = f64::from(k);
        match &self.kind {
            Kind::Atoms(nodes) => nodes.iter().map(|node| node.weight * libm::pow(node.d2, power)).sum(),
            Kind::Smooth(law) => match k {
                0 => 1.0,
                1 => e_dphi2(law.activation, law.q),
                2 => e_dphi4(law.activation, law.q),
                _ => law.expectation(|d2| libm::pow(d2, power)),
            },
        }
    }

    /// E ln phi'^2: -infinity where phi' vanishes with positive probability, NaN for a smooth activation at q beyond some
    /// 1e6.
    pub fn mean_ln(&self) -> f64 {
        match &self.kind {
            Kind::Atoms(nodes) => nodes.iter().map(|node| node.weight * libm::log(node.d2)).sum(),
            Kind::Smooth(law) => law.expectation(|d2| libm::log(d2.max(f64::MIN_POSITIVE))),
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

    /// The activation and q of a law that is not discrete.
    pub(crate) fn smooth(&self) -> Option<(Activation, f64)> {
        match &self.kind {
            Kind::Atoms(_) => None,
            Kind::Smooth(law) => Some((law.activation, law.q)),
        }
    }

    /// The largest D^2; of a smooth law, as far as the normal law reaches.
    pub(crate) fn largest(&self) -> f64 {
        match &self.kind {
            Kind::Atoms(nodes) => nodes.last().map_or(0.0, |node| node.d2),
            Kind::Smooth(law) => law.largest(),
        }
    }

    fn sum<T: Terms>(&self, terms: &mut T, w: Complex) -> Option<()> {
        match &self.kind {
            Kind::Atoms(nodes) => {
                terms.add(nodes, w.exp());
                Some(())
            }
            Kind::Smooth(law) => law.sum(terms, w),
        }
    }

    /// The transforms at y = e^w, 0 <= Im w <= pi, or `None` where y is too close to the support of a smooth law for
    /// the quadrature.
    pub(crate) fn transform(&self, w: Complex) -> Option<Transform> {
        let mut sum = Transform { a: Complex::ZERO, m: Complex::ZERO, p: Complex::ZERO };
        self.sum(&mut sum, w)?;
        Some(sum)
    }

    /// Im E ln(1 - D^2/y) at y = e^w, the real axis approached from above.
    pub(crate) fn angle(&self, w: Complex) -> Option<f64> {
        let mut sum = Angle(0.0);
        self.sum(&mut sum, w)?;
        Some(sum.0)
    }
}
