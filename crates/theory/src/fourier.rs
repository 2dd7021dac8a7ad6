//! How strongly a small filter answers to plane waves: its amplitude spectrum in two dimensions, at any frequencies.

use std::f64::consts::TAU;

/// Sides of the grid on which the strongest answer is sought.
const SOUGHT: usize = 32;
/// Parts of a band's octave in which its end is sought, and the most octaves up or down.
const PARTS: u32 = 16;
const MOST_OCTAVES: u32 = 6;

/// The amplitude spectra of filters of one size, `|Σ w(x, y) e^{−2πi(f_x x + f_y y)}|`, on the grid of `n`×`n` frequencies
/// `(k − n/2)/n` cycles a pixel for `k = 0, …, n − 1` in each direction.
#[derive(Clone, Debug)]
pub struct Fourier {
    rows: usize,
    columns: usize,
    n: usize,
    /// Cosine and minus sine, `[n, columns]` and `[n, rows]`.
    across: Vec<[f64; 2]>,
    down: Vec<[f64; 2]>,
}

impl Fourier {
    /// For filters `[rows, columns]`.
    #[must_use]
    pub fn new(rows: usize, columns: usize, n: usize) -> Self {
        let turn = |k: usize, x: usize| TAU * (k as f64 - (n / 2) as f64) / n as f64 * x as f64;
        let waves = |length: usize| -> Vec<[f64; 2]> {
            let all = (0..n).flat_map(|k| (0..length).map(move |x| turn(k, x)));
            all.map(|turn| [libm::cos(turn), -libm::sin(turn)]).collect()
        };
        Self { rows, columns, n, across: waves(columns), down: waves(rows) }
    }

    /// For the strongest answers of filters `[rows, columns]`: see [`best_frequency`](Self::best_frequency).
    #[must_use]
    pub fn for_best(rows: usize, columns: usize) -> Self {
        Self::new(rows, columns, SOUGHT)
    }

    /// Squared amplitudes `[n, n]`, rows from low to high vertical frequency; 0 for a filter of another size.
    fn powers(&self, filter: &[f64]) -> Vec<f64> {
        let Self { rows, columns, n, across, down } = self;
        let mut powers = vec![0.0; n * n];
        if filter.is_empty() || filter.len() != rows * columns {
            return powers;
        }
        // Of each row of the filter, then of the columns of that.
        let mut of_rows = vec![[0.0; 2]; rows * n];
        for (row, out) in filter.chunks_exact(*columns).zip(of_rows.chunks_exact_mut(*n)) {
            for (sum, waves) in out.iter_mut().zip(across.chunks_exact(*columns)) {
                for (w, [c, s]) in row.iter().zip(waves) {
                    *sum = [sum[0] + w * c, sum[1] + w * s];
                }
            }
        }
        for (waves, out) in down.chunks_exact(*rows).zip(powers.chunks_exact_mut(*n)) {
            for (k, power) in out.iter_mut().enumerate() {
                let (mut re, mut im) = (0.0, 0.0);
                for (y, [c, s]) in waves.iter().enumerate() {
                    let [a, b] = of_rows[y * n + k];
                    re += a * c - b * s;
                    im += a * s + b * c;
                }
                *power = re * re + im * im;
            }
        }
        powers
    }

    /// The amplitudes of a filter `[n, n]`, rows from low to high vertical frequency; 0 for a filter of another size.
    #[must_use]
    pub fn amplitudes(&self, filter: &[f64]) -> Vec<f64> {
        self.powers(filter).into_iter().map(f64::sqrt).collect()
    }

    /// The frequency in cycles a pixel, `[f_x, f_y]` with `f_y` from 0 to ½, of the plane wave to which a filter answers most
    /// strongly: the largest amplitude on the grid, between whose points a parabola is laid in each direction. None for a filter
    /// without energy. On the grid of [`for_best`](Self::for_best) it is right to 0.01 for filters of up to 16×16 pixels.
    #[must_use]
    pub fn best_frequency(&self, filter: &[f64]) -> Option<[f64; 2]> {
        let (n, half) = (self.n, self.n / 2);
        let powers = self.powers(filter);
        // The grid repeats itself.
        let at = |row: usize, column: usize| powers[row % n * n + column % n];
        // A wave and its opposite are the same.
        let places = (half..=n).flat_map(|row| (0..n).map(move |column| (row, column)));
        let (row, column) = places.max_by(|a, b| at(a.0, a.1).total_cmp(&at(b.0, b.1)))?;
        let largest = at(row, column);
        if !(largest > 0.0 && largest.is_finite()) {
            return None;
        }
        let vertex = |before: f64, after: f64| {
            let (before, largest, after) = (before.sqrt(), largest.sqrt(), after.sqrt());
            let bend = before - 2.0 * largest + after;
            if bend < 0.0 { (0.5 * (before - after) / bend).clamp(-0.5, 0.5) } else { 0.0 }
        };
        let across = vertex(at(row, column + n - 1), at(row, column + 1));
        let down = vertex(at(row + n - 1, column), at(row + 1, column));
        let frequency = |place: usize, off: f64| (place as f64 + off - half as f64) / n as f64;
        let (x, y) = (frequency(column, across), frequency(row, down));
        Some(match y {
            y if y < 0.0 => [-x, -y],
            y if y > 0.5 => [-x, 1.0 - y],
            y => [x, y],
        })
    }
}

/// How strongly a filter `[rows, columns]` answers to one plane wave, of `[f_x, f_y]` cycles a pixel.
#[must_use]
pub fn amplitude(filter: &[f64], columns: usize, [f_x, f_y]: [f64; 2]) -> f64 {
    let wave = |f: f64, n: usize| -> Vec<[f64; 2]> {
        (0..n).map(|x| TAU * f * x as f64).map(|turn| [libm::cos(turn), -libm::sin(turn)]).collect()
    };
    let rows = filter.len().checked_div(columns).unwrap_or(0);
    let across = wave(f_x, columns);
    let (mut re, mut im) = (0.0, 0.0);
    for (row, [c, s]) in filter.chunks_exact(columns.max(1)).zip(wave(f_y, rows)) {
        let [a, b] = row.iter().zip(&across).fold([0.0; 2], |[a, b], (w, [c, s])| [a + w * c, b + w * s]);
        re += a * c - b * s;
        im += a * s + b * c;
    }
    libm::hypot(re, im)
}

/// The width in octaves of the band around a filter's best frequency in which it answers at least half as strongly to waves of the same
/// direction: `log₂(f_high/f_low)`, to a hundredth of an octave. None where the band reaches down to a 64th of that frequency, or up to
/// waves that pixels cannot show (½ cycle a pixel along a row or a column).
#[must_use]
pub fn bandwidth_octaves(filter: &[f64], columns: usize, best: [f64; 2]) -> Option<f64> {
    let at = |octaves: f64| {
        let scale = libm::exp2(octaves);
        amplitude(filter, columns, best.map(|f| scale * f))
    };
    let half = 0.5 * at(0.0);
    let is_whole = half > 0.0 && half.is_finite() && best != [0.0; 2];
    // The first part of an octave, up or down, at whose end the answer is less than half.
    let end = |sign: f64, most: f64| {
        let place = |k: u32| sign * f64::from(k) / f64::from(PARTS);
        let last = (1..=PARTS * MOST_OCTAVES)
            .map(place)
            .take_while(|octaves| octaves.abs() <= most)
            .find(|o| at(*o) < half)?;
        let before = last - sign / f64::from(PARTS);
        let (a, b) = (at(before), at(last));
        Some((before + (last - before) * (a - half) / (a - b)).abs())
    };
    if !is_whole {
        return None;
    }
    let shown = libm::log2(0.5 / best[0].abs().max(best[1].abs()));
    Some(end(1.0, shown)? + end(-1.0, f64::from(MOST_OCTAVES))?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::gabor::{Gabor, nearest_gabor};

    fn best(filter: &[f64], rows: usize, columns: usize) -> Option<[f64; 2]> {
        Fourier::for_best(rows, columns).best_frequency(filter)
    }

    #[test]
    fn amplitudes_are_those_of_the_sum_itself() {
        let filter = [1.0, -2.0, 0.5, 3.0, 0.25, -1.0];
        for (i, found) in Fourier::new(2, 3, 8).amplitudes(&filter).iter().enumerate() {
            let (fx, fy) = ((i % 8) as f64 / 8.0 - 0.5, (i / 8) as f64 / 8.0 - 0.5);
            let (mut re, mut im) = (0.0, 0.0);
            for (j, w) in filter.iter().enumerate() {
                let turn = TAU * (fx * (j % 3) as f64 + fy * (j / 3) as f64);
                re += w * turn.cos();
                im += w * turn.sin();
            }
            assert!((found - f64::hypot(re, im)).abs() < 1e-12, "{i}");
        }
    }

    #[test]
    fn a_gabor_function_answers_most_to_its_own_wave() {
        for (side, frequency, theta) in
            [(8_usize, 0.3, 0.0), (12, 0.2, 0.7), (12, 0.41, 1.57), (16, 0.15, 2.6), (12, 0.25, 3.1)]
        {
            let middle = 0.5 * (side as f64 - 1.0);
            let of = Gabor { x_0: middle, y_0: middle, theta, sigma_u: 2.5, sigma_v: 2.5, frequency, a: 1.0, b: 0.4 };
            let filter: Vec<f64> = (0..side * side).map(|i| of.value((i % side) as f64, (i / side) as f64)).collect();
            let [x, y] = best(&filter, side, side).expect("a frequency");
            let wanted = [frequency * theta.cos(), frequency * theta.sin()];
            assert!(
                (x - wanted[0]).abs() < 0.01 && (y - wanted[1]).abs() < 0.01,
                "{side} {theta}: {x} {y}, not {wanted:?}"
            );
            // The second route.
            assert!((nearest_gabor(&filter, side).gabor.frequency - f64::hypot(x, y)).abs() < 0.01);
        }
    }

    #[test]
    fn bands_are_those_of_gabor_functions() {
        // A bell of deviation σ along the wave has the amplitude exp(−½ (2π σ (f − f_0))²).
        let of = Gabor { x_0: 15.5, y_0: 15.5, theta: 0.6, sigma_u: 4.0, sigma_v: 3.0, frequency: 0.2, a: 1.0, b: 0.4 };
        let filter: Vec<f64> = (0..32 * 32).map(|i| of.value((i % 32) as f64, (i / 32) as f64)).collect();
        let best = [0.2 * 0.6_f64.cos(), 0.2 * 0.6_f64.sin()];
        let wanted = of.bandwidth_octaves().expect("a band");
        let found = bandwidth_octaves(&filter, 32, best).expect("a band");
        assert!((found - wanted).abs() < 0.01, "{found} {wanted}");
        let direct = Fourier::new(32, 32, 32).amplitudes(&filter);
        assert!((direct[(16 + 4) * 32 + 16 + 6] - amplitude(&filter, 32, [6.0 / 32.0, 4.0 / 32.0])).abs() < 1e-9);
        // An edge is the slope of a bell: f exp(−½ (2π σ f)²) is half of its largest at 0.32 and at 1.92 of its best frequency.
        let edge = |i: usize| {
            let x = (i % 32) as f64 - 15.5;
            x * (-x * x / 18.0).exp()
        };
        let filter: Vec<f64> = (0..32 * 32).map(edge).collect();
        let found = bandwidth_octaves(&filter, 32, [1.0 / (TAU * 3.0), 0.0]).expect("a band");
        assert!((found - 2.58).abs() < 0.03, "{found}");
        assert_eq!(bandwidth_octaves(&[1.0; 16], 4, [0.0; 2]), None);
        assert_eq!(bandwidth_octaves(&[0.0; 16], 4, [0.2, 0.0]), None);
        assert_eq!(bandwidth_octaves(&[], 0, [0.2, 0.0]), None);
    }

    #[test]
    fn the_shortest_waves_and_none_at_all() {
        let chequers: Vec<f64> = (0..64).map(|i| if (i / 8 + i % 8) % 2 == 0 { 1.0 } else { -1.0 }).collect();
        let [x, y] = best(&chequers, 8, 8).expect("a frequency");
        assert!((x.abs() - 0.5).abs() < 1e-9 && (y - 0.5).abs() < 1e-9, "{x} {y}");
        let [x, y] = best(&[1.0; 16], 4, 4).expect("a frequency");
        assert!(x.abs() < 1e-9 && y.abs() < 1e-9, "{x} {y}");
        assert_eq!([best(&[0.0; 16], 4, 4), best(&[], 0, 4), best(&[], 0, 0), best(&[1.0; 15], 4, 4)], [None; 4]);
        assert_eq!(best(&[f64::NAN; 16], 4, 4), None);
    }
}
