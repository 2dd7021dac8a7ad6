//! Numbers of 32 digits, for the sign of a line at the crossing of two others where 16 digits do not tell.
//!
//! A number is a sum of two doubles, the second at most half a unit of the last place of the first (Dekker 1971; Knuth's and
//! Veltkamp's error-free sums and products). Each operation is right to some 2^-104 of its result.

/// high + low.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Double {
    high: f64,
    low: f64,
}

/// 2^27 + 1, which splits a double into halves of 26 bits.
const SPLITTER: f64 = 134_217_729.0;
/// A sum that is less than this part of the sizes it was added up from counts as 0: 2^-90, which leaves 2^14 for the rounding of
/// all the sums behind a line.
const ROUNDING: f64 = 8.1e-28;

/// a + b and its rounding error.
fn sum(a: f64, b: f64) -> Double {
    let high = a + b;
    let part = high - a;
    Double { high, low: (a - (high - part)) + (b - part) }
}

/// a + b for |a| >= |b|.
fn quick_sum(a: f64, b: f64) -> Double {
    let high = a + b;
    Double { high, low: b - (high - a) }
}

fn halves(a: f64) -> (f64, f64) {
    let scaled = SPLITTER * a;
    let high = scaled - (scaled - a);
    (high, a - high)
}

/// a b and its rounding error.
fn product(a: f64, b: f64) -> Double {
    let high = a * b;
    let ((a_1, a_2), (b_1, b_2)) = (halves(a), halves(b));
    Double { high, low: ((a_1 * b_1 - high) + a_1 * b_2 + a_2 * b_1) + a_2 * b_2 }
}

impl Double {
    pub(super) fn plus(self, other: Self) -> Self {
        let (highs, lows) = (sum(self.high, other.high), sum(self.low, other.low));
        let first = quick_sum(highs.high, highs.low + lows.high);
        quick_sum(first.high, first.low + lows.low)
    }

    pub(super) fn times(self, other: Self) -> Self {
        let highs = product(self.high, other.high);
        quick_sum(highs.high, highs.low + (self.high * other.low + self.low * other.high))
    }

    fn minus(self, other: Self) -> Self {
        self.plus(Self { high: -other.high, low: -other.low })
    }

    fn size(self) -> f64 {
        self.high.abs()
    }
}

impl From<f64> for Double {
    fn from(value: f64) -> Self {
        Self { high: value, low: 0.0 }
    }
}

/// An affine function on the window, g . (x, y) + c.
pub(super) type ExactAffine = [Double; 3];

/// z at the crossing of the lines a = 0 and b = 0, right to some 1e-16 of itself, or exactly 0 if it is below `least` or less
/// than the rounding of what it is made of; 0 too if the lines do not cross.
pub(super) fn value_at_crossing(z: &ExactAffine, a: &ExactAffine, b: &ExactAffine, least: f64) -> f64 {
    // In homogeneous coordinates the crossing is the cross product of the lines.
    let minor = |i: usize, j: usize| {
        let (first, second) = (a[i].times(b[j]), a[j].times(b[i]));
        (first.minus(second), first.size() + second.size())
    };
    let crossing = [minor(1, 2), minor(2, 0), minor(0, 1)];
    let (scale, size_of_scale) = crossing[2];
    if scale.size() <= ROUNDING * size_of_scale {
        return 0.0;
    }
    let (mut total, mut size) = (Double::default(), 0.0);
    for (coefficient, (coordinate, size_of_coordinate)) in z.iter().zip(crossing) {
        total = total.plus(coefficient.times(coordinate));
        size += coefficient.size() * size_of_coordinate;
    }
    let value = total.high / scale.high;
    // Written so that NaN, from numbers beyond any range, is 0.
    if total.size() > ROUNDING * size && value.abs() > least { value } else { 0.0 }
}

/// The least value of a sum of this size that is not rounding.
pub(super) fn least_value(size: f64) -> f64 {
    ROUNDING * size
}

#[cfg(test)]
mod tests {
    use super::*;

    fn line(entries: [f64; 3]) -> ExactAffine {
        entries.map(Double::from)
    }

    #[test]
    fn sums_and_products_keep_what_doubles_lose() {
        let tiny = Double::from(1.0).plus(Double::from(1e-25));
        assert!((tiny.minus(Double::from(1.0)).high / 1e-25 - 1.0).abs() < 1e-6);
        // (1 + 2^-30)^2 = 1 + 2^-29 + 2^-60.
        let (step, square) =
            (2f64.powi(-30), Double::from(1.0 + 2f64.powi(-30)).times(Double::from(1.0 + 2f64.powi(-30))));
        assert_eq!(square.minus(Double::from(1.0 + 2.0 * step)).high, step * step);
        // A third of three thirds.
        let third = Double { high: 1.0 / 3.0, low: 2f64.powi(-54) / 3.0 };
        assert!(third.times(Double::from(3.0)).minus(Double::from(1.0)).size() < 1e-31);
    }

    #[test]
    fn a_line_beside_a_crossing_is_told_from_one_through_it() {
        let (a, b) = (line([1.0, -1.0, 0.0]), line([1.0, 1.0, -0.5]));
        // They cross at (1/4, 1/4).
        for offset in [0.0, 1e-13, -1e-13, 1e-24, -1e-24] {
            let z = [Double::from(3.0), Double::from(1.0), Double::from(-1.0).plus(Double::from(offset))];
            let value = value_at_crossing(&z, &a, &b, 0.0);
            assert!((value - offset).abs() <= 1e-6 * offset.abs(), "{value} instead of {offset}");
        }
        // Nearly parallel lines cross far away, parallel ones nowhere.
        let nearly = line([1.0, -1.0 + 1e-15, 1.0]);
        let y = 1.0 / (1.0 - (1.0 - 1e-15));
        let value = value_at_crossing(&line([0.0, 1.0, 0.0]), &a, &nearly, 0.0);
        assert!((value.abs() / y - 1.0).abs() < 1e-12, "{value} instead of {y}");
        assert_eq!(value_at_crossing(&line([0.0, 1.0, 0.0]), &a, &line([2.0, -2.0, 1.0]), 0.0), 0.0);
    }
}
