//! A few numbers on which one instruction works.
//!
//! LLVM turns loops over `[f32; 8]` into SIMD on x86 and ARM, but not on WebAssembly, where it would take five times as
//! long: there the operations are named. Both are the same IEEE operations, unfused, so the bits agree.

pub(crate) use inner::{Eight, Four};
pub(crate) use wide::WideEight;

/// Examples of a block: each has a lane of its own in a vector of numbers.
pub const LANES: usize = 8;
/// One number for each lane.
pub(crate) type Lane = [f32; LANES];

/// What a matrix product needs of numbers that are worked on together.
pub trait Lanes: Copy {
    /// A number: `f32` or `f64`.
    type Number: Copy + Default;
    /// As they lie in memory.
    type Lane: Copy + Default + AsRef<[Self::Number]> + AsMut<[Self::Number]>;
    fn from_lane(lane: &Self::Lane) -> Self;
    fn splat(x: Self::Number) -> Self;
    fn to_lane(self) -> Self::Lane;
    /// `self + x y`, rounded twice.
    fn plus_product(self, x: Self, y: Self) -> Self;
}

/// Eight numbers of one kind, and what else the passes of nets do with them.
pub trait Eights: Lanes<Lane = [<Self as Lanes>::Number; LANES]> {
    fn plus(self, other: Self) -> Self;
    fn minus(self, other: Self) -> Self;
    fn times(self, other: Self) -> Self;
    /// `other` where it is greater; so a NaN there is passed over.
    fn or_greater(self, other: Self) -> Self;
}

/// Work that is compiled once for each set of instructions. Its `run` is always inlined, with all that it calls: what is left a
/// call, as a closure is that is not small, is compiled for the least of them.
pub(crate) trait Work {
    fn run(self);
}

/// Does work with the widest instructions that the machine has; unfused, so that the bits are the same.
#[cfg(not(target_arch = "wasm32"))]
#[inline(always)]
pub(crate) fn widest<W: Work>(work: W) {
    struct Inlined<W>(W);

    impl<W: Work> pulp::WithSimd for Inlined<W> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: pulp::Simd>(self, _simd: S) {
            self.0.run();
        }
    }

    pulp::Arch::new().dispatch(Inlined(work));
}

#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub(crate) fn widest<W: Work>(work: W) {
    work.run();
}

#[cfg(all(target_arch = "wasm32", target_feature = "simd128"))]
mod inner {
    use core::arch::wasm32::{
        f32x4_add, f32x4_mul, f32x4_pmax, f32x4_splat, f32x4_sub, f64x2_add, f64x2_mul, f64x2_splat, v128,
    };

    use super::{Eights, Lane, Lanes};

    /// Eight numbers.
    #[derive(Clone, Copy, Debug)]
    pub struct Eight([v128; 2]);

    impl Eights for Eight {
        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            let ([a, b], [c, d]) = (self.0, other.0);
            Self([f32x4_add(a, c), f32x4_add(b, d)])
        }

        #[inline(always)]
        fn times(self, other: Self) -> Self {
            let ([a, b], [c, d]) = (self.0, other.0);
            Self([f32x4_mul(a, c), f32x4_mul(b, d)])
        }

        #[inline(always)]
        fn minus(self, other: Self) -> Self {
            let ([a, b], [c, d]) = (self.0, other.0);
            Self([f32x4_sub(a, c), f32x4_sub(b, d)])
        }

        /// `other` where it is greater; so a NaN there is passed over.
        #[inline(always)]
        fn or_greater(self, other: Self) -> Self {
            let ([a, b], [c, d]) = (self.0, other.0);
            Self([f32x4_pmax(a, c), f32x4_pmax(b, d)])
        }
    }

    impl Lanes for Eight {
        type Number = f32;
        type Lane = Lane;

        #[inline(always)]
        fn from_lane(lane: &Lane) -> Self {
            Self(bytemuck::cast(*lane))
        }

        #[inline(always)]
        fn splat(x: f32) -> Self {
            Self([f32x4_splat(x); 2])
        }

        #[inline(always)]
        fn to_lane(self) -> Lane {
            bytemuck::cast(self.0)
        }

        #[inline(always)]
        fn plus_product(self, x: Self, y: Self) -> Self {
            self.plus(x.times(y))
        }
    }

    /// Four numbers of double precision.
    #[derive(Clone, Copy)]
    pub(crate) struct Four([v128; 2]);

    impl Lanes for Four {
        type Number = f64;
        type Lane = [f64; 4];

        #[inline(always)]
        fn from_lane(lane: &Self::Lane) -> Self {
            Self(bytemuck::cast(*lane))
        }

        #[inline(always)]
        fn splat(x: f64) -> Self {
            Self([f64x2_splat(x); 2])
        }

        #[inline(always)]
        fn to_lane(self) -> Self::Lane {
            bytemuck::cast(self.0)
        }

        #[inline(always)]
        fn plus_product(self, x: Self, y: Self) -> Self {
            let ([a, b], [c, d], [e, f]) = (self.0, x.0, y.0);
            Self([f64x2_add(a, f64x2_mul(c, e)), f64x2_add(b, f64x2_mul(d, f))])
        }
    }
}

#[cfg(not(all(target_arch = "wasm32", target_feature = "simd128")))]
mod inner {
    use super::{Eights, LANES, Lane, Lanes};

    /// Eight numbers.
    #[derive(Clone, Copy, Debug)]
    pub struct Eight(Lane);

    impl Eights for Eight {
        #[inline(always)]
        fn plus(mut self, other: Self) -> Self {
            for l in 0..LANES {
                self.0[l] += other.0[l];
            }
            self
        }

        #[inline(always)]
        fn times(mut self, other: Self) -> Self {
            for l in 0..LANES {
                self.0[l] *= other.0[l];
            }
            self
        }

        #[inline(always)]
        fn minus(mut self, other: Self) -> Self {
            for l in 0..LANES {
                self.0[l] -= other.0[l];
            }
            self
        }

        /// `other` where it is greater; so a NaN there is passed over.
        #[inline(always)]
        fn or_greater(mut self, other: Self) -> Self {
            for l in 0..LANES {
                self.0[l] = if self.0[l] < other.0[l] { other.0[l] } else { self.0[l] };
            }
            self
        }
    }

    impl Lanes for Eight {
        type Number = f32;
        type Lane = Lane;

        #[inline(always)]
        fn from_lane(lane: &Lane) -> Self {
            Self(*lane)
        }

        #[inline(always)]
        fn splat(x: f32) -> Self {
            Self([x; LANES])
        }

        #[inline(always)]
        fn to_lane(self) -> Lane {
            self.0
        }

        #[inline(always)]
        fn plus_product(self, x: Self, y: Self) -> Self {
            self.plus(x.times(y))
        }
    }

    /// Four numbers of double precision.
    #[derive(Clone, Copy)]
    pub(crate) struct Four([f64; 4]);

    impl Lanes for Four {
        type Number = f64;
        type Lane = [f64; 4];

        #[inline(always)]
        fn from_lane(lane: &Self::Lane) -> Self {
            Self(*lane)
        }

        #[inline(always)]
        fn splat(x: f64) -> Self {
            Self([x; 4])
        }

        #[inline(always)]
        fn to_lane(self) -> Self::Lane {
            self.0
        }

        #[inline(always)]
        fn plus_product(mut self, x: Self, y: Self) -> Self {
            for l in 0..4 {
                self.0[l] += x.0[l] * y.0[l];
            }
            self
        }
    }
}

mod wide {
    use super::{Eights, LANES, Lanes};

    /// Eight numbers of double precision: for second opinions, so that plain loops are quick enough.
    #[derive(Clone, Copy, Debug)]
    pub struct WideEight([f64; LANES]);

    impl WideEight {
        #[inline(always)]
        fn with(mut self, other: Self, of: impl Fn(f64, f64) -> f64) -> Self {
            for l in 0..LANES {
                self.0[l] = of(self.0[l], other.0[l]);
            }
            self
        }
    }

    impl Lanes for WideEight {
        type Number = f64;
        type Lane = [f64; LANES];

        #[inline(always)]
        fn from_lane(lane: &Self::Lane) -> Self {
            Self(*lane)
        }

        #[inline(always)]
        fn splat(x: f64) -> Self {
            Self([x; LANES])
        }

        #[inline(always)]
        fn to_lane(self) -> Self::Lane {
            self.0
        }

        #[inline(always)]
        fn plus_product(self, x: Self, y: Self) -> Self {
            self.plus(x.times(y))
        }
    }

    impl Eights for WideEight {
        #[inline(always)]
        fn plus(self, other: Self) -> Self {
            self.with(other, |x, y| x + y)
        }

        #[inline(always)]
        fn minus(self, other: Self) -> Self {
            self.with(other, |x, y| x - y)
        }

        #[inline(always)]
        fn times(self, other: Self) -> Self {
            self.with(other, |x, y| x * y)
        }

        #[inline(always)]
        fn or_greater(self, other: Self) -> Self {
            self.with(other, |x, y| if x < y { y } else { x })
        }
    }
}
