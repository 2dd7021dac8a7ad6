//! Paints one figure, in animation frames only.

use std::cell::{Cell, RefCell};
use std::rc::{Rc, Weak};

use exhibits::Values;
use exhibits::declaration::FigureSpec;
use figures::{FINE, Figure, Layer, Picture, PlotArea, Style, Theme};
use leptos::prelude::WithUntracked;
use plotters::drawing::IntoDrawingArea;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::{
    Element, HtmlElement, IntersectionObserver, IntersectionObserverEntry, IntersectionObserverInit, ResizeObserver,
};

use super::canvas::{Heat, Sheet};
use super::interact::{self, Motion};
use super::{reading, window};
use crate::dom::{self, Listener};
use crate::lab::Lab;
use exhibits::prose;

/// Text of a figure relative to the text of the page.
const TEXT_SHARE: f64 = 0.8125;

/// Between two paints of new data in a figure that is no main one, and between what refines an answer. That leaves the time
/// of a frame to the first answer of the main figures, and to what waits for its turn.
const PACE_MILLIS: f64 = 45.0;

/// The elements of a figure.
pub(crate) struct Parts {
    pub(crate) figure: HtmlElement,
    pub(crate) plot: HtmlElement,
    pub(crate) data: Sheet,
    pub(crate) axes: Sheet,
    pub(crate) overlay: HtmlElement,
    pub(crate) handles: HtmlElement,
    pub(crate) tools: HtmlElement,
    pub(crate) live: HtmlElement,
    now: HtmlElement,
    device: HtmlElement,
    waiting: HtmlElement,
}

impl Parts {
    fn find(figure: &HtmlElement) -> Option<Self> {
        fn part<T: JsCast>(figure: &Element, selector: &str) -> Option<T> {
            figure.query_selector(selector).ok()??.dyn_into().ok()
        }
        Some(Self {
            figure: figure.clone(),
            plot: part(figure, ".plot")?,
            data: Sheet::new(part(figure, "canvas.data")?),
            axes: Sheet::new(part(figure, "canvas.axes")?),
            overlay: part(figure, ".overlay")?,
            handles: part(figure, ".handles")?,
            tools: part(figure, ".tools")?,
            live: part(figure, ".live")?,
            device: part(figure, ".device")?,
            now: part(figure, ".now")?,
            waiting: part(figure, ".waiting")?,
        })
    }
}

/// A figure's canvases and all that belongs to them.
pub(crate) struct Painter {
    pub(crate) lab: Lab,
    pub(crate) spec: &'static FigureSpec,
    pub(crate) parts: Parts,
    pub(crate) figure: RefCell<Option<Figure>>,
    pub(crate) motion: Motion,
    /// The pointer over the plot, or where the keys read, in CSS pixels of the plot.
    pub(crate) hover: Cell<Option<(f64, f64)>>,
    /// What lies under the pointer, as it was told.
    pub(crate) told: RefCell<Vec<(String, String)>>,
    /// Where it was asked for.
    pub(crate) asked: Cell<Option<[f64; 2]>>,
    generation: Cell<u32>,
    theme: Cell<Theme>,
    text_px: Cell<f64>,
    css_size: Cell<(f64, f64)>,
    in_view: Cell<bool>,
    due: Cell<bool>,
    painted_millis: Cell<f64>,
    /// What is due waits until then.
    paced_millis: Cell<f64>,
    /// The words about the picture are older than it.
    words_due: Cell<bool>,
    hover_due: Cell<bool>,
    /// Handles have to follow their controls.
    handles_due: Cell<bool>,
    heats: RefCell<Option<Vec<Heat>>>,
    /// Where the picture that is shown lies.
    area: Cell<Option<PlotArea>>,
    axes_key: Cell<Option<u64>>,
    paints: Cell<u32>,
    resize: RefCell<Option<Watch<ResizeObserver>>>,
    intersection: RefCell<Option<Watch<IntersectionObserver>>>,
    listeners: RefCell<Vec<Listener>>,
}

/// An observer with the closure that it calls.
struct Watch<T> {
    observer: T,
    _call: Closure<dyn FnMut(js_sys::Array)>,
}

impl Painter {
    /// Finds the parts of a figure's element, and begins to watch them.
    pub(crate) fn attach(lab: Lab, spec: &'static FigureSpec, figure: &HtmlElement) -> Option<Rc<Self>> {
        let painter = Rc::new(Self {
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
            text_px: Cell::new(TEXT_SHARE * dom::root_font_px()),
            css_size: Cell::new((0.0, 0.0)),
            // Until the browser says otherwise, which it does after its first layout.
            in_view: Cell::new(spec.main),
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
            resize: RefCell::new(None),
            intersection: RefCell::new(None),
            listeners: RefCell::new(Vec::new()),
        });
        painter.watch_size();
        painter.watch_view();
        *painter.listeners.borrow_mut() = interact::listen(&painter);
        Some(painter)
    }

    /// Stops watching and listening.
    pub(crate) fn detach(&self) {
        if let Some(watch) = self.resize.take() {
            watch.observer.disconnect();
        }
        if let Some(watch) = self.intersection.take() {
            watch.observer.disconnect();
        }
        self.listeners.take();
    }

    fn watch_size(self: &Rc<Self>) {
        let weak: Weak<Self> = Rc::downgrade(self);
        let call = Closure::<dyn FnMut(js_sys::Array)>::new(move |_entries| {
            if let Some(painter) = weak.upgrade() {
                painter.measure();
            }
        });
        if let Ok(observer) = ResizeObserver::new(call.as_ref().unchecked_ref()) {
            observer.observe(&self.parts.plot);
            *self.resize.borrow_mut() = Some(Watch { observer, _call: call });
        }
        self.measure();
    }

    fn watch_view(self: &Rc<Self>) {
        let weak: Weak<Self> = Rc::downgrade(self);
        let call = Closure::<dyn FnMut(js_sys::Array)>::new(move |entries: js_sys::Array| {
            let last = entries.at(-1).dyn_into::<IntersectionObserverEntry>().ok();
            if let (Some(painter), Some(entry)) = (weak.upgrade(), last) {
                painter.set_in_view(entry.is_intersecting());
            }
        });
        let options = IntersectionObserverInit::new();
        // A little ahead of scrolling.
        options.set_root_margin("120px");
        if let Ok(observer) = IntersectionObserver::new_with_options(call.as_ref().unchecked_ref(), &options) {
            observer.observe(&self.parts.plot);
            *self.intersection.borrow_mut() = Some(Watch { observer, _call: call });
        }
    }

    fn set_in_view(&self, in_view: bool) {
        if self.in_view.replace(in_view) != in_view && in_view {
            self.lab.came_into_view(self);
        }
    }

    /// Reads the size of the plot; a hidden slide has none, and paints nothing until it gets one.
    pub(crate) fn measure(&self) {
        let size = (f64::from(self.parts.plot.client_width()), f64::from(self.parts.plot.client_height()));
        self.css_size.set(size);
        self.text_px.set(TEXT_SHARE * dom::root_font_px());
        self.due.set(true);
        self.lab.wake();
    }

    pub(crate) fn id(&self) -> &'static str {
        self.spec.id
    }

    pub(crate) fn in_view(&self) -> bool {
        self.in_view.get()
    }

    /// The generation of what it shows.
    pub(crate) fn generation(&self) -> u32 {
        self.generation.get()
    }

    /// What it shows is the answer to a newer request too.
    pub(crate) fn keep(&self, generation: u32) {
        if self.has_figure() {
            self.generation.set(generation);
        }
    }

    /// Whether there is anything to show.
    pub(crate) fn has_figure(&self) -> bool {
        self.figure.borrow().is_some()
    }

    /// Takes new data; it is painted in the next animation frame.
    pub(crate) fn take(&self, figure: Figure, generation: u32) {
        *self.figure.borrow_mut() = Some(figure);
        let refines = self.generation.replace(generation) == generation;
        self.asked.set(None);
        self.heats.take();
        let was_due = self.due.replace(true);
        if self.spec.main && !refines {
            self.paced_millis.set(0.0);
        } else if !was_due {
            self.paced_millis.set(self.painted_millis.get() + PACE_MILLIS);
        }
    }

    /// Moves handles to where the controls are, ahead of the worker's answer.
    pub(crate) fn follow_controls(&self, values: &Values) {
        let mut figure = self.figure.borrow_mut();
        let Some(figure) = figure.as_mut() else { return };
        if let Some(keys) = window::keys(figure) {
            let [x, y, r] = keys.map(|key| values.real(key));
            let spans = ((x - r, x + r), (y - r, y + r));
            if r > 0.0 && spans != (figure.x.range, figure.y.range) {
                (figure.x.range, figure.y.range) = spans;
                self.due.set(true);
            }
        }
        for layer in &mut figure.layers {
            if let Layer::Handle { x, y, x_control, y_control } = layer {
                let before = (*x, *y);
                if values.get(x_control).is_some() {
                    *x = values.real(x_control);
                }
                if values.get(y_control).is_some() {
                    *y = values.real(y_control);
                }
                if before != (*x, *y) {
                    self.handles_due.set(true);
                }
            }
        }
    }

    /// Paints in other colours from now on.
    pub(crate) fn restyle(&self, theme: Theme) {
        self.theme.set(theme);
        self.heats.take();
        self.measure();
    }

    /// Says that no numbers will come.
    pub(crate) fn mark_lost(&self) {
        self.parts.waiting.set_text_content(Some("There are no numbers to show: the computation has stopped."));
    }

    /// Asks for the tooltip to be brought up to date.
    pub(crate) fn set_hover(&self, at: Option<(f64, f64)>) {
        if self.hover.replace(at) != at {
            self.hover_due.set(true);
            self.lab.wake();
        }
    }

    /// Takes what lies under the pointer.
    pub(crate) fn hear(&self, lines: Vec<(String, String)>) {
        if self.motion.reading.get().is_some() {
            let words: Vec<String> = lines.iter().map(|(name, value)| format!("{name} {value}")).collect();
            self.parts.live.set_text_content(Some(&words.join("; ")));
        }
        if self.hover.get().is_some() {
            self.told.replace(lines);
            self.hover_due.set(true);
            self.lab.wake();
        }
    }

    /// Asks for a paint.
    pub(crate) fn set_due(&self) {
        self.due.set(true);
        self.paced_millis.set(0.0);
        self.lab.wake();
    }

    /// Size of the canvases in device pixels; zero before the first layout.
    fn device_size(&self) -> (u32, u32) {
        let (width, height) = self.css_size.get();
        let ratio = dom::device_pixel_ratio();
        let side = |css: f64| (css * ratio).round().clamp(0.0, 16_000.0) as u32;
        (side(width), side(height))
    }

    /// Fine pixels per CSS pixel.
    pub(crate) fn fine_per_css(&self) -> f64 {
        dom::device_pixel_ratio() * f64::from(FINE)
    }

    fn style(&self) -> Style {
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
    pub(crate) fn area(&self, figure: &Figure) -> PlotArea {
        let laid_out = || Picture::new(figure, self.fine_size(), &self.style()).area();
        // What is to be painted anew may lie elsewhere then.
        self.area.get().filter(|_| !self.due.get()).unwrap_or_else(laid_out)
    }

    /// Paints what is due; true while something moves by itself or waits. What changes the page's elements is left to
    /// [`Self::tell`]: letters on a canvas make the browser bring the page's layout up to date first.
    pub(crate) fn paint_if_due(&self) -> bool {
        let moving = self.motion.advance();
        if moving {
            self.due.set(true);
            self.paced_millis.set(0.0);
        }
        let size = self.device_size();
        if !self.in_view.get() || size.0 == 0 || size.1 == 0 {
            return false;
        }
        if self.due.get()
            && let Some(figure) = self.figure.borrow().as_ref()
        {
            let now = dom::now_millis();
            if now < self.paced_millis.get() {
                return true;
            }
            self.due.set(false);
            self.painted_millis.set(now);
            // A picture that cannot be painted has said why where its words would be.
            self.words_due.set(self.paint(figure, size));
        }
        moving
    }

    /// Brings handles, words and the tooltip up to date with the picture.
    pub(crate) fn tell(&self) {
        let size = self.device_size();
        if !self.in_view.get() || size.0 == 0 || size.1 == 0 {
            return;
        }
        let (words_due, handles_due) = (self.words_due.replace(false), self.handles_due.replace(false));
        if (words_due || handles_due)
            && let Some(figure) = self.figure.borrow().as_ref()
        {
            if words_due {
                self.describe(figure);
                self.hover_due.set(true);
            }
            self.count_paint();
            interact::place_handles(self, figure, &self.area(figure));
        }
        if self.hover_due.replace(false) {
            reading::show(self);
        }
    }

    fn paint(&self, figure: &Figure, size: (u32, u32)) -> bool {
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
        let mut heats = self.heats.borrow_mut();
        for heat in heats.get_or_insert_with(|| Heat::all(figure, self.theme.get())) {
            // A canvas without a context shows nothing, and there is no other way to show it.
            let _drawn = heat.draw(sheet, &picture.area());
        }
        sheet.backend().is_some_and(|backend| self.is_done(picture.paint_data(&backend.into_drawing_area())))
    }

    /// Paints the handles over a copy of both layers.
    pub(crate) fn paint_handles(&self, sheet: &Sheet) -> Option<()> {
        let figure = self.figure.borrow();
        let area = sheet.backend()?.into_drawing_area();
        Picture::new(figure.as_ref()?, self.fine_size(), &self.style()).paint_handles(&area).ok()
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
    fn count_paint(&self) {
        let paints = self.paints.get().wrapping_add(1);
        self.paints.set(paints);
        // This name is valid, so setting it cannot fail.
        let _set = self.parts.figure.set_attribute("data-frame", &paints.to_string());
    }

    /// Tells screen readers and scripts what was painted.
    fn describe(&self, figure: &Figure) {
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
