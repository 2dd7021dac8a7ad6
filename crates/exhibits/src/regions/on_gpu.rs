//! What the net does at each pixel of the window, on the graphics device.

use figures::Device;
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
    pub(super) device: Device,
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

    /// A number from 0 to 1 for each pixel, equal where the pattern is.
    pub(super) fn shades(&self) -> Vec<f32> {
        let shade = |pattern: &u64| (pattern >> 40) as f32 / (1 << 24) as f32;
        self.map.patterns.iter().map(shade).collect()
    }
}
