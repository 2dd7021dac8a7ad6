//! A picture that is a window of a plane: a drag moves it; keys, buttons, the wheel with ctrl and two fingers zoom. The plain
//! wheel scrolls the page.

use leptos::prelude::WithUntracked;

use super::layers::window_keys;
use super::motion::{Grip, Held};
use super::painter::Painter;

/// What a key or a button leaves of the window's size.
const ZOOM: f64 = 0.8;
/// The part of the window's half-width that an arrow key moves it by.
const STEP: f64 = 0.1;

type Point = (f64, f64);

pub(super) fn is_window(painter: &Painter) -> bool {
    painter.figure.borrow().as_ref().is_some_and(|f| window_keys(f).is_some())
}

/// Centre and half-width, from the controls: the picture may be of a moment ago.
fn now(painter: &Painter) -> Option<[f64; 3]> {
    let figure = painter.figure.borrow();
    let keys = window_keys(figure.as_ref()?)?;
    painter.lab.link.try_with_untracked(|l| keys.map(|key| l.values.real(key)))
}

/// A place on the page as parts of the window's half-width from its centre.
fn share(painter: &Painter, (x, y): Point) -> Option<Point> {
    let figure = painter.figure.borrow();
    let (left, top, right, bottom) = painter.area(figure.as_ref()?).rect();
    let unit = painter.fine_per_css();
    let part = |at: f64, from: f64, to: f64| (2.0 * at * unit - from - to) / (to - from).max(1.0);
    Some((part(x, left, right), -part(y, top, bottom)))
}

/// Sets the half-width, and then the centre for the half-width that there is.
fn set(painter: &Painter, half_width: f64, centre: impl FnOnce(f64) -> Point) {
    let names = painter.figure.borrow().as_ref().and_then(|f| Some(window_keys(f)?.map(str::to_owned)));
    let Some([x_key, y_key, r_key]) = names else { return };
    painter.lab.change(|link| {
        let values = &mut link.values;
        values.set_number(&r_key, half_width);
        let (x, y) = centre(values.real(&r_key));
        values.set_number(&x_key, x);
        values.set_number(&y_key, y);
    });
}

/// Moves the window so that a place of the plane is at a place of the page.
fn put(painter: &Painter, at: Point, on_page: Point, half_width: f64) {
    let Some((x, y)) = share(painter, on_page) else { return };
    set(painter, rounded(half_width, half_width), |r| (rounded(at.0 - r * x, r), rounded(at.1 - r * y, r)));
}

/// Rounded to some thousandth of `size`, so that addresses are short.
fn rounded(value: f64, size: f64) -> f64 {
    let scale = 10f64.powi(3 - size.log10().floor().clamp(-9.0, 9.0) as i32);
    (value * scale).round() / scale
}

/// The fingers' middle and distance.
fn middle(grip: &Grip) -> (Point, f64) {
    let fingers = grip.fingers.borrow();
    let Some((_, first)) = fingers.first().copied() else { return ((0.0, 0.0), 0.0) };
    let last = fingers.last().map_or(first, |f| f.1);
    (((first.0 + last.0) / 2.0, (first.1 + last.1) / 2.0), (first.0 - last.0).hypot(first.1 - last.1))
}

fn take_hold(painter: &Painter) {
    let grip = &painter.motion.grip;
    let (on_page, spread) = middle(grip);
    if let (Some([x, y, half_width]), Some((i, j))) = (now(painter), share(painter, on_page)) {
        grip.held.set(Held { at: (x + half_width * i, y + half_width * j), spread, half_width });
    }
}

/// A pointer takes hold; of more than two the others are let be.
pub(super) fn down(painter: &Painter, id: i32, at: Point) {
    let grip = &painter.motion.grip;
    if grip.fingers.borrow().is_empty() {
        grip.before.set(now(painter).unwrap_or_default());
    }
    if grip.fingers.borrow().len() < 2 {
        grip.fingers.borrow_mut().push((id, at));
        take_hold(painter);
    }
}

/// A pointer that holds has moved.
pub(super) fn moved(painter: &Painter, id: i32, at: Point) {
    let grip = &painter.motion.grip;
    match grip.fingers.borrow_mut().iter_mut().find(|f| f.0 == id) {
        Some(finger) => finger.1 = at,
        None => return,
    }
    let (on_page, spread) = middle(grip);
    let held = grip.held.get();
    let zoom = if held.spread > 1.0 && spread > 1.0 { held.spread / spread } else { 1.0 };
    put(painter, held.at, on_page, held.half_width * zoom);
}

/// A pointer lets go; true when it was the last. One that the browser takes away, to scroll the page, has moved nothing.
pub(super) fn up(painter: &Painter, id: i32, is_taken: bool) -> bool {
    let grip = &painter.motion.grip;
    grip.fingers.borrow_mut().retain(|f| f.0 != id);
    let [x, y, half_width] = grip.before.get();
    if is_taken && half_width > 0.0 {
        set(painter, half_width, |_| (x, y));
    }
    take_hold(painter);
    grip.fingers.borrow().is_empty()
}

/// Zooms about a place on the page.
pub(super) fn zoom(painter: &Painter, factor: f64, on_page: Point) {
    if let (Some([x, y, r]), Some((i, j))) = (now(painter), share(painter, on_page)) {
        put(painter, (x + r * i, y + r * j), on_page, r * factor);
    }
}

/// Zooms about the middle of the plot.
pub(super) fn zoom_in(painter: &Painter, is_in: bool) {
    zoom(painter, if is_in { ZOOM } else { 1.0 / ZOOM }, plot_middle(painter));
}

fn plot_middle(painter: &Painter) -> Point {
    let figure = painter.figure.borrow();
    let Some(figure) = figure.as_ref() else { return (0.0, 0.0) };
    let (left, top, right, bottom) = painter.area(figure).rect();
    let unit = 2.0 * painter.fine_per_css();
    ((left + right) / unit, (top + bottom) / unit)
}

/// Plus and minus zoom, arrows with shift move; false for any other key.
pub(super) fn key(painter: &Painter, key: &str, shift: bool) -> bool {
    let (x, y) = match key {
        "+" | "=" | "-" | "_" => {
            zoom_in(painter, matches!(key, "+" | "="));
            return true;
        }
        "ArrowLeft" if shift => (-STEP, 0.0),
        "ArrowRight" if shift => (STEP, 0.0),
        "ArrowDown" if shift => (0.0, -STEP),
        "ArrowUp" if shift => (0.0, STEP),
        _ => return false,
    };
    if let Some([centre_x, centre_y, r]) = now(painter) {
        put(painter, (centre_x + r * x, centre_y + r * y), plot_middle(painter), r);
    }
    true
}

#[cfg(test)]
mod tests {
    use super::rounded;

    #[test]
    fn values_have_four_digits_of_the_windows_size() {
        assert_eq!(rounded(0.123_456_7, 1.5), 0.123);
        assert_eq!(rounded(1.5 * 0.8, 1.2), 1.2);
        assert_eq!(rounded(0.123_456_7, 0.02), 0.12346);
        assert_eq!(rounded(1234.5, 1000.0), 1235.0);
        assert_eq!(rounded(1.0, 0.0), 1.0);
    }
}
