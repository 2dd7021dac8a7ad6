//! A picture on which clicks draw points into a text control.

use exhibit::drawn;
use leptos::prelude::WithUntracked;

use super::layers::pen_keys;
use super::painter::Painter;
use crate::reader::reading;

pub(super) fn is_pen(painter: &Painter) -> bool {
    painter.figure.borrow().as_ref().is_some_and(|f| pen_keys(f).is_some())
}

/// A click so near to a point, in CSS pixels, removes it.
const REACH: f64 = 8.0;

/// What a click does to the points.
#[derive(Clone, Copy)]
pub(super) enum Stroke {
    /// Removes the one at a place of the page, or draws one there: with shift of the other class.
    Point((f64, f64), bool),
    /// Removes all.
    Clear,
}

/// Changes the points; nothing where none can be drawn.
pub(super) fn draw(painter: &Painter, stroke: Stroke) -> Option<()> {
    let lab = painter.lab;
    let (key, drawn) = {
        let figure = painter.figure.borrow();
        let figure = figure.as_ref()?;
        let (key, class_key) = pen_keys(figure)?;
        let drawn: Box<dyn Fn() -> String> = match stroke {
            Stroke::Clear => Box::new(String::new),
            Stroke::Point(at, shift) => {
                let unit = painter.fine_per_css();
                let area = painter.area(figure);
                let (x, y) = area.data_from_pixel(at.0 * unit, at.1 * unit)?;
                let corner = |by: f64| area.data_from_pixel_clamped((at.0 + by) * unit, (at.1 - by) * unit);
                let ((left, below), (right, above)) = (corner(-REACH), corner(REACH));
                let reach = [(right - left) / 2.0, (above - below) / 2.0];
                // The first class is the default.
                let (text, is_first) =
                    lab.link.try_with_untracked(|l| (l.values.text(key), l.values.is_default(class_key)))?;
                Box::new(move || {
                    drawn::without_point(&text, [x, y], reach)
                        .unwrap_or_else(|| drawn::with_point(&text, usize::from(is_first == shift), [x, y]))
                })
            }
        };
        (key.to_owned(), drawn)
    };
    reading(drawn, move |text| {
        if lab.set_text(&key, &text).is_err() {
            lab.say("There is no room for more points.");
        }
    });
    Some(())
}
