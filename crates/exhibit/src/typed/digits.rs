//! The decimal digits of all scripts.

/// The zeros of the scripts in Unicode 17; the other digits follow each of them. Mathematical digits are five scripts.
const ZEROS: [u32; 77] = [
    0x30, 0x660, 0x6f0, 0x7c0, 0x966, 0x9e6, 0xa66, 0xae6, 0xb66, 0xbe6, 0xc66, 0xce6, 0xd66, 0xde6, 0xe50, 0xed0,
    0xf20, 0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90, 0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620,
    0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0, 0xff10, 0x104a0, 0x10d30, 0x10d40, 0x11066, 0x110f0, 0x11136,
    0x111d0, 0x112f0, 0x11450, 0x114d0, 0x11650, 0x116c0, 0x116d0, 0x116da, 0x11730, 0x118e0, 0x11950, 0x11bf0,
    0x11c50, 0x11d50, 0x11da0, 0x11de0, 0x11f50, 0x16130, 0x16a60, 0x16ac0, 0x16b50, 0x16d70, 0x1ccf0, 0x1d7ce,
    0x1d7d8, 0x1d7e2, 0x1d7ec, 0x1d7f6, 0x1e140, 0x1e2f0, 0x1e4f0, 0x1e5f1, 0x1e950, 0x1fbf0,
];

/// ASCII's digit for a decimal digit of any script.
pub(super) fn digit(c: char) -> Option<char> {
    let code = u32::from(c);
    let zero = ZEROS.iter().rev().find(|zero| **zero <= code)?;
    char::from_digit(code - zero, 10).filter(|_| code - zero < 10)
}

/// ASCII's digit for a raised one.
pub(super) fn raised(c: char) -> Option<char> {
    let digits = "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁽⁾".chars().zip("0123456789+-()".chars());
    digits.into_iter().find(|(sign, _)| *sign == c).map(|(_, plain)| plain)
}

/// ASCII's digit for a lowered one.
pub(super) fn lowered(c: char) -> Option<char> {
    char::from_digit(u32::from(c).checked_sub(0x2080)?, 10)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Digits of every script.
    fn scripts() -> impl Iterator<Item = [char; 10]> {
        ZEROS.iter().map(|zero| {
            let digit = |i: usize| char::from_u32(zero + i as u32).expect("a character");
            std::array::from_fn(digit)
        })
    }

    #[test]
    fn every_script_has_ten_digits() {
        assert!(ZEROS.is_sorted());
        for digits in scripts() {
            for (value, c) in digits.into_iter().enumerate() {
                assert_eq!(digit(c).and_then(|d| d.to_digit(10)), Some(value as u32), "U+{:04X}", u32::from(c));
                // What the standard library knows as a letter or a mark is none.
                assert!(c.is_numeric() || !c.is_alphabetic(), "U+{:04X}", u32::from(c));
            }
        }
        for c in "a/:²₂½Ⅹ①".chars() {
            assert_eq!(digit(c), None, "{c}");
        }
    }

    #[test]
    fn raised_and_lowered_digits_are_digits() {
        assert_eq!("¹⁰⁻⁴".chars().filter_map(raised).collect::<String>(), "10-4");
        assert_eq!("₁₀₉".chars().filter_map(lowered).collect::<String>(), "109");
        assert_eq!((raised('1'), lowered('1'), lowered('\u{208a}')), (None, None, None));
    }
}
