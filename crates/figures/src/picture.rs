//! A figure laid out on a canvas: worked out once for both layers, handles and hit tests.

use std::cell::OnceCell;
use std::hash::{Hash, Hasher};

use plotters::coord::Shift;
use plotters::drawing::DrawingArea;
use plotters_backend::DrawingBackend;
use rustc_hash::FxHasher;

use crate::area::PlotArea;
use crate::error::PaintError;
use crate::layout::Frame;
use crate::model::Figure;
use crate::pen::{Op, Widths, paint};
use crate::theme::Style;
use crate::{axes, data};

/// A figure, and where everything of it is on a canvas of some size.
pub struct Picture<'a> {
    figure: &'a Figure,
    size: (u32, u32),
    style: Style,
    frame: Frame,
    axes: OnceCell<Vec<Op>>,
}

impl<'a> Picture<'a> {
    /// Lays a figure out on a canvas of `size` backend pixels.
    #[must_use]
    pub fn new(figure: &'a Figure, size: (u32, u32), style: &Style) -> Self {
        Self { figure, size, style: *style, frame: Frame::new(figure, size, style), axes: OnceCell::new() }
    }

    /// The plot within the canvas.
    #[must_use]
    pub fn area(&self) -> PlotArea {
        self.frame.area
    }

    /// Whether there is room for anything.
    fn is_open(&self) -> bool {
        self.size.0 > 0 && self.size.1 > 0 && self.frame.area.plot().is_open()
    }

    /// The data layer as a list.
    pub(crate) fn data_ops(&self) -> Vec<Op> {
        if self.is_open() { data::ops(self.figure, &self.frame, &self.style) } else { Vec::new() }
    }

    /// The axes layer as a list.
    pub(crate) fn axes_ops(&self) -> &[Op] {
        let ops =
            || if self.is_open() { axes::ops(self.figure, &self.frame, self.size, &self.style) } else { Vec::new() };
        self.axes.get_or_init(ops)
    }

    /// The handles as a list.
    pub(crate) fn handle_ops(&self) -> Vec<Op> {
        if self.is_open() { data::handle_ops(self.figure, &self.frame.area, &self.style) } else { Vec::new() }
    }

    /// Paints the layers of the figure; the ground stays transparent. Order, from below: the page's ground, heat maps,
    /// which the caller draws ([`crate::heat_images`]), this layer, the layer of [`Self::paint_axes`].
    ///
    /// No line or area reaches beyond the plot; points whose centre is in the plot are painted whole.
    /// Nothing is painted on a canvas without extent. Handles are [`Self::paint_handles`]'s.
    ///
    /// # Errors
    /// [`PaintError::Backend`] if the backend refuses.
    pub fn paint_data<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> Result<(), PaintError> {
        paint(area, &self.data_ops(), Widths::CALLER)
    }

    /// Paints frame, ticks, names, legend, colour bar and the note.
    ///
    /// The ground stays transparent, in the plot too: this layer belongs **over** the one of [`Self::paint_data`], so that
    /// words stay readable on heat maps. Nothing is painted on a canvas without extent.
    ///
    /// # Errors
    /// [`PaintError::Backend`] if the backend refuses.
    pub fn paint_axes<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> Result<(), PaintError> {
        paint(area, self.axes_ops(), Widths::CALLER)
    }

    /// Paints the handles whose centre is in the plot, on top of everything. For a picture that is kept: where they can be
    /// dragged they are elements of their own, which move without a paint.
    ///
    /// # Errors
    /// [`PaintError::Backend`] if the backend refuses.
    pub fn paint_handles<DB: DrawingBackend>(&self, area: &DrawingArea<DB, Shift>) -> Result<(), PaintError> {
        paint(area, &self.handle_ops(), Widths::CALLER)
    }

    /// A number that changes when, and only when, the axes layer would look different: the page repaints that layer only then.
    #[must_use]
    pub fn axes_key(&self) -> u64 {
        let mut hasher = FxHasher::default();
        self.size.hash(&mut hasher);
        self.axes_ops().iter().for_each(|op| op.hash(&mut hasher));
        hasher.finish()
    }
}
