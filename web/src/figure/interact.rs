//! Pointer and keys on a figure: reading, dragging a handle, turning a cloud.

use std::cell::Cell;
use std::f64::consts::FRAC_PI_2;
use std::rc::{Rc, Weak};

use figures::{Figure, Layer, PlotArea, View};
use wasm_bindgen::JsCast;
use web_sys::{Event, HtmlElement, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};

use super::painter::Painter;
use super::{choose, pen, reading, window};
use crate::control::track::Track;
use crate::dom::{self, Listener};
use crate::ui;

/// Radians per CSS pixel of a drag.
const TURN: f64 = 0.009;
/// A pointer that moved less than this, in CSS pixels, has clicked.
const STILL: f64 = 4.0;
/// What is left of the speed of a turn after a frame.
const SLOWING: f64 = 0.93;

/// What the user moves on a figure.
pub(crate) struct Motion {
    yaw: Cell<f64>,
    pitch: Cell<f64>,
    speed: Cell<(f64, f64)>,
    drag: Cell<Drag>,
    pub(crate) grip: window::Grip,
    /// Where the keys read.
    pub(crate) reading: Cell<Option<reading::Place>>,
}

#[derive(Clone, Copy, PartialEq)]
enum Drag {
    None,
    /// The handle that is dragged.
    Handle(usize),
    /// Where the pointer was.
    Turn(f64, f64),
    /// Where it went down, in a window or where it may draw.
    Press(f64, f64),
}

impl Default for Motion {
    fn default() -> Self {
        let (yaw, pitch) = figures::Style::default().orbit;
        Self {
            yaw: Cell::new(yaw),
            pitch: Cell::new(pitch),
            speed: Cell::new((0.0, 0.0)),
            drag: Cell::new(Drag::None),
            grip: window::Grip::default(),
            reading: Cell::new(None),
        }
    }
}

impl Motion {
    /// Yaw and pitch.
    pub(crate) fn orbit(&self) -> (f64, f64) {
        (self.yaw.get(), self.pitch.get())
    }

    fn turn(&self, yaw: f64, pitch: f64) {
        self.yaw.set((self.yaw.get() + yaw) % std::f64::consts::TAU);
        self.pitch.set((self.pitch.get() + pitch).clamp(-FRAC_PI_2, FRAC_PI_2));
    }

    /// Turns on after a drag, ever slower; true while it does.
    pub(crate) fn advance(&self) -> bool {
        let (yaw, pitch) = self.speed.get();
        if self.drag.get() != Drag::None || yaw.hypot(pitch) < 1e-3 {
            return false;
        }
        self.turn(yaw, pitch);
        self.speed.set((yaw * SLOWING, pitch * SLOWING));
        true
    }
}

/// All listeners of a figure.
pub(crate) fn listen(painter: &Rc<Painter>) -> Vec<Listener> {
    let plot = &painter.parts.plot;
    let on = |kind: &'static str, call: fn(&Painter, &Event)| {
        let weak: Weak<Painter> = Rc::downgrade(painter);
        dom::listen_with(plot, kind, false, move |event| {
            if let Some(painter) = weak.upgrade() {
                call(&painter, &event);
            }
        })
    };
    vec![
        on("pointerdown", |p, e| with_pointer(p, e, down)),
        on("pointermove", |p, e| with_pointer(p, e, moved)),
        on("pointerup", |p, e| with_pointer(p, e, up)),
        on("pointercancel", |p, e| with_pointer(p, e, up)),
        on("lostpointercapture", |p, e| with_pointer(p, e, up)),
        on("pointerleave", |p, _| p.set_hover(None)),
        on("click", |p, e| {
            if !use_tool(p, e) {
                with_pointer(p, e, tapped);
            }
        }),
        on("wheel", wheel),
        on("keydown", |p, e| {
            if let Some(event) = e.dyn_ref::<KeyboardEvent>() {
                key(p, event);
            }
        }),
        on("blur", |p, _| {
            p.motion.reading.set(None);
            p.set_hover(None);
        }),
    ]
}

fn with_pointer(painter: &Painter, event: &Event, call: fn(&Painter, &PointerEvent, (f64, f64))) {
    if let (Some(event), Some(at)) = (event.dyn_ref::<PointerEvent>(), place(painter, event)) {
        call(painter, event, at);
    }
}

/// Where a pointer is, in CSS pixels of the plot.
fn place(painter: &Painter, event: &Event) -> Option<(f64, f64)> {
    let event = event.dyn_ref::<MouseEvent>()?;
    let rect = painter.parts.plot.get_bounding_client_rect();
    let (width, height) = (f64::from(painter.parts.plot.offset_width()), f64::from(painter.parts.plot.offset_height()));
    if rect.width() <= 0.0 || rect.height() <= 0.0 {
        return None;
    }
    // A slide deck may scale the page: client coordinates are scaled, the plot's own are not.
    let x = (f64::from(event.client_x()) - rect.left()) * width / rect.width();
    let y = (f64::from(event.client_y()) - rect.top()) * height / rect.height();
    Some((x, y))
}

/// The handles of a figure: position in data, and the controls that they set.
fn handles(figure: &Figure) -> impl Iterator<Item = (f64, f64, &str, &str)> {
    figure.layers.iter().filter_map(|layer| match layer {
        Layer::Handle { x, y, x_control, y_control } => Some((*x, *y, x_control.as_str(), y_control.as_str())),
        _ => None,
    })
}

fn nearest_handle(painter: &Painter, at: (f64, f64)) -> Option<usize> {
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

fn is_orbit(painter: &Painter) -> bool {
    painter.figure.borrow().as_ref().is_some_and(|f| f.view == View::Orbit)
}

fn on_handle(event: &Event) -> Option<usize> {
    let element = dom::target_element(event)?.closest(".handle").ok()??;
    element.get_attribute("data-handle")?.parse().ok()
}

fn down(painter: &Painter, event: &PointerEvent, at: (f64, f64)) {
    let is_window = window::is_window(painter);
    let holds = matches!(painter.motion.drag.get(), Drag::Press(..));
    if event.button() != 0 || !(event.is_primary() || is_window && holds) || tool(event).is_some() {
        return;
    }
    let drag = if is_orbit(painter) {
        painter.motion.speed.set((0.0, 0.0));
        Drag::Turn(at.0, at.1)
    } else if let Some(index) = on_handle(event) {
        Drag::Handle(index)
    } else if is_window || pen::is_pen(painter) {
        window::down(painter, event.pointer_id(), at);
        Drag::Press(at.0, at.1)
    } else if event.pointer_type() == "touch" {
        // A finger beside the handle may want to scroll the page; a tap moves the handle.
        return;
    } else if let Some(index) = nearest_handle(painter, at) {
        Drag::Handle(index)
    } else {
        return;
    };
    painter.motion.drag.set(drag);
    // A pointer that is gone by now cannot be captured, and then sends no moves either.
    let _captured = painter.parts.plot.set_pointer_capture(event.pointer_id());
    let _marked = painter.parts.plot.class_list().add_1("dragging");
    if let Drag::Handle(index) = drag {
        move_handle(painter, index, at);
        focus_handle(painter, index);
        painter.set_hover(None);
        event.prevent_default();
    }
}

fn moved(painter: &Painter, event: &PointerEvent, at: (f64, f64)) {
    match painter.motion.drag.get() {
        Drag::Handle(index) => move_handle(painter, index, at),
        Drag::Turn(x, y) => {
            let speed = ((at.0 - x) * TURN, (at.1 - y) * TURN);
            painter.motion.turn(speed.0, speed.1);
            painter.motion.speed.set(if dom::media("(prefers-reduced-motion: reduce)") { (0.0, 0.0) } else { speed });
            painter.motion.drag.set(Drag::Turn(at.0, at.1));
            painter.set_hover(None);
            painter.set_due();
        }
        Drag::Press(..) if window::is_window(painter) => {
            painter.set_hover(None);
            window::moved(painter, event.pointer_id(), at);
        }
        Drag::Press(..) | Drag::None => {
            painter.motion.reading.set(None);
            painter.set_hover(on_handle(event).is_none().then_some(at));
        }
    }
}

fn up(painter: &Painter, event: &PointerEvent, at: (f64, f64)) {
    if let Drag::Press(x, y) = painter.motion.drag.get() {
        if !window::up(painter, event.pointer_id(), event.type_() == "pointercancel") {
            return;
        }
        if event.type_() == "pointerup" && (at.0 - x).hypot(at.1 - y) < STILL {
            // Where no point can be drawn nothing is.
            let _drawn = pen::draw(painter, pen::Stroke::Point(at, event.shift_key()));
        }
    }
    if painter.motion.drag.replace(Drag::None) != Drag::None {
        let _unmarked = painter.parts.plot.class_list().remove_1("dragging");
        painter.set_due();
    }
}

fn tapped(painter: &Painter, event: &PointerEvent, at: (f64, f64)) {
    if choose::choose(painter, at) {
        return;
    }
    if event.pointer_type() == "touch"
        && !is_orbit(painter)
        && !window::is_window(painter)
        && !pen::is_pen(painter)
        && let Some(index) = nearest_handle(painter, at)
    {
        move_handle(painter, index, at);
    }
}

/// The tool of the plot that was hit.
fn tool(event: &Event) -> Option<String> {
    dom::target_element(event)?.closest("[data-tool]").ok()??.get_attribute("data-tool")
}

fn use_tool(painter: &Painter, event: &Event) -> bool {
    let tool = tool(event);
    match tool.as_deref() {
        Some("clear") => drop(pen::draw(painter, pen::Stroke::Clear)),
        Some(tool) => window::zoom_in(painter, tool == "in"),
        None => {}
    }
    tool.is_some()
}

/// The wheel zooms with ctrl, which is also what two fingers on a touchpad send; without, it scrolls the page.
fn wheel(painter: &Painter, event: &Event) {
    if let (Some(wheel), Some(at)) = (event.dyn_ref::<WheelEvent>(), place(painter, event))
        && wheel.ctrl_key()
        && window::is_window(painter)
    {
        event.prevent_default();
        window::zoom(painter, (wheel.delta_y() / 300.0).exp().clamp(0.5, 2.0), at);
    }
}

fn move_handle(painter: &Painter, index: usize, at: (f64, f64)) {
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

fn focus_handle(painter: &Painter, index: usize) {
    ui::focus(painter.parts.handles.children().item(index as u32));
}

fn key(painter: &Painter, event: &KeyboardEvent) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let key = event.key();
    let taken = match on_handle(event) {
        Some(index) => step_handle(painter, index, &key, event.shift_key()),
        None if tool(event).is_some() => false,
        None if window::is_window(painter) && window::key(painter, &key, event.shift_key()) => true,
        None if key == "Enter" && painter.hover.get().is_some_and(|at| choose::choose(painter, at)) => true,
        None if is_orbit(painter) => turn_by_key(painter, &key, event.shift_key()),
        None => reading::key(painter, &key),
    };
    if taken {
        event.prevent_default();
        event.stop_propagation();
    }
}

fn turn_by_key(painter: &Painter, key: &str, fine: bool) -> bool {
    let by = if fine { 0.02 } else { 0.12 };
    let (yaw, pitch) = match key {
        "ArrowLeft" => (-by, 0.0),
        "ArrowRight" => (by, 0.0),
        "ArrowUp" => (0.0, -by),
        "ArrowDown" => (0.0, by),
        _ => return false,
    };
    painter.motion.turn(yaw, pitch);
    painter.set_due();
    true
}

fn step_handle(painter: &Painter, index: usize, key: &str, fine: bool) -> bool {
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
pub(crate) fn place_handles(painter: &Painter, figure: &Figure, area: &PlotArea) {
    let parent = &painter.parts.handles;
    let count = handles(figure).count() as u32;
    while parent.child_element_count() > count {
        if let Some(last) = parent.last_element_child() {
            last.remove();
        }
    }
    let unit = painter.fine_per_css();
    for (i, (x, y, x_control, y_control)) in handles(figure).enumerate() {
        let element =
            parent.children().item(i as u32).and_then(|e| e.dyn_into().ok()).or_else(|| new_handle(painter, i));
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
        let _set =
            (element.set_attribute("aria-valuetext", &text), element.set_attribute("aria-valuenow", &x.to_string()));
    }
    let _marked = painter.parts.plot.class_list().toggle_with_force("has-handle", count > 0);
    let (has_window, has_pen) = (window::keys(figure).is_some(), pen::keys(figure).is_some());
    if has_window || has_pen {
        let (_, _, right, bottom) = area.rect();
        let corner =
            format!("translate({:.0}px,{:.0}px) translate(-100%,-100%)", right / unit - 4.0, bottom / unit - 4.0);
        // A style that is refused leaves the buttons where they were.
        let _placed = painter.parts.tools.style().set_property("transform", &corner);
    }
    let _panned = painter.parts.plot.class_list().toggle_with_force("has-window", has_window);
    let _drawn = painter.parts.plot.class_list().toggle_with_force("has-pen", has_pen);
    let _turning = painter.parts.plot.class_list().toggle_with_force("orbit", figure.view == View::Orbit);
}

fn new_handle(painter: &Painter, index: usize) -> Option<HtmlElement> {
    let element: HtmlElement = dom::document()?.create_element("div").ok()?.dyn_into().ok()?;
    element.set_class_name("handle");
    element.set_tab_index(0);
    for (name, value) in [
        ("role", "slider"),
        ("aria-label", "Ring on the map: arrow keys move it, with shift finely"),
        ("data-handle", &index.to_string()),
    ] {
        element.set_attribute(name, value).ok()?;
    }
    painter.parts.handles.append_child(&element).ok()?;
    Some(element)
}
