//! From space to the plane of the picture.

use crate::clip::{Point, Rect};
use crate::model::{Figure, Layer};
use crate::small::sin_cos;
use crate::theme::Style;

/// Turns space by yaw about the third axis, then by pitch about the screen's horizontal, and drops the depth.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Projection {
    /// Rows: right, up, away from the viewer.
    turn: [[f64; 3]; 3],
    pub(crate) centre: [f64; 3],
    /// Radius of a ball around the centre that holds all points, > 0.
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
            Layer::Curve3 { points, .. } => Some(&points.0),
            _ => None,
        })
        .flat_map(|values| values.as_chunks::<3>().0)
        .map(|p| p.map(f64::from))
        .filter(|p| p.iter().all(|v| v.is_finite()))
}

impl Projection {
    pub(crate) fn new(figure: &Figure, plot: &Rect, style: &Style) -> Self {
        let (sin_yaw, cos_yaw) = sin_cos(style.orbit.0);
        let (sin_pitch, cos_pitch) = sin_cos(style.orbit.1);
        let turn = [
            [cos_yaw, -sin_yaw, 0.0],
            [-sin_yaw * sin_pitch, -cos_yaw * sin_pitch, cos_pitch],
            [sin_yaw * cos_pitch, cos_yaw * cos_pitch, sin_pitch],
        ];
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
        Self { turn, centre, radius, middle: plot.centre(), zoom }
    }

    /// The pixel and depth of an end of an axis.
    pub(crate) fn end(&self, axis: usize, sign: f64) -> (Point, f64) {
        let mut p = self.centre;
        p[axis] += sign * self.radius;
        self.project(p)
    }

    /// The pixel of a point and its depth, from -1 (near) to 1 (far).
    pub(crate) fn project(&self, p: [f64; 3]) -> (Point, f64) {
        let d = [0, 1, 2].map(|i| p[i] - self.centre[i]);
        let [right, up, away] = self.turn.map(|row| row[0] * d[0] + row[1] * d[1] + row[2] * d[2]);
        ((self.middle.0 + self.zoom * right, self.middle.1 - self.zoom * up), (away / self.radius).clamp(-1.0, 1.0))
    }
}
