//! Heat maps as images.

use crate::area::PlotArea;
use crate::colour::Rgb;
use crate::model::{ColourMap, ColourScale, Figure, Layer, Pixels, View};
use crate::ramp::{N_CATEGORIES, Ramp, colour_at, ramp};
use crate::samples::Samples;
use crate::theme::Theme;

/// The cells of a heat map.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Grid {
    /// Cells a row.
    pub columns: u32,
    /// Number of rows.
    pub rows: u32,
    /// The span on the horizontal axis, in data units. On a logarithmic axis the cells are of equal ratio.
    pub x: (f64, f64),
    /// The span on the vertical axis, in data units.
    pub y: (f64, f64),
}

/// A rectangle of an image, and where it is to be drawn.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Piece {
    /// Left, top, width and height in pixels of the image.
    pub from: (f64, f64, f64, f64),
    /// Left, top, width and height in pixels of the backend.
    pub to: (f64, f64, f64, f64),
}

/// Images of a layer as they lie in one.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Sheet {
    /// The number of the first one in the figure.
    first: u32,
    count: u32,
    /// Images a row of the sheet.
    across: u32,
    /// Rows and columns of an image.
    size: (u32, u32),
}

/// A heat map as an image of one pixel a cell, to be drawn scaled over its spans, without smoothing for matrices; or all
/// images of a layer in one, to be drawn piece by piece.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatImage {
    /// Where its cells are.
    pub grid: Grid,
    /// `rows × columns × 4` bytes, the top row (high end of the vertical axis) first; not a number is transparent.
    pub rgba: Vec<u8>,
    /// Whether to blend neighbouring cells when drawn larger: a map of a continuous plane, not a matrix or categories.
    pub smooth: bool,
    sheet: Option<Sheet>,
}

/// From how many cells a side on a grid is taken for a map of a continuous plane.
const CONTINUOUS: u32 = 100;

/// The heat maps and images of a figure in order; layers without cells are left out.
#[must_use]
pub fn heat_images(figure: &Figure, theme: Theme) -> Vec<HeatImage> {
    let mut first = 0;
    let of_layer = |layer: &Layer| match layer {
        Layer::ImageGrid { size, pixels, colours, .. } if figure.view == View::Images => {
            let image = sheet(first, *size, pixels, colours, theme)?;
            first += image.sheet.map_or(0, |sheet| sheet.count);
            Some(image)
        }
        _ => image(layer, theme),
    };
    figure.layers.iter().filter_map(of_layer).collect()
}

/// The images of a layer in one: browsers are quicker with one large canvas than with hundreds.
fn sheet(first: u32, size: (u32, u32), pixels: &Pixels, colours: &ColourScale, theme: Theme) -> Option<HeatImage> {
    let (rows, columns) = (size.0 as usize, size.1 as usize);
    let count = pixels.n_images(size);
    let across = (1..=count).find(|across| across * across * columns >= count * rows).unwrap_or(count);
    if count == 0 {
        return None;
    }
    let (wide, high) = (across * columns, count.div_ceil(across) * rows);
    let grid = Grid { columns: wide as u32, rows: u32::try_from(high).ok()?, x: (0.0, 1.0), y: (0.0, 1.0) };
    let mut rgba = vec![0; 4 * wide * high];
    let colours = Colours::new(colours, theme);
    let of_byte: Vec<Option<Rgb>> = match pixels {
        Pixels::Bytes(_) => (0..=255u8).map(|byte| colours.of(f32::from(byte))).collect(),
        _ => Vec::new(),
    };
    let pixel = |at: usize| match pixels {
        Pixels::Bytes(bytes) => of_byte[usize::from(bytes[at])],
        Pixels::Numbers(numbers) => colours.of(numbers.0[at]),
        Pixels::Rgb(bytes) => Some([bytes[3 * at], bytes[3 * at + 1], bytes[3 * at + 2]]),
    };
    for k in 0..count {
        let corner = k / across * rows * wide + k % across * columns;
        for row in 0..rows {
            for column in 0..columns {
                if let Some([r, g, b]) = pixel((k * rows + row) * columns + column) {
                    let to = 4 * (corner + row * wide + column);
                    rgba[to..to + 4].copy_from_slice(&[r, g, b, 255]);
                }
            }
        }
    }
    let sheet = Sheet { first, count: count as u32, across: across as u32, size };
    Some(HeatImage { grid, rgba, smooth: false, sheet: Some(sheet) })
}

/// The colours of values.
struct Colours<'a> {
    ramp: &'static Ramp,
    scale: &'a ColourScale,
}

impl<'a> Colours<'a> {
    fn new(scale: &'a ColourScale, theme: Theme) -> Self {
        Self { ramp: ramp(scale.map, theme), scale }
    }

    fn of(&self, value: f32) -> Option<Rgb> {
        if self.scale.map == ColourMap::Categories {
            // A number that is no category has no colour either.
            return (value >= 0.0).then(|| self.ramp[(value + 0.5) as usize % N_CATEGORIES]);
        }
        colour_at(self.ramp, value, self.scale.range)
    }
}

fn image(layer: &Layer, theme: Theme) -> Option<HeatImage> {
    let Layer::Heat { columns, values, x, y, colours } = layer else { return None };
    let grid = Grid::new(*columns, values, *x, *y)?;
    // Between two categories there is no colour.
    let smooth = grid.columns.min(grid.rows) >= CONTINUOUS && colours.names.is_empty() && colours.map.blends();
    let colours = Colours::new(colours, theme);
    let columns_of_row = *columns as usize;
    let mut rgba = vec![0; 4 * columns_of_row * grid.rows as usize];
    let from_top = values.0.chunks_exact(columns_of_row).rev();
    for (row, pixels) in from_top.zip(rgba.chunks_exact_mut(4 * columns_of_row)) {
        for (value, pixel) in row.iter().zip(pixels.as_chunks_mut::<4>().0) {
            if let Some([r, g, b]) = colours.of(*value) {
                *pixel = [r, g, b, 255];
            }
        }
    }
    Some(HeatImage { grid, rgba, smooth, sheet: None })
}

impl Grid {
    /// The cells of so many values; incomplete rows do not count. `None` without a whole row.
    pub(crate) fn new(columns: u32, values: &Samples, x: (f64, f64), y: (f64, f64)) -> Option<Self> {
        let rows = u32::try_from(values.len().checked_div(columns as usize)?).ok().filter(|rows| *rows > 0)?;
        Some(Self { columns, rows, x, y })
    }

    /// Where a pixel of the plot is on the image, from 0 to 1 from the left and from the top.
    fn share(&self, area: &PlotArea, px: f64, py: f64) -> (f64, f64) {
        let (left, bottom) = area.pixel_from_data(self.x.0, self.y.0);
        let (right, top) = area.pixel_from_data(self.x.1, self.y.1);
        ((px - left) / (right - left), (py - top) / (bottom - top))
    }

    /// The whole image.
    fn piece(&self, area: &PlotArea) -> Option<Piece> {
        let (left, top) = area.pixel_from_data(self.x.0, self.y.1);
        let (right, bottom) = area.pixel_from_data(self.x.1, self.y.0);
        let to = (left, top, (right - left).max(0.0), (bottom - top).max(0.0));
        let from = (0.0, 0.0, f64::from(self.columns), f64::from(self.rows));
        [left, top, right, bottom].iter().all(|v| v.is_finite()).then_some(Piece { from, to })
    }

    /// The cell of a pixel of the plot: column and row from the top; `None` beside the image.
    pub(crate) fn cell(&self, area: &PlotArea, px: f64, py: f64) -> Option<(u32, u32)> {
        let (u, v) = self.share(area, px, py);
        // A share of exactly one is the far rim of the last cell.
        let index = |share: f64, count: u32| {
            (0.0..=1.0).contains(&share).then(|| ((share * f64::from(count)) as u32).min(count - 1))
        };
        Some((index(u, self.columns)?, index(v, self.rows)?))
    }

    /// The value of a cell, column and row from the top.
    pub(crate) fn value(&self, values: &Samples, (column, row): (u32, u32)) -> Option<f32> {
        values.0.get((self.rows - 1 - row) as usize * self.columns as usize + column as usize).copied()
    }

    /// The pixel at the centre of a cell, column and row from the top.
    pub(crate) fn centre(&self, area: &PlotArea, (column, row): (u32, u32)) -> (f64, f64) {
        let (left, bottom) = area.pixel_from_data(self.x.0, self.y.0);
        let (right, top) = area.pixel_from_data(self.x.1, self.y.1);
        (
            left + (right - left) * (f64::from(column) + 0.5) / f64::from(self.columns),
            top + (bottom - top) * (f64::from(row) + 0.5) / f64::from(self.rows),
        )
    }
}

impl HeatImage {
    /// What is to be drawn where; nothing where the axes have no place for it.
    pub fn pieces(&self, area: &PlotArea) -> impl Iterator<Item = Piece> + use<> {
        let (grid, sheet, area) = (self.grid, self.sheet, *area);
        let count = sheet.map_or(1, |sheet| sheet.count);
        (0..count).filter_map(move |k| match sheet {
            Some(sheet) => sheet.piece(k, &area),
            None => grid.piece(&area),
        })
    }
}

impl Sheet {
    fn piece(&self, k: u32, area: &PlotArea) -> Option<Piece> {
        let rect = area.image_rect(self.first + k, self.size)?;
        let (rows, columns) = (f64::from(self.size.0), f64::from(self.size.1));
        let corner = (f64::from(k % self.across) * columns, f64::from(k / self.across) * rows);
        Some(Piece {
            from: (corner.0, corner.1, columns, rows),
            to: (rect.left, rect.top, rect.width(), rect.height()),
        })
    }
}

#[cfg(feature = "export")]
impl HeatImage {
    /// The colour of a cell, if it has one.
    pub(crate) fn colour(&self, (column, row): (u32, u32)) -> Option<[u8; 3]> {
        let at = 4 * (row as usize * self.grid.columns as usize + column as usize);
        match self.rgba.get(at..at + 4) {
            Some(&[r, g, b, 255]) => Some([r, g, b]),
            _ => None,
        }
    }

    /// Colour and opacity at a pixel of the plot within a piece.
    pub(crate) fn sample(&self, piece: &Piece, px: f64, py: f64) -> Option<([u8; 3], f64)> {
        let ((from_x, from_y, columns, rows), (left, top, wide, high)) = (piece.from, piece.to);
        let (u, v) = ((px - left) / wide * columns, (py - top) / high * rows);
        // The far rim belongs to the last cell.
        let index =
            |u: f64, count: f64, first: f64| (0.0..=count).contains(&u).then(|| u.floor().min(count - 1.0) + first);
        let nearest = (index(u, columns, from_x)? as u32, index(v, rows, from_y)? as u32);
        if !self.smooth {
            return self.colour(nearest).map(|colour| (colour, 1.0));
        }
        let (x, y) = (u - 0.5, v - 0.5);
        let (mut sum, mut share) = ([0.0; 3], 0.0);
        for (dx, dy) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            let (column, row) = (x.floor() + dx, y.floor() + dy);
            let weight = (1.0 - (x - column).abs()) * (1.0 - (y - row).abs());
            let at = (
                column.clamp(0.0, f64::from(self.grid.columns - 1)) as u32,
                row.clamp(0.0, f64::from(self.grid.rows - 1)) as u32,
            );
            if let Some(colour) = self.colour(at) {
                share += weight;
                for i in 0..3 {
                    sum[i] += weight * f64::from(colour[i]);
                }
            }
        }
        (share > 0.0).then(|| (sum.map(|s| (s / share).round() as u8), share))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{ColourMap, Role};
    use crate::ramp::RAMP;

    fn layer(columns: u32, values: &[f32]) -> Layer {
        let colours = ColourScale::new("v", ColourMap::Diverging, (-1.0, 1.0));
        Layer::Heat { columns, values: Samples(values.to_vec()), x: (0.0, 1.0), y: (0.0, 1.0), colours }
    }

    #[test]
    fn the_first_row_of_values_is_the_last_of_the_image() {
        let image = image(&layer(2, &[-1.0, -1.0, 1.0, f32::NAN]), Theme::Light).expect("an image");
        let [r, g, b] = Theme::Light.colour(Role::Chaotic);
        assert_eq!((image.grid.columns, image.grid.rows), (2, 2));
        assert_eq!(image.rgba[..8], [r, g, b, 255, 0, 0, 0, 0]);
        let [r, g, b] = Theme::Light.colour(Role::Ordered);
        assert_eq!(image.rgba[8..12], [r, g, b, 255]);
        assert_eq!(ramp(ColourMap::Diverging, Theme::Light).len(), RAMP);
    }

    #[test]
    fn grids_without_a_whole_row_have_no_image() {
        for (columns, values) in [(0, &[][..]), (0, &[1.0]), (3, &[1.0, 2.0]), (4, &[])] {
            assert_eq!(image(&layer(columns, values), Theme::Light), None);
        }
    }
}
