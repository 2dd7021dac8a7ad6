//! Control values: always valid, whatever was asked for.

use crate::complaint::{Named, ValueError, joined};
use crate::declaration::{Control, Exhibit, Kind, Preset};
use crate::prose::shortened;
use crate::reading::{self, Number, Read, Refusal};

/// The value of one control.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// A real number in its range.
    Real(f64),
    /// A whole number in its range.
    Integer(i64),
    /// The key of a choice.
    Choice(&'static str),
    /// A text, not longer than its control allows.
    Text(String),
}

/// A value for every control of an exhibit.
#[derive(Clone, Debug)]
pub struct Values {
    exhibit: &'static Exhibit,
    values: Vec<Value>,
}

impl PartialEq for Values {
    fn eq(&self, other: &Self) -> bool {
        std::ptr::eq(self.exhibit, other.exhibit) && self.values == other.values
    }
}

impl Values {
    /// Every control at its default.
    #[must_use]
    pub fn defaults(exhibit: &'static Exhibit) -> Self {
        Self { exhibit, values: exhibit.controls.iter().map(default_of).collect() }
    }

    /// The exhibit.
    #[must_use]
    pub fn exhibit(&self) -> &'static Exhibit {
        self.exhibit
    }

    /// Sets a control from text and says what was read: a number in any way to write it, a choice by its key
    /// or its label, a text as it is. A number out of range sets the nearest end and is reported; anything else that is wrong
    /// sets nothing. What a text means only its job knows. The key may be typed freely ([`Exhibit::control_typed`]).
    ///
    /// # Errors
    /// [`ValueError`] says what was wrong.
    pub fn set_text(&mut self, key: &str, text: &str) -> Result<Read, ValueError> {
        let found = self.exhibit.control_typed(key).and_then(|control| Some((control, self.index(control.key)?)));
        let (control, index) = found.ok_or_else(|| ValueError::UnknownControl {
            key: shortened(key),
            known: joined(self.exhibit.controls.iter().map(|c| c.key)),
        })?;
        let (value, is_as_typed, complaint) = parse(control, text.trim())?;
        let value_text = text_of(&value);
        self.values[index] = value;
        complaint.map_or(Ok(Read { value_text, is_as_typed }), Err)
    }

    /// Sets a real or whole number, clamped to its range; ignores NaN, unknown keys and choices.
    pub fn set_number(&mut self, key: &str, number: f64) {
        let Some(index) = self.index(key) else { return };
        if let Some(value) = clamped(&self.exhibit.controls[index], number) {
            self.values[index] = value;
        }
    }

    /// Takes a preset's values, and the defaults for what it does not name; the seed stays.
    ///
    /// # Errors
    /// The first [`ValueError`]; a test makes sure that declared presets have none.
    pub fn set_preset(&mut self, preset: &Preset) -> Result<(), ValueError> {
        for (value, control) in self.values.iter_mut().zip(self.exhibit.controls) {
            if !matches!(control.kind, Kind::Seed { .. }) {
                *value = default_of(control);
            }
        }
        preset.values.iter().try_for_each(|(key, text)| self.set_text(key, text).map(drop))
    }

    /// [`Values::set_preset`] by the preset's key, which may be typed freely as those of controls.
    ///
    /// # Errors
    /// [`ValueError::UnknownPreset`] names the keys that there are.
    pub fn set_preset_by_key(&mut self, key: &str) -> Result<(), ValueError> {
        match self.exhibit.preset(key).or_else(|| self.exhibit.preset(&reading::key(key))) {
            Some(preset) => self.set_preset(preset),
            None => Err(ValueError::UnknownPreset {
                key: shortened(key),
                known: joined(self.exhibit.presets.iter().map(|p| p.key)),
            }),
        }
    }

    /// The value of a control.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Value> {
        self.index(key).map(|i| self.values[i].clone())
    }

    /// A number, 0 for a key that is no number (a test reads every key of every exhibit).
    #[must_use]
    pub fn real(&self, key: &str) -> f64 {
        match self.get(key) {
            Some(Value::Real(x)) => x,
            Some(Value::Integer(n)) => n as f64,
            _ => 0.0,
        }
    }

    /// A whole number, 0 for a key that is none.
    #[must_use]
    pub fn integer(&self, key: &str) -> i64 {
        match self.get(key) {
            Some(Value::Integer(n)) => n,
            _ => 0,
        }
    }

    /// A whole number as a size, 0 for a key that is none.
    #[must_use]
    pub fn size(&self, key: &str) -> usize {
        match self.get(key) {
            Some(Value::Integer(n)) => usize::try_from(n).unwrap_or(0),
            _ => 0,
        }
    }

    /// A whole number as a seed.
    #[must_use]
    pub fn seed(&self, key: &str) -> u64 {
        self.size(key) as u64
    }

    /// The key of a choice, empty for a key that is no choice.
    #[must_use]
    pub fn choice(&self, key: &str) -> &'static str {
        match self.get(key) {
            Some(Value::Choice(c)) => c,
            _ => "",
        }
    }

    /// The value as an address writes it; reading it back gives the same value.
    #[must_use]
    pub fn text(&self, key: &str) -> String {
        self.index(key).map_or_else(String::new, |i| text_of(&self.values[i]))
    }

    /// Keys and texts of the controls that are not at their default, in the declared order.
    #[must_use]
    pub fn changed(&self) -> Vec<(&'static str, String)> {
        let controls = self.exhibit.controls.iter().zip(&self.values);
        controls.filter(|(c, v)| default_of(c) != **v).map(|(c, v)| (c.key, text_of(v))).collect()
    }

    /// [`Self::changed`] as a message carries it.
    #[must_use]
    pub fn changed_owned(&self) -> Vec<(String, String)> {
        self.changed().into_iter().map(|(key, text)| (key.to_owned(), text)).collect()
    }

    /// The values that [`Self::changed_owned`] came from. What does not fit is clamped or left at its default.
    #[must_use]
    pub fn from_changed(exhibit: &'static Exhibit, changed: &[(String, String)]) -> Self {
        let mut values = Self::defaults(exhibit);
        for (key, text) in changed {
            // The page sends valid values; a clamped one is what the page shows too.
            let _shown_by_the_page = values.set_text(key, text);
        }
        values
    }

    /// Keys and texts of all controls, in the declared order.
    #[must_use]
    pub fn all(&self) -> Vec<(&'static str, String)> {
        self.exhibit.controls.iter().zip(&self.values).map(|(c, v)| (c.key, text_of(v))).collect()
    }

    /// Whether a control is at its default.
    #[must_use]
    pub fn is_default(&self, key: &str) -> bool {
        self.index(key).is_some_and(|i| default_of(&self.exhibit.controls[i]) == self.values[i])
    }

    /// Puts one control back to its default.
    pub fn reset(&mut self, key: &str) {
        if let Some(i) = self.index(key) {
            self.values[i] = default_of(&self.exhibit.controls[i]);
        }
    }

    /// Puts every control but seeds back to its default, so that a reset shows the same nets again.
    pub fn reset_all(&mut self) {
        for (value, control) in self.values.iter_mut().zip(self.exhibit.controls) {
            if !matches!(control.kind, Kind::Seed { .. }) {
                *value = default_of(control);
            }
        }
    }

    /// Chooses a person's own files by their name ([`Exhibit::files`]), and with them the first choice at which they are shown; an
    /// exhibit without files stays as it is.
    ///
    /// # Errors
    /// [`ValueError`] for a name that is longer than the control allows.
    pub fn set_files(&mut self, name: &str) -> Result<(), ValueError> {
        let Some(control) = self.exhibit.files() else { return Ok(()) };
        if let Some((key, [choice, ..])) = control.when {
            self.set_text(key, choice)?;
        }
        self.set_text(control.key, name).map(drop)
    }

    /// Whether a control's or a figure's condition to be shown holds.
    #[must_use]
    pub fn holds(&self, when: Option<(&str, &[&str])>) -> bool {
        when.is_none_or(|(key, wanted)| wanted.contains(&self.choice(key)))
    }

    /// Whether a control's condition to be shown holds.
    #[must_use]
    pub fn shows(&self, control: &Control) -> bool {
        self.holds(control.when)
    }

    fn index(&self, key: &str) -> Option<usize> {
        self.exhibit.controls.iter().position(|c| c.key == key)
    }
}

fn default_of(control: &Control) -> Value {
    match control.kind {
        Kind::Real { default, .. } => Value::Real(default),
        Kind::Integer { default, .. } => Value::Integer(default),
        Kind::Seed { default } => Value::Integer(i64::from(default)),
        Kind::Choice { options } => Value::Choice(options.first().map_or("", |o| o.0)),
        Kind::Text { default, .. } => Value::Text(default.to_owned()),
    }
}

/// `Display` of an `f64` is the shortest decimal that reads back as the same number.
fn text_of(value: &Value) -> String {
    match value {
        Value::Real(x) => format!("{x}"),
        Value::Integer(n) => format!("{n}"),
        Value::Choice(c) => (*c).to_owned(),
        Value::Text(text) => text.clone(),
    }
}

fn clamped(control: &Control, number: f64) -> Option<Value> {
    if number.is_nan() {
        return None;
    }
    match control.kind {
        Kind::Real { min, max, .. } => Some(Value::Real(number.clamp(min, max))),
        Kind::Integer { min, max, .. } => Some(Value::Integer(number.round().clamp(min as f64, max as f64) as i64)),
        Kind::Seed { .. } => Some(Value::Integer(number.round().clamp(0.0, f64::from(u32::MAX)) as i64)),
        Kind::Choice { .. } | Kind::Text { .. } => None,
    }
}

/// What a text sets a control to, whether that is what is seen in it, and what is to be said besides.
fn parse(control: &Control, text: &str) -> Result<(Value, bool, Option<ValueError>), ValueError> {
    let who = Named::of(control);
    let (min, max, is_whole) = match control.kind {
        Kind::Choice { options } => {
            let found = options.iter().find(|o| o.0 == text).or_else(|| reading::choice(options, text));
            let known = || joined(options.iter().map(|o| o.0));
            let (key, _) =
                found.ok_or_else(|| ValueError::UnknownChoice { who, text: shortened(text), known: known() })?;
            return Ok((Value::Choice(key), *key == text, None));
        }
        Kind::Text { max_chars, .. } if text.chars().count() > max_chars => {
            return Err(ValueError::Text { who, most: max_chars });
        }
        Kind::Text { .. } => return Ok((Value::Text(text.to_owned()), true, None)),
        Kind::Real { min, max, .. } => (min, max, false),
        Kind::Integer { min, max, .. } => (min as f64, max as f64, true),
        Kind::Seed { .. } => (0.0, f64::from(u32::MAX), true),
    };
    let wrong = |refusal| ValueError::from_refusal(who, text, is_whole, refusal);
    let Number { value: number, is_as_typed } = reading::number(text, is_whole).map_err(wrong)?;
    let value = clamped(control, number).ok_or_else(|| wrong(Refusal::default()))?;
    let complaint = (number < min || number > max).then(|| ValueError::OutOfRange {
        who,
        text: shortened(text),
        range: format!("{min} to {max}"),
        taken: text_of(&value),
    });
    Ok((value, is_as_typed, complaint))
}
