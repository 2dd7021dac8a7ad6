//! Whole numbers without a limit, for bounds that outgrow every machine word.

use std::cmp::Ordering;
use std::fmt;

/// A whole number >= 0 of any size; `Display` writes all its decimal digits.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Count {
    /// Base 2^32, the least first, without leading zeros; empty is 0.
    limbs: Vec<u32>,
}

/// Digits written at once: 10^9 is the largest power of ten in a limb.
const DIGITS: usize = 9;
const CHUNK: u64 = 1_000_000_000;

impl Count {
    pub(super) fn zero() -> Self {
        Self { limbs: Vec::new() }
    }

    pub(super) fn one() -> Self {
        Self { limbs: vec![1] }
    }

    /// 2^exponent.
    pub(super) fn power_of_two(exponent: usize) -> Self {
        let mut limbs = vec![0; exponent / 32];
        limbs.push(1 << (exponent % 32));
        Self { limbs }
    }

    /// The number if it is below 2^64.
    #[must_use]
    pub fn to_u64(&self) -> Option<u64> {
        match self.limbs[..] {
            [] => Some(0),
            [low] => Some(u64::from(low)),
            [low, high] => Some(u64::from(high) << 32 | u64::from(low)),
            _ => None,
        }
    }

    /// The nearest double or one beside it; infinite beyond 1.8e308.
    #[must_use]
    pub fn to_f64(&self) -> f64 {
        // Three limbs hold all bits that a double can.
        let first = self.limbs.len().saturating_sub(3);
        let top = self.limbs[first..].iter().rev().fold(0.0, |sum, &limb| sum * 4_294_967_296.0 + f64::from(limb));
        libm::scalbn(top, i32::try_from(32 * first).unwrap_or(i32::MAX))
    }

    /// log10, finite for every number but 0, whose logarithm is minus infinity.
    #[must_use]
    pub fn log10(&self) -> f64 {
        let first = self.limbs.len().saturating_sub(3);
        let top = self.limbs[first..].iter().rev().fold(0.0, |sum, &limb| sum * 4_294_967_296.0 + f64::from(limb));
        libm::log10(top) + 32.0 * first as f64 * core::f64::consts::LOG10_2
    }

    pub(super) fn add(&mut self, other: &Self) {
        if self.limbs.len() < other.limbs.len() {
            self.limbs.resize(other.limbs.len(), 0);
        }
        let mut carry = 0;
        for (i, limb) in self.limbs.iter_mut().enumerate() {
            let sum = u64::from(*limb) + u64::from(other.limbs.get(i).copied().unwrap_or(0)) + carry;
            *limb = low_half(sum);
            carry = sum >> 32;
        }
        if carry > 0 {
            self.limbs.push(low_half(carry));
        }
    }

    #[must_use]
    pub(super) fn times(&self, other: &Self) -> Self {
        let mut limbs = vec![0; self.limbs.len() + other.limbs.len()];
        for (i, &a) in self.limbs.iter().enumerate() {
            let mut carry = 0;
            for (j, &b) in other.limbs.iter().enumerate() {
                // At most (2^32 - 1)^2 + 2 (2^32 - 1) = 2^64 - 1.
                let sum = u64::from(a) * u64::from(b) + u64::from(limbs[i + j]) + carry;
                limbs[i + j] = low_half(sum);
                carry = sum >> 32;
            }
            limbs[i + other.limbs.len()] = low_half(carry);
        }
        Self { limbs }.trimmed()
    }

    #[must_use]
    pub(super) fn times_small(&self, factor: u32) -> Self {
        self.times(&Self { limbs: vec![factor] }.trimmed())
    }

    /// Divides by a number > 0 and returns the remainder.
    fn divide(&mut self, divisor: u64) -> u64 {
        let mut remainder = 0;
        for limb in self.limbs.iter_mut().rev() {
            let part = remainder << 32 | u64::from(*limb);
            *limb = low_half(part / divisor);
            remainder = part % divisor;
        }
        while self.limbs.last() == Some(&0) {
            self.limbs.pop();
        }
        remainder
    }

    fn trimmed(mut self) -> Self {
        while self.limbs.last() == Some(&0) {
            self.limbs.pop();
        }
        self
    }

    /// C(n, 0), ..., C(n, k_max); C(n, k) = C(n, k - 1) (n - k + 1)/k.
    pub(super) fn binomials(n: u32, k_max: usize) -> Vec<Self> {
        let mut row = vec![Self::one()];
        for k in 1..=u32::try_from(k_max).unwrap_or(u32::MAX) {
            let mut next = match n.checked_sub(k - 1) {
                Some(factor) => row[row.len() - 1].times_small(factor),
                None => Self::zero(),
            };
            next.divide(u64::from(k));
            row.push(next);
        }
        row
    }
}

#[expect(clippy::cast_possible_truncation, reason = "the low half is what is wanted")]
fn low_half(value: u64) -> u32 {
    value as u32
}

impl PartialOrd for Count {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Count {
    fn cmp(&self, other: &Self) -> Ordering {
        let by_length = self.limbs.len().cmp(&other.limbs.len());
        by_length.then_with(|| self.limbs.iter().rev().cmp(other.limbs.iter().rev()))
    }
}

impl From<u64> for Count {
    fn from(value: u64) -> Self {
        Self { limbs: vec![low_half(value), low_half(value >> 32)] }.trimmed()
    }
}

impl fmt::Display for Count {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.clone();
        let mut chunks = Vec::new();
        while !rest.limbs.is_empty() {
            chunks.push(rest.divide(CHUNK));
        }
        let mut text = chunks.pop().unwrap_or(0).to_string();
        for chunk in chunks.iter().rev() {
            text.push_str(&format!("{chunk:0DIGITS$}"));
        }
        formatter.pad_integral(true, "", &text)
    }
}
