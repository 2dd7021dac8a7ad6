//! Values of a function at random points of a cube.

use random::Stream;

/// Points and values.
#[derive(Clone, Debug, PartialEq)]
pub struct Samples {
    /// `[n, dimension]`, row-major, each coordinate in \[−1, 1\].
    pub points: Vec<f32>,
    /// `[n]`.
    pub values: Vec<f32>,
}

/// `n` points, uniform on the cube [−1, 1]^dimension, with the values of `f` there. It is told the points as they are rounded, so
/// that a net that sees these can be exact.
#[must_use]
pub fn sampled(n: usize, dimension: usize, stream: Stream, f: impl Fn(&[f64]) -> f64) -> Samples {
    let mut samples = Samples { points: Vec::with_capacity(n * dimension), values: Vec::with_capacity(n) };
    let mut cursor = stream.cursor();
    for _ in 0..n {
        let point: Vec<f32> = (0..dimension).map(|_| (2.0 * cursor.next_f64() - 1.0) as f32).collect();
        let exact: Vec<f64> = point.iter().copied().map(f64::from).collect();
        samples.values.push(f(&exact) as f32);
        samples.points.extend(point);
    }
    samples
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn points_fill_the_cube_and_have_their_values() {
        let samples = sampled(4000, 3, Stream::new(1, "cube"), |x| x[0] + 2.0 * x[2]);
        assert_eq!((samples.points.len(), samples.values.len()), (12_000, 4000));
        for (x, y) in samples.points.chunks_exact(3).zip(&samples.values) {
            assert!(x.iter().all(|x| x.abs() <= 1.0));
            assert_eq!(*y, (f64::from(x[0]) + 2.0 * f64::from(x[2])) as f32);
        }
        // Of a uniform coordinate the mean square is 1/3, known to 0.3/√12000.
        let mean_square = samples.points.iter().map(|x| f64::from(x * x)).sum::<f64>() / 12_000.0;
        assert!((mean_square - 1.0 / 3.0).abs() < 0.01, "{mean_square}");
        assert_eq!(sampled(5, 3, Stream::new(1, "cube"), |_| 0.0).points, samples.points[..15]);
    }
}
