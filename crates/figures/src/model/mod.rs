//! What a picture contains: axes, and layers of data upon them. No pixel and no colour is decided here.

mod axis;
mod cells;
mod colours;
mod device;
mod figure;
mod layer;
mod look;

pub use axis::{Axis, Scale};
pub use cells::{Cells, Pixels};
pub use colours::{ColourMap, ColourScale};
pub use device::Device;
pub use figure::{Figure, View};
pub use layer::Layer;
pub use look::{Role, Shape, Stroke};
