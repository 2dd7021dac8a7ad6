//! A named stream: pure functions of a key and an index.

use crate::normal_f32::{self, normals_of_block_f64};
use crate::threefry::threefry_2x32;

/// Set apart the keys of children from the blocks of the parent, which the same generator draws under the plain key.
const CHILD_TWEAK: [u32; 2] = [0x9E37_79B9, 0x7F4A_7C15];

/// An independent sequence of random numbers, named by a seed, a purpose and a path of children.
///
/// `Copy`, 8 bytes, no state: every number is a function of the stream and an index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Stream {
    key: [u32; 2],
}

impl Stream {
    /// The stream of `purpose` under `seed`. Different purposes give independent streams of one seed.
    ///
    /// key = Threefry(key: seed, counter: FNV-1a-64(purpose)).
    #[must_use]
    pub fn new(seed: u64, purpose: &str) -> Self {
        Self { key: threefry_2x32(words(seed), words(fnv_1a_64(purpose.as_bytes()))) }
    }

    /// The `index`-th independent sub-stream (of a layer, a net, an image, ...).
    #[must_use]
    pub fn child(self, index: u64) -> Self {
        let key = [self.key[0] ^ CHILD_TWEAK[0], self.key[1] ^ CHILD_TWEAK[1]];
        Self { key: threefry_2x32(key, words(index)) }
    }

    /// The two key words, for a shader that draws the same numbers.
    #[must_use]
    pub fn key(self) -> [u32; 2] {
        self.key
    }

    /// Two words of random bits: the Threefry block of `counter` (low word first).
    #[must_use]
    #[inline]
    pub fn bits(self, counter: u64) -> [u32; 2] {
        threefry_2x32(self.key, words(counter))
    }

    /// Uniform in the open interval (0, 1): `(b + 1/2) / 2^52` with `b` the upper 52 bits of block `index`.
    #[must_use]
    #[inline]
    pub fn uniform(self, index: u64) -> f64 {
        uniform_of_block(self.bits(index))
    }

    /// Standard normal number `index`, Box–Muller in `f64`: the value that element `index` of
    /// [`fill_normal_f32`](Self::fill_normal_f32) approximates. |value| ≤ 6.67.
    #[must_use]
    pub fn normal(self, index: u64) -> f64 {
        let [x0, x1] = self.bits(index >> 1);
        normals_of_block_f64(x0, x1)[(index & 1) as usize]
    }

    /// Fills `out[i]` with standard normal number `start + i` (mod 2^64).
    ///
    /// An element depends on the stream and its number only, however a range is cut into calls, and is the same bits on
    /// every target. Error against [`normal`](Self::normal): see [`normal_f32`].
    pub fn fill_normal_f32(self, start: u64, out: &mut [f32]) {
        let mut block = start >> 1;
        // An odd start takes the second normal of its pair; from there on pairs are whole.
        let (head, rest) = out.split_at_mut(out.len().min((start & 1) as usize));
        if let [first] = head {
            let mut pair = [0.0; 2];
            normal_f32::fill(self.key, block, &mut pair);
            *first = pair[1];
            block = block.wrapping_add(1);
        }
        fill_widest(self.key, block, rest);
    }
}

/// With the widest instructions that the machine has.
#[cfg(not(target_arch = "wasm32"))]
fn fill_widest(key: [u32; 2], first_block: u64, out: &mut [f32]) {
    struct Fill<'a>([u32; 2], u64, &'a mut [f32]);

    impl pulp::WithSimd for Fill<'_> {
        type Output = ();

        #[inline(always)]
        fn with_simd<S: pulp::Simd>(self, _simd: S) {
            normal_f32::fill(self.0, self.1, self.2);
        }
    }

    pulp::Arch::new().dispatch(Fill(key, first_block, out));
}

#[cfg(target_arch = "wasm32")]
fn fill_widest(key: [u32; 2], first_block: u64, out: &mut [f32]) {
    normal_f32::fill(key, first_block, out);
}

/// Low word, high word.
fn words(x: u64) -> [u32; 2] {
    [x as u32, (x >> 32) as u32]
}

/// FNV-1a, 64 bits (G. Fowler, L. C. Noll, K.-P. Vo): short names to well spread counters; Threefry does the mixing.
fn fnv_1a_64(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xCBF2_9CE4_8422_2325, |hash, &byte| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01B3))
}

#[inline]
pub(crate) fn uniform_of_block([x0, x1]: [u32; 2]) -> f64 {
    let b = (u64::from(x1) << 32 | u64::from(x0)) >> 12;
    (b as f64 + 0.5) * (1.0 / (1_u64 << 52) as f64)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Published FNV-1a test values (empty, "a", "foobar").
    #[test]
    fn fnv_known_answers() {
        assert_eq!(fnv_1a_64(b""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv_1a_64(b"a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv_1a_64(b"foobar"), 0x8594_4171_f739_67e8);
    }

    #[test]
    fn uniform_is_open() {
        assert_eq!(uniform_of_block([0, 0]), 0.5 / (1_u64 << 52) as f64);
        let top = uniform_of_block([u32::MAX, u32::MAX]);
        assert!(top < 1.0 && 1.0 - top == 0.5 / (1_u64 << 52) as f64, "{top:e}");
    }
}
