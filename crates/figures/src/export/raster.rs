//! A plotters backend that paints smooth lines, areas and text into RGB pixels.
//!
//! It takes fine coordinates ([`crate::FINE`]). plotters' own bitmap backend has whole pixels only, leaves holes where a
//! thick line crosses itself, and sets text above its anchor.

use std::convert::Infallible;

use ab_glyph::{Font, FontRef, Point, ScaleFont, point};
use plotters_backend::text_anchor::HPos;
use plotters_backend::{BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind};

use super::font::{font, scale_from_em, text_width};
use crate::FINE;
use crate::area::PlotArea;
use crate::error::PaintError;
use crate::heat::HeatImage;

type Drawn = Result<(), DrawingErrorKind<Infallible>>;

/// Paints into borrowed pixels.
pub(super) struct Raster<'a> {
    pixels: &'a mut [u8],
    size: (u32, u32),
    font: &'static FontRef<'static>,
}

/// How much of each pixel of a rectangle is covered, 0 to 1.
struct Mask {
    left: i32,
    top: i32,
    width: usize,
    cover: Vec<f32>,
}

fn real((x, y): BackendCoord) -> (f32, f32) {
    (x as f32 / FINE as f32, y as f32 / FINE as f32)
}

impl<'a> Raster<'a> {
    /// `pixels` holds `width × height × 3` bytes.
    pub(super) fn new(pixels: &'a mut [u8], size: (u32, u32)) -> Result<Self, PaintError> {
        let expected = 3 * size.0 as usize * size.1 as usize;
        if pixels.len() != expected {
            let reason = format!("expected {expected} bytes of pixels, got {}", pixels.len());
            return Err(PaintError::Encode { format: "PNG", reason });
        }
        Ok(Self { pixels, size, font: font()? })
    }

    /// An empty mask over the part of the box that is on the picture.
    fn mask(&self, points: &[(f32, f32)], margin: f32) -> Option<Mask> {
        let bound = |v: f32, most: u32| (v.clamp(-1.0, most as f32 + 1.0) as i32).clamp(0, most as i32);
        let least = |f: fn(&(f32, f32)) -> f32| points.iter().map(f).fold(f32::INFINITY, f32::min) - margin;
        let most = |f: fn(&(f32, f32)) -> f32| points.iter().map(f).fold(f32::NEG_INFINITY, f32::max) + margin;
        let (left, top) = (bound(least(|p| p.0).floor(), self.size.0), bound(least(|p| p.1).floor(), self.size.1));
        let (right, bottom) = (bound(most(|p| p.0).ceil(), self.size.0), bound(most(|p| p.1).ceil(), self.size.1));
        if right <= left || bottom <= top {
            return None;
        }
        let (width, height) = ((right - left) as usize, (bottom - top) as usize);
        Some(Mask { left, top, width, cover: vec![0.0; width * height] })
    }

    fn blend(&mut self, x: i32, y: i32, colour: BackendColor, cover: f32) {
        if x < 0 || y < 0 || x >= self.size.0 as i32 || y >= self.size.1 as i32 {
            return;
        }
        let at = 3 * (y as usize * self.size.0 as usize + x as usize);
        let share = cover.clamp(0.0, 1.0) * colour.alpha as f32;
        let (r, g, b) = colour.rgb;
        for (old, new) in self.pixels[at..at + 3].iter_mut().zip([r, g, b]) {
            *old = (f32::from(*old) + share * (f32::from(new) - f32::from(*old))).round() as u8;
        }
    }

    fn blend_mask(&mut self, mask: &Mask, colour: BackendColor) {
        for (i, cover) in mask.cover.iter().enumerate().filter(|(_, cover)| **cover > 0.0) {
            self.blend(mask.left + (i % mask.width) as i32, mask.top + (i / mask.width) as i32, colour, *cover);
        }
    }

    /// Draws a heat map over its spans, or images at their places, as far as they are in the plot. `area` is in whole pixels.
    pub(super) fn heat(&mut self, image: &HeatImage, area: &PlotArea) {
        let (left, top, right, bottom) = area.rect();
        for piece in image.pieces(area) {
            let (x, y, wide, high) = piece.to;
            let columns = left.max(x).max(0.0)..right.min(x + wide);
            let rows = top.max(y).max(0.0)..bottom.min(y + high);
            for row in rows.start.floor() as i32..rows.end.ceil() as i32 {
                for column in columns.start.floor() as i32..columns.end.ceil() as i32 {
                    let at = (f64::from(column) + 0.5, f64::from(row) + 0.5);
                    if at.0 < columns.start || at.0 > columns.end || at.1 < rows.start || at.1 > rows.end {
                        continue;
                    }
                    if let Some(([r, g, b], share)) = image.sample(&piece, at.0, at.1) {
                        self.blend(column, row, BackendColor { alpha: 1.0, rgb: (r, g, b) }, share as f32);
                    }
                }
            }
        }
    }
}

impl Mask {
    /// Adds a thick segment with round ends: the distance to it, softened over a pixel.
    fn stroke(&mut self, p: (f32, f32), q: (f32, f32), half: f32) {
        let height = self.cover.len() / self.width;
        let reach = half + 1.0;
        let columns = span(p.0, q.0, reach, self.left, self.width);
        let (dx, dy) = (q.0 - p.0, q.1 - p.1);
        let squared = dx * dx + dy * dy;
        for row in span(p.1, q.1, reach, self.top, height) {
            let y = (self.top + row as i32) as f32 + 0.5 - p.1;
            for column in columns.clone() {
                let x = (self.left + column as i32) as f32 + 0.5 - p.0;
                let t = if squared > 0.0 { ((x * dx + y * dy) / squared).clamp(0.0, 1.0) } else { 0.0 };
                let distance = (x - t * dx).hypot(y - t * dy);
                // Lines thinner than a pixel are paler instead.
                let cover = (half + 0.5 - distance).clamp(0.0, 1.0).min(2.0 * half);
                let old = &mut self.cover[row * self.width + column];
                *old = old.max(cover);
            }
        }
    }

    /// Adds a polygon, non-zero winding: exact across, sampled at five heights a pixel.
    fn fill(&mut self, points: &[(f32, f32)]) {
        const HEIGHTS: usize = 5;
        let height = self.cover.len() / self.width;
        let mut crossings: Vec<(f32, i32)> = Vec::new();
        for sample in 0..height * HEIGHTS {
            let y = self.top as f32 + (sample as f32 + 0.5) / HEIGHTS as f32;
            crossings.clear();
            for (i, q) in points.iter().enumerate() {
                let p = points[if i == 0 { points.len() - 1 } else { i - 1 }];
                if (p.1 <= y) != (q.1 <= y) {
                    let x = p.0 + (y - p.1) / (q.1 - p.1) * (q.0 - p.0);
                    crossings.push((x - self.left as f32, if p.1 <= y { 1 } else { -1 }));
                }
            }
            crossings.sort_by(|a, b| a.0.total_cmp(&b.0));
            let row = &mut self.cover[sample / HEIGHTS * self.width..][..self.width];
            let mut winding = 0;
            for pair in crossings.windows(2) {
                winding += pair[0].1;
                if winding != 0 {
                    add_span(row, pair[0].0, pair[1].0, 1.0 / HEIGHTS as f32);
                }
            }
        }
    }
}

/// The indices of the pixels within `reach` of the interval from `a` to `b`.
fn span(a: f32, b: f32, reach: f32, first: i32, count: usize) -> std::ops::Range<usize> {
    let low = (a.min(b) - reach).floor() as i32 - first;
    let high = (a.max(b) + reach).ceil() as i32 - first;
    low.clamp(0, count as i32) as usize..high.clamp(0, count as i32) as usize
}

fn add_span(row: &mut [f32], from: f32, to: f32, weight: f32) {
    let (from, to) = (from.clamp(0.0, row.len() as f32), to.clamp(0.0, row.len() as f32));
    for (column, cover) in row.iter_mut().enumerate().take(to.ceil() as usize).skip(from.floor() as usize) {
        let covered = to.min(column as f32 + 1.0) - from.max(column as f32);
        *cover += weight * covered.max(0.0);
    }
}

impl DrawingBackend for Raster<'_> {
    type ErrorType = Infallible;

    fn get_size(&self) -> (u32, u32) {
        (self.size.0 * FINE, self.size.1 * FINE)
    }

    fn ensure_prepared(&mut self) -> Drawn {
        Ok(())
    }

    fn present(&mut self) -> Drawn {
        Ok(())
    }

    fn draw_pixel(&mut self, at: BackendCoord, colour: BackendColor) -> Drawn {
        let (x, y) = real(at);
        self.blend(x as i32, y as i32, colour, 1.0 / (FINE * FINE) as f32);
        Ok(())
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let points: Vec<(f32, f32)> = path.into_iter().map(real).collect();
        let half = style.stroke_width() as f32 / FINE as f32 / 2.0;
        if let Some(mut mask) = self.mask(&points, half + 1.0) {
            for pair in points.windows(2) {
                mask.stroke(pair[0], pair[1], half);
            }
            self.blend_mask(&mask, style.color());
        }
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn {
        let points: Vec<(f32, f32)> = path.into_iter().map(real).collect();
        if let Some(mut mask) = self.mask(&points, 0.0) {
            mask.fill(&points);
            self.blend_mask(&mask, style.color());
        }
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, _fill: bool) -> Drawn {
        let (centre, half) = (real(centre), radius as f32 / FINE as f32);
        if let Some(mut mask) = self.mask(&[centre], half + 1.0) {
            mask.stroke(centre, centre, half);
            self.blend_mask(&mask, style.color());
        }
        Ok(())
    }

    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Infallible>> {
        let px = style.size() as f32;
        Ok((text_width(self.font, text, px).round() as u32, px.round() as u32))
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Drawn {
        let font = self.font;
        let (x, y) = real(at);
        let px = style.size() as f32 / FINE as f32;
        let width = text_width(font, text, px);
        let left = match style.anchor().h_pos {
            HPos::Left => x,
            HPos::Center => x - width / 2.0,
            HPos::Right => x - width,
        };
        // All labels are anchored at the middle of their height: half of a capital's is above it.
        let baseline = y + 0.36 * px;
        let scale = scale_from_em(font, px);
        let scaled = font.as_scaled(scale);
        let (mut pen, mut before) = (left, None);
        for c in text.chars() {
            let id = font.glyph_id(c);
            pen += before.map_or(0.0, |b| scaled.kern(b, id));
            let position: Point = point(pen, baseline);
            if let Some(outline) = font.outline_glyph(id.with_scale_and_position(scale, position)) {
                let corner = outline.px_bounds().min;
                let colour = style.color();
                outline.draw(|column, row, cover| {
                    self.blend(corner.x as i32 + column as i32, corner.y as i32 + row as i32, colour, cover);
                });
            }
            pen += scaled.h_advance(id);
            before = Some(id);
        }
        Ok(())
    }
}
