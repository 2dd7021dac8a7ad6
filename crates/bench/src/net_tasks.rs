//! T4, a slice of a loss, and T5, the linear regions of a small net.

use std::rc::Rc;

use kernels::{
    Examples, Gpu, Members, Mlp, PatternMap, PixelGrid, ReluNet, Score, mlp_batch, n_parameters, pattern_map,
    pattern_map_on_cpu,
};
use nets::mlp::{self, Loss, LossSlice, Shape};
use random::mulberry32::Normals;
use theory::Activation;
use theory::regions::{Regions, Window};
use theory::sawtooth;

use crate::part::Part;
use crate::{Check, Data, Failure, GpuWork, Split, Timed};

const WIDTHS: [usize; 3] = [784, 100, 10];
/// Points of a side of the slice.
const SIDE: usize = 51;
const N_IMAGES: usize = 1000;

/// What T4 starts from.
pub(crate) struct Slice {
    /// W, D, E, each with the parameters of a net.
    basis: Rc<[f32]>,
    inputs: Vec<f32>,
    labels: Vec<u32>,
}

impl Slice {
    /// From pixels as bytes.
    pub(crate) fn new(basis: Rc<[f32]>, pixels: &[u8], labels: &[u8]) -> Self {
        let normalised: [f32; 256] = std::array::from_fn(|p| ((p as f64 / 255.0 - 0.1307) / 0.3081) as f32);
        Self {
            basis,
            inputs: pixels.iter().map(|p| normalised[usize::from(*p)]).collect(),
            labels: labels.iter().copied().map(u32::from).collect(),
        }
    }

    fn mlp() -> Mlp<'static> {
        Mlp { widths: &WIDTHS, activation: Activation::Relu }
    }

    fn examples(&self) -> Examples<'_> {
        Examples { inputs: &self.inputs, labels: &self.labels }
    }

    /// Mean losses at all points; β changes slowest.
    pub(crate) fn losses(&self) -> Result<Vec<f64>, Failure> {
        let shape = Shape::new(&WIDTHS, Activation::Relu)?;
        let vectors: Vec<&[f32]> = self.basis.chunks_exact(n_parameters(&WIDTHS)).collect();
        let examples = mlp::Examples::with_classes(WIDTHS[0], self.inputs.clone(), self.labels.clone())?;
        let mut slice = LossSlice::new(&shape, &vectors, Loss::CrossEntropy, &examples)?;
        let step = 2.0 / (SIDE - 1) as f32;
        let rows = (0..SIDE).map(|b| slice.losses_on_line(&[1.0, -1.0, at(b)], &[0.0, step, 0.0], SIDE));
        Ok(rows.collect::<Result<Vec<_>, _>>()?.concat())
    }
}

/// α or β at a grid point.
fn at(k: usize) -> f32 {
    (2.0 * k as f64 / (SIDE - 1) as f64 - 1.0) as f32
}

/// Weights of standard deviation 1/√fan_in from seed 4, and two directions from seed 44 whose rows are as long as the
/// weights' rows. No biases.
pub(crate) fn basis() -> Rc<[f32]> {
    let (mut weights, mut directions) = (Normals::new(4), Normals::new(44));
    let mut basis: Vec<Vec<f32>> = vec![Vec::new(); 3];
    let mut drawn: Vec<Vec<Vec<f32>>> = Vec::new();
    let layer = |normals: &mut Normals, l: usize, scale: f64| {
        let mut numbers = vec![0.0; WIDTHS[l] * WIDTHS[l + 1]];
        normals.fill_f32(scale, &mut numbers);
        numbers
    };
    let scale = |l: usize| 1.0 / (WIDTHS[l] as f64).sqrt();
    drawn.push((0..2).map(|l| layer(&mut weights, l, scale(l))).collect());
    for _direction in 0..2 {
        drawn.push((0..2).map(|l| layer(&mut directions, l, 1.0)).collect());
    }
    let norm = |row: &[f32]| row.iter().map(|x| f64::from(*x).powi(2)).sum::<f64>().sqrt();
    for l in 0..2 {
        for (m, out) in basis.iter_mut().enumerate() {
            for (row, of_weights) in drawn[m][l].chunks_exact(WIDTHS[l]).zip(drawn[0][l].chunks_exact(WIDTHS[l])) {
                let factor = if m == 0 { 1.0 } else { norm(of_weights) / norm(row) };
                out.extend(row.iter().map(|x| (f64::from(*x) * factor) as f32));
            }
            out.resize(out.len() + WIDTHS[l + 1], 0.0);
        }
    }
    basis.concat().into()
}

fn slice_checks(losses: &[f64]) -> Vec<Check> {
    // Grid points of α and β.
    let at = |a: usize, b: usize| losses.get(b * SIDE + a).copied().unwrap_or(f64::NAN);
    [
        ("loss at (0, 0)", at(25, 25), 2.512_428_7),
        ("loss at (-1, -1)", at(0, 0), 3.717_660_5),
        ("loss at (1, -1)", at(50, 0), 4.568_743),
        ("loss at (0.4, -0.6)", at(35, 10), 3.146_375_7),
    ]
    .map(|(name, got, expected)| Check { name, got, expected, tolerance: 1e-4 })
    .into()
}

fn images(data: &Data) -> Result<(Vec<u8>, Vec<u8>), Failure> {
    let pack = data.mnist_train.as_ref().filter(|pack| pack.n() >= N_IMAGES).ok_or(Failure::NoData("mnist-train"))?;
    let size = pack.rows() * pack.cols();
    Ok((pack.pixels()[..N_IMAGES * size].to_vec(), pack.labels()[..N_IMAGES].to_vec()))
}

pub(crate) fn t4(data: &Data) -> Result<Timed, Failure> {
    let (pixels, labels) = images(data)?;
    let slice = Slice::new(basis(), &pixels, &labels);
    Ok(Box::new(move || Ok(slice_checks(&slice.losses()?))))
}

/// Shares of the images, at all points; eight for each core, as one may be busy with other things.
pub(crate) fn t4_split(data: &Data, cores: usize) -> Result<Split, Failure> {
    let (pixels, labels) = images(data)?;
    let n = N_IMAGES.div_ceil(8 * cores.max(1));
    let shares = pixels.chunks(n * WIDTHS[0]).zip(labels.chunks(n));
    let parts = shares.map(|(pixels, labels)| Part::LossSlice { pixels: pixels.to_vec(), labels: labels.to_vec() });
    Split::new(parts, |answers| {
        let mut losses = vec![0.0; SIDE * SIDE];
        for bytes in answers {
            let (n_images, means) = protocol::decode::<(f64, Vec<f64>)>(bytes)?;
            losses.iter_mut().zip(means).for_each(|(loss, mean)| *loss += n_images / N_IMAGES as f64 * mean);
        }
        Ok(slice_checks(&losses))
    })
}

pub(crate) fn t4_on_gpu(data: &Data) -> Result<GpuWork, Failure> {
    let (pixels, labels) = images(data)?;
    let slice = Rc::new(Slice::new(basis(), &pixels, &labels));
    let coefficients: Rc<[f32]> = (0..SIDE * SIDE).flat_map(|k| [1.0, at(k % SIDE), at(k / SIDE)]).collect();
    Ok(Box::new(move |gpu: Rc<Gpu>| {
        let (slice, coefficients) = (Rc::clone(&slice), Rc::clone(&coefficients));
        Box::pin(async move {
            let members = Members::Combinations { basis: &slice.basis, coefficients: &coefficients };
            let scores = mlp_batch(&gpu, &Slice::mlp(), &members, &slice.examples()).await?;
            Ok(slice_checks(&scores.iter().map(|score: &Score| score.loss).collect::<Vec<_>>()))
        })
    }))
}

const REGION_WIDTHS: [usize; 5] = [2, 32, 32, 32, 1];
const GRID: PixelGrid = PixelGrid { x: (-1.0, 1.0), y: (-1.0, 1.0), columns: 512, rows: 512 };

/// T5's net: layer by layer weights of standard deviation √(2/fan_in), then biases of 0.3, from seed 5.
fn region_parameters() -> Vec<f32> {
    let mut normals = Normals::new(5);
    let mut parameters = Vec::with_capacity(n_parameters(&REGION_WIDTHS));
    for widths in REGION_WIDTHS.windows(2) {
        let mut weights = vec![0.0; widths[0] * widths[1]];
        normals.fill_f32((2.0 / widths[0] as f64).sqrt(), &mut weights);
        let mut biases = vec![0.0; widths[1]];
        normals.fill_f32(0.3, &mut biases);
        parameters.extend(weights.into_iter().chain(biases));
    }
    parameters
}

/// Rows of T5's map.
pub(crate) fn region_rows(first_row: usize, rows: usize) -> Result<PatternMap, Failure> {
    let parameters = region_parameters();
    let net = ReluNet { widths: &REGION_WIDTHS, parameters: &parameters };
    Ok(pattern_map_on_cpu(&net, &GRID, first_row, rows)?)
}

/// Eight bytes of pattern for each pixel, then four of output for each: as they are, for speed.
pub(crate) fn bytes_from_map(map: &PatternMap) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(12 * map.patterns.len());
    map.patterns.iter().for_each(|pattern| bytes.extend_from_slice(&pattern.to_le_bytes()));
    map.outputs.iter().for_each(|output| bytes.extend_from_slice(&output.to_le_bytes()));
    bytes
}

fn region_checks(map: &PatternMap) -> Vec<Check> {
    let n = map.outputs.len().max(1) as f64;
    let mean = map.outputs.iter().map(|x| f64::from(*x)).sum::<f64>() / n;
    vec![
        Check { name: "distinct patterns", got: map.n_patterns() as f64, expected: 2951.0, tolerance: 3.0 },
        Check { name: "mean output", got: mean, expected: 1.256_209, tolerance: 1e-5 },
    ]
}

pub(crate) fn t5(_data: &Data) -> Result<Timed, Failure> {
    Ok(Box::new(|| Ok(region_checks(&region_rows(0, GRID.rows)?))))
}

pub(crate) fn t5_split(_data: &Data, cores: usize) -> Result<Split, Failure> {
    // A few for each core: rows differ little, but a core may be busy with other things.
    let rows = GRID.rows.div_ceil(4 * cores.max(1));
    let part = |first_row: usize| Part::Regions { first_row, rows: rows.min(GRID.rows - first_row) };
    Split::new((0..GRID.rows).step_by(rows).map(part), |answers| {
        let mut map = PatternMap::default();
        for bytes in answers {
            let (patterns, outputs) = bytes.split_at(bytes.len() / 12 * 8);
            map.patterns.extend(patterns.as_chunks::<8>().0.iter().copied().map(u64::from_le_bytes));
            map.outputs.extend(outputs.as_chunks::<4>().0.iter().copied().map(f32::from_le_bytes));
        }
        Ok(region_checks(&map))
    })
}

pub(crate) fn t5_on_gpu(_data: &Data) -> Result<GpuWork, Failure> {
    let parameters = Rc::new(region_parameters());
    Ok(Box::new(move |gpu: Rc<Gpu>| {
        let parameters = Rc::clone(&parameters);
        Box::pin(async move {
            let net = ReluNet { widths: &REGION_WIDTHS, parameters: &parameters };
            Ok(region_checks(&pattern_map(&gpu, &net, &GRID).await?))
        })
    }))
}

/// T5x: the exact regions, with polygons. That there are at least as many as were met at pixels, and no more than Serra's
/// bound, is checked in `theory`; this number is its own.
pub(crate) fn t5x(_data: &Data) -> Result<Timed, Failure> {
    let parameters: Vec<f64> = region_parameters().into_iter().map(f64::from).collect();
    let (mut weights, mut rest) = (Vec::new(), parameters.as_slice());
    let n_hidden = REGION_WIDTHS.len() - 2;
    for widths in REGION_WIDTHS[..=n_hidden].windows(2) {
        let (layer, after) = rest.split_at(widths[0] * widths[1] + widths[1]);
        weights.push((layer[..widths[0] * widths[1]].to_vec(), layer[widths[0] * widths[1]..].to_vec()));
        rest = after;
    }
    let net = sawtooth::ReluNet::new(2, weights, rest[..32].to_vec(), rest[32]);
    let net = net.map_err(|error| Failure::Theory(error.to_string()))?;
    Ok(Box::new(move || {
        let regions =
            Regions::of_net(&net, Window::square(1.0), 1 << 20).map_err(|error| Failure::Theory(error.to_string()))?;
        let area: f64 = regions.iter().map(|region| region.area).sum();
        Ok(vec![
            Check { name: "regions", got: regions.len() as f64, expected: 3330.0, tolerance: 0.0 },
            Check { name: "their area", got: area, expected: 4.0, tolerance: 1e-9 },
        ])
    }))
}
