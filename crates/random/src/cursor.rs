//! A stream read one number after the other.

use crate::Stream;
use crate::normal_f32::normals_of_block_f64;
use crate::stream::uniform_of_block;

/// Sequential reader of a [`Stream`]. Each call takes one whole block or several, so what a number is depends only on the
/// calls before it, the same on every target.
#[derive(Clone, Debug)]
pub struct Cursor {
    stream: Stream,
    counter: u64,
    spare_word: Option<u32>,
    spare_normal: Option<f64>,
}

impl Stream {
    /// The stream read from its start, one number after the other.
    #[must_use]
    pub fn cursor(self) -> Cursor {
        Cursor::new(self)
    }
}

impl Cursor {
    fn new(stream: Stream) -> Self {
        Self { stream, counter: 0, spare_word: None, spare_normal: None }
    }

    fn next_block(&mut self) -> [u32; 2] {
        let block = self.stream.bits(self.counter);
        self.counter = self.counter.wrapping_add(1);
        block
    }

    /// 32 random bits.
    pub fn next_u32(&mut self) -> u32 {
        if let Some(word) = self.spare_word.take() {
            return word;
        }
        let [x0, x1] = self.next_block();
        self.spare_word = Some(x1);
        x0
    }

    /// 64 random bits.
    pub fn next_u64(&mut self) -> u64 {
        let [x0, x1] = self.next_block();
        u64::from(x1) << 32 | u64::from(x0)
    }

    /// Uniform in the open interval (0, 1), 52 bits.
    pub fn next_f64(&mut self) -> f64 {
        uniform_of_block(self.next_block())
    }

    /// Standard normal (Box–Muller in `f64`).
    pub fn next_normal(&mut self) -> f64 {
        if let Some(normal) = self.spare_normal.take() {
            return normal;
        }
        let [x0, x1] = self.next_block();
        let [first, second] = normals_of_block_f64(x0, x1);
        self.spare_normal = Some(second);
        first
    }

    /// Uniform integer in `0..n`, without bias; 0 when `n` is 0.
    ///
    /// Source: D. Lemire, "Fast random integer generation in an interval" (2019), algorithm 5.
    pub fn below(&mut self, n: u64) -> u64 {
        if n == 0 {
            return 0;
        }
        // 2^64 mod n products would be one too many for their value: those are drawn again.
        let surplus = n.wrapping_neg() % n;
        loop {
            let product = u128::from(self.next_u64()) * u128::from(n);
            if product as u64 >= surplus {
                return (product >> 64) as u64;
            }
        }
    }

    /// Puts `items` into uniformly random order (Fisher–Yates from the end).
    pub fn shuffle<T>(&mut self, items: &mut [T]) {
        for i in (1..items.len()).rev() {
            let j = self.below(i as u64 + 1) as usize;
            items.swap(i, j);
        }
    }

    /// A uniformly random order of `0..n`.
    #[must_use]
    pub fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut order: Vec<usize> = (0..n).collect();
        self.shuffle(&mut order);
        order
    }
}
