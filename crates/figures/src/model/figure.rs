//! A picture.

use serde::{Deserialize, Serialize};

use super::axis::Axis;
use super::device::Device;
use super::layer::Layer;

/// One picture.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Figure {
    /// The id of its declaration, e.g. `correlation-depth`.
    pub id: String,
    /// What it shows now, in a few words; the page shows it above the picture.
    pub title: String,
    /// The horizontal axis.
    pub x: Axis,
    /// The vertical axis.
    pub y: Axis,
    /// Painted in order.
    pub layers: Vec<Layer>,
    /// How the plane of the picture is used.
    pub view: View,
    /// The message of the picture in one sentence, for those who do not see it.
    pub alt: String,
    /// Why there is nothing to see, or what to mind; painted in the plot area.
    pub note: Option<String>,
    /// What computed the measured part.
    pub device: Device,
}

impl Figure {
    /// A figure on two axes of free aspect, without title, words and content.
    #[must_use]
    pub fn blank(id: &str, x: Axis, y: Axis) -> Self {
        Self {
            id: id.into(),
            title: String::new(),
            x,
            y,
            layers: Vec::new(),
            view: View::Plane,
            alt: String::new(),
            note: None,
            device: Device::Theory,
        }
    }
}

/// How a figure's plane is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum View {
    /// Two axes, free aspect.
    Plane,
    /// Two axes of equal length (a map of an interval to itself, a matrix).
    Square,
    /// Space, seen from a direction that the viewer turns. Without a surface the `x` and `y` ranges are unused, and `x.names`
    /// at 0, 1 and 2 name the three axes; with one, `x` and `y` are the axes of its floor.
    Orbit,
    /// Images side by side; the axes are unused.
    Images,
}
