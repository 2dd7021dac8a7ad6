//! One group of nets: the list of operations, and how each backend runs it.

use random::Stream;

use super::{Batch, OP, RandomNets, Shape, layer_streams};
use crate::gpu::{Gpu, Plan};
use crate::kernels::{inner_products, layer_backward, layer_forward};
use crate::{KernelError, activation};

/// One dispatch, for either backend.
#[derive(Clone, Copy, Debug)]
enum Operation {
    Forward(layer_forward::Params),
    Backward(layer_backward::Params),
    Products(inner_products::Params),
    GradientSize(inner_products::Params),
}

/// One group of nets: what it starts from and what is to be done.
pub(super) struct Work {
    shape: Shape,
    pub(super) n_nets: usize,
    keys: Vec<[u32; 4]>,
    z: Vec<f32>,
    /// Rows of layer 0 that the gradient passes, `[n_nets, width]`.
    path: Vec<f32>,
    cotangents: Vec<f32>,
    pairs: Vec<[u32; 2]>,
    operations: Vec<Operation>,
}

/// A gradient's size is the product of its only row with itself.
const ITSELF: [[u32; 2]; 1] = [[0, 0]];

/// Products `[layers, nets, products]` and gradient sizes `[depth + 1, nets]` as the kernels leave them.
pub(super) type Found = (Vec<[f32; 2]>, Vec<[f32; 2]>);

impl Work {
    pub(super) fn new(nets: &RandomNets, batch: &Batch<'_>, shape: &Shape, first: usize, n_nets: usize) -> Self {
        let key = |layer: usize, net: usize| {
            let [w, b] = layer_streams(nets.seed, nets.width, nets.first_net + first + net, layer).map(Stream::key);
            [w[0], w[1], b[0], b[1]]
        };
        let of_net = |numbers: usize| numbers * first..numbers * (first + n_nets);
        let z =
            if shape.is_per_net { batch.z[of_net(shape.rows * shape.width)].to_vec() } else { batch.z.repeat(n_nets) };
        let followed = z.chunks_exact((shape.rows * shape.width).max(1)).flat_map(|z| &z[..shape.width]);
        let path = if shape.directions > 0 { followed.copied().collect() } else { Vec::new() };
        let pairs = (0..shape.rows as u32).map(|r| [r, r]).chain(batch.pairs.iter().copied()).collect();
        Self {
            shape: *shape,
            n_nets,
            keys: (0..nets.depth).flat_map(|l| (0..n_nets).map(move |k| key(l, k))).collect(),
            z,
            path,
            cotangents: batch.cotangents[of_net(shape.directions * shape.width)].to_vec(),
            pairs,
            operations: operations(nets, batch, shape, n_nets),
        }
    }

    pub(super) async fn on_gpu(&self, gpu: &Gpu) -> Result<Found, KernelError> {
        let shape = &self.shape;
        let mut job = gpu.job(OP)?;
        let bytes = |numbers: usize| 4 * numbers as u64;
        let is_followed = shape.directions > 0;
        let keys = job.upload("keys", &self.keys)?;
        let pairs = job.upload("pairs", &self.pairs)?;
        let itself = job.upload("itself", &ITSELF)?;
        let z = job.buffer("z", bytes(2 * self.n_nets * shape.rows * shape.width))?;
        job.write(&z, 0, &self.z);
        let path =
            job.buffer("path", bytes(usize::from(is_followed) * (shape.depth + 1) * self.n_nets * shape.width))?;
        job.write(&path, 0, &self.path);
        let gradients = self.n_nets * shape.directions * shape.width;
        let d = job.buffer("d", bytes(2 * gradients))?;
        // The half of layer `depth`.
        job.write(&d, bytes((shape.depth & 1) * gradients), &self.cotangents);
        let n_products = shape.n_layers * self.n_nets * shape.n_products;
        let n_sizes = usize::from(is_followed) * (shape.depth + 1) * self.n_nets;
        let products = job.buffer("products", bytes(2 * n_products))?;
        let sizes = job.buffer("sizes", bytes(2 * n_sizes))?;
        job.run(
            &self.plan(),
            &[
                (&layer_forward::SHADER, &[&keys, &z, &path]),
                (&layer_backward::SHADER, &[&keys, &d, &path, &sizes]),
                (&inner_products::SHADER, &[&pairs, &z, &products]),
                (&inner_products::SHADER, &[&itself, &d, &sizes]),
            ],
        )
        .await?;
        let products = job.read(&products, n_products).await?;
        let sizes = job.read(&sizes, n_sizes).await?;
        job.finish().await?;
        Ok((products, sizes))
    }

    fn plan(&self) -> Plan {
        let mut plan = Plan::default();
        let n_nets = self.n_nets as u32;
        for operation in &self.operations {
            match *operation {
                Operation::Forward(p) => {
                    let (tiles, flop) = layer_tiles(p.width, p.rows, n_nets);
                    let params = |first_tile, end_tile| layer_forward::Params { first_tile, end_tile, ..p };
                    plan.push(&layer_forward::SHADER, 0, tiles, flop, params);
                }
                Operation::Backward(p) => {
                    let (tiles, flop) = layer_tiles(p.width, p.rows, n_nets);
                    let params = |first_tile, end_tile| layer_backward::Params { first_tile, end_tile, ..p };
                    plan.push(&layer_backward::SHADER, 1, tiles, flop, params);
                }
                Operation::Products(p) | Operation::GradientSize(p) => {
                    let set = if matches!(operation, Operation::Products(_)) { 2 } else { 3 };
                    let params = |first_tile, end_tile| inner_products::Params { first_tile, end_tile, ..p };
                    let flop = inner_products::tile_flop(p.length);
                    plan.push(&inner_products::SHADER, set, p.n_pairs * n_nets, flop, params);
                }
            }
        }
        plan
    }

    pub(super) fn on_cpu(&self) -> Found {
        let shape = &self.shape;
        let n_nets = self.n_nets as u32;
        let mut z = self.z.clone();
        z.resize(2 * self.z.len(), 0.0);
        let mut path = self.path.clone();
        path.resize((shape.depth + 1) * self.path.len(), 0.0);
        let gradients = self.cotangents.len();
        let mut d = vec![0.0; 2 * gradients];
        d[(shape.depth & 1) * gradients..][..gradients].copy_from_slice(&self.cotangents);
        let mut products = vec![[0.0; 2]; shape.n_layers * self.n_nets * shape.n_products];
        let mut sizes = vec![[0.0; 2]; (shape.depth + 1) * self.n_nets];
        for operation in &self.operations {
            match *operation {
                Operation::Forward(p) => layer_forward::twin::layer_forward(&p, &self.keys, &mut z, &mut path),
                Operation::Backward(p) => {
                    layer_backward::twin::layer_backward(&p, &self.keys, &mut d, &path, &sizes);
                }
                Operation::Products(p) => {
                    let p = inner_products::Params { end_tile: p.n_pairs * n_nets, ..p };
                    inner_products::twin::inner_products(&p, &self.pairs, &z, &mut products);
                }
                Operation::GradientSize(p) => {
                    let p = inner_products::Params { end_tile: n_nets, ..p };
                    inner_products::twin::inner_products(&p, &ITSELF, &d, &mut sizes);
                }
            }
        }
        (products, if shape.directions > 0 { sizes } else { Vec::new() })
    }
}

fn layer_tiles(width: u32, rows: u32, nets: u32) -> (u32, f64) {
    (layer_forward::tiles(width, rows, nets), layer_forward::tile_flop(width, rows))
}

/// Everything to be done, in order.
fn operations(nets: &RandomNets, batch: &Batch<'_>, shape: &Shape, n_nets: usize) -> Vec<Operation> {
    let n_nets = n_nets as u32;
    let (width, rows, depth) = (shape.width as u32, shape.rows as u32, shape.depth as u32);
    let directions = shape.directions as u32;
    let activation = activation::id(nets.activation);
    let scale = (nets.sigma_w / (nets.width.max(1) as f64).sqrt()) as f32;
    let sigma_b = nets.sigma_b as f32;
    let n_followed = u32::from(directions > 0);
    let n_pairs = shape.n_products as u32;
    let first_layer = batch.first_layer as u32;

    let products = |layer: u32| {
        let start = (layer & 1) * n_nets * rows * width;
        let out_start = (layer - first_layer) * n_nets * n_pairs;
        Operation::Products(inner_products::Params {
            length: width,
            rows,
            n_pairs,
            start,
            out_start,
            ..Default::default()
        })
    };
    let forward = |layer| {
        Operation::Forward(layer_forward::Params {
            width,
            rows,
            nets: n_nets,
            layer,
            activation,
            scale,
            sigma_b,
            n_followed,
            ..Default::default()
        })
    };
    // All directions of a net are one row.
    let size = |layer: u32| {
        let length = directions * width;
        let start = (layer & 1) * n_nets * length;
        let out_start = layer * n_nets;
        Operation::GradientSize(inner_products::Params {
            length,
            rows: 1,
            n_pairs: 1,
            start,
            out_start,
            ..Default::default()
        })
    };
    let backward = |layer| {
        Operation::Backward(layer_backward::Params {
            width,
            rows: directions,
            nets: n_nets,
            layer,
            activation,
            scale,
            ..Default::default()
        })
    };

    let is_wanted = |layer: &u32| *layer >= first_layer;
    let mut all: Vec<Operation> = std::iter::once(0).filter(is_wanted).map(products).collect();
    for layer in 0..depth {
        all.push(forward(layer));
        all.extend(Some(layer + 1).filter(is_wanted).map(products));
    }
    if directions > 0 {
        all.push(size(depth));
        all.extend((0..depth).rev().flat_map(|layer| [backward(layer), size(layer)]));
    }
    all
}
