//! Numbers from text, correctly rounded, without the tables of the standard library's parser: they are 10 KB that no
//! compression shrinks, and the page that every visitor loads holds nothing else that parses decimals.

/// A number that was read.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Number {
    /// The number.
    pub value: f64,
    /// Whether that is what a reader sees in the text.
    pub is_as_typed: bool,
}

/// Why a text is no number.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Refusal {
    /// Why, as a clause without a full stop; empty where the text alone shows it.
    pub why: String,
    /// Whether it is one number in one country and another elsewhere, which `why` says.
    pub has_two_readings: bool,
}

/// The double nearest to a decimal number (ties to even), as `str::parse` gives it, and on the same grammar but for NaN,
/// which is no number here. Digits beyond the nineteenth significant one are dropped, which `Display` of a double never
/// writes.
pub(crate) fn number_from_text(text: &str) -> Option<f64> {
    let (negative, rest) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        rest => (false, rest),
    };
    let magnitude = if rest.eq_ignore_ascii_case(b"inf") || rest.eq_ignore_ascii_case(b"infinity") {
        f64::INFINITY
    } else {
        let (digits, exponent) = decimal(rest)?;
        scaled(digits, exponent)
    };
    Some(if negative { -magnitude } else { magnitude })
}

/// The digits as a whole number and the power of ten that it is multiplied by.
fn decimal(text: &[u8]) -> Option<(u64, i32)> {
    let (mut digits, mut exponent, mut seen, mut point) = (0_u64, 0_i32, false, false);
    let mut rest = text;
    while let [c, tail @ ..] = rest {
        match c {
            b'0'..=b'9' => {
                seen = true;
                // A text is not long enough to overflow an exponent by its digits.
                if digits < 1_000_000_000_000_000_000 {
                    digits = 10 * digits + u64::from(c - b'0');
                    exponent -= i32::from(point);
                } else {
                    exponent += i32::from(!point);
                }
            }
            b'.' if !point => point = true,
            b'e' | b'E' => return Some((digits, exponent.saturating_add(power(tail)?))).filter(|_| seen),
            _ => return None,
        }
        rest = tail;
    }
    seen.then_some((digits, exponent))
}

/// The number after the `e`, saturated far beyond what a double can hold.
fn power(text: &[u8]) -> Option<i32> {
    let (sign, digits) = match text {
        [b'-', rest @ ..] => (-1, rest),
        [b'+', rest @ ..] => (1, rest),
        rest => (1, rest),
    };
    if digits.is_empty() {
        return None;
    }
    let mut power = 0_i32;
    for c in digits {
        power = (10 * power + i32::from(c.checked_sub(b'0').filter(|d| *d < 10)?)).min(100_000);
    }
    Some(sign * power)
}

/// `digits × 10^exponent`, correctly rounded.
fn scaled(digits: u64, exponent: i32) -> f64 {
    // Below half the least double, and above the greatest one: 19 digits, and room.
    if digits == 0 || exponent < -345 {
        return 0.0;
    }
    if exponent > 310 {
        return f64::INFINITY;
    }
    // The number exactly, or its whole part with more than 64 bits and whether anything is left of it, times 2^-shift.
    let mut whole = Natural(vec![digits as u32, (digits >> 32) as u32]);
    let mut inexact = false;
    let mut shift = 0;
    if exponent >= 0 {
        whole.multiply_by_power_of_ten(exponent.unsigned_abs());
    } else {
        // 10^k has fewer than 4 k bits; two words more keep the quotient above 64 bits.
        let words = exponent.unsigned_abs() / 8 + 3;
        whole.0.splice(0..0, std::iter::repeat_n(0, words as usize));
        shift = 32 * words as i32;
        inexact = whole.divide_by_power_of_ten(exponent.unsigned_abs());
    }
    let (top, power, dropped) = whole.top();
    rounded(top, power - shift, inexact || dropped)
}

/// `top × 2^power` for a `top` with its highest bit set, rounded to a double; `below` says that the number is a little more.
fn rounded(top: u64, power: i32, below: bool) -> f64 {
    // The exponent field of a normal double with 53 of these 64 bits; less than 1 for a subnormal one, which has fewer.
    let field = power + 11 + 1075;
    let cut = (11 + (1 - field).max(0)).min(65) as u32;
    if cut > 64 {
        return 0.0;
    }
    let kept = if cut == 64 { 0 } else { top >> cut };
    let half = 1_u64 << (cut - 1);
    let rest = top & (half | (half - 1));
    let up = rest > half || (rest == half && (below || kept & 1 == 1));
    let mantissa = kept + u64::from(up);
    if field >= 2047 {
        return f64::INFINITY;
    }
    // A mantissa that was rounded up to the next power of two carries into the exponent, as it must.
    let bits = if field < 1 { mantissa } else { ((field as u64 - 1) << 52) + mantissa };
    f64::from_bits(bits)
}

/// A natural number, least word first.
struct Natural(Vec<u32>);

impl Natural {
    fn multiply_by_power_of_ten(&mut self, power: u32) {
        for _ in 0..power {
            let mut carry = 0_u64;
            for word in &mut self.0 {
                let product = u64::from(*word) * 10 + carry;
                *word = product as u32;
                carry = product >> 32;
            }
            if carry > 0 {
                self.0.push(carry as u32);
            }
        }
    }

    /// Divides and says whether there was a remainder.
    fn divide_by_power_of_ten(&mut self, power: u32) -> bool {
        let mut inexact = false;
        for _ in 0..power {
            let mut remainder = 0_u64;
            for word in self.0.iter_mut().rev() {
                let dividend = (remainder << 32) | u64::from(*word);
                *word = (dividend / 10) as u32;
                remainder = dividend % 10;
            }
            inexact |= remainder > 0;
        }
        inexact
    }

    /// The highest 64 bits, the power of two of the lowest of them, and whether any bit below them is set.
    fn top(&self) -> (u64, i32, bool) {
        let highest = self.0.iter().rposition(|w| *w != 0).unwrap_or(0);
        let word = |i: usize| highest.checked_sub(i).map_or(0, |at| u128::from(self.0[at]));
        let lead = self.0[highest].leading_zeros();
        let bits = ((word(0) << 64) | (word(1) << 32) | word(2)) << lead;
        let dropped = bits as u32 != 0 || self.0[..highest.saturating_sub(2)].iter().any(|w| *w != 0);
        ((bits >> 32) as u64, 32 * highest as i32 - 32 - lead as i32, dropped)
    }
}

#[cfg(test)]
mod tests {
    use super::number_from_text;

    /// The same bits as the standard library's parser.
    fn assert_same(text: &str) {
        let expected: f64 = text.parse().unwrap_or_else(|e| panic!("{text}: {e}"));
        let got = number_from_text(text).unwrap_or_else(|| panic!("{text} was refused"));
        assert_eq!(got.to_bits(), expected.to_bits(), "{text}: {got:e}, not {expected:e}");
    }

    #[test]
    fn every_double_reads_back_as_itself() {
        // A multiplicative generator over all bit patterns, subnormal and huge ones among them.
        let mut bits = 0x9e37_79b9_7f4a_7c15_u64;
        for _ in 0..20_000 {
            bits = bits.wrapping_mul(0xd134_2543_de82_ef95).wrapping_add(1);
            let value = f64::from_bits(bits ^ (bits >> 29));
            if value.is_finite() {
                assert_same(&format!("{value:e}"));
                assert_same(&format!("{:.3e}", value));
            }
        }
    }

    #[test]
    fn usual_numbers_and_edges_are_as_in_the_standard_library() {
        for text in [
            "0",
            "-0",
            "1",
            "1.5",
            "+2",
            ".5",
            "5.",
            "0.3",
            "1.4142135623730951",
            "1.3955839751549",
            "1e9",
            "1E-3",
            "20",
            "4294967295",
            "9007199254740993",
            "9007199254740992.5",
            "1e22",
            "1e23",
            "0.1e-6",
            "1.7976931348623157e308",
            "1.7976931348623159e308",
            "2e308",
            "1e400",
            "5e-324",
            "2.4703282292062327e-324",
            "2.4703282292062328e-324",
            "2.2250738585072011e-308",
            "2.2250738585072014e-308",
            "1e-400",
            "-inf",
            "Infinity",
            "0e99999",
            "1e-99999",
            "00000000000000000000000000001.5",
            "123456789012345678e-5",
        ] {
            assert_same(text);
        }
    }

    #[test]
    fn what_is_no_number_is_refused() {
        for text in
            ["", ".", "-", "+", "e5", "1e", "1e+", "1.2.3", "abc", "0x10", "1 2", "1_000", "NaN", "--1", "1e5.5", "٣"]
        {
            assert_eq!(number_from_text(text), None, "{text}");
        }
    }
}
