//! One layer of a picture.

use serde::{Deserialize, Serialize};

use super::cells::{Cells, Pixels};
use super::colours::ColourScale;
use super::look::{Role, Shape, Stroke};
use crate::samples::Samples;

/// One layer of data. `x` and `y` have equal lengths; a NaN breaks a line.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub enum Layer {
    /// A polyline.
    Line {
        /// The name in the legend; empty for none.
        name: String,
        /// What it means.
        role: Role,
        /// How it is stroked.
        stroke: Stroke,
        /// Abscissae.
        x: Samples,
        /// Ordinates.
        y: Samples,
    },
    /// Points, with the half length of their error bars.
    Points {
        /// The name in the legend; empty for none.
        name: String,
        /// What they mean.
        role: Role,
        /// Abscissae.
        x: Samples,
        /// Ordinates.
        y: Samples,
        /// Half lengths of the error bars; empty for none.
        spread: Samples,
        /// Their shape; `None` for the next one of the figure: the first named series has discs, the second squares, …
        shape: Option<Shape>,
    },
    /// The area between two curves.
    Band {
        /// The name in the legend; empty for none.
        name: String,
        /// What it means.
        role: Role,
        /// Abscissae.
        x: Samples,
        /// The lower curve.
        low: Samples,
        /// The upper curve.
        high: Samples,
    },
    /// A grid of values, row-major, the first row at the low end of `y`; the cells fill `x` times `y`.
    Heat {
        /// Number of columns.
        columns: u32,
        /// `rows × columns` values.
        values: Samples,
        /// The span of the cells on the horizontal axis.
        x: (f64, f64),
        /// The span of the cells on the vertical axis.
        y: (f64, f64),
        /// The colours.
        colours: ColourScale,
    },
    /// A line across the whole plot area at one value.
    Rule {
        /// The text beside it; empty for none.
        name: String,
        /// What it means.
        role: Role,
        /// The value on the axis that it crosses.
        at: f64,
        /// True for an upright line at `x = at`.
        upright: bool,
    },
    /// A word in the plot area, centred at a point (the name of a phase).
    Text {
        /// The word.
        text: String,
        /// What it means.
        role: Role,
        /// Abscissa.
        x: f64,
        /// Ordinate.
        y: f64,
    },
    /// A point that is dragged or moved by arrow keys to set controls.
    Handle {
        /// Abscissa.
        x: f64,
        /// Ordinate.
        y: f64,
        /// The control that the abscissa sets; empty for none.
        x_control: String,
        /// The control that the ordinate sets; empty for none.
        y_control: String,
    },
    /// The picture is a window of a plane: dragging it moves the window, and zooming changes its size. It spans
    /// `centre ± half-width` on both axes.
    Window {
        /// The control of the centre's abscissa.
        x_control: String,
        /// The control of the centre's ordinate.
        y_control: String,
        /// The control of half the side.
        half_width_control: String,
    },
    /// A click draws a point, or removes one.
    Pen {
        /// The text control that holds the points.
        points_control: String,
        /// The choice of the class that a click draws; with shift it draws the other one.
        class_control: String,
    },
    /// A pad: a press that moves draws a stroke into a text control, in shares of the plot's sides from the upper left.
    Pad {
        /// The text control that holds the strokes.
        control: String,
    },
    /// What computes the picture says in words what lies at a place of it.
    Probe,
    /// One bar for each position, from 0 to its height; several such layers stand side by side.
    Bars {
        /// The name in the legend; empty for none.
        name: String,
        /// What they mean.
        role: Role,
        /// Positions; for categories the whole numbers, which the axis names.
        x: Samples,
        /// Signed heights.
        y: Samples,
        /// Half lengths of the error bars; empty for none.
        spread: Samples,
    },
    /// Counts or densities between edges.
    Histogram {
        /// The name in the legend; empty for none.
        name: String,
        /// What it means.
        role: Role,
        /// `n + 1` edges, ascending.
        edges: Samples,
        /// `n` counts or densities.
        heights: Samples,
    },
    /// Where the values of a grid are at some levels, by linear interpolation between the centres of cells. There is none
    /// beside a value that is NaN.
    Contours {
        /// The name in the legend; empty for none.
        name: String,
        /// What they mean.
        role: Role,
        /// How they are stroked.
        stroke: Stroke,
        /// The values.
        cells: Cells,
        /// The levels.
        levels: Samples,
        /// Whether each level is written beside its longest line.
        labelled: bool,
    },
    /// Equally large images, with captions below; in a figure of [`View::Images`] only.
    ///
    /// [`View::Images`]: crate::View::Images
    ImageGrid {
        /// Rows and columns of an image.
        size: (u32, u32),
        /// What they show.
        pixels: Pixels,
        /// The colours; its label is the name of a pixel's value.
        colours: ColourScale,
        /// A caption for each image, or none.
        captions: Vec<String>,
        /// The image that is marked.
        selected: Option<u32>,
        /// The control that a click on an image sets to its number, from 0; empty for none.
        control: String,
    },
    /// The way of a point: a line with arrow heads, a ring where it starts and a disc where it ends.
    Path {
        /// The name in the legend; empty for none.
        name: String,
        /// What it means.
        role: Role,
        /// Abscissae.
        x: Samples,
        /// Ordinates.
        y: Samples,
        /// How many arrow heads there are, at equal lengths of way.
        heads: u32,
        /// Whether it goes from pale at the start to the full colour at the end.
        fading: bool,
    },
    /// Arrows from `(x, y)` to `(x + dx, y + dy)`.
    Arrows {
        /// The name in the legend; empty for none.
        name: String,
        /// What they mean.
        role: Role,
        /// Abscissae of the tails.
        x: Samples,
        /// Ordinates of the tails.
        y: Samples,
        /// How far they reach to the right, in data units.
        dx: Samples,
        /// How far they reach up, in data units.
        dy: Samples,
    },
    /// The graph of a function of two numbers; in a figure of [`View::Orbit`] only, whose axes are those of its floor.
    /// At most 48 columns and rows are painted, evenly chosen.
    ///
    /// [`View::Orbit`]: crate::View::Orbit
    Surface {
        /// The name in the legend; empty for none.
        name: String,
        /// The heights.
        cells: Cells,
        /// The colours of heights; its range is that of the third axis, its label the name of it.
        colours: ColourScale,
        /// Whether lines of the grid are drawn.
        mesh: bool,
    },
    /// Points in space, e.g. on a surface; in a figure of [`View::Orbit`] only.
    ///
    /// [`View::Orbit`]: crate::View::Orbit
    Points3 {
        /// The name in the legend; empty for none.
        name: String,
        /// What they mean.
        role: Role,
        /// `points × 3` coordinates.
        points: Samples,
        /// Whether they are the way of a point: a line in place of points, a ring where it starts and a disc where it ends.
        joined: bool,
    },
    /// A closed or open curve in three dimensions, coloured along its length by a cyclic map.
    Curve3 {
        /// The name in the legend; empty for none.
        name: String,
        /// `points × 3` coordinates.
        points: Samples,
        /// Whether the last point joins the first.
        closed: bool,
    },
}

impl Layer {
    /// The name in the legend, or beside it; empty for none.
    #[must_use]
    pub fn name(&self) -> &str {
        match self {
            Self::Line { name, .. }
            | Self::Points { name, .. }
            | Self::Band { name, .. }
            | Self::Rule { name, .. }
            | Self::Bars { name, .. }
            | Self::Histogram { name, .. }
            | Self::Contours { name, .. }
            | Self::Path { name, .. }
            | Self::Arrows { name, .. }
            | Self::Surface { name, .. }
            | Self::Points3 { name, .. }
            | Self::Curve3 { name, .. } => name,
            Self::Heat { colours, .. } | Self::ImageGrid { colours, .. } => &colours.label,
            Self::Text { text, .. } => text,
            Self::Handle { .. } | Self::Window { .. } | Self::Pen { .. } | Self::Pad { .. } | Self::Probe => "",
        }
    }

    /// A line through points.
    #[must_use]
    pub fn line(name: &str, role: Role, stroke: Stroke, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
        Self::Line { name: name.into(), role, stroke, x: Samples::from_f64(x), y: Samples::from_f64(y) }
    }

    /// Points without bars.
    #[must_use]
    pub fn points(name: &str, role: Role, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
        let (x, y) = (Samples::from_f64(x), Samples::from_f64(y));
        Self::Points { name: name.into(), role, x, y, spread: Samples::default(), shape: None }
    }

    /// Points with the half lengths of their bars.
    #[must_use]
    pub fn points_with_bars(name: &str, role: Role, points: impl IntoIterator<Item = (f64, f64, f64)>) -> Self {
        let points: Vec<_> = points.into_iter().collect();
        Self::Points {
            name: name.into(),
            role,
            x: Samples::from_f64(points.iter().map(|p| p.0)),
            y: Samples::from_f64(points.iter().map(|p| p.1)),
            spread: Samples::from_f64(points.iter().map(|p| p.2)),
            shape: None,
        }
    }
}
