//! What is said about a value that was not taken as it was written.

use std::fmt;

use crate::declaration::Control;
use crate::prose::shortened;
use crate::reading::Refusal;

/// A control in a complaint: by its key, as in addresses, messages and on the command line, or by its name on the page.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Named {
    /// The key.
    pub key: &'static str,
    /// The name on the page.
    pub name: &'static str,
    is_on_page: bool,
}

impl Named {
    pub(crate) fn of(control: &Control) -> Self {
        Self { key: control.key, name: control.name, is_on_page: false }
    }
}

impl fmt::Display for Named {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.is_on_page && !self.name.is_empty() { write!(f, "“{}”", self.name) } else { f.write_str(self.key) }
    }
}

/// Why a value was not taken as it was written; a clause that [`crate::prose::sentence`] makes a sentence. It names a control by
/// its key ([`ValueError::on_page`] by its name) and never starts with it.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
pub enum ValueError {
    /// No control has this key.
    #[error("there is no control “{key}” here; there are {known}")]
    UnknownControl {
        /// What was asked for.
        key: String,
        /// The keys that there are.
        known: String,
    },
    /// Not a number.
    #[error("“{text}” is not a {expected}, as {who} has to be{}{why}", if .why.is_empty() { "" } else { ": " })]
    NotANumber {
        /// The control.
        who: Named,
        /// What was written.
        text: String,
        /// `number` or `whole number`.
        expected: &'static str,
        /// Why, where the text alone does not show it.
        why: String,
    },
    /// A number that can be read in two ways.
    #[error("for {who}, {why}")]
    TwoReadings {
        /// The control.
        who: Named,
        /// Both readings.
        why: String,
    },
    /// A number outside the range; the nearest end is taken.
    #[error("“{text}” is not in the range of {who}, {range}; {taken} is taken")]
    OutOfRange {
        /// The control.
        who: Named,
        /// What was written.
        text: String,
        /// The least and the greatest value: `0 to 20`.
        range: String,
        /// The end that was taken.
        taken: String,
    },
    /// Not one of the choices.
    #[error("“{text}” is no choice of {who}; there are {known}")]
    UnknownChoice {
        /// The control.
        who: Named,
        /// What was written.
        text: String,
        /// The keys of the choices.
        known: String,
    },
    /// A text that its control does not take.
    #[error("the text of {who} may have {most} characters at most")]
    Text {
        /// The control.
        who: Named,
        /// Most characters.
        most: usize,
    },
    /// No preset has this key.
    #[error("there is no preset “{key}” here; there are {known}")]
    UnknownPreset {
        /// What was asked for.
        key: String,
        /// The keys that there are.
        known: String,
    },
}

impl ValueError {
    pub(crate) fn from_refusal(who: Named, text: &str, is_whole: bool, refusal: Refusal) -> Self {
        let Refusal { why, has_two_readings } = refusal;
        if has_two_readings {
            return Self::TwoReadings { who, why };
        }
        let expected = if is_whole { "whole number" } else { "number" };
        Self::NotANumber { who, text: shortened(text), expected, why }
    }

    /// The same where the reader sees the control's name, not its key.
    #[must_use]
    pub fn on_page(mut self) -> Self {
        match &mut self {
            Self::NotANumber { who, .. }
            | Self::TwoReadings { who, .. }
            | Self::OutOfRange { who, .. }
            | Self::UnknownChoice { who, .. }
            | Self::Text { who, .. } => who.is_on_page = true,
            Self::UnknownControl { .. } | Self::UnknownPreset { .. } => {}
        }
        self
    }
}

pub(crate) fn joined(words: impl Iterator<Item = &'static str>) -> String {
    words.collect::<Vec<_>>().join(", ")
}
