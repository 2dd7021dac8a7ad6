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

use crate::threefry::blocks;
use crate::word::{Float, Many, Word};

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
    normals(x0, x1)
}

#[inline(always)]
fn normals<W: Word>(x0: W, x1: W) -> [W::Float; 2] {
    let r = radius(x0);
    cos_sin_turn(x1).map(|x| r.times(x))
}

/// The formula of [`normals_of_block`] in `f64`.
pub(crate) fn normals_of_block_f64(x0: u32, x1: u32) -> [f64; 2] {
    let u = (f64::from(x0 >> 1) + 0.5) / 2_147_483_648.0;
    let theta = core::f64::consts::TAU * ((f64::from(x1) + 0.5) / 4_294_967_296.0);
    let r = (-2.0 * libm::log(u)).sqrt();
    [r * libm::cos(theta), r * libm::sin(theta)]
}

/// Fills `out` with the normals of consecutive blocks, the first of them `first_block`.
#[inline(always)]
pub(crate) fn fill(key: [u32; 2], first_block: u64, out: &mut [f32]) {
    let mut block = first_block & LAST_BLOCK;
    let (many, few) = out.as_chunks_mut::<{ 2 * Many::LANES }>();
    for out in many {
        let after = block.wrapping_add(Many::LANES as u64);
        // One high word for all lanes, unless a carry is due.
        if block >> 32 == (after - 1) >> 32 && after <= LAST_BLOCK {
            let counter = [Many::splat(block as u32).plus(Many::numbers()), Many::splat((block >> 32) as u32)];
            let [x0, x1] = blocks(key, counter);
            let [first, second] = normals(x0, x1);
            first.interleave(second, out);
        } else {
            fill_one_by_one(key, block, out);
        }
        block = after & LAST_BLOCK;
    }
    fill_one_by_one(key, block, few);
}

#[inline(never)]
fn fill_one_by_one(key: [u32; 2], first_block: u64, out: &mut [f32]) {
    let mut block = first_block & LAST_BLOCK;
    for out in out.chunks_mut(2) {
        let [x0, x1] = blocks(key, [block as u32, (block >> 32) as u32]);
        out.copy_from_slice(&normals_of_block(x0, x1)[..out.len()]);
        block = block.wrapping_add(1) & LAST_BLOCK;
    }
}

/// `√(−2 ln u)`, `u = (⌊x / 2⌋ + 1/2) / 2^31`.
#[inline(always)]
fn radius<W: Word>(x: W) -> W::Float {
    let number = W::Float::splat;
    let k = x.shifted_right(1);
    // u < √½: u = m 2^e with m in [√½, √2), ln u = e ln 2 + ln(1 + (m − 1)).
    let y = k.to_float().plus(number(0.5));
    let offset_bits = y.bits().plus(W::splat((SQRT_HALF_BITS as u32).wrapping_neg()));
    let m = offset_bits.and(W::splat(0x007F_FFFF)).plus(W::splat(SQRT_HALF_BITS as u32)).as_float();
    let e_far = offset_bits.shifted_right_signed(23).plus(W::splat(31_u32.wrapping_neg())).to_float();
    // u ≥ √½: u = 1 − t, with t from the integer complement.
    let t = k.xor(W::splat(i32::MAX as u32)).to_float().plus(number(0.5));
    let f_near = t.times(number(-TWO_POW_MINUS_31));
    let near = k.at_least(W::splat(NEAR_ONE as u32));
    let f = f_near.or_where_not(near, m.minus(number(1.0)));
    let e = number(0.0).or_where_not(near, e_far);

    let ff = f.times(f);
    let mut p = number(LN_P[7]);
    for c in [LN_P[6], LN_P[5], LN_P[4], LN_P[3], LN_P[2], LN_P[1], LN_P[0]] {
        p = p.times(f).plus(number(c));
    }
    let ln_m = f.plus(ff.times(f.times(p).minus(number(0.5))));
    let ln_u = e.times(number(core::f32::consts::LN_2)).plus(ln_m);
    number(-2.0).times(ln_u).root()
}

/// `[cos θ, sin θ]` of `θ = 2π (x + 1/2) / 2^32`, reduced exactly in integers to the nearest quarter turn.
#[inline(always)]
fn cos_sin_turn<W: Word>(x: W) -> [W::Float; 2] {
    let number = W::Float::splat;
    let shifted = x.plus(W::splat(1 << 29));
    let quarter = shifted.shifted_right(30);
    let rest = shifted.and(W::splat(0x3FFF_FFFF)).plus(W::splat((1_u32 << 29).wrapping_neg()));
    let t = rest.to_float().plus(number(0.5)).times(number(RADIANS));
    let z = t.times(t);
    let cubic = |[a, b, c]: [f32; 3]| number(a).plus(z.times(number(b).plus(z.times(number(c)))));
    let s = t.plus(t.times(z).times(cubic(SIN_S)));
    let c = number(1.0).minus(number(0.5).times(z)).plus(z.times(z).times(cubic(COS_C)));
    // Quarter turns 0..3 map (c, s) to (c, s), (−s, c), (−c, −s), (s, −c): a swap and two sign bits.
    let even = W::splat(0).at_least(quarter.and(W::splat(1)));
    let (cos, sin) = (c.or_where_not(even, s), s.or_where_not(even, c));
    let cos_sign = quarter.xor(quarter.shifted_right(1)).shifted_left(31);
    let sin_sign = quarter.shifted_right(1).shifted_left(31);
    [cos.bits().xor(cos_sign).as_float(), sin.bits().xor(sin_sign).as_float()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::threefry::threefry_2x32;

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
        let largest = radius(0_u32);
        let expected = (64.0 * core::f64::consts::LN_2).sqrt();
        assert!((f64::from(largest) - expected).abs() < 4e-7 * expected, "{largest} {expected}");
        assert!(radius(u32::MAX) > 0.0);
    }

    /// Across carries into the high word, the wrap of the numbering, and any length.
    #[test]
    fn lanes_have_the_bits_of_one_by_one() {
        for first in
            [0, 1, 12, (1 << 32) - 9, (1 << 32) - 8, (5 << 32) - 1, LAST_BLOCK - 11, LAST_BLOCK - 7, LAST_BLOCK]
        {
            for n in [0, 1, 2, 7, 16, 31, 32, 33, 100] {
                let (mut got, mut want) = (vec![0.0; n], vec![0.0; n]);
                fill([3, 14], first, &mut got);
                fill_one_by_one([3, 14], first, &mut want);
                let bits = |x: &[f32]| x.iter().map(|x| x.to_bits()).collect::<Vec<_>>();
                assert_eq!(bits(&got), bits(&want), "{n} from {first}");
            }
        }
    }
}
