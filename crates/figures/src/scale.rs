//! One axis: data to pixels and back.

use crate::model::{Axis, Scale};

/// Maps data to pixels along one axis. Any axis gives a usable map: unusable ranges are replaced by near usable ones.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct AxisMap {
    scale: Scale,
    /// The ends of the axis, after the logarithm on a logarithmic axis.
    ends: (f64, f64),
    /// The pixels of the ends.
    pixels: (f64, f64),
}

impl AxisMap {
    pub(crate) fn new(axis: &Axis, pixels: (f64, f64)) -> Self {
        let (low, high) = usable_range(axis);
        let ends = match axis.scale {
            Scale::Linear => (low, high),
            Scale::Log => (low.log10(), high.log10()),
        };
        Self { scale: axis.scale, ends, pixels }
    }

    /// The pixel of a value; NaN where the axis has no place for it (NaN, infinity, not positive on a logarithmic axis).
    pub(crate) fn pixel(&self, value: f64) -> f64 {
        let v = match self.scale {
            Scale::Linear => value,
            Scale::Log if value > 0.0 => value.log10(),
            Scale::Log => f64::NAN,
        };
        if !v.is_finite() {
            return f64::NAN;
        }
        let t = (v - self.ends.0) / (self.ends.1 - self.ends.0);
        // Far beyond any screen; keeps the arithmetic of clipping finite.
        self.pixels.0 + t.clamp(-1e6, 1e6) * (self.pixels.1 - self.pixels.0)
    }

    /// The value at a pixel.
    pub(crate) fn value(&self, pixel: f64) -> f64 {
        let length = self.pixels.1 - self.pixels.0;
        let t = if length == 0.0 { 0.0 } else { (pixel - self.pixels.0) / length };
        let v = self.ends.0 + t * (self.ends.1 - self.ends.0);
        match self.scale {
            Scale::Linear => v,
            Scale::Log => 10f64.powf(v),
        }
    }

    /// The range in data units.
    pub(crate) fn range(&self) -> (f64, f64) {
        match self.scale {
            Scale::Linear => self.ends,
            Scale::Log => (10f64.powf(self.ends.0), 10f64.powf(self.ends.1)),
        }
    }

    /// The ends after the logarithm, if any.
    pub(crate) fn ends(&self) -> (f64, f64) {
        self.ends
    }

    /// Whether a value lies on the axis, ends included and a rounding error beyond.
    pub(crate) fn contains(&self, value: f64) -> bool {
        let pixel = self.pixel(value);
        let (low, high) = (self.pixels.0.min(self.pixels.1), self.pixels.0.max(self.pixels.1));
        pixel >= low - 1e-6 * (high - low) && pixel <= high + 1e-6 * (high - low)
    }
}

/// The axis's range if it is usable, else one near it that is.
fn usable_range(axis: &Axis) -> (f64, f64) {
    const LARGEST: f64 = 1e300;
    let (a, b) = axis.range;
    match axis.scale {
        Scale::Linear => {
            if !a.is_finite() || !b.is_finite() {
                return (0.0, 1.0);
            }
            let (low, high) = (a.min(b).clamp(-LARGEST, LARGEST), a.max(b).clamp(-LARGEST, LARGEST));
            let magnitude = low.abs().max(high.abs());
            // Below this, neighbouring ticks would be the same f64.
            if high - low > 1e-12 * magnitude && high - low > 1e-300 {
                (low, high)
            } else {
                let margin = if magnitude > 1e-290 { 0.5 * magnitude } else { 0.5 };
                (low - margin, high + margin)
            }
        }
        Scale::Log => {
            let (low, high) = (a.min(b), a.max(b));
            if !(high.is_finite() && high > 1e-290) {
                return (1.0, 10.0);
            }
            let high = high.min(LARGEST);
            let low = if low > 1e-300 && low.is_finite() { low.min(high) } else { high * 1e-3 };
            if high / low > 1.0 + 1e-9 { (low, high) } else { (low / 3.0, high * 3.0) }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pixels_and_values_go_there_and_back() {
        for axis in [Axis::linear("", -2.0, 3.0), Axis::log("", 1e-5, 1e2)] {
            let map = AxisMap::new(&axis, (500.0, 20.0));
            assert_eq!(map.pixel(axis.range.0), 500.0);
            assert!((map.pixel(axis.range.1) - 20.0).abs() < 1e-9);
            for pixel in [20.0, 100.0, 333.3, 500.0] {
                assert!((map.pixel(map.value(pixel)) - pixel).abs() < 1e-9);
            }
        }
    }

    #[test]
    fn any_range_gives_a_usable_map() {
        let odd = [0.0, -1.0, 1.0, f64::NAN, f64::INFINITY, f64::NEG_INFINITY, 1e-320, -1e308, 1e308, 1e16, 1e16 + 2.0];
        for a in odd {
            for b in odd {
                for axis in [Axis::linear("", a, b), Axis::log("", a, b)] {
                    let map = AxisMap::new(&axis, (0.0, 100.0));
                    let (low, high) = map.range();
                    assert!(low.is_finite() && high.is_finite() && low < high, "{axis:?} gave {low} to {high}");
                    assert!((map.pixel(low).abs()) < 1e-6 && (map.pixel(high) - 100.0).abs() < 1e-6, "{axis:?}");
                }
            }
        }
    }

    #[test]
    fn what_has_no_place_is_nan() {
        let log = AxisMap::new(&Axis::log("", 1.0, 10.0), (0.0, 100.0));
        for value in [0.0, -1.0, f64::NAN, f64::INFINITY] {
            assert!(log.pixel(value).is_nan());
            assert!(!log.contains(value));
        }
    }
}
