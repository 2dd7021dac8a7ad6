//! One character at a time: what it stands for on a keyboard.

use super::digits::{digit, raised};

/// What a character stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Sign {
    /// Nothing: it cannot be seen.
    Nothing,
    /// This character.
    Plain(char),
    /// This character, raised.
    Raised(char),
    /// A fraction.
    Fraction(u8, u8),
}

/// What a character stands for.
pub(super) fn sign(c: char) -> Sign {
    if matches!(c, ' '..='~') {
        return Sign::Plain(c);
    }
    if is_invisible(c) {
        return Sign::Nothing;
    }
    if let Some(raised) = raised(c) {
        return Sign::Raised(raised);
    }
    if let Some((n, d)) = fraction(c) {
        return Sign::Fraction(n, d);
    }
    let same = |c: char| digit(c).or_else(|| full_width(c)).or_else(|| mathematical_letter(c)).unwrap_or(c);
    Sign::Plain(if is_dash(c) {
        '-'
    } else if c.is_whitespace() || c == '\u{2800}' {
        ' '
    } else {
        operator(c).unwrap_or_else(|| same(c))
    })
}

/// A text without what cannot be seen, and with one dash for all.
pub(super) fn seen(text: &str) -> String {
    text.chars().filter(|c| !is_invisible(*c)).map(|c| if is_dash(c) { '-' } else { c }).collect()
}

/// Format and control characters, variation selectors, fillers, the rings around emoji; no tab or line break.
fn is_invisible(c: char) -> bool {
    matches!(u32::from(c),
        0..=8 | 0xe..=0x1f | 0x7f..=0x84 | 0x86..=0x9f | 0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x17b4..=0x17b5
        | 0x180b..=0x180f | 0x200b..=0x200f | 0x202a..=0x202e | 0x2060..=0x206f | 0x20e3 | 0x3164 | 0xfe00..=0xfe0f
        | 0xfeff | 0xffa0 | 0xfff0..=0xfffc | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff)
}

/// Hyphens, dashes and minus signs, and the strokes that keyboards of other scripts have in their place.
fn is_dash(c: char) -> bool {
    matches!(u32::from(c),
        0x2d | 0x2d7 | 0x58a | 0x5be | 0x1400 | 0x1806 | 0x2010..=0x2015 | 0x2043 | 0x2052 | 0x2212 | 0x23af | 0x2500
        | 0x2796 | 0x2e17 | 0x2e1a | 0x2e3a..=0x2e3b | 0x2e40 | 0x2e5d | 0x301c | 0x3030 | 0x30a0 | 0x30fc
        | 0xfe31..=0xfe32 | 0xfe58 | 0xfe63 | 0xff0d | 0xff70 | 0x10d6e | 0x10ead)
}

/// Operators, separators and letters that look like, or mean, one on a keyboard.
fn operator(c: char) -> Option<char> {
    Some(match c {
        '×' | '·' | '⋅' | '∙' | '•' | '∗' | '✕' | '✖' | '⨯' | '⁎' | '﹡' => '*',
        '÷' | '∕' | '⁄' | '➗' | '⧸' => '/',
        '➕' | '﹢' | '˖' => '+',
        '٪' | '﹪' => '%',
        '↑' | 'ˆ' | '⌃' => '^',
        // The Arabic decimal sign, and the full stops of Chinese and Japanese keyboards.
        '٫' | '⎖' | '。' | '｡' | '﹒' => '.',
        '،' | '、' | '﹐' | '﹑' => ',',
        '؛' | '\u{37e}' | '﹔' => ';',
        // Thousands: Swiss, and the Arabic sign.
        '’' | '‘' | 'ʼ' | '′' | '´' | '٬' => '\'',
        '﹙' => '(',
        '﹚' => ')',
        '﹦' | '＝' => '=',
        '﹨' => '\\',
        'х' | 'Х' | 'χ' | 'Χ' | 'ⅹ' | 'Ⅹ' => 'x',
        'е' | 'Е' | 'Ε' | 'ℯ' | 'ⅇ' => 'e',
        'у' | 'У' | 'Υ' => 'y',
        _ => return None,
    })
}

fn full_width(c: char) -> Option<char> {
    char::from_u32(u32::from(c).checked_sub(0xfee0)?).filter(|c| matches!(c, '!'..='~'))
}

/// The letters of formulas: upright, slanted, bold and so on, each an alphabet of its own.
fn mathematical_letter(c: char) -> Option<char> {
    match u32::from(c) {
        code @ 0x1d400..=0x1d6a3 => {
            let letter = (code - 0x1d400) % 52;
            char::from_u32(if letter < 26 { 0x41 + letter } else { 0x61 + letter - 26 })
        }
        // Greek ones, of which three mean something here.
        code @ 0x1d6a8..=0x1d7c9 => match (code - 0x1d6a8) % 58 {
            41 => Some('π'),
            45 => Some('τ'),
            48 => Some('x'),
            _ => None,
        },
        _ => None,
    }
}

/// A vulgar fraction.
fn fraction(c: char) -> Option<(u8, u8)> {
    const ALL: &str = "½12¼14¾34⅐17⅑19⅓13⅔23⅕15⅖25⅗35⅘45⅙16⅚56⅛18⅜38⅝58⅞78↉03";
    if c == '⅒' {
        return Some((1, 10));
    }
    let mut signs = ALL.chars();
    let number = |c: Option<char>| c.and_then(|c| c.to_digit(10)).map(|d| d as u8);
    while let Some(sign) = signs.next() {
        let (n, d) = (number(signs.next())?, number(signs.next())?);
        if sign == c {
            return Some((n, d));
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(text: &str) -> Vec<Sign> {
        text.chars().map(sign).collect()
    }

    #[test]
    fn look_alikes_stand_for_what_is_on_a_keyboard() {
        for (all, one) in [
            ("-˗‐‑‒–—―⁃−➖﹘﹣－⸺〜〰ー", '-'),
            ("\t\n\u{85}\u{a0}\u{1680}\u{2003}\u{2009}\u{202f}\u{205f}\u{3000}\u{2028}", ' '),
            ("×·⋅∙＊∗", '*'),
            ("÷∕⁄／", '/'),
            ("٫．。", '.'),
            ("，،、", ','),
            ("５𝟓٥५𝟝", '5'),
            ("xｘхχ𝑥𝐱𝘅𝜒", 'x'),
            ("π𝜋𝛑", 'π'),
            ("（", '('),
            ("’＇٬", '\''),
        ] {
            for c in all.chars() {
                assert_eq!(sign(c), Sign::Plain(one), "U+{:04X}", u32::from(c));
            }
        }
    }

    #[test]
    fn what_cannot_be_seen_is_nothing() {
        for c in
            "\u{ad}\u{200b}\u{200f}\u{202a}\u{202e}\u{2060}\u{2064}\u{2066}\u{2069}\u{feff}\u{fe0f}\u{61c}\u{180e}\0"
                .chars()
        {
            assert_eq!(sign(c), Sign::Nothing, "U+{:04X}", u32::from(c));
        }
        assert_eq!((seen("\u{200b}–0.5"), seen("０,5")), ("-0.5".into(), "０,5".into()));
    }

    #[test]
    fn fractions_and_powers() {
        assert_eq!(
            plain("½¼¾⅓⅞⅒"),
            [(1, 2), (1, 4), (3, 4), (1, 3), (7, 8), (1, 10)].map(|(n, d)| Sign::Fraction(n, d))
        );
        assert_eq!(plain("⁻²"), [Sign::Raised('-'), Sign::Raised('2')]);
    }
}
