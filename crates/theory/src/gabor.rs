//! Gabor functions, and the one that is nearest to a filter.
//!
//! `g(x, y) = exp(−½ (u²/σ_u² + v²/σ_v²)) (a cos 2πfu + b sin 2πfu)`, where `u = (x − x_0) cos θ + (y − y_0) sin θ` and
//! `v = −(x − x_0) sin θ + (y − y_0) cos θ` (Daugman 1985, with any phase). Lengths are in pixels, x along a row and y down the
//! rows, each from 0 at the middle of the first pixel.

use std::f64::consts::{FRAC_PI_8, PI, TAU};

/// Numbers that are sought: x_0, y_0, θ, ln σ_u, ln σ_v, f. For each choice of them the best a and b follow.
const N: usize = 6;
/// Least deviation of an envelope, in pixels: narrower ones are one pixel, whatever they are.
const LEAST_SIGMA: f64 = 0.5;
/// Greatest deviation, in sides of the filter.
const MOST_SIGMA: f64 = 1.0;
/// Cycles a pixel: beyond it a wave looks like a slower one.
const MOST_FREQUENCY: f64 = 0.5;
/// The best of the starts that are followed to their end, of filters of a few pixels, which have many optima, and of larger ones;
/// the most steps of each, and the relative gain at which one ends.
const FOLLOWED: usize = 12;
const FOLLOWED_OF_LARGE: usize = 2;
const FEW_PIXELS: usize = 100;
const MOST_STEPS: usize = 60;
const GAIN: f64 = 1e-9;

/// A Gabor function.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Gabor {
    /// The middle of its envelope.
    pub x_0: f64,
    /// The same.
    pub y_0: f64,
    /// The direction in which its wave runs, in radians from the x axis towards y, in [0, π).
    pub theta: f64,
    /// The deviation of the envelope along the wave.
    pub sigma_u: f64,
    /// The same across it.
    pub sigma_v: f64,
    /// Cycles a pixel, in [0, ½].
    pub frequency: f64,
    /// The amplitude of the cosine.
    pub a: f64,
    /// The amplitude of the sine.
    pub b: f64,
}

/// The Gabor function that is nearest to a filter.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct GaborFit {
    /// The function.
    pub gabor: Gabor,
    /// The share of the filter's energy (the sum of its squares) that the function explains, in [0, 1]; 0 for a filter of zeros.
    pub r2: f64,
}

impl Gabor {
    /// Its value.
    #[must_use]
    pub fn value(&self, x: f64, y: f64) -> f64 {
        let [cosine, sine] = self.waves().at(x, y);
        self.a * cosine + self.b * sine
    }

    /// The half-amplitude bandwidth of its wave in octaves, `log₂((f + w)/(f − w))` with `w = √(2 ln 2)/(2π σ_u)`; none where it
    /// reaches down to frequency 0.
    #[must_use]
    pub fn bandwidth_octaves(&self) -> Option<f64> {
        let half = (2.0 * std::f64::consts::LN_2).sqrt() / (TAU * self.sigma_u);
        (self.frequency > half).then(|| libm::log2((self.frequency + half) / (self.frequency - half)))
    }

    fn waves(&self) -> Waves {
        Waves::new(&[self.x_0, self.y_0, self.theta, libm::log(self.sigma_u), libm::log(self.sigma_v), self.frequency])
    }
}

/// The cosine and the sine under an envelope.
struct Waves {
    x_0: f64,
    y_0: f64,
    cosine: f64,
    sine: f64,
    u_scale: f64,
    v_scale: f64,
    turn: f64,
}

impl Waves {
    fn new(p: &[f64; N]) -> Self {
        let [x_0, y_0, theta, log_u, log_v, frequency] = *p;
        let scale = |log_sigma: f64| 0.5 * libm::exp(-2.0 * log_sigma);
        Self {
            x_0,
            y_0,
            cosine: libm::cos(theta),
            sine: libm::sin(theta),
            u_scale: scale(log_u),
            v_scale: scale(log_v),
            turn: TAU * frequency,
        }
    }

    fn at(&self, x: f64, y: f64) -> [f64; 2] {
        let (dx, dy) = (x - self.x_0, y - self.y_0);
        let (u, v) = (dx * self.cosine + dy * self.sine, dy * self.cosine - dx * self.sine);
        let envelope = libm::exp(-(u * u * self.u_scale + v * v * self.v_scale));
        [envelope * libm::cos(self.turn * u), envelope * libm::sin(self.turn * u)]
    }
}

/// The nearest Gabor function to a filter `[rows, columns]`, by least squares: for each of the six numbers of a wave its two
/// amplitudes follow (variable projection, Golub & Pereyra 1973), and those six are found by steps of Levenberg and Marquardt from
/// the best twelve of 75 starts (the best two for more than 100 pixels). What is found is a local optimum: of filters of 5×5 that
/// were fitted from 400 random starts beside it, the best explained at most 0.006 more.
#[must_use]
pub fn nearest_gabor(filter: &[f64], columns: usize) -> GaborFit {
    let energy: f64 = filter.iter().map(|w| w * w).sum();
    if columns == 0 || !energy.is_finite() || energy == 0.0 {
        return GaborFit { gabor: Gabor { sigma_u: 1.0, sigma_v: 1.0, ..Gabor::default() }, r2: 0.0 };
    }
    let problem = Problem { filter, columns, energy };
    let mut starts: Vec<(f64, [f64; N])> = problem.starts().into_iter().map(|p| (problem.project(&p).0, p)).collect();
    starts.sort_by(|a, b| a.0.total_cmp(&b.0));
    let n_followed = if filter.len() <= FEW_PIXELS { FOLLOWED } else { FOLLOWED_OF_LARGE };
    let followed = starts.iter().take(n_followed).map(|(_, p)| problem.followed(*p));
    let (loss, p) = followed.min_by(|a, b| a.0.total_cmp(&b.0)).unwrap_or((energy, starts[0].1));
    let [x_0, y_0, theta, log_u, log_v, frequency] = p;
    let (_, [a, b]) = problem.project(&p);
    let turned = theta.rem_euclid(PI);
    // Half a turn of the wave's direction changes the sign of the sine.
    let is_turned = ((theta - turned) / PI).round().rem_euclid(2.0) == 1.0;
    let gabor = Gabor {
        x_0,
        y_0,
        theta: turned,
        sigma_u: libm::exp(log_u),
        sigma_v: libm::exp(log_v),
        frequency,
        a,
        b: if is_turned { -b } else { b },
    };
    GaborFit { gabor, r2: (1.0 - loss / energy).clamp(0.0, 1.0) }
}

struct Problem<'a> {
    filter: &'a [f64],
    columns: usize,
    energy: f64,
}

impl Problem<'_> {
    fn rows(&self) -> usize {
        self.filter.len() / self.columns
    }

    fn side(&self) -> f64 {
        self.columns.max(self.rows()) as f64
    }

    /// Around the middle of the energy: waves of three lengths in eight directions under round envelopes of three widths, and plain
    /// envelopes.
    fn starts(&self) -> Vec<[f64; N]> {
        let mut middle = [0.0; 2];
        for (i, w) in self.filter.iter().enumerate() {
            middle[0] += w * w / self.energy * (i % self.columns) as f64;
            middle[1] += w * w / self.energy * (i / self.columns) as f64;
        }
        let mut all = Vec::new();
        for width in [0.15, 0.25, 0.45].map(|share| share * self.side()) {
            for cycles in [0.0, 0.5, 1.0, 2.0].map(|cycles| cycles / self.side()) {
                for direction in 0..8 {
                    if cycles > 0.0 || direction == 0 {
                        let log_width = libm::log(width);
                        let theta = f64::from(direction) * FRAC_PI_8;
                        all.push(self.within([middle[0], middle[1], theta, log_width, log_width, cycles]));
                    }
                }
            }
        }
        all
    }

    /// The numbers, in their ranges.
    fn within(&self, p: [f64; N]) -> [f64; N] {
        let [x_0, y_0, theta, log_u, log_v, frequency] = p;
        let (low, high) = (libm::log(LEAST_SIGMA), libm::log(MOST_SIGMA * self.side()));
        let of = |at: f64, n: usize| at.clamp(0.0, n.saturating_sub(1) as f64);
        [
            of(x_0, self.columns),
            of(y_0, self.rows()),
            theta,
            log_u.clamp(low, high),
            log_v.clamp(low, high),
            frequency.clamp(0.0, MOST_FREQUENCY),
        ]
    }

    /// The cosine and the sine at each pixel.
    fn waves(&self, p: &[f64; N]) -> Vec<[f64; 2]> {
        let waves = Waves::new(p);
        (0..self.filter.len()).map(|i| waves.at((i % self.columns) as f64, (i / self.columns) as f64)).collect()
    }

    /// What the best amplitudes leave of the energy, and those.
    fn project(&self, p: &[f64; N]) -> (f64, [f64; 2]) {
        self.project_on(&self.waves(p))
    }

    fn project_on(&self, waves: &[[f64; 2]]) -> (f64, [f64; 2]) {
        let (mut cc, mut cs, mut ss, mut cw, mut sw) = (0.0, 0.0, 0.0, 0.0, 0.0);
        for (w, [c, s]) in self.filter.iter().zip(waves) {
            cc += c * c;
            cs += c * s;
            ss += s * s;
            cw += c * w;
            sw += s * w;
        }
        let determinant = cc * ss - cs * cs;
        // Where one wave is a multiple of the other, or nothing, the other alone is used.
        let [a, b] = match (determinant > 1e-10 * cc * ss, cc >= ss) {
            (true, _) => [(cw * ss - sw * cs) / determinant, (sw * cc - cw * cs) / determinant],
            (false, true) if cc > 0.0 => [cw / cc, 0.0],
            (false, false) => [0.0, sw / ss],
            _ => [0.0, 0.0],
        };
        ((self.energy - a * cw - b * sw).max(0.0), [a, b])
    }

    /// What is left at each pixel.
    fn residual(&self, p: &[f64; N]) -> Vec<f64> {
        let waves = self.waves(p);
        let (_, [a, b]) = self.project_on(&waves);
        self.filter.iter().zip(&waves).map(|(w, [c, s])| w - a * c - b * s).collect()
    }

    /// Downhill from a start.
    fn followed(&self, mut p: [f64; N]) -> (f64, [f64; N]) {
        let (mut loss, mut damping) = (self.project(&p).0, 1e-2);
        for _ in 0..MOST_STEPS {
            let here = self.residual(&p);
            let mut slopes: [Vec<f64>; N] = Default::default();
            for (k, slope) in slopes.iter_mut().enumerate() {
                let mut moved = p;
                moved[k] += 1e-6;
                *slope = self.residual(&moved).iter().zip(&here).map(|(b, a)| (b - a) / 1e-6).collect();
            }
            let dot = |a: &[f64], b: &[f64]| a.iter().zip(b).map(|(a, b)| a * b).sum::<f64>();
            let mut is_better = false;
            while damping < 1e8 && !is_better {
                let mut system = [[0.0; N + 1]; N];
                for (i, row) in system.iter_mut().enumerate() {
                    for (j, entry) in row.iter_mut().take(N).enumerate() {
                        *entry = dot(&slopes[i], &slopes[j]);
                    }
                    row[i] += damping * (row[i] + 1e-12 * self.energy);
                    row[N] = -dot(&slopes[i], &here);
                }
                let step = solved(system);
                let there = self.within(std::array::from_fn(|k| p[k] + step[k]));
                let (new, _) = self.project(&there);
                is_better = new < loss;
                if is_better {
                    let gain = loss - new;
                    (loss, p, damping) = (new, there, (damping * 0.3).max(1e-9));
                    if gain < GAIN * self.energy {
                        return (loss, p);
                    }
                } else {
                    damping *= 4.0;
                }
            }
            if !is_better {
                break;
            }
        }
        (loss, p)
    }
}

/// The solution of a linear system by elimination with pivots; 0 in directions that it says nothing of.
fn solved(mut system: [[f64; N + 1]; N]) -> [f64; N] {
    for k in 0..N {
        let pivot = (k..N).max_by(|a, b| system[*a][k].abs().total_cmp(&system[*b][k].abs())).unwrap_or(k);
        system.swap(k, pivot);
        let row = system[k];
        if row[k].abs() < f64::MIN_POSITIVE {
            continue;
        }
        for other in system.iter_mut().skip(k + 1) {
            let factor = other[k] / row[k];
            other.iter_mut().zip(row).for_each(|(entry, above)| *entry -= factor * above);
        }
    }
    let mut x = [0.0; N];
    for k in (0..N).rev() {
        let known: f64 = (k + 1..N).map(|j| system[k][j] * x[j]).sum();
        let diagonal = system[k][k];
        x[k] = if diagonal.abs() < f64::MIN_POSITIVE { 0.0 } else { (system[k][N] - known) / diagonal };
    }
    x
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn drawn(gabor: &Gabor, side: usize) -> Vec<f64> {
        (0..side * side).map(|i| gabor.value((i % side) as f64, (i / side) as f64)).collect()
    }

    #[test]
    fn a_value_is_that_of_the_formula() {
        let gabor =
            Gabor { x_0: 3.0, y_0: 2.0, theta: 0.5, sigma_u: 1.5, sigma_v: 2.5, frequency: 0.2, a: 0.7, b: -0.4 };
        let (x, y) = (4.0_f64, 0.5_f64);
        let u = (x - 3.0) * 0.5_f64.cos() + (y - 2.0) * 0.5_f64.sin();
        let v = -(x - 3.0) * 0.5_f64.sin() + (y - 2.0) * 0.5_f64.cos();
        let envelope = (-0.5 * (u * u / 2.25 + v * v / 6.25)).exp();
        let wave = 0.7 * (TAU * 0.2 * u).cos() - 0.4 * (TAU * 0.2 * u).sin();
        assert!((gabor.value(x, y) - envelope * wave).abs() < 1e-15);
        // The response at half amplitude: exp(−2π²σ²(f′ − f)²) = ½ at f ± w.
        let octaves = gabor.bandwidth_octaves().expect("a band");
        let w = (0.5_f64.ln() / (-2.0 * PI * PI * 2.25)).sqrt();
        assert!((octaves - ((0.2 + w) / (0.2 - w)).log2()).abs() < 1e-12, "{octaves}");
        assert_eq!(Gabor { frequency: 0.01, ..gabor }.bandwidth_octaves(), None);
    }

    #[test]
    fn filters_without_energy_are_explained_by_nothing() {
        for filter in [vec![0.0; 25], vec![f64::NAN; 25], Vec::new()] {
            assert_eq!(nearest_gabor(&filter, 5).r2, 0.0);
        }
        assert_eq!(nearest_gabor(&[1.0], 0).r2, 0.0);
        assert!(nearest_gabor(&[2.0], 1).r2 > 0.999_999);
    }

    /// The share is of energy, whatever the filter's size and sign.
    #[test]
    fn a_scaled_filter_has_the_same_fit() {
        let filter: Vec<f64> = (0..49).map(|i| f64::from((i * i + 3 * i) % 17) - 8.0).collect();
        let scaled: Vec<f64> = filter.iter().map(|w| -4.0 * w).collect();
        let (one, other) = (nearest_gabor(&filter, 7), nearest_gabor(&scaled, 7));
        assert_eq!(one.r2, other.r2);
        assert_eq!((one.gabor.theta, -4.0 * one.gabor.a), (other.gabor.theta, other.gabor.a));
        // What the function that is given explains is what is said.
        let left: f64 = filter.iter().zip(drawn(&one.gabor, 7)).map(|(w, g)| (w - g) * (w - g)).sum();
        let energy: f64 = filter.iter().map(|w| w * w).sum();
        assert!((1.0 - left / energy - one.r2).abs() < 1e-10);
    }

    proptest! {
        #![proptest_config(ProptestConfig { cases: 40, ..ProptestConfig::default() })]
        #[test]
        fn a_gabor_function_is_found_again(
            x_0 in 3.0..6.0_f64,
            y_0 in 3.0..6.0_f64,
            theta in 0.0..PI,
            sigma_u in 1.2..2.5_f64,
            sigma_v in 1.2..2.5_f64,
            frequency in 0.12..0.3_f64,
            phase in 0.0..TAU,
        ) {
            let gabor = Gabor { x_0, y_0, theta, sigma_u, sigma_v, frequency, a: phase.cos(), b: phase.sin() };
            let fit = nearest_gabor(&drawn(&gabor, 9), 9);
            prop_assert!(fit.r2 > 0.999, "{gabor:?} {fit:?}");
        }
    }
}
