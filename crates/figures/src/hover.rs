//! The values under the pointer, or where the arrow keys have moved to.

use crate::area::PlotArea;
use crate::heat::Grid;
use crate::model::{Axis, Figure, Layer, Role, Scale};
use crate::number::format_number;
use crate::samples::Samples;
use crate::text::plain;

/// One value near a place in the plot.
#[derive(Clone, Debug, PartialEq)]
pub struct HoverValue {
    /// The name of the series, or of what a heat map colours; may be empty.
    pub name: String,
    /// The meaning of the series; `None` for a heat map or a curve in space.
    pub role: Option<Role>,
    /// The sample's pixel: where to put a marker.
    pub at: (f64, f64),
    /// Data: abscissa.
    pub x: f64,
    /// Data: ordinate.
    pub y: f64,
    /// Data: the ordinate at which the series begins, which tells the members of a family apart.
    pub first: Option<f64>,
    /// Data: the value of a heat map's cell.
    pub value: Option<f64>,
    /// The abscissa as text.
    pub x_text: String,
    /// The ordinate as text, with the half length of the error bar if there is one.
    pub y_text: String,
    /// The cell's value as text.
    pub value_text: Option<String>,
}

/// The sample of each series that is nearest to a pixel, and the cell of each heat map there; nothing outside of the plot.
///
/// A series whose abscissae only rise is read at the nearest abscissa, so that all series are read at one depth or one
/// time; any other (a cobweb, a closed curve) at its nearest point. Unnamed help lines are left out.
#[must_use]
pub fn values_at(figure: &Figure, area: &PlotArea, px: f64, py: f64) -> Vec<HoverValue> {
    if !area.plot().contains((px, py)) {
        return Vec::new();
    }
    let mut out = heat_values(figure, area, px, py);
    for layer in &figure.layers {
        out.extend(match layer {
            Layer::Line { name, role, x, y, .. } if !(name.is_empty() && *role == Role::Neutral) => {
                sample(figure, area, (px, py), name, *role, x, y, None)
            }
            Layer::Points { name, role, x, y, spread, .. } => {
                sample(figure, area, (px, py), name, *role, x, y, Some(spread))
            }
            Layer::Curve3 { name, points, .. } => in_space(area, (px, py), name, points),
            _ => None,
        });
    }
    out
}

fn heat_values(figure: &Figure, area: &PlotArea, px: f64, py: f64) -> Vec<HoverValue> {
    let cell = |layer: &Layer| {
        let Layer::Heat { columns, values, x, y, colours } = layer else { return None };
        let grid = Grid::new(*columns, values, *x, *y)?;
        let (column, row) = grid.cell(area, px, py)?;
        let value = *values.0.get((grid.rows - 1 - row) as usize * grid.columns as usize + column as usize)?;
        let at = grid.centre(area, (column, row));
        let (x_map, y_map) = area.axes();
        let (x, y) = (x_map.value(at.0), y_map.value(at.1));
        Some(HoverValue {
            name: plain(&colours.label),
            role: None,
            at,
            x,
            y,
            first: None,
            value: Some(f64::from(value)),
            x_text: place_text(&figure.x, x),
            y_text: place_text(&figure.y, y),
            value_text: Some(format_number(f64::from(value))),
        })
    };
    figure.layers.iter().filter_map(cell).collect()
}

/// The position's name if the axis names it, else its number.
fn place_text(axis: &Axis, value: f64) -> String {
    let close = match axis.scale {
        Scale::Linear => 1e-3 * (axis.range.1 - axis.range.0).abs(),
        Scale::Log => 1e-3 * value.abs(),
    };
    let named = axis.names.iter().find(|(at, _)| (at - value).abs() <= close);
    named.map_or_else(|| format_number(value), |(_, name)| plain(name))
}

fn nearest(area: &PlotArea, (px, py): (f64, f64), x: &Samples, y: &Samples) -> Option<usize> {
    let rising = x.0.is_sorted();
    let mut best = (f64::INFINITY, f64::INFINITY, None);
    for i in 0..x.len().min(y.len()) {
        let at = area.pixel_from_data(f64::from(x.0[i]), f64::from(y.0[i]));
        if at.0.is_nan() || at.1.is_nan() {
            continue;
        }
        let (dx, dy) = ((at.0 - px).abs(), (at.1 - py).abs());
        let rank = if rising { (dx, dy) } else { (dx.hypot(dy), 0.0) };
        if (rank.0, rank.1) < (best.0, best.1) {
            best = (rank.0, rank.1, Some(i));
        }
    }
    best.2
}

fn sample(
    figure: &Figure,
    area: &PlotArea,
    pointer: (f64, f64),
    name: &str,
    role: Role,
    x: &Samples,
    y: &Samples,
    spread: Option<&Samples>,
) -> Option<HoverValue> {
    let i = nearest(area, pointer, x, y)?;
    let first = y.iter().next().filter(|y| y.is_finite()).map(f64::from);
    let (x, y) = (f64::from(x.0[i]), f64::from(y.0[i]));
    let mut y_text = place_text(&figure.y, y);
    if let Some(half) = spread.and_then(|s| s.0.get(i)) {
        y_text = format!("{y_text} ± {}", format_number(f64::from(*half)));
    }
    Some(HoverValue {
        name: plain(name),
        role: Some(role),
        at: area.pixel_from_data(x, y),
        x,
        y,
        first,
        value: None,
        x_text: place_text(&figure.x, x),
        y_text,
        value_text: None,
    })
}

fn in_space(area: &PlotArea, (px, py): (f64, f64), name: &str, points: &Samples) -> Option<HoverValue> {
    let projection = area.projection()?;
    let projected =
        points.0.as_chunks::<3>().0.iter().map(|p| p.map(f64::from)).filter(|p| p.iter().all(|v| v.is_finite()));
    let (p, at) = projected
        .map(|p| (p, projection.project(p).0))
        .min_by(|(_, a), (_, b)| (a.0 - px).hypot(a.1 - py).total_cmp(&(b.0 - px).hypot(b.1 - py)))?;
    Some(HoverValue {
        name: plain(name),
        role: None,
        at,
        x: p[0],
        y: p[1],
        first: None,
        value: Some(p[2]),
        x_text: format_number(p[0]),
        y_text: format_number(p[1]),
        value_text: Some(format_number(p[2])),
    })
}
