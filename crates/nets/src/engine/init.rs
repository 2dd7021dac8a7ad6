//! How weights are drawn.

use random::Stream;
use serde::{Deserialize, Serialize};

use crate::NetError;
use crate::jacobian::factors;

/// How a layer's parameters are drawn, from its own stream. `fan_in` are the numbers that a sum of the layer takes, `fan_out` the
/// sums that a number of its input enters; for a convolution both count taps.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub enum Init {
    /// `W ~ N(0, sigma_w²/fan_in)`, `b ~ N(0, sigma_b²)` (Poole et al. 2016).
    Scaled {
        /// In [0, 1e18].
        sigma_w: f64,
        /// In [0, 1e18].
        sigma_b: f64,
    },
    /// `W ~ N(0, 1/fan_in)`, biases zero (LeCun et al. 1998).
    LeCun,
    /// `W ~ N(0, 2/(fan_in + fan_out))`, biases zero (Glorot & Bengio 2010, eq. 12).
    Glorot,
    /// `W ~ N(0, 2/fan_in)`, biases zero (He et al. 2015, eq. 10).
    He,
    /// `gain` times a matrix with orthonormal rows, or columns where it has more rows, uniform among them; biases zero (Saxe et
    /// al. 2014).
    Orthogonal {
        /// In [0, 1e18].
        gain: f64,
    },
}

impl Init {
    /// # Errors
    /// [`NetError::Range`] for a scale outside its range.
    pub fn check(&self) -> Result<(), NetError> {
        let scales = match *self {
            Self::Scaled { sigma_w, sigma_b } => [("sigma_w", sigma_w), ("sigma_b", sigma_b)],
            Self::Orthogonal { gain } => [("gain", gain); 2],
            Self::LeCun | Self::Glorot | Self::He => return Ok(()),
        };
        for (name, got) in scales {
            if !(0.0..=1e18).contains(&got) {
                return Err(NetError::Range { name, got, allowed: "[0, 1e18]" });
            }
        }
        Ok(())
    }

    /// Weights `[rows, fan_in]` and biases of a layer whose filters have so many taps.
    pub(super) fn draw(
        &self,
        stream: Stream,
        (rows, fan_in, taps): (usize, usize, usize),
        weights: &mut [f32],
        biases: &mut [f32],
    ) -> Result<(), NetError> {
        self.check()?;
        stream.child(0).fill_normal_f32(0, weights);
        let fan = |n: usize| n.max(1) as f64;
        let scale = match *self {
            Self::Scaled { sigma_w, .. } => sigma_w / fan(fan_in).sqrt(),
            Self::LeCun => 1.0 / fan(fan_in).sqrt(),
            Self::Glorot => (2.0 / fan(fan_in.saturating_add(rows.saturating_mul(taps)))).sqrt(),
            Self::He => (2.0 / fan(fan_in)).sqrt(),
            Self::Orthogonal { gain } => {
                make_orthonormal(weights, rows, fan_in)?;
                gain
            }
        };
        let scale = scale as f32;
        weights.iter_mut().for_each(|w| *w *= scale);
        if let Self::Scaled { sigma_b, .. } = *self {
            stream.child(1).fill_normal_f32(0, biases);
            biases.iter_mut().for_each(|b| *b *= sigma_b as f32);
        } else {
            biases.fill(0.0);
        }
        Ok(())
    }
}

/// The orthonormal factor of normal numbers with a positive diagonal in the triangular one is uniform (Mezzadri 2007).
fn make_orthonormal(weights: &mut [f32], rows: usize, columns: usize) -> Result<(), NetError> {
    if weights.is_empty() {
        return Ok(());
    }
    let is_wide = rows <= columns;
    let (n, length) = if is_wide { (rows, columns) } else { (columns, rows) };
    let at = |i: usize, k: usize| if is_wide { i * columns + k } else { k * columns + i };
    let vectors = (0..n * length).map(|j| f64::from(weights[at(j / length, j % length)])).collect();
    let found = factors(vectors, n, length);
    crate::error::check_size("independent rows", n, found.rank)?;
    for (j, x) in found.q.into_iter().enumerate() {
        weights[at(j / length, j % length)] = x as f32;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Init; 5] = [
        Init::Scaled { sigma_w: 1.5, sigma_b: 0.3 },
        Init::LeCun,
        Init::Glorot,
        Init::He,
        Init::Orthogonal { gain: 1.2 },
    ];

    /// A sample variance of n normal numbers has relative deviation √(2/n): four of them. Orthonormal ones scatter less.
    #[test]
    fn variances() {
        let (rows, fan_in, taps) = (60, 90, 9);
        let n = (rows * fan_in) as f64;
        for init in ALL {
            let (mut weights, mut biases) = (vec![0.0; rows * fan_in], vec![7.0; rows]);
            init.draw(Stream::new(1, "test"), (rows, fan_in, taps), &mut weights, &mut biases).unwrap();
            let found = weights.iter().map(|w| f64::from(*w).powi(2)).sum::<f64>() / n;
            let (expected, sigma_b) = match init {
                Init::Scaled { sigma_w, sigma_b } => (sigma_w * sigma_w / 90.0, sigma_b),
                Init::LeCun => (1.0 / 90.0, 0.0),
                Init::Glorot => (2.0 / (90.0 + 540.0), 0.0),
                Init::He => (2.0 / 90.0, 0.0),
                Init::Orthogonal { gain } => (gain * gain / 90.0, 0.0),
            };
            assert!((found / expected - 1.0).abs() < 4.0 * (2.0 / n).sqrt(), "{init:?}: {found} {expected}");
            let spread = biases.iter().map(|b| f64::from(*b).powi(2)).sum::<f64>() / rows as f64;
            assert!(
                (spread.sqrt() - sigma_b).abs() <= sigma_b * 4.0 * (0.5 / rows as f64).sqrt(),
                "{init:?}: {spread}"
            );
        }
    }

    #[test]
    fn rows_or_columns_are_orthonormal() {
        for (rows, columns) in [(5, 8), (8, 5), (6, 6), (1, 4)] {
            let mut w = vec![0.0; rows * columns];
            let init = Init::Orthogonal { gain: 1.0 };
            init.draw(Stream::new(2, "test"), (rows, columns, 1), &mut w, &mut []).unwrap();
            let n = rows.min(columns);
            for i in 0..n {
                for j in 0..n {
                    let term = |k: usize| match rows <= columns {
                        true => f64::from(w[i * columns + k]) * f64::from(w[j * columns + k]),
                        false => f64::from(w[k * columns + i]) * f64::from(w[k * columns + j]),
                    };
                    let inner: f64 = (0..rows.max(columns)).map(term).sum();
                    assert!((inner - f64::from(i == j)).abs() < 1e-6, "rounding to f32: {inner}");
                }
            }
        }
        assert!(Init::Orthogonal { gain: f64::NAN }.check().is_err());
        assert!(Init::Scaled { sigma_w: -1.0, sigma_b: 0.0 }.check().is_err());
    }
}
