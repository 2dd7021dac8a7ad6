//! What the figures are put together from.

use figures::{Axis, Figure, Layer, Role};

pub(super) fn rule(name: &str, role: Role, at: f64, upright: bool) -> Layer {
    Layer::Rule { name: name.into(), role, at, upright }
}

pub(super) fn figure(id: &str, title: String, x: Axis, y: Axis, layers: Vec<Layer>, alt: String) -> Figure {
    Figure { title, layers, alt, ..Figure::blank(id, x, y) }
}

/// An empty figure with the reason.
pub(super) fn nothing(id: &str, note: &str) -> Figure {
    let axis = |label| Axis::linear(label, 0.0, 1.0);
    let mut figure = figure(id, String::new(), axis("x"), axis("output"), Vec::new(), "Nothing to show.".into());
    figure.note = Some(note.into());
    figure
}

/// The power of ten at or below a positive number, and the one at or above another.
pub(super) fn decades(low: f64, high: f64) -> (f64, f64) {
    let (low, high) = (low.clamp(1e-30, 1e30), high.clamp(1e-30, 1e30));
    let ends = (low.log10().floor(), high.log10().ceil());
    (10_f64.powf(ends.0), 10_f64.powf(ends.1.max(ends.0 + 1.0)))
}

/// `a`, or with an s unless there is one of them.
pub(super) fn count(n: u64, what: &str) -> String {
    format!("{} {what}{}", figures::format_number(n as f64), if n == 1 { "" } else { "s" })
}
