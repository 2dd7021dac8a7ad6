//! All fixed-point quantities of a network at once.

use crate::correlation::{CorrelationMap, LEAST_SLOPE};
use crate::fixed_point::LengthFixedPoint;
use crate::length::moments;
use crate::mean_field::{CRITICAL_TOLERANCE, MeanField};

/// Layers over which a deviation from a fixed point shrinks by e.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum DepthScale {
    /// -1/ln|slope|.
    Finite(f64),
    /// Slope 1: deviations shrink slower than any exponential, or not at all.
    Infinite,
    /// There is no fixed point to approach.
    Undefined,
}

impl DepthScale {
    /// xi = -1/ln slope (Schoenholz et al. 2017, eqs. 7 and 10), for a slope >= 0. A slope above 1 belongs to no stable fixed
    /// point, and a slope of 0 has a depth scale of 0.
    fn from_ln_slope(ln_slope: f64) -> Self {
        if ln_slope.abs() <= CRITICAL_TOLERANCE {
            Self::Infinite
        } else if ln_slope < 0.0 {
            Self::Finite(-1.0 / ln_slope)
        } else {
            Self::Undefined
        }
    }

    /// The number of layers, infinity included; `None` where undefined.
    pub const fn layers(self) -> Option<f64> {
        match self {
            Self::Finite(layers) => Some(layers),
            Self::Infinite => Some(f64::INFINITY),
            Self::Undefined => None,
        }
    }
}

/// What becomes of two close inputs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// chi_1 < 1: they converge.
    Ordered,
    /// chi_1 = 1.
    Critical,
    /// chi_1 > 1: they separate.
    Chaotic,
    /// Lengths grow without bound.
    Unbounded,
}

impl Phase {
    /// The name used in files and on the command line.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Ordered => "ordered",
            Self::Critical => "critical",
            Self::Chaotic => "chaotic",
            Self::Unbounded => "unbounded",
        }
    }

    fn from_slope(chi_1: f64) -> Self {
        if (chi_1 - 1.0).abs() <= CRITICAL_TOLERANCE {
            Self::Critical
        } else if chi_1 < 1.0 {
            Self::Ordered
        } else {
            Self::Chaotic
        }
    }
}

/// The fixed points of a network, their slopes and depth scales. `None` where a quantity is not defined.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// Where lengths go from their start.
    pub fixed_point: LengthFixedPoint,
    /// q*, 0 included.
    pub q_star: Option<f64>,
    /// chi_1 at q*. Also where lengths diverge if it does not depend on them (relu and its like).
    pub chi_1: Option<f64>,
    /// chi_q = V'(q*).
    pub chi_q: Option<f64>,
    /// The stable correlation c*. Undefined at q* = 0, where the correlation map tends to the identity, and for linear networks
    /// without bias, which keep every correlation. Close to the critical line see
    /// [`CorrelationMap::fixed_point`](crate::CorrelationMap::fixed_point).
    pub c_star: Option<f64>,
    /// C'(c*); 1 where every correlation is kept.
    pub chi_c_star: Option<f64>,
    /// Depth scale of lengths, -1/ln|chi_q|.
    pub xi_q: DepthScale,
    /// Depth scale of correlations, -1/ln C'(c*). As 1/(1 - chi_1) close to the critical line, it is good to a relative 1e-7
    /// only within 1e-6 of it.
    pub xi_c: DepthScale,
    /// Ordered, critical, chaotic or unbounded.
    pub phase: Phase,
}

impl MeanField {
    /// Everything about the fixed points that lengths reach from q0 = 1.
    ///
    /// Say so where it is shown: from other lengths they may reach others.
    pub fn summary(&self) -> Summary {
        self.summary_from(1.0)
    }

    /// As [`summary`](Self::summary), from any q0 >= 0.
    pub fn summary_from(&self, q0: f64) -> Summary {
        let fixed_point = self.fixed_point_from(q0);
        let mut summary = Summary {
            fixed_point,
            q_star: fixed_point.q_star(),
            chi_1: None,
            chi_q: None,
            c_star: None,
            chi_c_star: None,
            xi_q: DepthScale::Undefined,
            xi_c: DepthScale::Undefined,
            phase: Phase::Unbounded,
        };
        if let Some(gain) = self.family().homogeneous_gain() {
            let mut slope = self.sigma_w2() * gain;
            // sigma_w = sqrt(2) is not a number of the machine: its square is 2 up to rounding.
            if Phase::from_slope(slope) == Phase::Critical {
                slope = 1.0;
            }
            summary.chi_1 = Some(slope);
            if slope == 1.0 {
                summary.chi_q = Some(slope);
                summary.xi_q = DepthScale::Infinite;
                summary.phase = Phase::Critical;
            }
        }
        let Some(q_star) = summary.q_star else {
            return summary;
        };
        let at_q = moments(self.family(), q_star);
        let chi_1 = summary.chi_1.unwrap_or(self.sigma_w2() * at_q.dphi2);
        let chi_q = summary.chi_q.unwrap_or(self.sigma_w2() * at_q.phi2_slope);
        // Where a slope underflows its logarithm does not.
        let ln_chi_1 = if chi_1 > LEAST_SLOPE { libm::log(chi_1) } else { self.ln_chi_1_at(q_star) };
        let ln_chi_q = if chi_q > LEAST_SLOPE { libm::log(chi_q) } else { self.ln_chi_q_at(q_star) };
        summary.chi_1 = Some(chi_1);
        summary.chi_q = Some(chi_q);
        summary.xi_q = DepthScale::from_ln_slope(ln_chi_q);
        summary.phase = Phase::from_slope(chi_1);
        if fixed_point == LengthFixedPoint::Zero {
            return summary;
        }
        let map = CorrelationMap::new(self, q_star);
        summary.c_star = map.fixed_point();
        let (chi_c_star, ln_chi_c_star) = match summary.c_star {
            None => (1.0, 0.0),
            Some(1.0) => (chi_1, ln_chi_1),
            Some(c_star) => (map.slope(c_star), map.ln_slope(c_star)),
        };
        summary.chi_c_star = Some(chi_c_star);
        summary.xi_c = DepthScale::from_ln_slope(ln_chi_c_star);
        summary
    }
}
