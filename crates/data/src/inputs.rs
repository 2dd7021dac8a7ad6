//! Input vectors of a set length and set correlations.
//!
//! The length of a vector `x` of dimension `d` is `q = |x|²/d`, its mean square per coordinate, the quantity that the length
//! map of a wide net carries from layer to layer; the correlation of two is `c = x·y / (|x||y|)`.
//!
//! Everything is made in `f64`, so lengths and correlations are exact to 1e-12 before [`Inputs::to_f32`] rounds.

use random::Stream;

use crate::Pack;

/// Most numbers in a set of inputs (half a gigabyte of `f64`).
pub const MAX_VALUES: u64 = 1 << 26;

/// Why no inputs were made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum InputError {
    /// The dimension is too small for what was asked.
    #[error("dimension {got}, needs at least {least}")]
    Dimension {
        /// Dimension asked for.
        got: usize,
        /// The least that does.
        least: usize,
    },
    /// Not the mean square of a vector.
    #[error("mean square {got}, needs a finite number above 0")]
    Length {
        /// Value asked for.
        got: f64,
    },
    /// Not a correlation.
    #[error("correlation {got}, needs a number from −1 to 1")]
    Correlation {
        /// Value asked for.
        got: f64,
    },
    /// More than [`MAX_VALUES`].
    #[error("{n} vectors of dimension {dim}: more than {limit} numbers")]
    TooLarge {
        /// Vectors asked for.
        n: usize,
        /// Their dimension.
        dim: usize,
        /// [`MAX_VALUES`].
        limit: u64,
    },
    /// Two directions that span no plane (zero, parallel, or not finite).
    #[error("the two directions of dimensions {first} and {second} span no plane")]
    NoPlane {
        /// Dimension of the first.
        first: usize,
        /// Dimension of the second.
        second: usize,
    },
    /// No such image.
    #[error("image {got} of a pack of {n}")]
    NoImage {
        /// Index asked for.
        got: usize,
        /// Images there are.
        n: usize,
    },
    /// An image without ink has no direction.
    #[error("image {got} is blank")]
    BlankImage {
        /// Index asked for.
        got: usize,
    },
}

/// Some vectors of one dimension.
#[derive(Clone, Debug, PartialEq)]
pub struct Inputs {
    dim: usize,
    values: Vec<f64>,
}

impl Inputs {
    /// Number of vectors.
    #[must_use]
    pub fn n(&self) -> usize {
        self.values.len() / self.dim
    }

    /// Their dimension, at least 1.
    #[must_use]
    pub fn dim(&self) -> usize {
        self.dim
    }

    /// `[n, dim]`, row-major.
    #[must_use]
    pub fn values(&self) -> &[f64] {
        &self.values
    }

    /// The vectors one after the other.
    pub fn rows(&self) -> impl ExactSizeIterator<Item = &[f64]> {
        self.values.chunks_exact(self.dim)
    }

    /// The correlation of two of the vectors, in \[−1, 1\]; NaN where one is zero, or there is no such vector.
    #[must_use]
    pub fn correlation(&self, a: usize, b: usize) -> f64 {
        let (Some(x), Some(y)) = (self.rows().nth(a), self.rows().nth(b)) else { return f64::NAN };
        (dot(x, y) / (dot(x, x) * dot(y, y)).sqrt()).clamp(-1.0, 1.0)
    }

    /// `[n, dim]`, row-major, rounded.
    #[must_use]
    pub fn to_f32(&self) -> Vec<f32> {
        self.values.iter().map(|&value| value as f32).collect()
    }
}

/// `n_points` points `√(q0·dim)·(cos θ u0 + sin θ u1)`, `θ = 2πk/n_points`, on a circle in a random plane.
///
/// # Shapes
/// `[n_points, dim]`; every point has mean square `q0`, neighbours have correlation `cos(2π/n_points)`.
///
/// # Errors
/// `Dimension` below 2, `Length`, `TooLarge`.
///
/// # Source
/// B. Poole, S. Lahiri, M. Raghu, J. Sohl-Dickstein, S. Ganguli, "Exponential expressivity in deep neural networks through
/// transient chaos" (2016), section 3.
pub fn points_on_circle(n_points: usize, dim: usize, q0: f64, stream: Stream) -> Result<Inputs, InputError> {
    check(n_points, dim, 2, q0)?;
    let first = normals(stream.child(0), dim);
    let second = normals(stream.child(1), dim);
    circle_through(n_points, q0, &first, &second)
}

/// The circle of [`points_on_circle`] in the plane of two given directions: `u0` along `first`, `u1` towards `second`.
///
/// # Errors
/// As there, and `NoPlane`.
pub fn circle_through(n_points: usize, q0: f64, first: &[f64], second: &[f64]) -> Result<Inputs, InputError> {
    let dim = first.len();
    check(n_points, dim, 2, q0)?;
    let no_plane = InputError::NoPlane { first: dim, second: second.len() };
    if second.len() != dim {
        return Err(no_plane);
    }
    let plane = unit(first.to_vec()).and_then(|u0| Some((unit_orthogonal_to(&u0, second.to_vec())?, u0)));
    let Some((u1, u0)) = plane else { return Err(no_plane) };
    let radius = (q0 * dim as f64).sqrt();
    let mut values = Vec::with_capacity(n_points * dim);
    for k in 0..n_points {
        let theta = core::f64::consts::TAU * k as f64 / n_points as f64;
        let (a, b) = (radius * libm::cos(theta), radius * libm::sin(theta));
        values.extend(u0.iter().zip(&u1).map(|(u0, u1)| a * u0 + b * u1));
    }
    Ok(Inputs { dim, values })
}

/// Two vectors of mean square `q0` with correlation `c`, in random directions.
///
/// # Errors
/// As [`inputs_at_correlations`].
pub fn pair_at_correlation(dim: usize, c: f64, q0: f64, stream: Stream) -> Result<Inputs, InputError> {
    inputs_at_correlations(dim, &[c], q0, stream)
}

/// A base vector and, for each of `correlations`, a partner with that correlation to the base.
///
/// `x_0 = √(q0·dim) u`, `x_i = √(q0·dim) (c_i u + √(1 − c_i²) v_i)`, `u` a random direction and `v_i` independent random
/// directions orthogonal to it.
///
/// # Shapes
/// `[1 + correlations.len(), dim]`, base first; every vector has mean square `q0`.
///
/// # Errors
/// `Dimension` below 2, `Correlation` outside [−1, 1], `Length`, `TooLarge`.
pub fn inputs_at_correlations(dim: usize, correlations: &[f64], q0: f64, stream: Stream) -> Result<Inputs, InputError> {
    check(correlations.len().saturating_add(1), dim, 2, q0)?;
    if let Some(&got) = correlations.iter().find(|c| !(-1.0..=1.0).contains(*c)) {
        return Err(InputError::Correlation { got });
    }
    let no_plane = InputError::NoPlane { first: dim, second: dim };
    let Some(u) = unit(normals(stream.child(0), dim)) else { return Err(no_plane) };
    let radius = (q0 * dim as f64).sqrt();
    let mut values: Vec<f64> = u.iter().map(|u| radius * u).collect();
    for (i, &c) in correlations.iter().enumerate() {
        let Some(v) = unit_orthogonal_to(&u, normals(stream.child(i as u64 + 1), dim)) else { return Err(no_plane) };
        // (1 − c)(1 + c) keeps its precision as c nears ±1, where 1 − c² does not.
        let (a, b) = (radius * c, radius * ((1.0 - c) * (1.0 + c)).sqrt());
        values.extend(u.iter().zip(&v).map(|(u, v)| a * u + b * v));
    }
    Ok(Inputs { dim, values })
}

/// Images of a pack as vectors: pixels times the factor that makes the mean square `q0`. The correlation of two is that of
/// the images themselves, since ink is positive: well above 0.
///
/// # Shapes
/// `[indices.len(), rows·cols]`.
///
/// # Errors
/// `NoImage`, `BlankImage`, `Length`, `TooLarge`.
pub fn inputs_from_images(pack: &Pack, indices: &[usize], q0: f64) -> Result<Inputs, InputError> {
    let dim = pack.rows() * pack.cols();
    check(indices.len(), dim, 1, q0)?;
    let mut values = Vec::with_capacity(indices.len() * dim);
    for &got in indices {
        let pixels = pack.image(got).ok_or(InputError::NoImage { got, n: pack.n() })?;
        let sum_of_squares: u64 = pixels.iter().map(|&p| u64::from(p) * u64::from(p)).sum();
        if sum_of_squares == 0 {
            return Err(InputError::BlankImage { got });
        }
        let factor = (q0 * dim as f64 / sum_of_squares as f64).sqrt();
        values.extend(pixels.iter().map(|&p| factor * f64::from(p)));
    }
    Ok(Inputs { dim, values })
}

fn check(n: usize, dim: usize, least: usize, q0: f64) -> Result<(), InputError> {
    if dim < least {
        return Err(InputError::Dimension { got: dim, least });
    }
    if !(q0 > 0.0 && q0.is_finite()) {
        return Err(InputError::Length { got: q0 });
    }
    if (n as u64).checked_mul(dim as u64).is_none_or(|values| values > MAX_VALUES) {
        return Err(InputError::TooLarge { n, dim, limit: MAX_VALUES });
    }
    Ok(())
}

fn normals(stream: Stream, dim: usize) -> Vec<f64> {
    let mut cursor = stream.cursor();
    (0..dim).map(|_| cursor.next_normal()).collect()
}

fn dot(a: &[f64], b: &[f64]) -> f64 {
    a.iter().zip(b).map(|(a, b)| a * b).sum()
}

/// `v/|v|`; none if that is not a direction.
fn unit(mut v: Vec<f64>) -> Option<Vec<f64>> {
    let norm = dot(&v, &v).sqrt();
    if !(norm > 0.0 && norm.is_finite()) {
        return None;
    }
    for value in &mut v {
        *value /= norm;
    }
    Some(v)
}

/// Gram–Schmidt of a direction against the unit vector `u`; none if it is (within rounding) parallel.
fn unit_orthogonal_to(u: &[f64], v: Vec<f64>) -> Option<Vec<f64>> {
    let mut v = unit(v)?;
    // Twice is enough (Kahan; Parlett, "The symmetric eigenvalue problem", section 6.9): the first pass leaves what rounding
    // of a large projection left, the second takes that away.
    for _ in 0..2 {
        let projection = dot(u, &v);
        for (v, u) in v.iter_mut().zip(u) {
            *v -= projection * u;
        }
        if dot(&v, &v).sqrt() < 1e-8 {
            return None;
        }
        v = unit(v)?;
    }
    Some(v)
}
