//! What the user moves on a figure.

use std::cell::{Cell, RefCell};
use std::f64::consts::{FRAC_PI_2, TAU};

/// What is left of the speed of a turn after a frame.
const SLOWING: f64 = 0.93;

/// The state of pointers and keys on a figure.
pub(super) struct Motion {
    yaw: Cell<f64>,
    pitch: Cell<f64>,
    speed: Cell<(f64, f64)>,
    pub(super) drag: Cell<Drag>,
    pub(super) grip: Grip,
    /// Where the keys read: a layer and a sample of it.
    pub(super) reading: Cell<Option<(usize, usize)>>,
}

/// What a pointer drags.
#[derive(Clone, Copy, PartialEq)]
pub(super) enum Drag {
    None,
    /// The handle that is dragged.
    Handle(usize),
    /// Where the pointer was.
    Turn(f64, f64),
    /// A stroke on a pad.
    Stroke,
    /// Where it went down, in a window or where it may draw.
    Press(f64, f64),
}

/// The pointers that hold a window, and what they took hold of.
#[derive(Default)]
pub(super) struct Grip {
    pub(super) fingers: RefCell<Vec<(i32, (f64, f64))>>,
    pub(super) held: Cell<Held>,
    /// Centre and half-width before.
    pub(super) before: Cell<[f64; 3]>,
}

/// What fingers took hold of.
#[derive(Clone, Copy, Default)]
pub(super) struct Held {
    /// The place in the plane under the fingers' middle.
    pub(super) at: (f64, f64),
    /// Their distance.
    pub(super) spread: f64,
    pub(super) half_width: f64,
}

impl Default for Motion {
    fn default() -> Self {
        let (yaw, pitch) = figures::Style::default().orbit;
        Self {
            yaw: Cell::new(yaw),
            pitch: Cell::new(pitch),
            speed: Cell::new((0.0, 0.0)),
            drag: Cell::new(Drag::None),
            grip: Grip::default(),
            reading: Cell::new(None),
        }
    }
}

impl Motion {
    /// Yaw and pitch.
    pub(super) fn orbit(&self) -> (f64, f64) {
        (self.yaw.get(), self.pitch.get())
    }

    /// Turns by yaw and pitch.
    pub(super) fn turn(&self, (yaw, pitch): (f64, f64)) {
        self.yaw.set((self.yaw.get() + yaw) % TAU);
        self.pitch.set((self.pitch.get() + pitch).clamp(-FRAC_PI_2, FRAC_PI_2));
    }

    /// The turn of a frame when the drag ends.
    pub(super) fn set_speed(&self, speed: (f64, f64)) {
        self.speed.set(speed);
    }

    /// Turns on after a drag, ever slower; true while it does.
    pub(super) fn advance(&self) -> bool {
        let (yaw, pitch) = self.speed.get();
        if self.drag.get() != Drag::None || yaw.hypot(pitch) < 1e-3 {
            return false;
        }
        self.turn((yaw, pitch));
        self.speed.set((yaw * SLOWING, pitch * SLOWING));
        true
    }
}
