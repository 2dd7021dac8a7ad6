//! Keys and choices that were typed.

use super::plain::Plain;

/// A key as keys are declared: in small letters, with underscores, without what cannot be seen.
#[must_use]
pub fn key(text: &str) -> String {
    Plain::of(text).text().trim().replace(['-', ' '], "_").to_ascii_lowercase()
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

#[cfg(test)]
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
}
