//! The layers of a batch of nets, and how each backend runs them.

use std::ops::Range;

use theory::Activation;

use super::{Examples, Members, Mlp, OP, Score, Shape};
use crate::error::check_limit;
use crate::gpu::{Gpu, Plan};
use crate::kernels::{mlp_layer, mlp_scores};
use crate::{KernelError, activation};

/// What the nets are and what they see.
#[derive(Debug)]
pub(super) struct Work<'a> {
    pub(super) n_nets: usize,
    shape: Shape,
    widths: &'a [usize],
    activation: Activation,
    /// Vectors of the basis, or of the nets.
    parameters: &'a [f32],
    coefficients: &'a [f32],
    /// `[inputs, examples]`.
    x: Vec<f32>,
    labels: &'a [u32],
}

/// Where a layer's inputs are.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Inputs {
    /// The examples, the same for all nets.
    Examples,
    /// The first layer of the basis.
    Products,
    /// The layer below, of each net.
    Below,
}

impl<'a> Work<'a> {
    pub(super) fn new(mlp: &Mlp<'a>, members: &Members<'a>, examples: &Examples<'a>) -> Result<Self, KernelError> {
        let shape = Shape::checked(OP, mlp, members, examples)?;
        let (parameters, coefficients) = match *members {
            Members::Vectors(vectors) => (vectors, &[][..]),
            Members::Combinations { basis, coefficients } => (basis, coefficients),
        };
        let (n_rows, n_in) = (shape.n_rows, mlp.widths[0]);
        Ok(Self {
            n_nets: shape.n_nets,
            shape,
            widths: mlp.widths,
            activation: mlp.activation,
            parameters,
            coefficients,
            x: (0..n_in * n_rows).map(|k| examples.inputs[k % n_rows * n_in + k / n_rows]).collect(),
            labels: examples.labels,
        })
    }

    /// Layers with weights.
    fn n_layers(&self) -> usize {
        self.widths.len() - 1
    }

    /// Where a layer's parameters begin in a vector.
    fn offset(&self, layer: usize) -> u32 {
        crate::n_parameters(&self.widths[..=layer]) as u32
    }

    fn is_sum(&self) -> bool {
        self.shape.n_basis.is_some()
    }

    /// Whether the first layer is made for the basis.
    fn has_products(&self) -> bool {
        self.is_sum() && self.n_layers() > 1
    }

    /// Blocks of examples.
    fn blocks(&self) -> usize {
        self.shape.n_rows.div_ceil(mlp_scores::BLOCK as usize)
    }

    /// What a layer of nets reads. Layers from 1 on follow the products, if there are any.
    fn inputs(&self, layer: usize) -> Inputs {
        match layer {
            0 => Inputs::Examples,
            1 if self.has_products() => Inputs::Products,
            _ => Inputs::Below,
        }
    }

    /// The parameters of both kernels for a layer of nets; `first_net` counts among all of them.
    fn layer(&self, layer: usize, first_net: usize) -> mlp_layer::Params {
        let inputs = self.inputs(layer);
        let is_sum = u32::from(self.is_sum());
        mlp_layer::Params {
            rows: self.shape.n_rows as u32,
            n_in: self.widths[layer] as u32,
            n_out: self.widths[layer + 1] as u32,
            n_basis: self.shape.n_basis.unwrap_or(0) as u32,
            n_parameters: self.shape.n_parameters as u32,
            offset: self.offset(layer),
            sums_parameters: is_sum,
            sums_h: u32::from(inputs == Inputs::Products),
            parameters_stride: 1 - is_sum,
            h_stride: u32::from(inputs == Inputs::Below),
            activation: activation::id(if layer == 0 { Activation::Linear } else { self.activation }),
            first_net: first_net as u32,
            ..Default::default()
        }
    }

    /// The first layer of each vector of the basis by itself.
    fn product(&self) -> mlp_layer::Params {
        mlp_layer::Params { sums_parameters: 0, parameters_stride: 1, ..self.layer(0, 0) }
    }

    fn last(&self, first_net: usize) -> mlp_scores::Params {
        self.layer(self.n_layers() - 1, first_net)
    }

    /// Layers between the products, if there are any, and the last.
    fn middle(&self) -> Range<usize> {
        usize::from(self.has_products())..self.n_layers() - 1
    }

    /// Numbers of a net's largest stored layer.
    fn stored(&self) -> usize {
        self.middle().map(|layer| self.widths[layer + 1] * self.shape.n_rows).max().unwrap_or(0)
    }

    pub(super) async fn on_gpu(&self, gpu: &Gpu, limit_bytes: u64) -> Result<Vec<[f32; 2]>, KernelError> {
        if self.n_nets == 0 {
            return Ok(Vec::new());
        }
        let own = if self.is_sum() { 0 } else { self.shape.n_parameters };
        let bytes_of_a_net = (4 * (2 * self.stored() + own).max(1)) as u64;
        check_limit(OP, "bytes for one net", limit_bytes, bytes_of_a_net)?;
        let group = ((limit_bytes / bytes_of_a_net) as usize).min(self.n_nets);

        let mut job = gpu.job(OP)?;
        let bytes = |numbers: usize| 4 * numbers as u64;
        let n_basis = self.shape.n_basis.unwrap_or(0);
        let x = job.upload("x", &self.x)?;
        let labels = job.upload("labels", self.labels)?;
        let coefficients = job.upload("coefficients", self.coefficients)?;
        let parameters = if self.is_sum() {
            job.upload("parameters", self.parameters)?
        } else {
            job.buffer("parameters", bytes(group * self.shape.n_parameters))?
        };
        let n_products = if self.has_products() { n_basis * self.widths[1] * self.shape.n_rows } else { 0 };
        let products = job.buffer("products", bytes(n_products))?;
        let stored = [job.buffer("z", bytes(group * self.stored()))?, job.buffer("z", bytes(group * self.stored()))?];
        let n_scores = self.n_nets * self.blocks();
        let scores = job.buffer("scores", bytes(2 * n_scores))?;

        // The layer `l` is stored in the half `l & 1`.
        let inputs = |layer: usize| match self.inputs(layer) {
            Inputs::Examples => &x,
            Inputs::Products => &products,
            Inputs::Below => &stored[(layer - 1) & 1],
        };
        let layer = |l: usize, z| [&coefficients, &parameters, inputs(l), z];
        let layers: Vec<_> = self.middle().map(|l| layer(l, &stored[l & 1])).collect();
        let last = [&coefficients, &parameters, inputs(self.n_layers() - 1), &labels, &scores];
        let mut sets: Vec<(&'static crate::gpu::Shader, &[&_])> =
            layers.iter().map(|set| (&mlp_layer::SHADER, &set[..])).collect();
        sets.push((&mlp_scores::SHADER, &last));
        let of_products = layer(0, &products);
        if self.has_products() {
            sets.push((&mlp_layer::SHADER, &of_products));
        }

        for first in (0..self.n_nets).step_by(group) {
            let n = group.min(self.n_nets - first);
            let mut plan = Plan::default();
            if !self.is_sum() {
                let of = |net: usize| net * self.shape.n_parameters;
                job.write(&parameters, 0, &self.parameters[of(first)..of(first + n)]);
            } else if first == 0 && self.has_products() {
                mlp_layer::push(&mut plan, sets.len() - 1, &self.product(), n_basis);
            }
            for (set, l) in self.middle().enumerate() {
                mlp_layer::push(&mut plan, set, &self.layer(l, first), n);
            }
            mlp_scores::push(&mut plan, layers.len(), &self.last(first), n);
            job.run(&plan, &sets).await?;
        }
        let found = job.read(&scores, n_scores).await?;
        job.finish().await?;
        Ok(found)
    }

    /// The first layer of the basis.
    pub(super) fn products_on_cpu(&self) -> Vec<f32> {
        let n_basis = if self.has_products() { self.shape.n_basis.unwrap_or(0) } else { 0 };
        let mut products = vec![0.0; n_basis * self.widths[1] * self.shape.n_rows];
        mlp_layer::twin::mlp_layer(&self.product(), n_basis, &[], self.parameters, &self.x, &mut products);
        products
    }

    /// One net at a time: its layers stay in the cache.
    pub(super) fn on_cpu(&self, products: &[f32], nets: Range<usize>) -> Vec<[f32; 2]> {
        let mut found = Vec::with_capacity(nets.len() * self.blocks());
        let mut stored = [vec![0.0; self.stored()], vec![0.0; self.stored()]];
        let mut scores = vec![[0.0; 2]; self.blocks()];
        for net in nets {
            let parameters = if self.is_sum() {
                self.parameters
            } else {
                &self.parameters[net * self.shape.n_parameters..][..self.shape.n_parameters]
            };
            let n_basis = self.shape.n_basis.unwrap_or(0);
            let coefficients = if self.is_sum() { &self.coefficients[net * n_basis..][..n_basis] } else { &[] };
            for l in self.middle() {
                let [even, odd] = &mut stored;
                let (below, above) = if l & 1 == 0 { (&*odd, even) } else { (&*even, odd) };
                let h = match self.inputs(l) {
                    Inputs::Examples => &self.x,
                    Inputs::Products => products,
                    Inputs::Below => below,
                };
                mlp_layer::twin::mlp_layer(&self.layer(l, 0), 1, coefficients, parameters, h, above);
            }
            let h = match self.inputs(self.n_layers() - 1) {
                Inputs::Examples => &self.x,
                Inputs::Products => products,
                Inputs::Below => &stored[self.n_layers() & 1],
            };
            mlp_scores::twin::mlp_scores(&self.last(0), 1, coefficients, parameters, h, self.labels, &mut scores);
            found.extend_from_slice(&scores);
        }
        found
    }

    /// Sums over blocks, in `f64`.
    pub(super) fn scores(&self, found: &[[f32; 2]]) -> Vec<Score> {
        found.chunks_exact(self.blocks().max(1)).map(|blocks| Score::of_blocks(blocks, self.shape.n_rows)).collect()
    }
}
