//! Activations and their derivatives on `f32` slices, written so that the compiler turns the loops into SIMD.
//!
//! # Numerics
//! The polynomials are least-squares fits at Chebyshev nodes, made for these intervals; with rounding the results
//! are within 4e-7 of `theory`'s f64 values, relative to the larger of the value and 1, and tanh, erf and sin keep
//! that as a relative error down to zero, so that lengths of 1e-20 are still followed. Inputs beyond ±10⁶ make sin
//! lose its phase; NaN stays NaN.

use theory::Activation;

use crate::lanes::{Work, widest};

/// The slope of the leaky relu below zero.
pub(crate) const LEAK: f32 = 0.1;

/// Replaces each element by its activation.
pub fn apply(activation: Activation, x: &mut [f32]) {
    apply_inline(activation, x);
}

/// The same, for many numbers.
pub(crate) fn apply_to_many(activation: Activation, x: &mut [f32]) {
    widest(Apply { activation, x });
}

struct Apply<'a> {
    activation: Activation,
    x: &'a mut [f32],
}

impl Work for Apply<'_> {
    #[inline(always)]
    fn run(self) {
        apply_inline(self.activation, self.x);
    }
}

/// Always inlined, as `for_each` is not: see [`Work`].
#[inline(always)]
fn each(x: &mut [f32], of: impl Fn(f32) -> f32) {
    for x in x {
        *x = of(*x);
    }
}

#[inline(always)]
pub(crate) fn apply_inline(activation: Activation, x: &mut [f32]) {
    match activation {
        Activation::Tanh => each(x, tanh),
        Activation::Erf => each(x, erf),
        Activation::ErfUnitSlope => each(x, |v| erf(v * HALF_SQRT_PI)),
        Activation::Relu => each(x, positive),
        Activation::LeakyRelu => each(x, |v| v * (if v > 0.0 { 1.0 } else { LEAK })),
        Activation::HardTanh => each(x, |v| v.clamp(-1.0, 1.0)),
        Activation::Sigmoid => each(x, sigmoid),
        Activation::Gelu => each(x, |v| v * gaussian_cdf(v)),
        Activation::Silu => each(x, |v| v * sigmoid(v)),
        Activation::Softplus => each(x, softplus),
        Activation::Sin => each(x, sin),
        Activation::Linear => {}
    }
}

/// Replaces each element by the activation's derivative there; at a kink the left one.
pub fn apply_derivative(activation: Activation, x: &mut [f32]) {
    match activation {
        Activation::Tanh => each(x, |v| {
            let t = tanh(v);
            1.0 - t * t
        }),
        Activation::Erf => each(x, |v| 2.0 * FRAC_1_SQRT_PI * exp(-v * v)),
        Activation::ErfUnitSlope => each(x, |v| {
            let u = v * HALF_SQRT_PI;
            exp(-u * u)
        }),
        Activation::Relu => each(x, |v| step(v, v > 0.0, 0.0)),
        Activation::LeakyRelu => each(x, |v| step(v, v > 0.0, LEAK)),
        Activation::HardTanh => each(x, |v| step(v, v.abs() < 1.0, 0.0)),
        Activation::Sigmoid => each(x, |v| {
            let s = sigmoid(v);
            s * (1.0 - s)
        }),
        Activation::Gelu => each(x, |v| gaussian_cdf(v) + v * FRAC_1_SQRT_2PI * exp(-0.5 * v * v)),
        Activation::Silu => each(x, |v| {
            let s = sigmoid(v);
            s * (1.0 + v * (1.0 - s))
        }),
        Activation::Softplus => each(x, sigmoid),
        Activation::Sin => each(x, cos),
        Activation::Linear => each(x, |v| step(v, true, 1.0)),
    }
}

/// Whether [`times_derivative_of_value`] knows the derivative from the value alone.
pub(crate) fn is_derivative_of_value(activation: Activation) -> bool {
    match activation {
        Activation::Tanh
        | Activation::Relu
        | Activation::LeakyRelu
        | Activation::HardTanh
        | Activation::Sigmoid
        | Activation::Linear => true,
        Activation::Erf
        | Activation::ErfUnitSlope
        | Activation::Gelu
        | Activation::Silu
        | Activation::Softplus
        | Activation::Sin => false,
    }
}

/// Multiplies each `delta` by `φ'(z)`, given the values `φ(z)`; leaves them as they are where
/// [`is_derivative_of_value`] says no.
pub(crate) fn times_derivative_of_value(activation: Activation, values: &[f32], delta: &mut [f32]) {
    let pairs = delta.iter_mut().zip(values);
    match activation {
        Activation::Tanh => pairs.for_each(|(d, t)| *d *= 1.0 - t * t),
        Activation::Relu => pairs.for_each(|(d, v)| *d = if *v > 0.0 { *d } else { 0.0 }),
        Activation::LeakyRelu => pairs.for_each(|(d, v)| *d *= if *v > 0.0 { 1.0 } else { LEAK }),
        Activation::HardTanh => pairs.for_each(|(d, v)| *d = if v.abs() < 1.0 { *d } else { 0.0 }),
        Activation::Sigmoid => pairs.for_each(|(d, s)| *d *= s * (1.0 - s)),
        _ => {}
    }
}

pub(crate) const HALF_SQRT_PI: f32 = 0.886_226_9;
pub(crate) const FRAC_1_SQRT_PI: f32 = 0.564_189_6;
pub(crate) const FRAC_1_SQRT_2PI: f32 = 0.398_942_3;

/// `max(x, 0)`; a NaN stays one. As `f32::max` it would be a call of a function on WebAssembly, and no SIMD.
#[inline(always)]
pub(crate) fn positive(x: f32) -> f32 {
    if x < 0.0 { 0.0 } else { x }
}

/// A slope that is 1 where a condition holds and `otherwise` elsewhere; a NaN stays one.
#[inline(always)]
pub(crate) fn step(x: f32, is_one: bool, otherwise: f32) -> f32 {
    if x.is_nan() {
        return x;
    }
    if is_one { 1.0 } else { otherwise }
}

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
pub(crate) fn tanh(x: f32) -> f32 {
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
pub(crate) fn sigmoid(x: f32) -> f32 {
    1.0 / (1.0 + exp(-x))
}

#[inline(always)]
pub(crate) fn erf(x: f32) -> f32 {
    let u = x * x;
    let p = 7.882_497e-5;
    let p = p * u - 8.018_855e-4;
    let p = p * u + 5.189_312e-3;
    let p = p * u - 2.685_433e-2;
    let p = p * u + 1.128_359_7e-1;
    let p = p * u - 3.761_262_7e-1;
    let near = x * (p * u + std::f32::consts::FRAC_2_SQRT_PI);
    let a = if x.abs() > 4.2 { 4.2 } else { x.abs() };
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
pub(crate) fn gaussian_cdf(x: f32) -> f32 {
    0.5 + 0.5 * erf(x * std::f32::consts::FRAC_1_SQRT_2)
}

/// `ln(1 + eˣ) = max(x, 0) + ln(1 + u)`, `u = e^{-|x|}`, the logarithm as `2 artanh(u / (2 + u))`.
#[inline(always)]
pub(crate) fn softplus(x: f32) -> f32 {
    let u = exp(-x.abs());
    let s = u / (2.0 + u);
    let s2 = s * s;
    let p = 1.0 / 13.0;
    let p = p * s2 + 1.0 / 11.0;
    let p = p * s2 + 1.0 / 9.0;
    let p = p * s2 + 1.0 / 7.0;
    let p = p * s2 + 1.0 / 5.0;
    let p = p * s2 + 1.0 / 3.0;
    positive(x) + 2.0 * s * (1.0 + p * s2)
}

#[inline(always)]
pub(crate) fn sin(x: f32) -> f32 {
    let n = (x * std::f32::consts::FRAC_1_PI + ROUND) - ROUND;
    let s = sin_of_remainder(x, n);
    if (n as i32) & 1 == 0 { s } else { -s }
}

/// With the multiple `k + ½` of π that is nearest, `cos x = −(−1)^k sin(x − (k + ½)π)`.
#[inline(always)]
pub(crate) fn cos(x: f32) -> f32 {
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
mod tests {
    use super::*;

    /// 4e-7 is three rounding errors of f32, the cost of the longest chain above.
    const TOLERANCE: f64 = 4e-7;

    fn points() -> Vec<f32> {
        let mut points: Vec<f32> = (-4000..=4000).map(|i| i as f32 * 0.005).collect();
        points.extend([1e-20, -1e-20, 1e-6, -3e-4, 60.0, -60.0, 1e3, -1e3, 0.0]);
        points
    }

    #[test]
    fn activations_agree_with_theory() {
        for activation in Activation::ALL {
            let x = points();
            let mut y = x.clone();
            apply(activation, &mut y);
            for (x, y) in x.iter().zip(&y) {
                let exact = activation.phi(f64::from(*x));
                let error = (f64::from(*y) - exact).abs();
                assert!(error <= TOLERANCE * exact.abs().max(1.0), "{activation:?}({x}) = {y}, exactly {exact}");
            }
        }
    }

    #[test]
    fn small_inputs_keep_their_relative_accuracy() {
        for activation in [Activation::Tanh, Activation::Erf, Activation::ErfUnitSlope, Activation::Sin] {
            for x in [1e-30f32, -1e-12, 1e-6, 1e-3, -0.02, 0.3] {
                let mut y = [x];
                apply(activation, &mut y);
                let exact = activation.phi(f64::from(x));
                assert!((f64::from(y[0]) / exact - 1.0).abs() <= TOLERANCE, "{activation:?}({x}) = {}", y[0]);
            }
        }
    }

    #[test]
    fn derivatives_agree_with_theory() {
        for activation in Activation::ALL {
            let x: Vec<f32> = points().into_iter().filter(|x| !activation.kinks().contains(&f64::from(*x))).collect();
            let mut y = x.clone();
            apply_derivative(activation, &mut y);
            for (x, y) in x.iter().zip(&y) {
                let exact = activation.dphi(f64::from(*x));
                // x² in the exponent of a Gaussian costs another factor: e^{-x²}·2x²·eps stays below 1e-6.
                let error = (f64::from(*y) - exact).abs();
                assert!(error <= 1e-6, "{activation:?}'({x}) = {y}, exactly {exact}");
            }
        }
    }

    #[test]
    fn nan_stays_nan() {
        for activation in Activation::ALL {
            for of in [apply, apply_derivative] {
                let mut x = [f32::NAN, f32::INFINITY, f32::NEG_INFINITY, f32::MAX, f32::MIN];
                of(activation, &mut x);
                assert!(x[0].is_nan(), "{activation:?} made a number of NaN: {x:?}");
            }
        }
    }
}
