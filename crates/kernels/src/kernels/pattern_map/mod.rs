//! Activation pattern and output of a relu net of two inputs at every pixel: its linear regions in a plane.
//!
//! # Numerics
//! Outputs differ from exact arithmetic by at most `1e-6 · L · A`, L layers and `A` the output that the absolute values
//! of all parameters would give: each of the 32 or so terms of a sum errs by a few ε = 6e-8 in either order. A
//! pattern differs where a neuron is within that of its kink. Patterns are hashes of 64 bits: that two of 10⁵ distinct
//! ones fall together has the probability 3e-10.

#[cfg(test)]
#[cfg(not(target_arch = "wasm32"))]
mod tests;
mod twin;

use std::collections::BTreeMap;

use random::threefry::threefry_2x32;
use theory::regions::{Region, Regions};

use crate::KernelError;
use crate::error::{check_limit, check_size};
use crate::gpu::{Access, Gpu, Plan, Shader, params};

params! {
    /// Pixels of a row.
    columns: u32,
    /// All pixels.
    n_pixels: u32,
    /// Hidden layers and the last.
    n_layers: u32,
    /// Invocations of a workgroup that work.
    per_group: u32,
    /// Activations for which each has room, twice.
    room: u32,
    /// Left edge.
    x_0: f32,
    /// Lower edge.
    y_0: f32,
    /// Width of a pixel.
    dx: f32,
    /// Height of a pixel.
    dy: f32,
    /// First workgroup of this dispatch.
    first_tile: u32,
    /// The one past its last.
    end_tile: u32,
}

pub(crate) const WORKGROUP: u32 = 128;
/// Numbers in the workgroup's memory.
const STATES: u32 = 4096;
/// Outputs that are computed together.
const BLOCK: usize = 32;
/// Widest layer: of wider ones fewer than eight pixels would fit into a workgroup.
const MOST_WIDTH: u64 = 256;
/// Names the job in errors.
const OP: &str = "the activation patterns";

pub(crate) const SHADER: Shader = Shader {
    name: "pattern_map",
    source: concat!(include_str!("../../wgsl/threefry.wgsl"), include_str!("pattern_map.wgsl")),
    workgroup: WORKGROUP,
    params_bytes: size_of::<Params>(),
    params_fields: Params::FIELDS,
    storage: &[Access::Read, Access::Read, Access::ReadWrite],
};

/// A relu net of two inputs and one output.
#[derive(Clone, Copy, Debug)]
pub struct ReluNet<'a> {
    /// 2, the hidden layers, 1.
    pub widths: &'a [usize],
    /// For each layer the weights `[outputs, inputs]`, row-major, then the biases.
    pub parameters: &'a [f32],
}

/// Pixels of a window of the plane; row 0 is at its lower edge.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PixelGrid {
    /// Left and right edge.
    pub x: (f64, f64),
    /// Lower and upper edge.
    pub y: (f64, f64),
    /// Pixels of a row.
    pub columns: usize,
    /// Rows of pixels.
    pub rows: usize,
}

/// What a net does at each pixel, row by row.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct PatternMap {
    /// Names which neurons are above zero: equal where the pattern is.
    pub patterns: Vec<u64>,
    /// The net's output.
    pub outputs: Vec<f32>,
}

impl PatternMap {
    /// Number of distinct patterns.
    #[must_use]
    pub fn n_patterns(&self) -> usize {
        let mut patterns = self.patterns.clone();
        // Pixels beside each other are mostly of one region: this leaves a tenth to sort.
        patterns.dedup();
        patterns.sort_unstable();
        patterns.dedup();
        patterns.len()
    }

    /// The number of the region at each pixel, of a map over the regions' window with as many columns as rows, `side` of them.
    ///
    /// Beside a border, rounding in f32 makes a pattern now and then that no region has; the region is then the one that the point
    /// is in.
    #[must_use]
    pub fn region_numbers(&self, regions: &Regions, side: usize) -> Vec<u32> {
        let name = |region: Region<'_>| pattern_name(regions.widths(), |unit| region.is_on(unit));
        let by_name: BTreeMap<u64, u32> = regions.iter().map(name).zip(0..).collect();
        let region =
            |(at, name): (usize, &u64)| by_name.get(name).copied().unwrap_or_else(|| regions.at_pixel(at, side));
        self.patterns.iter().enumerate().map(region).collect()
    }

    fn from_words(words: &[[u32; 3]]) -> Self {
        Self {
            patterns: words.iter().map(|[low, high, _]| name_from_hash([*low, *high])).collect(),
            outputs: words.iter().map(|[.., output]| f32::from_bits(*output)).collect(),
        }
    }
}

/// The name that [`PatternMap::patterns`] has for a pattern, for those who know which units are on by other means: units are
/// counted through the `hidden` layers from 0.
#[must_use]
pub fn pattern_name(hidden: &[usize], is_on: impl Fn(usize) -> bool) -> u64 {
    let (mut hash, mut number, mut before) = ([0; 2], 0, 0);
    for &width in hidden {
        for first in (0..width).step_by(BLOCK) {
            let units = first..width.min(first + BLOCK);
            let word = units.filter(|unit| is_on(before + unit)).fold(0, |word, unit| word | 1 << (unit - first));
            hash = threefry_2x32(hash, [word, number]);
            number += 1;
        }
        before += width;
    }
    name_from_hash(hash)
}

fn name_from_hash([low, high]: [u32; 2]) -> u64 {
    u64::from(high) << 32 | u64::from(low)
}

/// Number of parameters of a net of these widths.
#[must_use]
pub fn n_parameters(widths: &[usize]) -> usize {
    widths.windows(2).map(|w| (w[0] + 1) * w[1]).sum()
}

/// The map, on the device.
///
/// # Errors
/// [`KernelError::Size`] and [`KernelError::TooLarge`] for what does not fit, else the device's.
pub async fn pattern_map(gpu: &Gpu, net: &ReluNet<'_>, grid: &PixelGrid) -> Result<PatternMap, KernelError> {
    let packed = Packed::new(net)?;
    let n_pixels = grid.columns.saturating_mul(grid.rows);
    check_limit(OP, "pixels", gpu.most_buffer_bytes() / 12, n_pixels as u64)?;
    let params = packed.params(grid);
    let mut job = gpu.job(OP)?;
    let layers = job.upload("layers", &packed.layers)?;
    let parameters = job.upload("parameters", &packed.parameters)?;
    let out = job.buffer("out", 12 * n_pixels as u64)?;
    let mut plan = Plan::default();
    let flop = f64::from(params.per_group) * packed.flop();
    plan.push(&SHADER, 0, params.n_pixels.div_ceil(params.per_group), flop, |first_tile, end_tile| Params {
        first_tile,
        end_tile,
        ..params
    });
    job.run(&plan, &[(&SHADER, &[&layers, &parameters, &out])]).await?;
    let words = job.read(&out, n_pixels).await?;
    job.finish().await?;
    Ok(PatternMap::from_words(&words))
}

/// The map, on the CPU: rows `first_row..first_row + rows` of the grid, so that a caller can stop in between or share
/// them out.
///
/// # Errors
/// [`KernelError::Size`] and [`KernelError::TooLarge`] for what does not fit.
pub fn pattern_map_on_cpu(
    net: &ReluNet<'_>,
    grid: &PixelGrid,
    first_row: usize,
    rows: usize,
) -> Result<PatternMap, KernelError> {
    let packed = Packed::new(net)?;
    check_limit(OP, "rows", grid.rows as u64, first_row.saturating_add(rows) as u64)?;
    check_limit(OP, "pixels", u64::from(u32::MAX), grid.columns.saturating_mul(grid.rows) as u64)?;
    let mut words = vec![[0; 3]; rows * grid.columns];
    let params = packed.params(grid);
    twin::pattern_map(&params, &packed.layers, &packed.parameters, first_row * grid.columns, &mut words);
    Ok(PatternMap::from_words(&words))
}

/// A net as the kernel wants it.
struct Packed {
    layers: Vec<[u32; 4]>,
    parameters: Vec<[f32; 4]>,
    /// Widest layer, in whole blocks.
    room: u32,
}

impl Packed {
    fn new(net: &ReluNet<'_>) -> Result<Self, KernelError> {
        let widths = net.widths;
        let (Some(2), Some(1)) = (widths.first(), widths.last()) else {
            let got = widths.first().copied().unwrap_or(0);
            return Err(KernelError::Size { op: OP, what: "inputs and one output", expected: 2, got });
        };
        let widest = widths.iter().copied().max().unwrap_or(0);
        check_limit(OP, "neurons in a layer", MOST_WIDTH, widest as u64)?;
        check_size(OP, "parameters", n_parameters(widths), net.parameters.len())?;
        if widths.contains(&0) {
            return Err(KernelError::Size { op: OP, what: "neurons in a layer", expected: 1, got: 0 });
        }
        let mut packed =
            Self { layers: Vec::new(), parameters: Vec::new(), room: widest.next_multiple_of(BLOCK) as u32 };
        let mut rest = net.parameters;
        for (l, shape) in widths.windows(2).enumerate() {
            let (inputs, outputs) = (shape[0], shape[1]);
            let (weights, after) = rest.split_at(inputs * outputs);
            let (biases, after) = after.split_at(outputs);
            rest = after;
            packed.layers.push([inputs as u32, outputs as u32, packed.parameters.len() as u32, 0]);
            if l + 2 == widths.len() {
                packed.parameters.extend(biases.iter().chain(weights).map(|w| [*w, 0.0, 0.0, 0.0]));
            } else {
                packed.add_layer(weights, biases);
            }
        }
        Ok(packed)
    }

    fn add_layer(&mut self, weights: &[f32], biases: &[f32]) {
        let inputs = weights.len() / biases.len().max(1);
        let four = |of: &dyn Fn(usize) -> f32, first: usize| {
            std::array::from_fn(|c| if first + c < biases.len() { of(first + c) } else { 0.0 })
        };
        for first in (0..biases.len()).step_by(BLOCK) {
            let quads = || (first..first + BLOCK).step_by(4);
            self.parameters.extend(quads().map(|i| four(&|i| biases[i], i)));
            for j in 0..inputs {
                self.parameters.extend(quads().map(|i| four(&|i| weights[i * inputs + j], i)));
            }
        }
    }

    fn params(&self, grid: &PixelGrid) -> Params {
        let pixel = |(low, high): (f64, f64), n: usize| ((high - low) / n.max(1) as f64) as f32;
        Params {
            columns: grid.columns as u32,
            n_pixels: (grid.columns * grid.rows) as u32,
            n_layers: self.layers.len() as u32,
            per_group: (STATES / (2 * self.room)).min(WORKGROUP),
            room: self.room,
            x_0: grid.x.0 as f32,
            y_0: grid.y.0 as f32,
            dx: pixel(grid.x, grid.columns),
            dy: pixel(grid.y, grid.rows),
            ..Params::default()
        }
    }

    /// Operations of a pixel.
    fn flop(&self) -> f64 {
        8.0 * self.parameters.len() as f64 + 200.0
    }
}
