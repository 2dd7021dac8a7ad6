//! Box–Muller in single precision from own polynomials, so that a shader or a vector unit can repeat it.
//!
//! A block of two words `(x0, x1)` becomes two normals `r cos θ`, `r sin θ` with
//!
//! `u = (⌊x0 / 2⌋ + 1/2) / 2^31`, `r = √(−2 ln u)`, `θ = 2π (x1 + 1/2) / 2^32`.
//!
//! Only IEEE add, multiply, square root, integer conversion and bit selection appear, in a fixed order and without fused
//! multiply-add, so the results are the same bits natively and in the browser. A shader (whose square root may be off by
//! an ulp or so) agrees within a few 1e-6.
//!
//! # Numerics
//! The largest normal is √(−2 ln 2^−32) = 6.66. Against the same formula in `f64` the error of an element is below
//! `4e-7 · r` (tested over blocks at the edges and 2^20 others); the polynomials themselves are within 6e-9, below the
//! rounding of `f32`, the rest is rounding.
//!
//! Source: G. E. P. Box, M. E. Muller, "A note on the generation of random normal deviates" (1958). Polynomials: ours, by the Remez
//! exchange in 40 digits, coefficients rounded to `f32`.

use crate::threefry::threefry_2x32;

/// Blocks per step of [`crate::Stream::fill_normal_f32`]; a multiple of every vector width in sight.
pub(crate) const LANES: usize = 16;

/// Normals are numbered by 64 bits, two to a block: numbering wraps after this block.
pub(crate) const LAST_BLOCK: u64 = u64::MAX >> 1;

/// `⌊2^31 / √2⌋`: from here on `ln u` is taken as `ln(1 + f)` with `f` from the *complement*, which keeps its relative
/// precision as `u` nears 1.
const NEAR_ONE: i32 = 0x5A82_799A;

/// Bits of the `f32` nearest √(1/2).
const SQRT_HALF_BITS: i32 = 0x3F35_04F3;

/// `ln(1 + f) = f − f²/2 + f³ P(f)` on `[√½ − 1, √2 − 1]`; relative error of the logarithm 5.8e-9.
const LN_P: [f32; 8] =
    [0.333_333_3, -0.250_008_2, 0.200_012_27, -0.166_233_58, 0.142_017_57, -0.131_601_77, 0.127_615_78, -0.076_345_13];

/// `sin t = t + t³ S(t²)` on `[0, π/4]`; relative error 3.6e-9.
const SIN_S: [f32; 3] = [-0.166_666_55, 0.008_332_178, -0.000_195_173];

/// `cos t = 1 − t²/2 + t⁴ C(t²)` on `[0, π/4]`; absolute error 1e-10.
const COS_C: [f32; 3] = [0.041_666_646, -0.001_388_736_8, 0.000_024_438_452];

/// `2^-31`.
const TWO_POW_MINUS_31: f32 = f32::from_bits((127 - 31) << 23);
/// `(π/2) / 2^30`: radians of one unit of the reduced angle.
const RADIANS: f32 = (core::f64::consts::FRAC_PI_2 / 1_073_741_824.0) as f32;

/// The two normals of a block `(x0, x1)`.
#[must_use]
#[inline]
pub fn normals_of_block(x0: u32, x1: u32) -> [f32; 2] {
    let r = radius(x0);
    let (cos, sin) = cos_sin_turn(x1);
    [r * cos, r * sin]
}

/// The formula of [`normals_of_block`] in `f64`.
pub(crate) fn normals_of_block_f64(x0: u32, x1: u32) -> [f64; 2] {
    let u = (f64::from(x0 >> 1) + 0.5) / 2_147_483_648.0;
    let theta = core::f64::consts::TAU * ((f64::from(x1) + 0.5) / 4_294_967_296.0);
    let r = (-2.0 * libm::log(u)).sqrt();
    [r * libm::cos(theta), r * libm::sin(theta)]
}

/// The normals of `LANES` consecutive blocks, interleaved: `out[2 i]`, `out[2 i + 1]` from block `first_block + i`.
#[inline]
pub(crate) fn fill_blocks(key: [u32; 2], first_block: u64, out: &mut [f32; 2 * LANES]) {
    let (mut x0, mut x1) = ([0; LANES], [0; LANES]);
    for i in 0..LANES {
        let block = first_block.wrapping_add(i as u64) & LAST_BLOCK;
        [x0[i], x1[i]] = threefry_2x32(key, [block as u32, (block >> 32) as u32]);
    }
    for i in 0..LANES {
        let pair = normals_of_block(x0[i], x1[i]);
        out[2 * i] = pair[0];
        out[2 * i + 1] = pair[1];
    }
}

/// `√(−2 ln u)`, `u = (⌊x / 2⌋ + 1/2) / 2^31`.
#[inline(always)]
fn radius(x: u32) -> f32 {
    let k = (x >> 1) as i32;
    // u < √½: u = m 2^e with m in [√½, √2), ln u = e ln 2 + ln(1 + (m − 1)).
    let y = k as f32 + 0.5;
    let offset_bits = y.to_bits() as i32 - SQRT_HALF_BITS;
    let m = f32::from_bits(((offset_bits & 0x007F_FFFF) + SQRT_HALF_BITS) as u32);
    let e_far = ((offset_bits >> 23) - 31) as f32;
    // u ≥ √½: u = 1 − t, with t from the integer complement.
    let f_near = -((i32::MAX - k) as f32 + 0.5) * TWO_POW_MINUS_31;
    let near = k >= NEAR_ONE;
    let f = if near { f_near } else { m - 1.0 };
    let e = if near { 0.0 } else { e_far };

    let ff = f * f;
    let mut p = LN_P[7];
    for c in [LN_P[6], LN_P[5], LN_P[4], LN_P[3], LN_P[2], LN_P[1], LN_P[0]] {
        p = p * f + c;
    }
    let ln_u = e * core::f32::consts::LN_2 + (f + ff * (f * p - 0.5));
    (-2.0 * ln_u).sqrt()
}

/// `(cos θ, sin θ)` of `θ = 2π (x + 1/2) / 2^32`, reduced exactly in integers to the nearest quarter turn.
#[inline(always)]
fn cos_sin_turn(x: u32) -> (f32, f32) {
    let shifted = x.wrapping_add(1 << 29);
    let quarter = shifted >> 30;
    let rest = (shifted & 0x3FFF_FFFF) as i32 - (1 << 29);
    let t = (rest as f32 + 0.5) * RADIANS;
    let z = t * t;
    let s = t + t * z * (SIN_S[0] + z * (SIN_S[1] + z * SIN_S[2]));
    let c = 1.0 - 0.5 * z + z * z * (COS_C[0] + z * (COS_C[1] + z * COS_C[2]));
    // Quarter turns 0..3 map (c, s) to (c, s), (−s, c), (−c, −s), (s, −c): a swap and two sign bits.
    let swap = quarter & 1 == 1;
    let cos = if swap { s } else { c };
    let sin = if swap { c } else { s };
    let cos_sign = (quarter ^ (quarter >> 1)) << 31;
    let sin_sign = (quarter >> 1) << 31;
    (f32::from_bits(cos.to_bits() ^ cos_sign), f32::from_bits(sin.to_bits() ^ sin_sign))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Documented bound of the module: `4e-7 r`.
    fn check(x0: u32, x1: u32) {
        let got = normals_of_block(x0, x1);
        let want = normals_of_block_f64(x0, x1);
        let r = want[0].hypot(want[1]);
        for i in 0..2 {
            let error = (f64::from(got[i]) - want[i]).abs();
            assert!(error <= 4e-7 * r, "block {x0:08x} {x1:08x}: got {} want {} r {r}", got[i], want[i]);
        }
    }

    #[test]
    fn error_bound_holds_at_edges() {
        let near_one = (NEAR_ONE as u32) << 1;
        let mut edges = vec![0, 1, 2, 3, u32::MAX, u32::MAX - 1, u32::MAX - 2];
        for around in [near_one, 1 << 31, 1 << 30, 1 << 29, 3 << 29, 5 << 29, 7 << 29, 3 << 30, 1 << 24, 1 << 25] {
            edges.extend((0..4).map(|d: u32| around.wrapping_add(d).wrapping_sub(2)));
        }
        for &x0 in &edges {
            for &x1 in &edges {
                check(x0, x1);
            }
        }
    }

    #[test]
    fn error_bound_holds_in_bulk() {
        for i in 0..1 << 20 {
            let [x0, x1] = threefry_2x32([7, 11], [i, 0]);
            check(x0, x1);
            // The same angles at small radii, where `u` is near 1.
            check(u32::MAX - (x0 >> 12), x1);
        }
    }

    /// `√(−2 ln 2^−32)`: the largest normal there is.
    #[test]
    fn extreme_radii() {
        let largest = radius(0);
        let expected = (64.0 * core::f64::consts::LN_2).sqrt();
        assert!((f64::from(largest) - expected).abs() < 4e-7 * expected, "{largest} {expected}");
        assert!(radius(u32::MAX) > 0.0);
    }
}
