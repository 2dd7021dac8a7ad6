//! Small versions of what the standard library has for all cases: every byte here is one that the page loads.

use std::f64::consts::FRAC_PI_2;

/// Sine and cosine of a finite angle of a few turns, to 1e-14; an angle beyond a thousand turns is good to fewer digits.
pub(crate) fn sin_cos(angle: f64) -> (f64, f64) {
    let quarters = (angle / FRAC_PI_2).round();
    let r = angle - quarters * FRAC_PI_2;
    let s = r * r;
    // Taylor's series; the next terms are below (π/4)^16/16! = 1e-15.
    let tail = |first: f64, factors: [f64; 7]| factors.iter().rev().fold(1.0, |sum, f| 1.0 - s * sum / f) * first;
    let sin = tail(r, [2.0 * 3.0, 4.0 * 5.0, 6.0 * 7.0, 8.0 * 9.0, 10.0 * 11.0, 12.0 * 13.0, 14.0 * 15.0]);
    let cos = tail(1.0, [1.0 * 2.0, 3.0 * 4.0, 5.0 * 6.0, 7.0 * 8.0, 9.0 * 10.0, 11.0 * 12.0, 13.0 * 14.0]);
    match quarters as i64 & 3 {
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
            assert!((sin - s).abs() < 1e-14 && (cos - c).abs() < 1e-14, "{angle}: {sin} {cos}, not {s} {c}");
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
