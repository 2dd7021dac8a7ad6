//! The legend: what it lists, how large it is, and the corner where it covers least.

use crate::area::PlotArea;
use crate::clip::{Point, Rect};
use crate::model::{ColourMap, Figure, Layer, Role, Shape, Stroke};
use crate::points::shapes;
use crate::text::{elide, width};
use crate::theme::Style;
use crate::traces::{Trace, covered};

/// One line of the legend. Layers of one name and meaning share it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Entry {
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) line: Option<Stroke>,
    pub(crate) points: Option<Shape>,
    pub(crate) spread: bool,
    pub(crate) band: bool,
    pub(crate) bars: bool,
    pub(crate) histogram: bool,
    pub(crate) arrow: bool,
    pub(crate) hatch: bool,
    pub(crate) map: Option<ColourMap>,
    pub(crate) curve: bool,
}

impl Entry {
    fn new(name: &str, role: Role) -> Self {
        Self {
            name: name.into(),
            role,
            line: None,
            points: None,
            spread: false,
            band: false,
            bars: false,
            histogram: false,
            arrow: false,
            hatch: false,
            map: None,
            curve: false,
        }
    }
}

/// The name and the meaning of a layer that the legend lists.
fn name_and_role(layer: &Layer) -> Option<(&str, Role)> {
    let (name, role) = match layer {
        Layer::Line { name, role, .. }
        | Layer::Points { name, role, .. }
        | Layer::Band { name, role, .. }
        | Layer::Bars { name, role, .. }
        | Layer::Histogram { name, role, .. }
        | Layer::Contours { name, role, .. }
        | Layer::Path { name, role, .. }
        | Layer::Arrows { name, role, .. }
        | Layer::Points3 { name, role, .. } => (name, *role),
        Layer::Curve3 { name, .. } | Layer::Surface { name, .. } => (name, Role::Theory),
        // Only if there are such cells.
        Layer::Heat { colours, values, .. } if values.iter().any(f32::is_nan) => (&colours.undefined, Role::Neutral),
        Layer::Heat { .. }
        | Layer::ImageGrid { .. }
        | Layer::Rule { .. }
        | Layer::Text { .. }
        | Layer::Handle { .. }
        | Layer::Window { .. }
        | Layer::Pen { .. }
        | Layer::Pad { .. }
        | Layer::Probe => return None,
    };
    (!name.is_empty()).then_some((name, role))
}

/// The entries of a figure in the order of its layers.
pub(crate) fn entries(figure: &Figure) -> Vec<Entry> {
    let mut out: Vec<Entry> = Vec::new();
    let shapes = shapes(figure);
    for (layer, shape) in figure.layers.iter().zip(shapes) {
        let Some((name, role)) = name_and_role(layer) else { continue };
        let found = out.iter().position(|e| e.name == *name && e.role == role);
        let index = found.unwrap_or_else(|| {
            out.push(Entry::new(name, role));
            out.len() - 1
        });
        let entry = &mut out[index];
        match layer {
            Layer::Line { stroke, .. } | Layer::Contours { stroke, .. } => entry.line = entry.line.or(Some(*stroke)),
            Layer::Points { spread, .. } => {
                entry.points = Some(shape);
                entry.spread |= !spread.is_empty();
            }
            Layer::Band { .. } => entry.band = true,
            Layer::Bars { .. } => entry.bars = true,
            Layer::Histogram { .. } => entry.histogram = true,
            Layer::Path { .. } | Layer::Arrows { .. } => {
                entry.line = Some(Stroke::Solid);
                entry.arrow = true;
            }
            Layer::Points3 { joined: true, .. } => entry.line = Some(Stroke::Solid),
            Layer::Points3 { .. } => entry.points = Some(Shape::Disc),
            Layer::Heat { .. } => entry.hatch = true,
            Layer::Surface { colours, .. } => entry.map = Some(colours.map),
            Layer::Curve3 { .. } => entry.curve = true,
            _ => {}
        }
    }
    out
}

/// An entry with its place: the swatch from `at` to the right for [`swatch_width`], then the name, both centred at `at.1`.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Placed {
    pub(crate) entry: Entry,
    pub(crate) at: Point,
}

/// A laid-out legend.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Legend {
    /// The ground to paint under it; `None` outside the plot.
    pub(crate) ground: Option<Rect>,
    pub(crate) placed: Vec<Placed>,
}

pub(crate) fn swatch_width(style: &Style) -> f64 {
    1.9 * style.small_text()
}

fn gap(style: &Style) -> f64 {
    0.5 * style.small_text()
}

fn row_height(style: &Style) -> f64 {
    1.5 * style.small_text()
}

fn entry_width(entry: &Entry, style: &Style) -> f64 {
    swatch_width(style) + gap(style) + width(&entry.name, style.small_text())
}

fn box_size(entries: &[Entry], style: &Style) -> (f64, f64) {
    let widest = entries.iter().map(|e| entry_width(e, style)).fold(0.0, f64::max);
    let margin = gap(style);
    (widest + 2.0 * margin, entries.len() as f64 * row_height(style) + margin)
}

/// From so many entries on a legend within the plot would hide some of what it names.
const MANY: usize = 4;

/// Whether the legend stands above the plot: on a small canvas, or if it would fill the plot. Depends on names and size
/// only, so that the plot does not jump while values change.
pub(crate) fn is_strip(entries: &[Entry], size: (f64, f64), style: &Style) -> bool {
    let (box_width, box_height) = box_size(entries, style);
    entries.len() >= MANY || size.0 < 32.0 * style.text() || box_width > 0.4 * size.0 || box_height > 0.45 * size.1
}

/// The rows of a strip of width `room`: at most three, names cut to fit; what does not fit is left out.
pub(crate) fn strip_rows(entries: &[Entry], room: f64, style: &Style) -> Vec<Vec<Entry>> {
    let mut rows: Vec<Vec<Entry>> = Vec::new();
    let mut used = f64::INFINITY;
    for entry in entries {
        let mut entry = entry.clone();
        let text_room = room - swatch_width(style) - gap(style);
        entry.name = elide(&entry.name, style.small_text(), text_room);
        if entry.name.is_empty() {
            continue;
        }
        let wide = entry_width(&entry, style) + 2.0 * gap(style);
        if used + wide > room + 2.0 * gap(style) {
            if rows.len() == 3 {
                break;
            }
            rows.push(Vec::new());
            used = 0.0;
        }
        used += wide;
        if let Some(row) = rows.last_mut() {
            row.push(entry);
        }
    }
    rows
}

pub(crate) fn strip_height(rows: usize, style: &Style) -> f64 {
    rows as f64 * row_height(style)
}

/// The width of the widest row of a strip.
pub(crate) fn strip_width(rows: &[Vec<Entry>], style: &Style) -> f64 {
    let row = |row: &Vec<Entry>| row.iter().map(|e| entry_width(e, style) + 2.0 * gap(style)).sum::<f64>();
    rows.iter().map(row).fold(0.0, f64::max) - 2.0 * gap(style)
}

/// Places the rows of a strip from the upper left corner on.
pub(crate) fn place_strip(rows: Vec<Vec<Entry>>, corner: Point, style: &Style) -> Legend {
    let mut placed = Vec::new();
    for (i, row) in rows.into_iter().enumerate() {
        let mut x = corner.0;
        for entry in row {
            let wide = entry_width(&entry, style) + 2.0 * gap(style);
            placed.push(Placed { entry, at: (x, corner.1 + (i as f64 + 0.5) * row_height(style)) });
            x += wide;
        }
    }
    Legend { ground: None, placed }
}

/// Places the legend in the part of the plot where it covers least.
pub(crate) fn place_inside(entries: Vec<Entry>, traces: &[Trace], area: &PlotArea, style: &Style) -> Legend {
    let (wide, high) = box_size(&entries, style);
    let plot = area.plot();
    let margin = 0.6 * style.text();
    let (left, right) = (plot.left + margin, plot.right - margin - wide);
    let (top, bottom) = (plot.top + margin, plot.bottom - margin - high);
    let (centre, middle) = ((left + right) / 2.0, (top + bottom) / 2.0);
    // What a place costs beside what it covers, in CSS pixels of line: the legend should not hop while the data moves a
    // little, and away from the corners it disturbs more.
    let corners = [
        (right, top, 0.0),
        (left, top, 10.0),
        (right, bottom, 20.0),
        (left, bottom, 30.0),
        (right, middle, 50.0),
        (left, middle, 55.0),
        (centre, top, 60.0),
        (centre, bottom, 65.0),
    ];
    let mut best = (f64::INFINITY, Rect { left: right, top, right: right + wide, bottom: top + high });
    for (x, y, penalty) in corners {
        let rect = Rect { left: x, top: y, right: x + wide, bottom: y + high };
        let cost = penalty + covered(traces, &rect, style.unit());
        if cost < best.0 {
            best = (cost, rect);
        }
    }
    let ground = best.1;
    let rows = entries.into_iter().enumerate().map(|(i, entry)| {
        let y = ground.top + gap(style) / 2.0 + (i as f64 + 0.5) * row_height(style);
        Placed { entry, at: (ground.left + gap(style), y) }
    });
    Legend { placed: rows.collect(), ground: Some(ground) }
}
