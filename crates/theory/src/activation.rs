//! The nonlinearities of the lab, their derivatives and their names.

use std::f64::consts::{FRAC_1_SQRT_2, PI};

/// sqrt(pi)/2, the scale that gives [`Activation::ErfUnitSlope`] slope 1 at 0.
const HALF_SQRT_PI: f64 = 0.886_226_925_452_758;
/// 2/sqrt(pi), the slope of erf at 0.
const TWO_OVER_SQRT_PI: f64 = std::f64::consts::FRAC_2_SQRT_PI;
/// 1/sqrt(2 pi), the standard normal density at 0.
pub(crate) const NORMAL_DENSITY_AT_0: f64 = 0.398_942_280_401_432_7;
/// The slope of [`Activation::LeakyRelu`] for negative arguments.
pub(crate) const LEAKY_SLOPE: f64 = 0.1;

/// A nonlinearity phi, applied to each pre-activation.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Activation {
    /// tanh x.
    Tanh,
    /// erf x, slope 2/sqrt(pi) at 0.
    Erf,
    /// erf(sqrt(pi) x/2), slope 1 at 0.
    ErfUnitSlope,
    /// max(x, 0).
    Relu,
    /// x for x > 0, x/10 otherwise.
    LeakyRelu,
    /// x clipped to \[-1, 1\].
    HardTanh,
    /// 1/(1 + e^-x).
    Sigmoid,
    /// x Phi(x), Phi the normal distribution function (the exact form, not its tanh approximation).
    Gelu,
    /// x/(1 + e^-x), also called swish.
    Silu,
    /// ln(1 + e^x).
    Softplus,
    /// sin x.
    Sin,
    /// x.
    Linear,
}

impl Activation {
    /// Every activation, in the order in which menus show them.
    pub const ALL: [Self; 12] = [
        Self::Tanh,
        Self::Erf,
        Self::ErfUnitSlope,
        Self::Relu,
        Self::LeakyRelu,
        Self::HardTanh,
        Self::Sigmoid,
        Self::Gelu,
        Self::Silu,
        Self::Softplus,
        Self::Sin,
        Self::Linear,
    ];

    /// The name used in addresses, files and on the command line.
    pub const fn key(self) -> &'static str {
        match self {
            Self::Tanh => "tanh",
            Self::Erf => "erf",
            Self::ErfUnitSlope => "erf_unit_slope",
            Self::Relu => "relu",
            Self::LeakyRelu => "leaky_relu",
            Self::HardTanh => "hard_tanh",
            Self::Sigmoid => "sigmoid",
            Self::Gelu => "gelu",
            Self::Silu => "silu",
            Self::Softplus => "softplus",
            Self::Sin => "sin",
            Self::Linear => "linear",
        }
    }

    /// The inverse of [`key`](Self::key); `None` for an unknown name.
    pub fn from_key(key: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|activation| activation.key() == key)
    }

    /// The name shown to people.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Tanh => "tanh",
            Self::Erf => "erf",
            Self::ErfUnitSlope => "erf, slope 1",
            Self::Relu => "ReLU",
            Self::LeakyRelu => "leaky ReLU",
            Self::HardTanh => "hard tanh",
            Self::Sigmoid => "sigmoid",
            Self::Gelu => "GELU",
            Self::Silu => "SiLU",
            Self::Softplus => "softplus",
            Self::Sin => "sine",
            Self::Linear => "linear",
        }
    }

    /// phi(x) in plain text.
    pub const fn formula(self) -> &'static str {
        match self {
            Self::Tanh => "tanh x",
            Self::Erf => "erf x",
            Self::ErfUnitSlope => "erf(√π x/2)",
            Self::Relu => "max(x, 0)",
            Self::LeakyRelu => "max(x, x/10)",
            Self::HardTanh => "min(max(x, −1), 1)",
            Self::Sigmoid => "1/(1 + e^−x)",
            Self::Gelu => "x Φ(x)",
            Self::Silu => "x/(1 + e^−x)",
            Self::Softplus => "ln(1 + e^x)",
            Self::Sin => "sin x",
            Self::Linear => "x",
        }
    }

    /// phi(x), for any finite x.
    pub fn phi(self, x: f64) -> f64 {
        match self {
            Self::Tanh => libm::tanh(x),
            Self::Erf => libm::erf(x),
            Self::ErfUnitSlope => libm::erf(HALF_SQRT_PI * x),
            Self::Relu => x.max(0.0),
            Self::LeakyRelu => x.max(LEAKY_SLOPE * x),
            Self::HardTanh => x.clamp(-1.0, 1.0),
            Self::Sigmoid => logistic(x),
            Self::Gelu => x * normal_cdf(x),
            Self::Silu => x * logistic(x),
            Self::Softplus => x.max(0.0) + libm::log1p(libm::exp(-x.abs())),
            Self::Sin => libm::sin(x),
            Self::Linear => x,
        }
    }

    /// phi'(x), for any finite x. At a kink: the derivative from the left, which has measure zero everywhere it is used.
    pub fn dphi(self, x: f64) -> f64 {
        match self {
            Self::Tanh => {
                // 1 - tanh^2 would lose the tail to cancellation.
                4.0 * logistic_slope(2.0 * x)
            }
            Self::Erf => TWO_OVER_SQRT_PI * libm::exp(-x * x),
            Self::ErfUnitSlope => libm::exp(-(PI / 4.0) * x * x),
            Self::Relu => f64::from(x > 0.0),
            Self::LeakyRelu => {
                if x > 0.0 {
                    1.0
                } else {
                    LEAKY_SLOPE
                }
            }
            Self::HardTanh => f64::from(x > -1.0 && x <= 1.0),
            Self::Sigmoid => logistic_slope(x),
            Self::Gelu => normal_cdf(x) + x * NORMAL_DENSITY_AT_0 * libm::exp(-0.5 * x * x),
            Self::Silu => logistic(x) + x * logistic_slope(x),
            Self::Softplus => logistic(x),
            Self::Sin => libm::cos(x),
            Self::Linear => 1.0,
        }
    }

    /// The points where phi' jumps, ascending.
    pub const fn kinks(self) -> &'static [f64] {
        match self {
            Self::Relu | Self::LeakyRelu => &[0.0],
            Self::HardTanh => &[-1.0, 1.0],
            _ => &[],
        }
    }

    /// Whether |phi| is bounded (always by 1 here).
    pub const fn is_bounded(self) -> bool {
        matches!(self, Self::Tanh | Self::Erf | Self::ErfUnitSlope | Self::HardTanh | Self::Sigmoid | Self::Sin)
    }
}

impl std::fmt::Display for Activation {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(self.key())
    }
}

/// 1/(1 + e^-x) without overflow, exact in both tails.
fn logistic(x: f64) -> f64 {
    let decay = libm::exp(-x.abs());
    if x >= 0.0 { 1.0 / (1.0 + decay) } else { decay / (1.0 + decay) }
}

/// Derivative of the logistic function, e^-|x|/(1 + e^-|x|)^2.
fn logistic_slope(x: f64) -> f64 {
    let decay = libm::exp(-x.abs());
    decay / ((1.0 + decay) * (1.0 + decay))
}

/// Phi(x) = erfc(-x/sqrt 2)/2, exact in the left tail.
pub(crate) fn normal_cdf(x: f64) -> f64 {
    0.5 * libm::erfc(-x * FRAC_1_SQRT_2)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_round_trip_and_differ() {
        for activation in Activation::ALL {
            assert_eq!(Activation::from_key(activation.key()), Some(activation));
        }
        assert_eq!(Activation::from_key("TANH"), None);
    }

    #[test]
    fn derivative_is_the_slope() {
        // Central difference with step 1e-5: truncation and rounding both near 1e-10.
        for activation in Activation::ALL {
            for k in -40..=40 {
                let x = 0.171 * f64::from(k) + 0.013;
                let step = 1e-5;
                let difference = (activation.phi(x + step) - activation.phi(x - step)) / (2.0 * step);
                let error = (difference - activation.dphi(x)).abs();
                assert!(error < 1e-9, "{activation} at {x}: slope {difference}, dphi {}", activation.dphi(x));
            }
        }
    }

    #[test]
    fn finite_everywhere() {
        for activation in Activation::ALL {
            for x in [-1e300, -1e3, -710.0, -0.0, 0.0, 1e-300, 710.0, 1e3, 1e300] {
                assert!(activation.phi(x).is_finite(), "{activation} phi({x})");
                assert!(activation.dphi(x).is_finite(), "{activation} dphi({x})");
            }
        }
    }
}
