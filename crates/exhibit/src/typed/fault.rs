//! Why a text is no number.

use crate::number::Refusal;
use crate::prose::shortened;

/// The constants and functions that there are ([`super::functions`]).
const KNOWN: &str = "sqrt, exp, ln, log2, log10, pi, tau and e";

/// Why a text is no number, as a clause without a full stop.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// Nothing that can be seen.
    #[error("nothing is written")]
    Empty,
    /// Longer than anyone types.
    #[error("it is longer than {max} characters")]
    TooLong {
        /// The limit.
        max: usize,
    },
    /// Separators that mean one number in one country and another elsewhere.
    #[error("“{text}” can be read as {first} and as {second}: write {offered}")]
    TwoReadings {
        /// What was written.
        text: String,
        /// With the separator before decimals.
        first: String,
        /// With the separator between thousands.
        second: String,
        /// Those of them that are wanted here: `1.234 or 1234`.
        offered: String,
    },
    /// Separators in places where none belong.
    #[error(
        "“{text}” has groups of digits that are no thousands: write decimals with one point, thousands without signs"
    )]
    Groups {
        /// What was written.
        text: String,
    },
    /// A word that is neither a constant nor a function.
    #[error("“{word}” is not known here; there are {KNOWN}")]
    UnknownWord {
        /// The word.
        word: String,
    },
    /// `log`, of which there are several.
    #[error("“log” can be read as ln and as log10: write one of them")]
    WhichLogarithm,
    /// `e` before a number.
    #[error("“e” before a number can be read as a power of ten and as 2.718…: write 10^ or exp(1)")]
    WhichE,
    /// A product without a sign behind a quotient or a function without brackets.
    #[error("a product without a sign can be read in two ways here: write brackets")]
    WhichProduct,
    /// Two exponents in a row.
    #[error("two exponents in a row can be read in two ways: write brackets")]
    TwoExponents,
    /// Any other character.
    #[error("“{character}” is not known here")]
    UnknownCharacter {
        /// The character.
        character: char,
    },
    /// An operator, function or bracket with nothing behind it.
    #[error("a number is missing after “{sign}”")]
    MissingAfter {
        /// What stands before the gap.
        sign: String,
    },
    /// An operator with nothing before it.
    #[error("a number is missing before “{sign}”")]
    MissingBefore {
        /// What stands after the gap.
        sign: char,
    },
    /// Two numbers side by side.
    #[error("an operator is missing between two numbers")]
    MissingOperator,
    /// An opening bracket without its counterpart.
    #[error("a closing bracket is missing")]
    Unclosed,
    /// A closing bracket without its counterpart.
    #[error("a closing bracket was never opened")]
    Unopened,
    /// Brackets in brackets in brackets …
    #[error("its brackets are nested more than {max} deep")]
    TooDeep {
        /// The limit.
        max: usize,
    },
    /// A quotient by 0.
    #[error("it divides by zero")]
    DivisionByZero,
    /// More than a double holds.
    #[error("it gets too large for a number")]
    TooLarge,
    /// A function outside its domain.
    #[error("{function} of {argument} is no real number")]
    Undefined {
        /// The function, or `a broken power`.
        function: &'static str,
        /// What it was asked at.
        argument: String,
    },
    /// A real number where a whole one is expected.
    #[error("it is {value}")]
    NotWhole {
        /// The value.
        value: String,
    },
}

impl Fault {
    /// Two readings of a text, both of which are offered unless only the second one is the whole number that is wanted.
    pub(super) fn two_readings(text: String, first: f64, second: f64, is_whole: bool) -> Self {
        let both = format!("{first} or {second}");
        let offered = if is_whole && first != first.round() { second.to_string() } else { both };
        Self::TwoReadings { text, first: first.to_string(), second: second.to_string(), offered }
    }

    /// What is said about it beside the text.
    pub(super) fn refusal(&self, text: &str) -> Refusal {
        let text = shortened(text);
        let is_seen = match self {
            Self::Empty => true,
            Self::UnknownWord { word } => *word == text,
            Self::NotWhole { value } => *value == text,
            _ => false,
        };
        let why = if is_seen { String::new() } else { self.to_string() };
        Refusal { why, has_two_readings: matches!(self, Self::TwoReadings { .. }) }
    }
}
