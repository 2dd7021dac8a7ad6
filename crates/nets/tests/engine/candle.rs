//! A second opinion: values and gradients of convolutional nets by candle's automatic differentiation, in f64.

use candle_core::{D, Device, Result, Tensor, Var};
use nets::NetError;
use nets::engine::{Conv, Dims, Init, Net, NetBuilder, Op, Pool, Window};
use theory::Activation;

use crate::cases::{Point, assert_close, coefficient, flat};

/// Both sum the same terms in other orders in double precision.
const TOLERANCE: f64 = 1e-12;

/// What candle finds.
struct Theirs {
    outputs: Vec<f64>,
    by_parameters: Vec<f64>,
    by_input: Vec<f64>,
}

#[test]
fn agrees_with_candle() {
    for (net, n) in nets() {
        let point = Point::new(&net, n, false);
        let (by_parameters, by_input) = point.gradients::<f64, 1>(&[&point.parameters], &[&point.inputs]);
        let theirs = theirs(&point).expect("candle");
        let what = format!("{net:?}");
        let pass = point.forward::<f64, 1>(&[&point.parameters], &[&point.inputs]);
        let outputs = flat(pass.outputs().expect("values"), n);
        assert_close(&what, &coefficient(&outputs, 0), &theirs.outputs, TOLERANCE);
        // candle divides the derivative of a largest number by the size of its window, which is not right: there the values
        // are compared, and differences judge the derivatives.
        if net.nodes().iter().any(|node| matches!(node.op, Op::MaxPool(_))) {
            continue;
        }
        assert_close(&what, &coefficient(&by_parameters, 0), &theirs.by_parameters, TOLERANCE);
        assert_close(&what, &coefficient(&by_input, 0), &theirs.by_input, TOLERANCE);
    }
}

/// Square windows of one stride, and poolings side by side that leave no place out, which candle can take back; of the activations those whose slopes it
/// has in double precision.
fn nets() -> Vec<(Net, usize)> {
    use Activation::{Relu, Sigmoid, Silu, Sin, Tanh};
    let mut nets = Vec::new();
    let activations = [Tanh, Relu, Sin, Sigmoid, Silu, Tanh];
    let windows = [
        Window::square(5).padding(2),
        Window::square(3).padding(1).stride(2),
        Window::square(3),
        Window::square(2).stride(2),
        Window::square(1),
        Window::square(4).padding(1).stride(2),
    ];
    for (activation, window) in activations.into_iter().zip(windows) {
        for is_max in [false, true] {
            nets.push((net(activation, window, is_max).expect("windows that fit"), 11));
        }
    }
    nets
}

fn net(activation: Activation, window: Window, is_max: bool) -> std::result::Result<Net, NetError> {
    let mut b = NetBuilder::new(Dims::image(3, 12, 12), Init::Scaled { sigma_w: 1.2, sigma_b: 0.3 })?;
    let x = b.conv(b.input(), 5, window)?;
    let a = b.activate(x, activation)?;
    let both = b.concat(&[x, a])?;
    let y = b.conv(both, 5, Window::square(3).padding(1))?;
    let sum = b.sum(&[y, a])?;
    let pool = Window::square(2).stride(2);
    let pooled = if is_max { b.max_pool(sum, pool) } else { b.mean_pool(sum, pool) }?;
    let h = b.dense(pooled, 7)?;
    let h = b.activate(h, activation)?;
    let z = b.dense(h, 4)?;
    let out = b.softmax(z)?;
    b.finish(out)
}

fn theirs(point: &Point<'_>) -> Result<Theirs> {
    let device = Device::Cpu;
    let Dims { channels, rows, columns } = point.net.input();
    let input = Var::from_tensor(&Tensor::from_slice(&point.inputs, (point.n, channels, rows, columns), &device)?)?;
    let parameters = Var::from_tensor(&Tensor::from_slice(&point.parameters, point.parameters.len(), &device)?)?;
    let mut values: Vec<Tensor> = Vec::new();
    for node in point.net.nodes() {
        let of = |i: usize| &values[node.inputs[i].index()];
        let part = |from: usize, n: usize| parameters.narrow(0, node.parameters.start + from, n);
        values.push(match node.op {
            Op::Input => input.as_tensor().clone(),
            Op::Dense(dense) => {
                let n = dense.inputs * dense.outputs;
                let weights = part(0, n)?.reshape((dense.outputs, dense.inputs))?;
                of(0).flatten_from(1)?.matmul(&weights.t()?)?.broadcast_add(&part(n, dense.outputs)?)?
            }
            Op::Conv(Conv { input, output, window, .. }) => {
                let side = window.kernel[0];
                let n = output.channels * input.channels * side * side;
                let filters = part(0, n)?.reshape((output.channels, input.channels, side, side))?;
                let z = of(0).conv2d(&filters, window.padding[0], window.stride[0], 1, 1)?;
                z.broadcast_add(&part(n, output.channels)?.reshape((1, output.channels, 1, 1))?)?
            }
            Op::MeanPool(Pool { window, .. }) => of(0).avg_pool2d(window.kernel[0])?,
            Op::MaxPool(Pool { window, .. }) => of(0).max_pool2d(window.kernel[0])?,
            Op::Activate(activation) => match activation.key() {
                "tanh" => of(0).tanh()?,
                "relu" => of(0).relu()?,
                "sin" => of(0).sin()?,
                "sigmoid" => (of(0).neg()?.exp()? + 1.0)?.recip()?,
                "silu" => of(0).silu()?,
                other => panic!("{other} is not in these nets"),
            },
            Op::Sum => (of(0) + of(1))?,
            Op::Concat => Tensor::cat(&[of(0), of(1)], 1)?,
            Op::Softmax => {
                let e = of(0).exp()?;
                e.broadcast_div(&e.sum_keepdim(D::Minus1)?)?
            }
            Op::BatchNorm | Op::Reshape => panic!("not in these nets"),
        });
    }
    let output = &values[point.net.output_node().index()];
    let seed = Tensor::from_slice(&point.seed, output.shape(), &device)?;
    let gradients = (output * seed)?.sum_all()?.backward()?;
    let of = |var: &Var| gradients.get(var).expect("it depends on it").flatten_all()?.to_vec1::<f64>();
    let outputs = output.flatten_all()?.to_vec1()?;
    Ok(Theirs { outputs, by_parameters: of(&parameters)?, by_input: of(&input)? })
}
