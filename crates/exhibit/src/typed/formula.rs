//! A formula in x that was typed, for a reader of ASCII.

use super::arithmetic;
use super::fault::Fault;
use super::functions::Word;
use super::literal::{Point, literal};
use super::plain::Plain;
use crate::prose::is_letter;

/// Why a text is no formula in x, and where.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{fault}")]
pub struct FormulaError {
    /// The typed character at fault, counted from 0.
    pub position: usize,
    /// Why, as a clause without a full stop.
    pub fault: FormulaFault,
}

/// Why a text is no formula in x.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FormulaFault {
    /// A number in it is none.
    #[error("{0}")]
    Number(#[from] Fault),
    /// A function of x.
    #[error("{function} of x is not possible here, only of numbers")]
    FunctionOfX {
        /// The function.
        function: String,
    },
    /// Two sides, none of which is a name.
    #[error("this is an equation: write a formula, for example x^2 - 1")]
    Equation,
    /// A command of TeX that has no meaning here.
    #[error("“{command}” is not known here")]
    Command {
        /// With its backslash.
        command: String,
    },
}

/// What was typed, with signs of ASCII alone: without `f(x) =`, with decimal points, and with numbers for constants, roots and
/// other functions of numbers. Whether the rest is a formula is for its reader to say; [`Plain::place`] says where a character
/// was typed.
///
/// # Errors
/// [`FormulaError`], for what only the typed text can tell.
pub fn formula(text: &str) -> Result<Plain, FormulaError> {
    let plain = Plain::of(text);
    let (start, end) = right_side(&plain)?;
    let mut out = Plain::default();
    let mut at = start;
    while at < end {
        let place = plain.place(at);
        let (written, next) = part(&plain.chars[..end], at).map_err(|fault| FormulaError { position: place, fault })?;
        match written {
            Some(written) => out.push_all(&written, place),
            None => (at..next).for_each(|at| out.push(plain.chars[at], plain.place(at))),
        }
        at = next;
    }
    Ok(out)
}

/// What the part at `at` is written as, `None` for as it is, and where the next one starts.
fn part(chars: &[char], at: usize) -> Result<(Option<String>, usize), FormulaFault> {
    let c = chars[at];
    if let Some(number) = literal(chars, at, Point::Decimal)? {
        // An exponent belongs to its number.
        let rest = &chars[number.end..];
        let width = 1 + usize::from(matches!(rest.get(1), Some('+' | '-')));
        let is_exponent = matches!(rest.first(), Some('e' | 'E')) && rest.get(width).is_some_and(char::is_ascii_digit);
        let n_digits = rest.iter().skip(width).take_while(|c| c.is_ascii_digit()).count();
        let exponent: String = rest.iter().take(if is_exponent { width + n_digits } else { 0 }).collect();
        let end = number.end + exponent.len();
        return Ok((Some(number.text + &exponent), end));
    }
    if c == '\\' {
        let name: String = chars[at + 1..].iter().take_while(|c| c.is_ascii_alphabetic()).take(20).collect();
        return Err(FormulaFault::Command { command: format!("\\{name}") });
    }
    let run = chars[at..].iter().take_while(|c| is_letter(**c)).count();
    if c != '√' && !(run > 0 && is_known(&chars[at..], run)?) {
        return Ok((None, at + run.max(1)));
    }
    if is_x(c) {
        return Ok((None, at + 1));
    }
    let Some((word, length)) = Word::at(&chars[at..])? else { return Ok((None, at + 1)) };
    let end = match word {
        Word::Constant(_) => at + length,
        Word::Function(function) => {
            let end = argument_end(chars, at + length);
            if chars[at + length..end].iter().any(|c| is_x(*c)) {
                return Err(FormulaFault::FunctionOfX { function: function.name().to_owned() });
            }
            end
        }
    };
    let value = arithmetic::value(&chars[at..end], Point::Decimal)?;
    Ok((Some(format!("({value:e})")), end))
}

fn is_x(c: char) -> bool {
    matches!(c, 'x' | 'X')
}

/// Whether letters side by side are x and known words, as in 2pix. Any other word is left to the reader.
fn is_known(chars: &[char], run: usize) -> Result<bool, Fault> {
    let mut at = 0;
    while at < run {
        at += match Word::at(&chars[at..])? {
            _ if is_x(chars[at]) => 1,
            Some((Word::Constant(_), length)) => length,
            Some((Word::Function(_), length)) if at + length >= run => length,
            _ => return Ok(false),
        };
    }
    Ok(true)
}

/// Where the argument of a function ends: behind its bracket, its number or its constant.
fn argument_end(chars: &[char], start: usize) -> usize {
    let first = chars[start..].iter().position(|c| *c != ' ').map_or(chars.len(), |blanks| start + blanks);
    if chars.get(first) == Some(&'(') {
        let mut depth = 0_usize;
        for (at, c) in chars.iter().enumerate().skip(first) {
            match c {
                '(' => depth += 1,
                ')' => depth -= 1,
                _ => {}
            }
            if depth == 0 {
                return at + 1;
            }
        }
        return chars.len();
    }
    if let Ok(Some(number)) = literal(chars, first, Point::Decimal) {
        return number.end;
    }
    let word = Word::at(&chars[first..]).ok().flatten().map_or(1, |(_, length)| length);
    (first + word).min(chars.len())
}

/// Where the formula starts and ends: behind `f(x) =`, `y =` or `x ->`, before `= y`, and without a full stop.
fn right_side(plain: &Plain) -> Result<(usize, usize), FormulaError> {
    let chars = &plain.chars;
    let end = chars.iter().rposition(|c| !matches!(c, ' ' | '.' | ',' | ';')).map_or(0, |last| last + 1);
    // The point of `2.` changes nothing.
    let is_arrow = |at: usize| {
        matches!(chars[at], '→' | '↦' | '⟼') || (chars[at] == '>' && at > 0 && matches!(chars[at - 1], '-' | '='))
    };
    if let Some(arrow) = (0..end).rev().find(|at| is_arrow(*at)) {
        return Ok((arrow + 1, end));
    }
    let mut signs = (0..end).filter(|at| chars[*at] == '=');
    let Some(sign) = signs.next() else { return Ok((0, end)) };
    if signs.next().is_none() {
        if is_name(&chars[..sign]) {
            return Ok((sign + 1, end));
        }
        if is_name(&chars[sign + 1..end]) {
            return Ok((0, sign));
        }
    }
    Err(FormulaError { position: plain.place(sign), fault: FormulaFault::Equation })
}

/// Whether a side of an equation is the name of its other side: `y`, `f(x)`, `p_3(x)`, `f :`.
fn is_name(side: &[char]) -> bool {
    let side: String = side.iter().filter(|c| **c != ' ').collect();
    let side = side.trim_end_matches(':');
    let name = side.strip_suffix("(x)").or_else(|| side.strip_suffix("(X)")).unwrap_or(side);
    let is_inner = |c: char| is_letter(c) || c.is_ascii_digit() || matches!(c, '_' | '\'' | '^' | '(' | ')');
    name.starts_with(|c: char| is_letter(c) && !is_x(c)) && name.chars().all(is_inner) && !name.contains(['x', 'X'])
}
