//! What is said of several measurements.

use figures::{Chart, Role, every_few, format_number};

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

/// Mean and standard deviation of several series, place by place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Spread {
    pub(crate) mean: Vec<f64>,
    /// Zero for a single series.
    pub(crate) sd: Vec<f64>,
}

impl Spread {
    /// As long as the shortest series.
    pub(crate) fn of(series: &[&[f64]]) -> Self {
        let n = series.iter().map(|values| values.len()).min().unwrap_or(0);
        let at = |i: usize| series.iter().map(|values| values[i]).collect::<Vec<f64>>();
        let (mean, sd) = (0..n).map(|i| mean_and_sd(&at(i))).unzip();
        Self { mean, sd }
    }

    /// Place, mean and deviation at so many places at most.
    pub(crate) fn at_few(&self, most: usize) -> impl Iterator<Item = (f64, f64, f64)> {
        every_few(self.mean.len(), most).map(|i| (i as f64, self.mean[i], self.sd[i]))
    }
}

/// Fewest values whose scatter is told in standard errors: with fewer the mean square below is rough, below 4 infinite.
pub(crate) const LEAST_SAMPLE: usize = 6;

/// `sqrt((n - 1)/(n - 3))`, the root mean square of `(mean - truth)/(sd/sqrt n)` for `n` normal values, a variable of Student's
/// law with `n - 1` degrees of freedom; `None` for fewer than [`LEAST_SAMPLE`]. Deviations in standard errors are divided by it,
/// so that they are about 1 whatever `n`.
pub(crate) fn rms_of_student(n: usize) -> Option<f64> {
    (n >= LEAST_SAMPLE).then(|| ((n - 1) as f64 / (n - 3) as f64).sqrt())
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

/// The value that a share of the finite ones are below, in time that grows like their number; `None` of nothing.
pub(crate) fn quantile(values: impl Iterator<Item = f32>, share: f64) -> Option<f32> {
    let mut values: Vec<f32> = values.filter(|value| value.is_finite()).collect();
    let at = (values.len() as f64 * share) as usize;
    (at < values.len()).then(|| *values.select_nth_unstable_by(at, f32::total_cmp).1)
}

/// The least, the middle and the greatest of several values.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Range {
    pub(crate) low: f64,
    pub(crate) median: f64,
    pub(crate) high: f64,
}

impl Range {
    /// Of at least one value.
    pub(crate) fn of(values: &[f64]) -> Self {
        let fold = |of: fn(f64, f64) -> f64| values.iter().copied().fold(f64::NAN, of);
        Self { low: fold(f64::min), median: median(values), high: fold(f64::max) }
    }

    /// A line through medians over the band from the least to the greatest, at abscissae; with points, which then have the name.
    pub(crate) fn drawn(chart: Chart, name: &str, role: Role, found: &[(f64, Self)], with_points: bool) -> Chart {
        // Numbers that are too large for a picture are beyond its axis.
        let within = |x: f64| x.min(1e9);
        let bands = found.iter().map(|(x, range)| (*x, within(range.low), within(range.high)));
        let medians = found.iter().map(|(x, range)| (*x, within(range.median)));
        let chart = chart.band("", role, bands);
        if with_points {
            chart.line("", role, medians.clone()).points(name, role, medians)
        } else {
            chart.line(name, role, medians)
        }
    }
}

/// A number in words with two digits: of few nets more are noise.
pub(crate) fn two_digits(x: f64) -> String {
    if !(1e-9..1e9).contains(&x) {
        return format_number(x);
    }
    let decimals = (1.0 - x.log10().floor()).clamp(0.0, 10.0);
    format!("{x:.*}", decimals as usize)
}

/// The edges of `bins` equal bins of a range and the density in each, of a sample of `n_all` values of which these may be a part;
/// those beyond the range count in no bin.
pub(crate) fn densities(values: &[f64], n_all: usize, (low, high): (f64, f64), bins: usize) -> (Vec<f64>, Vec<f64>) {
    let bin = (high - low) / bins as f64;
    let mut counts = vec![0_u32; bins];
    for value in values {
        let place = (value - low) / bin;
        if place >= 0.0 && place < bins as f64 {
            counts[place as usize] += 1;
        }
    }
    let density = |count: u32| f64::from(count) / (n_all.max(1) as f64 * bin);
    ((0..=bins).map(|i| low + bin * i as f64).collect(), counts.into_iter().map(density).collect())
}

/// The slope of the line of least squares through points; NaN where they have less than two abscissae.
pub(crate) fn slope(points: &[(f64, f64)]) -> f64 {
    let n = points.len() as f64;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), p| (x + p.0 / n, y + p.1 / n));
    let products = points.iter().map(|p| ((p.0 - x) * (p.1 - y), (p.0 - x).powi(2)));
    let (xy, xx) = products.fold((0.0, 0.0), |(xy, xx), (a, b)| (xy + a, xx + b));
    if xx > 0.0 { xy / xx } else { f64::NAN }
}

/// From base-10 logarithms that of the mean, which theory predicts, and the standard deviation of the logarithms. The mean of the
/// logarithms would lie lower. NaN of nothing.
pub(crate) fn log10_of_mean(logs: &[f64]) -> (f64, f64) {
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let parts: f64 = logs.iter().map(|log| libm::pow(10.0, log - largest)).sum();
    (largest + libm::log10(parts / logs.len() as f64), mean_and_sd(logs).1)
}

/// The standard deviation of `s²` over its mean, from `log₁₀ s` ascending of those that are not zero and the number of all;
/// `None` where all are zero. Relative to the largest, so that no size over- or underflows.
pub(crate) fn relative_spread(sample: &[f64], n_values: usize) -> Option<f64> {
    let largest = sample.last().filter(|x| x.is_finite())?;
    let squares = || sample.iter().map(|x| libm::pow(10.0, 2.0 * (x - largest)));
    let n = n_values.max(1) as f64;
    let mean = squares().sum::<f64>() / n;
    Some((squares().map(|s| s * s).sum::<f64>() / n / (mean * mean) - 1.0).max(0.0).sqrt())
}

#[cfg(test)]
mod tests {
    use super::{
        Spread, densities, log10_of_mean, mean_and_sd, median, quantile, relative_spread, rms_of_student, slope,
    };

    #[test]
    fn of_few_and_of_several() {
        assert_eq!(mean_and_sd(&[1.0, 2.0, 3.0, 6.0]), (3.0, (14.0_f64 / 3.0).sqrt()));
        assert_eq!(mean_and_sd(&[2.5]), (2.5, 0.0));
        assert!(mean_and_sd(&[]).0.is_nan());
    }

    #[test]
    fn several_series_are_told_place_by_place() {
        let spread = Spread::of(&[&[1.0, 5.0, 9.0], &[3.0, 5.0]]);
        assert_eq!((spread.mean.as_slice(), spread.sd.as_slice()), (&[2.0, 5.0][..], &[2.0_f64.sqrt(), 0.0][..]));
        assert!(spread.at_few(1).eq([(0.0, 2.0, 2.0_f64.sqrt())]) && Spread::of(&[]).mean.is_empty());
    }

    #[test]
    fn deviations_in_standard_errors_are_about_1_whatever_the_sample() {
        assert_eq!([1, 2, 3, 5].map(rms_of_student), [None; 4]);
        // The fourth moment of t with 5 degrees of freedom is 25: 20,000 samples leave 1 % of the root mean square.
        for n in [6, 8, 12, 30] {
            let stream = random::Stream::new(7, "statistics test").child(n as u64);
            let mut squares = 0.0;
            const SAMPLES: usize = 20_000;
            for sample in 0..SAMPLES {
                let draws = stream.child(sample as u64);
                let values: Vec<f64> = (0..n as u64).map(|i| draws.normal(i)).collect();
                let (mean, sd) = mean_and_sd(&values);
                squares += mean * mean * n as f64 / (sd * sd);
            }
            let rms = (squares / SAMPLES as f64).sqrt();
            let expected = rms_of_student(n).expect("enough");
            assert!((rms / expected - 1.0).abs() < 0.03, "{n}: {rms} against {expected}");
        }
    }

    #[test]
    fn densities_times_widths_are_shares() {
        let (edges, heights) = densities(&[-1.0, 0.0, 0.1, 0.6, 1.0, f64::NAN], 8, (0.0, 1.0), 4);
        assert_eq!(edges, [0.0, 0.25, 0.5, 0.75, 1.0]);
        assert_eq!(heights, [1.0, 0.0, 0.5, 0.0]);
    }

    #[test]
    fn the_middle_of_several() {
        assert_eq!((median(&[7.0]), median(&[9.0, 1.0, 2.0]), median(&[8.0, 1.0, 3.0, 2.0])), (7.0, 2.0, 2.5));
        assert!(median(&[]).is_nan());
    }

    #[test]
    fn a_share_is_below_a_quantile() {
        let values = || (0..100).rev().map(|i| i as f32).chain([f32::NAN, f32::INFINITY]);
        assert_eq!([0.0, 0.5, 0.9].map(|share| quantile(values(), share)), [Some(0.0), Some(50.0), Some(90.0)]);
        assert_eq!((quantile(values(), 1.0), quantile([].into_iter(), 0.5)), (None, None));
    }

    #[test]
    fn the_slope_of_a_line_and_of_points_beside_it() {
        assert_eq!(slope(&[(0.0, 1.0), (1.0, -1.0), (3.0, -5.0)]), -2.0);
        // By hand: means 1 and 1, Σxy = 1, Σx² = 2.
        assert_eq!(slope(&[(0.0, 1.0), (1.0, 0.0), (2.0, 2.0)]), 0.5);
        assert!(slope(&[(1.0, 2.0)]).is_nan() && slope(&[]).is_nan());
    }

    #[test]
    fn a_mean_is_taken_of_numbers_not_of_their_logarithms() {
        for log_size in [0.0, 200.0, -400.0] {
            let (mean, sd) = log10_of_mean(&[log_size, log_size + 1.0]);
            // The mean of 1 and 10 is 5.5; the logarithms are 0 and 1. Sums near 400 are right to 400 · 2⁻⁵³.
            assert!((mean - log_size - 5.5f64.log10()).abs() < 1e-12, "{mean}");
            assert!((sd - 0.5f64.sqrt()).abs() < 1e-12);
        }
        assert!(log10_of_mean(&[]).0.is_nan());
    }

    #[test]
    fn a_spread_does_not_depend_on_the_size() {
        // s² of 0, 1 and 2 times some size: mean 1, variance 2/3.
        let exact = (2.0f64 / 3.0).sqrt();
        for log_size in [0.0, 120.0, -150.0] {
            let sample = [log_size, log_size + 0.5 * 2f64.log10()];
            let found = relative_spread(&sample, 3).expect("some are not zero");
            // The difference of two logarithms near 150 is right to 150 · 2⁻⁵³.
            assert!((found - exact).abs() < 1e-12, "{found} at 10^{log_size}");
        }
        assert_eq!(relative_spread(&[], 3), None);
    }
}
