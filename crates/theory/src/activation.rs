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

    /// phi''(x), for any finite x; 0 at a kink and beside it, where phi is a line.
    pub fn d2phi(self, x: f64) -> f64 {
        match self {
            Self::Tanh => -2.0 * libm::tanh(x) * self.dphi(x),
            Self::Erf => gaussian_times(1.0, x, -2.0 * x),
            Self::ErfUnitSlope => gaussian_times(HALF_SQRT_PI, x, -(PI / 2.0) * x),
            Self::Relu | Self::LeakyRelu | Self::HardTanh | Self::Linear => 0.0,
            Self::Sigmoid => -logistic_slope(x) * libm::tanh(0.5 * x),
            Self::Gelu => normal_density_times(x, 2.0 - x * x),
            Self::Silu => 2.0 * logistic_slope(x) - x * logistic_slope(x) * libm::tanh(0.5 * x),
            Self::Softplus => logistic_slope(x),
            Self::Sin => -libm::sin(x),
        }
    }

    /// phi'''(x), for any finite x; 0 at a kink and beside it.
    pub fn d3phi(self, x: f64) -> f64 {
        match self {
            Self::Tanh => {
                let t = libm::tanh(x);
                2.0 * (3.0 * t * t - 1.0) * self.dphi(x)
            }
            Self::Erf => gaussian_times(1.0, x, 4.0 * x * x - 2.0),
            Self::ErfUnitSlope => gaussian_times(HALF_SQRT_PI, x, PI * PI / 4.0 * x * x - PI / 2.0),
            Self::Relu | Self::LeakyRelu | Self::HardTanh | Self::Linear => 0.0,
            Self::Sigmoid => logistic_d3(x),
            Self::Gelu => normal_density_times(x, x * (x * x - 4.0)),
            Self::Silu => -3.0 * logistic_slope(x) * libm::tanh(0.5 * x) + x * logistic_d3(x),
            Self::Softplus => -logistic_slope(x) * libm::tanh(0.5 * x),
            Self::Sin => -libm::cos(x),
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

/// The third derivative of the logistic function, p (1 - 6 p) with p its first.
fn logistic_d3(x: f64) -> f64 {
    let p = logistic_slope(x);
    p * (1.0 - 6.0 * p)
}

/// The slope of erf(a x) times a polynomial's value; 0 where the slope is, however large the other.
fn gaussian_times(a: f64, x: f64, factor: f64) -> f64 {
    let slope = a * TWO_OVER_SQRT_PI * libm::exp(-(a * x) * (a * x));
    if slope > 0.0 { slope * factor } else { 0.0 }
}

/// The standard normal density times a polynomial's value; 0 where the density is, however large the other.
fn normal_density_times(x: f64, factor: f64) -> f64 {
    let density = NORMAL_DENSITY_AT_0 * libm::exp(-0.5 * x * x);
    if density > 0.0 { density * factor } else { 0.0 }
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

    /// As above; the derivatives are at most 2, so that truncation and rounding stay near 1e-10.
    #[test]
    fn higher_derivatives_are_slopes_of_the_lower() {
        for activation in Activation::ALL {
            for k in -40..=40 {
                let x = 0.171 * f64::from(k) + 0.013;
                let step = 1e-5;
                let slope = |of: &dyn Fn(f64) -> f64| (of(x + step) - of(x - step)) / (2.0 * step);
                let second = slope(&|x| activation.dphi(x));
                assert!((second - activation.d2phi(x)).abs() < 1e-9, "{activation} at {x}: {second}");
                let third = slope(&|x| activation.d2phi(x));
                assert!((third - activation.d3phi(x)).abs() < 1e-9, "{activation} at {x}: {third}");
            }
        }
    }

    #[test]
    fn finite_everywhere() {
        for activation in Activation::ALL {
            for x in [-1e300, -1e3, -710.0, -0.0, 0.0, 1e-300, 710.0, 1e3, 1e300] {
                assert!(activation.phi(x).is_finite(), "{activation} phi({x})");
                assert!(activation.dphi(x).is_finite(), "{activation} dphi({x})");
                assert!(activation.d2phi(x).is_finite(), "{activation} d2phi({x})");
                assert!(activation.d3phi(x).is_finite(), "{activation} d3phi({x})");
            }
        }
    }
}
