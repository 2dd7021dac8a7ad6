//! The output all around the window.

use data::toys::Points;
use figures::{Axis, Figure, Layer, Role, Samples, Stroke, View};
use nets::mlp::Trainer;

use super::chain::{Piece, Point, chains, samples, zero_line};
use super::picture::{data_points, line, output_colours, output_end};
use super::settings::{Data, Settings};
use crate::job::{Checkpoint, JobError};

/// Cells a side.
const SIDE: usize = 128;
/// The data lie within 1.
const LEAST_REACH: f64 = 1.5;

/// The output of a net on a grid around the origin.
pub(super) struct Output {
    reach: f64,
    values: Vec<f32>,
}

/// Half the side of the square that is shown. It does not depend on the centre while that is dragged within.
pub(super) fn reach(settings: &Settings, points: &Points) -> f64 {
    let [x, y] = settings.centre.map(f64::abs);
    let farthest = points.xy.iter().fold(0.0f32, |most, x| most.max(x.abs()));
    let points = if matches!(settings.net.data, Data::Drawn(_)) { f64::from(farthest) } else { 0.0 };
    LEAST_REACH.max(1.25 * settings.half_width).max(x).max(y).max(points)
}

impl Output {
    pub(super) async fn new(reach: f64, net: &mut Trainer, pace: &mut dyn Checkpoint) -> Result<Self, JobError> {
        let mut values = vec![0.0; SIDE * SIDE];
        for (row, values) in values.chunks_exact_mut(SIDE).enumerate() {
            if row % 8 == 0 {
                pace.checkpoint().await?;
            }
            let xy: Vec<f32> = (0..SIDE).flat_map(|column| centre(reach, column, row)).map(|x| x as f32).collect();
            net.outputs(SIDE, &xy, values)?;
        }
        Ok(Self { reach, values })
    }

    pub(super) fn figure(&self, settings: &Settings, points: &Points) -> Figure {
        let r = self.reach;
        let axis = |label| Axis::linear(label, -r, r);
        let mut figure = Figure::blank("output", axis("x"), axis("y"));
        figure.view = View::Square;
        figure.alt = "The output of the net with the points of both classes, and the window.".into();
        let end = output_end(self.values.iter().map(|f| f64::from(f.abs())).collect());
        figure.layers.push(Layer::Heat {
            columns: SIDE as u32,
            values: Samples(self.values.clone()),
            x: (-r, r),
            y: (-r, r),
            colours: output_colours(end),
        });
        let decision = samples(&chains(&self.decision(), 1e-7 * r));
        figure.layers.push(line("", Role::Critical, Stroke::Solid, decision));
        figure.layers.extend(data_points(points));
        if matches!(settings.net.data, Data::Drawn(_)) {
            figure.layers.push(Layer::Pen { points_control: "points".into(), class_control: "pen".into() });
        }
        let w = settings.window();
        let corners = w.corners();
        let frame = samples(&[corners.into_iter().chain([corners[0]]).collect()]);
        figure.layers.push(line("window", Role::Accent, Stroke::Solid, frame));
        figure.layers.push(Layer::Handle {
            x: settings.centre[0],
            y: settings.centre[1],
            x_control: "centre_x".into(),
            y_control: "centre_y".into(),
        });
        figure
    }

    /// Where the output is 0, on triangles between the centres of cells.
    fn decision(&self) -> Vec<Piece> {
        let corner =
            |column: usize, row: usize| (centre(self.reach, column, row), f64::from(self.values[row * SIDE + column]));
        let mut pieces = Vec::new();
        for (column, row) in (1..SIDE).flat_map(|row| (1..SIDE).map(move |column| (column, row))) {
            let square = [(column - 1, row - 1), (column, row - 1), (column, row), (column - 1, row)];
            let [a, b, c, d] = square.map(|(column, row)| corner(column, row));
            for triangle in [[a, b, c], [a, c, d]] {
                pieces.extend(zero_line(&triangle.map(|t| t.0), &triangle.map(|t| t.1)));
            }
        }
        pieces
    }
}

fn centre(reach: f64, column: usize, row: usize) -> Point {
    [column, row].map(|index| reach * ((2 * index + 1) as f64 / SIDE as f64 - 1.0))
}
