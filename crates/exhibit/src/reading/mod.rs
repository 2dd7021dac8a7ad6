//! The way from a text to a value. What is plain is read here: a decimal number, a key in small letters, points as an address
//! writes them. All else is for the reader of what people type ([`typed`](crate::typed)). It is linked where the feature `typed`
//! is on; the page is built without it, and loads it as a module of its own once such a text turns up ([`Elsewhere`]).

#[cfg_attr(all(feature = "typed", not(test)), expect(dead_code, reason = "asked where the reader is not linked"))]
mod elsewhere;

pub use elsewhere::{Elsewhere, install, take_wish};

#[cfg(feature = "typed")]
use crate::typed as full;
#[cfg(not(feature = "typed"))]
use elsewhere as full;

use crate::number::number_from_text;
pub use crate::number::{Number, Refusal};

/// What was read from what was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Read {
    /// The value that was taken, as an address writes it.
    pub value_text: String,
    /// Whether that is what a reader sees in what was typed: a plain number, a key, a text. Otherwise it is worth telling.
    pub is_as_typed: bool,
}

impl Read {
    /// What was read, if that is not to be seen in what was typed: `read “0,3” as 0.3`.
    #[must_use]
    pub fn echo(&self, typed: &str) -> Option<String> {
        (!self.is_as_typed).then(|| format!("read “{}” as {}", crate::prose::shortened(typed.trim()), self.value_text))
    }
}

/// Reads a real or whole number.
///
/// # Errors
/// [`Refusal`].
pub(crate) fn number(text: &str, is_whole: bool) -> Result<Number, Refusal> {
    match number_from_text(text) {
        // A point in a whole number may stand between thousands.
        Some(value) if !is_whole || (value == value.round() && !text.contains('.')) => {
            Ok(Number { value, is_as_typed: true })
        }
        _ => full::number(text, is_whole),
    }
}

/// A key as keys are declared: in small letters, with underscores, without what cannot be seen.
#[must_use]
pub fn key(text: &str) -> String {
    let text = text.trim();
    let is_plain = text.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b' '));
    let plain = if is_plain { text.to_owned() } else { full::plain(text) };
    plain.trim().replace(['-', ' '], "_").to_ascii_lowercase()
}

/// The option whose key or label a text means, if it is the only one.
pub(crate) fn choice(
    options: &'static [(&'static str, &'static str)],
    text: &str,
) -> Option<&'static (&'static str, &'static str)> {
    let wanted = key(text);
    let mut by_key = options.iter().filter(|option| key(option.0) == wanted);
    if let Some(found) = by_key.next() {
        return Some(found).filter(|_| by_key.next().is_none());
    }
    let mut by_label = options.iter().filter(|option| !wanted.is_empty() && key(option.1) == wanted);
    by_label.next().filter(|_| by_label.next().is_none())
}

/// Points in any way to write them, as an address writes them; what is no points stays.
pub(crate) fn clickable(text: &str) -> String {
    full::clickable(text)
}

#[cfg(all(test, feature = "typed"))]
mod tests {
    use super::*;

    #[test]
    fn keys_are_typed_freely() {
        for text in ["sigma_w", "Sigma_W", "sigma-w", "SIGMA–W", " sigma w ", "sigma\u{200b}_w", "ｓigma_w"] {
            assert_eq!(key(text), "sigma_w", "{text}");
        }
    }

    #[test]
    fn choices_are_known_by_key_or_label() {
        const OPTIONS: &[(&str, &str)] =
            &[("erf", "erf"), ("leaky_relu", "leaky ReLU"), ("square", "x²"), ("a", "same"), ("b", "same")];
        for (text, found) in [
            ("erf", Some("erf")),
            ("ERF", Some("erf")),
            ("Leaky-ReLU", Some("leaky_relu")),
            ("x²", Some("square")),
            ("same", None),
            ("", None),
            ("no", None),
        ] {
            assert_eq!(choice(OPTIONS, text).map(|option| option.0), found, "{text}");
        }
    }

    /// What is read here is what the reader of all texts makes of it.
    #[test]
    fn plain_numbers_are_read_as_all_others_are() {
        for text in
            ["0", "-1.5", "1e-7", "2.000", "2", "1e3", "inf", "-inf", "2.5", ".5", "5.", "1.7976931348623157e308"]
        {
            for is_whole in [false, true] {
                assert_eq!(number(text, is_whole), full::number(text, is_whole), "{text} {is_whole}");
            }
        }
    }
}
