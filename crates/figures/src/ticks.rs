//! Where the ticks of an axis stand and what they say.

use crate::model::{Axis, Scale};
use crate::number::{decade_label, tick_label};
use crate::scale::AxisMap;
use crate::small::sort_by_number;

/// A tick.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Tick {
    /// In data units, within the axis.
    pub(crate) value: f64,
    /// Empty for a minor tick.
    pub(crate) label: String,
}

impl Tick {
    pub(crate) fn is_major(&self) -> bool {
        !self.label.is_empty()
    }
}

/// Ticks of an axis whose labels do not touch.
///
/// `extent` is how much of the axis a label takes, air included; `length` is the axis's, in the same pixels.
pub(crate) fn ticks(axis: &Axis, map: &AxisMap, length: f64, extent: &dyn Fn(&str) -> f64) -> Vec<Tick> {
    if length < 1.0 {
        return Vec::new();
    }
    let fits = |ticks: &[Tick]| {
        let mut edge = f64::NEG_INFINITY;
        let mut labelled: Vec<(f64, f64)> =
            ticks.iter().filter(|t| t.is_major()).map(|t| (map.pixel(t.value), extent(&t.label) / 2.0)).collect();
        sort_by_number(&mut labelled, |&(at, _)| at);
        labelled.iter().all(|&(at, half)| {
            let clear = at - half >= edge;
            edge = at + half;
            clear
        })
    };
    if !axis.names.is_empty() {
        return named(axis, map, fits);
    }
    let candidates: Box<dyn Iterator<Item = Vec<Tick>>> = match axis.scale {
        Scale::Linear => Box::new(linear_candidates(map.range(), length, map)),
        Scale::Log => Box::new(log_candidates(map, length)),
    };
    let mut last = Vec::new();
    for candidate in candidates {
        if fits(&candidate) {
            return candidate;
        }
        last = candidate;
    }
    // Not even the coarsest fits: keep one label.
    let mut first = true;
    for tick in &mut last {
        if tick.is_major() && !std::mem::take(&mut first) {
            tick.label.clear();
        }
    }
    last
}

fn named(axis: &Axis, map: &AxisMap, fits: impl Fn(&[Tick]) -> bool) -> Vec<Tick> {
    let all: Vec<Tick> = axis
        .names
        .iter()
        .filter(|(at, _)| map.contains(*at))
        .map(|(value, name)| Tick { value: *value, label: name.clone() })
        .collect();
    for every in 1..=all.len() {
        let thinned: Vec<Tick> = all.iter().step_by(every).cloned().collect();
        if fits(&thinned) {
            return thinned;
        }
    }
    all.into_iter().take(1).collect()
}

/// 1, 2 or 5 times a power of ten, at least `least`.
fn nice_step(least: f64) -> f64 {
    let power = 10f64.powf(least.log10().floor());
    let step = [1.0, 2.0, 5.0, 10.0].into_iter().map(|m| m * power).find(|step| *step >= least * (1.0 - 1e-9));
    step.unwrap_or(10.0 * power)
}

fn linear_ticks((low, high): (f64, f64), step: f64, map: &AxisMap) -> Vec<Tick> {
    let first = (low / step - 1e-6).ceil();
    let count = ((high / step + 1e-6).floor() - first).clamp(-1.0, 200.0) as i64;
    (0..=count)
        .map(|k| (first + k as f64) * step)
        .filter(|value| map.contains(*value))
        .map(|value| Tick { value: value.clamp(low, high), label: tick_label(value, step) })
        .collect()
}

/// Ever coarser ticks; the finest stand about 55 pixels of text size 13 apart, which the caller's extents thin further.
fn linear_candidates(range: (f64, f64), length: f64, map: &AxisMap) -> impl Iterator<Item = Vec<Tick>> + use<> {
    let map = *map;
    let span = range.1 - range.0;
    let most = (length / 30.0).clamp(2.0, 10.0);
    let mut step = nice_step(span / most);
    (0..8).map(move |_| {
        let found = linear_ticks(range, step, &map);
        step = nice_step(step * 1.5);
        found
    })
}

fn log_candidates(map: &AxisMap, length: f64) -> Box<dyn Iterator<Item = Vec<Tick>>> {
    let map = *map;
    let (low, high) = map.ends();
    let decades = high - low;
    if decades < 0.9 {
        return Box::new(linear_candidates(map.range(), length, &map));
    }
    let minor_room = length / decades > 24.0 && decades < 12.0;
    let at = move |digits: &'static [u32], every: i32| {
        let mut found = Vec::new();
        for exponent in low.floor() as i32..=high.ceil() as i32 {
            for digit in 1..=9u32 {
                let value = f64::from(digit) * 10f64.powi(exponent);
                if !map.contains(value) {
                    continue;
                }
                let named = digits.contains(&digit) && exponent.rem_euclid(every) == 0;
                if named {
                    found.push(Tick { value, label: decade_label(digit, exponent) });
                } else if digit == 1 || minor_room {
                    found.push(Tick { value, label: String::new() });
                }
            }
        }
        found
    };
    let sparse = decades < 2.0;
    let fine = sparse.then(|| at(&[1, 2, 5], 1));
    Box::new(
        fine.into_iter().chain([1, 2, 3, 5, 10, 20, 50, 100, 200, 400].into_iter().map(move |every| at(&[1], every))),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn labels(axis: &Axis, length: f64, per_char: f64) -> Vec<String> {
        let map = AxisMap::new(axis, (0.0, length));
        ticks(axis, &map, length, &|text| per_char * text.chars().count() as f64 + 8.0)
            .into_iter()
            .filter(Tick::is_major)
            .map(|t| t.label)
            .collect()
    }

    #[test]
    fn linear_ticks_are_nice() {
        assert_eq!(labels(&Axis::linear("", 0.0, 1.0), 300.0, 8.0), ["0", "0.2", "0.4", "0.6", "0.8", "1.0"]);
        assert_eq!(labels(&Axis::linear("", 0.0, 50.0), 150.0, 8.0), ["0", "10", "20", "30", "40", "50"]);
        assert_eq!(labels(&Axis::linear("", -1.0, 1.0), 120.0, 8.0), ["−1", "0", "1"]);
    }

    #[test]
    fn log_ticks_are_decades_with_minor_ticks() {
        let axis = Axis::log("", 1e-6, 1e2);
        assert_eq!(labels(&axis, 600.0, 8.0), ["10⁻⁶", "10⁻⁵", "10⁻⁴", "0.001", "0.01", "0.1", "1", "10", "100"]);
        assert_eq!(labels(&axis, 200.0, 8.0), ["10⁻⁶", "10⁻⁴", "0.01", "1", "100"]);
        let map = AxisMap::new(&axis, (0.0, 600.0));
        let minor = ticks(&axis, &map, 600.0, &|_| 20.0).iter().filter(|t| !t.is_major()).count();
        assert_eq!(minor, 8 * 8);
    }

    #[test]
    fn short_log_axes_are_labelled_between_decades() {
        assert_eq!(labels(&Axis::log("", 1.0, 20.0), 300.0, 8.0), ["1", "2", "5", "10", "20"]);
        let within = labels(&Axis::log("", 2.0, 6.0), 300.0, 8.0);
        assert!(within.len() >= 3, "{within:?}");
    }

    #[test]
    fn labels_never_touch_and_at_least_one_stays() {
        for axis in [
            Axis::linear("", 0.0, 1e-9),
            Axis::linear("", 1e16, 1e16 + 1e5),
            Axis::linear("", -123_456.0, 98_765.0),
            Axis::log("", 1e-300, 1e300),
            Axis::log("", 3.0, 4.0),
        ] {
            for length in [1.0, 40.0, 300.0, 2000.0] {
                let map = AxisMap::new(&axis, (0.0, length));
                let extent = |text: &str| 8.0 * text.chars().count() as f64 + 8.0;
                let found: Vec<Tick> = ticks(&axis, &map, length, &extent).into_iter().filter(Tick::is_major).collect();
                for pair in found.windows(2) {
                    let gap = map.pixel(pair[1].value) - map.pixel(pair[0].value);
                    assert!(
                        gap >= (extent(&pair[0].label) + extent(&pair[1].label)) / 2.0,
                        "{axis:?} {length} {pair:?}"
                    );
                }
                assert!(length < 300.0 || !found.is_empty(), "{axis:?} at {length}");
            }
        }
    }

    #[test]
    fn named_positions_replace_numbers_and_are_thinned() {
        let mut axis = Axis::linear("", -0.5, 9.5);
        axis.names = (0..10).map(|k| (f64::from(k), format!("digit {k}"))).collect();
        assert_eq!(labels(&axis, 1000.0, 8.0).len(), 10);
        assert_eq!(labels(&axis, 200.0, 8.0), ["digit 0", "digit 4", "digit 8"]);
    }
}
