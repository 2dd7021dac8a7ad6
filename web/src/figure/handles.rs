//! Handles: elements that are dragged, and take keys, where the picture has its rings.

use figures::{Figure, PlotArea, View};
use wasm_bindgen::JsCast;
use web_sys::HtmlElement;

use super::layers::{handles, pad_key, pen_keys, window_keys};
use super::painter::Painter;
use crate::dom;
use crate::track::Track;
use crate::ui;

/// The handle that is nearest to a place of the page, which is in the plot or at its rim.
pub(super) fn nearest(painter: &Painter, at: (f64, f64)) -> Option<usize> {
    let figure = painter.figure.borrow();
    let figure = figure.as_ref()?;
    let area = painter.area(figure);
    let unit = painter.fine_per_css();
    let (left, top, right, bottom) = area.rect();
    let (x, y) = (at.0 * unit, at.1 * unit);
    // A little beyond the plot, where half of a handle at its rim lies.
    let rim = 16.0 * unit;
    if !((left - rim..=right + rim).contains(&x) && (top - rim..=bottom + rim).contains(&y)) {
        return None;
    }
    let distance = |(hx, hy): (f64, f64)| {
        let (px, py) = area.pixel_from_data(hx, hy);
        (px - x).hypot(py - y)
    };
    let all = handles(figure).map(|h| distance((h.0, h.1))).enumerate();
    all.min_by(|a, b| a.1.total_cmp(&b.1)).map(|(i, _)| i)
}

/// Moves a handle to a place of the page.
pub(super) fn drag(painter: &Painter, index: usize, at: (f64, f64)) {
    let unit = painter.fine_per_css();
    // The store moves the handle in the figure itself, which must not be borrowed then.
    let moves = painter.figure.borrow().as_ref().and_then(|figure| {
        let (x, y) = painter.area(figure).data_from_pixel_clamped(at.0 * unit, at.1 * unit);
        let (_, _, x_control, y_control) = handles(figure).nth(index)?;
        Some([(x_control.to_owned(), x), (y_control.to_owned(), y)])
    });
    let lab = painter.lab;
    if let Some(moves) = moves {
        lab.change(|link| {
            for (key, value) in moves {
                let track = lab.exhibit.control(&key).and_then(|c| Track::from_kind(&c.kind));
                link.values.set_number(&key, track.map_or(value, |t| t.snapped(value)));
            }
        });
    }
}

/// Puts the focus on a handle.
pub(super) fn focus(painter: &Painter, index: usize) {
    ui::focus(painter.parts.handles.children().item(index as u32));
}

/// Moves a handle by a key; false for one that moves none.
pub(super) fn step(painter: &Painter, index: usize, key: &str, fine: bool) -> bool {
    let (horizontal, steps) = match key {
        "ArrowLeft" => (true, -1.0),
        "ArrowRight" => (true, 1.0),
        "ArrowUp" => (false, 1.0),
        "ArrowDown" => (false, -1.0),
        _ => return false,
    };
    let at = painter.figure.borrow().as_ref().and_then(|figure| {
        let (x, y, x_control, y_control) = handles(figure).nth(index)?;
        Some(if horizontal { (x_control.to_owned(), x) } else { (y_control.to_owned(), y) })
    });
    let Some((key, value)) = at else { return false };
    let Some(track) = painter.lab.exhibit.control(&key).and_then(|c| Track::from_kind(&c.kind)) else { return false };
    painter.lab.set_number(&key, track.stepped(value, steps, fine));
    true
}

/// Puts the focusable elements of the handles where the handles are painted.
pub(super) fn place(painter: &Painter, figure: &Figure, area: &PlotArea) {
    let parent = &painter.parts.handles;
    let count = handles(figure).count() as u32;
    while parent.child_element_count() > count {
        if let Some(last) = parent.last_element_child() {
            last.remove();
        }
    }
    let unit = painter.fine_per_css();
    for (i, (x, y, x_control, y_control)) in handles(figure).enumerate() {
        let old = parent.children().item(i as u32).and_then(|e| e.dyn_into().ok());
        let element = old.or_else(|| new_handle(painter, i, [x_control, y_control]));
        let Some(element): Option<HtmlElement> = element else { continue };
        let (px, py) = area.pixel_from_data(x, y);
        let (left, top, right, bottom) = area.rect();
        element.set_hidden(!((left..=right).contains(&px) && (top..=bottom).contains(&py)));
        let style = element.style();
        // A style that is refused leaves the handle where it was.
        let _placed = style.set_property("transform", &format!("translate({:.2}px,{:.2}px)", px / unit, py / unit));
        let name = |key: &str| painter.lab.exhibit.control(key).map_or("", |c| c.name);
        let text = format!(
            "{} {}, {} {}",
            name(x_control),
            figures::format_number(x),
            name(y_control),
            figures::format_number(y)
        );
        let _set = (
            element.set_attribute("aria-valuetext", &text),
            element.set_attribute("aria-valuenow", &format!("{x:.3e}")),
        );
    }
    let _marked = painter.parts.plot.class_list().toggle_with_force("has-handle", count > 0);
    let (has_window, has_pad) = (window_keys(figure).is_some(), pad_key(figure).is_some());
    let has_pen = has_pad || pen_keys(figure).is_some();
    if has_window || has_pen {
        let (_, _, right, bottom) = area.rect();
        let corner =
            format!("translate({:.0}px,{:.0}px) translate(-100%,-100%)", right / unit - 4.0, bottom / unit - 4.0);
        // A style that is refused leaves the buttons where they were.
        let _placed = painter.parts.tools.style().set_property("transform", &corner);
    }
    let _panned = painter.parts.plot.class_list().toggle_with_force("has-window", has_window);
    let _drawn = painter.parts.plot.class_list().toggle_with_force("has-pen", has_pen);
    // A finger draws, too, and scrolls the page elsewhere.
    let _held = painter.parts.plot.class_list().toggle_with_force("has-pad", has_pad);
    let _turning = painter.parts.plot.class_list().toggle_with_force("orbit", figure.view == View::Orbit);
}

/// What a screen reader calls it: its two controls, the first of which gives its range, and its figure.
fn new_handle(painter: &Painter, index: usize, controls: [&str; 2]) -> Option<HtmlElement> {
    let element: HtmlElement = dom::document()?.create_element("div").ok()?.dyn_into().ok()?;
    element.set_class_name("handle");
    element.set_tab_index(0);
    let [x, y] = controls.map(|key| painter.lab.exhibit.control(key));
    let mut label = format!("Ring on {}: arrow keys move it", painter.spec.title);
    for control in [x, y].into_iter().flatten() {
        label = label + ", " + control.name;
    }
    let track = x.and_then(|control| Track::from_kind(&control.kind));
    let (low, high) = track.map_or((0.0, 1.0), |track| (track.low, track.high));
    for (name, value) in [
        ("role", "slider"),
        ("aria-label", &label),
        ("aria-valuemin", &low.to_string()),
        ("aria-valuemax", &high.to_string()),
        ("data-handle", &index.to_string()),
    ] {
        element.set_attribute(name, value).ok()?;
    }
    painter.parts.handles.append_child(&element).ok()?;
    Some(element)
}
