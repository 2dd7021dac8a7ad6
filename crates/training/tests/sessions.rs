//! Trainings: the same bits again, back and on, in parts, with masks; divergence; what is refused.

use std::sync::Arc;

use data::Pack;
use data::distort::Distortion;
use nets::engine::models::Pooling;
use nets::engine::rules::{Mask, Optimiser, Rule, Schedule};
use nets::engine::{Init, Op};
use random::Stream;
use theory::Activation;
use training::{Images, Loss, Model, Part, Recipe, Session, Spec, Standard, State, Step, Trainer, TrainingError};

/// Images of 8×8 pixels in three classes: a bright band whose place is the class, with noise.
fn bands(seed: u64, n: usize) -> Pack {
    let mut cursor = Stream::new(seed, "bands").cursor();
    let labels: Vec<u8> = (0..n).map(|i| (i % 3) as u8).collect();
    let pixel = |label: u8, row: usize, noise: u32| {
        let band = if row / 3 == usize::from(label) { 150 } else { 0 };
        (band + noise % 100) as u8
    };
    let pixels = labels.iter().flat_map(|label| (0..64).map(move |i| (*label, i / 8)));
    let pixels = pixels.map(|(label, row)| pixel(label, row, cursor.next_u32())).collect();
    Pack::new("bands", 8, 8, labels, pixels).expect("sizes that fit")
}

fn images() -> Arc<Images> {
    Arc::new(Images::new(&bands(1, 96)))
}

fn small(activation: Activation) -> Spec {
    Spec { model: Model::Perceptron { hidden: vec![12], activation }, init: Init::LeCun }
}

fn cnn() -> Spec {
    let model = Model::Cnn { depth: 8, channels: 3, is_residual: true, has_norms: true, activation: Activation::Relu };
    Spec { model, init: Init::He }
}

fn recipe() -> Recipe {
    Recipe { batch: 16, ..Recipe::new(Optimiser::momentum(0.05, 0.9), 7) }
}

fn trained(spec: &Spec, recipe: &Recipe, steps: u64) -> (Trainer, Vec<f64>) {
    let mut trainer = Trainer::new(spec, images(), recipe.clone()).expect("a recipe");
    let losses = (0..steps).map(|_| loss(&mut trainer)).collect();
    (trainer, losses)
}

fn loss(trainer: &mut Trainer) -> f64 {
    match trainer.step().expect("a step") {
        Step::Done { loss, .. } => loss,
        Step::Diverged => f64::NAN,
    }
}

/// Polls a future that never waits.
fn at_once<T>(future: impl Future<Output = T>) -> T {
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    match std::pin::pin!(future).poll(&mut context) {
        std::task::Poll::Ready(value) => value,
        std::task::Poll::Pending => unreachable!("nothing waits here"),
    }
}

async fn never_in_the_way() -> Result<(), TrainingError> {
    Ok(())
}

#[test]
fn nets_learn() {
    for (spec, loss) in [
        (small(Activation::Tanh), Loss::CrossEntropy),
        (small(Activation::Gelu), Loss::Hinge),
        (small(Activation::Relu), Loss::SquaredError),
        (cnn(), Loss::CrossEntropy),
    ] {
        let (mut trainer, losses) = trained(&spec, &Recipe { loss, ..recipe() }, 120);
        assert!(losses[119] < 0.3 * losses[0], "{} {loss:?}: {losses:?}", spec.model);
        let test = Images::with_standard(&bands(2, 300), trainer.images().standard());
        let score = trainer.score(&test, 0..300).expect("images that fit");
        assert_eq!(score.n, 300);
        assert!(score.error() < 0.05, "{} {loss:?}: {}", spec.model, score.error());
        // In pieces it is the same, whatever cuts them.
        let pieces = trainer.score(&test, 0..101).and_then(|a| Ok(a.and(trainer.score(&test, 101..300)?)));
        let pieces = pieces.expect("images that fit");
        assert_eq!((pieces.n, pieces.right), (score.n, score.right));
        assert!((pieces.loss - score.loss).abs() < 1e-6);
    }
}

#[test]
fn an_autoencoder_comes_closer_to_its_input() {
    let model = Model::Autoencoder { hidden: vec![20], code: 3, activation: Activation::Tanh };
    let spec = Spec { model, init: Init::Glorot };
    let recipe = Recipe { loss: Loss::Reconstruction, ..Recipe::new(Optimiser::new(Rule::ADAM, 0.01), 3) };
    let (mut trainer, losses) = trained(&spec, &recipe, 200);
    assert!(losses[199] < 0.6 * losses[0], "{} to {}", losses[0], losses[199]);
    // By hand: half the squared distance.
    let images = images();
    let score = trainer.score(&images, 0..1).expect("an image");
    let mut pass = nets::engine::Pass::<f32, 1>::new(trainer.net(), 1).expect("a pass");
    let x: Vec<f32> = images.pixels(0).expect("an image").iter().map(|p| number(&images.standard(), *p)).collect();
    pass.set_inputs(1, |_| &x).expect("an input");
    let parameters = nets::engine::values(trainer.state().parameters());
    pass.forward(parameters, nets::engine::Norms::OfBatch).expect("a pass");
    let distance: f64 =
        (0..64).map(|o| f64::from(pass.output(0, o).expect("an output")[0] - x[o]).powi(2)).sum::<f64>() / 2.0;
    assert!((score.loss / distance - 1.0).abs() < 1e-5, "{} and {distance}", score.loss);
}

fn number(standard: &Standard, pixel: u8) -> f32 {
    ((f64::from(pixel) / 255.0 - standard.mean) / standard.deviation) as f32
}

#[test]
fn back_and_on_again_with_the_same_bits() {
    let distorted = Recipe {
        distortion: Some(Distortion::ELASTIC),
        schedule: Schedule::Cosine { steps: 50, last: 0.0 },
        warm_up: 5,
        ..recipe()
    };
    for (spec, recipe) in [
        (small(Activation::Tanh), Recipe { optimiser: Optimiser::new(Rule::ADAM, 0.01), ..recipe() }),
        (cnn(), distorted),
    ] {
        let at = |steps: u64| trained(&spec, &recipe, steps).0.state().clone();
        let (whole, losses) = trained(&spec, &recipe, 40);
        let trainer = Trainer::new(&spec, images(), recipe.clone()).expect("a recipe");
        let mut session = Session::new(trainer, 8);
        for step in [23, 40, 3, 24, 0, 40] {
            assert_eq!(at_once(session.go_to(step, never_in_the_way)).expect("a step"), step);
            assert_eq!(session.trainer().state(), &at(step), "{} at step {step}", spec.model);
        }
        assert_eq!(session.trainer().state(), whole.state());
        assert_eq!(session.kept().iter().map(State::step).collect::<Vec<_>>(), [0, 8, 16, 24, 32, 40]);
        let kept: Vec<f64> = session.curve().losses.iter().map(|loss| f64::from(*loss)).collect();
        assert_eq!(kept, losses.iter().map(|loss| f64::from(*loss as f32)).collect::<Vec<_>>());
    }
}

#[test]
fn a_cancelled_way_keeps_what_was_done() {
    let mut session = Session::new(trained(&small(Activation::Tanh), &recipe(), 0).0, 4);
    let mut left = 10;
    let stopped = at_once(session.go_to(30, async || {
        left -= 1;
        if left < 0 { Err(TrainingError::NoImages) } else { Ok(()) }
    }));
    assert!(matches!(stopped, Err(TrainingError::NoImages)));
    assert_eq!(session.trainer().state().step(), 10);
    let mut made = 0;
    let arrived: Result<u64, TrainingError> = at_once(session.go_to(30, async || {
        made += 1;
        Ok(())
    }));
    assert_eq!((arrived.expect("steps"), made), (30, 20));
}

#[test]
fn kept_states_stay_within_their_bound() {
    let mut session = Session::new(trained(&small(Activation::Tanh), &recipe(), 0).0, 1);
    assert_eq!(at_once(session.go_to(1500, never_in_the_way)).expect("steps"), 1500);
    assert!(session.kept().len() <= 512 && session.every() == 4, "{} every {}", session.kept().len(), session.every());
    assert!(session.kept().iter().enumerate().all(|(k, state)| state.step() == 4 * k as u64));
}

#[test]
fn parts_are_the_same_on_any_core_and_add_up() {
    for spec in [small(Activation::Tanh), cnn()] {
        let in_parts = Recipe { parts: 3, ..recipe() };
        let (mut one, _) = trained(&spec, &in_parts, 5);
        let mut others: Vec<Trainer> = (0..3).map(|_| trained(&spec, &in_parts, 0).0).collect();
        for _ in 0..4 {
            let answers: Vec<_> = (0..3)
                .rev()
                .map(|index| {
                    // A core of its own, which knows the state and nothing else.
                    others[index].set_state(one.state().clone());
                    others[index].part(Part { step: one.state().step(), index }).expect("a part")
                })
                .collect();
            let answers: Vec<_> = answers.into_iter().rev().collect();
            let mut alone = one.clone();
            assert_eq!(alone.step().expect("a step"), one.step_from(&answers).expect("a step"));
            assert_eq!(alone.state(), one.state());
        }
        assert!(matches!(one.step_from(&[]), Err(TrainingError::Net(nets::NetError::Size { .. }))));
    }
    // Without batch norms the cut changes rounding alone.
    let (whole, _) = trained(&small(Activation::Tanh), &recipe(), 20);
    let (cut, _) = trained(&small(Activation::Tanh), &Recipe { parts: 5, ..recipe() }, 20);
    for (a, b) in whole.state().parameters().iter().zip(cut.state().parameters()) {
        assert!((a - b).abs() < 1e-4 * (1.0 + a.abs()), "{a} and {b}");
    }
}

#[test]
fn every_image_is_seen_once_an_epoch() {
    let mut trainer = trained(&small(Activation::Tanh), &Recipe { batch: 20, parts: 3, ..recipe() }, 0).0;
    assert_eq!(trainer.recipe().steps_of_an_epoch(96), 4);
    let mut epochs = [Vec::new(), Vec::new()];
    for step in 0..8 {
        for index in 0..3 {
            epochs[step / 4].extend(trainer.images_of(Part { step: step as u64, index }));
        }
    }
    assert_ne!(epochs[0], epochs[1]);
    for mut seen in epochs {
        seen.sort_unstable();
        seen.dedup();
        assert_eq!(seen.len(), 80);
    }
    // More than there are means all.
    let mut all = trained(&small(Activation::Tanh), &Recipe { batch: 1000, ..recipe() }, 3).0;
    assert_eq!(all.images_of(Part { step: 3, index: 0 }).len(), 96);
}

#[test]
fn masked_layers_stay() {
    let trainer = trained(&cnn(), &recipe(), 0).0;
    let first = trainer.net().nodes().iter().find(|node| matches!(node.op, Op::Conv(_))).expect("filters");
    let (range, n) = (first.parameters.clone(), trainer.net().n_parameters());
    let before = trainer.state().parameters().to_vec();
    let mut masked = trainer.with_mask(Mask::frozen(n, range.clone())).expect("a mask");
    for _ in 0..6 {
        assert!(loss(&mut masked).is_finite());
    }
    let after = masked.state().parameters();
    assert_eq!(before[range.clone()], after[range.clone()]);
    assert_ne!(before[range.end..], after[range.end..]);
}

#[test]
fn divergence_ends_training_and_the_curvature_says_why() {
    let spec = small(Activation::Relu);
    let wild = Recipe { optimiser: Optimiser::sgd(1e4), loss: Loss::SquaredError, ..recipe() };
    let trainer = trained(&spec, &wild, 0).0;
    let sharpness = trainer.sharpness(96, 16).expect("a curvature");
    let limit = sharpness.largest_stable_rate.expect("a rule with a limit");
    assert!((limit * sharpness.lambda_max - 2.0).abs() < 1e-12 && limit < 1e4);
    let mut session = Session::new(trainer, 10);
    let reached = at_once(session.go_to(500, never_in_the_way)).expect("steps");
    assert!(reached < 500 && session.trainer().state().is_diverged(), "{reached}");
    assert!(session.trainer().state().parameters().iter().all(|p| p.is_finite()));
    assert!(session.curve().losses.iter().all(|loss| loss.is_finite()));
    // Going back and on again says the same.
    at_once(session.go_to(0, never_in_the_way)).expect("a step");
    assert_eq!(at_once(session.go_to(500, never_in_the_way)).expect("steps"), reached);
}

/// For a linear net and the squared error the Hessian is the second moment of the inputs, once for each class.
#[test]
fn the_curvature_of_a_linear_net_is_that_of_its_inputs() {
    let spec = Spec { model: Model::Perceptron { hidden: vec![], activation: Activation::Linear }, init: Init::LeCun };
    let linear = Recipe { loss: Loss::SquaredError, ..recipe() };
    let trainer = trained(&spec, &linear, 0).0;
    let found = trainer.sharpness(96, 20).expect("a curvature");
    let images = images();
    let rows: Vec<Vec<f64>> = (0..96)
        .map(|i| {
            let pixels = images.pixels(i).expect("an image").iter();
            let numbers = pixels.map(|p| f64::from(number(&images.standard(), *p)));
            numbers.chain([1.0]).collect()
        })
        .collect();
    // The power method.
    let mut v = vec![1.0; 65];
    let mut lambda = 0.0;
    for _ in 0..2000 {
        let mut next = vec![0.0; 65];
        for row in &rows {
            let along: f64 = row.iter().zip(&v).map(|(a, b)| a * b).sum();
            next.iter_mut().zip(row).for_each(|(n, x)| *n += along * x / 96.0);
        }
        lambda = next.iter().map(|x| x * x).sum::<f64>().sqrt();
        v = next.iter().map(|x| x / lambda).collect();
    }
    // Products are computed in single precision.
    assert!((found.lambda_max / lambda - 1.0).abs() < 1e-4, "{found:?} and {lambda}");
    let far = trainer.learning_rate(0) > found.largest_stable_rate.expect("a limit");
    assert_eq!(far, 0.05 > 2.0 * 1.9 / lambda);
}

#[test]
fn what_cannot_be_trained_is_said() {
    let new = |spec: &Spec, recipe: Recipe| Trainer::new(spec, images(), recipe).map(|_| ());
    let spec = small(Activation::Tanh);
    assert!(matches!(new(&spec, Recipe { batch: 0, ..recipe() }), Err(TrainingError::Range { name: "batch", .. })));
    assert!(matches!(new(&spec, Recipe { parts: 17, ..recipe() }), Err(TrainingError::Range { name: "parts", .. })));
    let share = Recipe { statistics_share: f64::NAN, ..recipe() };
    assert!(matches!(new(&spec, share), Err(TrainingError::Range { name: "statistics_share", .. })));
    let warped = Recipe { distortion: Some(Distortion { shear: -1.0, ..Distortion::PLANAR }), ..recipe() };
    assert!(matches!(new(&spec, warped), Err(TrainingError::Distortion(_))));
    let lenet = Model::LeNet5 { activation: Activation::Tanh, pooling: Pooling::Max };
    let error = new(&Spec { model: lenet, init: Init::LeCun }, recipe()).expect_err("another size");
    assert_eq!(error.to_string(), "images of 8×8 pixels, but 28×28 are expected");
    let none = Arc::new(Images::new(&Pack::new("none", 8, 8, vec![], vec![]).expect("a pack")));
    assert!(matches!(Trainer::new(&spec, none, recipe()), Err(TrainingError::NoImages)));
    let mut more = Images::new(&bands(1, 3));
    assert!(more.append(&Pack::new("x", 2, 2, vec![0], vec![0; 4]).expect("a pack")).is_err());
    assert_eq!(more.n(), 3);
    more.append(&bands(2, 5)).expect("the same size");
    assert_eq!((more.n(), more.pixels(3)), (8, bands(2, 5).image(0)));
    let mut trainer = trained(&spec, &recipe(), 1).0;
    assert!(trainer.score(&more, 0..9).is_err());
}

#[test]
fn a_standard_makes_mean_0_and_variance_1() {
    let pack = bands(4, 50);
    let standard = Standard::of(pack.pixels());
    let numbers: Vec<f64> = pack.pixels().iter().map(|p| f64::from(number(&standard, *p))).collect();
    let mean = numbers.iter().sum::<f64>() / numbers.len() as f64;
    let square = numbers.iter().map(|x| x * x).sum::<f64>() / numbers.len() as f64;
    assert!(mean.abs() < 1e-6 && (square - 1.0).abs() < 1e-6, "{mean}, {square}");
    assert_eq!(Standard::of(&[9, 9]).deviation, 1.0);
    assert_eq!(Standard::of(&[]), Standard { mean: 0.0, deviation: 1.0 });
}
