//! A number that was typed.

use super::arithmetic;
use super::fault::Fault;
use super::literal::{Point, literal};
use super::plain::Plain;
use super::signs::seen;
use crate::number::{Number, Refusal, number_from_text};

/// Most characters of a number.
const MAX_CHARS: usize = 200;
/// How far from a whole number a computed one may be, relative to it or to 1: a few dozen roundings.
const ROUNDING: f64 = 1e-14;

/// Reads a real number: decimal, in the page's notation (`1.000×10⁻⁴`), in any country's (`0,5`, `1.234,5`, `1 000`), infinite,
/// or as plain arithmetic (`sqrt(2)`, `1/3`, `2^-5`, `pi/2`, `50%`). A point is the decimal point. What `Display` of a double
/// writes reads back to the same bits.
///
/// # Errors
/// A [`Fault`].
pub fn real(text: &str) -> Result<f64, Fault> {
    read(text, Point::Decimal)
}

/// Reads a whole number, as [`real`]; arithmetic may miss it by rounding. A point that three digits follow may be the decimal
/// point or not, so that `2.000` is refused.
///
/// # Errors
/// A [`Fault`].
pub fn whole(text: &str) -> Result<f64, Fault> {
    let value = read(text, Point::Unclear)?;
    let nearest = value.round();
    // What is written in digits is meant as it is written.
    let slack = if number_from_text(text.trim()).is_some() { 0.0 } else { ROUNDING * nearest.abs().max(1.0) };
    if value.is_infinite() || (value - nearest).abs() <= slack {
        Ok(nearest)
    } else {
        Err(Fault::NotWhole { value: value.to_string() })
    }
}

/// [`real`] or [`whole`], and whether the text is that number as the page writes it, whichever dash it has.
///
/// # Errors
/// [`Refusal`].
pub fn number(text: &str, is_whole: bool) -> Result<Number, Refusal> {
    let read = if is_whole { whole(text) } else { real(text) };
    let value = read.map_err(|fault| fault.refusal(text))?;
    let is_as_typed = number_from_text(seen(text).trim()).is_some_and(|read| read == value);
    Ok(Number { value, is_as_typed })
}

fn read(text: &str, point: Point) -> Result<f64, Fault> {
    // What the page writes, and most that is typed.
    match number_from_text(text) {
        Some(value) if point == Point::Decimal || !text.contains('.') => return Ok(value),
        _ => {}
    }
    if text.chars().nth(MAX_CHARS).is_some() {
        return Err(Fault::TooLong { max: MAX_CHARS });
    }
    if let Some(fault) = raised_point(text.trim(), point) {
        return Err(fault);
    }
    let plain = Plain::of(text).text();
    let plain = plain.trim();
    if plain.is_empty() {
        return Err(Fault::Empty);
    }
    let chars: Vec<char> = plain.chars().collect();
    if let Some(value) = scientific(&chars) {
        return Ok(value);
    }
    match number_from_text(&plain.replace('∞', "inf")) {
        // With an exponent a point is the decimal point.
        Some(value) if point == Point::Decimal || plain.contains(['e', 'E']) => Ok(value),
        Some(value) if value.is_infinite() => Ok(value),
        _ => arithmetic::value(&chars, point),
    }
}

/// `0·5`: the decimal point of older British print, and a product.
fn raised_point(text: &str, point: Point) -> Option<Fault> {
    let (before, after) = text.split_once(['·', '⋅', '∙', '•', '‧', '・'])?;
    let before = before.trim_start_matches(['-', '−']);
    if [before, after].iter().any(|digits| digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit())) {
        return None;
    }
    let sign = if text.starts_with(['-', '−']) { "-" } else { "" };
    let first = number_from_text(&format!("{sign}{before}.{after}"))?;
    let second = number_from_text(&format!("{sign}{before}"))? * number_from_text(after)?;
    Some(Fault::two_readings(text.to_owned(), first, second, point == Point::Unclear))
}

/// A whole text of the form `-1.5*10^(-4)` or `10^-4`, correctly rounded.
fn scientific(chars: &[char]) -> Option<f64> {
    let is_negative = chars.first() == Some(&'-');
    let start = usize::from(is_negative);
    let found = literal(chars, start, Point::Decimal).ok()??;
    let rest = without_spaces(&chars[found.end..])?;
    let (digits, exponent) = if found.text == "10" && rest.starts_with('^') {
        ("1", rest.strip_prefix('^')?)
    } else {
        (found.text.as_str(), rest.strip_prefix(['*', 'x', 'X'])?.strip_prefix("10^")?)
    };
    let exponent = exponent.strip_prefix('(').and_then(|inside| inside.strip_suffix(')')).unwrap_or(exponent);
    let is_digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    if !is_digits(exponent.strip_prefix(['-', '+']).unwrap_or(exponent)) {
        return None;
    }
    let value = number_from_text(&format!("{digits}e{exponent}")).filter(|value| value.is_finite())?;
    Some(if is_negative { -value } else { value })
}

/// The same without spaces, if none of them parts two digits.
fn without_spaces(chars: &[char]) -> Option<String> {
    let mut out = String::new();
    let mut is_behind_space = false;
    for c in chars {
        if is_behind_space && c.is_ascii_digit() && out.ends_with(|c: char| c.is_ascii_digit()) {
            return None;
        }
        is_behind_space = *c == ' ';
        out.extend(Some(*c).filter(|c| *c != ' '));
    }
    Some(out)
}
