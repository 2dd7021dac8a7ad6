//! SVG through plotters-svg.

use plotters::drawing::IntoDrawingArea;
use plotters_backend::text_anchor::Pos;
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontFamily,
    FontStyle, FontTransform,
};
use plotters_svg::SVGBackend;

use super::{check_size, layers, png};
use crate::error::PaintError;
use crate::heat::heat_images;
use crate::layout::plot_area;
use crate::model::Figure;
use crate::pen::{HALO_ALPHA, HALO_REACH, Op, paint};
use crate::theme::Style;
use crate::{FINE, Rgb};

/// The figure as an SVG document of `size` CSS pixels (with [`Style::scale`] 1); title and description are its title and `alt`.
/// Text stays text, in the reader's sans-serif font; heat maps are embedded PNG images.
///
/// # Errors
/// [`PaintError::Encode`] for an empty or huge size or if a heat map cannot be encoded.
pub fn svg(figure: &Figure, size: (u32, u32), style: &Style) -> Result<String, PaintError> {
    check_size("SVG", size)?;
    let (data, axes) = layers(figure, size, style);
    let (width, height) = (size.0 * FINE, size.1 * FINE);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         stroke-linejoin=\"round\">\n<title>{}</title>\n<desc>{}</desc>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n",
        size.0,
        size.1,
        escaped(&figure.title),
        escaped(&figure.alt),
        hex(style.theme.ground()),
    );
    images(figure, size, style, &mut out)?;
    out.push_str(&elements(data, (width, height))?);
    // Labels with an outline get it as a stroke, once, and stay one text.
    let mut plain = Vec::new();
    for op in axes {
        match op {
            Op::Label { text, at, align, px, ink, halo: Some(halo) } => {
                out.push_str(&elements(std::mem::take(&mut plain), (width, height))?);
                let label = Op::Label { text, at, align, px, ink, halo: None };
                let inner = elements(vec![label], (width, height))?;
                let (halo, wide) = (hex(halo), (2.0 * HALO_REACH * px).round());
                let group = format!(
                    "<g paint-order=\"stroke\" stroke=\"{halo}\" stroke-opacity=\"{HALO_ALPHA}\" stroke-width=\"{wide}\">\n{inner}</g>\n"
                );
                out.push_str(&group);
            }
            op => plain.push(op),
        }
    }
    out.push_str(&elements(plain, (width, height))?);
    out.push_str("</svg>\n");
    Ok(out)
}

fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The elements that plotters-svg writes for a list, without its root.
fn elements(ops: Vec<Op>, size: (u32, u32)) -> Result<String, PaintError> {
    if ops.is_empty() {
        return Ok(String::new());
    }
    let mut document = String::new();
    let area = TrueSize(SVGBackend::with_string(&mut document, size)).into_drawing_area();
    paint(&area, ops)?;
    area.present().map_err(|error| PaintError::backend("the document", error))?;
    drop(area);
    let start = document.find('\n').map_or(0, |i| i + 1);
    let end = document.rfind("</svg>").unwrap_or(document.len());
    Ok(document.get(start..end).unwrap_or_default().to_owned())
}

fn images(figure: &Figure, size: (u32, u32), style: &Style, out: &mut String) -> Result<(), PaintError> {
    let images = heat_images(figure, style.theme);
    if images.is_empty() {
        return Ok(());
    }
    let (fine_size, fine_style) = super::fine(size, style);
    let area = plot_area(figure, fine_size, &fine_style);
    let (left, top, right, bottom) = area.rect();
    let (wide, high) = (right - left, bottom - top);
    out.push_str(&format!("<svg x=\"{left:.0}\" y=\"{top:.0}\" width=\"{wide:.0}\" height=\"{high:.0}\">\n"));
    for image in images {
        let bytes = png::encode(image.columns, image.rows, &image.rgba, png::Channels::Rgba)?;
        let (x0, y0) = area.pixel_from_data(image.x.0, image.y.1);
        let (x1, y1) = area.pixel_from_data(image.x.1, image.y.0);
        if ![x0, y0, x1, y1].iter().all(|v| v.is_finite()) {
            continue;
        }
        let rendering = if image.smooth { "auto" } else { "pixelated" };
        let element = format!(
            "<image x=\"{:.2}\" y=\"{:.2}\" width=\"{:.2}\" height=\"{:.2}\" preserveAspectRatio=\"none\" \
             style=\"image-rendering:{rendering}\" href=\"data:image/png;base64,{}\"/>\n",
            x0 - left,
            y0 - top,
            (x1 - x0).max(0.0),
            (y1 - y0).max(0.0),
            base64(&bytes)
        );
        out.push_str(&element);
    }
    out.push_str("</svg>\n");
    Ok(())
}

/// RFC 4648, with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let group = chunk.iter().enumerate().fold(0u32, |sum, (i, b)| sum | u32::from(*b) << (16 - 8 * i));
        for k in 0..4 {
            let digit = char::from(DIGITS[(group >> (18 - 6 * k)) as usize & 63]);
            out.push(if k <= chunk.len() { digit } else { '=' });
        }
    }
    out
}

/// plotters-svg divides text sizes by 1.24; this undoes it, so that sizes are those of CSS as on a canvas.
struct TrueSize<'a>(SVGBackend<'a>);

struct Enlarged<'a, S>(&'a S);

impl<S: BackendTextStyle> BackendTextStyle for Enlarged<'_, S> {
    type FontError = S::FontError;

    fn color(&self) -> BackendColor {
        self.0.color()
    }

    fn size(&self) -> f64 {
        // To hundredths: text sizes are read by people too.
        (self.0.size() * 100.0).round() / 100.0 * 1.24
    }

    fn transform(&self) -> FontTransform {
        self.0.transform()
    }

    fn style(&self) -> FontStyle {
        self.0.style()
    }

    fn anchor(&self) -> Pos {
        self.0.anchor()
    }

    fn family(&self) -> FontFamily<'_> {
        self.0.family()
    }

    fn layout_box(&self, text: &str) -> Result<((i32, i32), (i32, i32)), Self::FontError> {
        self.0.layout_box(text)
    }

    fn draw<E, F: FnMut(i32, i32, BackendColor) -> Result<(), E>>(
        &self,
        text: &str,
        pos: BackendCoord,
        draw: F,
    ) -> Result<Result<(), E>, Self::FontError> {
        self.0.draw(text, pos, draw)
    }
}

type Drawn<'a> = Result<(), DrawingErrorKind<<SVGBackend<'a> as DrawingBackend>::ErrorType>>;

impl<'a> DrawingBackend for TrueSize<'a> {
    type ErrorType = <SVGBackend<'a> as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.0.get_size()
    }

    fn ensure_prepared(&mut self) -> Drawn<'a> {
        self.0.ensure_prepared()
    }

    fn present(&mut self) -> Drawn<'a> {
        self.0.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, color: BackendColor) -> Drawn<'a> {
        self.0.draw_pixel(point, color)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn<'a> {
        self.0.draw_path(path, style)
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Drawn<'a> {
        self.0.fill_polygon(path, style)
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, fill: bool) -> Drawn<'a> {
        self.0.draw_circle(centre, radius, style, fill)
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, pos: BackendCoord) -> Drawn<'a> {
        self.0.draw_text(text, &Enlarged(style), pos)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        // RFC 4648, section 10.
        for (bytes, text) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(bytes.as_bytes()), text);
        }
    }
}
