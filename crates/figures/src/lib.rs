//! What a picture contains (data, axes, scales), painting it on any plotters backend, and exporting it.
//!
//! # Layers
//! A figure is painted in two layers of one size, both transparent, over a ground of the colour [`Theme::ground`]:
//!
//! 1. the *data layer*: heat maps ([`heat_images`]), which the caller draws, then [`Picture::paint_data`]; repainted each frame;
//! 2. over it the *axes layer*: [`Picture::paint_axes`], with all words but those that follow the data; repainted when [`Picture::axes_key`] changes.
//!
//! Where things are follows from the figure, the size and the style alone ([`Picture`]): no text is measured, so both
//! layers and the hit tests agree on any backend, and nothing forces a browser to lay out its page.
//!
//! # Fine coordinates
//! plotters has whole pixels only. To paint curves smoothly, give a backend that claims to be [`FINE`] times larger than
//! its canvas, scale its context by `1 / FINE`, and multiply [`Style::scale`] by [`FINE`]; the exports do the same.

mod area;
mod arrows;
mod axes;
mod bars;
mod chart;
mod clip;
mod colour;
mod contours;
mod csv;
mod data;
mod error;
#[cfg(feature = "export")]
mod export;
mod hatch;
mod heat;
mod hover;
mod images;
mod labels;
mod layout;
#[cfg(test)]
mod layout_tests;
mod legend;
mod model;
mod mosaic;
mod number;
mod orbit;
mod pen;
mod picture;
mod points;
mod projection;
mod ramp;
mod round;
mod samples;
mod scale;
mod small;
mod strokes;
mod surface;
mod text;
mod theme;
mod thinning;
mod ticks;
mod traces;

pub use area::PlotArea;
pub use chart::Chart;
pub use colour::{Rgb, contrast};
pub use csv::csv;
pub use error::PaintError;
#[cfg(feature = "export")]
pub use export::{json, png, svg};
pub use heat::{Grid, HeatImage, Piece, heat_images};
pub use hover::{HoverValue, choice_at, hair_at, places, values_at};
pub use model::{Axis, Cells, ColourMap, ColourScale, Device, Figure, Layer, Pixels, Role, Scale, Shape, Stroke, View};
pub use number::format_number;
pub use picture::Picture;
pub use round::{COARSE, FINE_STEPS, decades_around, round_around, round_down, round_outwards, round_up};
pub use samples::Samples;
pub use text::plain;
pub use theme::{Style, Theme};
pub use thinning::{crests, every_few, outline, with_gaps};

/// How many units a pixel is divided into by a backend with fine coordinates.
pub const FINE: u32 = 8;
