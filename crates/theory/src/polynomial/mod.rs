//! Polynomials in one variable, as people type them.
//!
//! ```
//! use theory::polynomial::Polynomial;
//!
//! let p: Polynomial = "(x - 1)(x + 1)²/2".parse()?;
//! assert_eq!(p.coefficients(), [-0.5, -0.5, 0.5, 0.5]);
//! assert_eq!(p.to_string(), "0.5x^3 + 0.5x^2 - 0.5x - 0.5");
//! assert_eq!("2x + y".parse::<Polynomial>().unwrap_err().to_string(), "y is not known here: write x");
//! # Ok::<(), theory::polynomial::PolynomialError>(())
//! ```

mod error;
mod parse;

use std::fmt;
use std::str::FromStr;

pub use error::{PolynomialError, Reason};

/// Highest degree.
pub const MAX_DEGREE: usize = 20;
/// Parts of an interval on each of which p'' is bounded: the bound exceeds the maximum by about its change over one part.
const PARTS: usize = 64;

/// p(x) = c_0 + c_1 x + ... + c_d x^d, d <= [`MAX_DEGREE`], with finite coefficients.
#[derive(Clone, Debug, PartialEq)]
pub struct Polynomial {
    /// Ascending; the last is not 0 unless it is the only one.
    coefficients: Vec<f64>,
}

impl Polynomial {
    /// The polynomial with these coefficients, c_0 first; `None` for more than 21 (zeros at the end apart) or if one is
    /// infinite or NaN. No coefficient at all is 0.
    #[must_use]
    pub fn from_coefficients(coefficients: &[f64]) -> Option<Self> {
        let n = coefficients.iter().rposition(|&c| c != 0.0).map_or(0, |last| last + 1);
        let is_valid = n <= MAX_DEGREE + 1 && coefficients.iter().all(|c| c.is_finite());
        is_valid.then(|| {
            // Adding 0 turns -0 into 0.
            let kept = if n == 0 { vec![0.0] } else { coefficients[..n].iter().map(|c| c + 0.0).collect() };
            Self { coefficients: kept }
        })
    }

    /// c_0, ..., c_d.
    #[must_use]
    pub fn coefficients(&self) -> &[f64] {
        &self.coefficients
    }

    /// d; 0 for a constant, also for 0.
    #[must_use]
    pub fn degree(&self) -> usize {
        self.coefficients.len() - 1
    }

    /// p(x) by Horner's rule.
    #[must_use]
    pub fn eval(&self, x: f64) -> f64 {
        self.coefficients.iter().rev().fold(0.0, |sum, c| sum * x + c)
    }

    /// p'; coefficients above 1.8e308 become the largest double.
    #[must_use]
    pub fn derivative(&self) -> Self {
        let lowered = self.coefficients.iter().enumerate().skip(1);
        let coefficients: Vec<f64> = lowered.map(|(i, c)| (c * i as f64).clamp(f64::MIN, f64::MAX)).collect();
        Self { coefficients: if coefficients.is_empty() { vec![0.0] } else { coefficients } }
    }

    /// A number that |p''| nowhere exceeds on \[low, high\] (rounding apart), and little above its maximum: the interval is
    /// taken in 64 parts, on each of which |p''| is at most the sum of |q_j| r^j, q_j its Taylor coefficients at the middle
    /// and r half the part's length. Infinite if an end is.
    #[must_use]
    pub fn max_abs_second_derivative(&self, low: f64, high: f64) -> f64 {
        let second = self.derivative().derivative();
        let r = 0.5 * (high - low).abs() / PARTS as f64;
        let mut bound = 0.0_f64;
        for part in 0..PARTS {
            let place = (part as f64 + 0.5) / PARTS as f64;
            let middle = low * (1.0 - place) + high * place;
            let on_part = taylor_at(&second.coefficients, middle).iter().rev().fold(0.0, |sum, q| sum * r + q.abs());
            // `max` would drop NaN.
            bound = if on_part.is_nan() { f64::INFINITY } else { bound.max(on_part) };
        }
        bound
    }
}

/// The coefficients of p(x + place), by repeated synthetic division.
fn taylor_at(coefficients: &[f64], place: f64) -> Vec<f64> {
    let mut shifted = coefficients.to_vec();
    let n = shifted.len();
    for start in 0..n {
        for i in (start..n.saturating_sub(1)).rev() {
            shifted[i] += place * shifted[i + 1];
        }
    }
    shifted
}

impl FromStr for Polynomial {
    type Err = PolynomialError;

    /// Reads sums, products and whole powers of numbers, x and brackets.
    ///
    /// - Powers: `x^3`, `x**3`, `x³`, also of brackets; they bind more than a sign, so `-x^2` is -(x^2).
    /// - Products: `2*x`, `2x`, `2 (x+1)`, `x·x`, `3×x`; quotients by numbers: `x/4`, `3x^2/(1+1)`, `x÷2`. Products and
    ///   quotients go from left to right: `1/2x` is x/2.
    /// - Numbers: `0.5`, `.5`, `2.`, `1e-3`. Signs may be `-`, `−` or `–`. X is x.
    fn from_str(text: &str) -> Result<Self, PolynomialError> {
        parse::parse(text).map(|coefficients| Self { coefficients })
    }
}

impl fmt::Display for Polynomial {
    /// In falling powers, with as many digits as it takes to read the same polynomial again.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut text = String::new();
        for (power, &c) in self.coefficients.iter().enumerate().rev() {
            if c == 0.0 && self.degree() > 0 {
                continue;
            }
            text.push_str(match (text.is_empty(), c < 0.0) {
                (true, true) => "-",
                (true, false) => "",
                (false, true) => " - ",
                (false, false) => " + ",
            });
            let size = c.abs();
            if size != 1.0 || power == 0 {
                // Without an exponent numbers such as 1e-300 would fill the line; the reader takes both.
                let plain = size == 0.0 || (1e-5..1e15).contains(&size);
                text.push_str(&if plain { format!("{size}") } else { format!("{size:e}") });
            }
            match power {
                0 => {}
                1 => text.push('x'),
                _ => text.push_str(&format!("x^{power}")),
            }
        }
        formatter.pad(&text)
    }
}
