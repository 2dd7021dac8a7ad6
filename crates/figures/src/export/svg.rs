//! SVG through plotters-svg.

use plotters::drawing::IntoDrawingArea;
use plotters_svg::SVGBackend;

use super::{all_ops, check_size, fine_picture, png};
use crate::area::PlotArea;
use crate::clip::Point;
use crate::error::PaintError;
use crate::heat::{HeatImage, Piece, heat_images};
use crate::model::Figure;
use crate::pen::{Align, HALO_ALPHA, HALO_REACH, Ink, Op, Widths, paint};
use crate::text::{Shift, runs};
use crate::theme::Style;
use crate::{FINE, Rgb};

/// The figure as an SVG document of `size` CSS pixels (with [`Style::scale`] 1); title and description are its title and `alt`.
/// Text stays text, in the reader's sans-serif font; heat maps are embedded PNG images.
///
/// # Errors
/// [`PaintError::Encode`] for an empty or huge size or if a heat map cannot be encoded.
pub fn svg(figure: &Figure, size: (u32, u32), style: &Style) -> Result<String, PaintError> {
    check_size("SVG", size)?;
    let picture = fine_picture(figure, size, style);
    let (width, height) = (size.0 * FINE, size.1 * FINE);
    let mut out = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{}\" height=\"{}\" viewBox=\"0 0 {width} {height}\" role=\"img\" \
         xmlns:xlink=\"http://www.w3.org/1999/xlink\" font-family=\"sans-serif\" \
         stroke-linejoin=\"round\">\n<title>{}</title>\n<desc>{}</desc>\n\
         <rect width=\"{width}\" height=\"{height}\" fill=\"{}\"/>\n",
        size.0,
        size.1,
        escaped(&figure.title),
        escaped(&figure.alt),
        hex(style.theme.ground()),
    );
    images(figure, style, &picture.area(), &mut out)?;
    let mut shapes = Vec::new();
    for op in all_ops(&picture) {
        match op {
            Op::Label { text, at, align, px, ink, halo } => {
                out.push_str(&elements(&std::mem::take(&mut shapes), (width, height))?);
                label(&text, at, align, px, ink, halo, &mut out);
            }
            shape => shapes.push(shape),
        }
    }
    out.push_str(&elements(&shapes, (width, height))?);
    out.push_str("</svg>\n");
    Ok(out)
}

/// A label as one text element: plotters would split it at each script, and place the pieces by widths that the reader's
/// font has not. The outline is a stroke behind the letters.
fn label(text: &str, at: Point, align: Align, px: f64, Ink(colour, alpha): Ink, halo: Option<Rgb>, out: &mut String) {
    let anchor = match align {
        Align::Left => "start",
        Align::Middle => "middle",
        Align::Right => "end",
    };
    let outline = halo.map_or_else(String::new, |halo| {
        let wide = 2.0 * HALO_REACH * px;
        format!(
            " paint-order=\"stroke\" stroke=\"{}\" stroke-opacity=\"{HALO_ALPHA}\" stroke-width=\"{wide:.0}\"",
            hex(halo)
        )
    });
    let opacity = if alpha < 1.0 { format!(" opacity=\"{alpha}\"") } else { String::new() };
    // Half the height of a capital below the middle, as in the PNG.
    let (x, y) = (at.0, at.1 + 0.36 * px);
    out.push_str(&format!(
        "<text x=\"{x:.0}\" y=\"{y:.0}\" font-size=\"{px:.1}\" text-anchor=\"{anchor}\" fill=\"{}\"{opacity}{outline}>",
        hex(colour)
    ));
    let mut height = 0.0;
    for run in runs(text) {
        let (size, drop) = run.shift.size_and_drop();
        // The centre of a smaller piece is lowered by `drop`; its baseline is that much nearer to its centre.
        let baseline = if run.shift == Shift::Base { 0.0 } else { (drop + 0.36 * size - 0.36) * px };
        let text = escaped(&run.text);
        if baseline == height && size == 1.0 {
            out.push_str(&text);
        } else {
            let (dy, size) = (baseline - height, size * px);
            out.push_str(&format!("<tspan dy=\"{dy:.1}\" font-size=\"{size:.1}\">{text}</tspan>"));
        }
        height = baseline;
    }
    out.push_str("</text>\n");
}

fn hex([r, g, b]: Rgb) -> String {
    format!("#{r:02x}{g:02x}{b:02x}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

/// The elements that plotters-svg writes for a list, without its root.
fn elements(ops: &[Op], size: (u32, u32)) -> Result<String, PaintError> {
    if ops.is_empty() {
        return Ok(String::new());
    }
    let mut document = String::new();
    let area = SVGBackend::with_string(&mut document, size).into_drawing_area();
    paint(&area, ops, Widths::Estimated)?;
    area.present().map_err(|error| PaintError::backend("the document", error))?;
    drop(area);
    let start = document.find('\n').map_or(0, |i| i + 1);
    let end = document.rfind("</svg>").unwrap_or(document.len());
    Ok(document.get(start..end).unwrap_or_default().to_owned())
}

fn images(figure: &Figure, style: &Style, area: &PlotArea, out: &mut String) -> Result<(), PaintError> {
    let images = heat_images(figure, style.theme);
    if images.is_empty() {
        return Ok(());
    }
    let (left, top, right, bottom) = area.rect();
    let (wide, high) = (right - left, bottom - top);
    out.push_str(&format!("<svg x=\"{left:.0}\" y=\"{top:.0}\" width=\"{wide:.0}\" height=\"{high:.0}\">\n"));
    for image in images {
        for piece in image.pieces(area) {
            // Some readers blend cells whatever they are told. Where a cell is many pixels, its rim is all that they can blend.
            let times = if image.smooth { 1 } else { enlargement(piece.from) };
            let (columns, rows, rgba) = enlarged(&image, &piece, times);
            let bytes = png::encode(columns, rows, &rgba, png::Channels::Rgba)?;
            let (x, y, wide, high) = piece.to;
            let (dx, dy) = (x - left, y - top);
            let rendering = if image.smooth { "auto" } else { "pixelated" };
            // Of two addresses the older one is the one that all readers know.
            out.push_str(&format!(
                "<image x=\"{dx:.2}\" y=\"{dy:.2}\" width=\"{wide:.2}\" height=\"{high:.2}\" preserveAspectRatio=\"none\" \
                 image-rendering=\"{}\" style=\"image-rendering:{rendering}\" xlink:href=\"data:image/png;base64,{}\"/>\n",
                if image.smooth { "auto" } else { "optimizeSpeed" },
                base64(&bytes)
            ));
        }
    }
    out.push_str("</svg>\n");
    Ok(())
}

/// How many pixels a side a cell gets: enough to be sharp, few enough for the file.
fn enlargement((_, _, columns, rows): (f64, f64, f64, f64)) -> u32 {
    (512.0 / columns.max(rows).max(1.0)).clamp(1.0, 16.0) as u32
}

/// A piece of an image with each cell `times` pixels a side: columns, rows, and red, green, blue and opacity.
fn enlarged(image: &HeatImage, piece: &Piece, times: u32) -> (u32, u32, Vec<u8>) {
    let [left, top, columns, rows] = [piece.from.0, piece.from.1, piece.from.2, piece.from.3].map(|v| v as u32);
    let mut out = Vec::with_capacity((4 * columns * rows * times * times) as usize);
    for row in 0..rows * times {
        for column in 0..columns * times {
            let at = 4 * ((top + row / times) * image.grid.columns + left + column / times) as usize;
            out.extend_from_slice(&image.rgba[at..at + 4]);
        }
    }
    (columns * times, rows * times, out)
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
