//! Images that are shifted, turned, stretched, slanted and warped at random, as training makes more of few examples.
//!
//! A pixel at `p` of the new image is read, bilinearly, at `c + A (p − c) + t + w(p)` of the old one, zero outside; c is the
//! middle. A and t are those of Y. LeCun, L. Bottou, Y. Bengio, P. Haffner, "Gradient-based learning applied to document
//! recognition" (1998), section III-E (translation, scaling, squeezing, shearing), with a rotation; w is the smooth random field
//! of P. Simard, D. Steinkraus, J. Platt, "Best practices for convolutional neural networks" (2003).
//!
//! Everything is IEEE arithmetic in a fixed order and libm, so a distorted image has the same bits on every target.

use random::Stream;
use serde::{Deserialize, Serialize};

/// How far images are distorted. Zeros leave them as they are.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub struct Distortion {
    /// Shift along rows and along columns, uniform up to this on either side, in pixels; in [0, 64].
    pub shift_px: f64,
    /// Turn, uniform up to this either way; in [0, 180].
    pub rotation_degrees: f64,
    /// Factor of rows and of columns, each `1 + u` with u uniform up to this; in [0, 0.9].
    pub stretch: f64,
    /// Columns that a row further down moves by, uniform up to this; in [0, 2].
    pub shear: f64,
    /// Deviation of each component of the warp, in pixels; in [0, 16]. The paper's α = 34, σ = 4 make 1.4.
    pub warp_px: f64,
    /// Over how far the warp is smooth: the deviation of its Gaussian, in pixels; in [0.5, 64].
    pub warp_sigma_px: f64,
}

/// A distortion outside its range.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[error("{name} of a distortion is {got}, but must lie in {allowed}")]
pub struct DistortionError {
    /// The parameter.
    pub name: &'static str,
    /// Its value.
    pub got: f64,
    /// The interval it must lie in.
    pub allowed: &'static str,
}

impl Distortion {
    /// Of planar kinds alone, about as in LeNet-5's paper.
    pub const PLANAR: Self =
        Self { shift_px: 1.0, rotation_degrees: 6.0, stretch: 0.1, shear: 0.1, warp_px: 0.0, warp_sigma_px: 4.0 };
    /// The same with warps.
    pub const ELASTIC: Self = Self { warp_px: 0.7, ..Self::PLANAR };

    /// # Errors
    /// The first parameter that lies outside its range, NaN included.
    pub fn check(&self) -> Result<(), DistortionError> {
        let ranges = [
            ("shift_px", self.shift_px, 0.0..=64.0, "[0, 64]"),
            ("rotation_degrees", self.rotation_degrees, 0.0..=180.0, "[0, 180]"),
            ("stretch", self.stretch, 0.0..=0.9, "[0, 0.9]"),
            ("shear", self.shear, 0.0..=2.0, "[0, 2]"),
            ("warp_px", self.warp_px, 0.0..=16.0, "[0, 16]"),
            ("warp_sigma_px", self.warp_sigma_px, 0.5..=64.0, "[0.5, 64]"),
        ];
        for (name, got, range, allowed) in ranges {
            if !range.contains(&got) {
                return Err(DistortionError { name, got, allowed });
            }
        }
        Ok(())
    }
}

/// Distorts images of one size; it keeps what depends on the size alone.
#[derive(Clone, Debug)]
pub struct Distorter {
    rows: usize,
    cols: usize,
    distortion: Distortion,
    /// How the warp's noise is smoothed, `[rows, rows]` and `[cols, cols]`.
    smooth_rows: Vec<f32>,
    smooth_cols: Vec<f32>,
    noise: Vec<f32>,
    halfway: Vec<f32>,
    /// The two components of the warp.
    warp: [Vec<f32>; 2],
}

impl Distorter {
    /// For images `[rows, cols]`.
    ///
    /// # Errors
    /// A parameter outside its range.
    pub fn new(rows: usize, cols: usize, distortion: Distortion) -> Result<Self, DistortionError> {
        distortion.check()?;
        let n = if distortion.warp_px > 0.0 { rows * cols } else { 0 };
        let smooth = |side| if n > 0 { smoother(side, distortion.warp_sigma_px) } else { Vec::new() };
        let [noise, halfway, a, b] = std::array::from_fn(|_| vec![0.0; n]);
        Ok(Self {
            rows,
            cols,
            distortion,
            smooth_rows: smooth(rows),
            smooth_cols: smooth(cols),
            noise,
            halfway,
            warp: [a, b],
        })
    }

    /// One image, distorted by what the stream says: `out` is `[rows, cols]` in the units of `pixels`, 0 to 255. Whatever else
    /// the sizes are, no more than both have is read and written.
    pub fn distort(&mut self, pixels: &[u8], stream: Stream, out: &mut [f32]) {
        let Distortion { shift_px, rotation_degrees, stretch, shear, warp_px, .. } = self.distortion;
        let mut cursor = stream.child(0).cursor();
        let mut up_to = |most: f64| most * (2.0 * cursor.next_f64() - 1.0);
        let shift = [up_to(shift_px), up_to(shift_px)];
        let angle = up_to(rotation_degrees).to_radians();
        let factors = [1.0 + up_to(stretch), 1.0 + up_to(stretch)];
        let slant = up_to(shear);
        let (sin, cos) = (libm::sin(angle), libm::cos(angle));
        // Rows first: A = turn × shear × stretch.
        let a = [
            [cos * factors[0] - sin * slant * factors[0], -sin * factors[1]],
            [sin * factors[0] + cos * slant * factors[0], cos * factors[1]],
        ];
        if warp_px > 0.0 {
            for component in 0..2 {
                stream.child(1 + component as u64).fill_normal_f32(0, &mut self.noise);
                self.noise.iter_mut().for_each(|x| *x *= warp_px as f32);
                smoothed(
                    &self.noise,
                    (&self.smooth_rows, &self.smooth_cols),
                    &mut self.halfway,
                    &mut self.warp[component],
                );
            }
        }
        let middle = [(self.rows as f64 - 1.0) / 2.0, (self.cols as f64 - 1.0) / 2.0];
        for r in 0..self.rows {
            for c in 0..self.cols {
                let from = [r as f64 - middle[0], c as f64 - middle[1]];
                let place = r * self.cols + c;
                let warp = |k: usize| self.warp[k].get(place).map_or(0.0, |w| f64::from(*w));
                let at = |k: usize| middle[k] + a[k][0] * from[0] + a[k][1] * from[1] + shift[k] + warp(k);
                if let Some(out) = out.get_mut(place) {
                    *out = bilinear(pixels, (self.rows, self.cols), [at(0), at(1)]);
                }
            }
        }
    }
}

/// Between the four pixels around a place; zero beyond the edge.
fn bilinear(pixels: &[u8], (rows, cols): (usize, usize), [row, col]: [f64; 2]) -> f32 {
    let (r0, c0) = (row.floor(), col.floor());
    let (down, right) = ((row - r0) as f32, (col - c0) as f32);
    let pixel = |r: f64, c: f64| {
        if r < 0.0 || c < 0.0 || r >= rows as f64 || c >= cols as f64 {
            return 0.0;
        }
        pixels.get(r as usize * cols + c as usize).map_or(0.0, |p| f32::from(*p))
    };
    let above = pixel(r0, c0) * (1.0 - right) + pixel(r0, c0 + 1.0) * right;
    let below = pixel(r0 + 1.0, c0) * (1.0 - right) + pixel(r0 + 1.0, c0 + 1.0) * right;
    above * (1.0 - down) + below * down
}

/// `[side, side]`: row i smooths independent normals by a Gaussian around i so that their sum has variance 1, at the edges too.
fn smoother(side: usize, sigma: f64) -> Vec<f32> {
    let mut weights = Vec::with_capacity(side * side);
    for i in 0..side {
        let row = |j: usize| libm::exp(-0.5 * ((i as f64 - j as f64) / sigma) * ((i as f64 - j as f64) / sigma));
        let norm = (0..side).map(|j| row(j) * row(j)).sum::<f64>().sqrt();
        weights.extend((0..side).map(|j| (row(j) / norm) as f32));
    }
    weights
}

/// `R X Cᵀ` for square R and C.
fn smoothed(x: &[f32], (r, c): (&[f32], &[f32]), halfway: &mut [f32], out: &mut [f32]) {
    let cols = c.len().isqrt();
    if cols == 0 {
        return;
    }
    let rows = r.len().isqrt();
    // R X, a row at a time.
    for (weights, halfway) in r.chunks_exact(rows).zip(halfway.chunks_exact_mut(cols)) {
        halfway.fill(0.0);
        for (weight, x) in weights.iter().zip(x.chunks_exact(cols)) {
            halfway.iter_mut().zip(x).for_each(|(sum, x)| *sum += weight * x);
        }
    }
    // C is symmetric but for the factor of each row.
    for (halfway, out) in halfway.chunks_exact(cols).zip(out.chunks_exact_mut(cols)) {
        for (weights, out) in c.chunks_exact(cols).zip(out) {
            *out = weights.iter().zip(halfway).fold(0.0, |sum, (w, x)| sum + w * x);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const NONE: Distortion =
        Distortion { shift_px: 0.0, rotation_degrees: 0.0, stretch: 0.0, shear: 0.0, warp_px: 0.0, warp_sigma_px: 4.0 };

    fn stream(index: u64) -> Stream {
        Stream::new(1, "distorted").child(index)
    }

    /// The centre of mass and the covariance of an image.
    fn moments(image: &[f32], side: usize) -> ([f64; 2], [[f64; 2]; 2]) {
        let mass: f64 = image.iter().map(|p| f64::from(*p)).sum();
        let at = |i: usize| [(i / side) as f64, (i % side) as f64];
        let mean = [0, 1].map(|k| image.iter().enumerate().map(|(i, p)| f64::from(*p) * at(i)[k]).sum::<f64>() / mass);
        let of = |j: usize, k: usize| {
            let terms =
                image.iter().enumerate().map(|(i, p)| f64::from(*p) * (at(i)[j] - mean[j]) * (at(i)[k] - mean[k]));
            terms.sum::<f64>() / mass
        };
        (mean, [[of(0, 0), of(0, 1)], [of(1, 0), of(1, 1)]])
    }

    /// A bar of ink, longer than wide, in the middle.
    fn bar(side: usize) -> Vec<u8> {
        let is_in = |i: usize| (i / side).abs_diff(side / 2) <= 6 && (i % side).abs_diff(side / 2) <= 1;
        (0..side * side).map(|i| if is_in(i) { 255 } else { 0 }).collect()
    }

    #[test]
    fn nothing_changes_without_a_distortion() {
        let image = bar(29);
        let mut out = vec![0.0; image.len()];
        Distorter::new(29, 29, NONE).unwrap().distort(&image, stream(0), &mut out);
        assert!(image.iter().zip(&out).all(|(p, q)| f32::from(*p) == *q));
    }

    #[test]
    fn shifts_move_the_centre_within_their_range_and_all_over_it() {
        let distortion = Distortion { shift_px: 3.0, ..NONE };
        let mut distorter = Distorter::new(29, 29, distortion).unwrap();
        let image = bar(29);
        let mut out = vec![0.0; image.len()];
        let moved: Vec<f64> = (0..400)
            .flat_map(|i| {
                distorter.distort(&image, stream(i), &mut out);
                let (mean, _) = moments(&out, 29);
                [mean[0] - 14.0, mean[1] - 14.0]
            })
            .collect();
        assert!(moved.iter().all(|d| d.abs() <= 3.0 + 1e-4));
        // Uniform on (−3, 3): variance 3, its estimate from 800 numbers within four deviations (√(4/5/800) of it each).
        let variance = moved.iter().map(|d| d * d).sum::<f64>() / moved.len() as f64;
        assert!((variance / 3.0 - 1.0).abs() < 4.0 * (0.8_f64 / 800.0).sqrt(), "{variance}");
    }

    #[test]
    fn turns_turn_by_what_was_drawn() {
        let distortion = Distortion { rotation_degrees: 40.0, ..NONE };
        let mut distorter = Distorter::new(41, 41, distortion).unwrap();
        let image = bar(41);
        let mut out = vec![0.0; image.len()];
        for i in 0..20 {
            distorter.distort(&image, stream(i), &mut out);
            let (_, of) = moments(&out, 41);
            let turned = 0.5 * (2.0 * of[0][1]).atan2(of[0][0] - of[1][1]);
            let mut cursor = stream(i).child(0).cursor();
            let angle = (0..3).map(|_| cursor.next_f64()).last().unwrap();
            let drawn = (40.0 * (2.0 * angle - 1.0)).to_radians();
            // Reading at a place that is turned one way turns the picture the other way.
            assert!((turned + drawn).abs() < 0.02, "{i}: {turned} for {drawn}");
        }
    }

    #[test]
    fn warps_have_their_deviation_everywhere_and_are_smooth() {
        let distortion = Distortion { warp_px: 1.4, ..NONE };
        let mut distorter = Distorter::new(28, 28, distortion).unwrap();
        let image = vec![0; 784];
        let mut out = vec![0.0; 784];
        let (n, mut squares, mut steps) = (2_000, [0.0; 2], 0.0);
        for i in 0..n {
            distorter.distort(&image, stream(i), &mut out);
            let warp = &distorter.warp[1];
            // A corner and the middle.
            for (square, place) in squares.iter_mut().zip([0, 14 * 28 + 14]) {
                *square += f64::from(warp[place]) * f64::from(warp[place]);
            }
            steps += f64::from(warp[14 * 28 + 15] - warp[14 * 28 + 14]).powi(2);
        }
        let of = |sum: f64| (sum / n as f64).sqrt() / 1.4;
        // Four deviations of the estimate, 1/√(2n) each.
        assert!(squares.iter().all(|s| (of(*s) - 1.0).abs() < 4.0 / (2.0 * n as f64).sqrt()), "{:?}", squares.map(of));
        // The correlation of neighbours is e^{−1/(4σ²)} for σ = 4.
        let expected = (2.0 * (1.0 - (-1.0_f64 / 64.0).exp())).sqrt();
        assert!((of(steps) / expected - 1.0).abs() < 0.1, "{} for {expected}", of(steps));
    }

    #[test]
    fn ranges_and_odd_sizes() {
        for bad in [f64::NAN, -1.0, 1e9] {
            assert!(Distorter::new(3, 3, Distortion { shift_px: bad, ..NONE }).is_err());
            assert!(Distorter::new(3, 3, Distortion { warp_sigma_px: bad, ..NONE }).is_err());
        }
        for (rows, cols) in [(0, 0), (1, 1), (2, 5), (1, 9)] {
            let mut out = vec![7.0; rows * cols];
            let image = vec![255; rows * cols];
            Distorter::new(rows, cols, Distortion::ELASTIC).unwrap().distort(&image, stream(3), &mut out);
            assert!(out.iter().all(|p| (0.0..=255.0).contains(p)), "{rows}×{cols}");
        }
    }
}
