//! Round ends of axes: they stand still while a control is dragged, and their labels are not painted anew.

use crate::model::Axis;

/// Three to a factor of ten.
pub const COARSE: [f64; 3] = [1.0, 2.0, 5.0];

/// Three or four to a factor of two.
pub const FINE_STEPS: [f64; 13] = [1.0, 1.2, 1.5, 1.75, 2.0, 2.5, 3.0, 3.5, 4.0, 5.0, 6.0, 7.0, 8.0];

/// The least of `digits` (ascending, from 1) times a power of ten that is at or above `x`; 0 unless `x` is a positive number.
#[must_use]
pub fn round_up(x: f64, digits: &[f64]) -> f64 {
    let Some(unit) = power_of_ten(x) else { return 0.0 };
    digits.iter().map(|digit| digit * unit).find(|round| *round >= x).unwrap_or(10.0 * unit)
}

/// The greatest that is at or below `x`; 0 unless `x` is a positive number.
#[must_use]
pub fn round_down(x: f64, digits: &[f64]) -> f64 {
    let Some(unit) = power_of_ten(x) else { return 0.0 };
    digits.iter().rev().map(|digit| digit * unit).find(|round| *round <= x).unwrap_or(unit)
}

/// The power of ten at or below a positive number.
fn power_of_ten(x: f64) -> Option<f64> {
    (x > 0.0 && x.is_finite()).then(|| 10f64.powf(x.log10().floor()))
}

/// The multiples of `step > 0` at or below `low` and at or above `high`.
#[must_use]
pub fn round_outwards((low, high): (f64, f64), step: f64) -> (f64, f64) {
    ((low / step).floor() * step, (high / step).ceil() * step)
}

/// The least and the greatest number that is finite; `None` without one.
fn extent(values: impl IntoIterator<Item = f64>) -> Option<(f64, f64)> {
    let finite = values.into_iter().filter(|v| v.is_finite());
    let ends = finite.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), v| (low.min(v), high.max(v)));
    (ends.0 <= ends.1).then_some(ends)
}

/// Round ends around some values, apart from each other and a little beyond the outermost; −1 and 1 around none.
#[must_use]
pub fn round_around(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let Some((low, high)) = extent(values) else { return (-1.0, 1.0) };
    let span = (high - low).max(1e-2 * low.abs().max(high.abs()));
    if !span.is_finite() || span <= 0.0 {
        return (-1.0, 1.0);
    }
    let Some(step) = power_of_ten(span / 2.0) else { return (-1.0, 1.0) };
    round_outwards((low - 0.2 * step, high + 0.2 * step), step)
}

/// The power of ten at or below the least positive value and the one at or above the greatest, at least one decade apart;
/// 1 and 10 around none. Values beyond 10⁻³⁰ and 10³⁰ count as these.
#[must_use]
pub fn decades_around(values: impl IntoIterator<Item = f64>) -> (f64, f64) {
    let Some((low, high)) = extent(values.into_iter().filter(|v| *v > 0.0)) else { return (1.0, 10.0) };
    let exponent = |x: f64| x.clamp(1e-30, 1e30).log10();
    let ends = (exponent(low).floor(), exponent(high).ceil());
    (10f64.powf(ends.0), 10f64.powf(ends.1.max(ends.0 + 1.0)))
}

impl Axis {
    /// A linear axis with round ends around the values that are finite: [`round_around`].
    #[must_use]
    pub fn rounded(label: &str, values: impl IntoIterator<Item = f64>) -> Self {
        let (low, high) = round_around(values);
        Self::linear(label, low, high)
    }

    /// A linear axis from 0 to a round end at or above the greatest value; to 1 if none is positive.
    #[must_use]
    pub fn rounded_from_zero(label: &str, values: impl IntoIterator<Item = f64>) -> Self {
        let high = extent(values).map_or(0.0, |(_, high)| round_up(high, &FINE_STEPS));
        Self::linear(label, 0.0, if high > 0.0 { high } else { 1.0 })
    }

    /// A linear axis whose ends are multiples of `step > 0` around `low` and `high`, at least `least` apart.
    #[must_use]
    pub fn in_steps(label: &str, (low, high): (f64, f64), step: f64, least: f64) -> Self {
        let (low, high) = round_outwards((low, high), step);
        Self::linear(label, low, high.max(low + least))
    }

    /// A logarithmic axis from a power of ten to another, around the values that are positive: [`decades_around`].
    #[must_use]
    pub fn decades(label: &str, values: impl IntoIterator<Item = f64>) -> Self {
        let (low, high) = decades_around(values);
        Self::log(label, low, high)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_lie_between_their_round_ones() {
        for (x, low, high) in
            [(0.3, 0.2, 0.5), (7.0, 5.0, 10.0), (1.0, 1.0, 1.0), (200.0, 200.0, 200.0), (0.06, 0.05, 0.1)]
        {
            let near = |got: f64, expected: f64| (got / expected - 1.0).abs() < 1e-12;
            let (down, up) = (round_down(x, &COARSE), round_up(x, &COARSE));
            assert!(near(down, low) && near(up, high), "{x}: {down} {up}");
        }
        for odd in [0.0, -3.0, f64::NAN, f64::INFINITY] {
            assert_eq!((round_down(odd, &COARSE), round_up(odd, &COARSE)), (0.0, 0.0));
        }
    }

    #[test]
    fn ends_lie_around_the_values_and_apart() {
        let cases: [&[f64]; 7] =
            [&[0.0, 1.0], &[-3.7, 12.0], &[5.0], &[1e-9, 2e-9], &[-1e12, 1e12, f64::NAN], &[0.1; 3], &[]];
        for values in cases {
            let (low, high) = round_around(values.iter().copied());
            assert!(low < high, "{values:?}: {low} {high}");
            assert!(values.iter().filter(|v| v.is_finite()).all(|v| low < *v && *v < high), "{values:?}: {low} {high}");
        }
        assert_eq!(round_around([0.0, 0.0]), (-1.0, 1.0));
        assert_eq!(round_around([0.0, 1.0]), (-0.1, 1.1));
    }

    #[test]
    fn decades_lie_around_the_positive_values() {
        for (values, ends) in [
            (&[3.0, 400.0][..], (1.0, 1000.0)),
            (&[10.0], (10.0, 100.0)),
            (&[0.0, -1.0, f64::NAN], (1.0, 10.0)),
            (&[0.02, 0.0], (0.01, 0.1)),
        ] {
            let (low, high) = decades_around(values.iter().copied());
            let near = |got: f64, expected: f64| (got / expected - 1.0).abs() < 1e-9;
            assert!(near(low, ends.0) && near(high, ends.1), "{values:?}: {low} {high}");
        }
    }

    #[test]
    fn rounded_axes_are_usable() {
        assert_eq!(Axis::rounded_from_zero("", [0.3, 5.3]).range, (0.0, 6.0));
        assert_eq!(Axis::rounded_from_zero("", [-1.0]).range, (0.0, 1.0));
        assert_eq!(Axis::in_steps("", (-1.1, -1.05), 0.25, 0.5).range, (-1.25, -0.75));
    }
}
