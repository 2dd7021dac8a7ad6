//! The plot within the canvas.

use crate::clip::{Point, Rect};
use crate::mosaic::Mosaic;
use crate::projection::Projection;
use crate::samples::Samples;
use crate::scale::AxisMap;

/// The plot within the canvas: its rectangle in backend pixels, and data to pixels and back.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PlotArea {
    pub(crate) plot: Rect,
    pub(crate) x: AxisMap,
    pub(crate) y: AxisMap,
    pub(crate) orbit: Option<Projection>,
    pub(crate) mosaic: Option<Mosaic>,
    /// Backend pixels per CSS pixel.
    pub(crate) unit: f64,
}

impl PlotArea {
    /// Left, top, right and bottom of the plot in backend pixels.
    #[must_use]
    pub fn rect(&self) -> (f64, f64, f64, f64) {
        (self.plot.left, self.plot.top, self.plot.right, self.plot.bottom)
    }

    /// The pixel of a point; NaN in a coordinate that has no place on its axis. May lie outside of the plot.
    #[must_use]
    pub fn pixel_from_data(&self, x: f64, y: f64) -> (f64, f64) {
        (self.x.pixel(x), self.y.pixel(y))
    }

    /// The data at a pixel; `None` outside of the plot, in space and among images, where pixels stand for no two numbers.
    #[must_use]
    pub fn data_from_pixel(&self, px: f64, py: f64) -> Option<(f64, f64)> {
        (self.orbit.is_none() && self.mosaic.is_none() && self.plot.contains((px, py)))
            .then(|| (self.x.value(px), self.y.value(py)))
    }

    /// The data at the point of the plot that is nearest to the pixel: what a handle follows when the pointer leaves.
    #[must_use]
    pub fn data_from_pixel_clamped(&self, px: f64, py: f64) -> (f64, f64) {
        let (px, py) = self.plot.clamp((px, py));
        (self.x.value(px), self.y.value(py))
    }

    /// The pixels of points.
    pub(crate) fn pixels(&self, x: &Samples, y: &Samples) -> Vec<Point> {
        x.iter().zip(y.iter()).map(|(x, y)| self.pixel_from_data(f64::from(x), f64::from(y))).collect()
    }

    /// Where an image of some rows and columns is; the images of all layers are numbered through.
    pub(crate) fn image_rect(&self, k: u32, size: (u32, u32)) -> Option<Rect> {
        self.mosaic.as_ref()?.rect(k, size)
    }

    /// The room for a caption.
    pub(crate) fn caption_width(&self) -> Option<f64> {
        Some(self.mosaic.as_ref()?.step())
    }

    pub(crate) fn plot(&self) -> &Rect {
        &self.plot
    }

    pub(crate) fn axes(&self) -> (&AxisMap, &AxisMap) {
        (&self.x, &self.y)
    }

    pub(crate) fn projection(&self) -> Option<&Projection> {
        self.orbit.as_ref()
    }
}
