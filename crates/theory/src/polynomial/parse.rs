//! Reads a polynomial by recursive descent.
//!
//! ```text
//! sum     = sign* product (sign sign* product)*
//! product = power ((times | divided | nothing) sign* power)*
//! power   = atom (("^" | "**") exponent | superscripts)?
//! atom    = number | "x" | "(" sum ")"
//! ```

use super::MAX_DEGREE;
use super::error::{PolynomialError, Reason};

/// Most characters.
const MAX_CHARACTERS: usize = 2000;
/// Most brackets in each other: each takes a few frames of the stack.
const MAX_NESTING: usize = 50;

type Coefficients = Vec<f64>;

pub(super) fn parse(text: &str) -> Result<Coefficients, PolynomialError> {
    let characters: Vec<char> = text.chars().collect();
    if characters.len() > MAX_CHARACTERS {
        return Err(PolynomialError { position: MAX_CHARACTERS, reason: Reason::TooLong { max: MAX_CHARACTERS } });
    }
    let mut reader = Reader { characters, at: 0, depth: 0 };
    if reader.peek().is_none() {
        return Err(PolynomialError { position: 0, reason: Reason::Empty });
    }
    let sum = reader.sum("+")?;
    match reader.peek() {
        None => Ok(sum),
        Some(')') => Err(reader.error(Reason::Unopened)),
        Some(_) => Err(reader.unexpected("+")),
    }
}

struct Reader {
    characters: Vec<char>,
    at: usize,
    depth: usize,
}

/// What people type or paste for the same sign.
fn plain(character: char) -> char {
    match character {
        '−' | '–' | '‐' | '‑' | '﹣' | '－' => '-',
        '＋' => '+',
        '·' | '×' | '⋅' | '∙' | '∗' => '*',
        '÷' | '∕' | '⁄' => '/',
        'X' => 'x',
        other => other,
    }
}

fn superscript(character: char) -> Option<u32> {
    "⁰¹²³⁴⁵⁶⁷⁸⁹".chars().zip(0..).find(|(digit, _)| *digit == character).map(|(_, value)| value)
}

impl Reader {
    /// The next character that is not a blank, in its plain form.
    fn peek(&mut self) -> Option<char> {
        while self.characters.get(self.at).is_some_and(|c| c.is_whitespace()) {
            self.at += 1;
        }
        self.characters.get(self.at).copied().map(plain)
    }

    /// The character `ahead` of this one, in its plain form.
    fn ahead(&self, ahead: usize) -> Option<char> {
        self.characters.get(self.at + ahead).copied().map(plain)
    }

    fn take(&mut self, wanted: char) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn error(&self, reason: Reason) -> PolynomialError {
        PolynomialError { position: self.at, reason }
    }

    /// Takes all signs here and says whether they come to a minus, or `None` if there is none.
    fn signs(&mut self) -> Option<(bool, &'static str)> {
        let mut found = None;
        loop {
            let (minus, name) = match self.peek() {
                Some('+') => (false, "+"),
                Some('-') => (true, "-"),
                _ => return found,
            };
            self.at += 1;
            found = Some((found.is_some_and(|(before, _)| before) != minus, name));
        }
    }

    fn sum(&mut self, mut operator: &'static str) -> Result<Coefficients, PolynomialError> {
        let mut total = vec![0.0];
        let mut is_first = true;
        loop {
            let sign = self.signs();
            if !is_first && sign.is_none() {
                return Ok(total);
            }
            let (minus, name) = sign.unwrap_or((false, operator));
            operator = name;
            let start = self.at;
            let term = self.product(operator)?;
            if total.len() < term.len() {
                total.resize(term.len(), 0.0);
            }
            for (sum, c) in total.iter_mut().zip(term) {
                *sum += if minus { -c } else { c };
            }
            total = self.checked(total, start)?;
            is_first = false;
        }
    }

    fn product(&mut self, operator: &'static str) -> Result<Coefficients, PolynomialError> {
        let mut product = self.power(operator)?;
        loop {
            let start = self.at;
            match self.peek() {
                // `**` after a whole power is a second exponent.
                Some('*') if self.ahead(1) == Some('*') => return Err(self.error(Reason::TwoExponents)),
                Some('^') => return Err(self.error(Reason::TwoExponents)),
                Some(c) if superscript(c).is_some() => return Err(self.error(Reason::TwoExponents)),
                Some('*') => {
                    self.at += 1;
                    let factor = self.signed_power("*")?;
                    product = self.times(&product, &factor, start)?;
                }
                Some('/') => {
                    self.at += 1;
                    self.peek();
                    let place = self.at;
                    let divisor = self.signed_power("/")?;
                    let reason = match divisor[..] {
                        [0.0] => Some(Reason::DivisionByZero),
                        [_] => None,
                        _ => Some(Reason::DivisionByX),
                    };
                    if let Some(reason) = reason {
                        return Err(PolynomialError { position: place, reason });
                    }
                    let quotient = product.iter().map(|c| c / divisor[0]).collect();
                    product = self.checked(quotient, start)?;
                }
                Some('x' | '(') => {
                    let factor = self.power("*")?;
                    product = self.times(&product, &factor, start)?;
                }
                Some('0'..='9' | '.') => return Err(self.error(Reason::MissingOperator)),
                Some('+' | '-' | ')') | None => return Ok(product),
                Some(_) => return Err(self.unexpected(operator)),
            }
        }
    }

    fn signed_power(&mut self, operator: &'static str) -> Result<Coefficients, PolynomialError> {
        let (minus, operator) = self.signs().unwrap_or((false, operator));
        let mut power = self.power(operator)?;
        if minus {
            power.iter_mut().for_each(|c| *c = -*c);
        }
        Ok(power)
    }

    fn power(&mut self, operator: &'static str) -> Result<Coefficients, PolynomialError> {
        let base = self.atom(operator)?;
        let start = self.at;
        let exponent = match self.peek() {
            Some('^') => {
                self.at += 1;
                self.exponent("^")?
            }
            Some('*') if self.ahead(1) == Some('*') => {
                self.at += 2;
                self.exponent("**")?
            }
            Some(c) if superscript(c).is_some() => self.superscripts()?,
            _ => return Ok(base),
        };
        let mut power = vec![1.0];
        for _ in 0..exponent {
            power = self.times(&power, &base, start)?;
        }
        Ok(power)
    }

    /// A whole number, also in brackets.
    fn exponent(&mut self, operator: &'static str) -> Result<usize, PolynomialError> {
        let Some(next) = self.peek() else { return Err(self.error(Reason::Missing { operator })) };
        if superscript(next).is_some() {
            return Err(self.error(Reason::TwoExponents));
        }
        let in_brackets = self.take('(');
        self.peek();
        let start = self.at;
        let bad = PolynomialError { position: start, reason: Reason::BadExponent };
        self.take('+');
        self.peek();
        let mut digits = Digits::default();
        while let Some(digit) = self.ahead(0).and_then(|c| c.to_digit(10)) {
            digits.push(digit);
            self.at += 1;
        }
        if self.ahead(0) == Some('.') {
            return Err(bad);
        }
        let value = digits.value().ok_or(bad)?;
        if in_brackets && !self.take(')') {
            return Err(match self.peek() {
                None => self.error(Reason::Unclosed),
                Some(_) => PolynomialError { position: start, reason: Reason::BadExponent },
            });
        }
        Ok(value)
    }

    fn superscripts(&mut self) -> Result<usize, PolynomialError> {
        let start = self.at;
        let mut digits = Digits::default();
        while let Some(digit) = self.ahead(0).and_then(superscript) {
            digits.push(digit);
            self.at += 1;
        }
        digits.value().ok_or(PolynomialError { position: start, reason: Reason::BadExponent })
    }

    fn atom(&mut self, operator: &'static str) -> Result<Coefficients, PolynomialError> {
        match self.peek() {
            Some('x') if !self.ahead(1).is_some_and(|c| c.is_alphabetic() && c != 'x') => {
                self.at += 1;
                Ok(vec![0.0, 1.0])
            }
            Some('0'..='9' | '.') => self.number(),
            Some('(') => {
                if self.depth == MAX_NESTING {
                    return Err(self.error(Reason::TooDeep { max: MAX_NESTING }));
                }
                self.at += 1;
                self.depth += 1;
                let inside = self.sum("(")?;
                self.depth -= 1;
                match self.peek() {
                    Some(')') => {
                        self.at += 1;
                        Ok(inside)
                    }
                    None => Err(self.error(Reason::Unclosed)),
                    Some(_) => Err(self.unexpected("(")),
                }
            }
            _ => Err(self.unexpected(operator)),
        }
    }

    fn number(&mut self) -> Result<Coefficients, PolynomialError> {
        let start = self.at;
        let mut text = String::new();
        let digits = |reader: &mut Self, text: &mut String| {
            while let Some(c) = reader.ahead(0).filter(|c| c.is_ascii_digit() || *c == '.') {
                text.push(c);
                reader.at += 1;
            }
        };
        digits(self, &mut text);
        // An exponent only where a digit follows: otherwise e is a letter that is not known.
        let sign = usize::from(matches!(self.ahead(1), Some('+' | '-')));
        let is_exponent =
            matches!(self.ahead(0), Some('e' | 'E')) && self.ahead(1 + sign).is_some_and(|c| c.is_ascii_digit());
        if is_exponent {
            text.push('e');
            if sign == 1 {
                text.extend(self.ahead(1));
            }
            self.at += 1 + sign;
            digits(self, &mut text);
        }
        let Ok(value) = text.parse() else {
            return Err(PolynomialError { position: start, reason: Reason::BadNumber });
        };
        self.checked(vec![value], start)
    }

    fn times(&self, a: &[f64], b: &[f64], start: usize) -> Result<Coefficients, PolynomialError> {
        let degree = a.len() + b.len() - 2;
        if degree > MAX_DEGREE {
            return Err(PolynomialError { position: start, reason: Reason::DegreeTooHigh });
        }
        let mut product = vec![0.0; degree + 1];
        for (i, a) in a.iter().enumerate() {
            for (j, b) in b.iter().enumerate() {
                product[i + j] += a * b;
            }
        }
        self.checked(product, start)
    }

    /// Without zeros at the end, if all is finite.
    fn checked(&self, mut coefficients: Coefficients, start: usize) -> Result<Coefficients, PolynomialError> {
        if coefficients.iter().any(|c| !c.is_finite()) {
            return Err(PolynomialError { position: start, reason: Reason::TooLarge });
        }
        while coefficients.len() > 1 && coefficients.last() == Some(&0.0) {
            coefficients.pop();
        }
        for c in &mut coefficients {
            // Turns -0 into 0.
            *c += 0.0;
        }
        Ok(coefficients)
    }

    /// What is wrong with the character here, where a number, x or a bracket should be.
    fn unexpected(&mut self, operator: &'static str) -> PolynomialError {
        let Some(character) = self.peek() else {
            let reason = if operator == "(" { Reason::Unclosed } else { Reason::Missing { operator } };
            return self.error(reason);
        };
        let reason = match character {
            '+' | '-' | '*' | '/' | '^' => Reason::MissingBefore,
            c if superscript(c).is_some() => Reason::MissingBefore,
            ')' if self.depth == 0 => Reason::Unopened,
            ')' => Reason::Missing { operator },
            '=' => Reason::Equals,
            ',' => Reason::Comma,
            c if c.is_alphabetic() => {
                let word = self.characters[self.at..].iter().take_while(|c| c.is_alphanumeric()).take(20).collect();
                Reason::UnknownWord { word }
            }
            _ => Reason::UnknownCharacter { character: self.characters[self.at] },
        };
        self.error(reason)
    }
}

/// The digits of an exponent.
#[derive(Default)]
struct Digits {
    value: Option<usize>,
}

impl Digits {
    fn push(&mut self, digit: u32) {
        self.value = Some(self.value.unwrap_or(0).saturating_mul(10).saturating_add(digit as usize));
    }

    fn value(&self) -> Option<usize> {
        self.value.filter(|&value| value <= MAX_DEGREE)
    }
}
