//! Heat maps as images.

use crate::colour::{colour_at, ramp};
use crate::layout::PlotArea;
use crate::model::{ColourScale, Figure, Layer};
use crate::pen::Op;
use crate::samples::Samples;
use crate::theme::{Style, Theme};

/// A heat map as an image of one pixel a cell, to be drawn scaled over its spans, without smoothing for matrices.
#[derive(Clone, Debug, PartialEq)]
pub struct HeatImage {
    /// Pixels a row.
    pub columns: u32,
    /// Number of rows.
    pub rows: u32,
    /// `rows × columns × 4` bytes, the top row (high end of the vertical axis) first; not a number is transparent.
    pub rgba: Vec<u8>,
    /// The span on the horizontal axis, in data units. On a logarithmic axis the cells are of equal ratio.
    pub x: (f64, f64),
    /// The span on the vertical axis, in data units.
    pub y: (f64, f64),
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

/// Rows of a grid with that many columns; incomplete rows do not count.
pub(crate) fn rows(columns: u32, values: &Samples) -> u32 {
    if columns == 0 { 0 } else { u32::try_from(values.len() / columns as usize).unwrap_or(0) }
}

fn image(layer: &Layer, theme: Theme) -> Option<HeatImage> {
    let Layer::Heat { columns, values, x, y, colours } = layer else { return None };
    let count = rows(*columns, values);
    if count == 0 {
        return None;
    }
    let ColourScale { map, range, names, .. } = colours;
    let colours = ramp(*map, theme);
    let columns_of_row = *columns as usize;
    let mut rgba = vec![0; 4 * columns_of_row * count as usize];
    let from_top = values.0.chunks_exact(columns_of_row).rev();
    for (row, pixels) in from_top.zip(rgba.chunks_exact_mut(4 * columns_of_row)) {
        for (value, pixel) in row.iter().zip(pixels.as_chunks_mut::<4>().0) {
            if let Some([r, g, b]) = colour_at(colours, *value, *range) {
                *pixel = [r, g, b, 255];
            }
        }
    }
    // Between two categories there is no colour.
    let smooth = columns.min(&count) >= &CONTINUOUS && names.is_empty();
    Some(HeatImage { columns: *columns, rows: count, rgba, x: *x, y: *y, smooth })
}

impl HeatImage {
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

    /// The colour of a cell, if it has one.
    pub(crate) fn colour(&self, (column, row): (u32, u32)) -> Option<[u8; 3]> {
        let at = 4 * (row as usize * self.columns as usize + column as usize);
        match self.rgba.get(at..at + 4) {
            Some(&[r, g, b, 255]) => Some([r, g, b]),
            _ => None,
        }
    }
}

/// Colour and opacity at a pixel.
#[cfg(feature = "export")]
impl HeatImage {
    pub(crate) fn sample(&self, area: &PlotArea, px: f64, py: f64) -> Option<([u8; 3], f64)> {
        let nearest = self.cell(area, px, py)?;
        if !self.smooth {
            return self.colour(nearest).map(|colour| (colour, 1.0));
        }
        let (u, v) = self.share(area, px, py);
        let (x, y) = (u * f64::from(self.columns) - 0.5, v * f64::from(self.rows) - 0.5);
        let (mut sum, mut share) = ([0.0; 3], 0.0);
        for (dx, dy) in [(0.0, 0.0), (1.0, 0.0), (0.0, 1.0), (1.0, 1.0)] {
            let (column, row) = (x.floor() + dx, y.floor() + dy);
            let weight = (1.0 - (x - column).abs()) * (1.0 - (y - row).abs());
            let at = (
                column.clamp(0.0, f64::from(self.columns - 1)) as u32,
                row.clamp(0.0, f64::from(self.rows - 1)) as u32,
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

/// The part of the plot that the figure's heat maps cover, pixel for pixel.
pub(crate) fn blit(figure: &Figure, area: &PlotArea, style: &Style, ops: &mut Vec<Op>) {
    let images = heat_images(figure, style.theme);
    let plot = area.plot();
    let corner = (plot.left.ceil(), plot.top.ceil());
    let size = ((plot.right.floor() - corner.0) as u32, (plot.bottom.floor() - corner.1) as u32);
    if images.is_empty() || size.0 == 0 || size.1 == 0 {
        return;
    }
    let mut rgb = Vec::with_capacity(3 * size.0 as usize * size.1 as usize);
    for row in 0..size.1 {
        for column in 0..size.0 {
            let (px, py) = (corner.0 + f64::from(column) + 0.5, corner.1 + f64::from(row) + 0.5);
            let over = images.iter().rev().find_map(|image| image.colour(image.cell(area, px, py)?));
            rgb.extend(over.unwrap_or(style.theme.ground()));
        }
    }
    ops.push(Op::Image { corner, size, rgb });
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::colour::RAMP;
    use crate::model::{ColourMap, Role};

    fn layer(columns: u32, values: &[f32]) -> Layer {
        let colours =
            ColourScale { label: "v".into(), map: ColourMap::Diverging, range: (-1.0, 1.0), names: Vec::new() };
        Layer::Heat { columns, values: Samples(values.to_vec()), x: (0.0, 1.0), y: (0.0, 1.0), colours }
    }

    #[test]
    fn the_first_row_of_values_is_the_last_of_the_image() {
        let image = image(&layer(2, &[-1.0, -1.0, 1.0, f32::NAN]), Theme::Light).expect("an image");
        let [r, g, b] = Theme::Light.colour(Role::Chaotic);
        assert_eq!((image.columns, image.rows), (2, 2));
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
