//! Activations and their derivatives in `f32`, number by number: the twin of `wgsl/activation.wgsl`, and the same
//! formulas in the same order as `nets::elementwise`.
//!
//! # Numerics
//! Within 4e-7 of `theory`'s f64 values, relative to the larger of the value and 1; derivatives within 1e-6. tanh, erf
//! and sin keep 4e-7 as a relative error down to zero. Inputs beyond ±10⁶ make sin lose its phase.

use theory::Activation;

/// The slope of the leaky relu below zero.
const LEAK: f32 = 0.1;

/// The number by which a shader knows the activation: its place in [`Activation::ALL`].
pub(crate) fn id(activation: Activation) -> u32 {
    Activation::ALL.iter().position(|known| *known == activation).unwrap_or(Activation::ALL.len()) as u32
}

/// The activation of an [`id`]; `Linear` for an unknown one, as in the shader.
pub(crate) fn of_id(id: u32) -> Activation {
    Activation::ALL.get(id as usize).copied().unwrap_or(Activation::Linear)
}

/// φ(x).
#[inline(always)]
pub(crate) fn phi(activation: Activation, x: f32) -> f32 {
    match activation {
        Activation::Tanh => tanh(x),
        Activation::Erf => erf(x),
        Activation::ErfUnitSlope => erf(x * HALF_SQRT_PI),
        Activation::Relu => x.max(0.0),
        Activation::LeakyRelu => x.max(0.0) + LEAK * x.min(0.0),
        Activation::HardTanh => x.clamp(-1.0, 1.0),
        Activation::Sigmoid => sigmoid(x),
        Activation::Gelu => x * gaussian_cdf(x),
        Activation::Silu => x * sigmoid(x),
        Activation::Softplus => softplus(x),
        Activation::Sin => sin(x),
        Activation::Linear => x,
    }
}

/// Replaces numbers by their activation, with one choice of it for all.
pub(crate) fn apply(activation: Activation, numbers: &mut [f32]) {
    macro_rules! chosen {
        ($($name:ident)+) => {
            match activation {
                $(Activation::$name => numbers.iter_mut().for_each(|x| *x = phi(Activation::$name, *x)),)+
            }
        };
    }
    chosen!(Tanh Erf ErfUnitSlope Relu LeakyRelu HardTanh Sigmoid Gelu Silu Softplus Sin Linear);
}

/// φ'(x); at a kink the left one.
#[inline(always)]
pub(crate) fn dphi(activation: Activation, x: f32) -> f32 {
    match activation {
        Activation::Tanh => {
            let t = tanh(x);
            1.0 - t * t
        }
        Activation::Erf => std::f32::consts::FRAC_2_SQRT_PI * exp(-x * x),
        Activation::ErfUnitSlope => {
            let u = x * HALF_SQRT_PI;
            exp(-u * u)
        }
        Activation::Relu => f32::from(x > 0.0),
        Activation::LeakyRelu => {
            if x > 0.0 {
                1.0
            } else {
                LEAK
            }
        }
        Activation::HardTanh => f32::from(x.abs() < 1.0),
        Activation::Sigmoid => {
            let s = sigmoid(x);
            s * (1.0 - s)
        }
        Activation::Gelu => gaussian_cdf(x) + x * FRAC_1_SQRT_2PI * exp(-0.5 * x * x),
        Activation::Silu => {
            let s = sigmoid(x);
            s * (1.0 + x * (1.0 - s))
        }
        Activation::Softplus => sigmoid(x),
        Activation::Sin => cos(x),
        Activation::Linear => 1.0,
    }
}

const HALF_SQRT_PI: f32 = 0.886_226_9;
const FRAC_1_SQRT_2PI: f32 = 0.398_942_3;

/// `1.5 · 2^23`: adding and taking it away rounds to the nearest whole number, without a branch.
const ROUND: f32 = 12_582_912.0;

/// eˣ; below −87 it is 0 to within 1e-38, above 88 it stays at 1.6e38.
#[inline(always)]
pub(crate) fn exp(x: f32) -> f32 {
    let x = x.clamp(-87.0, 88.0);
    let n = (x * std::f32::consts::LOG2_E + ROUND) - ROUND;
    // ln 2 in two parts, so that the remainder keeps its last bits.
    let r = (x - n * 0.693_359_4) - n * -2.121_944_4e-4;
    let p = 1.394_858_1e-3;
    let p = p * r + 8.375_129e-3;
    let p = p * r + 4.166_622e-2;
    let p = p * r + 1.666_641_5e-1;
    let p = p * r + 0.5;
    let p = (p * r) * r + r + 1.0;
    p * f32::from_bits((((n as i32) + 127) << 23) as u32)
}

#[inline(always)]
fn tanh(x: f32) -> f32 {
    let u = x * x;
    let p = -5.664_775e-3;
    let p = p * u + 2.059_568e-2;
    let p = p * u - 5.372_268e-2;
    let p = p * u + 1.333_115e-1;
    let p = p * u - 3.333_326e-1;
    let near = x + x * (p * u);
    let far = (1.0 - 2.0 / (exp(2.0 * x.abs()) + 1.0)).copysign(x);
    if u < 0.390_625 { near } else { far }
}

#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

#[inline(always)]
fn erf(x: f32) -> f32 {
    let u = x * x;
    let p = 7.882_497e-5;
    let p = p * u - 8.018_855e-4;
    let p = p * u + 5.189_312e-3;
    let p = p * u - 2.685_433e-2;
    let p = p * u + 1.128_359_7e-1;
    let p = p * u - 3.761_262_7e-1;
    let near = x * (p * u + std::f32::consts::FRAC_2_SQRT_PI);
    let a = x.abs().min(4.2);
    let t = 1.0 / (1.0 + 0.5 * a);
    let q = 1.714_165_9e-2;
    let q = q * t + 5.142_968_7e-2;
    let q = q * t - 3.544_715e-1;
    let q = q * t + 4.496_222e-1;
    let q = q * t - 3.505_692_7e-2;
    let q = q * t + 3.215_643_6e-1;
    let q = q * t + 2.659_106_6e-1;
    let q = q * t + 2.840_762e-1;
    let q = q * t - 1.054_160_4e-4;
    let far = (1.0 - q * exp(-a * a)).copysign(x);
    if u < 1.0 { near } else { far }
}

#[inline(always)]
fn gaussian_cdf(x: f32) -> f32 {
    0.5 + 0.5 * erf(x * std::f32::consts::FRAC_1_SQRT_2)
}

/// `ln(1 + eˣ) = max(x, 0) + ln(1 + u)`, `u = e^{-|x|}`, the logarithm as `2 artanh(u / (2 + u))`.
#[inline(always)]
fn softplus(x: f32) -> f32 {
    let u = exp(-x.abs());
    let s = u / (2.0 + u);
    let s2 = s * s;
    let p = 1.0 / 13.0;
    let p = p * s2 + 1.0 / 11.0;
    let p = p * s2 + 1.0 / 9.0;
    let p = p * s2 + 1.0 / 7.0;
    let p = p * s2 + 1.0 / 5.0;
    let p = p * s2 + 1.0 / 3.0;
    x.max(0.0) + 2.0 * s * (1.0 + p * s2)
}

#[inline(always)]
fn sin(x: f32) -> f32 {
    let n = (x * std::f32::consts::FRAC_1_PI + ROUND) - ROUND;
    let s = sin_of_remainder(x, n);
    if (n as i32) & 1 == 0 { s } else { -s }
}

/// With the multiple `k + ½` of π that is nearest, `cos x = −(−1)^k sin(x − (k + ½)π)`.
#[inline(always)]
fn cos(x: f32) -> f32 {
    let k = (x * std::f32::consts::FRAC_1_PI - 0.5 + ROUND) - ROUND;
    let s = sin_of_remainder(x, k + 0.5);
    if (k as i32) & 1 == 0 { -s } else { s }
}

/// `sin(x − nπ)` for a remainder within ±π/2.
#[inline(always)]
fn sin_of_remainder(x: f32, n: f32) -> f32 {
    // π in three parts of few bits: n times each is exact for |n| < 2^11.
    let r = ((x - n * 3.140_625) - n * 9.670_257_6e-4) - n * 6.277_114e-7;
    let u = r * r;
    let p = -2.388_95e-8;
    let p = p * u + 2.752_528_7e-6;
    let p = p * u - 1.984_086_2e-4;
    let p = p * u + 8.333_331e-3;
    let p = p * u - 1.666_666_7e-1;
    r + r * (p * u)
}

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests {
    use super::*;

    #[test]
    fn ids_are_the_shaders_cases() {
        let names: Vec<&str> = Activation::ALL.iter().map(|a| a.key()).collect();
        let cases = [
            "tanh",
            "erf",
            "erf_unit_slope",
            "relu",
            "leaky_relu",
            "hard_tanh",
            "sigmoid",
            "gelu",
            "silu",
            "softplus",
            "sin",
            "linear",
        ];
        assert_eq!(names, cases, "wgsl/activation.wgsl numbers its cases in this order");
        assert!(Activation::ALL.iter().all(|a| of_id(id(*a)) == *a));
    }

    /// 4e-7 is three rounding errors of f32, the cost of the longest chain; a Gaussian's exponent costs the
    /// derivatives another factor.
    #[test]
    fn values_agree_with_theory() {
        let points = (-4000..=4000).map(|i| i as f32 * 0.005).chain([1e-20, -3e-4, 60.0, -60.0, 1e3]);
        for x in points {
            for activation in Activation::ALL {
                let (exact, got) = (activation.phi(f64::from(x)), f64::from(phi(activation, x)));
                assert!((got - exact).abs() <= 4e-7 * exact.abs().max(1.0), "{activation:?}({x}) = {got}, not {exact}");
                if !activation.kinks().contains(&f64::from(x)) {
                    let (exact, got) = (activation.dphi(f64::from(x)), f64::from(dphi(activation, x)));
                    assert!((got - exact).abs() <= 1e-6, "{activation:?}'({x}) = {got}, not {exact}");
                }
            }
        }
    }
}
