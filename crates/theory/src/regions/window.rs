//! The part of the plane that is looked at.

use crate::TheoryError;
use crate::sawtooth::NetError;

/// Largest |coordinate| of a window.
const COORDINATE_MAX: f64 = 1e9;

/// A rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Window {
    /// Left edge.
    pub x_min: f64,
    /// Right edge.
    pub x_max: f64,
    /// Lower edge.
    pub y_min: f64,
    /// Upper edge.
    pub y_max: f64,
}

impl Window {
    /// \[-r, r\]^2.
    #[must_use]
    pub fn square(r: f64) -> Self {
        Self { x_min: -r, x_max: r, y_min: -r, y_max: r }
    }

    /// Its area.
    #[must_use]
    pub fn area(&self) -> f64 {
        (self.x_max - self.x_min) * (self.y_max - self.y_min)
    }

    /// Whether the point lies in it or on its edge.
    #[must_use]
    pub fn contains(&self, [x, y]: [f64; 2]) -> bool {
        x >= self.x_min && x <= self.x_max && y >= self.y_min && y <= self.y_max
    }

    /// The four corners, counterclockwise from the lower left.
    #[must_use]
    pub fn corners(&self) -> [[f64; 2]; 4] {
        [[self.x_min, self.y_min], [self.x_max, self.y_min], [self.x_max, self.y_max], [self.x_min, self.y_max]]
    }

    pub(super) fn diagonal(&self) -> f64 {
        let (width, height) = (self.x_max - self.x_min, self.y_max - self.y_min);
        (width * width + height * height).sqrt()
    }

    /// Largest |x| and |y| in it.
    pub(super) fn reach(&self) -> [f64; 2] {
        [self.x_min.abs().max(self.x_max.abs()), self.y_min.abs().max(self.y_max.abs())]
    }

    pub(super) fn check(&self) -> Result<(), NetError> {
        for (name, low, high) in [("x", self.x_min, self.x_max), ("y", self.y_min, self.y_max)] {
            TheoryError::check(name, low, -COORDINATE_MAX, COORDINATE_MAX)?;
            TheoryError::check(name, high, low, COORDINATE_MAX)?;
            if low >= high {
                return Err(NetError::NotIncreasing { place: 1, before: low, got: high });
            }
        }
        Ok(())
    }

    /// The part \[t_0, t_1\] of the segment a + t (b - a), 0 <= t <= 1, in the window.
    pub(super) fn clip(&self, a: [f64; 2], b: [f64; 2]) -> Option<(f64, f64)> {
        let bounds = [(self.x_min, self.x_max), (self.y_min, self.y_max)];
        let (mut from, mut to) = (0.0_f64, 1.0_f64);
        for (axis, (low, high)) in bounds.into_iter().enumerate() {
            let way = b[axis] - a[axis];
            if way == 0.0 {
                if a[axis] < low || a[axis] > high {
                    return None;
                }
                continue;
            }
            let (at_low, at_high) = ((low - a[axis]) / way, (high - a[axis]) / way);
            from = from.max(at_low.min(at_high));
            to = to.min(at_low.max(at_high));
        }
        (from < to).then_some((from, to))
    }
}
