//! The values under the pointer, or where the arrow keys have moved to.

#[cfg(test)]
mod legend_tests;
mod series;
mod space;
mod value;

use crate::area::PlotArea;
use crate::heat::Grid;
use crate::model::{Cells, Figure, Layer, View};
use crate::number::format_number;
use crate::samples::Samples;
pub use value::HoverValue;
use value::{place_text, with_value};

/// So near to an upright place of points the hair goes there, in CSS pixels.
const SNAP: f64 = 16.0;

/// Where the hair is for a pointer at an abscissa, in pixels: at the points or bars that are near, else at the pointer.
#[must_use]
pub fn hair_at(figure: &Figure, area: &PlotArea, px: f64) -> f64 {
    let reach = series::bar_reach(figure, area);
    let mut best = (f64::INFINITY, px);
    for layer in figure.layers.iter().filter(|layer| !layer.name().is_empty()) {
        let (x, y, reach) = match layer {
            Layer::Points { x, y, .. } => (x, y, SNAP * area.unit),
            Layer::Bars { x, y, .. } => (x, y, reach),
            _ => continue,
        };
        for (at, _) in area.pixels(x, y).into_iter().filter(|(_, y)| y.is_finite()) {
            let far = (at - px).abs();
            if far <= reach && far < best.0 {
                best = (far, at);
            }
        }
    }
    best.1
}

/// What each named series says where the hair is, and the cell of each named heat map under the pointer; nothing outside of
/// the plot.
///
/// A line whose abscissae only rise is read at the hair, between two samples as it is painted; points and bars are read
/// where the hair is at one of them. A line that turns back (a cobweb, a closed curve) is read at the place of it that is
/// nearest to the pointer, if that is near. What has no name is left out.
#[must_use]
pub fn values_at(figure: &Figure, area: &PlotArea, pointer: (f64, f64), hair: f64) -> Vec<HoverValue> {
    if !area.plot().contains(pointer) {
        return Vec::new();
    }
    match figure.view {
        View::Images => image_value(figure, area, pointer).into_iter().collect(),
        View::Orbit => space::values(figure, area, pointer),
        View::Plane | View::Square => {
            let maps = figure.layers.iter().filter_map(|layer| map_value(figure, layer, area, pointer));
            maps.chain(series::values(figure, area, pointer, hair)).collect()
        }
    }
}

/// The value of a heat map's cell, or of contours between the centres of cells.
fn map_value(figure: &Figure, layer: &Layer, area: &PlotArea, (px, py): (f64, f64)) -> Option<HoverValue> {
    let name = layer.name();
    if name.is_empty() {
        return None;
    }
    let (at, value) = match layer {
        Layer::Heat { columns, values, x, y, .. } => {
            let grid = Grid::new(*columns, values, *x, *y)?;
            let cell = grid.cell(area, px, py)?;
            (grid.centre(area, cell), grid.value(values, cell)?)
        }
        Layer::Contours { cells, .. } => ((px, py), between_centres(cells, area, (px, py))?),
        _ => return None,
    };
    let (x_map, y_map) = area.axes();
    let (x, y) = (x_map.value(at.0), y_map.value(at.1));
    let texts = (place_text(&figure.x, x), place_text(&figure.y, y));
    let text = match layer {
        Layer::Heat { colours, .. } if value.is_nan() && !colours.undefined.is_empty() => colours.undefined.clone(),
        _ => format_number(f64::from(value)),
    };
    Some(HoverValue { value_text: Some(text), ..with_value(name, at, (x, y), texts, f64::from(value)) })
}

/// The value between the centres of four cells, linear along both axes; `None` beside them.
fn between_centres(cells: &Cells, area: &PlotArea, (px, py): (f64, f64)) -> Option<f32> {
    let grid = Grid::new(cells.columns, &cells.values, cells.x, cells.y)?;
    let (first, last) = (grid.centre(area, (0, grid.rows - 1)), grid.centre(area, (grid.columns - 1, 0)));
    let along = |at: f64, from: f64, to: f64, count: u32| {
        let share = (at - from) / (to - from) * f64::from(count - 1);
        // Also no number where there is one cell only.
        (share >= 0.0 && share <= f64::from(count - 1)).then(|| (share as usize, share.fract() as f32))
    };
    let (column, u) = along(px, first.0, last.0, grid.columns)?;
    let (row, v) = along(py, first.1, last.1, grid.rows)?;
    let value = |i: usize, j: usize| {
        let (i, j) = (i.min(grid.columns as usize - 1), j.min(grid.rows as usize - 1));
        cells.values.0[j * grid.columns as usize + i]
    };
    let along_row = |j: usize| value(column, j) + u * (value(column + 1, j) - value(column, j));
    Some(along_row(row) + v * (along_row(row + 1) - along_row(row))).filter(|value| value.is_finite())
}

/// The image under a pixel: its layer, its number in it, and its number in the figure.
fn image_under(figure: &Figure, area: &PlotArea, (px, py): (f64, f64)) -> Option<(usize, u32, u32)> {
    let mut first = 0;
    for (i, layer) in figure.layers.iter().enumerate() {
        let Layer::ImageGrid { size, pixels, .. } = layer else { continue };
        let count = pixels.n_images(*size) as u32;
        let is_here = |k: &u32| area.image_rect(first + k, *size).is_some_and(|rect| rect.contains((px, py)));
        if let Some(k) = (0..count).find(is_here) {
            return Some((i, k, first + k));
        }
        first += count;
    }
    None
}

/// The image under a pixel that can be chosen: the control that a click sets, and to which number.
#[must_use]
pub fn choice_at<'a>(figure: &'a Figure, area: &PlotArea, px: f64, py: f64) -> Option<(&'a str, u32)> {
    let (layer, k, _) = image_under(figure, area, (px, py)).filter(|_| figure.view == View::Images)?;
    let Layer::ImageGrid { control, .. } = &figure.layers[layer] else { return None };
    (!control.is_empty()).then_some((control.as_str(), k))
}

/// Caption, place and value of a pixel.
fn image_value(figure: &Figure, area: &PlotArea, (px, py): (f64, f64)) -> Option<HoverValue> {
    let (layer, k, of_figure) = image_under(figure, area, (px, py))?;
    let Layer::ImageGrid { size: (rows, columns), pixels, captions, control, .. } = &figure.layers[layer] else {
        return None;
    };
    let rect = area.image_rect(of_figure, (*rows, *columns))?;
    let index = |at: f64, length: f64, count: u32| ((at / length * f64::from(count)) as u32).min(count - 1);
    let (column, row) = (index(px - rect.left, rect.width(), *columns), index(py - rect.top, rect.height(), *rows));
    let at = k as usize * *rows as usize * *columns as usize + (row * columns + column) as usize;
    let value = pixels.value(at);
    let centre = |i: u32, length: f64, count: u32| length * (f64::from(i) + 0.5) / f64::from(count);
    let place = (rect.left + centre(column, rect.width(), *columns), rect.top + centre(row, rect.height(), *rows));
    let count = pixels.n_images((*rows, *columns));
    // What a click sets is called as it is set.
    let which = if control.is_empty() { format!("{} of {count}", k + 1) } else { format!("{control} {k}") };
    let texts = (format!("column {}", column + 1), format!("{which}, row {}", row + 1));
    let name = captions.get(k as usize).map_or("", String::as_str);
    let text = match pixels {
        crate::model::Pixels::Rgb(_) => format!("#{:06x}", value as u32),
        _ => format_number(f64::from(value)),
    };
    let numbers = (f64::from(column), f64::from(row));
    Some(HoverValue { value_text: Some(text), ..with_value(name, place, numbers, texts, f64::from(value)) })
}

/// The places of a layer that keys can go to, as pixels within the plot: samples of named series, images. Cells of heat maps
/// are not listed: there are too many.
#[must_use]
pub fn places(figure: &Figure, layer: usize, area: &PlotArea) -> Vec<(f64, f64)> {
    let Some(layer) = figure.layers.get(layer) else { return Vec::new() };
    let on_axes = matches!(figure.view, View::Plane | View::Square);
    let named = !layer.name().is_empty();
    let found = match layer {
        Layer::Line { x, y, .. } | Layer::Points { x, y, .. } | Layer::Bars { x, y, .. } | Layer::Path { x, y, .. }
            if on_axes && named =>
        {
            area.pixels(x, y)
        }
        Layer::Histogram { edges, heights, .. } if on_axes && named => {
            let middles = edges.0.windows(2).map(|ends| 0.5 * ends[0] + 0.5 * ends[1]).collect();
            area.pixels(&Samples(middles), heights)
        }
        Layer::ImageGrid { size, pixels, .. } if figure.view == View::Images => {
            let count = pixels.n_images(*size) as u32;
            let first: usize = figure
                .layers
                .iter()
                .take_while(|other| !std::ptr::eq(*other, layer))
                .map(|other| match other {
                    Layer::ImageGrid { size, pixels, .. } => pixels.n_images(*size),
                    _ => 0,
                })
                .sum();
            let centre = |k: u32| area.image_rect(first as u32 + k, *size).map(|rect| rect.centre());
            (0..count).filter_map(centre).collect()
        }
        _ => Vec::new(),
    };
    found.into_iter().filter(|p| area.plot().contains(*p)).collect()
}
