//! Nets in which every operation stands in every position that it can, and what the tests do with them.

use nets::NetError;
use nets::engine::{Dims, Init, LANES, Net, NetBuilder, NodeId, Norms, Pass, Scalar, Wants, Window};
use random::Stream;
use theory::Activation;

const INIT: Init = Init::Scaled { sigma_w: 1.3, sigma_b: 0.4 };

/// Their names and nets.
pub(crate) fn all() -> Vec<(String, Net)> {
    let mut all = Vec::new();
    let mut add = |name: String, input: Dims, of: &dyn Fn(&mut NetBuilder) -> Result<NodeId, NetError>| {
        let mut build = NetBuilder::new(input, INIT).expect("an input");
        let output = of(&mut build).unwrap_or_else(|error| panic!("{name}: {error}"));
        all.push((name, build.finish(output).expect("an output")));
    };
    // On all sides of tiles of four and of panels of eight.
    for (inputs, outputs) in [(1, 1), (3, 5), (8, 4), (17, 7), (9, 2)] {
        for has_biases in [true, false] {
            add(format!("dense {inputs} {outputs}"), Dims::vector(inputs), &|b| {
                b.dense_with(b.input(), outputs, has_biases)
            });
        }
    }
    let rectangle = Window { kernel: [2, 3], stride: [2, 1], padding: [1, 0] };
    let other = Window { kernel: [3, 4], stride: [1, 3], padding: [0, 2] };
    for (channels, rows, columns, outputs, window) in [
        (1, 5, 5, 1, Window::square(3)),
        (2, 6, 7, 6, Window::square(5).padding(2)),
        (3, 6, 6, 4, Window::square(5)),
        (1, 4, 4, 3, Window::square(1)),
        (2, 7, 6, 5, Window::square(3).padding(1).stride(2)),
        (2, 5, 6, 2, Window::square(2).stride(2)),
        (2, 8, 9, 3, Window::square(4).padding(1).stride(3)),
        (1, 7, 7, 9, Window::square(7).padding(3)),
        (3, 5, 5, 2, Window::square(1).stride(2)),
        (2, 6, 5, 3, rectangle),
        (2, 4, 9, 1, other),
        // Places that no window meets, rows and columns alike.
        (1, 6, 6, 2, Window::square(2).stride(3)),
        (2, 1, 9, 2, Window { kernel: [1, 3], stride: [1, 1], padding: [0, 1] }),
    ] {
        let input = Dims::image(channels, rows, columns);
        add(format!("convolution {input} {outputs} {window:?}"), input, &|b| b.conv(b.input(), outputs, window));
        add(format!("convolution without biases {input}"), input, &|b| b.conv_with(b.input(), outputs, window, false));
    }
    for window in [
        Window::square(2).stride(2),
        Window::square(3).stride(2),
        Window::square(2),
        Window::square(2).stride(3),
        Window { kernel: [1, 2], stride: [1, 2], padding: [0, 0] },
    ] {
        let input = Dims::image(2, 6, 7);
        add(format!("average pooling {window:?}"), input, &|b| b.mean_pool(b.input(), window));
        add(format!("max pooling {window:?}"), input, &|b| b.max_pool(b.input(), window));
    }
    for activation in Activation::ALL {
        // Of the input itself, in the place of what another made, and of what others read too.
        add(format!("{activation} of the input"), Dims::vector(5), &|b| b.activate(b.input(), activation));
        add(format!("{activation} in place"), Dims::vector(5), &|b| {
            let z = b.dense(b.input(), 20)?;
            let a = b.activate(z, activation)?;
            b.dense(a, 3)
        });
        add(format!("{activation} beside"), Dims::vector(5), &|b| {
            let z = b.dense(b.input(), 6)?;
            let a = b.activate(z, activation)?;
            let again = b.activate(a, activation)?;
            b.sum(&[z, a, again, a])
        });
    }
    add("batch norm of a vector".into(), Dims::vector(4), &|b| {
        let z = b.dense(b.input(), 5)?;
        b.batch_norm(z)
    });
    add("batch norm of an image".into(), Dims::image(2, 4, 3), &|b| {
        let z = b.batch_norm(b.input())?;
        let z = b.conv_with(z, 3, Window::square(3).padding(1), false)?;
        let z = b.batch_norm(z)?;
        b.activate(z, Activation::Relu)
    });
    add("softmax".into(), Dims::vector(4), &|b| {
        let z = b.dense(b.input(), 5)?;
        b.softmax(z)
    });
    add("softmax at each place".into(), Dims::image(3, 2, 2), &|b| b.softmax(b.input()));
    add("concatenation".into(), Dims::image(2, 3, 3), &|b| {
        let y = b.conv(b.input(), 3, Window::square(3).padding(1))?;
        let a = b.activate(y, Activation::Tanh)?;
        let all = b.concat(&[b.input(), a, y, a])?;
        b.dense(all, 3)
    });
    add("reshape".into(), Dims::vector(12), &|b| {
        let image = b.reshape(b.input(), Dims::image(3, 2, 2))?;
        let y = b.conv(image, 4, Window::square(2))?;
        let flat = b.reshape(y, Dims::vector(4))?;
        let a = b.activate(flat, Activation::Sigmoid)?;
        let again = b.reshape(a, Dims::image(1, 2, 2))?;
        b.max_pool(again, Window::square(2))
    });
    add("residual".into(), Dims::image(1, 6, 6), &|b| {
        let same = Window::square(3).padding(1);
        let x = b.conv(b.input(), 4, same)?;
        let y = b.batch_norm(x)?;
        let y = b.activate(y, Activation::Tanh)?;
        let y = b.conv(y, 4, same)?;
        let sum = b.sum(&[x, y])?;
        let a = b.activate(sum, Activation::Gelu)?;
        let pooled = b.mean_pool(a, Window::square(6))?;
        b.dense(pooled, 3)
    });
    add("the input itself".into(), Dims::vector(3), &|b| Ok(b.input()));
    all
}

/// A net at a point, with examples and a seed.
pub(crate) struct Point<'a> {
    pub(crate) net: &'a Net,
    pub(crate) n: usize,
    pub(crate) parameters: Vec<f64>,
    /// `[n, features]`.
    pub(crate) inputs: Vec<f64>,
    /// `[n, outputs]`.
    pub(crate) seed: Vec<f64>,
    /// None for those of the batch.
    pub(crate) statistics: Option<Vec<f64>>,
}

pub(crate) fn normals(purpose: &str, n: usize) -> Vec<f64> {
    let mut normals = Stream::new(3, purpose).cursor();
    // As they are in single precision, so that both precisions start from the same numbers.
    (0..n).map(|_| f64::from(normals.next_normal() as f32)).collect()
}

impl<'a> Point<'a> {
    pub(crate) fn new(net: &'a Net, n: usize, with_running: bool) -> Self {
        let drawn = net.draw(Stream::new(5, "net")).expect("scales");
        let mut parameters: Vec<f64> = drawn.into_iter().map(f64::from).collect();
        // Norms are drawn as 1 and 0, which would hide them.
        parameters
            .iter_mut()
            .zip(normals("shift", net.n_parameters()))
            .for_each(|(p, z)| *p += f64::from((0.1 * z) as f32));
        let statistics = normals("statistics", net.n_statistics());
        let statistics = statistics.into_iter().map(|s| f64::from((0.5 + s * s) as f32)).collect();
        Self {
            net,
            n,
            parameters,
            inputs: normals("inputs", n * net.input().features()),
            seed: normals("seed", n * net.output().features()),
            statistics: with_running.then_some(statistics),
        }
    }

    /// `Σ seed · output`.
    pub(crate) fn value(&self, parameters: &[f64], inputs: &[f64]) -> f64 {
        let mut pass = self.forward::<f64, 1>(&[parameters], &[inputs]);
        let outputs = flat(pass.outputs_and_seed().expect("values").0, self.n);
        outputs.iter().zip(&self.seed).map(|(y, s)| y[0] * s).sum()
    }

    /// A pass forward at coefficients of parameters and inputs; those that are not given are zero.
    pub(crate) fn forward<T: Scalar, const N: usize>(&self, parameters: &[&[f64]], inputs: &[&[f64]]) -> Pass<T, N> {
        // Some capacity is left.
        let mut pass = Pass::<T, N>::new(self.net, self.n + 9).expect("memory");
        let features = self.net.input().features();
        let numbers = pass.inputs_mut(self.n).expect("capacity");
        for (n, coefficient) in inputs.iter().enumerate() {
            for (i, x) in coefficient.iter().enumerate() {
                let (example, feature) = (i / features, i % features);
                numbers[example / LANES * features + feature][n][example % LANES] = T::from_f64(*x);
            }
        }
        let statistics: Option<Vec<T>> = self.statistics.as_ref().map(|s| s.iter().map(|x| T::from_f64(*x)).collect());
        let norms = statistics.as_ref().map_or(Norms::OfBatch, |s| Norms::Running(s));
        pass.forward(&self.jets(parameters), norms).expect("sizes");
        pass
    }

    pub(crate) fn jets<T: Scalar, const N: usize>(&self, parameters: &[&[f64]]) -> Vec<[T; N]> {
        let at = |i: usize, n: usize| parameters.get(n).map_or(T::ZERO, |p| T::from_f64(p[i]));
        (0..self.net.n_parameters()).map(|i| std::array::from_fn(|n| at(i, n))).collect()
    }

    /// The seed's numbers times `ε^k`.
    pub(crate) fn put_seed<T: Scalar, const N: usize>(&self, pass: &mut Pass<T, N>, k: usize) {
        let outputs = self.net.output().features();
        let (_, seed) = pass.outputs_and_seed().expect("values");
        // What is in lanes of no example does not count.
        seed.iter_mut().for_each(|lanes| *lanes = [[T::from_f64(7.0); LANES]; N]);
        for (i, s) in self.seed.iter().enumerate() {
            let (example, output) = (i / outputs, i % outputs);
            for n in 0..N {
                let value = if n == k { T::from_f64(*s) } else { T::ZERO };
                seed[example / LANES * outputs + output][n][example % LANES] = value;
            }
        }
    }

    /// Gradients by parameters and by inputs, from the seed at coefficient 0.
    pub(crate) fn gradients<T: Scalar, const N: usize>(
        &self,
        parameters: &[&[f64]],
        inputs: &[&[f64]],
    ) -> (Vec<[f64; N]>, Vec<[f64; N]>) {
        let mut pass = self.forward::<T, N>(parameters, inputs);
        self.put_seed(&mut pass, 0);
        let wants = Wants { input: true, ..Wants::PARAMETERS };
        pass.backward(&self.jets(parameters), wants).expect("a seed");
        let gradient = pass.gradient().iter().map(|g| g.map(T::to_f64)).collect();
        (gradient, flat(pass.input_gradient().expect("it was wanted"), self.n))
    }
}

/// `[n, features]` of `[blocks][features]`.
pub(crate) fn flat<T: Scalar, const N: usize>(numbers: &[[[T; LANES]; N]], n: usize) -> Vec<[f64; N]> {
    let features = numbers.len() / n.div_ceil(LANES);
    let at = |i: usize, f: usize| numbers[i / LANES * features + f].map(|lanes| lanes[i % LANES].to_f64());
    (0..n).flat_map(|i| (0..features).map(move |f| (i, f))).map(|(i, f)| at(i, f)).collect()
}

/// The largest difference, relative to the largest expected number or 1.
#[track_caller]
pub(crate) fn assert_close(what: &str, got: &[f64], expected: &[f64], tolerance: f64) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(1.0_f64, |m, x| m.max(x.abs()));
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        let error = (got - expected).abs();
        assert!(error <= tolerance * largest, "{what}, number {i}: {got}, not {expected}, beside {largest}");
    }
}

/// One coefficient of each.
pub(crate) fn coefficient<const N: usize>(numbers: &[[f64; N]], n: usize) -> Vec<f64> {
    numbers.iter().map(|jet| jet[n]).collect()
}

/// `x + h v`.
pub(crate) fn moved(x: &[f64], h: f64, v: &[f64]) -> Vec<f64> {
    x.iter().zip(v).map(|(x, v)| x + h * v).collect()
}
