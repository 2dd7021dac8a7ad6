//! Tree nets: gradients against candle's automatic differentiation and against differences of a plain reference in f64,
//! a tree of one node against a perceptron, training that repeats itself, and any shape without a panic.

use candle_core::{DType, Device, Tensor, Var};
use nets::NetError;
use nets::engine::rules::Optimiser;
use nets::mlp::{Examples, Loss, Mlp, Passes as _, Recipe, Saved, Shape, Step, Trainer, Workspace};
use nets::tree::{TreeNet, TreeShape, TreeWorkspace};
use proptest::prelude::*;
use random::Stream;
use theory::Activation;

/// Activations are good to 1e-6, sums of at most 100 terms in f32 to a few 1e-6 of their largest. A derivative is a product of
/// slopes of several levels, of which one may be small: all are compared relative to the largest of the net.
const TOLERANCE: f64 = 1e-5;

fn shape(levels: usize, units: usize, activation: Activation) -> TreeShape {
    TreeShape::new(levels, units, activation).expect("a small tree")
}

/// Wired in the order of the inputs, reversed, and with an input that comes twice while another is left out.
fn shapes(activation: Activation) -> Vec<TreeShape> {
    let leaves = |levels: usize, order: fn(usize) -> usize| (0..1 << levels).map(order).collect();
    vec![
        shape(1, 1, activation),
        shape(1, 9, activation),
        shape(2, 3, activation),
        shape(2, 4, activation).with_leaves(leaves(2, |i| 3 - i)).expect("a permutation"),
        shape(3, 5, activation).with_leaves(leaves(3, |i| if i == 6 { 1 } else { i })).expect("inputs that are there"),
        shape(4, 2, activation),
    ]
}

fn net(shape: TreeShape) -> TreeNet {
    TreeNet::random(shape, 1.3, 0.4, Stream::new(5, "tree"))
}

/// Uniform inputs and normal targets.
fn examples(dim: usize, n: usize) -> Examples {
    let stream = Stream::new(11, "examples of a tree");
    let inputs = (0..(n * dim) as u64).map(|i| (2.0 * stream.uniform(i) - 1.0) as f32).collect();
    let mut targets = vec![0.0; n];
    stream.child(1).fill_normal_f32(0, &mut targets);
    Examples::with_numbers(n, dim, inputs, 1, targets).expect("sizes")
}

fn ours(net: &TreeNet, loss: Loss, examples: &Examples) -> (f64, Vec<f64>) {
    let mut gradient = vec![f32::NAN; net.parameters().len()];
    let indices: Vec<usize> = (0..examples.n()).collect();
    let mut workspace = TreeWorkspace::new(net.shape());
    let loss = workspace.loss_and_gradient(net, loss, examples, &indices, &mut gradient).expect("examples that fit");
    (loss, gradient.into_iter().map(f64::from).collect())
}

fn compare(what: &str, got: &[f64], expected: &[f64]) {
    assert_eq!(got.len(), expected.len(), "{what}");
    let largest = expected.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
    for (i, (got, expected)) in got.iter().zip(expected).enumerate() {
        let error = (got - expected).abs();
        assert!(error <= TOLERANCE * largest.max(1e-3), "{what}, parameter {i}: {got} against {expected}");
    }
}

fn double(x: &[f32]) -> Vec<f64> {
    x.iter().copied().map(f64::from).collect()
}

/// Half the mean square error and its gradient in f64 by candle, from one tensor for each kind of parameter of each node.
fn by_candle(net: &TreeNet, examples: &Examples) -> candle_core::Result<Option<(f64, Vec<f64>)>> {
    let (shape, n) = (net.shape(), examples.n());
    let units = shape.units();
    let x = Tensor::from_vec(double(examples.inputs()), (n, shape.inputs()), &Device::Cpu)?;
    let mut values = Vec::new();
    for &leaf in shape.leaves() {
        values.push(x.narrow(1, leaf, 1)?);
    }
    let mut variables = Vec::new();
    for k in 0..shape.n_nodes() {
        let node = double(net.node(k).expect("a node"));
        let var = |from: usize, rows: usize, columns: usize| {
            Var::from_tensor(&Tensor::from_slice(&node[from..from + rows * columns], (rows, columns), &Device::Cpu)?)
        };
        let (w, b) = (var(0, units, 2)?, var(2 * units, 1, units)?);
        let (v, c) = (var(3 * units, 1, units)?, var(4 * units, 1, 1)?);
        let both = Tensor::cat(&[&values[2 * k], &values[2 * k + 1]], 1)?;
        let z = both.matmul(&w.t()?)?.broadcast_add(&b)?;
        let a = match shape.activation() {
            Activation::Tanh => z.tanh()?,
            Activation::Relu => z.relu()?,
            Activation::Erf => z.erf()?,
            Activation::Gelu => z.gelu_erf()?,
            Activation::Silu => z.silu()?,
            Activation::Sin => z.sin()?,
            Activation::Linear => z,
            _ => return Ok(None),
        };
        values.push(a.matmul(&v.t()?)?.broadcast_add(&c)?);
        variables.extend([w, b, v, c]);
    }
    let nets::mlp::Targets::Numbers(targets) = examples.targets() else { panic!("targets are numbers here") };
    let y = Tensor::from_vec(double(targets), (n, 1), &Device::Cpu)?;
    let loss = ((values.last().expect("a root") - &y)?.sqr()?.mean_all()? * 0.5)?;
    let gradients = loss.backward()?;
    let mut all = Vec::new();
    for variable in &variables {
        let gradient = gradients.get(variable).expect("every parameter has a gradient");
        all.extend(gradient.to_dtype(DType::F64)?.flatten_all()?.to_vec1::<f64>()?);
    }
    Ok(Some((loss.to_scalar::<f64>()?, all)))
}

#[test]
fn agrees_with_automatic_differentiation() {
    let mut count = 0;
    for activation in Activation::ALL {
        for shape in shapes(activation) {
            // On both sides of a block, and several blocks.
            for n in [1, 7, 8, 45] {
                let (net, examples) = (net(shape.clone()), examples(shape.inputs(), n));
                let Some((expected_loss, expected)) = by_candle(&net, &examples).expect("candle") else { continue };
                let (loss, got) = ours(&net, Loss::SquaredError, &examples);
                let what = format!("{shape:?}, {n} examples");
                assert!((loss - expected_loss).abs() <= TOLERANCE * expected_loss.max(1.0), "{what}: {loss}");
                compare(&what, &got, &expected);
                count += 1;
            }
        }
    }
    assert_eq!(count, 7 * 6 * 4, "activations that candle has, shapes, numbers of examples");
}

/// The output in f64, node by node, with theory's activations.
fn plain_output(shape: &TreeShape, parameters: &[f64], x: &[f64]) -> f64 {
    let units = shape.units();
    let mut values: Vec<f64> = shape.leaves().iter().map(|&leaf| x[leaf]).collect();
    for (k, p) in parameters.chunks_exact(4 * units + 1).enumerate() {
        let (a, b) = (values[2 * k], values[2 * k + 1]);
        let hidden = |u: usize| shape.activation().phi(p[2 * u] * a + p[2 * u + 1] * b + p[2 * units + u]);
        values.push(p[4 * units] + (0..units).map(|u| p[3 * units + u] * hidden(u)).sum::<f64>());
    }
    values[values.len() - 1]
}

fn plain_loss(shape: &TreeShape, parameters: &[f64], loss: Loss, examples: &Examples) -> f64 {
    let nets::mlp::Targets::Numbers(targets) = examples.targets() else { panic!("targets are numbers here") };
    let of = |i: usize| {
        let z = plain_output(shape, parameters, &double(examples.input(i).expect("an input")));
        let y = f64::from(targets[i]);
        match loss {
            Loss::SquaredError => 0.5 * (z - y).powi(2),
            Loss::Logistic => (-z * y).exp().ln_1p(),
            Loss::CrossEntropy => panic!("one output has no classes to choose from"),
        }
    };
    (0..examples.n()).map(of).sum::<f64>() / examples.n() as f64
}

/// Central differences of step 1e-6 in f64: off by the third derivative times 1e-12 and by 1e-10 of rounding. A kink that
/// an example's pre-activation crosses within the step would show; none does.
#[test]
fn agrees_with_differences() {
    for activation in Activation::ALL {
        for shape in shapes(activation) {
            for loss in [Loss::SquaredError, Loss::Logistic] {
                let (net, mut examples) = (net(shape.clone()), examples(shape.inputs(), 11));
                if loss == Loss::Logistic {
                    let nets::mlp::Targets::Numbers(targets) = examples.targets() else { panic!("numbers") };
                    let signs = targets.iter().map(|y| y.signum()).collect();
                    examples = Examples::with_numbers(11, shape.inputs(), examples.inputs().to_vec(), 1, signs)
                        .expect("sizes");
                }
                let mut parameters = double(net.parameters());
                let what = format!("{shape:?}, {loss:?}");
                let (got_loss, got) = ours(&net, loss, &examples);
                let expected_loss = plain_loss(&shape, &parameters, loss, &examples);
                assert!((got_loss - expected_loss).abs() <= TOLERANCE * expected_loss.max(1.0), "{what}");
                let largest = got.iter().fold(0.0_f64, |m, g| m.max(g.abs()));
                for k in 0..parameters.len() {
                    let kept = parameters[k];
                    let mut at = |x: f64| {
                        parameters[k] = x;
                        plain_loss(&shape, &parameters, loss, &examples)
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

/// One node is a perceptron with one hidden layer: outputs and scores are its bits; derivatives are summed in another order.
#[test]
fn one_node_is_a_perceptron() {
    for activation in Activation::ALL {
        for units in [0, 1, 4, 13] {
            let tree = net(shape(1, units, activation));
            let of_mlp = Shape::new(&[2, units, 1], activation).expect("a shape");
            let mlp = Mlp::new(of_mlp.clone(), tree.parameters().to_vec()).expect("as many parameters");
            let examples = examples(2, 29);
            let (mut one, mut other) = (TreeWorkspace::new(tree.shape()), Workspace::new(&of_mlp, 29).expect("memory"));
            let (mut z, mut expected) = (vec![f32::NAN; 29], vec![f32::NAN; 29]);
            one.outputs(&tree, 29, examples.inputs(), &mut z).expect("sizes");
            other.outputs(&mlp, 29, examples.inputs(), &mut expected).expect("sizes");
            assert_eq!(z, expected, "{activation:?}, {units} units");

            let score = |range| one.clone().score_range(&tree, Loss::SquaredError, &examples, range).expect("a part");
            assert_eq!(score(0..29), other.score(&mlp, Loss::SquaredError, &examples).expect("examples"));
            let whole = score(0..3).loss * 3.0 + score(3..29).loss * 26.0;
            assert!((whole / 29.0 - score(0..29).loss).abs() < 1e-9, "sums of the same losses in f64");

            let mut gradient = vec![f32::NAN; tree.parameters().len()];
            let indices: Vec<usize> = (0..29).collect();
            other.loss_and_gradient(&mlp, Loss::SquaredError, &examples, &indices, &mut gradient).expect("a batch");
            let got = ours(&tree, Loss::SquaredError, &examples).1;
            compare(&format!("{activation:?}"), &got, &double(&gradient));
        }
    }
}

#[test]
fn parameters_are_counted_and_a_drawn_node_is_a_drawn_perceptron() {
    // By hand: 7 nodes of 4·3 + 1; 15 of 4·16 + 1; one of 1.
    for (levels, units, expected) in [(3, 3, 91), (4, 16, 975), (1, 0, 1)] {
        let shape = shape(levels, units, Activation::Tanh);
        assert_eq!(shape.n_parameters(), expected);
        let net = net(shape);
        assert_eq!(net.parameters().len(), expected);
        for k in 0..net.shape().n_nodes() {
            let widths = Shape::new(&[2, units, 1], Activation::Tanh).expect("a shape");
            let mlp = Mlp::random(widths, 1.3, 0.4, Stream::new(5, "tree").child(k as u64));
            assert_eq!(net.node(k), Some(mlp.parameters()), "node {k}");
        }
        assert_eq!(net.node(net.shape().n_nodes()), None);
    }
}

/// A tree with permuted leaves is the tree with permuted inputs.
#[test]
fn wiring_permutes_the_inputs() {
    let straight = shape(3, 6, Activation::Tanh);
    let leaves = vec![0, 4, 1, 5, 2, 6, 3, 7];
    let crossed = straight.clone().with_leaves(leaves.clone()).expect("a permutation");
    let (n, examples) = (20, examples(8, 20));
    let permuted: Vec<f32> =
        examples.inputs().chunks_exact(8).flat_map(|x| leaves.iter().map(|&leaf| x[leaf])).collect();
    let outputs = |shape: &TreeShape, inputs: &[f32]| {
        let mut outputs = vec![f32::NAN; n];
        TreeWorkspace::new(shape).outputs(&net(shape.clone()), n, inputs, &mut outputs).expect("sizes");
        outputs
    };
    assert_eq!(outputs(&crossed, examples.inputs()), outputs(&straight, &permuted));
    assert_ne!(outputs(&crossed, examples.inputs()), outputs(&straight, examples.inputs()));
}

fn recipe(optimiser: Optimiser) -> Recipe {
    Recipe { sigma_w: 1.5, sigma_b: 0.5, loss: Loss::SquaredError, optimiser, batch: 16 }
}

fn trainer(shape: TreeShape, optimiser: Optimiser) -> Trainer<TreeNet> {
    Trainer::drawn(TreeNet::zeros(shape), recipe(optimiser), Stream::new(1, "training")).expect("a recipe")
}

fn run(trainer: &mut Trainer<TreeNet>, examples: &Examples, steps: usize) {
    for _ in 0..steps {
        assert!(matches!(trainer.step(examples), Ok(Step::Done { .. })), "diverged");
    }
}

const OPTIMISERS: [Optimiser; 2] = [Optimiser::adam(0.01), Optimiser::momentum(0.02, 0.9)];

/// Saved and restored after every few steps, over several epochs with a rest: the same bits as without.
#[test]
fn a_training_that_is_interrupted_ends_where_it_would_have() {
    let examples = examples(4, 59);
    for optimiser in OPTIMISERS {
        let tree = || shape(2, 4, Activation::Tanh);
        let mut whole = trainer(tree(), optimiser);
        run(&mut whole, &examples, 40);
        let mut saved = trainer(tree(), optimiser).save();
        for steps in [1, 2, 3, 4, 5, 25] {
            let mut part = trainer(tree(), optimiser);
            part.restore(&saved, &examples).expect("the same net");
            run(&mut part, &examples, steps);
            saved = part.save();
        }
        assert_eq!(saved, whole.save());
        let mut again = trainer(tree(), optimiser);
        run(&mut again, &examples, 40);
        assert_eq!(again.save(), saved);
    }
}

#[test]
fn a_state_that_does_not_fit_is_refused() {
    let examples = examples(4, 20);
    let mut tree = trainer(shape(2, 4, Activation::Tanh), OPTIMISERS[0]);
    run(&mut tree, &examples, 3);
    let good = tree.save();
    let refused = |saved: Saved| {
        let mut tree = trainer(shape(2, 4, Activation::Tanh), OPTIMISERS[0]);
        tree.restore(&saved, &examples).err()
    };
    assert!(refused(good.clone()).is_none());
    assert!(matches!(
        refused(Saved { parameters: vec![0.0; 3], ..good.clone() }),
        Some(NetError::Size { expected: 51, got: 3, .. })
    ));
    assert!(matches!(refused(Saved { second: vec![0.0; 3], ..good.clone() }), Some(NetError::Size { .. })));
    assert!(matches!(refused(Saved { taken: 21, ..good.clone() }), Some(NetError::NoExample { n: 20, .. })));
}

/// The tree learns what has its structure: sin(2a + b) of sin(2x_1 + x_2) and sin(2x_3 + x_4), of standard deviation 0.73.
/// After these steps the root mean square error is 0.05; a tenth is asked for.
#[test]
fn learns_a_function_of_its_structure() {
    let n = 2000;
    let stream = Stream::new(3, "inputs");
    let inputs: Vec<f32> = (0..4 * n as u64).map(|i| (2.0 * stream.uniform(i) - 1.0) as f32).collect();
    let h = |a: f32, b: f32| (2.0 * a + b).sin();
    let targets = inputs.chunks_exact(4).map(|x| h(h(x[0], x[1]), h(x[2], x[3]))).collect();
    let examples = Examples::with_numbers(n, 4, inputs, 1, targets).expect("sizes");
    let mut tree = trainer(shape(2, 12, Activation::Tanh), Optimiser::adam(0.01));
    run(&mut tree, &examples, 3000);
    let score = tree.score(&examples).expect("examples that fit");
    let rms = (2.0 * score.loss).sqrt();
    println!("root mean square error {rms}");
    assert!(rms < 0.1, "{rms}");
}

#[test]
fn what_does_not_fit_is_an_error() {
    for levels in [0, 17, usize::MAX] {
        assert!(matches!(TreeShape::new(levels, 1, Activation::Tanh), Err(NetError::Range { name: "levels", .. })));
    }
    assert!(matches!(TreeShape::new(16, 1 << 20, Activation::Tanh), Err(NetError::TooLarge { .. })));
    assert!(matches!(TreeShape::new(1, usize::MAX, Activation::Tanh), Err(NetError::TooLarge { .. })));
    let four = shape(2, 3, Activation::Tanh);
    assert!(matches!(four.clone().with_leaves(vec![0; 3]), Err(NetError::Size { expected: 4, got: 3, .. })));
    assert!(matches!(four.clone().with_leaves(vec![0, 1, 2, 4]), Err(NetError::Range { name: "leaf", .. })));
    assert!(matches!(TreeNet::new(four.clone(), vec![0.0; 38]), Err(NetError::Size { expected: 39, .. })));

    let mut workspace = TreeWorkspace::new(&four);
    let other = net(shape(2, 3, Activation::Relu));
    assert!(matches!(workspace.outputs(&other, 0, &[], &mut []), Err(NetError::Size { .. })));
    let fitting = net(four.clone());
    assert!(matches!(workspace.outputs(&fitting, 2, &[0.0; 7], &mut [0.0; 2]), Err(NetError::Size { .. })));
    assert!(matches!(workspace.outputs(&fitting, 2, &[0.0; 8], &mut [0.0; 1]), Err(NetError::Size { .. })));
    let mut gradient = vec![0.0; 39];
    let few = examples(4, 3);
    let mut of = |examples: &Examples, indices: &[usize]| {
        workspace.loss_and_gradient(&fitting, Loss::SquaredError, examples, indices, &mut gradient).err()
    };
    assert!(matches!(of(&few, &[]), Some(NetError::Empty { .. })));
    assert!(matches!(of(&few, &[0, 3]), Some(NetError::NoExample { got: 3, n: 3, .. })));
    assert!(matches!(of(&examples(8, 3), &[0]), Some(NetError::Size { .. })));
    assert!(matches!(workspace.score_range(&fitting, Loss::SquaredError, &few, 1..1), Err(NetError::Empty { .. })));
    assert!(matches!(workspace.score_range(&fitting, Loss::SquaredError, &few, 1..4), Err(NetError::NoExample { .. })));
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 200, failure_persistence: None, ..ProptestConfig::default() })]

    /// Trees of any shape and wiring, numbers of any size: a finite loss or a training that has diverged, parameters that
    /// stay finite, never a panic.
    #[test]
    fn any_shape_and_numbers(
        levels in 1_usize..5,
        units in 0_usize..6,
        activation in proptest::sample::select(&Activation::ALL[..]),
        wiring in proptest::collection::vec(0_usize..16, 16),
        numbers in proptest::collection::vec(proptest::num::f32::ANY, 5 * 17),
        n in 1_usize..6,
        rate in 0.0..1e30_f64,
        is_adam: bool,
    ) {
        let dim = 1 << levels;
        let leaves = wiring[..dim].iter().map(|leaf| leaf % dim).collect();
        let shape = shape(levels, units, activation).with_leaves(leaves).expect("inputs that are there");
        let optimiser = if is_adam { Optimiser::adam(rate) } else { Optimiser::sgd(rate) };
        let (inputs, targets) = (numbers[..n * dim].to_vec(), numbers[80..80 + n].to_vec());
        let examples = Examples::with_numbers(n, dim, inputs, 1, targets).expect("sizes");
        let mut trainer = trainer(shape, optimiser);
        for _ in 0..4 {
            if let Step::Done { loss } = trainer.step(&examples).expect("examples that fit") {
                prop_assert!(loss.is_finite());
            }
            prop_assert!(trainer.net().parameters().iter().all(|p| p.is_finite()));
        }
        prop_assert!(!trainer.score(&examples).expect("examples that fit").loss.is_nan());
    }
}

/// The tree whose leaves take the even inputs first shares no pair and no four with the plain one, and both have as many
/// parameters as theory counts.
#[test]
fn evens_first_puts_others_together() {
    for (levels, units) in [(2, 1), (3, 1), (3, 16), (4, 5)] {
        let plain = shape(levels, units, Activation::Tanh);
        assert_eq!(plain.n_parameters(), theory::composition::tree_parameters(1 << levels, units));
        let other = plain.evens_first();
        for size in (1..levels).map(|level| 1 << level) {
            let mut groups = other.leaves().chunks(size);
            assert!(groups.all(|group| group.iter().any(|leaf| leaf / size != group[0] / size)), "{levels} {size}");
        }
        let mut sorted = other.leaves().to_vec();
        sorted.sort_unstable();
        assert!(sorted.into_iter().eq(0..1 << levels));
    }
}
