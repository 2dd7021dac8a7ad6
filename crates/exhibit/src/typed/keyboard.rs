//! A text as a keyboard would have written it.

use super::digits::lowered;
use super::latex::written_out;
use super::plain::Plain;
use super::signs::{Sign, sign};

impl Plain {
    /// What was typed, made plain: digits, dashes, spaces and operators become ASCII's, what cannot be seen vanishes, `x²` is
    /// `x^(2)`, `½` is `(1/2)`, `1½` is `(1+1/2)`, and TeX is written out (`\frac{1}{2}`, `\cdot`, `x^{2}`, `$…$`).
    #[must_use]
    pub fn of(text: &str) -> Self {
        let typed: Vec<char> = text.chars().collect();
        let mut plain = Self::default();
        let mut at = 0;
        while let Some(c) = typed.get(at) {
            let place = at;
            at += 1;
            match sign(*c) {
                Sign::Nothing => {}
                Sign::Plain(c) => plain.push(c, place),
                Sign::Fraction(n, d) => plain.push_fraction(&n.to_string(), &d.to_string(), place),
                Sign::Raised(_) => {
                    let (run, after) = raised_from(&typed, place);
                    at = after;
                    match under_stroke(&typed, after).filter(|_| run.bytes().all(|b| b.is_ascii_digit())) {
                        Some((below, after)) => {
                            at = after;
                            plain.push_fraction(&run, &below, place);
                        }
                        None => ["^(", &run, ")"].iter().for_each(|part| plain.push_all(part, place)),
                    }
                }
            }
        }
        written_out(&plain)
    }

    /// A fraction, or with a number right before it a mixed number.
    fn push_fraction(&mut self, above: &str, below: &str, place: usize) {
        let is_digit = |c: &&char| c.is_ascii_digit() || matches!(c, '.' | ',' | '\'');
        let start = self.chars.len() - self.chars.iter().rev().take_while(is_digit).count();
        let opening = if self.chars.last().is_some_and(char::is_ascii_digit) {
            self.chars.insert(start, '(');
            self.places.insert(start, self.places[start]);
            "+"
        } else {
            "("
        };
        [opening, above, "/", below, ")"].iter().for_each(|part| self.push_all(part, place));
    }
}

/// The raised characters from here on, and where they end.
fn raised_from(typed: &[char], start: usize) -> (String, usize) {
    let (mut run, mut end) = (String::new(), start);
    for (at, c) in typed.iter().enumerate().skip(start) {
        match sign(*c) {
            Sign::Raised(c) => {
                run.push(c);
                end = at + 1;
            }
            Sign::Nothing => {}
            Sign::Plain(_) | Sign::Fraction(..) => break,
        }
    }
    (run, end)
}

/// The lowered digits behind a fraction's stroke, and where they end.
fn under_stroke(typed: &[char], stroke: usize) -> Option<(String, usize)> {
    typed.get(stroke).filter(|c| matches!(c, '/' | '⁄' | '∕'))?;
    let below: String = typed[stroke + 1..].iter().map_while(|c| lowered(*c)).collect();
    let end = stroke + 1 + below.len();
    (!below.is_empty()).then_some((below, end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_become_plain() {
        for (typed, plain) in [
            ("1.000×10⁻⁴", "1.000*10^(-4)"),
            ("−0.5", "-0.5"),
            ("\u{200b}–0\u{2060}.5\u{fe0f}", "-0.5"),
            ("½x²", "(1/2)x^(2)"),
            ("1½", "(1+1/2)"),
            ("-2¼x", "-(2+1/4)x"),
            ("¹⁄₂x", "(1/2)x"),
            ("³/₄", "(3/4)"),
            ("2¹⁄₃", "(2+1/3)"),
            ("½,½", "(1/2),(1/2)"),
            ("x⁻¹", "x^(-1)"),
            ("٣٫٥", "3.5"),
            ("１，５", "1,5"),
            ("x^2 — 1", "x^2 - 1"),
            ("f(х)＝х↑2", "f(x)=x^2"),
            ("ünïcödé", "ünïcödé"),
        ] {
            assert_eq!(Plain::of(typed).text(), plain, "{typed}");
        }
    }

    #[test]
    fn places_are_those_of_what_was_typed() {
        let plain = Plain::of("1½ + x²y");
        assert_eq!(plain.text(), "(1+1/2) + x^(2)y");
        let places: Vec<usize> = (0..=plain.chars.len()).map(|at| plain.place(at)).collect();
        assert_eq!(places, [0, 0, 1, 1, 1, 1, 1, 2, 3, 4, 5, 6, 6, 6, 6, 7, 8]);
        assert_eq!(Plain::of("").place(3), 0);
    }
}
