//! The picture as a whole: data, axes and handles on one canvas, for files and for paper.

use figures::{FINE, Picture, Style, Theme};
use plotters::drawing::IntoDrawingArea;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;

use super::canvas::{Sheet, context, off_screen};
use super::painter::Painter;
use crate::dom;

/// Pixels across a saved picture, at the least: sharp over the whole width of a slide.
const SAVED_PX: f64 = 2_400.0;
/// Pixels for a CSS pixel on paper.
const PAPER_RATIO: f64 = 3.0;

/// Why a picture was not saved.
pub(super) enum Unsaved {
    /// There are no numbers yet, or no canvas.
    NoPicture,
    /// The browser hands out other pixels than were painted.
    Guarded,
}

impl Painter {
    /// The whole picture on its ground, with so many pixels for a CSS pixel.
    fn whole(&self, ratio: f64) -> Option<Sheet> {
        let figure = self.figure.borrow();
        let figure = figure.as_ref()?;
        let (width, height) = self.size_at(ratio);
        let canvas = off_screen(width, height)?;
        let target = context(&canvas)?;
        let [r, g, b] = self.theme.get().ground();
        target.set_fill_style_str(&format!("rgb({r},{g},{b})"));
        target.fill_rect(0.0, 0.0, f64::from(width), f64::from(height));
        let sheet = Sheet::new(canvas);
        let style = Style { scale: ratio * f64::from(FINE), ..self.style() };
        let picture = Picture::new(figure, (width * FINE, height * FINE), &style);
        self.paint_heats(figure, &sheet, &picture.area());
        let area = || Some(sheet.backend()?.into_drawing_area());
        picture.paint_data(&area()?).ok()?;
        picture.paint_axes(&area()?).ok()?;
        picture.paint_handles(&area()?).ok()?;
        Some(sheet)
    }

    /// Offers the picture as a file.
    pub(super) fn save_png(&self, name: String) -> Result<(), Unsaved> {
        let sheet = self.whole(self.saved_ratio()).ok_or(Unsaved::NoPicture)?;
        if hands_out_other_pixels() {
            return Err(Unsaved::Guarded);
        }
        let save = Closure::once_into_js(move |blob: Option<web_sys::Blob>| {
            if let Some(blob) = blob {
                let _saved = dom::download(&name, &blob);
            }
        });
        sheet.canvas.to_blob(save.unchecked_ref()).map_err(|_refused| Unsaved::NoPicture)
    }

    /// Puts the whole picture onto the upper canvas, which is what a right click saves and what is printed.
    pub(super) fn show_whole(&self, ratio: f64) {
        let Some(sheet) = self.whole(ratio) else { return };
        let shown = &self.parts.axes;
        shown.clear((sheet.canvas.width(), sheet.canvas.height()));
        if let Some(target) = context(&shown.canvas) {
            // Both are ours and of one size.
            let _reset = target.set_transform(1.0, 0.0, 0.0, 1.0, 0.0, 0.0);
            let _drawn = target.draw_image_with_html_canvas_element(&sheet.canvas, 0.0, 0.0);
        }
        self.forget_axes();
    }

    /// The same for a right click; the next movement of the pointer takes the layers apart again.
    pub(super) fn show_for_saving(&self) {
        self.show_whole(self.saved_ratio());
    }

    fn saved_ratio(&self) -> f64 {
        let (width, _) = self.css_size.get();
        dom::device_pixel_ratio().max(SAVED_PX / width.max(1.0))
    }

    /// Makes it one of those that are painted for paper: ink on white, and finer than a screen.
    pub(super) fn put_on_paper(&self) {
        self.theme.set(Theme::Light);
        self.heats.take();
        let (width, height) = self.css_size.get();
        // The property takes any text.
        let _shaped = self.parts.plot.style().set_property("--painted-aspect", &format!("{width} / {height}"));
        self.show_whole(PAPER_RATIO);
        self.parts.waiting.set_hidden(true);
    }
}

/// Whether the browser protects its users from being recognised by changing what is read from a canvas.
fn hands_out_other_pixels() -> bool {
    const PAINTED: [u8; 3] = [12, 150, 230];
    let read = || {
        let canvas = off_screen(4, 4)?;
        let context = context(&canvas)?;
        let [r, g, b] = PAINTED;
        context.set_fill_style_str(&format!("rgb({r},{g},{b})"));
        context.fill_rect(0.0, 0.0, 4.0, 4.0);
        Some(context.get_image_data(0.0, 0.0, 4.0, 4.0).ok()?.data())
    };
    !read().is_some_and(|data| data.chunks(4).all(|pixel| pixel[..3] == PAINTED))
}
