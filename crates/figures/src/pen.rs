//! Primitives on a plotters drawing area: paths, areas, circles and labels with real-valued places and widths.

use std::cell::RefCell;
use std::hash::{Hash, Hasher};

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters::element::{BackendCoordOnly, Drawable, PointCollection};
use plotters::style::text_anchor::{HPos, Pos, VPos};
use plotters::style::{Color, FontDesc, FontFamily, FontStyle, RGBAColor, ShapeStyle};
use plotters_backend::{BackendCoord, DrawingBackend, DrawingErrorKind};

use crate::clip::{Point, Rect};
use crate::colour::Rgb;
use crate::error::PaintError;
use crate::small::sin_cos;
use crate::text::{run_width, runs};
use crate::theme::Style;

/// Which side of a label its place is on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Align {
    Left,
    Middle,
    Right,
}

/// How far the outline of a label reaches, in text sizes, and how opaque it is.
pub(crate) const HALO_REACH: f64 = 0.12;
pub(crate) const HALO_ALPHA: f64 = 0.85;

/// Colour and opacity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Ink(pub(crate) Rgb, pub(crate) f64);

impl From<Rgb> for Ink {
    fn from(colour: Rgb) -> Self {
        Self(colour, 1.0)
    }
}

impl Ink {
    fn rgba(self) -> RGBAColor {
        let [r, g, b] = self.0;
        // Three decimals: what a backend that writes the number out needs.
        RGBAColor(r, g, b, (self.1.clamp(0.0, 1.0) * 1000.0).round() / 1000.0)
    }
}

enum Shape {
    Path(u32),
    Area,
    Disc(u32),
}

/// One call of the backend.
struct Mark {
    points: Vec<BackendCoord>,
    shape: Shape,
    ink: RGBAColor,
}

impl<'a> PointCollection<'a, BackendCoord, BackendCoordOnly> for &'a Mark {
    type Point = &'a BackendCoord;
    type IntoIter = &'a [BackendCoord];

    fn point_iter(self) -> &'a [BackendCoord] {
        &self.points
    }
}

impl<DB: DrawingBackend> Drawable<DB, BackendCoordOnly> for Mark {
    fn draw<I: Iterator<Item = BackendCoord>>(
        &self,
        mut points: I,
        backend: &mut DB,
        _size: (u32, u32),
    ) -> Result<(), DrawingErrorKind<DB::ErrorType>> {
        match &self.shape {
            Shape::Path(stroke_width) => {
                let style = ShapeStyle { color: self.ink, filled: false, stroke_width: *stroke_width };
                backend.draw_path(points, &style)
            }
            Shape::Area => backend.fill_polygon(points, &self.ink.to_backend_color()),
            Shape::Disc(radius) => match points.next() {
                Some(centre) => backend.draw_circle(centre, *radius, &self.ink.to_backend_color(), true),
                None => Ok(()),
            },
        }
    }
}

/// One step of painting, in pixels relative to the drawing area. Both layers are first written as a list of these: the list
/// can be hashed to see whether anything changed, and tested without a screen.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Op {
    /// A polyline.
    Path { points: Vec<Point>, width: f64, ink: Ink },
    /// A filled polygon.
    Fill { points: Vec<Point>, ink: Ink },
    /// A filled circle.
    Disc { centre: Point, radius: f64, ink: Ink },
    /// A label with markup, centred vertically, with an outline in the colour of `halo` where it lies on a picture.
    Label { text: String, at: Point, align: Align, px: f64, ink: Ink, halo: Option<Rgb> },
}

impl Op {
    pub(crate) fn path(points: Vec<Point>, width: f64, ink: impl Into<Ink>) -> Self {
        Self::Path { points, width, ink: ink.into() }
    }

    /// An upright line, sharp.
    pub(crate) fn upright(x: f64, (top, bottom): (f64, f64), width: f64, ink: impl Into<Ink>, style: &Style) -> Self {
        let (x, width) = style.crisp(x, width);
        Self::path(vec![(x, top), (x, bottom)], width, ink)
    }

    /// A level line, sharp.
    pub(crate) fn level(y: f64, (left, right): (f64, f64), width: f64, ink: impl Into<Ink>, style: &Style) -> Self {
        let (y, width) = style.crisp(y, width);
        Self::path(vec![(left, y), (right, y)], width, ink)
    }

    pub(crate) fn fill(points: Vec<Point>, ink: impl Into<Ink>) -> Self {
        Self::Fill { points, ink: ink.into() }
    }

    pub(crate) fn fill_rect(r: &Rect, ink: impl Into<Ink>) -> Self {
        Self::fill(vec![(r.left, r.top), (r.right, r.top), (r.right, r.bottom), (r.left, r.bottom)], ink)
    }

    pub(crate) fn disc(centre: Point, radius: f64, ink: impl Into<Ink>) -> Self {
        Self::Disc { centre, radius, ink: ink.into() }
    }

    pub(crate) fn label(text: &str, at: Point, align: Align, px: f64, ink: impl Into<Ink>) -> Self {
        Self::Label { text: text.into(), at, align, px, ink: ink.into(), halo: None }
    }

    pub(crate) fn label_on_picture(
        text: &str,
        at: Point,
        align: Align,
        px: f64,
        ink: impl Into<Ink>,
        halo: Rgb,
    ) -> Self {
        Self::Label { text: text.into(), at, align, px, ink: ink.into(), halo: Some(halo) }
    }
}

impl Hash for Op {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        let point = |p: Point, h: &mut H| (p.0.to_bits(), p.1.to_bits()).hash(h);
        let ink = |i: &Ink, h: &mut H| (i.0, i.1.to_bits()).hash(h);
        std::mem::discriminant(self).hash(hasher);
        match self {
            Self::Path { points, width, ink: i } => {
                points.iter().for_each(|p| point(*p, hasher));
                width.to_bits().hash(hasher);
                ink(i, hasher);
            }
            Self::Fill { points, ink: i } => {
                points.iter().for_each(|p| point(*p, hasher));
                ink(i, hasher);
            }
            Self::Disc { centre, radius, ink: i } => {
                point(*centre, hasher);
                radius.to_bits().hash(hasher);
                ink(i, hasher);
            }
            Self::Label { text, at, align, px, ink: i, halo } => {
                text.hash(hasher);
                point(*at, hasher);
                (*align as u8).hash(hasher);
                px.to_bits().hash(hasher);
                ink(i, hasher);
                halo.hash(hasher);
            }
        }
    }
}

/// The place nearest to `at` where a label that is centred there lies within the rectangle.
pub(crate) fn label_place(at: Point, width: f64, px: f64, within: &Rect) -> Point {
    let (half, middle) = ((width / 2.0, 0.7 * px), within.centre());
    let room = Rect {
        left: (within.left + half.0).min(middle.0),
        right: (within.right - half.0).max(middle.0),
        top: (within.top + half.1).min(middle.1),
        bottom: (within.bottom - half.1).max(middle.1),
    };
    room.clamp(at)
}

/// How many widths are kept before all are forgotten.
const MOST_MEASURED: usize = 1024;

thread_local! {
    /// Sizes in sixteenths of a pixel, texts and their widths, in order: a hash map's code would be ten times that of a search.
    static MEASURED: RefCell<Vec<(u32, String, f64)>> = const { RefCell::new(Vec::new()) };
}

/// How wide the pieces of a label with scripts are taken to be; labels without need no width.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Widths {
    /// As the backend measures them. It is asked once for each text and size.
    Measured,
    /// As the layout estimates them: plotters without a font library has no better idea.
    Estimated,
}

impl Widths {
    /// For a backend of the caller.
    pub(crate) const CALLER: Self = if cfg!(target_arch = "wasm32") { Self::Measured } else { Self::Estimated };
}

/// Paints a list in order.
pub(crate) fn paint<DB: DrawingBackend>(
    area: &DrawingArea<DB, Shift>,
    ops: &[Op],
    widths: Widths,
) -> Result<(), PaintError> {
    let pen = Pen::new(area, widths);
    for op in ops {
        match op {
            Op::Path { points, width, ink } => pen.path(points, *width, *ink)?,
            Op::Fill { points, ink } => pen.fill(points, *ink)?,
            Op::Disc { centre, radius, ink } => pen.disc(*centre, *radius, *ink)?,
            Op::Label { text, at, align, px, ink, halo } => pen.label(text, *at, *align, *px, *ink, *halo)?,
        }
    }
    Ok(())
}

/// Paints on a drawing area.
struct Pen<'a, DB: DrawingBackend> {
    area: &'a DrawingArea<DB, Shift>,
    base: BackendCoord,
    widths: Widths,
}

impl<'a, DB: DrawingBackend> Pen<'a, DB> {
    fn new(area: &'a DrawingArea<DB, Shift>, widths: Widths) -> Self {
        Self { area, base: area.get_base_pixel(), widths }
    }

    fn place(&self, (x, y): Point) -> BackendCoord {
        // The cast saturates; a sane picture is far within.
        let nearest = |x: f64| (x + 0.5).floor().clamp(-1e8, 1e8) as i32;
        (self.base.0 + nearest(x), self.base.1 + nearest(y))
    }

    fn mark(&self, doing: &'static str, points: Vec<BackendCoord>, shape: Shape, ink: Ink) -> Result<(), PaintError> {
        let mark = Mark { points, shape, ink: ink.rgba() };
        self.area.draw(&mark).map_err(|error| PaintError::backend(doing, error))
    }

    /// A polyline.
    fn path(&self, points: &[Point], width: f64, ink: Ink) -> Result<(), PaintError> {
        let mut placed: Vec<BackendCoord> = points.iter().map(|p| self.place(*p)).collect();
        placed.dedup();
        if placed.len() < 2 {
            return Ok(());
        }
        self.mark("a line", placed, Shape::Path(width.round().max(1.0) as u32), ink)
    }

    /// A filled polygon.
    fn fill(&self, points: &[Point], ink: Ink) -> Result<(), PaintError> {
        if points.len() < 3 {
            return Ok(());
        }
        self.mark("an area", points.iter().map(|p| self.place(*p)).collect(), Shape::Area, ink)
    }

    /// A filled circle.
    fn disc(&self, centre: Point, radius: f64, ink: Ink) -> Result<(), PaintError> {
        self.mark("a point", vec![self.place(centre)], Shape::Disc(radius.round().max(1.0) as u32), ink)
    }

    /// A label with markup, centred vertically at `at`, with an outline in the colour of `halo` where it lies on a picture.
    fn label(
        &self,
        text: &str,
        at: Point,
        align: Align,
        px: f64,
        ink: Ink,
        halo: Option<Rgb>,
    ) -> Result<(), PaintError> {
        if let Some(colour) = halo {
            let reach = (px * HALO_REACH).max(1.0);
            for k in 0..8 {
                let (sin, cos) = sin_cos(std::f64::consts::TAU * f64::from(k) / 8.0);
                let shifted = (at.0 + reach * cos, at.1 + reach * sin);
                self.runs(text, shifted, align, px, Ink(colour, HALO_ALPHA))?;
            }
        }
        self.runs(text, at, align, px, ink)
    }

    fn runs(&self, text: &str, at: Point, align: Align, px: f64, ink: Ink) -> Result<(), PaintError> {
        let pieces = runs(text);
        if let [only] = pieces.as_slice() {
            let anchor = match align {
                Align::Left => HPos::Left,
                Align::Middle => HPos::Center,
                Align::Right => HPos::Right,
            };
            return self.text(&only.text, at, anchor, px, ink);
        }
        let sizes: Vec<f64> = pieces.iter().map(|piece| px * piece.shift.size_and_drop().0).collect();
        let widths: Vec<f64> = pieces.iter().zip(&sizes).map(|(piece, size)| self.width(&piece.text, *size)).collect();
        let total: f64 = widths.iter().sum();
        let mut x = match align {
            Align::Left => at.0,
            Align::Middle => at.0 - total / 2.0,
            Align::Right => at.0 - total,
        };
        for (i, piece) in pieces.iter().enumerate() {
            let y = at.1 + piece.shift.size_and_drop().1 * px;
            // The first piece ends, and the others start, at the seam between them: a symbol and its index keep together
            // even if the first width is only an estimate.
            if i == 0 {
                self.text(&piece.text, (x + widths[i], y), HPos::Right, sizes[i], ink)?;
            } else {
                self.text(&piece.text, (x, y), HPos::Left, sizes[i], ink)?;
            }
            x += widths[i];
        }
        Ok(())
    }

    /// The width of a piece of a label.
    fn width(&self, text: &str, px: f64) -> f64 {
        if self.widths == Widths::Estimated {
            return run_width(text, px);
        }
        let sixteenths = (px * 16.0).round() as u32;
        let place_in = |kept: &[(u32, String, f64)]| {
            kept.binary_search_by(|(size, known, _)| size.cmp(&sixteenths).then_with(|| known.as_str().cmp(text)))
        };
        if let Some(known) = MEASURED.with_borrow(|kept| place_in(kept).ok().map(|place| kept[place].2)) {
            return known;
        }
        let font = FontDesc::new(FontFamily::SansSerif, px, FontStyle::Normal);
        let measured = self.area.estimate_text_size(text, &font.color(&Ink([0; 3], 1.0).rgba()));
        let width = measured.map_or_else(|_| run_width(text, px), |(width, _)| f64::from(width));
        MEASURED.with_borrow_mut(|kept| {
            if kept.len() >= MOST_MEASURED {
                kept.clear();
            }
            if let Err(place) = place_in(kept) {
                kept.insert(place, (sixteenths, text.to_owned(), width));
            }
        });
        width
    }

    fn text(&self, text: &str, at: Point, anchor: HPos, px: f64, ink: Ink) -> Result<(), PaintError> {
        let style = FontDesc::new(FontFamily::SansSerif, px, FontStyle::Normal)
            .color(&ink.rgba())
            .pos(Pos::new(anchor, VPos::Center));
        // Drawing areas shift texts by their own base pixel.
        let (x, y) = self.place(at);
        self.area
            .draw_text(text, &style, (x - self.base.0, y - self.base.1))
            .map_err(|error| PaintError::backend("a text", error))
    }
}
