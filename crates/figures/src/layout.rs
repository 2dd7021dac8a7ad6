//! Where everything of a figure is: a pure function of the figure, the size of the canvas and the style.
//!
//! No text is measured, so that the axes layer, the data layer and the hit tests agree to the pixel on any backend.

use crate::area::PlotArea;
use crate::clip::{Point, Rect};
use crate::legend::{self, Legend};
use crate::model::{Axis, ColourScale, Figure, Layer, View};
use crate::mosaic::Mosaic;
use crate::projection::Projection;
use crate::scale::AxisMap;
use crate::text::{elide, width};
use crate::theme::Style;
use crate::ticks::{Tick, ticks};

/// A name and its place.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Name {
    pub(crate) text: String,
    pub(crate) at: Point,
}

/// The colour bar.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Bar {
    pub(crate) colours: ColourScale,
    pub(crate) rect: Rect,
    pub(crate) ticks: Vec<Tick>,
    pub(crate) map: AxisMap,
    pub(crate) name: Name,
}

/// Everything but the legend inside the plot, which depends on the data.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Frame {
    pub(crate) area: PlotArea,
    pub(crate) x_ticks: Vec<Tick>,
    pub(crate) y_ticks: Vec<Tick>,
    /// Centred below the plot.
    pub(crate) x_name: Name,
    /// Above the axis, horizontal, from the left: easier to read than upright.
    pub(crate) y_name: Name,
    pub(crate) bar: Option<Bar>,
    /// The legend above the plot on small canvases.
    pub(crate) strip: Option<Legend>,
    /// Whether the legend belongs inside the plot.
    pub(crate) legend_inside: bool,
}

fn colours_of(figure: &Figure) -> Option<&ColourScale> {
    figure.layers.iter().find_map(|layer| match layer {
        // Colours without a name are no scale to be read.
        Layer::Heat { colours, .. } | Layer::Surface { colours, .. } | Layer::ImageGrid { colours, .. } => {
            Some(colours).filter(|c| c.has_bar())
        }
        _ => None,
    })
}

fn bar_axis(colours: &ColourScale) -> Axis {
    let mut axis = Axis::linear("", f64::from(colours.range.0), f64::from(colours.range.1));
    axis.names = colours.names.iter().map(|(at, name)| (f64::from(*at), name.clone())).collect();
    axis
}

fn widest(ticks: &[Tick], px: f64) -> f64 {
    ticks.iter().map(|t| width(&t.label, px)).fold(0.0, f64::max)
}

impl Frame {
    pub(crate) fn new(figure: &Figure, size: (u32, u32), style: &Style) -> Self {
        let frame = Self::build(figure, size, style, false);
        let (plot, text) = (frame.area.plot, style.text());
        // Too small for words: only the data.
        if plot.width() < 3.0 * text || plot.height() < 2.0 * text {
            return Self::build(figure, size, style, true);
        }
        frame
    }

    fn build(figure: &Figure, size: (u32, u32), style: &Style, bare: bool) -> Self {
        let canvas = (f64::from(size.0), f64::from(size.1));
        let (unit, text) = (style.unit(), style.text());
        let entries = if bare { Vec::new() } else { legend::entries(figure) };
        // A map leaves no corner free.
        let has_map = figure.layers.iter().any(|layer| {
            matches!(layer, Layer::Heat { .. } | Layer::Contours { .. } | Layer::Surface { .. } | Layer::Arrows { .. })
        });
        let strip_like = has_map || legend::is_strip(&entries, canvas, style);
        let pad = 0.4 * text;
        let rows = if strip_like { legend::strip_rows(&entries, canvas.0 - 2.0 * pad, style) } else { Vec::new() };
        let strip_height = legend::strip_height(rows.len(), style);
        let legend_inside = !entries.is_empty() && !strip_like;
        if matches!(figure.view, View::Orbit | View::Images) {
            return Self::without_axes(figure, canvas, rows, legend_inside, bare, style);
        }

        let colours = if bare { None } else { colours_of(figure) };
        let row = 1.5 * text;
        let (x_label, y_label) = if bare { ("", "") } else { (figure.x.label.as_str(), figure.y.label.as_str()) };
        let bar_label = colours.map_or("", |c| c.label.as_str());
        let header_room = if figure.view == View::Square { canvas.0.min(canvas.1) } else { canvas.0 } - 2.0 * pad;
        let both = width(y_label, text) + width(bar_label, text) + 2.0 * text;
        let two_rows = !y_label.is_empty() && !bar_label.is_empty() && both > header_room;
        let header_rows =
            if two_rows { 2.0 } else { f64::from(u8::from(!y_label.is_empty() || !bar_label.is_empty())) };

        let small = style.small_text();
        let tick = tick_length(style);
        let margin = if bare { (2.0 * unit).min(0.25 * canvas.0.min(canvas.1)) } else { pad };
        let header = 0.2 * text + header_rows * row;
        let top = if bare { margin } else { header + strip_height + 0.5 * text };
        let tick_row = if bare { margin } else { tick + 1.4 * small };
        let below = tick_row + if x_label.is_empty() { 0.2 * text } else { row + 0.25 * text };
        let bottom = (canvas.1 - below).max(top + if bare { 0.0 } else { 1.0 });

        // The upright axes only need the height; the horizontal one needs what their labels leave.
        let y_extent = |_: &str| 2.3 * small;
        let upright = |axis: &Axis, top: f64, bottom: f64| {
            let map = AxisMap::new(axis, (bottom, top));
            let mut found = if bare { Vec::new() } else { ticks(axis, &map, bottom - top, &y_extent) };
            for tick in &mut found {
                tick.label = elide(&tick.label, small, 0.25 * canvas.0);
            }
            (found, map)
        };
        let (y_ticks, _) = upright(&figure.y, top, bottom);
        let left = if bare { margin } else { pad + widest(&y_ticks, small) + 0.35 * text + tick };
        let bar_width = 0.9 * text;
        let bar_space = colours.map_or(0.0, |colours| {
            let (found, _) = upright(&bar_axis(colours), top, bottom);
            0.9 * text + bar_width + tick + 0.35 * text + widest(&found, small)
        });
        let right_margin = if bare { margin } else { bar_space + pad.max(if colours.is_some() { 0.0 } else { text }) };
        let right = (canvas.0 - right_margin).max(left + if bare { 0.0 } else { 1.0 });
        // On whole pixels, so that maps and frames are sharp.
        let mut plot = Rect { left, top, right, bottom }.map(|v| style.edge(v));
        if figure.view == View::Square {
            let side = plot.width().min(plot.height()).max(1.0);
            let left = style.edge(plot.left + ((plot.width() - side) / 2.0).max(0.0));
            plot = Rect { left, top: plot.top, right: left + side, bottom: plot.top + side };
        }
        let (y_ticks, y_map) = upright(&figure.y, plot.top, plot.bottom);
        let x_map = AxisMap::new(&figure.x, (plot.left, plot.right));
        let x_extent = |label: &str| width(label, small) + 1.3 * small;
        let mut x_ticks = if bare { Vec::new() } else { ticks(&figure.x, &x_map, plot.width(), &x_extent) };
        for tick in &mut x_ticks {
            tick.label = elide(&tick.label, small, 0.4 * canvas.0);
        }

        let block = (plot.left - (left - pad), plot.right + right_margin - pad);
        let y_name =
            Name { text: elide(y_label, text, canvas.0 - pad - block.0), at: (block.0, 0.2 * text + row / 2.0) };
        let bar = colours.map(|colours| {
            let start = plot.right + 0.9 * text;
            let rect = Rect { left: start, right: start + bar_width, ..plot }.map(|v| style.edge(v));
            let (found, map) = upright(&bar_axis(colours), plot.top, plot.bottom);
            // Ends with the block, but starts on the canvas.
            let label = elide(bar_label, text, canvas.0 - 2.0 * pad);
            let end = block.1.max(pad + width(&label, text)).min(canvas.0 - pad);
            let name = Name { text: label, at: (end, 0.2 * text + (if two_rows { 1.5 } else { 0.5 }) * row) };
            Bar { colours: colours.clone(), rect, ticks: found, map, name }
        });
        let x_text = elide(x_label, text, canvas.0 - 2.0 * pad);
        let half = width(&x_text, text) / 2.0;
        let middle = plot.centre().0.min(canvas.0 - pad - half).max(pad + half);
        let x_name = Name { text: x_text, at: (middle, plot.bottom + tick_row + row / 2.0) };
        // Aligned with the name of the axis if there is room.
        let start = block.0.min(canvas.0 - pad - legend::strip_width(&rows, style)).max(pad);
        let strip = (!rows.is_empty()).then(|| legend::place_strip(rows, (start, header), style));
        let area = PlotArea { plot, x: x_map, y: y_map, orbit: None, mosaic: None, unit };
        Self { area, x_ticks, y_ticks, x_name, y_name, bar, strip, legend_inside }
    }

    /// Space, or images: a plot with a name below, and with a colour bar.
    fn without_axes(
        figure: &Figure,
        canvas: (f64, f64),
        rows: Vec<Vec<legend::Entry>>,
        legend_inside: bool,
        bare: bool,
        style: &Style,
    ) -> Self {
        let (text, small) = (style.text(), style.small_text());
        let has_surface = figure.layers.iter().any(|layer| matches!(layer, Layer::Surface { .. }));
        // The axes of a surface have their names beside them.
        let label = if bare || has_surface || figure.view == View::Images { "" } else { figure.x.label.as_str() };
        let pad = if bare { 0.0 } else { 0.4 * text };
        let colours = if bare { None } else { colours_of(figure) };
        let header = if colours.is_some() { 0.2 * text + 1.5 * text } else { 0.0 };
        let top = pad + header + legend::strip_height(rows.len(), style);
        let below = if label.is_empty() { pad } else { 1.9 * text };
        let bottom = (canvas.1 - below).max(top + 1.0);
        let (bar_width, tick) = (0.9 * text, tick_length(style));
        let upright = |colours: &ColourScale| {
            let axis = bar_axis(colours);
            let map = AxisMap::new(&axis, (bottom, top));
            let mut found = ticks(&axis, &map, bottom - top, &|_: &str| 2.3 * small);
            found.iter_mut().for_each(|tick| tick.label = elide(&tick.label, small, 0.25 * canvas.0));
            (found, map)
        };
        let bar_space = colours
            .map_or(0.0, |colours| 0.9 * text + bar_width + tick + 0.35 * text + widest(&upright(colours).0, small));
        let plot = Rect { left: pad, top, right: (canvas.0 - pad - bar_space).max(pad + 1.0), bottom };
        let bar = colours.map(|colours| {
            let start = plot.right + 0.9 * text;
            let rect = Rect { left: start, right: start + bar_width, ..plot }.map(|v| style.edge(v));
            let (ticks, map) = upright(colours);
            let label = elide(&colours.label, text, canvas.0 - 2.0 * pad);
            let name = Name { text: label, at: (canvas.0 - pad, 0.2 * text + 0.75 * text) };
            Bar { colours: colours.clone(), rect, ticks, map, name }
        });
        let name = elide(label, text, canvas.0 - 2.0 * pad);
        let strip = (!rows.is_empty()).then(|| legend::place_strip(rows, (pad, 0.2 * text + header), style));
        let area = PlotArea {
            plot,
            x: AxisMap::new(&figure.x, (plot.left, plot.right)),
            y: AxisMap::new(&figure.y, (plot.bottom, plot.top)),
            orbit: (figure.view == View::Orbit).then(|| Projection::new(figure, &plot, style)),
            mosaic: if figure.view == View::Images { Mosaic::new(figure, &plot, style) } else { None },
            unit: style.unit(),
        };
        Self {
            area,
            x_ticks: Vec::new(),
            y_ticks: Vec::new(),
            x_name: Name { text: name, at: (plot.centre().0, plot.bottom + 0.8 * text) },
            y_name: Name { text: String::new(), at: (0.0, 0.0) },
            bar,
            strip,
            legend_inside,
        }
    }
}

/// Length of a major tick in backend pixels.
pub(crate) fn tick_length(style: &Style) -> f64 {
    0.32 * style.text()
}
