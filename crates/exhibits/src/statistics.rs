//! What is said of several measurements.

/// Mean and standard deviation over a sample. The mean of nothing is NaN; the deviation of fewer than two values is 0.
pub(crate) fn mean_and_sd(values: &[f64]) -> (f64, f64) {
    let n = values.len() as f64;
    let mean = values.iter().sum::<f64>() / n;
    if values.len() < 2 {
        return (mean, 0.0);
    }
    let squares: f64 = values.iter().map(|value| (value - mean).powi(2)).sum();
    (mean, (squares / (n - 1.0)).sqrt())
}

/// The middle one, or the mean of the two middle ones; NaN of nothing.
pub(crate) fn median(values: &[f64]) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    match (sorted.get((sorted.len().max(1) - 1) / 2), sorted.get(sorted.len() / 2)) {
        (Some(low), Some(high)) => 0.5 * (low + high),
        _ => f64::NAN,
    }
}

/// The slope of the line of least squares through points; NaN where they have less than two abscissae.
pub(crate) fn slope(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / n, y + p.1 / n));
    let products = points.iter().map(|p| ((p.0 - x) * (p.1 - y), (p.0 - x).powi(2)));
    let (xy, xx) = products.fold((0.0, 0.0), |(xy, xx), (a, b)| (xy + a, xx + b));
    if xx > 0.0 { xy / xx } else { f64::NAN }
}

#[cfg(test)]
mod tests {
    use super::{mean_and_sd, median, slope};

    #[test]
    fn of_few_and_of_several() {
        assert_eq!(mean_and_sd(&[1.0, 2.0, 3.0, 6.0]), (3.0, (14.0_f64 / 3.0).sqrt()));
        assert_eq!(mean_and_sd(&[2.5]), (2.5, 0.0));
        assert!(mean_and_sd(&[]).0.is_nan());
    }
    #[test]
    fn the_middle_of_several() {
        assert_eq!((median(&[7.0]), median(&[9.0, 1.0, 2.0]), median(&[8.0, 1.0, 3.0, 2.0])), (7.0, 2.0, 2.5));
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn the_slope_of_a_line_and_of_points_beside_it() {
        assert_eq!(slope(&[(0.0, 1.0), (1.0, -1.0), (3.0, -5.0)]), -2.0);
        // By hand: means 1 and 1, Σxy = 1, Σx² = 2.
        assert_eq!(slope(&[(0.0, 1.0), (1.0, 0.0), (2.0, 2.0)]), 0.5);
        assert!(slope(&[(1.0, 2.0)]).is_nan() && slope(&[]).is_nan());
    }
}
