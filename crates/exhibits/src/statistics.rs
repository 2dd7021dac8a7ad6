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

#[cfg(test)]
mod tests {
    use super::mean_and_sd;

    #[test]
    fn of_few_and_of_several() {
        assert_eq!(mean_and_sd(&[1.0, 2.0, 3.0, 6.0]), (3.0, (14.0_f64 / 3.0).sqrt()));
        assert_eq!(mean_and_sd(&[2.5]), (2.5, 0.0));
        assert!(mean_and_sd(&[]).0.is_nan());
    }
}
