//! One figure: what it shows, and how it is painted, in animation frames only.

use std::cell::{Cell, RefCell};

use exhibit::declaration::FigureSpec;
use exhibit::prose;
use figures::{FINE, Figure, Picture, PlotArea, Style, Theme};
use leptos::prelude::WithUntracked;
use plotters::drawing::IntoDrawingArea;
use web_sys::{Element, HtmlElement};

use super::canvas::{Heat, Sheet};
use super::motion::Motion;
use super::parts::Parts;
use crate::dom;
use crate::lab::{Lab, Painting as _, Paper};

/// Text of a figure relative to the text of the page.
const TEXT_SHARE: f64 = 0.8125;

/// A figure's canvases and all that belongs to them.
pub(super) struct Painter {
    pub(super) lab: Lab,
    pub(super) spec: &'static FigureSpec,
    pub(super) parts: Parts,
    pub(super) figure: RefCell<Option<Figure>>,
    pub(super) motion: Motion,
    /// The pointer over the plot, or where the keys read, in CSS pixels of the plot.
    pub(super) hover: Cell<Option<(f64, f64)>>,
    /// What lies under the pointer, as it was told.
    pub(super) told: RefCell<Vec<(String, String)>>,
    /// Where it was asked for.
    pub(super) asked: Cell<Option<[f64; 2]>>,
    pub(super) generation: Cell<u32>,
    pub(super) theme: Cell<Theme>,
    pub(super) text_px: Cell<f64>,
    pub(super) css_size: Cell<(f64, f64)>,
    pub(super) in_view: Cell<bool>,
    pub(super) paper: Cell<Paper>,
    pub(super) due: Cell<bool>,
    pub(super) painted_millis: Cell<f64>,
    /// What is due waits until then.
    pub(super) paced_millis: Cell<f64>,
    /// The words about the picture are older than it.
    pub(super) words_due: Cell<bool>,
    pub(super) hover_due: Cell<bool>,
    /// Handles have to follow their controls.
    pub(super) handles_due: Cell<bool>,
    pub(super) heats: RefCell<Option<Vec<Heat>>>,
    /// Where the picture that is shown lies.
    area: Cell<Option<PlotArea>>,
    axes_key: Cell<Option<u64>>,
    paints: Cell<u32>,
}

impl Painter {
    /// Finds the parts of a figure's element.
    pub(super) fn new(lab: Lab, spec: &'static FigureSpec, figure: &HtmlElement) -> Option<Self> {
        Some(Self {
            lab,
            spec,
            parts: Parts::find(figure)?,
            figure: RefCell::new(None),
            motion: Motion::default(),
            hover: Cell::new(None),
            told: RefCell::default(),
            asked: Cell::new(None),
            generation: Cell::new(0),
            theme: Cell::new(lab.theme.try_with_untracked(|t| *t).unwrap_or_default()),
            text_px: Cell::new(Self::text_px()),
            css_size: Cell::new((0.0, 0.0)),
            // Until the browser says otherwise, which it does after its first layout.
            in_view: Cell::new(spec.main),
            paper: Cell::new(Paper::No),
            due: Cell::new(true),
            painted_millis: Cell::new(0.0),
            paced_millis: Cell::new(0.0),
            words_due: Cell::new(false),
            hover_due: Cell::new(false),
            handles_due: Cell::new(false),
            heats: RefCell::new(None),
            area: Cell::new(None),
            axes_key: Cell::new(None),
            paints: Cell::new(0),
        })
    }

    /// The size of a figure's text now.
    pub(super) fn text_px() -> f64 {
        TEXT_SHARE * dom::root_font_px()
    }

    /// It has come into view or gone out of it.
    pub(super) fn set_in_view(&self, in_view: bool) {
        if self.in_view.replace(in_view) != in_view && in_view {
            self.lab.came_into_view(self);
        }
    }

    /// Whether it is in view and has a size.
    pub(super) fn is_paintable(&self) -> bool {
        let (width, height) = self.device_size();
        self.in_view() && width > 0 && height > 0 && self.paper.get() != Paper::Printed
    }

    /// Asks for the tooltip to be brought up to date.
    pub(super) fn set_hover(&self, at: Option<(f64, f64)>) {
        if self.hover.replace(at) != at {
            self.hover_due.set(true);
            self.lab.wake();
        }
    }

    /// Asks for a paint.
    pub(super) fn set_due(&self) {
        self.due.set(true);
        self.paced_millis.set(0.0);
        self.lab.wake();
    }

    /// Size of the canvases in device pixels; zero before the first layout.
    fn device_size(&self) -> (u32, u32) {
        self.size_at(dom::device_pixel_ratio())
    }

    /// Its size with so many pixels for a CSS pixel.
    pub(super) fn size_at(&self, ratio: f64) -> (u32, u32) {
        let (width, height) = self.css_size.get();
        let side = |css: f64| (css * ratio).round().clamp(0.0, 16_000.0) as u32;
        (side(width), side(height))
    }

    /// Fine pixels per CSS pixel.
    pub(super) fn fine_per_css(&self) -> f64 {
        dom::device_pixel_ratio() * f64::from(FINE)
    }

    pub(super) fn style(&self) -> Style {
        Style {
            theme: self.theme.get(),
            scale: self.fine_per_css(),
            text_px: self.text_px.get(),
            orbit: self.motion.orbit(),
        }
    }

    fn fine_size(&self) -> (u32, u32) {
        let (width, height) = self.device_size();
        (width * FINE, height * FINE)
    }

    /// The plot of the figure that is shown, in fine pixels.
    pub(super) fn area(&self, figure: &Figure) -> PlotArea {
        let laid_out = || Picture::new(figure, self.fine_size(), &self.style()).area();
        // What is to be painted anew may lie elsewhere then.
        self.area.get().filter(|_| !self.due.get()).unwrap_or_else(laid_out)
    }

    /// The upper canvas shows something else until the next paint.
    pub(super) fn forget_axes(&self) {
        self.axes_key.set(None);
    }

    /// Whether the upper canvas shows something else.
    pub(super) fn shows_whole(&self) -> bool {
        self.axes_key.get().is_none()
    }

    /// Paints it anew if the upper canvas shows something else.
    pub(super) fn restore_axes(&self) {
        if self.shows_whole() && self.paper.get() != Paper::Printed && self.figure.borrow().is_some() {
            self.set_due();
        }
    }

    /// Paints it; false if it cannot be painted, which is said in its place.
    pub(super) fn paint(&self, figure: &Figure) -> bool {
        let size = self.device_size();
        let picture = Picture::new(figure, self.fine_size(), &self.style());
        self.area.set(Some(picture.area()));
        let mut done = self.paint_data(figure, &picture, size);
        let key = picture.axes_key();
        if self.axes_key.get() != Some(key) {
            let painted = self.paint_axes(&picture, size);
            self.axes_key.set(Some(key).filter(|_| painted));
            done &= painted;
        }
        done
    }

    fn paint_data(&self, figure: &Figure, picture: &Picture<'_>, size: (u32, u32)) -> bool {
        let sheet = &self.parts.data;
        sheet.clear(size);
        self.paint_heats(figure, sheet, &picture.area());
        sheet.backend().is_some_and(|backend| self.is_done(picture.paint_data(&backend.into_drawing_area())))
    }

    pub(super) fn paint_heats(&self, figure: &Figure, sheet: &Sheet, area: &PlotArea) {
        for heat in self.heats.borrow_mut().get_or_insert_with(|| Heat::all(figure, self.theme.get())) {
            // A canvas without a context shows nothing, and there is no other way to show it.
            let _drawn = heat.draw(sheet, area);
        }
    }

    fn paint_axes(&self, picture: &Picture<'_>, size: (u32, u32)) -> bool {
        self.parts.axes.clear(size);
        let backend = self.parts.axes.backend();
        backend.is_some_and(|backend| self.is_done(picture.paint_axes(&backend.into_drawing_area())))
    }

    /// A picture that cannot be painted says why, in its place.
    fn is_done(&self, painted: Result<(), figures::PaintError>) -> bool {
        if let Err(error) = &painted {
            self.parts.waiting.set_text_content(Some(&format!("{error}.")));
            self.parts.waiting.set_hidden(false);
        }
        painted.is_ok()
    }

    /// Tells scripts that the picture is another one; a handle that has moved is part of it.
    pub(super) fn count_paint(&self) {
        let paints = self.paints.get().wrapping_add(1);
        self.paints.set(paints);
        // This name is valid, so setting it cannot fail.
        let _set = self.parts.figure.set_attribute("data-frame", &paints.to_string());
    }

    /// Tells screen readers and scripts what was painted.
    pub(super) fn describe(&self, figure: &Figure) {
        let set = |element: &Element, name: &str, value: &str| {
            if element.get_attribute(name).as_deref() != Some(value) {
                // These names are valid, so setting them cannot fail.
                let _set = element.set_attribute(name, value);
            }
        };
        set(&self.parts.figure, "data-backend", if figure.device.is_gpu() { "gpu" } else { "cpu" });
        let device = figure.device.to_string();
        if self.parts.device.get_attribute("title").as_deref() != Some(&device) {
            set(&self.parts.device, "title", &device);
            self.parts.device.set_text_content(Some(&device));
        }
        let alt = if figure.alt.is_empty() { self.spec.title } else { &figure.alt };
        set(&self.parts.plot, "aria-label", alt);
        let now = prose::prose(if figure.title == self.spec.title { "" } else { &figure.title });
        if self.parts.now.get_attribute("data-text").as_deref() != Some(now.as_str()) {
            set(&self.parts.now, "data-text", &now);
            set(&self.parts.now, "title", &figure.title);
            self.parts.now.set_inner_html(&now);
        }
        if !self.parts.waiting.hidden() {
            self.parts.waiting.set_hidden(true);
        }
    }
}
