//! What can be wrong with a polynomial that was typed.

use thiserror::Error;

use super::MAX_DEGREE;

/// A complaint and where it is due.
#[derive(Clone, Debug, PartialEq, Error)]
#[error("{reason}")]
pub struct PolynomialError {
    /// The character at fault, counted from 0; the number of characters if the text ends too early.
    pub position: usize,
    /// Why, as a plain sentence without a full stop.
    pub reason: Reason,
}

/// Why a text is not a polynomial in x.
#[derive(Clone, Debug, PartialEq, Error)]
pub enum Reason {
    /// Only blanks.
    #[error("nothing is written here: for example x^3 - 2x + 0.5")]
    Empty,
    /// Longer than anyone types.
    #[error("the text is longer than {max} characters")]
    TooLong {
        /// The limit.
        max: usize,
    },
    /// A letter or word other than x.
    #[error("{word} is not known here: write x")]
    UnknownWord {
        /// The word.
        word: String,
    },
    /// Any other character.
    #[error("the character {character} is not known here")]
    UnknownCharacter {
        /// The character.
        character: char,
    },
    /// An equals sign.
    #[error("write only what stands at the right of the equals sign")]
    Equals,
    /// A decimal comma.
    #[error("write decimal numbers with a point: 0.5")]
    Comma,
    /// A number such as 1.2.3 or a lone point.
    #[error("this is not a number")]
    BadNumber,
    /// A number, coefficient or sum beyond 1.8e308.
    #[error("this gets too large for a number")]
    TooLarge,
    /// An operator with nothing behind it.
    #[error("something is missing after {operator}")]
    Missing {
        /// The operator or bracket.
        operator: &'static str,
    },
    /// A text that starts with `*`, `/` or `^`, or two operators in a row.
    #[error("a number, x or a bracket is missing before this")]
    MissingBefore,
    /// An opening bracket without its counterpart.
    #[error("a closing bracket is missing")]
    Unclosed,
    /// A closing bracket without its counterpart.
    #[error("this closing bracket was never opened")]
    Unopened,
    /// A number right after x, a bracket or a number.
    #[error("an operator is missing before this number: for a power write x^2, for a product 2x")]
    MissingOperator,
    /// An exponent other than 0, 1, ..., 20.
    #[error("exponents are whole numbers from 0 to {MAX_DEGREE}")]
    BadExponent,
    /// x^2^3.
    #[error("two exponents in a row: write brackets, as in (x^2)^3")]
    TwoExponents,
    /// A product of too high a degree.
    #[error("the degree is above {MAX_DEGREE}")]
    DegreeTooHigh,
    /// A divisor with x in it.
    #[error("only division by a number is possible, not by x")]
    DivisionByX,
    /// A divisor of 0.
    #[error("division by zero")]
    DivisionByZero,
    /// Brackets in brackets in brackets ...
    #[error("brackets are nested more than {max} deep")]
    TooDeep {
        /// The limit.
        max: usize,
    },
}
