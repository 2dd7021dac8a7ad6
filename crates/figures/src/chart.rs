//! A figure in a few lines.

use crate::model::{Axis, Cells, ColourScale, Device, Figure, Layer, Pixels, Role, Shape, Stroke, View};
use crate::samples::Samples;

/// Builds a [`Figure`] layer by layer, from below.
///
/// ```
/// use figures::{Axis, Chart, Role};
/// let chart = Chart::new("error", Axis::linear("layer l", 0.0, 4.0), Axis::decades("error", [0.02, 0.5]))
///     .line("theory", Role::Theory, [(0.0, 0.5), (4.0, 0.03)])
///     .points_with_bars("20 nets", Role::Simulation, [(0.0, 0.48, 0.1), (4.0, 0.02, 0.01)])
///     .rule_at_x("ξ_c", Role::Critical, 2.5)
///     .title("falls by a factor of 16");
/// assert_eq!(chart.build().layers.len(), 3);
/// ```
#[derive(Clone, Debug, PartialEq)]
#[must_use]
pub struct Chart(Figure);

/// Abscissae and ordinates.
fn columns(points: impl IntoIterator<Item = (f64, f64)>) -> (Samples, Samples) {
    let (x, y): (Vec<f64>, Vec<f64>) = points.into_iter().unzip();
    (Samples::from_f64(x), Samples::from_f64(y))
}

/// Three columns.
fn three_columns(points: impl IntoIterator<Item = (f64, f64, f64)>) -> [Samples; 3] {
    let points: Vec<_> = points.into_iter().collect();
    [
        Samples::from_f64(points.iter().map(|p| p.0)),
        Samples::from_f64(points.iter().map(|p| p.1)),
        Samples::from_f64(points.iter().map(|p| p.2)),
    ]
}

impl Chart {
    /// On two axes of free aspect, without content.
    pub fn new(id: &str, x: Axis, y: Axis) -> Self {
        Self(Figure::blank(id, x, y))
    }

    /// Nothing to see, not even axes, and why.
    pub fn empty(id: &str, note: &str) -> Self {
        Self::images(id).note(note).alt(format!("Nothing to show. {note}"))
    }

    /// Images without axes: [`Chart::image_grid`] puts them in.
    pub fn images(id: &str) -> Self {
        let mut chart = Self::new(id, Axis::linear("", 0.0, 1.0), Axis::linear("", 0.0, 1.0));
        chart.0.view = View::Images;
        chart
    }

    /// Any layer.
    pub fn layer(mut self, layer: Layer) -> Self {
        self.0.layers.push(layer);
        self
    }

    /// Any layers.
    pub fn layers(mut self, layers: impl IntoIterator<Item = Layer>) -> Self {
        self.0.layers.extend(layers);
        self
    }

    /// What `add` makes of the chart, if there is anything to add.
    pub fn with<T>(self, what: Option<T>, add: impl FnOnce(Self, T) -> Self) -> Self {
        match what {
            Some(what) => add(self, what),
            None => self,
        }
    }

    /// What `add` makes of the chart for one item after the other.
    pub fn with_each<T>(self, items: impl IntoIterator<Item = T>, add: impl FnMut(Self, T) -> Self) -> Self {
        items.into_iter().fold(self, add)
    }

    /// A line through points; a NaN breaks it.
    pub fn line(self, name: &str, role: Role, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        self.layer(Layer::line(name, role, Stroke::Solid, points))
    }

    /// A dashed line: a second theory, an approximation, an asymptote.
    pub fn dashed(self, name: &str, role: Role, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        self.layer(Layer::line(name, role, Stroke::Dashed, points))
    }

    /// A thin line: a cobweb, a help line.
    pub fn thin(self, name: &str, role: Role, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        self.layer(Layer::line(name, role, Stroke::Thin, points))
    }

    /// Points without bars.
    pub fn points(self, name: &str, role: Role, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        self.layer(Layer::points(name, role, points))
    }

    /// Points with the half lengths of their bars.
    pub fn points_with_bars(self, name: &str, role: Role, points: impl IntoIterator<Item = (f64, f64, f64)>) -> Self {
        self.layer(Layer::points_with_bars(name, role, points))
    }

    /// The shape of the points that were added last, in place of the next one of the figure.
    pub fn shape(mut self, shape: Shape) -> Self {
        let points = self.0.layers.iter_mut().rev().find_map(|layer| match layer {
            Layer::Points { shape, .. } => Some(shape),
            _ => None,
        });
        if let Some(slot) = points {
            *slot = Some(shape);
        }
        self
    }

    /// The area between two curves, as abscissa, lower and upper ordinate.
    pub fn band(self, name: &str, role: Role, curves: impl IntoIterator<Item = (f64, f64, f64)>) -> Self {
        let [x, low, high] = three_columns(curves);
        self.layer(Layer::Band { name: name.into(), role, x, low, high })
    }

    /// An upright line at an abscissa.
    pub fn rule_at_x(self, name: &str, role: Role, at: f64) -> Self {
        self.layer(Layer::Rule { name: name.into(), role, at, upright: true })
    }

    /// A level line at an ordinate.
    pub fn rule_at_y(self, name: &str, role: Role, at: f64) -> Self {
        self.layer(Layer::Rule { name: name.into(), role, at, upright: false })
    }

    /// A word centred at a point.
    pub fn text(self, text: &str, role: Role, x: f64, y: f64) -> Self {
        self.layer(Layer::Text { text: text.into(), role, x, y })
    }

    /// Bars as position and signed height. Several series stand side by side.
    pub fn bars(self, name: &str, role: Role, bars: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let (x, y) = columns(bars);
        self.layer(Layer::Bars { name: name.into(), role, x, y, spread: Samples::default() })
    }

    /// Bars as position, signed height and half length of the error bar.
    pub fn bars_with_spread(self, name: &str, role: Role, bars: impl IntoIterator<Item = (f64, f64, f64)>) -> Self {
        let [x, y, spread] = three_columns(bars);
        self.layer(Layer::Bars { name: name.into(), role, x, y, spread })
    }

    /// Counts or densities between `n + 1` edges.
    pub fn histogram(
        self,
        name: &str,
        role: Role,
        edges: impl IntoIterator<Item = f64>,
        heights: impl IntoIterator<Item = f64>,
    ) -> Self {
        let (edges, heights) = (Samples::from_f64(edges), Samples::from_f64(heights));
        self.layer(Layer::Histogram { name: name.into(), role, edges, heights })
    }

    /// Where the values of a grid are at some levels, with the levels beside the lines.
    pub fn contours(self, name: &str, role: Role, cells: Cells, levels: impl IntoIterator<Item = f64>) -> Self {
        let levels = Samples::from_f64(levels);
        self.layer(Layer::Contours { name: name.into(), role, stroke: Stroke::Thin, cells, levels, labelled: true })
    }

    /// Where the values of a grid are at one level, as a line without a number: a boundary.
    pub fn boundary(self, name: &str, role: Role, cells: Cells, level: f64) -> Self {
        let levels = Samples::from_f64([level]);
        self.layer(Layer::Contours { name: name.into(), role, stroke: Stroke::Solid, cells, levels, labelled: false })
    }

    /// A heat map.
    pub fn heat(self, cells: Cells, colours: ColourScale) -> Self {
        let Cells { columns, values, x, y } = cells;
        self.layer(Layer::Heat { columns, values, x, y, colours })
    }

    /// Images of `size` rows and columns with captions below; the figure becomes one of images.
    pub fn image_grid(
        mut self,
        size: (u32, u32),
        pixels: Pixels,
        colours: ColourScale,
        captions: impl IntoIterator<Item = impl Into<String>>,
    ) -> Self {
        self.0.view = View::Images;
        let captions = captions.into_iter().map(Into::into).collect();
        self.layer(Layer::ImageGrid { size, pixels, colours, captions, selected: None, control: String::new() })
    }

    /// Marks an image of the grid that was added last, and lets a click on another set a control to its number.
    pub fn choosing(mut self, image: Option<u32>, key: &str) -> Self {
        if let Some(Layer::ImageGrid { selected, control, .. }) =
            self.0.layers.iter_mut().rev().find(|layer| matches!(layer, Layer::ImageGrid { .. }))
        {
            (*selected, *control) = (image, key.into());
        }
        self
    }

    /// The way of a point with three arrow heads, from pale to full.
    pub fn path(self, name: &str, role: Role, points: impl IntoIterator<Item = (f64, f64)>) -> Self {
        let (x, y) = columns(points);
        self.layer(Layer::Path { name: name.into(), role, x, y, heads: 3, fading: true })
    }

    /// A field of arrows as place and reach.
    pub fn arrows(self, name: &str, role: Role, arrows: impl IntoIterator<Item = ((f64, f64), (f64, f64))>) -> Self {
        let (tails, reaches): (Vec<_>, Vec<_>) = arrows.into_iter().unzip();
        let ((x, y), (dx, dy)) = (columns(tails), columns(reaches));
        self.layer(Layer::Arrows { name: name.into(), role, x, y, dx, dy })
    }

    /// The graph of a function of two numbers, with a mesh; the figure becomes one that the viewer turns.
    pub fn surface(self, name: &str, cells: Cells, colours: ColourScale) -> Self {
        self.layer(Layer::Surface { name: name.into(), cells, colours, mesh: true }).orbit()
    }

    /// Points in space.
    pub fn points3(self, name: &str, role: Role, points: impl IntoIterator<Item = [f64; 3]>) -> Self {
        let points = Samples::from_f64(points.into_iter().flatten());
        self.layer(Layer::Points3 { name: name.into(), role, points, joined: false }).orbit()
    }

    /// The way of a point in space.
    pub fn path3(self, name: &str, role: Role, points: impl IntoIterator<Item = [f64; 3]>) -> Self {
        let points = Samples::from_f64(points.into_iter().flatten());
        self.layer(Layer::Points3 { name: name.into(), role, points, joined: true }).orbit()
    }

    /// A curve in space, coloured along its length.
    pub fn curve3(self, name: &str, points: Samples, closed: bool) -> Self {
        self.layer(Layer::Curve3 { name: name.into(), points, closed }).orbit()
    }

    /// A handle whose abscissa sets a control.
    pub fn handle_x(self, control: &str, x: f64, y: f64) -> Self {
        self.handle_xy(control, "", x, y)
    }

    /// A handle whose ordinate sets a control.
    pub fn handle_y(self, control: &str, x: f64, y: f64) -> Self {
        self.handle_xy("", control, x, y)
    }

    /// A handle that sets two controls.
    pub fn handle_xy(self, x_control: &str, y_control: &str, x: f64, y: f64) -> Self {
        self.layer(Layer::Handle { x, y, x_control: x_control.into(), y_control: y_control.into() })
    }

    /// What it shows now, in a few words.
    pub fn title(mut self, title: impl Into<String>) -> Self {
        self.0.title = title.into();
        self
    }

    /// The message in one sentence, for those who do not see it.
    pub fn alt(mut self, alt: impl Into<String>) -> Self {
        self.0.alt = alt.into();
        self
    }

    /// Why there is nothing to see, or what to mind.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.0.note = Some(note.into());
        self
    }

    /// What computed the measured part.
    pub fn device(mut self, device: Device) -> Self {
        self.0.device = device;
        self
    }

    /// With axes of equal length.
    pub fn square(mut self) -> Self {
        self.0.view = View::Square;
        self
    }

    /// Space, seen from a direction that the viewer turns.
    pub fn orbit(mut self) -> Self {
        self.0.view = View::Orbit;
        self
    }

    /// The figure. One without words for those who do not see it gets some: its title, its axes and the names of its series.
    #[must_use]
    pub fn build(self) -> Figure {
        let mut figure = self.0;
        if figure.alt.is_empty() {
            figure.alt = words(&figure);
        }
        figure
    }
}

impl From<Chart> for Figure {
    fn from(chart: Chart) -> Self {
        chart.build()
    }
}

/// What can be said of a figure without knowing what it is about.
fn words(figure: &Figure) -> String {
    let mut names: Vec<&str> = figure.layers.iter().map(Layer::name).filter(|name| !name.is_empty()).collect();
    names.dedup();
    let mut sentences = Vec::new();
    if !figure.title.is_empty() {
        sentences.push(figure.title.clone());
    }
    if !(figure.x.label.is_empty() || figure.y.label.is_empty()) {
        sentences.push(format!("{} against {}", figure.y.label, figure.x.label));
    }
    if !names.is_empty() {
        sentences.push(names.join("; "));
    }
    sentences.iter().map(|sentence| format!("{sentence}.")).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn axes() -> (Axis, Axis) {
        (Axis::linear("layer l", 0.0, 1.0), Axis::linear("length q", 0.0, 1.0))
    }

    #[test]
    fn a_chart_without_words_for_the_blind_gets_some() {
        let (x, y) = axes();
        let chart = Chart::new("f", x, y).line("theory", Role::Theory, [(0.0, 1.0)]).line("", Role::Neutral, []);
        assert_eq!(chart.clone().build().alt, "length q against layer l. theory.");
        assert_eq!(chart.clone().title("falls").build().alt, "falls. length q against layer l. theory.");
        assert_eq!(chart.alt("It falls.").build().alt, "It falls.");
    }

    #[test]
    fn modifiers_change_the_last_of_their_kind() {
        let (x, y) = axes();
        let pixels = Pixels::Bytes(vec![0; 8]);
        let grey = ColourScale::new("ink", crate::ColourMap::Grey, (0.0, 255.0));
        let figure = Chart::new("f", x, y)
            .shape(Shape::Cross)
            .points("a", Role::Simulation, [(0.0, 0.0)])
            .points("b", Role::Simulation, [(0.0, 0.0)])
            .shape(Shape::Cross)
            .image_grid((2, 2), pixels, grey, ["one", "two"])
            .choosing(Some(1), "image")
            .build();
        let [Layer::Points { shape: None, .. }, Layer::Points { shape: Some(Shape::Cross), .. }, images] =
            figure.layers.as_slice()
        else {
            panic!("{:?}", figure.layers)
        };
        let Layer::ImageGrid { selected: Some(1), control, .. } = images else { panic!("{images:?}") };
        assert_eq!((control.as_str(), figure.view), ("image", View::Images));
    }
}
