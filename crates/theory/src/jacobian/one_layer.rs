//! One layer with orthogonal weights: J J^T has the eigenvalues sigma_w^2 phi'(u)^2, u ~ N(0, q), so that their law is a
//! change of variables.

use crate::activation::{Activation, NORMAL_DENSITY_AT_0, normal_cdf};

const Z_MAX: f64 = 9.0;
/// Bisections of a cell: to the last bit.
const BISECTIONS: usize = 54;

/// The law of ln(sigma_w^2 phi'(sqrt(q) z)^2).
#[derive(Clone, Debug)]
pub(crate) struct OneLayer {
    activation: Activation,
    std: f64,
    ln_gain: f64,
    /// z and ln lambda at it, ascending in z, close enough that ln lambda is monotone between turning points.
    points: Vec<(f64, f64)>,
}

impl OneLayer {
    pub(crate) fn new(activation: Activation, q: f64, ln_gain: f64) -> Self {
        let std = q.sqrt();
        let count = (2.0 * Z_MAX * 64.0 * std.clamp(1.0, 300.0)) as usize;
        let mut law = Self { activation, std, ln_gain, points: Vec::new() };
        let at = |k: usize| -Z_MAX + 2.0 * Z_MAX * k as f64 / count as f64;
        law.points = (0..=count).map(|k| (at(k), law.x(at(k)))).collect();
        law
    }

    /// ln lambda at z; -infinity where phi' vanishes.
    fn x(&self, z: f64) -> f64 {
        2.0 * libm::log(self.activation.dphi(self.std * z).abs()) + self.ln_gain
    }

    /// Ends of ln lambda that are not negligible.
    pub(crate) fn range(&self) -> (f64, f64) {
        // Half of it for |z| beyond 4 leaves 6e-5, too thin to draw.
        let central = self.points.iter().filter(|(z, x)| z.abs() < 4.0 && x.is_finite()).map(|&(_, x)| x);
        let (low, high) = central.fold((f64::INFINITY, f64::NEG_INFINITY), |(low, high), x| (low.min(x), high.max(x)));
        (low, high)
    }

    /// The points z at which ln lambda crosses x, ascending.
    fn crossings(&self, x: f64) -> Vec<f64> {
        let mut crossings = Vec::new();
        for pair in self.points.windows(2) {
            let (mut low, mut high) = (pair[0].0, pair[1].0);
            let starts_above = pair[0].1 > x;
            if starts_above == (pair[1].1 > x) {
                continue;
            }
            for _ in 0..BISECTIONS {
                let middle = 0.5 * (low + high);
                if (self.x(middle) > x) == starts_above { low = middle } else { high = middle }
            }
            crossings.push(0.5 * (low + high));
        }
        crossings
    }

    /// Density of ln lambda at x: the normal density over |d ln lambda/dz| at each crossing. It is infinite at a turning
    /// point of phi'.
    pub(crate) fn log_density(&self, x: f64) -> f64 {
        let step = 1e-5 / self.std.max(1.0);
        let term = |z: f64| {
            let slope = (self.x(z + step) - self.x(z - step)) / (2.0 * step);
            NORMAL_DENSITY_AT_0 * libm::exp(-0.5 * z * z) / slope.abs()
        };
        self.crossings(x).into_iter().map(term).sum()
    }

    /// P(ln lambda > x).
    pub(crate) fn mass_above(&self, x: f64) -> f64 {
        let mut is_above = self.points.first().is_some_and(|point| point.1 > x);
        let mut start = f64::NEG_INFINITY;
        let mut mass = 0.0;
        for z in self.crossings(x) {
            if is_above {
                mass += normal_cdf(z) - normal_cdf(start);
            }
            is_above = !is_above;
            start = z;
        }
        if is_above { mass + normal_cdf(-start) } else { mass }
    }
}
