//! What of a figure's layers the page acts on: handles, a window, a pen.

use figures::{Figure, Layer};

/// The handles: position in data, and the controls that they set.
pub(super) fn handles(figure: &Figure) -> impl Iterator<Item = (f64, f64, &str, &str)> {
    figure.layers.iter().filter_map(|layer| match layer {
        Layer::Handle { x, y, x_control, y_control } => Some((*x, *y, x_control.as_str(), y_control.as_str())),
        _ => None,
    })
}

/// The controls of the window that the figure is: centre and half-width.
pub(super) fn window_keys(figure: &Figure) -> Option<[&str; 3]> {
    figure.layers.iter().find_map(|layer| match layer {
        Layer::Window { x_control, y_control, half_width_control } => {
            Some([x_control.as_str(), y_control.as_str(), half_width_control.as_str()])
        }
        _ => None,
    })
}

/// The control of the strokes that can be drawn.
pub(super) fn pad_key(figure: &Figure) -> Option<&str> {
    figure.layers.iter().find_map(|layer| match layer {
        Layer::Pad { control } => Some(control.as_str()),
        _ => None,
    })
}

/// The controls of the points that can be drawn, and of the class that is drawn.
pub(super) fn pen_keys(figure: &Figure) -> Option<(&str, &str)> {
    figure.layers.iter().find_map(|layer| match layer {
        Layer::Pen { points_control, class_control } => Some((points_control.as_str(), class_control.as_str())),
        _ => None,
    })
}
