//! Pointer and keys on a figure: reading, dragging a handle, turning a cloud.

use std::rc::{Rc, Weak};

use figures::View;
use wasm_bindgen::JsCast;
use web_sys::{Event, KeyboardEvent, MouseEvent, PointerEvent, WheelEvent};

use super::motion::Drag;
use super::painter::Painter;
use super::{choose, handles, pad, pen, reading, window};
use crate::dom::{self, Listener};

/// Radians per CSS pixel of a drag.
const TURN: f64 = 0.009;
/// A pointer that moved less than this, in CSS pixels, has clicked.
const STILL: f64 = 4.0;
/// All listeners of a figure.
pub(super) fn listen(painter: &Rc<Painter>) -> Vec<Listener> {
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
        on("contextmenu", |p, _| p.show_for_saving()),
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

fn is_orbit(painter: &Painter) -> bool {
    painter.figure.borrow().as_ref().is_some_and(|f| f.view == View::Orbit)
}

fn on_handle(event: &Event) -> Option<usize> {
    let element = dom::target_element(event)?.closest(".handle").ok()??;
    element.get_attribute("data-handle")?.parse().ok()
}

fn down(painter: &Painter, event: &PointerEvent, at: (f64, f64)) {
    painter.restore_axes();
    let is_window = window::is_window(painter);
    let holds = matches!(painter.motion.drag.get(), Drag::Press(..));
    if event.button() != 0 || !(event.is_primary() || is_window && holds) || tool(event).is_some() {
        return;
    }
    let drag = if is_orbit(painter) {
        painter.motion.set_speed((0.0, 0.0));
        Drag::Turn(at.0, at.1)
    } else if let Some(index) = on_handle(event) {
        Drag::Handle(index)
    } else if pad::is_pad(painter) {
        pad::draw(painter, true, at);
        Drag::Stroke
    } else if is_window || pen::is_pen(painter) {
        window::down(painter, event.pointer_id(), at);
        Drag::Press(at.0, at.1)
    } else if event.pointer_type() == "touch" {
        // A finger beside the handle may want to scroll the page; a tap moves the handle.
        return;
    } else if let Some(index) = handles::nearest(painter, at) {
        Drag::Handle(index)
    } else {
        return;
    };
    painter.motion.drag.set(drag);
    // A pointer that is gone by now cannot be captured, and then sends no moves either.
    let _captured = painter.parts.plot.set_pointer_capture(event.pointer_id());
    let _marked = painter.parts.plot.class_list().add_1("dragging");
    if let Drag::Handle(index) = drag {
        handles::drag(painter, index, at);
        handles::focus(painter, index);
        painter.set_hover(None);
        event.prevent_default();
    }
}

fn moved(painter: &Painter, event: &PointerEvent, at: (f64, f64)) {
    painter.restore_axes();
    match painter.motion.drag.get() {
        Drag::Handle(index) => handles::drag(painter, index, at),
        Drag::Stroke => pad::draw(painter, false, at),
        Drag::Turn(x, y) => {
            let speed = ((at.0 - x) * TURN, (at.1 - y) * TURN);
            painter.motion.turn(speed);
            painter.motion.set_speed(if dom::media("(prefers-reduced-motion: reduce)") { (0.0, 0.0) } else { speed });
            painter.motion.drag.set(Drag::Turn(at.0, at.1));
            painter.set_hover(None);
            painter.set_due();
        }
        Drag::Press(..) if window::is_window(painter) => {
            painter.set_hover(None);
            window::moved(painter, event.pointer_id(), at);
        }
        // Where one draws nothing is read.
        Drag::None if pad::is_pad(painter) => {}
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
        && let Some(index) = handles::nearest(painter, at)
    {
        handles::drag(painter, index, at);
    }
}

/// The tool of the plot that was hit.
fn tool(event: &Event) -> Option<String> {
    dom::target_element(event)?.closest("[data-tool]").ok()??.get_attribute("data-tool")
}

fn use_tool(painter: &Painter, event: &Event) -> bool {
    let tool = tool(event);
    match tool.as_deref() {
        Some("clear") if pad::is_pad(painter) => pad::clear(painter),
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

fn key(painter: &Painter, event: &KeyboardEvent) {
    if event.ctrl_key() || event.alt_key() || event.meta_key() {
        return;
    }
    let key = event.key();
    let taken = match on_handle(event) {
        Some(index) => handles::step(painter, index, &key, event.shift_key()),
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
    let turn = match key {
        "ArrowLeft" => (-by, 0.0),
        "ArrowRight" => (by, 0.0),
        "ArrowUp" => (0.0, -by),
        "ArrowDown" => (0.0, by),
        _ => return false,
    };
    painter.motion.turn(turn);
    painter.set_due();
    true
}
