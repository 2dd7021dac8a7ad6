//! PNG through the raster backend.

use plotters::drawing::IntoDrawingArea;

use super::raster::Raster;
use super::{all_ops, check_size, fine_picture};
use crate::error::PaintError;
use crate::heat::heat_images;
use crate::model::Figure;
use crate::pen::{Widths, paint};
use crate::picture::Picture;
use crate::theme::Style;

/// The figure as a PNG image of `size` pixels; [`Style::scale`] 2 gives a picture for high-density screens and print.
///
/// # Errors
/// [`PaintError::Encode`] for an empty or huge size or if the encoder fails.
pub fn png(figure: &Figure, size: (u32, u32), style: &Style) -> Result<Vec<u8>, PaintError> {
    check_size("PNG", size)?;
    let mut pixels = vec![0; 3 * size.0 as usize * size.1 as usize];
    for pixel in pixels.as_chunks_mut::<3>().0 {
        *pixel = style.theme.ground();
    }
    let mut raster = Raster::new(&mut pixels, size)?;
    let images = heat_images(figure, style.theme);
    if !images.is_empty() {
        let area = Picture::new(figure, size, style).area();
        for image in &images {
            raster.heat(image, &area);
        }
    }
    let area = raster.into_drawing_area();
    paint(&area, &all_ops(&fine_picture(figure, size, style)), Widths::Measured)?;
    drop(area);
    encode(size.0, size.1, &pixels, Channels::Rgb)
}

#[derive(Clone, Copy)]
pub(super) enum Channels {
    Rgb,
    Rgba,
}

pub(super) fn encode(width: u32, height: u32, pixels: &[u8], channels: Channels) -> Result<Vec<u8>, PaintError> {
    let failed = |error: png::EncodingError| PaintError::Encode { format: "PNG", reason: error.to_string() };
    let mut out = Vec::new();
    let mut encoder = png::Encoder::new(&mut out, width, height);
    encoder.set_color(match channels {
        Channels::Rgb => png::ColorType::Rgb,
        Channels::Rgba => png::ColorType::Rgba,
    });
    encoder.set_depth(png::BitDepth::Eight);
    let mut writer = encoder.write_header().map_err(failed)?;
    writer.write_image_data(pixels).map_err(failed)?;
    writer.finish().map_err(failed)?;
    Ok(out)
}
