//! What the figures are put together from.

use figures::{Axis, Figure, Layer, Role, Samples, Stroke, View};

pub(super) fn line(name: &str, role: Role, stroke: Stroke, points: impl IntoIterator<Item = (f64, f64)>) -> Layer {
    let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
    Layer::Line { name: name.into(), role, stroke, x: Samples::from_f64(x), y: Samples::from_f64(y) }
}

pub(super) fn points(name: &str, role: Role, points: impl IntoIterator<Item = (f64, f64)>) -> Layer {
    let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
    Layer::Points {
        name: name.into(),
        role,
        x: Samples::from_f64(x),
        y: Samples::from_f64(y),
        spread: Samples::default(),
    }
}

/// Means with the half length of their bars.
pub(super) fn spread(name: &str, role: Role, points: &[(f64, Spread)]) -> Layer {
    Layer::Points {
        name: name.into(),
        role,
        x: Samples::from_f64(points.iter().map(|p| p.0)),
        y: Samples::from_f64(points.iter().map(|p| p.1.mean)),
        spread: Samples::from_f64(points.iter().map(|p| p.1.sd)),
    }
}

pub(super) fn rule(name: &str, role: Role, at: f64, upright: bool) -> Layer {
    Layer::Rule { name: name.into(), role, at, upright }
}

pub(super) fn figure(id: &str, title: String, x: Axis, y: Axis, layers: Vec<Layer>, alt: String) -> Figure {
    Figure { id: id.into(), title, x, y, layers, view: View::Plane, alt, note: None, device: String::new() }
}

/// An empty figure with the reason.
pub(super) fn nothing(id: &str, note: &str) -> Figure {
    let axis = |label| Axis::linear(label, 0.0, 1.0);
    let mut figure = figure(id, String::new(), axis("x"), axis("output"), Vec::new(), "Nothing to show.".into());
    figure.note = Some(note.into());
    figure
}

/// Mean and standard deviation.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Spread {
    pub(super) mean: f64,
    pub(super) sd: f64,
}

impl Spread {
    pub(super) fn of(values: &[f64]) -> Self {
        let n = values.len().max(1) as f64;
        let mean = values.iter().sum::<f64>() / n;
        let squares: f64 = values.iter().map(|v| (v - mean).powi(2)).sum();
        Self { mean, sd: (squares / (n - 1.0).max(1.0)).sqrt() }
    }
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
