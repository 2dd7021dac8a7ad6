//! The loss on a line, a plane or any other span through the space of parameters.

use super::dense::{self, LANES, Lane};
use super::loss::{cross_entropy_of_block, right_in_block};
use super::simd::Eight;
use super::{Examples, Loss, Score, Shape};
use crate::error::{check_limit, check_size};
use crate::{NetError, elementwise};

/// Points that are computed together: their later parameters stay in the cache.
const POINTS: usize = 32;
/// Most numbers that are kept (a quarter of a gigabyte).
const MOST_NUMBERS: usize = 1 << 26;

/// Nets whose parameters are `Σ_m c_m θ_m` with given vectors `θ_m`: `W + αD + βE` is the slice of Li et al. (2018).
///
/// The first layer is linear in its parameters, so its products with the examples are made once for each vector, and a point
/// costs only the later layers: of a 784-100-10 net, 2 of 159 MFLOP for 1,000 examples.
#[derive(Clone, Debug)]
pub struct LossSlice {
    shape: Shape,
    loss: Loss,
    n_examples: usize,
    by_largest: bool,
    /// Of each vector, the parameters after those of the first layer.
    later: Vec<Vec<f32>>,
    /// Of each vector, pre-activations of the first layer: `[blocks][width]`.
    products: Vec<Vec<Lane>>,
    /// `[blocks][outputs]`.
    targets: Vec<Lane>,
    /// The later parameters of a few points, and one block's activations of each layer.
    parameters: Vec<f32>,
    a: Vec<Vec<Lane>>,
    delta: Vec<Lane>,
}

impl LossSlice {
    /// Makes the products. Each of `vectors` has the parameters of a net of this shape, in their order.
    ///
    /// # Errors
    /// [`NetError::Size`] for a vector of another size, [`NetError::Empty`] without vectors or examples,
    /// [`NetError::TooLarge`] when the products would have more than 2^26 numbers, and as
    /// [`Workspace::score`](super::Workspace::score) for examples that do not fit.
    pub fn new(shape: &Shape, vectors: &[&[f32]], loss: Loss, examples: &Examples) -> Result<Self, NetError> {
        examples.check(shape.inputs(), shape.outputs(), loss)?;
        let n = examples.n();
        if n == 0 || vectors.is_empty() {
            return Err(NetError::Empty { op: "slice" });
        }
        for vector in vectors {
            check_size("parameters", shape.n_parameters(), vector.len())?;
        }
        let (inputs, outputs, width) = (shape.inputs(), shape.outputs(), shape.widths()[1]);
        let blocks = n.div_ceil(LANES);
        let numbers = width.saturating_mul(vectors.len()).saturating_add(outputs).saturating_mul(blocks * LANES);
        check_limit("products of a slice", numbers, MOST_NUMBERS)?;
        let mut products = vec![vec![[0.0; LANES]; blocks * width]; vectors.len()];
        let mut targets = vec![[0.0; LANES]; blocks * outputs];
        let mut block_inputs = vec![[0.0; LANES]; inputs];
        for block in 0..blocks {
            for l in 0..LANES {
                let input = examples.input(block * LANES + l);
                for (i, lane) in block_inputs.iter_mut().enumerate() {
                    lane[l] = input.map_or(0.0, |input| input[i]);
                }
                if input.is_some() {
                    let of_block = &mut targets[block * outputs..(block + 1) * outputs];
                    examples.targets_of(block * LANES + l, outputs, loss, |o, y| of_block[o][l] = y);
                }
            }
            for (vector, products) in vectors.iter().zip(&mut products) {
                let (weights, rest) = vector.split_at(inputs * width);
                dense::forward(
                    weights,
                    &rest[..width],
                    &block_inputs,
                    &mut products[block * width..(block + 1) * width],
                );
            }
        }
        let first = (inputs + 1) * width;
        Ok(Self {
            shape: shape.clone(),
            loss,
            n_examples: n,
            by_largest: examples.are_right_by_largest(loss, outputs),
            later: vectors.iter().map(|vector| vector[first..].to_vec()).collect(),
            products,
            targets,
            parameters: Vec::new(),
            a: shape.widths()[1..].iter().map(|&width| vec![[0.0; LANES]; width]).collect(),
            delta: vec![[0.0; LANES]; outputs],
        })
    }

    /// Mean losses and accuracies at points: `coefficients` is `[points][vectors]`.
    ///
    /// # Errors
    /// [`NetError::Size`] when it holds no whole number of points.
    pub fn scores(&mut self, coefficients: &[f32]) -> Result<Vec<Score>, NetError> {
        self.at(coefficients, true)
    }

    /// Mean losses alone, which is quicker than [`scores`](Self::scores).
    ///
    /// # Errors
    /// As [`scores`](Self::scores).
    pub fn losses(&mut self, coefficients: &[f32]) -> Result<Vec<f64>, NetError> {
        Ok(self.at(coefficients, false)?.iter().map(|score| score.loss).collect())
    }

    fn at(&mut self, coefficients: &[f32], counts_right: bool) -> Result<Vec<Score>, NetError> {
        let whole = coefficients.len().next_multiple_of(self.later.len());
        check_size("coefficients", whole, coefficients.len())?;
        let of_chunks = coefficients.chunks(self.later.len() * POINTS);
        Ok(of_chunks.flat_map(|coefficients| self.at_few(coefficients, counts_right)).collect())
    }

    /// At few points, block after block, so that a block's products are read from memory once for all of them.
    fn at_few(&mut self, coefficients: &[f32], counts_right: bool) -> Vec<Score> {
        let (n_vectors, n_later) = (self.later.len(), self.later[0].len());
        let points = coefficients.chunks_exact(n_vectors);
        self.parameters.clear();
        self.parameters.resize(points.len() * n_later, 0.0);
        for (point, parameters) in points.clone().zip(self.parameters.chunks_exact_mut(n_later.max(1))) {
            for (c, later) in point.iter().zip(&self.later) {
                parameters.iter_mut().zip(later).for_each(|(p, x)| *p += c * x);
            }
        }
        let mut sums = vec![(0.0, 0_usize); points.len()];
        let (outputs, width) = (self.shape.outputs(), self.shape.widths()[1]);
        for (block, targets) in self.targets.chunks_exact(outputs.max(1)).enumerate() {
            let products: Vec<&[Lane]> = self.products.iter().map(|p| &p[block * width..(block + 1) * width]).collect();
            let count = (self.n_examples - block * LANES).min(LANES);
            for ((k, point), (sum, right)) in points.clone().enumerate().zip(&mut sums) {
                combine(point, &products, &mut self.a[0]);
                later_layers(&self.shape, &self.parameters[k * n_later..(k + 1) * n_later], &mut self.a);
                let z = self.a.last().map_or(&[][..], Vec::as_slice);
                let losses = match self.loss {
                    Loss::CrossEntropy => cross_entropy_of_block(z, targets, &mut self.delta).0,
                    loss => loss.of_block(z, targets, 0.0, &mut self.delta),
                };
                *sum += losses[..count].iter().sum::<f64>();
                if counts_right {
                    let of_block = right_in_block(z, targets, self.by_largest);
                    *right += of_block[..count].iter().filter(|right| **right).count();
                }
            }
        }
        sums.into_iter().map(|(sum, right)| Score::of_sums(sum, right, self.n_examples)).collect()
    }
}

/// `z = Σ_m c_m p_m`, three vectors in a pass.
fn combine(coefficients: &[f32], products: &[&[Lane]], z: &mut [Lane]) {
    z.fill([0.0; LANES]);
    let (threes, rest) = products.as_chunks::<3>();
    let (c_threes, c_rest) = coefficients.as_chunks::<3>();
    for (c, products) in c_threes.iter().zip(threes) {
        add_products(*c, *products, z);
    }
    for (c, products) in c_rest.iter().zip(rest) {
        add_products([*c], [*products], z);
    }
}

fn add_products<const M: usize>(coefficients: [f32; M], products: [&[Lane]; M], z: &mut [Lane]) {
    let n = products.iter().fold(z.len(), |n, p| n.min(p.len()));
    let (products, z) = (products.map(|p| &p[..n]), &mut z[..n]);
    let coefficients = coefficients.map(Eight::splat);
    for i in 0..n {
        let mut sum = Eight::from_lane(&z[i]);
        for m in 0..M {
            sum = sum.plus_product(coefficients[m], Eight::from_lane(&products[m][i]));
        }
        z[i] = sum.to_lane();
    }
}

/// One block of examples through the net of a point, from the first layer's pre-activations in `a[0]`.
fn later_layers(shape: &Shape, parameters: &[f32], a: &mut [Vec<Lane>]) {
    let widths = shape.widths();
    let mut rest = parameters;
    for l in 1..shape.n_layers() {
        let (weights, after) = rest.split_at(widths[l] * widths[l + 1]);
        let (biases, after) = after.split_at(widths[l + 1]);
        rest = after;
        let (lower, upper) = a.split_at_mut(l);
        elementwise::apply(shape.activation(), lower[l - 1].as_flattened_mut());
        dense::forward(weights, biases, &lower[l - 1], &mut upper[0]);
    }
}

#[cfg(test)]
mod tests {
    use random::Stream;
    use theory::Activation;

    use super::*;
    use crate::mlp::{Mlp, Workspace};

    /// Against the net with the summed parameters, for shapes and numbers of examples that do and do not fill blocks.
    #[test]
    fn a_point_is_the_net_with_the_summed_parameters() {
        for (widths, n) in [(&[5, 9, 3][..], 13), (&[4, 6, 7, 2], 8), (&[3, 2], 1), (&[6, 16, 16, 16, 4], 40)] {
            for activation in [Activation::Relu, Activation::Tanh] {
                let shape = Shape::new(widths, activation).unwrap();
                let stream = Stream::new(3, "slice");
                let nets: Vec<Mlp> = (0..3).map(|k| Mlp::random(shape.clone(), 1.0, 0.3, stream.child(k))).collect();
                let vectors: Vec<&[f32]> = nets.iter().map(Mlp::parameters).collect();
                let mut inputs = vec![0.0; n * widths[0]];
                stream.child(9).fill_normal_f32(0, &mut inputs);
                let classes = widths[widths.len() - 1] as u32;
                let labels = (0..n as u32).map(|i| i % classes).collect();
                let examples = Examples::with_classes(widths[0], inputs, labels).unwrap();
                let mut slice = LossSlice::new(&shape, &vectors, Loss::CrossEntropy, &examples).unwrap();
                let mut workspace = Workspace::new(&shape, n).unwrap();
                // More points than are computed together.
                let points: Vec<[f32; 3]> = (0..POINTS + 3).map(|k| [1.0, 0.04 * k as f32, -0.7]).collect();
                let scores = slice.scores(points.as_flattened()).unwrap();
                let losses: Vec<f64> = scores.iter().map(|score| score.loss).collect();
                assert_eq!(slice.losses(points.as_flattened()).unwrap(), losses);
                for k in [0, 1, POINTS - 1, POINTS, POINTS + 2] {
                    let (coefficients, got) = (points[k], scores[k]);
                    let sum = |i: usize| coefficients.iter().zip(&vectors).map(|(c, v)| c * v[i]).sum::<f32>();
                    let net = Mlp::new(shape.clone(), (0..shape.n_parameters()).map(sum).collect()).unwrap();
                    let expected = workspace.score(&net, Loss::CrossEntropy, &examples).unwrap();
                    // Sums in another order: some 2⁻²⁴ times the number of terms.
                    assert!((got.loss - expected.loss).abs() < 1e-5, "{widths:?}: {got:?}, expected {expected:?}");
                    assert_eq!(got.accuracy, expected.accuracy, "{widths:?}");
                }
            }
        }
    }

    #[test]
    fn what_does_not_fit_is_an_error() {
        let shape = Shape::new(&[2, 3, 2], Activation::Relu).unwrap();
        let examples = Examples::with_classes(2, vec![0.0; 4], vec![0, 1]).unwrap();
        let net = vec![0.0; shape.n_parameters()];
        let new = |vectors: &[&[f32]], examples| LossSlice::new(&shape, vectors, Loss::CrossEntropy, examples);
        assert!(matches!(new(&[], &examples), Err(NetError::Empty { .. })));
        assert!(matches!(new(&[&net[1..]], &examples), Err(NetError::Size { .. })));
        let none = Examples::with_classes(2, Vec::new(), Vec::new()).unwrap();
        assert!(matches!(new(&[&net], &none), Err(NetError::Empty { .. })));
        assert!(matches!(new(&[&net, &net], &examples).unwrap().scores(&[1.0; 3]), Err(NetError::Size { .. })));
        assert!(new(&[&net], &examples).unwrap().scores(&[]).unwrap().is_empty());
    }
}
