//! Dead-leaves images: what occlusion alone gives images of the statistics of natural ones.
//!
//! Disks of random place, grey and radius fall on a table; one sees the topmost. With radii of density ∝ r⁻³ the picture looks the
//! same at all scales between the smallest and the largest radius, as natural images do: edges of all lengths, and a power
//! spectrum that falls about as the inverse square of the frequency.
//!
//! Source: A. B. Lee, D. Mumford, J. Huang, "Occlusion models for natural images: a statistical study of a scale-invariant dead
//! leaves model" (2001), section 3. The leaves are laid from the top downwards until the table is covered, which gives the model's
//! distribution exactly (W. S. Kendall, E. Thönnes, "Perfect simulation in stochastic geometry", 1999).

use random::Stream;

/// Largest side of an image.
pub const MAX_SIDE: usize = 2048;
/// Smallest radius, in pixels: below it almost every leaf would fall between pixels, and covering would never end.
pub const MIN_RADIUS: f64 = 0.5;

/// Why no image was made.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum LeavesError {
    /// Side 0 or above [`MAX_SIDE`].
    #[error("side {got}, needs 1 to {limit} pixels")]
    Side {
        /// Side asked for.
        got: usize,
        /// [`MAX_SIDE`].
        limit: usize,
    },
    /// Radii that are not `MIN_RADIUS ≤ r_min ≤ r_max ≤ MAX_SIDE`.
    #[error("radii {r_min} to {r_max}, need {MIN_RADIUS} ≤ smallest ≤ largest ≤ {MAX_SIDE} pixels")]
    Radii {
        /// Smallest asked for.
        r_min: f64,
        /// Largest asked for.
        r_max: f64,
    },
}

/// An image `[side, side]`, row-major, of leaves with radii from `r_min` to `r_max` pixels, density ∝ r⁻³, greys uniform.
///
/// # Errors
/// `Side`, `Radii`.
pub fn dead_leaves(side: usize, r_min: f64, r_max: f64, stream: Stream) -> Result<Vec<u8>, LeavesError> {
    if !(1..=MAX_SIDE).contains(&side) {
        return Err(LeavesError::Side { got: side, limit: MAX_SIDE });
    }
    if !(r_min >= MIN_RADIUS && r_min <= r_max && r_max <= MAX_SIDE as f64) {
        return Err(LeavesError::Radii { r_min, r_max });
    }
    let mut cursor = stream.cursor();
    let mut image = vec![None; side * side];
    let mut bare = image.len();
    // The top leaf is drawn first; a leaf may lie around the image by its radius, and all have the same chance there.
    let (low, span) = (-r_max, side as f64 + 2.0 * r_max);
    while bare > 0 {
        // Inverse of the distribution function of density ∝ r⁻³ on [r_min, r_max]: r⁻² is uniform.
        let (most, least) = (1.0 / (r_min * r_min), 1.0 / (r_max * r_max));
        let r = 1.0 / (least + (most - least) * cursor.next_f64()).sqrt();
        let (x, y) = (low + span * cursor.next_f64(), low + span * cursor.next_f64());
        let grey = (cursor.next_u32() >> 24) as u8;
        for row in pixels_between(y - r, y + r, side) {
            let dy = row as f64 + 0.5 - y;
            let half = (r * r - dy * dy).max(0.0).sqrt();
            for pixel in &mut image[row * side..][pixels_between(x - half, x + half, side)] {
                if pixel.is_none() {
                    *pixel = Some(grey);
                    bare -= 1;
                }
            }
        }
    }
    Ok(image.into_iter().flatten().collect())
}

/// Pixels of a line whose centres lie between `from` and `to`.
fn pixels_between(from: f64, to: f64, side: usize) -> std::ops::Range<usize> {
    // Casts saturate: below 0 to 0.
    let first = (from - 0.5).ceil().max(0.0) as usize;
    let end = (to + 0.5).floor().max(0.0) as usize;
    first.min(side)..end.clamp(first.min(side), side)
}
