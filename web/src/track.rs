//! Where a value lies on a slider's track, and which values the track offers.

use exhibit::declaration::Kind;

/// The track of a slider.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Track {
    /// The value at the left end.
    pub(crate) low: f64,
    /// The value at the right end.
    pub(crate) high: f64,
    /// The least and greatest value that can be typed.
    limits: (f64, f64),
    /// What an arrow key adds.
    step: f64,
    /// What an arrow key adds with shift; values of a drag are multiples of it.
    fine: f64,
    log: bool,
}

impl Track {
    /// The track of a number; `None` for what is no slider.
    pub(crate) fn from_kind(kind: &Kind) -> Option<Self> {
        match *kind {
            Kind::Real { min, max, track: (low, high), step, .. } => {
                Some(Self { low, high, limits: (min, max), step, fine: step / 10.0, log: false })
            }
            Kind::Integer { min, max, step, log, .. } => {
                let (low, high) = (min as f64, max as f64);
                Some(Self { low, high, limits: (low, high), step: step as f64, fine: 1.0, log: log && min > 0 })
            }
            Kind::Choice { .. } | Kind::Seed { .. } | Kind::Text { .. } => None,
        }
    }

    /// The ends of the native range element: data units, or natural logarithms of them.
    pub(crate) fn ends(&self) -> (f64, f64) {
        (self.position(self.low), self.position(self.high))
    }

    /// The value of the native range element.
    pub(crate) fn position(&self, value: f64) -> f64 {
        let value = value.clamp(self.low, self.high);
        if self.log { value.ln() } else { value }
    }

    /// The value that a drag to `position` sets: a multiple of the fine step, two significant digits on a logarithmic
    /// track, or exactly an end of the track.
    pub(crate) fn value(&self, position: f64) -> f64 {
        let (start, end) = self.ends();
        let tolerance = 1e-9 * (end - start).abs();
        if position <= start + tolerance {
            return self.low;
        }
        if position >= end - tolerance {
            return self.high;
        }
        if !self.log {
            return snapped(position, self.fine).clamp(self.low, self.high);
        }
        let value = position.exp();
        let digit = 10f64.powf(value.log10().floor() - 1.0).max(self.fine);
        snapped(value, digit).clamp(self.low, self.high)
    }

    /// The nearest value that a drag can set, on the track or not: what a handle on a figure sets.
    pub(crate) fn snapped(&self, value: f64) -> f64 {
        snapped(value, self.fine).clamp(self.limits.0, self.limits.1)
    }

    /// Where a value lies, 0 at the left end and 1 at the right one; beyond them for values off the track.
    pub(crate) fn share(&self, value: f64) -> f64 {
        let scale = |v: f64| if self.log { v.max(f64::MIN_POSITIVE).ln() } else { v };
        (scale(value) - scale(self.low)) / (scale(self.high) - scale(self.low))
    }

    /// Whether a value lies on the track.
    pub(crate) fn holds(&self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }

    /// The value some steps further (or back, for a negative number). The keys stay on the track unless the value is off
    /// it already.
    pub(crate) fn stepped(&self, value: f64, steps: f64, fine: bool) -> f64 {
        let step = if fine { self.fine } else { self.step };
        let (low, high) = if self.holds(value) { (self.low, self.high) } else { self.limits };
        snapped(value + steps * step, self.fine).clamp(low, high)
    }

    /// The value a tenth of the track further or back.
    pub(crate) fn paged(&self, value: f64, direction: f64) -> f64 {
        let (start, end) = self.ends();
        self.value(self.position(value) + direction * 0.1 * (end - start))
    }
}

impl Track {
    /// A value as it is read: with the decimals of the fine step, or four digits where those would hide it.
    pub(crate) fn shown(&self, value: f64) -> String {
        let decimals = decimals_of(self.fine);
        let lost = (to_decimals(value, decimals) - value).abs();
        if lost > 5e-4 * value.abs() {
            return figures::format_number(value);
        }
        format!("{value:.decimals$}").replace('-', "−")
    }
}

/// Decimals that a multiple of a step has.
fn decimals_of(step: f64) -> usize {
    let written = format!("{step}");
    written.split_once('.').map_or(0, |(_, decimals)| decimals.len().min(12))
}

/// The multiple of `step` that is nearest to `value`, written with no more decimals than `step` has: what the multiplication
/// adds beyond them is rounding error.
fn snapped(value: f64, step: f64) -> f64 {
    to_decimals((value / step).round() * step, decimals_of(step))
}

/// The double nearest to `value` rounded to some decimals: dividing a whole number by a power of ten rounds correctly.
fn to_decimals(value: f64, decimals: usize) -> f64 {
    let scale = 10_f64.powi(decimals as i32);
    (value * scale).round() / scale
}

#[cfg(test)]
mod tests {
    use super::*;

    const REAL: Kind = Kind::Real { min: 0.0, max: 20.0, track: (0.0, 5.0), step: 0.05, default: 1.5 };
    const LOG: Kind = Kind::Integer { min: 10, max: 2000, step: 50, default: 300, log: true, play: 0.0 };

    #[test]
    fn a_drag_gives_round_values() {
        let track = Track::from_kind(&REAL).unwrap();
        assert_eq!(track.value(1.48321), 1.485);
        assert_eq!(track.value(-1.0), 0.0);
        assert_eq!(track.value(5.0), 5.0);
        let track = Track::from_kind(&LOG).unwrap();
        assert_eq!(track.value(304.0_f64.ln()), 300.0);
        assert_eq!(track.value(10.0_f64.ln()), 10.0);
        assert_eq!(track.value(2000.0_f64.ln()), 2000.0);
    }

    #[test]
    fn position_and_value_go_there_and_back() {
        for kind in [REAL, LOG] {
            let track = Track::from_kind(&kind).unwrap();
            let (start, end) = track.ends();
            for k in 0..=40 {
                let value = track.value(start + (end - start) * f64::from(k) / 40.0);
                assert_eq!(track.value(track.position(value)), value);
            }
        }
    }

    #[test]
    fn arrows_step_and_shift_arrows_step_finely() {
        let track = Track::from_kind(&REAL).unwrap();
        assert_eq!(track.stepped(1.5, 1.0, false), 1.55);
        assert_eq!(track.stepped(1.5, -1.0, true), 1.495);
        assert_eq!(track.stepped(4.98, 1.0, false), 5.0, "the track's end holds the keys");
        assert_eq!(track.stepped(7.0, 1.0, false), 7.05, "a typed value beyond the track steps on");
        let track = Track::from_kind(&LOG).unwrap();
        assert_eq!((track.stepped(300.0, 1.0, false), track.stepped(300.0, 1.0, true)), (350.0, 301.0));
    }

    #[test]
    fn a_track_that_does_not_start_at_a_multiple_keeps_round_values() {
        let kind = Kind::Real { min: 0.001, max: 100.0, track: (0.001, 5.0), step: 0.1, default: 1.0 };
        let track = Track::from_kind(&kind).unwrap();
        assert_eq!(track.value(1.0001), 1.0);
        assert_eq!(track.stepped(0.001, 1.0, false), 0.1);
    }

    #[test]
    fn values_are_read_with_the_decimals_of_the_step() {
        let track = Track::from_kind(&REAL).unwrap();
        let read = [1.5, 0.3, 1.3955839751549, 0.0001, 20.0, -0.25].map(|v| track.shown(v));
        assert_eq!(read, ["1.500", "0.300", "1.396", "1.000×10⁻⁴", "20.000", "−0.250"].map(String::from));
    }

    #[test]
    fn shares_are_even_on_each_scale() {
        let track = Track::from_kind(&LOG).unwrap();
        assert!((track.share((10.0_f64 * 2000.0).sqrt()) - 0.5).abs() < 1e-12);
        assert!(Track::from_kind(&REAL).unwrap().share(6.0) > 1.0);
    }
}
