//! Targets in words, and in Python.

use theory::sawtooth::Target;

/// Letters of a polynomial that a title has room for.
const MOST_LETTERS: usize = 32;

/// In a title.
pub(super) fn name(target: &Target) -> String {
    match target {
        Target::Sawtooth { k: 1 } => "the sawtooth of one tooth".into(),
        Target::Sawtooth { k } => format!("the sawtooth of {} teeth", 1_u64 << k >> 1),
        Target::Square => "x²".into(),
        Target::Product { y } => format!("x·y at y = {}", figures::format_number(*y)),
        Target::Polynomial(p) => {
            let text = p.to_string();
            let end = if text.chars().count() > MOST_LETTERS { "…" } else { "" };
            text.chars().take(MOST_LETTERS).collect::<String>() + end
        }
        Target::Cosine { k, .. } => format!("cos {}πx", 1_u64 << k),
    }
}

/// The value for all of `x`, an array of NumPy.
pub(super) fn python(target: &Target) -> String {
    match target {
        Target::Sawtooth { k } => format!("1 - np.abs(x * 2**{k} % 2 - 1)"),
        Target::Square => "x**2".into(),
        Target::Product { y } => format!("{y:?} * x"),
        Target::Polynomial(p) => format!("np.polyval({:?}[::-1], x)", p.coefficients()),
        Target::Cosine { k, .. } => format!("np.cos(2**{k} * np.pi * x)"),
    }
}
