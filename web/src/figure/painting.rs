//! What an open exhibit asks of a figure.

use exhibit::Values;
use exhibit::declaration::FigureSpec;
use figures::{Figure, Layer, Theme};
use leptos::prelude::WithUntracked;

use super::layers::window_keys;
use super::painter::Painter;
use super::{handles, reading};
use crate::dom;
use crate::lab::{Painting, Paper};

/// Between two paints of new data in a figure that is no main one, and between what refines an answer. That leaves the time
/// of a frame to the first answer of the main figures, and to what waits for its turn.
const PACE_MILLIS: f64 = 45.0;

impl Painting for Painter {
    fn spec(&self) -> &'static FigureSpec {
        self.spec
    }

    fn in_view(&self) -> bool {
        self.in_view.get() || self.paper.get() != Paper::No
    }

    fn set_paper(&self, paper: Paper) {
        let before = self.paper.replace(paper);
        match paper {
            Paper::Printed if self.has_figure() => self.put_on_paper(),
            Paper::Wanted | Paper::Printed => self.lab.came_into_view(self),
            Paper::No if before == Paper::Printed => {
                self.restyle(self.lab.theme.try_with_untracked(|theme| *theme).unwrap_or_default());
            }
            Paper::No => {}
        }
    }

    fn generation(&self) -> u32 {
        self.generation.get()
    }

    fn has_figure(&self) -> bool {
        self.figure.borrow().is_some()
    }

    fn keep(&self, generation: u32) {
        if self.has_figure() {
            self.generation.set(generation);
        }
    }

    fn take(&self, figure: Figure, generation: u32) {
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

    fn follow_controls(&self, values: &Values) {
        let mut figure = self.figure.borrow_mut();
        let Some(figure) = figure.as_mut() else { return };
        if let Some(keys) = window_keys(figure) {
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
                    // A picture for a right click has the handles in it.
                    self.due.set(self.due.get() || self.shows_whole());
                }
            }
        }
    }

    fn hear(&self, lines: Vec<(String, String)>) {
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

    fn mark_lost(&self) {
        self.parts.waiting.set_text_content(Some("There are no numbers to show: the computation has stopped."));
    }

    fn restyle(&self, theme: Theme) {
        self.theme.set(theme);
        self.heats.take();
        self.measure();
    }

    /// A hidden slide has no size, and paints nothing until it gets one.
    fn measure(&self) {
        let size = (f64::from(self.parts.plot.client_width()), f64::from(self.parts.plot.client_height()));
        self.css_size.set(size);
        self.text_px.set(Self::text_px());
        self.due.set(true);
        self.lab.wake();
    }

    fn paint_if_due(&self) -> bool {
        let moving = self.motion.advance();
        if moving {
            self.due.set(true);
            self.paced_millis.set(0.0);
        }
        if !self.is_paintable() {
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
            self.words_due.set(self.paint(figure));
        }
        moving
    }

    fn tell(&self) {
        if !self.is_paintable() {
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
            handles::place(self, figure, &self.area(figure));
        }
        if self.hover_due.replace(false) {
            reading::show(self);
        }
    }
}
