//! A plane in the space of inputs.

use crate::sawtooth::NetError;

/// The points origin + s u + t v of the input space; the window is in (s, t).
#[derive(Clone, Debug, PartialEq)]
pub struct Plane {
    /// Where s = t = 0, n_0 entries.
    pub origin: Vec<f64>,
    /// One step in s.
    pub u: Vec<f64>,
    /// One step in t.
    pub v: Vec<f64>,
}

impl Plane {
    /// The plane itself, for nets of two inputs.
    #[must_use]
    pub fn of_two_inputs() -> Self {
        Self { origin: vec![0.0, 0.0], u: vec![1.0, 0.0], v: vec![0.0, 1.0] }
    }

    /// The plane through three points: a at (0, 0), b at (1, 0), c at (0, 1).
    ///
    /// # Errors
    /// [`NetError::Shape`] unless all have the same length.
    pub fn through(a: &[f64], b: &[f64], c: &[f64]) -> Result<Self, NetError> {
        for point in [b, c] {
            if point.len() != a.len() {
                return Err(NetError::Shape { what: "inputs", layer: 0, expected: a.len(), got: point.len() });
            }
        }
        let minus_a = |point: &[f64]| point.iter().zip(a).map(|(p, a)| p - a).collect();
        Ok(Self { origin: a.to_vec(), u: minus_a(b), v: minus_a(c) })
    }

    /// The inputs of a net as affine functions of (s, t).
    pub(super) fn inputs(&self, n_0: usize) -> Result<Vec<[f64; 3]>, NetError> {
        for list in [&self.origin, &self.u, &self.v] {
            if list.len() != n_0 {
                return Err(NetError::Shape { what: "inputs", layer: 0, expected: n_0, got: list.len() });
            }
            NetError::check_finite("inputs", 0, list)?;
        }
        Ok((0..n_0).map(|i| [self.u[i], self.v[i], self.origin[i]]).collect())
    }
}
