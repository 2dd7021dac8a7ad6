//! The regions of one net in the window, as they are drawn.

use figures::{Device, with_gaps};
use kernels::PatternMap;
use theory::regions::{PixelSearch, Plane, Regions, Subdivision, Window};
use theory::sawtooth::ReluNet;

use super::parts::WORK_AT_ONCE;
use crate::job::{Checkpoint, JobError};
use crate::kit::finished;

/// Points a side of the grid on which patterns are painted and counted.
pub(super) const SIDE: usize = 256;
/// More regions than pixels cannot be seen.
const MOST_REGIONS: usize = SIDE * SIDE;
/// Ends of lines that are nearer than this part of the window meet: rounding of the corners is far below, and so are pixels
/// above.
const SAME_END: f64 = 1e-7;
const REGIONS_AT_ONCE: usize = 1024;

/// The regions of a net in a window.
#[derive(Debug)]
pub(super) struct WindowRegions {
    pub(super) regions: Regions,
    /// The borders that each layer makes.
    pub(super) lines: Vec<Vec<(f64, f64)>>,
}

impl WindowRegions {
    /// The regions, or a sentence that says why there are none.
    pub(super) async fn new(
        net: &ReluNet,
        window: Window,
        pace: &mut dyn Checkpoint,
    ) -> Result<Result<Self, String>, JobError> {
        let mut search = match Subdivision::new(net, &Plane::of_two_inputs(), window, MOST_REGIONS) {
            Ok(search) => search,
            Err(error) => return Ok(Err(error.to_string())),
        };
        let done = finished(pace, || search.advance(WORK_AT_ONCE)).await?;
        let regions = match done.and_then(|()| search.finish().map_err(|error| error.to_string())) {
            Ok(regions) => regions,
            Err(why) => return Ok(Err(why)),
        };
        let same_end = SAME_END * (window.x_max - window.x_min);
        let lines = regions.border_lines(same_end, async || pace.checkpoint().await).await?;
        let lines = lines.into_iter().map(|lines| with_gaps(lines).collect()).collect();
        Ok(Ok(Self { regions, lines }))
    }
}

/// What there is at the points of the grid, row-major from below.
#[derive(Clone, Debug)]
pub(super) struct Pixels {
    /// The number of the region.
    pub(super) regions: Vec<u32>,
    /// The output, where a graphics device has found it.
    pub(super) outputs: Option<Vec<f32>>,
    /// How many activation patterns are met.
    pub(super) n_patterns: usize,
    /// What has found it.
    pub(super) device: Device,
}

impl Pixels {
    /// From the polygons.
    pub(super) async fn new(regions: &Regions, device: Device, pace: &mut dyn Checkpoint) -> Result<Self, JobError> {
        let mut search = PixelSearch::new(regions, SIDE);
        while !search.advance(REGIONS_AT_ONCE) {
            pace.checkpoint().await?;
        }
        let pixels = search.finish();
        let mut is_seen = vec![false; regions.len()];
        pixels.iter().for_each(|region| is_seen[*region as usize] = true);
        let n_patterns = is_seen.into_iter().filter(|seen| *seen).count();
        Ok(Self { regions: pixels, outputs: None, n_patterns, device })
    }

    /// From the patterns that a graphics device has found, which have the same names everywhere.
    pub(super) fn from_map(map: PatternMap, regions: &Regions, device: Device) -> Self {
        let n_patterns = map.n_patterns();
        Self { regions: map.region_numbers(regions, SIDE), n_patterns, outputs: Some(map.outputs), device }
    }
}
