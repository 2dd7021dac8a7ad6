//! The loss on a line, a plane or any other span through the space of parameters.

mod line;
mod scorer;

use theory::Activation;

use self::line::Line;
use self::scorer::Scorer;
use super::dense;
use super::{Examples, Loss, Score, Shape};
use crate::error::{check_limit, check_size};
use crate::lanes::{Eight, LANES, Lane, Lanes};
use crate::{NetError, elementwise};

/// Points that are computed together: their later parameters stay in the cache.
const POINTS: usize = 64;
/// Most numbers that are kept (a quarter of a gigabyte).
const MOST_NUMBERS: usize = 1 << 26;

/// Nets whose parameters are `Σ_m c_m θ_m` with given vectors `θ_m`: `W + αD + βE` is the slice of Li et al. (2018).
///
/// The first layer is linear in its parameters, so its products with the examples are made once for each vector, and a point
/// costs only the later layers: of a 784-100-10 net, 2 of 159 MFLOP for 1,000 examples. On a line it costs less still: see
/// [`losses_on_line`](Self::losses_on_line).
#[derive(Clone, Debug)]
pub struct LossSlice {
    shape: Shape,
    /// Of each vector, the parameters after those of the first layer.
    later: Vec<Vec<f32>>,
    /// Of each vector, pre-activations of the first layer: `[blocks][width]`.
    products: Vec<Vec<Lane>>,
    scorer: Scorer,
    line: Line,
    /// One block's activations of each layer.
    a: Vec<Vec<Lane>>,
}

impl LossSlice {
    /// Makes the products. Each of `vectors` has the parameters of a net of this shape, in their order.
    ///
    /// # Errors
    /// [`NetError::Size`] for a vector of another size, [`NetError::Empty`] without vectors or examples,
    /// [`NetError::TooLarge`] when the products would have more than 2^26 numbers, and as
    /// [`Workspace::score_range`](super::Passes::score_range) for examples that do not fit.
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
        let mut block_inputs = vec![[0.0; LANES]; inputs];
        for block in 0..blocks {
            for l in 0..LANES {
                let input = examples.input(block * LANES + l);
                for (i, lane) in block_inputs.iter_mut().enumerate() {
                    lane[l] = input.map_or(0.0, |input| input[i]);
                }
            }
            for (vector, products) in vectors.iter().zip(&mut products) {
                let (weights, rest) = vector.split_at(inputs * width);
                let of_block = &mut products[block * width..(block + 1) * width];
                dense::forward(weights, &rest[..width], &block_inputs, of_block);
            }
        }
        let first = (inputs + 1) * width;
        Ok(Self {
            shape: shape.clone(),
            later: vectors.iter().map(|vector| vector[first..].to_vec()).collect(),
            products,
            scorer: Scorer::new(loss, examples, outputs),
            line: Line::default(),
            a: shape.widths()[1..].iter().map(|&width| vec![[0.0; LANES]; width]).collect(),
        })
    }

    /// Mean losses and accuracies at points: `coefficients` is `[points][vectors]`.
    ///
    /// # Errors
    /// [`NetError::Size`] when it holds no whole number of points.
    pub fn scores(&mut self, coefficients: &[f32]) -> Result<Vec<Score>, NetError> {
        let whole = coefficients.len().next_multiple_of(self.later.len());
        check_size("coefficients", whole, coefficients.len())?;
        let of_chunks = coefficients.chunks(self.later.len() * POINTS);
        Ok(of_chunks.flat_map(|coefficients| self.at(coefficients, true)).collect())
    }

    /// Mean losses at `n` points of a line, `start + k step`, where both are `[vectors]`. Where the first hidden layer is
    /// rectified this takes a small part of the time of [`scores`](Self::scores): from point to point, only the neurons that
    /// are switched are looked at.
    ///
    /// # Errors
    /// [`NetError::Size`] when `start` or `step` has not one coefficient for each vector.
    pub fn losses_on_line(&mut self, start: &[f32], step: &[f32], n: usize) -> Result<Vec<f64>, NetError> {
        check_size("coefficients of the start", self.later.len(), start.len())?;
        check_size("coefficients of a step", self.later.len(), step.len())?;
        let points: Vec<f32> =
            (0..n).flat_map(|k| start.iter().zip(step).map(move |(c, d)| c + k as f32 * d)).collect();
        let is_swept = self.shape.activation() == Activation::Relu && self.shape.n_layers() > 1;
        let of_chunks = points.chunks(self.later.len() * POINTS);
        let scores = of_chunks.flat_map(|few| if is_swept { self.on_line(few, step) } else { self.at(few, false) });
        Ok(scores.map(|score| score.loss).collect())
    }

    /// At few points, block after block, so that a block's products are read from memory once for all of them.
    fn at(&mut self, coefficients: &[f32], counts_right: bool) -> Vec<Score> {
        let points = coefficients.chunks_exact(self.later.len());
        let parameters: Vec<Vec<f32>> = points.clone().map(|point| sum(point, &self.later, 0)).collect();
        let mut sums = vec![(0.0, 0); points.len()];
        for block in 0..self.scorer.n_blocks() {
            let products = of_block(&self.products, block, self.shape.widths()[1]);
            for ((point, parameters), sum) in points.clone().zip(&parameters).zip(&mut sums) {
                combine(point, &products, &mut self.a[0]);
                layers_from(1, &self.shape, parameters, &mut self.a);
                let z = self.a.last().map_or(&[][..], Vec::as_slice);
                sum.0 += self.scorer.loss(block, z);
                sum.1 += if counts_right { self.scorer.right(block, z) } else { 0 };
            }
        }
        self.scorer.scores(&sums)
    }

    /// The same at few points that are a step apart.
    fn on_line(&mut self, coefficients: &[f32], step: &[f32]) -> Vec<Score> {
        let points = coefficients.chunks_exact(self.later.len());
        let start = &coefficients[..self.later.len()];
        let (width, above) = (self.shape.widths()[1], self.shape.widths()[2]);
        let first = (width + 1) * above;
        self.line.take(points.len(), [width, above], [start, step].map(|c| sum(c, &self.later, 0)));
        let parameters: Vec<Vec<f32>> = points.clone().map(|point| sum(point, &self.later, first)).collect();
        let mut sums = vec![(0.0, 0); points.len()];
        let mut of_step = vec![[0.0; LANES]; width];
        for block in 0..self.scorer.n_blocks() {
            let products = of_block(&self.products, block, width);
            combine(start, &products, &mut self.a[0]);
            combine(step, &products, &mut of_step);
            self.line.pass(&self.a[0], &of_step, self.scorer.count(block));
            for (k, (parameters, sum)) in parameters.iter().zip(&mut sums).enumerate() {
                self.line.read(k, &mut self.a[1]);
                layers_from(2, &self.shape, parameters, &mut self.a);
                sum.0 += self.scorer.loss(block, self.a.last().map_or(&[], Vec::as_slice));
            }
        }
        self.scorer.scores(&sums)
    }
}

fn of_block(products: &[Vec<Lane>], block: usize, width: usize) -> Vec<&[Lane]> {
    products.iter().map(|p| &p[block * width..(block + 1) * width]).collect()
}

/// `Σ_m c_m θ_m` without the first numbers.
fn sum(coefficients: &[f32], vectors: &[Vec<f32>], skipped: usize) -> Vec<f32> {
    let mut sum = vec![0.0; vectors[0].len() - skipped];
    for (c, vector) in coefficients.iter().zip(vectors) {
        sum.iter_mut().zip(&vector[skipped..]).for_each(|(sum, x)| *sum += c * x);
    }
    sum
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

/// One block of examples through the layers from this one on (0 is the first), from the pre-activations below it.
fn layers_from(first: usize, shape: &Shape, parameters: &[f32], a: &mut [Vec<Lane>]) {
    let widths = shape.widths();
    let mut rest = parameters;
    for l in first..shape.n_layers() {
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
                let on_line = slice.losses_on_line(&points[0], &[0.0, 0.04, 0.0], points.len()).unwrap();
                for k in [0, 1, POINTS - 1, POINTS, POINTS + 2] {
                    let (coefficients, got) = (points[k], scores[k]);
                    let sum = |i: usize| coefficients.iter().zip(&vectors).map(|(c, v)| c * v[i]).sum::<f32>();
                    let net = Mlp::new(shape.clone(), (0..shape.n_parameters()).map(sum).collect()).unwrap();
                    let expected = workspace.score(&net, Loss::CrossEntropy, &examples).unwrap();
                    // Sums in another order: some 2⁻²⁴ times the number of terms.
                    assert!((got.loss - expected.loss).abs() < 1e-5, "{widths:?}: {got:?}, expected {expected:?}");
                    assert_eq!(got.accuracy, expected.accuracy, "{widths:?}");
                    assert!((on_line[k] - expected.loss).abs() < 1e-5, "{widths:?}, {k}: {}, {expected:?}", on_line[k]);
                }
            }
        }
    }

    /// Neurons that are on at first, switched at a point or between two, never, or all along; a step of nothing.
    #[test]
    fn a_line_is_its_points() {
        let shape = Shape::new(&[1, 6, 2], Activation::Relu).unwrap();
        let examples = Examples::with_classes(1, vec![1.0, -0.5, 0.0], vec![0, 1, 1]).unwrap();
        let of_first_layer = |weights: [f32; 6], biases: [f32; 6]| {
            let second = [0.5, -1.0, 2.0, 0.25, -0.75, 1.5, -0.5, 1.0, 0.125, -2.0, 1.0, 0.75, 0.1, -0.1];
            [&weights[..], &biases[..], &second[..]].concat()
        };
        let start = of_first_layer([1.0, -1.0, 0.0, 2.0, -0.3, 0.0], [0.0, 0.5, -1.0, 0.0, 1.0, 1.0]);
        let step = of_first_layer([-0.25, 0.5, 0.25, 0.0, 0.1, -1.0], [0.0, -0.125, 0.5, 0.0, 0.0, -0.01]);
        let mut slice = LossSlice::new(&shape, &[&start, &step], Loss::CrossEntropy, &examples).unwrap();
        for size in [1.0_f32, -1.0, 0.3, 0.0] {
            let points: Vec<[f32; 2]> = (0..12).map(|k| [1.0, k as f32 * size]).collect();
            let expected = slice.scores(points.as_flattened()).unwrap();
            let got = slice.losses_on_line(&[1.0, 0.0], &[0.0, size], 12).unwrap();
            for (got, expected) in got.iter().zip(expected) {
                assert!((got - expected.loss).abs() < 1e-5 * (1.0 + expected.loss), "{got}, {expected:?} at {size}");
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
        let mut slice = new(&[&net], &examples).unwrap();
        assert!(slice.scores(&[]).unwrap().is_empty() && slice.losses_on_line(&[1.0], &[0.1], 0).unwrap().is_empty());
        assert!(matches!(slice.losses_on_line(&[1.0, 0.0], &[0.1], 3), Err(NetError::Size { .. })));
        assert!(matches!(slice.losses_on_line(&[1.0], &[], 3), Err(NetError::Size { .. })));
    }
}
