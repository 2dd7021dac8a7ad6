//! From a skeleton to the curves of one writer's hand.

use random::Cursor;

use super::skeleton::{Knot, Way};

/// A point on the paper.
pub(super) type Point = [f64; 2];

/// A stroke as a chain of short straight pieces.
pub(super) type Stroke = Vec<Point>;

/// Straight pieces between two knots: about a pixel each.
const PIECES: usize = 8;

/// Standard deviation of a knot's own error, in heights of the digit. Above 0.04 some digits stop being legible.
const KNOT_ERROR: f64 = 0.03;
/// Mean and standard deviation of the slant (tangent); most people lean to the right.
const SLANT: (f64, f64) = (0.14, 0.2);
/// Standard deviation of the turn, radians.
const TURN: f64 = 0.08;
/// Standard deviation of the logarithm of the aspect.
const ASPECT: f64 = 0.18;
/// Waves of the smooth warp, and the standard deviation of the displacement by each, in heights of the digit.
const WAVES: usize = 3;
const WARP: f64 = 0.026;
/// Largest wave number, radians per height: half a period over the digit and no finer, so that a bend is a bend and not a tremor.
const WAVE_NUMBER: f64 = 4.5;

/// The strokes of one way of writing, chosen and deformed at random; units of the digit's height.
pub(super) fn write(ways: &[Way], cursor: &mut Cursor) -> Vec<Stroke> {
    let Some(way) = choose(ways, cursor) else { return Vec::new() };
    let aspect = way.aspect * libm::exp(ASPECT * bounded_normal(cursor));
    let slant = SLANT.0 + SLANT.1 * bounded_normal(cursor);
    let (sin, cos) = libm::sincos(TURN * bounded_normal(cursor));
    let waves: [Wave; WAVES] = std::array::from_fn(|_| Wave::draw(cursor));
    let place = |[x, y]: Point| {
        let (x, y) = (aspect * (x - 0.5), y - 0.5);
        let x = x - slant * y;
        let turned = [cos * x - sin * y, sin * x + cos * y];
        waves.iter().fold(turned, |moved, wave| wave.displace(turned, moved))
    };
    way.strokes
        .iter()
        .map(|knots| {
            let knots: Vec<Knot> = knots.iter().map(|&knot| with_error(knot, cursor)).collect();
            curve_through(&knots).into_iter().map(place).collect()
        })
        .collect()
}

fn choose<'a>(ways: &'a [Way], cursor: &mut Cursor) -> Option<&'a Way> {
    let total: f64 = ways.iter().map(|way| way.weight).sum();
    let mut left = total * cursor.next_f64();
    ways.iter()
        .find(|way| {
            left -= way.weight;
            left < 0.0
        })
        .or(ways.last())
}

fn with_error(knot: Knot, cursor: &mut Cursor) -> Knot {
    let x = knot.x + KNOT_ERROR * bounded_normal(cursor);
    let y = knot.y + KNOT_ERROR * bounded_normal(cursor);
    Knot { x, y, ..knot }
}

/// A standard normal, drawn in to ±2: the one digit in a hundred that would be deformed most is what a lecturer's slide would show.
pub(super) fn bounded_normal(cursor: &mut Cursor) -> f64 {
    cursor.next_normal().clamp(-2.0, 2.0)
}

/// One plane wave of the warp: a displacement along `push` by the sine of the phase at a point.
struct Wave {
    push: Point,
    wave_vector: Point,
    phase: f64,
}

impl Wave {
    fn draw(cursor: &mut Cursor) -> Self {
        let mut uniform = || WAVE_NUMBER * (2.0 * cursor.next_f64() - 1.0);
        let wave_vector = [uniform(), uniform()];
        let phase = core::f64::consts::TAU * cursor.next_f64();
        let push = [WARP * bounded_normal(cursor), WARP * bounded_normal(cursor)];
        // The root of two makes the mean square displacement over phases that of `push`.
        Self { push: push.map(|p| p * core::f64::consts::SQRT_2), wave_vector, phase }
    }

    fn displace(&self, at: Point, moved: Point) -> Point {
        let wave = libm::sin(self.wave_vector[0] * at[0] + self.wave_vector[1] * at[1] + self.phase);
        [moved[0] + self.push[0] * wave, moved[1] + self.push[1] * wave]
    }
}

/// The chain of pieces of a curve through the knots: Catmull–Rom between corners.
///
/// Source: E. Catmull, R. Rom, "A class of local interpolating splines" (1974).
fn curve_through(knots: &[Knot]) -> Stroke {
    let point = |knot: &Knot| [knot.x, knot.y];
    let mut stroke: Stroke = knots.first().map(point).into_iter().collect();
    for i in 1..knots.len() {
        let (from, to) = (point(&knots[i - 1]), point(&knots[i]));
        // At an end or a corner the curve goes on as if mirrored: it leaves without bending.
        let before = if i >= 2 && !knots[i - 1].corner { point(&knots[i - 2]) } else { mirrored(from, to) };
        let after = if i + 1 < knots.len() && !knots[i].corner { point(&knots[i + 1]) } else { mirrored(to, from) };
        for piece in 1..=PIECES {
            let t = piece as f64 / PIECES as f64;
            stroke.push(std::array::from_fn(|axis| {
                let [a, b, c, d] = [before[axis], from[axis], to[axis], after[axis]];
                b + 0.5 * t * (c - a + t * (2.0 * a - 5.0 * b + 4.0 * c - d + t * (3.0 * (b - c) + d - a)))
            }));
        }
    }
    stroke
}

/// `other` mirrored at `at`.
fn mirrored(at: Point, other: Point) -> Point {
    [2.0 * at[0] - other[0], 2.0 * at[1] - other[1]]
}
