//! Reads the reference values: the one place that knows where they lie and how a case is written.

use std::collections::BTreeSet;
use std::path::PathBuf;

use serde_json::{Map, Value};

/// The folder named by `DEPTHSCOPE_GOLDEN`, by default `shared/golden` beside the repository.
fn golden_folder() -> PathBuf {
    std::env::var_os("DEPTHSCOPE_GOLDEN").map_or_else(|| PathBuf::from("../../../shared/golden"), PathBuf::from)
}

/// The cases of one file of reference values.
pub(crate) fn read_cases(file: &str) -> Vec<Case> {
    let folder = golden_folder();
    assert!(
        folder.is_dir(),
        "The folder of reference values {} does not exist: name it in the variable DEPTHSCOPE_GOLDEN.",
        folder.display()
    );
    let path = folder.join(file);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("The reference values {} cannot be read: {error}.", path.display()));
    let root: Value = serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("The reference values {} are not valid JSON: {error}.", path.display()));
    let cases = root["cases"].as_array().unwrap_or_else(|| panic!("{} has no list `cases`.", path.display()));
    assert!(!cases.is_empty(), "{} has no cases.", path.display());
    cases.iter().enumerate().map(|(index, case)| Case::new(index, case)).collect()
}

/// One case: its fields, and which of them have been looked at.
pub(crate) struct Case {
    name: String,
    fields: Map<String, Value>,
    unread: BTreeSet<String>,
    tol: f64,
    /// Largest error of this case over its tolerance's kind: relative, absolute where the reference is 0.
    pub(crate) worst: f64,
    pub(crate) failures: Vec<String>,
}

impl Case {
    fn new(index: usize, value: &Value) -> Self {
        let fields = value.as_object().unwrap_or_else(|| panic!("case {index} is not an object")).clone();
        let unread = fields.keys().filter(|key| !["kind", "tol", "note"].contains(&key.as_str())).cloned().collect();
        let text = |key: &str| fields.get(key).and_then(Value::as_str).unwrap_or("?");
        let name = format!("case {index} ({}, {})", text("kind"), text("activation"));
        let tol = fields.get("tol").and_then(Value::as_f64).unwrap_or_else(|| panic!("{name} has no `tol`"));
        Self { name, fields, unread, tol, worst: 0.0, failures: Vec::new() }
    }

    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    pub(crate) fn kind(&self) -> &str {
        self.fields.get("kind").and_then(Value::as_str).unwrap_or_else(|| panic!("{} has no `kind`", self.name))
    }

    fn take(&mut self, key: &str) -> Option<Value> {
        self.unread.remove(key);
        self.fields.get(key).cloned()
    }

    pub(crate) fn has(&self, key: &str) -> bool {
        self.fields.contains_key(key)
    }

    /// A field as it is written, which must be there.
    pub(crate) fn json(&mut self, key: &str) -> Value {
        self.take(key).unwrap_or_else(|| panic!("{} has no `{key}`", self.name))
    }

    /// A whole number.
    pub(crate) fn whole(&mut self, key: &str) -> u64 {
        let value = self.json(key);
        value.as_u64().unwrap_or_else(|| panic!("{}: `{key}` is not a count but {value}", self.name))
    }

    /// A small whole number.
    pub(crate) fn power(&mut self, key: &str) -> u32 {
        u32::try_from(self.whole(key)).expect("a small count")
    }

    /// Numbers that must be there.
    pub(crate) fn list(&mut self, key: &str) -> Vec<f64> {
        self.numbers(key).unwrap_or_else(|| panic!("{} has no `{key}`", self.name))
    }

    /// As [`Self::check_all`], for a field that must be there.
    pub(crate) fn check_list(&mut self, key: &str, computed: &[f64]) {
        assert!(self.has(key), "{} has no `{key}`", self.name);
        self.check_all(key, computed);
    }

    /// Compares a field that must be there with exactly the same: counts, truth values, text and null.
    pub(crate) fn check_same(&mut self, key: &str, computed: &Value) {
        let reference = self.json(key);
        if reference != *computed {
            self.fail(key, &format!("expected {reference}, got {computed}"));
        }
    }

    /// A field that may be absent.
    pub(crate) fn find_number(&mut self, key: &str) -> Option<f64> {
        self.take(key).map(|value| self.as_number(key, &value))
    }

    fn as_number(&self, key: &str, value: &Value) -> f64 {
        value.as_f64().unwrap_or_else(|| panic!("{}: `{key}` is not a number but {value}", self.name))
    }

    pub(crate) fn number(&mut self, key: &str) -> f64 {
        self.find_number(key).unwrap_or_else(|| panic!("{} has no `{key}`", self.name))
    }

    pub(crate) fn text(&mut self, key: &str) -> String {
        let value = self.take(key).unwrap_or_else(|| panic!("{} has no `{key}`", self.name));
        value.as_str().unwrap_or_else(|| panic!("{}: `{key}` is not text but {value}", self.name)).to_owned()
    }

    /// A number, or the numbers of a list.
    pub(crate) fn numbers(&mut self, key: &str) -> Option<Vec<f64>> {
        let value = self.take(key)?;
        Some(match &value {
            Value::Array(list) => list.iter().map(|entry| self.as_number(key, entry)).collect(),
            single => vec![self.as_number(key, single)],
        })
    }

    /// Compares the field with what was computed, if the case has it. A reference of `null` stands for infinite,
    /// undefined or diverging.
    pub(crate) fn check(&mut self, key: &str, computed: Option<f64>) {
        let Some(reference) = self.take(key) else { return };
        match (reference.is_null(), computed.filter(|value| value.is_finite())) {
            (true, None) => {}
            (true, Some(value)) => self.fail(key, &format!("expected null, got {value}")),
            (false, None) => self.fail(key, &format!("expected {reference}, got {computed:?}")),
            (false, Some(value)) => {
                let reference = self.as_number(key, &reference);
                self.compare(key, reference, value);
            }
        }
    }

    /// Compares a number or a list of numbers, if the case has it.
    pub(crate) fn check_all(&mut self, key: &str, computed: &[f64]) {
        let Some(references) = self.numbers(key) else { return };
        if references.len() != computed.len() {
            self.fail(key, &format!("expected {} entries, got {}", references.len(), computed.len()));
        }
        for (index, (&reference, &value)) in references.iter().zip(computed).enumerate() {
            self.compare(&format!("{key}[{index}]"), reference, value);
        }
    }

    /// Compares a whole number exactly; `None` on both sides agrees too.
    pub(crate) fn check_count(&mut self, key: &str, computed: Option<usize>) {
        let Some(reference) = self.take(key) else { return };
        if reference.as_u64() != computed.map(|count| count as u64) || reference.is_f64() {
            self.fail(key, &format!("expected {reference}, got {computed:?}"));
        }
    }

    pub(crate) fn check_text(&mut self, key: &str, computed: &str) {
        if self.has(key) {
            let reference = self.text(key);
            if reference != computed {
                self.fail(key, &format!("expected {reference}, got {computed}"));
            }
        }
    }

    fn compare(&mut self, key: &str, reference: f64, value: f64) {
        let error = if reference == 0.0 { value.abs() } else { ((value - reference) / reference).abs() };
        self.worst = self.worst.max(error);
        if error.is_nan() || error > self.tol {
            let message = format!("expected {reference:e}, got {value:e}, error {error:e} above {:e}", self.tol);
            self.fail(key, &message);
        }
    }

    pub(crate) fn fail(&mut self, key: &str, message: &str) {
        self.failures.push(format!("{}: {key}: {message}", self.name));
    }

    /// Every field must have been looked at, so that nothing passes by being skipped.
    pub(crate) fn finish(&mut self) {
        for key in std::mem::take(&mut self.unread) {
            self.fail(&key, "this field is not known to the test");
        }
    }
}
