//! Small versions of what the standard library has for all cases: every byte here is one that the page loads.

use std::f64::consts::{FRAC_PI_2, FRAC_PI_4};

/// Sine and cosine of an angle, each within 1e-11 up to a thousand turns; an angle that is not finite is none.
pub(crate) fn sin_cos(angle: f64) -> (f64, f64) {
    let angle = if angle.is_finite() { angle } else { 0.0 };
    let quarters = (angle / FRAC_PI_2).round();
    // Far out the difference is lost to rounding, but the direction stays one.
    let r = (angle - quarters * FRAC_PI_2).clamp(-FRAC_PI_4, FRAC_PI_4);
    let u = r * r;
    // The series, nested.
    let sum =
        |least: f64| (0..6).rev().map(|k| least + 2.0 * f64::from(k)).fold(1.0, |s, n| 1.0 - s * u / (n * (n + 1.0)));
    let (sin, cos) = (r * sum(2.0), sum(1.0));
    match quarters.rem_euclid(4.0) as u8 {
        0 => (sin, cos),
        1 => (cos, -sin),
        2 => (-sin, -cos),
        _ => (-cos, sin),
    }
}

/// Sorts a few hundred items at most, by a number; equal ones keep their order.
pub(crate) fn sort_by_number<T>(items: &mut [T], number: impl Fn(&T) -> f64) {
    for end in 1..items.len() {
        let mut at = end;
        while at > 0 && number(&items[at]) < number(&items[at - 1]) {
            items.swap(at - 1, at);
            at -= 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sines_are_those_of_the_standard_library() {
        for i in -4000..4000 {
            let angle = f64::from(i) * 0.01;
            let ((sin, cos), (s, c)) = (sin_cos(angle), angle.sin_cos());
            assert!((sin - s).abs() < 1e-11 && (cos - c).abs() < 1e-11, "{angle}: {sin} {cos}, not {s} {c}");
        }
    }

    #[test]
    fn any_number_gives_a_direction() {
        for angle in [f64::NAN, f64::INFINITY, f64::MAX, -1e300, 1e17, 0.0, -0.0] {
            let (sin, cos) = sin_cos(angle);
            assert!((sin.hypot(cos) - 1.0).abs() < 1e-9, "{angle}: {sin}, {cos}");
        }
    }

    #[test]
    fn sorting_is_stable() {
        let mut items = vec![(2.0, 'a'), (1.0, 'b'), (2.0, 'c'), (-1.0, 'd'), (1.0, 'e')];
        sort_by_number(&mut items, |item| item.0);
        assert_eq!(items.iter().map(|item| item.1).collect::<String>(), "dbeac");
        sort_by_number(&mut [(); 0], |()| 0.0);
    }
}
