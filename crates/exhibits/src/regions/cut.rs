//! The regions of one net in the window, as they are drawn.

use std::collections::BTreeMap;

use figures::Samples;
use theory::regions::{Plane, Region, Regions, Subdivision, Window};
use theory::sawtooth::ReluNet;

use super::chain::{Piece, chains, samples, zero_line};
use super::on_gpu::OnGpu;
use crate::job::{Checkpoint, JobError};

/// Points a side of the grid on which patterns are painted and counted.
pub(super) const SIDE: usize = 256;
/// More regions than pixels cannot be seen.
const MOST_REGIONS: usize = SIDE * SIDE;
/// Ends of lines that are nearer than this part of the window meet: rounding of the corners is far below, and so are pixels
/// above.
const SAME_END: f64 = 1e-7;

/// Visits of polygons between checkpoints: about a millisecond in a browser.
const WORK_AT_ONCE: usize = 30_000;
const BORDERS_AT_ONCE: usize = 4096;
const REGIONS_AT_ONCE: usize = 1024;
/// The region of a point that has none yet.
const NOBODY: u32 = u32::MAX;

/// The regions of a net in a window.
#[derive(Debug)]
pub(super) struct Cut {
    pub(super) regions: Regions,
    /// The region of each point of the grid, row-major from below.
    pub(super) pixels: Vec<u32>,
    /// The same from the graphics device, if one found it.
    pub(super) on_gpu: Option<OnGpu>,
    /// How many regions are met at these points.
    pub(super) n_on_pixels: usize,
    /// The borders that each layer makes.
    pub(super) lines: Vec<[Samples; 2]>,
    /// Where the output is 0.
    pub(super) decision: [Samples; 2],
}

impl Cut {
    /// The regions, or a sentence that says why there are none.
    pub(super) async fn new(
        net: &ReluNet,
        window: Window,
        on_gpu: Option<OnGpu>,
        pace: &mut dyn Checkpoint,
    ) -> Result<Result<Self, String>, JobError> {
        let regions = match regions(net, window, pace).await? {
            Ok(regions) => regions,
            Err(why) => return Ok(Err(why)),
        };
        let pixels = pixels(&regions, pace).await?;
        let mut is_seen = vec![false; regions.len()];
        pixels.iter().for_each(|region| is_seen[*region as usize] = true);
        let n_seen = is_seen.into_iter().filter(|seen| *seen).count();
        let n_on_pixels = on_gpu.as_ref().map_or(n_seen, |on_gpu| on_gpu.map.n_patterns());
        let cell = SAME_END * (window.x_max - window.x_min);
        let lines = lines(&regions, cell, pace).await?;
        let decision = samples(&chains(&decision(&regions), cell));
        Ok(Ok(Self { regions, pixels, on_gpu, n_on_pixels, lines, decision }))
    }
}

/// The regions of a net, or a sentence that says why there are none.
pub(super) async fn regions(
    net: &ReluNet,
    window: Window,
    pace: &mut dyn Checkpoint,
) -> Result<Result<Regions, String>, JobError> {
    let mut search = match Subdivision::new(net, &Plane::of_two_inputs(), window, MOST_REGIONS) {
        Ok(search) => search,
        Err(error) => return Ok(Err(error.to_string())),
    };
    loop {
        pace.checkpoint().await?;
        match search.advance(WORK_AT_ONCE) {
            Ok(true) => return Ok(search.finish().map_err(|error| error.to_string())),
            Ok(false) => {}
            Err(error) => return Ok(Err(error.to_string())),
        }
    }
}

async fn pixels(regions: &Regions, pace: &mut dyn Checkpoint) -> Result<Vec<u32>, JobError> {
    let mut pixels = vec![NOBODY; SIDE * SIDE];
    for (index, region) in regions.iter().enumerate() {
        if index % REGIONS_AT_ONCE == 0 {
            pace.checkpoint().await?;
        }
        fill(&mut pixels, index, &region, regions.window());
    }
    fill_gaps(&mut pixels, regions);
    Ok(pixels)
}

/// Notes the region at its points of the grid. It is convex: of a row it has what is between two of its borders.
fn fill(pixels: &mut [u32], index: usize, region: &Region<'_>, window: Window) {
    let Window { x_min, x_max, y_min, y_max } = window;
    let per_unit = [SIDE as f64 / (x_max - x_min), SIDE as f64 / (y_max - y_min)];
    // The first point at or beyond a place, in points: each is in the middle of its cell.
    let first_from = |place: f64| (((place - 0.5).ceil() as isize).max(0) as usize).min(SIDE);
    let corner = |p: &[f64; 2]| [(p[0] - x_min) * per_unit[0], (p[1] - y_min) * per_unit[1]];
    let corners: Vec<[f64; 2]> = region.vertices.iter().map(corner).collect();
    let (mut low, mut high) = (f64::INFINITY, f64::NEG_INFINITY);
    for [_, y] in &corners {
        low = if *y < low { *y } else { low };
        high = if *y > high { *y } else { high };
    }
    for row in first_from(low)..first_from(high) {
        let y = row as f64 + 0.5;
        let (mut left, mut right) = (f64::INFINITY, f64::NEG_INFINITY);
        for (i, p) in corners.iter().enumerate() {
            let q = corners[(i + 1) % corners.len()];
            if (p[1] > y) != (q[1] > y) {
                let x = p[0] + (y - p[1]) / (q[1] - p[1]) * (q[0] - p[0]);
                left = if x < left { x } else { left };
                right = if x > right { x } else { right };
            }
        }
        let (first, end) = (first_from(left), first_from(right));
        if first < end {
            pixels[row * SIDE + first..row * SIDE + end].fill(u32::try_from(index).unwrap_or(NOBODY));
        }
    }
}

/// Two neighbours may differ in the last bit of their border, and a point on it then be nobody's.
fn fill_gaps(pixels: &mut [u32], regions: &Regions) {
    for (at, pixel) in pixels.iter_mut().enumerate().filter(|(_, pixel)| **pixel == NOBODY) {
        *pixel = regions.locate(centre(at, regions.window())).and_then(|i| u32::try_from(i).ok()).unwrap_or(0);
    }
}

/// Where a point of the grid is.
pub(super) fn centre(at: usize, Window { x_min, x_max, y_min, y_max }: Window) -> [f64; 2] {
    let place = |k: usize, low: f64, high: f64| low + (high - low) * (k as f64 + 0.5) / SIDE as f64;
    [place(at % SIDE, x_min, x_max), place(at / SIDE, y_min, y_max)]
}

async fn lines(regions: &Regions, cell: f64, pace: &mut dyn Checkpoint) -> Result<Vec<[Samples; 2]>, JobError> {
    let mut of_unit: BTreeMap<(usize, usize), Vec<Piece>> = BTreeMap::new();
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
    Ok(of_layer.iter().map(|lines| samples(lines)).collect())
}

fn decision(regions: &Regions) -> Vec<Piece> {
    let of_region = |region: Region<'_>| {
        let value = |p: &[f64; 2]| region.gradient[0] * p[0] + region.gradient[1] * p[1] + region.offset;
        zero_line(region.vertices, &region.vertices.iter().map(value).collect::<Vec<_>>())
    };
    regions.iter().filter_map(of_region).collect()
}

#[cfg(test)]
mod tests {
    use super::super::training::random_net;
    use super::*;

    /// Against the search for each point alone, which goes down the tree of cuts.
    #[test]
    fn every_point_has_the_region_that_it_is_in() {
        let window = Window { x_min: -1.2, x_max: 0.8, y_min: -0.5, y_max: 1.5 };
        for (seed, widths) in [(1, vec![24]), (2, vec![12, 12, 12]), (3, vec![32, 32])] {
            let net = random_net(&widths, (1.6, 0.4), (seed, 0)).unwrap();
            let search = Subdivision::new(&net, &Plane::of_two_inputs(), window, MOST_REGIONS).unwrap();
            let regions = search.finish().unwrap();
            let mut pixels = vec![NOBODY; SIDE * SIDE];
            for (index, region) in regions.iter().enumerate() {
                fill(&mut pixels, index, &region, regions.window());
            }
            let gaps = pixels.iter().filter(|pixel| **pixel == NOBODY).count();
            assert!(gaps <= 2, "{gaps} points without a region before the gaps are filled");
            fill_gaps(&mut pixels, &regions);
            let found = |at: usize| regions.locate(centre(at, window)).map(|i| i as u32);
            let wrong = (0..SIDE * SIDE).filter(|at| found(*at) != Some(pixels[*at])).count();
            assert_eq!(wrong, 0, "of {} regions of {widths:?}", regions.len());
        }
    }
}
