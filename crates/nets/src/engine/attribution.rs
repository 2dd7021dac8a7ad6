//! What an output owes to each input, and inputs that an output wants.

use random::Stream;

use super::{LANES, Net, Norms, Pass, Scalar, Wants, values, zeros};
use crate::NetError;
use crate::error::check_size;

/// Inputs in a pass.
const AT_ONCE: usize = 64;

/// Looks into a net through its derivatives by the input. Batch norms use running statistics.
#[derive(Clone, Debug)]
pub struct Attribution<'a, T: Scalar> {
    pass: Pass<T, 1>,
    parameters: &'a [T],
    statistics: &'a [T],
}

impl<'a, T: Scalar> Attribution<'a, T> {
    /// For a net with these parameters and running statistics (empty without batch norms).
    ///
    /// # Errors
    /// [`NetError::Size`] for another number of parameters, [`NetError::TooLarge`] as [`Pass::new`].
    pub fn new(net: &Net, parameters: &'a [T], statistics: &'a [T]) -> Result<Self, NetError> {
        check_size("parameters", net.n_parameters(), parameters.len())?;
        Ok(Self { pass: Pass::new(net, AT_ONCE)?, parameters, statistics })
    }

    fn features(&self) -> usize {
        self.pass.net().input().features()
    }

    fn forward(&mut self, inputs: &[&[T]]) -> Result<(), NetError> {
        self.pass.set_inputs(inputs.len(), |i| inputs[i])?;
        self.pass.forward(values(self.parameters), Norms::Running(self.statistics))
    }

    /// The outputs of each input, `[inputs][outputs]`.
    ///
    /// # Errors
    /// [`NetError::Size`] for an input of another size.
    pub fn outputs(&mut self, inputs: &[&[T]]) -> Result<Vec<Vec<T>>, NetError> {
        let mut all = Vec::with_capacity(inputs.len());
        for inputs in inputs.chunks(AT_ONCE) {
            self.forward(inputs)?;
            let n_outputs = self.pass.net().output().features();
            let of = |i: usize| (0..n_outputs).filter_map(|o| self.pass.output(i, o)).map(|[y]| y).collect();
            all.extend((0..inputs.len()).map(of));
        }
        Ok(all)
    }

    /// `∂f_o/∂x` for each input x and the output o that is asked about for it, `[inputs][features]`. Its size is the saliency of
    /// Simonyan, Vedaldi & Zisserman (2014), equation 3, where f are logits.
    ///
    /// # Errors
    /// [`NetError::Size`] for an input of another size or another number of outputs than of inputs, [`NetError::NoClass`] for an
    /// output that there is not.
    pub fn gradients(&mut self, inputs: &[&[T]], outputs: &[usize]) -> Result<Vec<Vec<T>>, NetError> {
        check_size("outputs that are asked about", inputs.len(), outputs.len())?;
        let (features, n_outputs) = (self.features(), self.pass.net().output().features());
        if let Some(output) = outputs.iter().find(|output| **output >= n_outputs) {
            return Err(NetError::NoClass { got: *output, classes: n_outputs });
        }
        let mut all = Vec::with_capacity(inputs.len());
        for (inputs, outputs) in inputs.chunks(AT_ONCE).zip(outputs.chunks(AT_ONCE)) {
            self.forward(inputs)?;
            let (_, seed) = self.pass.outputs_and_seed()?;
            for (block, outputs) in seed.chunks_exact_mut(n_outputs).zip(outputs.chunks(LANES)) {
                block.fill(zeros());
                outputs.iter().enumerate().for_each(|(lane, output)| block[*output][0][lane] = T::ONE);
            }
            self.pass.backward(values(self.parameters), Wants::INPUT)?;
            let gradient = self.pass.input_gradient()?;
            let of = |i: usize| {
                let block = &gradient[i / LANES * features..][..features];
                block.iter().map(|lanes| lanes[0][i % LANES]).collect()
            };
            all.extend((0..inputs.len()).map(of));
        }
        Ok(all)
    }

    /// `(x − x′) ∫₀¹ ∂f_o/∂x (x′ + α(x − x′)) dα` (Sundararajan, Taly & Yan 2017, equation 1), by the midpoint rule with so many
    /// points. The integral's parts sum to `f_o(x) − f_o(x′)`; for nets with kinks the sum is off by `O(1/points)`.
    ///
    /// # Errors
    /// As [`gradients`](Self::gradients); [`NetError::Range`] without points.
    pub fn integrated_gradients(
        &mut self,
        input: &[T],
        baseline: &[T],
        output: usize,
        points: usize,
    ) -> Result<Vec<T>, NetError> {
        check_size("baseline", input.len(), baseline.len())?;
        if points == 0 {
            return Err(NetError::Range { name: "points", got: 0.0, allowed: "1 or more" });
        }
        let mut sums = vec![0.0; input.len()];
        let between = |k: usize| -> Vec<T> {
            let alpha = (k as f64 + 0.5) / points as f64;
            let at = |(x, from): (&T, &T)| T::from_f64(from.to_f64() + alpha * (x.to_f64() - from.to_f64()));
            input.iter().zip(baseline).map(at).collect()
        };
        let all: Vec<Vec<T>> = (0..points).map(between).collect();
        let inputs: Vec<&[T]> = all.iter().map(Vec::as_slice).collect();
        for gradient in self.gradients(&inputs, &vec![output; points])? {
            sums.iter_mut().zip(gradient).for_each(|(sum, g)| *sum += g.to_f64());
        }
        let part = |((x, from), sum): ((&T, &T), f64)| T::from_f64((x.to_f64() - from.to_f64()) * sum / points as f64);
        Ok(input.iter().zip(baseline).zip(sums).map(part).collect())
    }

    /// The outputs while a square of `patch` pixels of an image of so many rows and columns is that of a baseline (Zeiler & Fergus 2014, section
    /// 4.2): the square's middle goes over the pixels `stride/2, stride/2 + stride, …` of both sides, `[rows][columns]`.
    ///
    /// # Errors
    /// [`NetError::Size`] for an image of another size, [`NetError::Range`] for a square or a stride of none.
    pub fn occluded(
        &mut self,
        image: &[T],
        baseline: &[T],
        [rows, columns]: [usize; 2],
        patch: usize,
        stride: usize,
    ) -> Result<Vec<Vec<T>>, NetError> {
        check_size("baseline", image.len(), baseline.len())?;
        check_size("pixels of an image", rows * columns, image.len())?;
        if patch == 0 || stride == 0 {
            return Err(NetError::Range { name: "patch and stride", got: 0.0, allowed: "1 or more" });
        }
        let covers = |middle: usize, at: usize| (at + patch / 2).wrapping_sub(middle) < patch;
        let middles = |n: usize| (stride / 2..n).step_by(stride);
        let mut all = Vec::new();
        for row in middles(rows) {
            for column in middles(columns) {
                let pixel = |i: usize| covers(row, i / columns) && covers(column, i % columns);
                all.push((0..image.len()).map(|i| if pixel(i) { baseline[i] } else { image[i] }).collect::<Vec<T>>());
            }
        }
        let inputs: Vec<&[T]> = all.iter().map(Vec::as_slice).collect();
        self.outputs(&inputs)
    }
}

/// How images are made that an output wants: gradient ascent on the output (Erhan et al. 2009) in steps of one size, against
/// noise that no image has by shifts and by blurring (Olah, Mordvintsev & Schubert 2017).
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Ascent {
    /// The root mean square of a step's changes, in units of the input.
    pub rate: f64,
    /// The image is shifted by up to so many pixels, anew at each step.
    pub jitter: usize,
    /// After each step a share of the image, in [0, 1], is that of its blurred self.
    pub smoothness: f64,
    /// Between which numbers pixels stay.
    pub range: (f64, f64),
}

/// Images of one channel on their way to what outputs want.
#[derive(Clone, Debug)]
pub struct Wanted {
    ascent: Ascent,
    outputs: Vec<usize>,
    images: Vec<Vec<f32>>,
    size: [usize; 2],
    stream: Stream,
    step: u64,
}

impl Wanted {
    /// An image of normal noise, of so many rows and columns, for each output.
    #[must_use]
    pub fn new(size: [usize; 2], outputs: &[usize], ascent: Ascent, stream: Stream) -> Self {
        let draw = |output: &usize| {
            let mut noise = vec![0.0; size[0] * size[1]];
            stream.child(*output as u64).fill_normal_f32(0, &mut noise);
            let (low, high) = (ascent.range.0 as f32, ascent.range.1 as f32);
            noise.into_iter().map(|x: f32| (ascent.rate as f32 * x).clamp(low, high)).collect()
        };
        let images = outputs.iter().map(draw).collect();
        Self { ascent, outputs: outputs.to_vec(), images, size, stream, step: 0 }
    }

    /// The images so far, in the order of their outputs.
    #[must_use]
    pub fn images(&self) -> &[Vec<f32>] {
        &self.images
    }

    /// Steps that were made.
    #[must_use]
    pub fn step(&self) -> u64 {
        self.step
    }

    /// A step of all images.
    ///
    /// # Errors
    /// As [`Attribution::gradients`].
    pub fn climb(&mut self, net: &mut Attribution<'_, f32>) -> Result<(), NetError> {
        let [rows, columns] = self.size;
        let Ascent { rate, jitter, smoothness, range } = self.ascent;
        let mut cursor = self.stream.child(u64::MAX).child(self.step).cursor();
        let mut drawn = |n: usize| (cursor.below(2 * jitter as u64 + 1) as usize + n - jitter.min(n)) % n.max(1);
        let (down, right) = (drawn(rows), drawn(columns));
        // A shift goes round; what leaves on one side comes in on the other.
        let place = move |i: usize| (i / columns + down) % rows * columns + (i % columns + right) % columns;
        let shifted: Vec<Vec<f32>> = self
            .images
            .iter()
            .map(|image| {
                let mut out = vec![0.0; image.len()];
                image.iter().enumerate().for_each(|(i, x)| out[place(i)] = *x);
                out
            })
            .collect();
        let inputs: Vec<&[f32]> = shifted.iter().map(Vec::as_slice).collect();
        let gradients = net.gradients(&inputs, &self.outputs)?;
        for (image, gradient) in self.images.iter_mut().zip(gradients) {
            let square = gradient.iter().map(|g| f64::from(*g) * f64::from(*g)).sum::<f64>() / gradient.len() as f64;
            let scale = if square > 0.0 { rate / square.sqrt() } else { 0.0 };
            for (i, x) in image.iter_mut().enumerate() {
                let moved = f64::from(*x) + scale * f64::from(gradient[place(i)]);
                *x = moved.clamp(range.0, range.1) as f32;
            }
            let soft = blurred(image, columns);
            image.iter_mut().zip(soft).for_each(|(x, soft)| *x += smoothness as f32 * (soft - *x));
        }
        self.step += 1;
        Ok(())
    }
}

/// Each pixel as the mean of 3×3 with weights 1, 2, 1 both ways; beyond the border as at it.
fn blurred(image: &[f32], columns: usize) -> Vec<f32> {
    let rows = image.len() / columns.max(1);
    let at = |row: usize, column: usize| image[row.min(rows - 1) * columns + column.min(columns - 1)];
    let across = |row: usize, column: usize| {
        0.25 * at(row, column.saturating_sub(1)) + 0.5 * at(row, column) + 0.25 * at(row, column + 1)
    };
    let both = |i: usize| {
        let (row, column) = (i / columns, i % columns);
        0.25 * across(row.saturating_sub(1), column) + 0.5 * across(row, column) + 0.25 * across(row + 1, column)
    };
    (0..image.len()).map(both).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::Init;
    use crate::engine::models::{Pooling, lenet_5, perceptron};
    use theory::Activation;

    fn drawn(net: &Net, seed: u64) -> Vec<f64> {
        net.draw(Stream::new(seed, "weights")).expect("weights").into_iter().map(f64::from).collect()
    }

    fn input(n: usize, seed: u64) -> Vec<f64> {
        let mut cursor = Stream::new(seed, "input").cursor();
        (0..n).map(|_| cursor.next_normal()).collect()
    }

    #[test]
    fn gradients_are_those_of_differences() {
        let net = perceptron(&[6, 5, 3], Activation::Tanh, Init::Glorot).expect("a net");
        let (parameters, x) = (drawn(&net, 1), input(6, 2));
        let mut net = Attribution::new(&net, &parameters, &[]).expect("sizes");
        for output in 0..3 {
            let gradient = net.gradients(&[&x], &[output]).expect("a gradient").remove(0);
            for (i, g) in gradient.iter().enumerate() {
                let mut at = |h: f64| {
                    let mut moved = x.clone();
                    moved[i] += h;
                    net.outputs(&[&moved]).expect("outputs")[0][output]
                };
                let difference = (at(1e-5) - at(-1e-5)) / 2e-5;
                assert!((g - difference).abs() < 1e-9, "{output} {i}: {g} {difference}");
            }
        }
        assert!(net.gradients(&[&x], &[3]).is_err() && net.gradients(&[&x[..5]], &[0]).is_err());
    }

    /// Axiom 1 of Sundararajan et al.: exact where the net is linear, to the rule's order elsewhere.
    #[test]
    fn integrated_gradients_sum_to_what_the_output_has_risen() {
        for (activation, points, bound) in
            [(Activation::Linear, 1, 1e-13), (Activation::Tanh, 256, 1e-6), (Activation::Relu, 4096, 1e-3)]
        {
            let net = perceptron(&[8, 12, 3], activation, Init::Glorot).expect("a net");
            let (parameters, x, from) = (drawn(&net, 3), input(8, 4), input(8, 5));
            let mut net = Attribution::new(&net, &parameters, &[]).expect("sizes");
            let parts = net.integrated_gradients(&x, &from, 1, points).expect("parts");
            let outputs = net.outputs(&[&x, &from]).expect("outputs");
            let (sum, rise) = (parts.iter().sum::<f64>(), outputs[0][1] - outputs[1][1]);
            assert!((sum - rise).abs() < bound, "{activation:?}: {sum} {rise}");
        }
    }

    #[test]
    fn a_square_covers_what_it_should() {
        // A net that gives its 16 pixels back.
        let net = perceptron(&[16, 16], Activation::Linear, Init::Glorot).expect("a net");
        let mut parameters = vec![0.0; net.n_parameters()];
        (0..16).for_each(|i| parameters[17 * i] = 1.0);
        let mut net = Attribution::new(&net, &parameters, &[]).expect("sizes");
        let all = net.occluded(&[1.0; 16], &[0.0; 16], [4, 4], 3, 2).expect("outputs");
        assert_eq!(all.len(), 4);
        let covered = |k: usize| (0..16).filter(|i| all[k][*i] == 0.0).collect::<Vec<_>>();
        assert_eq!(covered(0), [0, 1, 2, 4, 5, 6, 8, 9, 10]);
        assert_eq!(covered(3), [10, 11, 14, 15]);
    }

    #[test]
    fn what_is_wanted_is_more_of_it_and_smoother_where_that_is_asked() {
        let net = lenet_5(Activation::Relu, Pooling::Max, Init::LeCun).expect("a net");
        let parameters = net.draw(Stream::new(7, "weights")).expect("weights");
        let mut looking = Attribution::new(&net, &parameters, &[]).expect("sizes");
        let mut roughness = Vec::new();
        for smoothness in [0.0, 0.5] {
            let ascent = Ascent { rate: 0.1, jitter: 2, smoothness, range: (-1.0, 1.0) };
            let mut wanted = Wanted::new([28, 28], &[0, 4, 9], ascent, Stream::new(1, "wanted"));
            let mut of = |wanted: &Wanted| {
                let inputs: Vec<&[f32]> = wanted.images().iter().map(Vec::as_slice).collect();
                let outputs = looking.outputs(&inputs).expect("outputs");
                [0, 4, 9].iter().zip(outputs).map(|(o, all)| all[*o]).collect::<Vec<_>>()
            };
            let before = of(&wanted);
            let again = wanted.clone();
            let mut climber = Attribution::new(&net, &parameters, &[]).expect("sizes");
            (0..30).for_each(|_| wanted.climb(&mut climber).expect("a step"));
            let after = of(&wanted);
            assert!(before.iter().zip(&after).all(|(a, b)| b > a), "{before:?} {after:?}");
            assert!(wanted.images().iter().flatten().all(|x| x.abs() <= 1.0));
            let rough = |image: &[f32]| image.windows(2).map(|pair| (pair[1] - pair[0]).abs()).sum::<f32>();
            roughness.push(wanted.images().iter().map(|image| rough(image)).sum::<f32>());
            let mut again = again;
            (0..30).for_each(|_| again.climb(&mut climber).expect("a step"));
            assert_eq!(again.images(), wanted.images());
        }
        assert!(roughness[1] < 0.5 * roughness[0], "{roughness:?}");
    }
}
