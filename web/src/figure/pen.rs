//! A picture on which clicks draw points into a text control.

use exhibits::declaration::Kind;
use exhibits::drawn;
use figures::{Figure, Layer};
use leptos::prelude::WithUntracked;

use super::painter::Painter;

/// A click nearer to a point than this, in CSS pixels, is on it.
const NEAR: f64 = 7.0;

/// The controls of the points and of the class that is drawn.
pub(crate) fn keys(figure: &Figure) -> Option<(&str, &str)> {
    figure.layers.iter().find_map(|layer| match layer {
        Layer::Pen { points_control, class_control } => Some((points_control.as_str(), class_control.as_str())),
        _ => None,
    })
}

fn owned_keys(painter: &Painter) -> Option<(String, String)> {
    let figure = painter.figure.borrow();
    let (points, class) = keys(figure.as_ref()?)?;
    Some((points.to_owned(), class.to_owned()))
}

pub(crate) fn is_pen(painter: &Painter) -> bool {
    painter.figure.borrow().as_ref().is_some_and(|f| keys(f).is_some())
}

/// Draws a point, or removes the one that is there.
pub(crate) fn click(painter: &Painter, at: (f64, f64), shift: bool) -> Option<()> {
    let (key, class_key) = owned_keys(painter)?;
    let unit = painter.fine_per_css();
    let (place, near) = {
        let figure = painter.figure.borrow();
        let area = painter.area(figure.as_ref()?);
        let (x, y) = area.data_from_pixel(at.0 * unit, at.1 * unit)?;
        let (beside, _) = area.data_from_pixel_clamped((at.0 - NEAR) * unit, at.1 * unit);
        ([x, y], x - beside)
    };
    let lab = painter.lab;
    let Kind::Choice { options } = lab.exhibit.control(&class_key)?.kind else { return None };
    let (text, class) = lab.link.try_with_untracked(|l| (l.values.text(&key), l.values.choice(&class_key)))?;
    let class = options.iter().position(|o| o.0 == class).unwrap_or(0);
    match drawn::clicked(&text, if shift { 1 - class.min(1) } else { class }, place, near) {
        // What was read and written again is read again.
        Ok(text) => drop(lab.set_text(&key, &text)),
        Err(sentence) => lab.say(&exhibits::prose::sentence(&sentence)),
    }
    Some(())
}

/// Removes all points.
pub(crate) fn clear(painter: &Painter) {
    if let Some((key, _)) = owned_keys(painter) {
        let _empty = painter.lab.set_text(&key, "");
    }
}
