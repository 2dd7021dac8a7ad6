//! Heat maps as images.

use crate::area::PlotArea;
use crate::model::{ColourScale, Figure, Layer};
use crate::ramp::{colour_at, ramp};
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

/// A heat map as an image of one pixel a cell, to be drawn scaled over its spans, without smoothing for matrices.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatImage {
    /// Where its cells are.
    pub grid: Grid,
    /// `rows × columns × 4` bytes, the top row (high end of the vertical axis) first; not a number is transparent.
    pub rgba: Vec<u8>,
    /// Whether to blend neighbouring cells when drawn larger: a map of a continuous plane, not a matrix or categories.
    pub smooth: bool,
}

/// From how many cells a side on a grid is taken for a map of a continuous plane.
const CONTINUOUS: u32 = 100;

/// The heat maps of a figure in order; layers without cells are left out.
#[must_use]
pub fn heat_images(figure: &Figure, theme: Theme) -> Vec<HeatImage> {
    figure.layers.iter().filter_map(|layer| image(layer, theme)).collect()
}

fn image(layer: &Layer, theme: Theme) -> Option<HeatImage> {
    let Layer::Heat { columns, values, x, y, colours } = layer else { return None };
    let grid = Grid::new(*columns, values, *x, *y)?;
    let ColourScale { map, range, names, .. } = colours;
    let colours = ramp(*map, theme);
    let columns_of_row = *columns as usize;
    let mut rgba = vec![0; 4 * columns_of_row * grid.rows as usize];
    let from_top = values.0.chunks_exact(columns_of_row).rev();
    for (row, pixels) in from_top.zip(rgba.chunks_exact_mut(4 * columns_of_row)) {
        for (value, pixel) in row.iter().zip(pixels.as_chunks_mut::<4>().0) {
            if let Some([r, g, b]) = colour_at(colours, *value, *range) {
                *pixel = [r, g, b, 255];
            }
        }
    }
    // Between two categories there is no colour.
    let smooth = grid.columns.min(grid.rows) >= CONTINUOUS && names.is_empty();
    Some(HeatImage { grid, rgba, smooth })
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

    /// The cell of a pixel of the plot: column and row from the top; `None` beside the image.
    pub(crate) fn cell(&self, area: &PlotArea, px: f64, py: f64) -> Option<(u32, u32)> {
        let (u, v) = self.share(area, px, py);
        // A share of exactly one is the far rim of the last cell.
        let index = |share: f64, count: u32| {
            (0.0..=1.0).contains(&share).then(|| ((share * f64::from(count)) as u32).min(count - 1))
        };
        Some((index(u, self.columns)?, index(v, self.rows)?))
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

    /// Colour and opacity at a pixel of the plot.
    pub(crate) fn sample(&self, area: &PlotArea, px: f64, py: f64) -> Option<([u8; 3], f64)> {
        let nearest = self.grid.cell(area, px, py)?;
        if !self.smooth {
            return self.colour(nearest).map(|colour| (colour, 1.0));
        }
        let (u, v) = self.grid.share(area, px, py);
        let (x, y) = (u * f64::from(self.grid.columns) - 0.5, v * f64::from(self.grid.rows) - 0.5);
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
