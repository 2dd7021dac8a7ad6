//! From space to the plane of the picture.

use crate::clip::{Point, Rect};
use crate::model::{Figure, Layer};
use crate::small::sin_cos;
use crate::theme::Style;

/// Half the height of a surface's box, whose floor is 2 by 2.
const HEIGHT: f64 = 0.62;

/// Turns space by yaw about the third axis, then by pitch about the screen's horizontal, and drops the depth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Projection {
    /// Rows: right, up, away from the viewer.
    turn: [[f64; 3]; 3],
    pub(crate) centre: [f64; 3],
    /// What distances from the centre are multiplied by: 1 for clouds, other numbers to make a surface fill its box.
    scale: [f64; 3],
    /// Radius of a ball around the centre that holds all points, scaled, > 0.
    radius: f64,
    middle: Point,
    /// Pixels per unit.
    zoom: f64,
}

fn points_of(figure: &Figure) -> impl Iterator<Item = [f64; 3]> + '_ {
    figure
        .layers
        .iter()
        .filter_map(|layer| match layer {
            Layer::Curve3 { points, .. } | Layer::Points3 { points, .. } => Some(&points.0),
            _ => None,
        })
        .flat_map(|values| values.as_chunks::<3>().0)
        .map(|p| p.map(f64::from))
        .filter(|p| p.iter().all(|v| v.is_finite()))
}

impl Projection {
    pub(crate) fn new(figure: &Figure, plot: &Rect, style: &Style) -> Self {
        let surface = figure.layers.iter().find_map(|layer| match layer {
            Layer::Surface { colours, .. } => Some(colours),
            _ => None,
        });
        let (sin_yaw, cos_yaw) = sin_cos(style.orbit.0);
        // A surface is seen from above first, and its near side goes down with the pointer.
        let (sin_pitch, cos_pitch) = sin_cos(if surface.is_some() { -style.orbit.1 } else { style.orbit.1 });
        let turn = [
            [cos_yaw, -sin_yaw, 0.0],
            [-sin_yaw * sin_pitch, -cos_yaw * sin_pitch, cos_pitch],
            [sin_yaw * cos_pitch, cos_yaw * cos_pitch, sin_pitch],
        ];
        if let Some(colours) = surface {
            let ends = |(a, b): (f64, f64)| {
                let (a, b) = if a.is_finite() && b.is_finite() { (a.min(b), a.max(b)) } else { (0.0, 1.0) };
                if b - a > 1e-12 * a.abs().max(b.abs()).max(1e-290) { (a, b) } else { (a - 0.5, a + 0.5) }
            };
            let high = (f64::from(colours.range.0), f64::from(colours.range.1));
            return Self::of_box([ends(figure.x.range), ends(figure.y.range), ends(high)], turn, plot);
        }
        let mut low = [f64::INFINITY; 3];
        let mut high = [f64::NEG_INFINITY; 3];
        for p in points_of(figure) {
            for i in 0..3 {
                low[i] = low[i].min(p[i]);
                high[i] = high[i].max(p[i]);
            }
        }
        let centre = [0, 1, 2].map(|i| if low[i] <= high[i] { (low[i] + high[i]) / 2.0 } else { 0.0 });
        let distance = |p: [f64; 3]| (0..3).map(|i| (p[i] - centre[i]).powi(2)).sum::<f64>().sqrt();
        let radius = points_of(figure).map(distance).fold(0.0, f64::max);
        let radius = if radius > 1e-30 { radius } else { 1.0 };
        // Room at the rim for the axes' names.
        let zoom = 0.5 * plot.width().min(plot.height()) * 0.86 / radius;
        Self { turn, centre, scale: [1.0; 3], radius, middle: plot.centre(), zoom }
    }

    /// Fills a box of fixed proportions. Its size on the screen does not depend on the direction.
    fn of_box(ends: [(f64, f64); 3], turn: [[f64; 3]; 3], plot: &Rect) -> Self {
        let half = [1.0, 1.0, HEIGHT];
        let centre = ends.map(|(low, high)| 0.5 * low + 0.5 * high);
        let scale = [0, 1, 2].map(|i| half[i] / (0.5 * ends[i].1 - 0.5 * ends[i].0));
        // What turning sweeps: a disc seen from above, a taller shape from the side.
        let (wide, high) = (2f64.sqrt(), (2.0 + HEIGHT * HEIGHT).sqrt());
        let zoom = (0.5 * plot.width() * 0.8 / wide).min(0.5 * plot.height() * 0.9 / high);
        Self { turn, centre, scale, radius: high, middle: plot.centre(), zoom }
    }

    /// How far a step along each axis goes away from the viewer.
    pub(crate) fn away(&self) -> [f64; 3] {
        self.turn[2]
    }

    /// The pixel at a place of the box, whose corners are at -1 and 1 along each axis.
    pub(crate) fn corner(&self, place: [f64; 3]) -> Point {
        let half = [1.0, 1.0, HEIGHT];
        self.project([0, 1, 2].map(|i| self.centre[i] + place[i] * half[i] / self.scale[i])).0
    }

    /// The coordinates in the box of unit scale, for the light.
    pub(crate) fn scaled(&self, p: [f64; 3]) -> [f64; 3] {
        [0, 1, 2].map(|i| (p[i] - self.centre[i]) * self.scale[i])
    }

    /// The pixel and depth of an end of an axis.
    pub(crate) fn end(&self, axis: usize, sign: f64) -> (Point, f64) {
        let mut p = self.centre;
        p[axis] += sign * self.radius;
        self.project(p)
    }

    /// The pixel of a point and its depth, from -1 (near) to 1 (far).
    pub(crate) fn project(&self, p: [f64; 3]) -> (Point, f64) {
        let d = self.scaled(p);
        let [right, up, away] = self.turn.map(|row| row[0] * d[0] + row[1] * d[1] + row[2] * d[2]);
        ((self.middle.0 + self.zoom * right, self.middle.1 - self.zoom * up), (away / self.radius).clamp(-1.0, 1.0))
    }
}
