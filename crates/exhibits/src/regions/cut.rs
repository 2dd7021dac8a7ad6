//! The regions of one net in the window, as they are drawn.

use std::collections::BTreeMap;

use figures::Samples;
use theory::regions::{Plane, Regions, Subdivision, Window};
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
    let Window { x_min, x_max, y_min, y_max } = regions.window();
    let mut pixels = vec![0; SIDE * SIDE];
    for (row, pixels) in pixels.chunks_exact_mut(SIDE).enumerate() {
        if row % 16 == 0 {
            pace.checkpoint().await?;
        }
        let y = y_min + (y_max - y_min) * (row as f64 + 0.5) / SIDE as f64;
        let mut first = 0;
        for part in regions.along_segment([x_min, y], [x_max, y]) {
            let end = ((part.t_to * SIDE as f64 - 0.5).ceil().max(0.0) as usize).clamp(first, SIDE);
            pixels[first..end].fill(u32::try_from(part.region).unwrap_or(0));
            first = end;
        }
    }
    Ok(pixels)
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
    let of_region = |region: theory::regions::Region<'_>| {
        let value = |p: &[f64; 2]| region.gradient[0] * p[0] + region.gradient[1] * p[1] + region.offset;
        zero_line(region.vertices, &region.vertices.iter().map(value).collect::<Vec<_>>())
    };
    regions.iter().filter_map(of_region).collect()
}
