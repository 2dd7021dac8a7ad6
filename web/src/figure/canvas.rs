//! Canvases of one figure: sharp on any screen, with coordinates finer than a pixel.

use std::cell::RefCell;
use std::rc::Rc;

use figures::{FINE, Figure, HeatImage, Piece, PlotArea};
use plotters_backend::text_anchor::{HPos, VPos};
use plotters_backend::{
    BackendColor, BackendCoord, BackendStyle, BackendTextStyle, DrawingBackend, DrawingErrorKind, FontTransform,
};
use plotters_canvas::CanvasBackend;
use wasm_bindgen::{Clamped, JsCast};
use web_sys::{CanvasRenderingContext2d, HtmlCanvasElement, ImageData};

use crate::dom;

/// The 2-D context of a canvas.
pub(super) fn context(canvas: &HtmlCanvasElement) -> Option<CanvasRenderingContext2d> {
    canvas.get_context("2d").ok()??.dyn_into().ok()
}

/// A canvas that belongs to no page.
pub(super) fn off_screen(width: u32, height: u32) -> Option<HtmlCanvasElement> {
    let canvas: HtmlCanvasElement = dom::document()?.create_element("canvas").ok()?.dyn_into().ok()?;
    canvas.set_width(width);
    canvas.set_height(height);
    Some(canvas)
}

/// One layer of a figure: a canvas that keeps its size and its font from paint to paint.
pub(super) struct Sheet {
    pub(super) canvas: HtmlCanvasElement,
    /// The font that the canvas is set to, as it was written: setting one makes the browser look it up, which costs more
    /// than a line.
    font: Rc<RefCell<String>>,
}

impl Sheet {
    pub(super) fn new(canvas: HtmlCanvasElement) -> Self {
        Self { canvas, font: Rc::default() }
    }

    /// Empties it and gives it a size in device pixels. Setting the size, even to the same, would reset the font as well.
    pub(super) fn clear(&self, size: (u32, u32)) {
        if (self.canvas.width(), self.canvas.height()) != size {
            self.canvas.set_width(size.0);
            self.canvas.set_height(size.1);
            self.font.borrow_mut().clear();
        } else if let Some(context) = context(&self.canvas) {
            // A context always takes the identity.
            let _reset = context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
            context.clear_rect(0.0, 0.0, f64::from(size.0), f64::from(size.1));
        }
    }

    /// A backend that paints on it.
    pub(super) fn backend(&self) -> Option<FineCanvas> {
        let context = context(&self.canvas)?;
        let shrink = 1.0 / f64::from(FINE);
        context.set_transform(shrink, 0.0, 0.0, shrink, 0.0, 0.0).ok()?;
        context.set_line_join("round");
        let size = (self.canvas.width() * FINE, self.canvas.height() * FINE);
        let inner = CanvasBackend::with_canvas_object(self.canvas.clone())?;
        Some(FineCanvas { inner, context, size, font: Rc::clone(&self.font), pending: None })
    }
}

/// A backend that claims to be [`FINE`] times larger than its canvas, because plotters knows whole pixels only. Lines and
/// discs of one style that follow each other become one path of the canvas: hundreds of points cost as much as a few.
pub(super) struct FineCanvas {
    inner: CanvasBackend,
    context: CanvasRenderingContext2d,
    size: (u32, u32),
    font: Rc<RefCell<String>>,
    /// How the path that was begun will be painted.
    pending: Option<Ink>,
}

#[derive(Clone, Copy, PartialEq)]
enum Ink {
    Line(Colour, u32),
    /// Discs, and small polygons without holes that turn the same way round.
    Filled(Colour),
}

/// Polygons with no more corners than this become part of a path.
const MOST_CORNERS: usize = 8;

/// The corners of a small polygon.
#[derive(Default)]
struct Corners {
    points: [BackendCoord; MOST_CORNERS],
    count: usize,
}

impl Corners {
    fn push(&mut self, point: BackendCoord) {
        if let Some(slot) = self.points.get_mut(self.count) {
            *slot = point;
            self.count += 1;
        }
    }

    fn iter(&self) -> impl DoubleEndedIterator<Item = BackendCoord> + '_ {
        self.points[..self.count].iter().copied()
    }

    /// Adds it to the path of a context, always the same way round: two that overlap would cut a hole otherwise.
    fn trace(&self, context: &CanvasRenderingContext2d) {
        let next = self.iter().skip(1).chain(self.iter().take(1));
        let area: i64 = self
            .iter()
            .zip(next)
            .map(|((x0, y0), (x1, y1))| i64::from(x0) * i64::from(y1) - i64::from(x1) * i64::from(y0))
            .sum();
        let mut first = true;
        let mut go = |(x, y): BackendCoord| {
            let (x, y) = (f64::from(x), f64::from(y));
            if std::mem::take(&mut first) {
                context.move_to(x, y);
            } else {
                context.line_to(x, y);
            }
        };
        if area < 0 {
            self.iter().rev().for_each(&mut go);
        } else {
            self.iter().for_each(&mut go);
        }
        context.close_path();
    }
}

/// Red, green, blue and alpha, which can be compared.
type Colour = ((u8, u8, u8), f64);

type Outcome = Result<(), DrawingErrorKind<<CanvasBackend as DrawingBackend>::ErrorType>>;

impl FineCanvas {
    /// Goes on with the path, or begins one.
    fn take_up(&mut self, ink: Ink) {
        if self.pending != Some(ink) {
            self.flush();
            self.context.begin_path();
            self.pending = Some(ink);
        }
    }

    /// Sets the font in which a text is measured and painted, unless it is set.
    fn set_font(&self, style: &impl BackendTextStyle) {
        let font = format!("{} {:.1}px system-ui, sans-serif", style.style().as_str(), style.size());
        if font != *self.font.borrow() {
            self.context.set_font(&font);
            *self.font.borrow_mut() = font;
        }
    }

    /// Paints the path.
    fn flush(&mut self) {
        match self.pending.take() {
            None => {}
            Some(Ink::Line(colour, width)) => {
                self.context.set_stroke_style_str(&css(colour));
                self.context.set_line_width(f64::from(width));
                self.context.stroke();
            }
            Some(Ink::Filled(colour)) => {
                self.context.set_fill_style_str(&css(colour));
                self.context.fill();
            }
        }
    }
}

impl Drop for FineCanvas {
    fn drop(&mut self) {
        self.flush();
    }
}

fn css(((r, g, b), alpha): Colour) -> String {
    format!("rgba({r},{g},{b},{alpha})")
}

fn colour_of(style: &impl BackendStyle) -> Colour {
    let BackendColor { rgb, alpha } = style.color();
    (rgb, alpha)
}

impl DrawingBackend for FineCanvas {
    type ErrorType = <CanvasBackend as DrawingBackend>::ErrorType;

    fn get_size(&self) -> (u32, u32) {
        self.size
    }

    fn ensure_prepared(&mut self) -> Outcome {
        self.inner.ensure_prepared()
    }

    fn present(&mut self) -> Outcome {
        self.flush();
        self.inner.present()
    }

    fn draw_pixel(&mut self, point: BackendCoord, colour: BackendColor) -> Outcome {
        self.flush();
        self.inner.draw_pixel(point, colour)
    }

    fn draw_line<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S) -> Outcome {
        self.draw_path([from, to], style)
    }

    fn draw_rect<S: BackendStyle>(&mut self, from: BackendCoord, to: BackendCoord, style: &S, fill: bool) -> Outcome {
        self.flush();
        self.inner.draw_rect(from, to, style, fill)
    }

    fn draw_path<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Outcome {
        self.take_up(Ink::Line(colour_of(style), style.stroke_width()));
        let mut points = path.into_iter().map(|(x, y)| (f64::from(x), f64::from(y)));
        if let Some((x, y)) = points.next() {
            self.context.move_to(x, y);
        }
        points.for_each(|(x, y)| self.context.line_to(x, y));
        Ok(())
    }

    fn draw_circle<S: BackendStyle>(&mut self, centre: BackendCoord, radius: u32, style: &S, fill: bool) -> Outcome {
        let colour = colour_of(style);
        self.take_up(if fill { Ink::Filled(colour) } else { Ink::Line(colour, style.stroke_width()) });
        let (x, y, radius) = (f64::from(centre.0), f64::from(centre.1), f64::from(radius));
        self.context.move_to(x + radius, y);
        // It fails for no radius that is not negative.
        let _added = self.context.arc(x, y, radius, 0.0, std::f64::consts::TAU);
        Ok(())
    }

    fn fill_polygon<S: BackendStyle, I: IntoIterator<Item = BackendCoord>>(&mut self, path: I, style: &S) -> Outcome {
        let mut points: Corners = Corners::default();
        let colour = colour_of(style);
        let mut path = path.into_iter();
        path.by_ref().take(MOST_CORNERS).for_each(|point| points.push(point));
        let next = path.next();
        if next.is_some() || colour.1 < 1.0 {
            self.flush();
            return self.inner.fill_polygon(points.iter().chain(next).chain(path), style);
        }
        self.take_up(Ink::Filled(colour));
        points.trace(&self.context);
        Ok(())
    }

    /// With the font that it will be painted in: another one would part letters from their indices.
    fn estimate_text_size<S: BackendTextStyle>(
        &self,
        text: &str,
        style: &S,
    ) -> Result<(u32, u32), DrawingErrorKind<Self::ErrorType>> {
        self.set_font(style);
        // It fails for no text that is a string.
        let width = self.context.measure_text(text).map_or(0.0, |metrics| metrics.width());
        Ok((width.round() as u32, style.size().round() as u32))
    }

    fn draw_text<S: BackendTextStyle>(&mut self, text: &str, style: &S, at: BackendCoord) -> Outcome {
        self.flush();
        if !matches!(style.transform(), FontTransform::None) {
            return self.inner.draw_text(text, style, at);
        }
        self.set_font(style);
        let BackendColor { rgb, alpha } = style.color();
        self.context.set_fill_style_str(&css((rgb, alpha)));
        self.context.set_text_align(match style.anchor().h_pos {
            HPos::Left => "left",
            HPos::Center => "center",
            HPos::Right => "right",
        });
        self.context.set_text_baseline(match style.anchor().v_pos {
            VPos::Top => "top",
            VPos::Center => "middle",
            VPos::Bottom => "bottom",
        });
        // Between two pixels letters blur; plotters' place is a fraction of one.
        let fine = FINE as i32;
        let y = (at.1 + fine / 2).div_euclid(fine) * fine;
        // It fails for no text that is a string.
        let _filled = self.context.fill_text(text, f64::from(at.0), f64::from(y));
        Ok(())
    }
}

/// A heat map, or the images of a layer, on a canvas of its own, one pixel a cell.
pub(super) struct Heat {
    canvas: HtmlCanvasElement,
    image: HeatImage,
}

impl Heat {
    fn new(mut image: HeatImage) -> Option<Self> {
        let (columns, rows) = (image.grid.columns, image.grid.rows);
        let canvas = off_screen(columns, rows)?;
        let data = ImageData::new_with_u8_clamped_array_and_sh(Clamped(&image.rgba), columns, rows).ok()?;
        context(&canvas)?.put_image_data(&data, 0.0, 0.0).ok()?;
        // The canvas has it now.
        image.rgba = Vec::new();
        Some(Self { canvas, image })
    }

    /// All heat maps of a figure.
    pub(super) fn all(figure: &Figure, theme: figures::Theme) -> Vec<Self> {
        figures::heat_images(figure, theme).into_iter().filter_map(Self::new).collect()
    }

    /// Draws it over its spans, or image by image; `area` is in fine pixels. Cells that are to be seen as such are not smoothed.
    pub(super) fn draw(&self, sheet: &Sheet, area: &PlotArea) -> Option<()> {
        let context = context(&sheet.canvas)?;
        let fine = f64::from(FINE);
        let (left, top, right, bottom) = area.rect();
        context.save();
        context.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0).ok()?;
        context.begin_path();
        context.rect(left / fine, top / fine, (right - left) / fine, (bottom - top) / fine);
        context.clip();
        let mut drawn = Some(());
        for (i, Piece { from, to }) in self.image.pieces(area).enumerate() {
            let to = (to.0 / fine, to.1 / fine, to.2 / fine, to.3 / fine);
            if i == 0 {
                // Cells as small as pixels are blended in any case.
                let cell = to.2 / from.2.max(1.0);
                context.set_image_smoothing_enabled(cell < if self.image.smooth { 16.0 } else { 1.0 });
            }
            let done = context.draw_image_with_html_canvas_element_and_sw_and_sh_and_dx_and_dy_and_dw_and_dh(
                &self.canvas,
                from.0,
                from.1,
                from.2,
                from.3,
                to.0,
                to.1,
                to.2,
                to.3,
            );
            drawn = drawn.and(done.ok());
        }
        context.restore();
        drawn
    }
}
