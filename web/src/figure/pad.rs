//! A picture on which a press that moves draws strokes into a text control.

use exhibit::strokes;
use leptos::prelude::WithUntracked;

use super::layers::pad_key;
use super::painter::Painter;

/// Whether there is a pad.
pub(super) fn is_pad(painter: &Painter) -> bool {
    painter.figure.borrow().as_ref().is_some_and(|f| pad_key(f).is_some())
}

/// Draws on, from a place of the plot in CSS pixels, or begins a stroke there.
pub(super) fn draw(painter: &Painter, begins: bool, at: (f64, f64)) {
    change(painter, |text, place| strokes::with_point(text, begins, place), at);
}

/// Wipes the pad.
pub(super) fn clear(painter: &Painter) {
    change(painter, |_, _| Some(String::new()), (0.0, 0.0));
}

fn change(painter: &Painter, to: impl FnOnce(&str, strokes::Point) -> Option<String>, at: (f64, f64)) {
    let changed = {
        let figure = painter.figure.borrow();
        let Some((figure, key)) = figure.as_ref().and_then(|f| Some((f, pad_key(f)?))) else { return };
        let (unit, (left, top, right, bottom)) = (painter.fine_per_css(), painter.area(figure).rect());
        let place = [(at.0 * unit - left) / (right - left), (at.1 * unit - top) / (bottom - top)];
        let text = painter.lab.link.try_with_untracked(|link| link.values.text(key)).unwrap_or_default();
        to(&text, place).map(|text| (key.to_owned(), text))
    };
    if let Some((key, text)) = changed {
        // The pad takes no more than the control does.
        let _set = painter.lab.set_text(&key, &text);
    }
}
