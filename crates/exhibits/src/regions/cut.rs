//! The regions of one net in the window, as they are drawn.

use std::collections::BTreeMap;

use figures::Device;
use kernels::{PatternMap, pattern_name};
use theory::regions::{PixelSearch, Plane, Region, Regions, Subdivision, Window, chains};
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
const BORDERS_AT_ONCE: usize = 4096;
const REGIONS_AT_ONCE: usize = 1024;

/// The regions of a net in a window.
#[derive(Debug)]
pub(super) struct Cut {
    pub(super) regions: Regions,
    /// The borders that each layer makes.
    pub(super) lines: Vec<Vec<(f64, f64)>>,
}

impl Cut {
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
        let lines = lines(&regions, SAME_END * (window.x_max - window.x_min), pace).await?;
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
        let name = |region: Region<'_>| pattern_name(regions.widths(), |unit| region.is_on(unit));
        let by_name: BTreeMap<u64, u32> = regions.iter().map(name).zip(0..).collect();
        // Beside a border, rounding in f32 makes a pattern now and then that no region has.
        let region =
            |(at, name): (usize, &u64)| by_name.get(name).copied().unwrap_or_else(|| regions.at_pixel(at, SIDE));
        let of_pixels = map.patterns.iter().enumerate().map(region).collect();
        Self { regions: of_pixels, n_patterns: map.n_patterns(), outputs: Some(map.outputs), device }
    }
}

async fn lines(regions: &Regions, cell: f64, pace: &mut dyn Checkpoint) -> Result<Vec<Vec<(f64, f64)>>, JobError> {
    let mut of_unit: BTreeMap<(usize, usize), Vec<[[f64; 2]; 2]>> = BTreeMap::new();
    for (i, border) in regions.boundaries().enumerate() {
        if i % BORDERS_AT_ONCE == 0 {
            pace.checkpoint().await?;
        }
        of_unit.entry((border.maker.layer, border.maker.unit)).or_default().push([border.from, border.to]);
    }
    let mut of_layer = vec![Vec::new(); regions.widths().len()];
    for ((layer, _), pieces) in &of_unit {
        pace.checkpoint().await?;
        of_layer[layer - 1].extend(chains(pieces, cell));
    }
    let with_gaps = |lines: Vec<Vec<[f64; 2]>>| {
        lines.into_iter().flat_map(|line| line.into_iter().chain([[f64::NAN; 2]])).map(Into::into).collect()
    };
    Ok(of_layer.into_iter().map(with_gaps).collect())
}

#[cfg(test)]
mod tests {
    use std::pin::pin;
    use std::task::{Context, Poll, Waker};

    use kernels::{PixelGrid, pattern_map_on_cpu};

    use nets::relu_net;

    use super::super::training::random_net;
    use super::*;
    use crate::job::Still;

    const WINDOW: Window = Window { x_min: -1.2, x_max: 0.8, y_min: -0.5, y_max: 1.5 };

    fn wait<T>(future: impl Future<Output = T>) -> T {
        let mut future = pin!(future);
        loop {
            if let Poll::Ready(value) = future.as_mut().poll(&mut Context::from_waker(Waker::noop())) {
                return value;
            }
        }
    }

    /// Against the search for each point alone, which goes down the tree of cuts, and against the patterns in f32, of which
    /// one in 10,000 is within rounding of a border.
    #[test]
    fn every_point_has_the_region_that_it_is_in_by_polygons_and_by_patterns() {
        for (seed, widths) in [(1, vec![24]), (2, vec![12, 12, 12]), (3, vec![40, 33])] {
            let net = random_net(&widths, (1.6, 0.4), (seed, 0)).unwrap();
            let cut = wait(Cut::new(&relu_net(&net).unwrap(), WINDOW, &mut Still)).unwrap().unwrap();
            let regions = &cut.regions;
            let pixels = wait(Pixels::new(regions, Device::Theory, &mut Still)).unwrap();
            let wrong = (0..SIDE * SIDE).filter(|at| regions.at_pixel(*at, SIDE) != pixels.regions[*at]).count();
            assert_eq!(wrong, 0, "of {} regions of {widths:?}", regions.len());

            let grid = PixelGrid { x: (-1.2, 0.8), y: (-0.5, 1.5), columns: SIDE, rows: SIDE };
            let of_kernel = kernels::ReluNet { widths: net.shape().widths(), parameters: net.parameters() };
            let map = pattern_map_on_cpu(&of_kernel, &grid, 0, SIDE).unwrap();
            let by_pattern = Pixels::from_map(map, regions, Device::Theory).regions;
            let differ = by_pattern.iter().zip(&pixels.regions).filter(|(a, b)| a != b).count();
            assert!(differ <= 6, "{differ} of {} pixels differ", SIDE * SIDE);
            assert!(regions.len() > 50, "{} regions are no picture", regions.len());
        }
    }
}
