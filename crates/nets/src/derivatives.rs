//! Values of an activation with its first three derivatives, on `f32` slices, for sums along truncated polynomials.
//!
//! # Numerics
//! Within 2e-6 of `theory`'s f64 values for arguments up to 20 in size: the functions are those of [`elementwise`], and a
//! polynomial before a Gaussian or a logistic slope multiplies their error by 3 at most. At a kink the derivatives are those
//! from the left. NaN stays NaN.
//!
//! [`elementwise`]: crate::elementwise

use theory::Activation;

use crate::elementwise::{
    FRAC_1_SQRT_2PI, FRAC_1_SQRT_PI, HALF_SQRT_PI, LEAK, cos, erf, exp, gaussian_cdf, positive, sigmoid, sin, softplus,
    step, tanh,
};

/// `out[k][i]` is the k-th derivative at `x[i]`, for k up to `order`, at most 3; the others are left as they are.
#[inline(always)]
pub(crate) fn derivatives<const N: usize>(activation: Activation, order: usize, x: &[f32; N], out: &mut [[f32; N]; 4]) {
    match activation {
        Activation::Tanh => each(order, x, out, |x| {
            let t = tanh(x);
            let slope = 1.0 - t * t;
            [t, slope, -2.0 * t * slope, slope * (6.0 * t * t - 2.0)]
        }),
        Activation::Erf => each(order, x, out, |x| {
            let slope = 2.0 * FRAC_1_SQRT_PI * exp(-x * x);
            [erf(x), slope, -2.0 * x * slope, (4.0 * x * x - 2.0) * slope]
        }),
        Activation::ErfUnitSlope => each(order, x, out, |x| {
            let u = x * HALF_SQRT_PI;
            let slope = exp(-u * u);
            let twice = 2.0 * HALF_SQRT_PI * HALF_SQRT_PI;
            [erf(u), slope, -twice * x * slope, twice * (twice * x * x - 1.0) * slope]
        }),
        Activation::Relu => each(order, x, out, |x| [positive(x), step(x, x > 0.0, 0.0), 0.0, 0.0]),
        Activation::LeakyRelu => each(order, x, out, |x| {
            let slope = step(x, x > 0.0, LEAK);
            [x * slope, slope, 0.0, 0.0]
        }),
        Activation::HardTanh => {
            each(order, x, out, |x| [x.clamp(-1.0, 1.0), step(x, x.abs() < 1.0, 0.0), 0.0, 0.0]);
        }
        Activation::Sigmoid => each(order, x, out, |x| {
            let s = sigmoid(x);
            let slope = s * (1.0 - s);
            [s, slope, slope * (1.0 - 2.0 * s), slope * (1.0 - 6.0 * slope)]
        }),
        Activation::Gelu => each(order, x, out, |x| {
            let (cdf, density) = (gaussian_cdf(x), FRAC_1_SQRT_2PI * exp(-0.5 * x * x));
            [x * cdf, cdf + x * density, density * (2.0 - x * x), density * (x * (x * x - 4.0))]
        }),
        Activation::Silu => each(order, x, out, |x| {
            let s = sigmoid(x);
            let slope = s * (1.0 - s);
            let (second, third) = (slope * (1.0 - 2.0 * s), slope * (1.0 - 6.0 * slope));
            [x * s, s * (1.0 + x * (1.0 - s)), 2.0 * slope + x * second, 3.0 * second + x * third]
        }),
        Activation::Softplus => each(order, x, out, |x| {
            let s = sigmoid(x);
            let slope = s * (1.0 - s);
            [softplus(x), s, slope, slope * (1.0 - 2.0 * s)]
        }),
        Activation::Sin => each(order, x, out, |x| {
            let (sin, cos) = (sin(x), cos(x));
            [sin, cos, -sin, -cos]
        }),
        Activation::Linear => each(order, x, out, |x| [x, step(x, true, 1.0), 0.0, 0.0]),
    }
}

/// A loop that the compiler turns into SIMD; what is not asked for is not computed.
#[inline(always)]
fn each<const N: usize>(order: usize, x: &[f32; N], out: &mut [[f32; N]; 4], of: impl Fn(f32) -> [f32; 4]) {
    for i in 0..N {
        let all = of(x[i]);
        for k in 0..4 {
            if k <= order {
                out[k][i] = all[k];
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn derivatives_agree_with_theory() {
        for activation in Activation::ALL {
            for i in 0..1000 {
                let x: [f32; 8] = std::array::from_fn(|l| (i * 8 + l) as f32 * 0.005 - 19.9975);
                let mut out = [[0.0; 8]; 4];
                derivatives(activation, 3, &x, &mut out);
                for l in 0..8 {
                    let x = f64::from(x[l]);
                    let exact = [activation.phi(x), activation.dphi(x), activation.d2phi(x), activation.d3phi(x)];
                    for k in 0..4 {
                        let error = (f64::from(out[k][l]) - exact[k]).abs();
                        let allowed = 2e-6 * exact[k].abs().max(1.0);
                        assert!(error <= allowed, "{activation:?}, derivative {k} at {x}: {} {}", out[k][l], exact[k]);
                    }
                }
            }
        }
    }

    #[test]
    fn what_is_not_asked_for_is_left() {
        let mut out = [[7.0; 2]; 4];
        derivatives(Activation::Tanh, 1, &[0.5, 1.0], &mut out);
        assert_eq!(out[2..], [[7.0; 2]; 2]);
    }
}
