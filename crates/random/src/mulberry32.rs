//! The random numbers of the benchmark tasks T1–T8, and of nothing else.
//!
//! A sequential 32-bit generator that fits in a line of any language, so that other software can be given the same inputs.
//! Everything else in the project draws from [`crate::Stream`].

/// `mulberry32`: state `a` starts at the seed.
///
/// `a += 0x6D2B79F5; t = (a ^ a>>15)·(a | 1); t ^= t + (t ^ t>>7)·(t | 61); output t ^ t>>14`, all mod 2^32.
#[derive(Clone, Debug)]
pub struct Mulberry32 {
    state: u32,
}

impl Mulberry32 {
    /// The stream of `seed`.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        Self { state: seed }
    }

    /// The next word.
    pub fn next_u32(&mut self) -> u32 {
        self.state = self.state.wrapping_add(0x6D2B_79F5);
        let a = self.state;
        let mut t = (a ^ (a >> 15)).wrapping_mul(a | 1);
        t ^= t.wrapping_add((t ^ (t >> 7)).wrapping_mul(t | 61));
        t ^ (t >> 14)
    }
}

/// The normals of a seed: `u = (x + 0.5)/2^32`, consecutive pairs by Box–Muller, `r cos 2πu₂` before `r sin 2πu₂`, in `f64`.
///
/// One stream a seed: arrays are filled one after the other from the same value, also across an odd length.
#[derive(Clone, Debug)]
pub struct Normals {
    words: Mulberry32,
    spare: Option<f64>,
}

impl Normals {
    /// The normals of `seed`.
    #[must_use]
    pub fn new(seed: u32) -> Self {
        Self { words: Mulberry32::new(seed), spare: None }
    }

    /// The next standard normal.
    pub fn next_normal(&mut self) -> f64 {
        if let Some(normal) = self.spare.take() {
            return normal;
        }
        let mut uniform = || (f64::from(self.words.next_u32()) + 0.5) / 4_294_967_296.0;
        let (u1, u2) = (uniform(), uniform());
        let r = (-2.0 * libm::log(u1)).sqrt();
        let theta = core::f64::consts::TAU * u2;
        self.spare = Some(r * libm::sin(theta));
        r * libm::cos(theta)
    }

    /// Fills `out` with normals of standard deviation `std`: multiplied in `f64`, then rounded.
    pub fn fill_f32(&mut self, std: f64, out: &mut [f32]) {
        for value in out {
            *value = (std * self.next_normal()) as f32;
        }
    }
}

/// The permutation of `0..n` of `seed`: Fisher–Yates, `i` from `n − 1` down to 1, `j = ⌊u·(i + 1)⌋`, `u = x/2^32`.
#[must_use]
pub fn permutation(n: u32, seed: u32) -> Vec<u32> {
    let mut words = Mulberry32::new(seed);
    let mut order: Vec<u32> = (0..n).collect();
    for i in (1..order.len()).rev() {
        let u = f64::from(words.next_u32()) / 4_294_967_296.0;
        order.swap(i, (u * (i as f64 + 1.0)) as usize);
    }
    order
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn first_words_of_seed_1() {
        let mut words = Mulberry32::new(1);
        assert_eq!([words.next_u32(), words.next_u32(), words.next_u32()], [2_693_262_067, 11_749_833, 2_265_367_787]);
    }

    /// Check values have ten decimals: half a unit of the last is the tolerance.
    #[test]
    fn first_normals_of_seed_1() {
        let mut normals = Normals::new(1);
        for expected in [0.965_974_058_8, 0.016_605_806_0, 1.123_104_193_7] {
            let got = normals.next_normal();
            assert!((got - expected).abs() <= 0.5e-10, "got {got:.12}, expected {expected:.10}");
        }
    }

    #[test]
    fn an_odd_array_leaves_the_second_of_the_pair_to_the_next() {
        let mut normals = Normals::new(1);
        let mut whole = [0.0; 7];
        normals.fill_f32(2.5, &mut whole);
        let mut pieces = Normals::new(1);
        let (mut head, mut tail) = ([0.0; 3], [0.0; 4]);
        pieces.fill_f32(2.5, &mut head);
        pieces.fill_f32(2.5, &mut tail);
        assert_eq!(whole[..3], head);
        assert_eq!(whole[3..], tail);
    }

    #[test]
    fn permutation_10000_33() {
        let order = permutation(10_000, 33);
        assert_eq!(order[..4], [6097, 3570, 2613, 5119]);
        let mut sorted = order;
        sorted.sort_unstable();
        assert!(sorted.iter().enumerate().all(|(i, &x)| i == x as usize));
    }
}
