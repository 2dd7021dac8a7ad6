//! A click on an image of a grid chooses it.

use super::painter::Painter;

/// Sets the control that the image at a place of the plot, in CSS pixels, stands for; false where there is none.
pub(crate) fn choose(painter: &Painter, at: (f64, f64)) -> bool {
    let unit = painter.fine_per_css();
    // The store moves what the figure shows, which must not be borrowed then.
    let choice = painter.figure.borrow().as_ref().and_then(|figure| {
        let (key, image) = figures::choice_at(figure, &painter.area(figure), at.0 * unit, at.1 * unit)?;
        Some((key.to_owned(), image))
    });
    if let Some((key, image)) = &choice {
        painter.lab.set_number(key, f64::from(*image));
    }
    choice.is_some()
}
