//! Words on which the generator works: one, or several that one instruction takes.
//!
//! The formulas of [`crate::threefry`] and [`crate::normal_f32`] are written once, over [`Word`]. LLVM turns loops over arrays
//! into SIMD on x86 and ARM, but not on WebAssembly, where it would take six times as long: there the operations are named.
//! All are integer operations, or IEEE ones that are not fused, so the bits are the same.

pub(crate) use many::Many;

/// Words of 32 bits, lane by lane.
pub(crate) trait Word: Copy {
    /// As many floats.
    type Float: Float<Word = Self>;
    fn splat(x: u32) -> Self;
    /// Modulo 2^32.
    fn plus(self, other: Self) -> Self;
    fn xor(self, other: Self) -> Self;
    fn and(self, other: Self) -> Self;
    fn or(self, other: Self) -> Self;
    fn shifted_left(self, by: u32) -> Self;
    /// Zeros come in.
    fn shifted_right(self, by: u32) -> Self;
    /// Signs come in.
    fn shifted_right_signed(self, by: u32) -> Self;
    /// All ones where it is at least `other`, both as signed numbers; zero elsewhere.
    fn at_least(self, other: Self) -> Self;
    /// The signed number, rounded.
    fn to_float(self) -> Self::Float;
    /// The float of these bits.
    fn as_float(self) -> Self::Float;

    #[inline(always)]
    fn rotated_left(self, by: u32) -> Self {
        self.shifted_left(by).or(self.shifted_right(32 - by))
    }
}

/// Floats of single precision, lane by lane.
pub(crate) trait Float: Copy {
    type Word: Word<Float = Self>;
    fn splat(x: f32) -> Self;
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
    fn times(self, other: Self) -> Self;
    fn root(self) -> Self;
    fn bits(self) -> Self::Word;
    /// `self` where the mask is all ones, `other` where it is zero.
    fn or_where_not(self, mask: Self::Word, other: Self) -> Self;
}

impl Word for u32 {
    type Float = f32;

    #[inline(always)]
    fn splat(x: u32) -> Self {
        x
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self.wrapping_add(other)
    }

    #[inline(always)]
    fn xor(self, other: Self) -> Self {
        self ^ other
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self & other
    }

    #[inline(always)]
    fn or(self, other: Self) -> Self {
        self | other
    }

    #[inline(always)]
    fn shifted_left(self, by: u32) -> Self {
        self << by
    }

    #[inline(always)]
    fn shifted_right(self, by: u32) -> Self {
        self >> by
    }

    #[inline(always)]
    fn shifted_right_signed(self, by: u32) -> Self {
        (self as i32 >> by) as Self
    }

    #[inline(always)]
    fn at_least(self, other: Self) -> Self {
        Self::from(self as i32 >= other as i32).wrapping_neg()
    }

    #[inline(always)]
    fn to_float(self) -> f32 {
        self as i32 as f32
    }

    #[inline(always)]
    fn as_float(self) -> f32 {
        f32::from_bits(self)
    }
}

impl Float for f32 {
    type Word = u32;

    #[inline(always)]
    fn splat(x: f32) -> Self {
        x
    }

    #[inline(always)]
    fn plus(self, other: Self) -> Self {
        self + other
    }

    #[inline(always)]
    fn minus(self, other: Self) -> Self {
        self - other
    }

    #[inline(always)]
    fn times(self, other: Self) -> Self {
        self * other
    }

    #[inline(always)]
    fn root(self) -> Self {
        self.sqrt()
    }

    #[inline(always)]
    fn bits(self) -> u32 {
        self.to_bits()
    }

    #[inline(always)]
    fn or_where_not(self, mask: u32, other: Self) -> Self {
        Self::from_bits(self.to_bits() & mask | other.to_bits() & !mask)
    }
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod many {
    use core::arch::wasm32::{
        f32x4_add, f32x4_convert_i32x4, f32x4_mul, f32x4_splat, f32x4_sqrt, f32x4_sub, i32x4_add, i32x4_ge, i32x4_shl,
        i32x4_shr, i32x4_shuffle, u32x4, u32x4_shr, u32x4_splat, v128, v128_and, v128_bitselect, v128_or, v128_xor,
    };

    use super::{Float, Word};

    /// Four of them.
    #[derive(Clone, Copy)]
    pub(crate) struct Many(v128);

    #[derive(Clone, Copy)]
    pub(crate) struct Floats(v128);

    impl Many {
        pub(crate) const LANES: usize = 4;

        /// 0, 1, 2 and so on.
        #[inline(always)]
        pub(crate) fn numbers() -> Self {
            Self(u32x4(0, 1, 2, 3))
        }
    }

    impl Floats {
        /// The first of `self`, the first of `other`, the second of `self`, and so on.
        #[inline(always)]
        pub(crate) fn interleave(self, other: Self, out: &mut [f32; 2 * Many::LANES]) {
            let pairs = [i32x4_shuffle::<0, 4, 1, 5>(self.0, other.0), i32x4_shuffle::<2, 6, 3, 7>(self.0, other.0)];
            *out = bytemuck::cast(pairs);
        }
    }

    impl Word for Many {
        type Float = Floats;

        #[inline(always)]
        fn splat(x: u32) -> Self {
            Self(u32x4_splat(x))
        }

        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            Self(i32x4_add(self.0, other.0))
        }

        #[inline(always)]
        fn xor(self, other: Self) -> Self {
            Self(v128_xor(self.0, other.0))
        }

        #[inline(always)]
        fn and(self, other: Self) -> Self {
            Self(v128_and(self.0, other.0))
        }

        #[inline(always)]
        fn or(self, other: Self) -> Self {
            Self(v128_or(self.0, other.0))
        }

        #[inline(always)]
        fn shifted_left(self, by: u32) -> Self {
            Self(i32x4_shl(self.0, by))
        }

        #[inline(always)]
        fn shifted_right(self, by: u32) -> Self {
            Self(u32x4_shr(self.0, by))
        }

        #[inline(always)]
        fn shifted_right_signed(self, by: u32) -> Self {
            Self(i32x4_shr(self.0, by))
        }

        #[inline(always)]
        fn at_least(self, other: Self) -> Self {
            Self(i32x4_ge(self.0, other.0))
        }

        #[inline(always)]
        fn to_float(self) -> Floats {
            Floats(f32x4_convert_i32x4(self.0))
        }

        #[inline(always)]
        fn as_float(self) -> Floats {
            Floats(self.0)
        }
    }

    impl Float for Floats {
        type Word = Many;

        #[inline(always)]
        fn splat(x: f32) -> Self {
            Self(f32x4_splat(x))
        }

        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            Self(f32x4_add(self.0, other.0))
        }

        #[inline(always)]
        fn minus(self, other: Self) -> Self {
            Self(f32x4_sub(self.0, other.0))
        }

        #[inline(always)]
        fn times(self, other: Self) -> Self {
            Self(f32x4_mul(self.0, other.0))
        }

        #[inline(always)]
        fn root(self) -> Self {
            Self(f32x4_sqrt(self.0))
        }

        #[inline(always)]
        fn bits(self) -> Many {
            Many(self.0)
        }

        #[inline(always)]
        fn or_where_not(self, mask: Many, other: Self) -> Self {
            Self(v128_bitselect(self.0, other.0, mask.0))
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod many {
    use super::{Float, Word};

    const LANES: usize = 8;

    /// Eight of them.
    #[derive(Clone, Copy)]
    pub(crate) struct Many([u32; LANES]);

    #[derive(Clone, Copy)]
    pub(crate) struct Floats([f32; LANES]);

    impl Many {
        pub(crate) const LANES: usize = LANES;

        /// 0, 1, 2 and so on.
        #[inline(always)]
        pub(crate) fn numbers() -> Self {
            Self([0, 1, 2, 3, 4, 5, 6, 7])
        }

        #[inline(always)]
        fn each(mut self, of: impl Fn(u32) -> u32) -> Self {
            for x in &mut self.0 {
                *x = of(*x);
            }
            self
        }

        #[inline(always)]
        fn with(mut self, other: Self, of: impl Fn(u32, u32) -> u32) -> Self {
            for l in 0..LANES {
                self.0[l] = of(self.0[l], other.0[l]);
            }
            self
        }
    }

    impl Floats {
        /// The first of `self`, the first of `other`, the second of `self`, and so on.
        #[inline(always)]
        pub(crate) fn interleave(self, other: Self, out: &mut [f32; 2 * LANES]) {
            for l in 0..LANES {
                out[2 * l] = self.0[l];
                out[2 * l + 1] = other.0[l];
            }
        }

        #[inline(always)]
        fn with(mut self, other: Self, of: impl Fn(f32, f32) -> f32) -> Self {
            for l in 0..LANES {
                self.0[l] = of(self.0[l], other.0[l]);
            }
            self
        }
    }

    impl Word for Many {
        type Float = Floats;

        #[inline(always)]
        fn splat(x: u32) -> Self {
            Self([x; LANES])
        }

        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            self.with(other, u32::wrapping_add)
        }

        #[inline(always)]
        fn xor(self, other: Self) -> Self {
            self.with(other, |a, b| a ^ b)
        }

        #[inline(always)]
        fn and(self, other: Self) -> Self {
            self.with(other, |a, b| a & b)
        }

        #[inline(always)]
        fn or(self, other: Self) -> Self {
            self.with(other, |a, b| a | b)
        }

        #[inline(always)]
        fn shifted_left(self, by: u32) -> Self {
            self.each(|x| x << by)
        }

        #[inline(always)]
        fn shifted_right(self, by: u32) -> Self {
            self.each(|x| x >> by)
        }

        #[inline(always)]
        fn shifted_right_signed(self, by: u32) -> Self {
            self.each(|x| (x as i32 >> by) as u32)
        }

        #[inline(always)]
        fn at_least(self, other: Self) -> Self {
            self.with(other, |a, b| a.at_least(b))
        }

        #[inline(always)]
        fn to_float(self) -> Floats {
            Floats(self.0.map(|x| x as i32 as f32))
        }

        #[inline(always)]
        fn as_float(self) -> Floats {
            Floats(self.0.map(f32::from_bits))
        }
    }

    impl Float for Floats {
        type Word = Many;

        #[inline(always)]
        fn splat(x: f32) -> Self {
            Self([x; LANES])
        }

        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            self.with(other, |a, b| a + b)
        }

        #[inline(always)]
        fn minus(self, other: Self) -> Self {
            self.with(other, |a, b| a - b)
        }

        #[inline(always)]
        fn times(self, other: Self) -> Self {
            self.with(other, |a, b| a * b)
        }

        #[inline(always)]
        fn root(self) -> Self {
            Self(self.0.map(f32::sqrt))
        }

        #[inline(always)]
        fn bits(self) -> Many {
            Many(self.0.map(f32::to_bits))
        }

        #[inline(always)]
        fn or_where_not(mut self, mask: Many, other: Self) -> Self {
            for l in 0..LANES {
                self.0[l] = self.0[l].or_where_not(mask.0[l], other.0[l]);
            }
            self
        }
    }
}
