//! What a picture contains: axes, and layers of data upon them. No pixel and no colour is decided here.

use serde::{Deserialize, Serialize};

use crate::Samples;

/// One picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The id of its declaration, e.g. `correlation-depth`.
    pub id: String,
    /// What it shows now, in a few words; the page shows it above the picture.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// Painted in order.
    pub layers: Vec<Layer>,
    /// How the plane of the picture is used.
    pub view: View,
    /// The message of the picture in one sentence, for those who do not see it.
    pub alt: String,
    /// Why there is nothing to see, or what to mind; painted in the plot area.
    pub note: Option<String>,
    /// What computed the measured part, e.g. `CPU, 2 cores`; empty where all is theory.
    pub device: String,
}

impl Figure {
    /// Whether a graphics device computed it.
    #[must_use]
    pub fn is_of_gpu(&self) -> bool {
        self.device.starts_with("GPU")
    }

    /// A figure on two axes of free aspect, without title, words and content.
    #[must_use]
    pub fn blank(id: &str, x: Axis, y: Axis) -> Self {
        Self {
            id: id.into(),
            title: String::new(),
            x,
            y,
            layers: Vec::new(),
            view: View::Plane,
            alt: String::new(),
            note: None,
            device: String::new(),
        }
    }
}

/// How a figure's plane is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum View {
    /// Two axes, free aspect.
    Plane,
    /// Two axes of equal length (a map of an interval to itself, a matrix).
    Square,
    /// A cloud in three dimensions, seen from a direction that the viewer turns; `x` and `y` ranges are unused.
    Orbit,
}

/// One axis.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Axis {
    /// Name, symbol and unit, e.g. `layer l`.
    pub label: String,
    /// Linear or logarithmic.
    pub scale: Scale,
    /// The lower and upper end, in data units; both finite, lower < upper, both > 0 on a logarithmic axis.
    pub range: (f64, f64),
    /// Named positions in place of numbers (the classes of a matrix); empty for numbers.
    pub names: Vec<(f64, String)>,
}

impl Axis {
    /// A linear axis.
    #[must_use]
    pub fn linear(label: &str, low: f64, high: f64) -> Self {
        Self { label: label.into(), scale: Scale::Linear, range: (low, high), names: Vec::new() }
    }

    /// A logarithmic axis, base 10.
    #[must_use]
    pub fn log(label: &str, low: f64, high: f64) -> Self {
        Self { label: label.into(), scale: Scale::Log, range: (low, high), names: Vec::new() }
    }
}

/// How an axis maps numbers to lengths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Scale {
    /// Equal differences, equal lengths.
    Linear,
    /// Equal ratios, equal lengths.
    Log,
}

/// What a mark means; the same meaning has the same look in every figure.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Role {
    /// A prediction.
    Theory,
    /// A measurement on simulated or trained nets.
    Simulation,
    /// The state that the controls are at.
    Accent,
    /// The ordered phase.
    Ordered,
    /// The chaotic phase.
    Chaotic,
    /// Where something is critical.
    Critical,
    /// Help lines: a diagonal, an asymptote.
    Neutral,
}

/// How a line is stroked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Stroke {
    /// Unbroken.
    Solid,
    /// Dashes: a second theory, an approximation, an asymptote.
    Dashed,
    /// Thin and unbroken: cobwebs, help lines.
    Thin,
}

/// A colour map over values.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct ColourScale {
    /// Name, symbol and unit of what is coloured.
    pub label: String,
    /// Which map.
    pub map: ColourMap,
    /// Values at the ends; values beyond are painted as the ends, NaN is not painted.
    pub range: (f32, f32),
    /// Marked positions on the colour bar with their names; empty for numbers.
    pub names: Vec<(f32, String)>,
}

/// Perceptually even colour maps that colour-blind people can read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum ColourMap {
    /// Dark to bright.
    Sequential,
    /// From the ordered to the chaotic colour through a neutral one at the middle of the range.
    Diverging,
}

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
    /// What computes the picture says in words what lies at a place of it.
    Probe,
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
        Self::Points { name: name.into(), role, x, y, spread: Samples::default() }
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
        }
    }
}
