//! What the net does at each pixel of the window, on the graphics device.

use kernels::{Gpu, KernelError, PatternMap, PixelGrid, ReluNet, pattern_map};
use nets::mlp::Mlp;
use theory::regions::Window;

use super::cut::SIDE;
use crate::job::name_of_gpu;

/// Hidden units below which the way to a device and back takes longer than the exact regions.
pub(super) const LEAST_UNITS: usize = 96;

/// Patterns and outputs at the pixels, and the device that found them.
#[derive(Clone, Debug)]
pub(super) struct OnGpu {
    pub(super) map: PatternMap,
    pub(super) device: String,
}

impl OnGpu {
    /// # Errors
    /// The device's; the CPU can do it instead.
    pub(super) async fn new(gpu: &Gpu, net: &Mlp, window: Window) -> Result<Self, KernelError> {
        let Window { x_min, x_max, y_min, y_max } = window;
        let grid = PixelGrid { x: (x_min, x_max), y: (y_min, y_max), columns: SIDE, rows: SIDE };
        let widths = net.shape().widths();
        let map = pattern_map(gpu, &ReluNet { widths, parameters: net.parameters() }, &grid).await?;
        Ok(Self { map, device: name_of_gpu(gpu) })
    }
}
