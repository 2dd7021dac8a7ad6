//! Directions of a turn. The standard library's sine is right to the last bit at any angle, which costs the page 8 KB.

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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_that_of_the_standard_library() {
        for k in -4000..4000 {
            let angle = 0.37 * f64::from(k);
            let (sin, cos) = sin_cos(angle);
            assert!((sin - angle.sin()).abs() < 1e-11 && (cos - angle.cos()).abs() < 1e-11, "{angle}: {sin}, {cos}");
        }
    }

    #[test]
    fn any_number_gives_a_direction() {
        for angle in [f64::NAN, f64::INFINITY, f64::MAX, -1e300, 1e17, 0.0, -0.0] {
            let (sin, cos) = sin_cos(angle);
            assert!((sin.hypot(cos) - 1.0).abs() < 1e-9, "{angle}: {sin}, {cos}");
        }
    }
}
