//! Which closed forms an activation has.

use crate::activation::{Activation, LEAKY_SLOPE};
use crate::mixture::{self, Node};

/// The forms of phi for which Gaussian expectations are elementary.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Family {
    /// offset + amplitude sum_i w_i erf(x/(sqrt(2) tau_i)): noisy signs; the arcsine kernel (Williams 1997).
    Sign { offset: f64, amplitude: f64, nodes: &'static [Node] },
    /// sum_i w_i x Phi(x/tau_i): gated identities (gelu, silu).
    Gated { nodes: &'static [Node] },
    /// sum_i w_i E_n relu(x + tau_i n): noisy ramps (softplus); the arc-cosine kernel (Cho & Saul 2009).
    Ramp { nodes: &'static [Node] },
    /// x for x > 0, `slope` x otherwise.
    PiecewiseLinear { slope: f64 },
    /// x clipped to [-1, 1].
    HardTanh,
    /// sin x.
    Sin,
}

impl Family {
    /// The forms used for numbers.
    pub(crate) fn of(activation: Activation) -> Self {
        Self::with_rules(activation, &mixture::TANH, &mixture::LOGISTIC)
    }

    /// The forms used for pictures: mixtures of fewer nodes.
    pub(crate) fn coarse(activation: Activation) -> Self {
        Self::with_rules(activation, &mixture::TANH_COARSE, &mixture::LOGISTIC_COARSE)
    }

    fn with_rules(activation: Activation, tanh: &'static [Node], logistic: &'static [Node]) -> Self {
        match activation {
            Activation::Tanh => Self::Sign { offset: 0.0, amplitude: 1.0, nodes: tanh },
            Activation::Erf => Self::Sign { offset: 0.0, amplitude: 1.0, nodes: &mixture::ERF },
            Activation::ErfUnitSlope => Self::Sign { offset: 0.0, amplitude: 1.0, nodes: &mixture::ERF_UNIT_SLOPE },
            Activation::Sigmoid => Self::Sign { offset: 0.5, amplitude: 0.5, nodes: logistic },
            Activation::Gelu => Self::Gated { nodes: &mixture::GELU },
            Activation::Silu => Self::Gated { nodes: logistic },
            Activation::Softplus => Self::Ramp { nodes: logistic },
            Activation::Relu => Self::PiecewiseLinear { slope: 0.0 },
            Activation::LeakyRelu => Self::PiecewiseLinear { slope: LEAKY_SLOPE },
            Activation::Linear => Self::PiecewiseLinear { slope: 1.0 },
            Activation::HardTanh => Self::HardTanh,
            Activation::Sin => Self::Sin,
        }
    }

    /// For phi(x) = max(x, slope x): E phi^2/q = E phi'^2 = (1 + slope^2)/2. `None` for other forms.
    pub(crate) fn homogeneous_gain(self) -> Option<f64> {
        match self {
            Self::PiecewiseLinear { slope } => Some(0.5 * (1.0 + slope * slope)),
            _ => None,
        }
    }

    /// Whether q -> E phi(sqrt(q) z)^2 is concave, so that V(q) = q has at most one root besides q = 0. It is convex or
    /// has an inflection for gelu, silu and softplus.
    pub(crate) fn is_concave(self) -> bool {
        !matches!(self, Self::Gated { .. } | Self::Ramp { .. })
    }
}
