//! From curves to pixels.

use random::Cursor;

use super::hand::{Point, Stroke, bounded_normal};
use super::{PIXELS, SIDE};

/// Pixels that the longer side of a digit fills, ink included (as in MNIST).
const BOX: f64 = 20.0;
/// Geometric mean of the pen's width in pixels, and the standard deviation of its logarithm.
const WIDTH: (f64, f64) = (2.5, 0.21);
/// Standard deviation of the pen's width along a stroke, relative.
const PRESSURE: f64 = 0.12;
/// Where the outermost ink may end, from the border inwards, however far the mass lies from the middle of the box: the centre of
/// the outermost pixels, which thus stay paper.
const MARGIN: f64 = 0.5;
/// Pixels over which ink fades to paper at an edge.
const EDGE: f64 = 1.25;

/// What is smaller, in sides of the pad, is a dot and is not blown up.
const DOT: f64 = 0.05;

/// A piece of a stroke on the grid of pixels, with the half widths of the pen at its ends.
struct Piece {
    from: Point,
    to: Point,
    half_widths: [f64; 2],
}

/// The picture of some strokes: scaled to a box of 20 pixels, centred by mass, drawn with a random pen.
pub(super) fn draw(strokes: &[Stroke], cursor: &mut Cursor) -> [u8; PIXELS] {
    let half_width = 0.5 * WIDTH.0 * libm::exp(WIDTH.1 * bounded_normal(cursor));
    // MNIST shifts by whole pixels only, so its centres of mass are spread over one.
    let shift = [cursor.next_f64() - 0.5, cursor.next_f64() - 0.5];
    let half_widths: Vec<Vec<f64>> = strokes.iter().map(|stroke| pressed(half_width, stroke.len(), cursor)).collect();
    let widest = half_widths.iter().flatten().copied().fold(0.0, f64::max);

    let Some(bounds) = bounds(strokes) else { return [0; PIXELS] };
    let scale = (BOX - 2.0 * half_width) / bounds.extent();
    // Once with the box in the middle, to weigh the ink; then with the mass in the middle.
    let middle = [0.5 * SIDE as f64; 2];
    let boxed: Point = std::array::from_fn(|axis| middle[axis] - 0.5 * scale * (bounds.low[axis] + bounds.high[axis]));
    let mass = centre_of_mass(&ink(strokes, &half_widths, scale, boxed));
    let reach = widest + 0.5 * EDGE + MARGIN;
    let centred = std::array::from_fn(|axis| {
        let offset = boxed[axis] + middle[axis] - mass[axis] + shift[axis];
        offset.min(SIDE as f64 - reach - scale * bounds.high[axis]).max(reach - scale * bounds.low[axis])
    });
    ink(strokes, &half_widths, scale, centred).map(|ink| (255.0 * ink + 0.5) as u8)
}

/// The picture of strokes in the unit square that a hand has drawn: as they lie there, and scaled and centred as MNIST does;
/// none without ink.
///
/// MNIST's digits fill a box of 20 pixels with their longer side and have their mass in the middle of 28×28 pixels (LeCun et al. 1998).
#[must_use]
pub fn drawn(strokes: &[Vec<[f64; 2]>]) -> Option<[[u8; PIXELS]; 2]> {
    let half_width = 0.5 * WIDTH.0;
    // A dot is a short line.
    let of_two = |stroke: &Stroke| match stroke.as_slice() {
        [dot] => vec![*dot; 2],
        _ => stroke.clone(),
    };
    let strokes: Vec<Stroke> = strokes.iter().filter(|stroke| !stroke.is_empty()).map(of_two).collect();
    let half_widths: Vec<Vec<f64>> = strokes.iter().map(|stroke| vec![half_width; stroke.len()]).collect();
    let bytes = |ink: [f64; PIXELS]| ink.map(|ink| (255.0 * ink + 0.5) as u8);
    let bounds = bounds_of_any(&strokes)?;
    let side = SIDE as f64;
    let as_drawn = ink(&strokes, &half_widths, side, [0.0; 2]);
    let scale = if bounds.extent() < DOT { side } else { (BOX - 2.0 * half_width) / bounds.extent() };
    let boxed = std::array::from_fn(|axis| 0.5 * side - 0.5 * scale * (bounds.low[axis] + bounds.high[axis]));
    let mass = centre_of_mass(&ink(&strokes, &half_widths, scale, boxed));
    let centred = std::array::from_fn(|axis| boxed[axis] + 0.5 * side - mass[axis]);
    Some([bytes(as_drawn), bytes(ink(&strokes, &half_widths, scale, centred))])
}

/// Half widths of the pen at the points of a stroke: one slow wave of pressure.
fn pressed(half_width: f64, n_points: usize, cursor: &mut Cursor) -> Vec<f64> {
    // The root of two makes the mean square over phases that of the normal.
    let strength = PRESSURE * core::f64::consts::SQRT_2 * bounded_normal(cursor);
    let phase = core::f64::consts::TAU * cursor.next_f64();
    let turn = core::f64::consts::TAU / n_points.max(2) as f64;
    (0..n_points).map(|i| half_width * (1.0 + strength * libm::sin(turn * i as f64 + phase))).collect()
}

/// The smallest box that holds the strokes.
struct Bounds {
    low: Point,
    high: Point,
}

impl Bounds {
    fn extent(&self) -> f64 {
        (self.high[0] - self.low[0]).max(self.high[1] - self.low[1])
    }
}

/// None if the strokes have no extent.
fn bounds(strokes: &[Stroke]) -> Option<Bounds> {
    bounds_of_any(strokes).filter(|bounds| bounds.extent() > 0.0)
}

/// None without points.
fn bounds_of_any(strokes: &[Stroke]) -> Option<Bounds> {
    let mut bounds = Bounds { low: [f64::INFINITY; 2], high: [f64::NEG_INFINITY; 2] };
    for point in strokes.iter().flatten() {
        for axis in 0..2 {
            bounds.low[axis] = bounds.low[axis].min(point[axis]);
            bounds.high[axis] = bounds.high[axis].max(point[axis]);
        }
    }
    (bounds.extent() >= 0.0).then_some(bounds)
}

/// Coverage of the pixels, 0 to 1, by strokes at `offset + scale · point`.
fn ink(strokes: &[Stroke], half_widths: &[Vec<f64>], scale: f64, offset: Point) -> [f64; PIXELS] {
    let placed = |p: Point| [offset[0] + scale * p[0], offset[1] + scale * p[1]];
    let mut ink = [0.0; PIXELS];
    for (stroke, half_widths) in strokes.iter().zip(half_widths) {
        for (points, half_widths) in stroke.windows(2).zip(half_widths.windows(2)) {
            let half_widths = [half_widths[0], half_widths[1]];
            lay(&Piece { from: placed(points[0]), to: placed(points[1]), half_widths }, &mut ink);
        }
    }
    ink
}

/// Of a picture with ink, in pixels from the upper left corner.
fn centre_of_mass(ink: &[f64; PIXELS]) -> Point {
    let (mut mass, mut moment) = (0.0, [0.0; 2]);
    for (i, &ink) in ink.iter().enumerate() {
        mass += ink;
        moment[0] += ink * ((i % SIDE) as f64 + 0.5);
        moment[1] += ink * ((i / SIDE) as f64 + 0.5);
    }
    moment.map(|moment| moment / mass)
}

/// Darkens the pixels near a piece to the coverage `1/2 + (half width − distance)/EDGE`, cut off to [0, 1].
fn lay(piece: &Piece, ink: &mut [f64; PIXELS]) {
    let reach = piece.half_widths[0].max(piece.half_widths[1]) + 0.5 * EDGE;
    let range = |axis: usize| {
        let low = piece.from[axis].min(piece.to[axis]) - reach;
        let high = piece.from[axis].max(piece.to[axis]) + reach;
        // The centre of pixel k is at k + 1/2. Casts saturate.
        (low - 0.5).max(0.0) as usize..((high + 0.5).max(0.0) as usize).min(SIDE)
    };
    let along = [piece.to[0] - piece.from[0], piece.to[1] - piece.from[1]];
    let length_squared = along[0] * along[0] + along[1] * along[1];
    for row in range(1) {
        for col in range(0) {
            let p = [col as f64 + 0.5, row as f64 + 0.5];
            let projection = (p[0] - piece.from[0]) * along[0] + (p[1] - piece.from[1]) * along[1];
            let t = if length_squared > 0.0 { (projection / length_squared).clamp(0.0, 1.0) } else { 0.0 };
            let nearest = [piece.from[0] + t * along[0], piece.from[1] + t * along[1]];
            let half_width = piece.half_widths[0] + t * (piece.half_widths[1] - piece.half_widths[0]);
            let coverage = (0.5 + (half_width - distance(p, nearest)) / EDGE).clamp(0.0, 1.0);
            let pixel = &mut ink[row * SIDE + col];
            *pixel = pixel.max(coverage);
        }
    }
}

fn distance(a: Point, b: Point) -> f64 {
    let (dx, dy) = (a[0] - b[0], a[1] - b[1]);
    (dx * dx + dy * dy).sqrt()
}
