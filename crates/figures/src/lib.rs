//! What a picture contains (data, axes, scales), painting it on any plotters backend, and exporting it.

mod model;
mod samples;

pub use model::{Axis, ColourMap, ColourScale, Figure, Layer, Role, Scale, Stroke, View};
pub use samples::Samples;
