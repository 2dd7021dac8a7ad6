//! Plain arithmetic by recursive descent.
//!
//! ```text
//! sum     = sign? product (sign sign? product)*
//! product = factor (("*" | "×" | "x") sign? factor | "/" sign? factor | factor)*
//! factor  = atom (("^" | "**") sign? atom)? "%"*
//! atom    = number | constant | function (bracketed | factor) | "√" atom | bracketed
//! ```

use super::fault::Fault;
use super::functions::{Function, Word, finite, power};
use super::literal::{Point, literal};
use crate::number::number_from_text;
use crate::prose::is_letter;

/// Most brackets and functions in each other: each takes a few frames of the stack.
const MAX_DEPTH: usize = 30;

/// The value of an expression in plain characters.
///
/// # Errors
/// The first [`Fault`].
pub(super) fn value(chars: &[char], point: Point) -> Result<f64, Fault> {
    let mut reader = Reader { chars, at: 0, depth: 0, is_open: false, point };
    let value = reader.sum("")?;
    match reader.peek() {
        None => Ok(value),
        Some(')') => Err(Fault::Unopened),
        Some(_) => Err(reader.unexpected("")),
    }
}

struct Reader<'a> {
    chars: &'a [char],
    at: usize,
    depth: usize,
    /// Whether what was read last ends with the argument of a function without brackets.
    is_open: bool,
    point: Point,
}

impl Reader<'_> {
    /// The next character that is not a blank.
    fn peek(&mut self) -> Option<char> {
        while self.chars.get(self.at) == Some(&' ') {
            self.at += 1;
        }
        self.chars.get(self.at).copied()
    }

    fn rest(&self) -> &[char] {
        self.chars.get(self.at..).unwrap_or_default()
    }

    /// A sign, and whether it is a minus.
    fn sign(&mut self) -> Option<(bool, &'static str)> {
        let sign = match self.peek()? {
            '+' => (false, "+"),
            '-' => (true, "-"),
            _ => return None,
        };
        self.at += 1;
        Some(sign)
    }

    fn sum(&mut self, before: &str) -> Result<f64, Fault> {
        let (is_negative, before) = self.sign().unwrap_or((false, before));
        let first = self.product(before)?;
        let mut sum = if is_negative { -first } else { first };
        while let Some((is_minus, before)) = self.sign() {
            let (is_negative, before) = self.sign().unwrap_or((false, before));
            let term = self.product(before)?;
            sum = finite(if is_minus == is_negative { sum + term } else { sum - term })?;
        }
        Ok(sum)
    }

    fn product(&mut self, before: &str) -> Result<f64, Fault> {
        let mut product = self.factor(before)?;
        // Whether a product without a sign could belong to what stands before it.
        let mut is_divided = false;
        loop {
            match self.peek() {
                Some('*') => {
                    self.at += 1;
                    product *= self.signed_factor("*")?;
                    is_divided = false;
                }
                Some('x' | 'X') if self.is_times() => {
                    self.at += 1;
                    product *= self.signed_factor("×")?;
                    is_divided = false;
                }
                Some('/') => {
                    self.at += 1;
                    let divisor = self.signed_factor("/")?;
                    if divisor == 0.0 {
                        return Err(Fault::DivisionByZero);
                    }
                    product /= divisor;
                    is_divided = true;
                }
                Some(c) if c == '(' || starts_word(c) => {
                    if is_divided || self.is_open {
                        return Err(Fault::WhichProduct);
                    }
                    product *= self.factor("")?;
                }
                Some(_) if literal(self.chars, self.at, self.point)?.is_some() => return Err(Fault::MissingOperator),
                _ => return finite(product),
            }
            product = finite(product)?;
        }
    }

    /// Whether an x is meant as a sign: between numbers, as in 1.5x10^-4, but not in 0x10.
    fn is_times(&self) -> bool {
        let is_digit = |c: &char| c.is_ascii_digit() || matches!(c, '.' | ',');
        let mut before = self.chars[..self.at].iter().rev();
        if before.next() == Some(&'0') && !before.next().is_some_and(is_digit) {
            return false;
        }
        self.rest()[1..].iter().find(|c| **c != ' ').is_some_and(|c| c.is_ascii_digit() || matches!(c, '(' | '.' | '-'))
    }

    fn signed_factor(&mut self, before: &str) -> Result<f64, Fault> {
        let (is_negative, before) = self.sign().unwrap_or((false, before));
        let factor = self.factor(before)?;
        Ok(if is_negative { -factor } else { factor })
    }

    fn factor(&mut self, before: &str) -> Result<f64, Fault> {
        let mut value = self.atom(before)?;
        if self.take_power() {
            let (is_negative, before) = self.sign().unwrap_or((false, "^"));
            let exponent = self.atom(before)?;
            value = power(value, if is_negative { -exponent } else { exponent })?;
            if self.take_power() {
                return Err(Fault::TwoExponents);
            }
        }
        while self.peek() == Some('%') {
            self.at += 1;
            value /= 100.0;
        }
        Ok(value)
    }

    fn take_power(&mut self) -> bool {
        let width = match self.peek() {
            Some('^') => 1,
            Some('*') if self.rest().get(1) == Some(&'*') => 2,
            _ => 0,
        };
        self.at += width;
        width > 0
    }

    fn atom(&mut self, before: &str) -> Result<f64, Fault> {
        self.is_open = false;
        match self.peek() {
            Some('(') => self.bracketed(),
            Some('0'..='9' | '.' | ',') => self.number(),
            Some(c) if starts_word(c) => self.word(),
            _ => Err(self.unexpected(before)),
        }
    }

    fn bracketed(&mut self) -> Result<f64, Fault> {
        self.deeper(|reader| {
            reader.at += 1;
            let value = reader.sum("(")?;
            match reader.peek() {
                Some(')') => {
                    reader.at += 1;
                    reader.is_open = false;
                    Ok(value)
                }
                None => Err(Fault::Unclosed),
                Some(_) => Err(reader.unexpected("(")),
            }
        })
    }

    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Result<f64, Fault>) -> Result<f64, Fault> {
        if self.depth == MAX_DEPTH {
            return Err(Fault::TooDeep { max: MAX_DEPTH });
        }
        self.depth += 1;
        let value = read(self);
        self.depth -= 1;
        value
    }

    fn number(&mut self) -> Result<f64, Fault> {
        let Some(found) = literal(self.chars, self.at, self.point)? else { return Err(self.unexpected("")) };
        self.at = found.end;
        let mut text = found.text;
        // Without a digit behind it, e is a constant.
        if matches!(self.rest().first(), Some('e' | 'E')) {
            let sign = self.rest().get(1).copied().filter(|c| matches!(c, '+' | '-'));
            let start = 1 + usize::from(sign.is_some());
            let digits: String = self.rest()[start..].iter().take_while(|c| c.is_ascii_digit()).collect();
            if !digits.is_empty() {
                self.at += start + digits.len();
                text.push('e');
                text.extend(sign);
                text.push_str(&digits);
            }
        }
        finite(number_from_text(&text).ok_or(Fault::MissingOperator)?)
    }

    fn word(&mut self) -> Result<f64, Fault> {
        let start = self.at;
        let Some((word, length)) = Word::at(self.rest())? else { return Err(self.unknown_word(start)) };
        self.at += length;
        let is_e = length == 1 && matches!(self.chars[start], 'e' | 'E');
        match word {
            Word::Constant(value) => {
                if self.rest().first().is_some_and(char::is_ascii_alphabetic) {
                    return Err(self.unknown_word(start));
                }
                if is_e && self.is_before_number() { Err(Fault::WhichE) } else { Ok(value) }
            }
            Word::Function(function) => self.applied(function, start),
        }
    }

    /// Whether a signed number comes next.
    fn is_before_number(&mut self) -> bool {
        let sign = matches!(self.peek(), Some('+' | '-'));
        let behind = self.rest().iter().skip(usize::from(sign)).find(|c| **c != ' ');
        behind.is_some_and(|c| c.is_ascii_digit() || matches!(c, '.' | ','))
    }

    fn applied(&mut self, function: Function, start: usize) -> Result<f64, Fault> {
        let is_root_sign = self.chars[start] == '√';
        let is_bracketed = self.peek() == Some('(');
        if !is_bracketed && !is_root_sign && self.rest().first().is_some_and(|c| starts_word(*c)) {
            let is_word = self.chars[self.at - 1].is_ascii_alphanumeric() && Word::at(self.rest())?.is_none();
            if is_word {
                return Err(self.unknown_word(start));
            }
        }
        let argument = self.deeper(|reader| {
            if is_bracketed || is_root_sign { reader.atom(function.name()) } else { reader.factor(function.name()) }
        })?;
        self.is_open = !is_bracketed && !is_root_sign;
        function.of(argument)
    }

    fn unknown_word(&self, start: usize) -> Fault {
        let word = self.chars[start..].iter().take_while(|c| is_letter(**c) || c.is_ascii_digit()).take(20).collect();
        Fault::UnknownWord { word }
    }

    /// What is wrong with the character here, where a number should be.
    fn unexpected(&mut self, before: &str) -> Fault {
        let missing = || Fault::MissingAfter { sign: before.to_owned() };
        match self.peek() {
            None if before.is_empty() => Fault::Empty,
            None if before == "(" => Fault::Unclosed,
            None => missing(),
            Some(')') if self.depth == 0 => Fault::Unopened,
            Some(')') => missing(),
            Some(sign @ ('+' | '-' | '*' | '/' | '^' | '%')) => Fault::MissingBefore { sign },
            Some(c) if is_letter(c) => self.unknown_word(self.at),
            Some(character) => Fault::UnknownCharacter { character },
        }
    }
}

/// Whether a word may start with it.
fn starts_word(c: char) -> bool {
    c.is_ascii_alphabetic() || matches!(c, 'π' | 'τ' | '√')
}
