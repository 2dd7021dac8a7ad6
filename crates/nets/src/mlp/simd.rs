//! Eight numbers, one for each example of a block.
//!
//! LLVM turns loops over `[f32; 8]` into SIMD on x86 and ARM, but not on WebAssembly, where it would take five times as
//! long: there the operations are named. Both are the same IEEE operations, unfused, so the bits agree.

pub(crate) use inner::Eight;

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
use super::dense::LANES;
use super::dense::Lane;

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod inner {
    use core::arch::wasm32::{f32x4_add, f32x4_mul, f32x4_pmax, f32x4_splat, f32x4_sub, v128};

    use super::Lane;

    /// Eight numbers.
    #[derive(Clone, Copy)]
    pub(crate) struct Eight([v128; 2]);

    impl Eight {
        #[inline(always)]
        pub(crate) fn from_lane(lane: &Lane) -> Self {
            Self(bytemuck::cast(*lane))
        }

        #[inline(always)]
        pub(crate) fn splat(x: f32) -> Self {
            Self([f32x4_splat(x); 2])
        }

        #[inline(always)]
        pub(crate) fn to_lane(self) -> Lane {
            bytemuck::cast(self.0)
        }

        #[inline(always)]
        pub(crate) fn plus(self, other: Self) -> Self {
            let ([a, b], [c, d]) = (self.0, other.0);
            Self([f32x4_add(a, c), f32x4_add(b, d)])
        }

        #[inline(always)]
        pub(crate) fn times(self, other: Self) -> Self {
            let ([a, b], [c, d]) = (self.0, other.0);
            Self([f32x4_mul(a, c), f32x4_mul(b, d)])
        }

        #[inline(always)]
        pub(in crate::mlp) fn minus(self, other: Self) -> Self {
            let ([a, b], [c, d]) = (self.0, other.0);
            Self([f32x4_sub(a, c), f32x4_sub(b, d)])
        }

        /// `other` where it is greater; so a NaN there is passed over.
        #[inline(always)]
        pub(in crate::mlp) fn or_greater(self, other: Self) -> Self {
            let ([a, b], [c, d]) = (self.0, other.0);
            Self([f32x4_pmax(a, c), f32x4_pmax(b, d)])
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod inner {
    use super::{LANES, Lane};

    /// Eight numbers.
    #[derive(Clone, Copy)]
    pub(crate) struct Eight(Lane);

    impl Eight {
        #[inline(always)]
        pub(crate) fn from_lane(lane: &Lane) -> Self {
            Self(*lane)
        }

        #[inline(always)]
        pub(crate) fn splat(x: f32) -> Self {
            Self([x; LANES])
        }

        #[inline(always)]
        pub(crate) fn to_lane(self) -> Lane {
            self.0
        }

        #[inline(always)]
        pub(crate) fn plus(mut self, other: Self) -> Self {
            for l in 0..LANES {
                self.0[l] += other.0[l];
            }
            self
        }

        #[inline(always)]
        pub(crate) fn times(mut self, other: Self) -> Self {
            for l in 0..LANES {
                self.0[l] *= other.0[l];
            }
            self
        }

        #[inline(always)]
        pub(in crate::mlp) fn minus(mut self, other: Self) -> Self {
            for l in 0..LANES {
                self.0[l] -= other.0[l];
            }
            self
        }

        /// `other` where it is greater; so a NaN there is passed over.
        #[inline(always)]
        pub(in crate::mlp) fn or_greater(mut self, other: Self) -> Self {
            for l in 0..LANES {
                self.0[l] = if self.0[l] < other.0[l] { other.0[l] } else { self.0[l] };
            }
            self
        }
    }
}

impl Eight {
    /// `self + x y`, rounded twice.
    #[inline(always)]
    pub(crate) fn plus_product(self, x: Self, y: Self) -> Self {
        self.plus(x.times(y))
    }
}
