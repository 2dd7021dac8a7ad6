//! Losses and gradients of nets: against candle's automatic differentiation and against differences of a plain
//! reference in f64.

use candle_core::{D, DType, Device, Tensor, Var};
use nets::mlp::{Examples, Loss, Mlp, Passes as _, Shape, Targets, Workspace};
use random::Stream;
use theory::Activation;

/// Activations are good to 1e-6, sums of at most 300 terms in f32 to a few 1e-6 of their largest; gradients are compared
/// relative to the largest derivative of their layer.
const TOLERANCE: f64 = 1e-5;

/// Shapes with widths on all sides of the tiles of four and the blocks of eight, and batches on all sides of blocks and
/// chunks.
fn cases() -> Vec<(Vec<usize>, usize)> {
    vec![
        (vec![1, 1], 1),
        (vec![4, 3], 8),
        (vec![2, 8, 8, 1], 10),
        (vec![3, 5, 2], 7),
        (vec![17, 33, 9, 10], 13),
        (vec![8, 16, 4], 70),
        (vec![5, 6, 3], 300),
        (vec![6, 7, 7, 7, 7, 3], 16),
    ]
}

fn examples(widths: &[usize], loss: Loss, n: usize, by_class: bool) -> Examples {
    let (dim, outputs) = (widths[0], widths[widths.len() - 1]);
    let stream = Stream::new(11, "examples");
    let mut inputs = vec![0.0; n * dim];
    stream.child(0).fill_normal_f32(0, &mut inputs);
    if by_class {
        let classes = if outputs == 1 && loss != Loss::CrossEntropy { 2 } else { outputs as u64 };
        let mut cursor = stream.child(1).cursor();
        let labels = (0..n).map(|_| cursor.below(classes) as u32).collect();
        return Examples::with_classes(dim, inputs, labels).expect("sizes");
    }
    let mut targets = vec![0.0; n * outputs];
    stream.child(2).fill_normal_f32(0, &mut targets);
    if loss == Loss::Logistic {
        targets.iter_mut().for_each(|t| *t = t.signum());
    }
    Examples::with_numbers(n, dim, inputs, outputs, targets).expect("sizes")
}

fn net(widths: &[usize], activation: Activation) -> Mlp {
    Mlp::random(Shape::new(widths, activation).expect("a shape"), 1.3, 0.4, Stream::new(5, "net"))
}

/// Targets as numbers `[n, outputs]`, by the words of the documentation.
fn dense_targets(examples: &Examples, outputs: usize, loss: Loss) -> Vec<f64> {
    match examples.targets() {
        Targets::Numbers(numbers) => numbers.iter().copied().map(f64::from).collect(),
        Targets::Classes(labels) => {
            let one_sided = outputs == 1 && loss != Loss::CrossEntropy;
            let other = if loss == Loss::Logistic { -1.0 } else { 0.0 };
            let of = |label: u32, o: usize| match (one_sided, label as usize == o) {
                (true, _) => [-1.0, 1.0][label as usize],
                (false, true) => 1.0,
                (false, false) => other,
            };
            labels.iter().flat_map(|&label| (0..outputs).map(move |o| of(label, o))).collect()
        }
    }
}

fn ours(net: &Mlp, loss: Loss, examples: &Examples) -> (f64, Vec<f64>) {
    let mut gradient = vec![f32::NAN; net.parameters().len()];
    let indices: Vec<usize> = (0..examples.n()).collect();
    let mut workspace = Workspace::new(net.shape(), examples.n()).expect("memory");
    let loss = workspace.loss_and_gradient(net, loss, examples, &indices, &mut gradient).expect("examples that fit");
    (loss, gradient.into_iter().map(f64::from).collect())
}

fn compare(what: &str, widths: &[usize], got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let mut start = 0;
    for (l, pair) in widths.windows(2).enumerate() {
        let end = start + pair[1] * (pair[0] + 1);
        let largest = expected[start..end].iter().fold(0.0_f64, |m, g| m.max(g.abs()));
        for k in start..end {
            let error = (got[k] - expected[k]).abs();
            assert!(
                error <= TOLERANCE * largest.max(1e-3),
                "{what}, layer {l}, parameter {k}: {} against {}",
                got[k],
                expected[k]
            );
        }
        start = end;
    }
}

fn candle_activation(activation: Activation, z: &Tensor) -> Option<candle_core::Result<Tensor>> {
    Some(match activation {
        Activation::Tanh => z.tanh(),
        Activation::Relu => z.relu(),
        Activation::Erf => z.erf(),
        Activation::Gelu => z.gelu_erf(),
        Activation::Silu => z.silu(),
        Activation::Sin => z.sin(),
        Activation::Sigmoid => z.neg().and_then(|z| z.exp()).and_then(|e| (e + 1.0)?.recip()),
        Activation::Linear => Ok(z.clone()),
        _ => return None,
    })
}

/// Loss and gradient in f64 by candle.
fn by_candle(net: &Mlp, loss: Loss, examples: &Examples) -> candle_core::Result<Option<(f64, Vec<f64>)>> {
    let widths = net.shape().widths();
    let outputs = widths[widths.len() - 1];
    let double = |x: &[f32]| x.iter().copied().map(f64::from).collect::<Vec<_>>();
    let y = Tensor::from_vec(dense_targets(examples, outputs, loss), (examples.n(), outputs), &Device::Cpu)?;
    let mut a = Tensor::from_vec(double(examples.inputs()), (examples.n(), widths[0]), &Device::Cpu)?;
    let mut variables = Vec::new();
    for (l, pair) in widths.windows(2).enumerate() {
        let (weights, biases) = net.layer(l).expect("a layer");
        let w = Var::from_tensor(&Tensor::from_vec(double(weights), (pair[1], pair[0]), &Device::Cpu)?)?;
        let b = Var::from_tensor(&Tensor::from_vec(double(biases), pair[1], &Device::Cpu)?)?;
        a = a.matmul(&w.t()?)?.broadcast_add(&b)?;
        if l + 2 < widths.len() {
            match candle_activation(net.shape().activation(), &a) {
                Some(activated) => a = activated?,
                None => return Ok(None),
            }
        }
        variables.extend([w, b]);
    }
    let mean = match loss {
        Loss::CrossEntropy => (a.log_sum_exp(D::Minus1)? - (&a * &y)?.sum(D::Minus1)?)?.mean_all()?,
        Loss::SquaredError => ((&a - &y)?.sqr()?.sum(D::Minus1)? * 0.5)?.mean_all()?,
        Loss::Logistic => ((&a * &y)?.neg()?.exp()? + 1.0)?.log()?.sum(D::Minus1)?.mean_all()?,
    };
    let gradients = mean.backward()?;
    let mut all = Vec::new();
    for variable in &variables {
        let gradient = gradients.get(variable).expect("every parameter has a gradient");
        all.extend(gradient.to_dtype(DType::F64)?.flatten_all()?.to_vec1::<f64>()?);
    }
    Ok(Some((mean.to_scalar::<f64>()?, all)))
}

#[test]
fn agrees_with_automatic_differentiation() {
    let mut count = 0;
    for (widths, n) in cases() {
        for activation in Activation::ALL {
            for (loss, by_class) in variants() {
                let (net, examples) = (net(&widths, activation), examples(&widths, loss, n, by_class));
                let Some((expected_loss, expected)) = by_candle(&net, loss, &examples).expect("candle") else {
                    continue;
                };
                let (got_loss, got) = ours(&net, loss, &examples);
                let what = format!("{widths:?}, {n} examples, {activation:?}, {loss:?}");
                let error = (got_loss - expected_loss).abs();
                assert!(
                    error <= TOLERANCE * expected_loss.abs().max(1.0),
                    "{what}: loss {got_loss}, not {expected_loss}"
                );
                compare(&what, &widths, &got, &expected);
                count += 1;
            }
        }
    }
    // Five kinds of loss; eight shapes with the eight activations that candle has, and two without hidden layers, where
    // the other four make no difference.
    assert_eq!(count, 5 * (8 * 8 + 2 * 4));
}

fn variants() -> [(Loss, bool); 5] {
    [
        (Loss::CrossEntropy, true),
        (Loss::SquaredError, true),
        (Loss::SquaredError, false),
        (Loss::Logistic, true),
        (Loss::Logistic, false),
    ]
}

/// The mean loss in f64, with theory's activations.
fn plain_loss(widths: &[usize], activation: Activation, parameters: &[f64], loss: Loss, examples: &Examples) -> f64 {
    let outputs = widths[widths.len() - 1];
    let targets = dense_targets(examples, outputs, loss);
    let mut sum = 0.0;
    for (n, y) in targets.chunks_exact(outputs).enumerate() {
        let mut a: Vec<f64> = examples.input(n).expect("an input").iter().copied().map(f64::from).collect();
        let mut rest = parameters;
        for (l, pair) in widths.windows(2).enumerate() {
            let (weights, after) = rest.split_at(pair[0] * pair[1]);
            let (biases, after) = after.split_at(pair[1]);
            rest = after;
            let row = |o: usize| &weights[o * pair[0]..(o + 1) * pair[0]];
            let z = |o: usize| biases[o] + row(o).iter().zip(&a).map(|(w, a)| w * a).sum::<f64>();
            let z: Vec<f64> = (0..pair[1]).map(z).collect();
            a = if l + 2 < widths.len() { z.into_iter().map(|z| activation.phi(z)).collect() } else { z };
        }
        sum += match loss {
            Loss::CrossEntropy => {
                let right: f64 = a.iter().zip(y).map(|(z, y)| z * y).sum();
                a.iter().map(|z| (z - right).exp()).sum::<f64>().ln()
            }
            Loss::SquaredError => a.iter().zip(y).map(|(z, y)| 0.5 * (z - y).powi(2)).sum(),
            Loss::Logistic => a.iter().zip(y).map(|(z, y)| (-z * y).exp().ln_1p()).sum(),
        };
    }
    sum / examples.n() as f64
}

/// Central differences of step 1e-6 in f64: off by the third derivative times 1e-12 and by 1e-10 of rounding. A kink that
/// an example's pre-activation crosses within the step would show; none does.
#[test]
fn agrees_with_differences() {
    for (widths, n) in cases() {
        for activation in Activation::ALL {
            for (loss, by_class) in variants() {
                let n = n.min(20);
                let (net, examples) = (net(&widths, activation), examples(&widths, loss, n, by_class));
                let mut parameters: Vec<f64> = net.parameters().iter().copied().map(f64::from).collect();
                let (got_loss, got) = ours(&net, loss, &examples);
                let what = format!("{widths:?}, {n} examples, {activation:?}, {loss:?}");
                let expected_loss = plain_loss(&widths, activation, &parameters, loss, &examples);
                let error = (got_loss - expected_loss).abs();
                assert!(
                    error <= TOLERANCE * expected_loss.abs().max(1.0),
                    "{what}: loss {got_loss}, not {expected_loss}"
                );
                // Some of the parameters of the larger nets, first and last included.
                let step = 1 + parameters.len() / 40;
                let largest = got.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
                for k in (0..parameters.len()).step_by(step).chain([parameters.len() - 1]) {
                    let kept = parameters[k];
                    let mut at = |x: f64| {
                        parameters[k] = x;
                        plain_loss(&widths, activation, &parameters, loss, &examples)
                    };
                    let expected = (at(kept + 1e-6) - at(kept - 1e-6)) / 2e-6;
                    parameters[k] = kept;
                    let error = (got[k] - expected).abs();
                    assert!(error <= TOLERANCE * largest, "{what}, parameter {k}: {} against {expected}", got[k]);
                }
            }
        }
    }
}

/// Outputs and scores of the same net by the plain reference.
#[test]
fn scores_and_outputs() {
    for (widths, n) in cases() {
        let outputs = widths[widths.len() - 1];
        let net = net(&widths, Activation::Tanh);
        let mut workspace = Workspace::new(net.shape(), 10).expect("memory");
        for (loss, by_class) in variants() {
            let examples = examples(&widths, loss, n, by_class);
            let mut z = vec![f32::NAN; n * outputs];
            workspace.outputs(&net, n, examples.inputs(), &mut z).expect("sizes");
            let parameters: Vec<f64> = net.parameters().iter().copied().map(f64::from).collect();
            let score = workspace.score(&net, loss, &examples).expect("examples that fit");
            let expected = plain_loss(&widths, Activation::Tanh, &parameters, loss, &examples);
            assert!((score.loss - expected).abs() <= TOLERANCE * expected.abs().max(1.0), "{widths:?}, {loss:?}");

            let y = dense_targets(&examples, outputs, loss);
            let best = |x: &[f64]| (1..x.len()).fold(0, |best, o| if x[o] > x[best] { o } else { best });
            let is_right = |i: usize| {
                let z: Vec<f64> = z[i * outputs..(i + 1) * outputs].iter().copied().map(f64::from).collect();
                let y = &y[i * outputs..(i + 1) * outputs];
                if by_class && (outputs > 1 || loss == Loss::CrossEntropy) {
                    best(&z) == best(y)
                } else {
                    z.iter().zip(y).all(|(z, y)| z * y > 0.0)
                }
            };
            let right = (0..n).filter(|&i| is_right(i)).count();
            assert_eq!(score.accuracy, right as f64 / n as f64, "{widths:?}, {loss:?}, by class: {by_class}");

            // A part of the examples, and the loss of a batch of which some come twice.
            if n > 2 {
                let part = workspace.score_range(&net, loss, &examples, 1..n).expect("a part");
                let first = workspace.score_range(&net, loss, &examples, 0..1).expect("a part");
                let mean = (part.loss * (n - 1) as f64 + first.loss) / n as f64;
                assert!((mean - score.loss).abs() <= 1e-9 * score.loss.max(1.0), "sums of the same losses in f64");
                let mut gradient = vec![0.0; net.parameters().len()];
                let twice =
                    workspace.loss_and_gradient(&net, loss, &examples, &[0, 0], &mut gradient).expect("a batch");
                assert!((twice - first.loss).abs() <= 1e-9 * first.loss.max(1.0), "the same losses");
            }
        }
    }
}
