//! Threefry-2x32 with 20 rounds, the block function of every stream.
//!
//! A keyed bijection of 64 bits made of 32-bit additions, rotations and exclusive ors only, so that a shader can repeat it
//! and a compiler can run one counter per vector lane.
//!
//! Source: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E. Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC11 (2011),
//! section 4.2; rotation constants and key-schedule parity of the Random123 library.

use crate::word::Word;

/// Rotations of the eight rounds of a cycle.
pub const ROTATIONS: [u32; 8] = [13, 15, 26, 6, 17, 29, 16, 24];

/// Constant whose exclusive or with both key words is the third word of the key schedule.
pub const KEY_PARITY: u32 = 0x1BD1_1BDA;

/// Number of rounds; a key word is injected after every fourth.
pub const ROUNDS: u32 = 20;

/// The block of `counter` under `key`: two words.
#[must_use]
#[inline]
pub fn threefry_2x32(key: [u32; 2], counter: [u32; 2]) -> [u32; 2] {
    blocks(key, counter)
}

/// The same for as many counters as there are lanes.
#[inline(always)]
pub(crate) fn blocks<W: Word>(key: [u32; 2], counter: [W; 2]) -> [W; 2] {
    let schedule = [key[0], key[1], KEY_PARITY ^ key[0] ^ key[1]];
    let mut x0 = counter[0].plus(W::splat(schedule[0]));
    let mut x1 = counter[1].plus(W::splat(schedule[1]));
    macro_rules! four_rounds {
        ($step:literal, $first_rotation:literal) => {
            x0 = x0.plus(x1);
            x1 = x1.rotated_left(ROTATIONS[$first_rotation]).xor(x0);
            x0 = x0.plus(x1);
            x1 = x1.rotated_left(ROTATIONS[$first_rotation + 1]).xor(x0);
            x0 = x0.plus(x1);
            x1 = x1.rotated_left(ROTATIONS[$first_rotation + 2]).xor(x0);
            x0 = x0.plus(x1);
            x1 = x1.rotated_left(ROTATIONS[$first_rotation + 3]).xor(x0);
            x0 = x0.plus(W::splat(schedule[$step % 3]));
            x1 = x1.plus(W::splat(schedule[($step + 1) % 3].wrapping_add($step)));
        };
    }
    four_rounds!(1, 0);
    four_rounds!(2, 4);
    four_rounds!(3, 0);
    four_rounds!(4, 4);
    four_rounds!(5, 0);
    [x0, x1]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Known answers of the Random123 distribution (`kat_vectors`, threefry2x32, 20 rounds): zeros, ones, digits of pi.
    #[test]
    fn known_answers_of_random123() {
        let ones = u32::MAX;
        let cases = [
            ([0, 0], [0, 0], [0x6b20_0159, 0x99ba_4efe]),
            ([ones, ones], [ones, ones], [0x1cb9_96fc, 0xbb00_2be7]),
            ([0x1319_8a2e, 0x0370_7344], [0x243f_6a88, 0x85a3_08d3], [0xc492_3a9c, 0x483d_f7a0]),
        ];
        for (key, counter, expected) in cases {
            assert_eq!(threefry_2x32(key, counter), expected, "key {key:08x?} counter {counter:08x?}");
        }
    }

    /// The constants a shader copies are the ones the rounds use: a plain loop over `ROTATIONS` gives the same block.
    #[test]
    fn published_constants_are_the_ones_in_use() {
        let (key, counter) = ([123, 456], [789, 1011]);
        let schedule = [key[0], key[1], KEY_PARITY ^ key[0] ^ key[1]];
        let mut x = [schedule[0] + counter[0], schedule[1] + counter[1]];
        for round in 0..ROUNDS {
            x[0] = x[0].wrapping_add(x[1]);
            x[1] = x[1].rotate_left(ROTATIONS[(round % 8) as usize]) ^ x[0];
            if round % 4 == 3 {
                let step = round / 4 + 1;
                x[0] = x[0].wrapping_add(schedule[(step % 3) as usize]);
                x[1] = x[1].wrapping_add(schedule[((step + 1) % 3) as usize]).wrapping_add(step);
            }
        }
        assert_eq!(threefry_2x32(key, counter), x);
    }
}
