use std::future::Future;
use std::pin::pin;
use std::task::{Context, Waker};

use nets::engine::rules::Optimiser;
use nets::mlp::{Loss, Recipe, Step, Trainer};
use random::Stream;
use theory::Activation;

use super::*;
use crate::checks;

/// Members of a shape, what they are trained on, and in which order.
struct Case {
    widths: Vec<usize>,
    activation: Activation,
    sgd: Sgd,
    n_members: usize,
    parameters: Vec<f32>,
    inputs: Vec<f32>,
    labels: Vec<u32>,
    batches: Vec<u32>,
}

/// Nets of `sigma_w` from 1.0 on, in steps of 0.02: the twelve of depth 20 stay below the critical 1.31 at `sigma_b` 0.2,
/// beyond which rounding grows with depth and from step to step. Examples repeat within a batch.
fn case(widths: &[usize], activation: Activation, batch: usize, n_members: usize, n_steps: usize) -> Case {
    let n_rows = 150;
    let shape = nets::mlp::Shape::new(widths, activation).unwrap();
    let net = |k: usize| {
        let stream = Stream::new(3, "members").child(k as u64);
        nets::mlp::Mlp::random(shape.clone(), 1.0 + 0.02 * k as f64, 0.2, stream).parameters().to_vec()
    };
    let classes = widths[widths.len() - 1] as u32;
    Case {
        widths: widths.to_vec(),
        activation,
        sgd: Sgd { learning_rate: 0.1, batch },
        n_members,
        parameters: (0..n_members).flat_map(net).collect(),
        inputs: checks::drawn("x", n_rows * widths[0]),
        labels: (0..n_rows as u32).map(|i| i * i % classes).collect(),
        batches: (0..(n_steps * batch) as u32).map(|k| k.wrapping_mul(2_654_435_761) >> 7).map(|k| k % 150).collect(),
    }
}

impl Case {
    fn mlp(&self) -> Mlp<'_> {
        Mlp { widths: &self.widths, activation: self.activation }
    }

    fn examples(&self) -> Examples<'_> {
        Examples { inputs: &self.inputs, labels: &self.labels }
    }

    fn on_cpu(&self) -> MlpTrainingOnCpu {
        MlpTrainingOnCpu::new(&self.mlp(), &self.sgd, &self.parameters, &self.examples()).unwrap()
    }

    fn on_gpu<'g>(&self, gpu: &'g Gpu) -> MlpTraining<&'g Gpu> {
        let (mlp, examples) = (self.mlp(), self.examples());
        pollster::block_on(MlpTraining::new(gpu, &mlp, &self.sgd, &self.parameters, &examples)).unwrap()
    }

    fn within<'g>(&self, gpu: &'g Gpu, limit_bytes: u64) -> Result<MlpTraining<&'g Gpu>, KernelError> {
        let (mlp, examples) = (self.mlp(), self.examples());
        pollster::block_on(MlpTraining::within(gpu, &mlp, &self.sgd, &self.parameters, &examples, limit_bytes))
    }

    /// The parameters and scores after all steps, of a `nets` trainer for each member.
    fn of_nets(&self) -> (Vec<f32>, Vec<TrainingScore>) {
        let recipe = Recipe {
            sigma_w: 1.0,
            sigma_b: 0.0,
            loss: Loss::CrossEntropy,
            optimiser: Optimiser::sgd(self.sgd.learning_rate),
            batch: self.sgd.batch,
        };
        let shape = nets::mlp::Shape::new(&self.widths, self.activation).unwrap();
        let examples =
            nets::mlp::Examples::with_classes(self.widths[0], self.inputs.clone(), self.labels.clone()).unwrap();
        let mut trainer = Trainer::new(shape.clone(), recipe, Stream::new(1, "unused")).unwrap();
        let (mut parameters, mut scores) = (Vec::new(), Vec::new());
        for member in self.parameters.chunks_exact(shape.n_parameters()) {
            trainer.set_parameters(member).unwrap();
            for batch in self.batches.chunks(self.sgd.batch) {
                let indices: Vec<usize> = batch.iter().map(|e| *e as usize).collect();
                let _: Step = trainer.step_on(&examples, &indices).unwrap();
            }
            parameters.extend_from_slice(trainer.net().parameters());
            let nets::mlp::Score { loss, accuracy } = trainer.score(&examples).unwrap();
            scores.push(TrainingScore { score: Score { loss, accuracy }, is_diverged: trainer.is_diverged() });
        }
        (parameters, scores)
    }

    /// A gradient errs by 1e-6 of its layer's largest for each layer that its signal passes, there and back, and what a
    /// member has moved errs alike; the parameter itself is rounded once a step.
    fn assert_parameters(&self, what: &str, got: &[f32], want: &[f32]) {
        let n = self.parameters.len() / self.n_members.max(1);
        let n_layers = (self.widths.len() - 1) as f64;
        let n_steps = (self.batches.len() / self.sgd.batch) as f64;
        for (k, ((got, want), first)) in got.chunks(n).zip(want.chunks(n)).zip(self.parameters.chunks(n)).enumerate() {
            let moved = want.iter().zip(first).map(|(a, b)| f64::from(a - b).abs()).fold(0.0, f64::max);
            checks::assert_close(&format!("{what}, member {k}"), got, want, |i| {
                2e-6 * n_layers * moved + 6e-8 * n_steps * f64::from(first[i]).abs()
            });
        }
        assert_eq!(got.len(), want.len(), "{what}");
    }

    /// 1e-5: logits are of size 1 to 5 and err by 1e-6 of that. One example may be within rounding of two classes.
    fn assert_scores(&self, what: &str, got: &[TrainingScore], want: &[TrainingScore]) {
        assert_eq!(got.len(), want.len(), "{what}");
        for (k, (got, want)) in got.iter().zip(want).enumerate() {
            assert_eq!(got.is_diverged, want.is_diverged, "{what}, member {k}");
            let (got, want) = (got.score, want.score);
            assert!((got.loss - want.loss).abs() <= 1e-5, "{what}, member {k}: {got:?} {want:?}");
            let one = 1.0 / self.labels.len() as f64;
            assert!((got.accuracy - want.accuracy).abs() <= 1.01 * one, "{what}, member {k}: {got:?} {want:?}");
        }
    }
}

/// No hidden layer; one; shapes around the tiles of 16, 32 and 64; depth 20; every kind of activation. Batches of 1, around
/// the blocks of 4, 16 and 32, and beyond 64; one member and many.
fn cases() -> Vec<Case> {
    vec![
        case(&[1, 1], Activation::Tanh, 1, 1, 3),
        case(&[20, 4], Activation::Tanh, 5, 2, 6),
        case(&[30, 10, 10], Activation::Tanh, 32, 1, 10),
        case(&[15, 63, 16], Activation::Gelu, 31, 3, 8),
        case(&[16, 64, 64, 2], Activation::Erf, 33, 2, 8),
        case(&[17, 65, 65, 3], Activation::Sigmoid, 64, 2, 8),
        case(&[65, 130, 7, 129, 5], Activation::Softplus, 100, 2, 5),
        case(&[40, 33, 33, 33, 10], Activation::Silu, 16, 2, 8),
        case(&[10, 12, 3], Activation::Sin, 3, 2, 5),
        case(&[10, 12, 3], Activation::Linear, 15, 50, 5),
        case(&[[50].as_slice(), &[24; 20], &[10]].concat(), Activation::Tanh, 32, 12, 10),
    ]
}

fn name(case: &Case) -> String {
    format!("{:?}, {:?}, batch {}", case.widths, case.activation, case.sgd.batch)
}

#[test]
fn the_cpu_is_nets() {
    for case in cases() {
        let mut training = case.on_cpu();
        training.advance(&case.batches).unwrap();
        let (parameters, scores) = case.of_nets();
        case.assert_parameters(&name(&case), training.parameters(), &parameters);
        case.assert_scores(&name(&case), &training.scores(usize::MAX).unwrap(), &scores);
    }
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_is_nets_and_the_twin() {
    let gpu = checks::gpu();
    for case in cases() {
        let mut training = case.on_gpu(&gpu);
        let mut twin = case.on_cpu();
        pollster::block_on(training.advance(&case.batches)).unwrap();
        twin.advance(&case.batches).unwrap();
        assert_eq!(training.steps(), (case.batches.len() / case.sgd.batch) as u64);
        let (parameters, scores) = case.of_nets();
        let got = pollster::block_on(training.parameters()).unwrap();
        case.assert_parameters(&name(&case), &got, &parameters);
        case.assert_parameters(&name(&case), &got, twin.parameters());
        let got = pollster::block_on(training.scores(usize::MAX)).unwrap();
        case.assert_scores(&name(&case), &got, &scores);
        // The first few only, and all again.
        let few = pollster::block_on(training.scores(40)).unwrap();
        case.assert_scores(&name(&case), &few, &twin.scores(40).unwrap());
        assert_eq!(pollster::block_on(training.scores(150)).unwrap(), got);
    }
}

/// Training does what it is for.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_members_learn() {
    let gpu = checks::gpu();
    // More steps than are on the device at a time.
    let case = case(&[20, 30, 30, 3], Activation::Tanh, 16, 4, STEPS_AT_A_TIME + 45);
    let mut training = case.on_gpu(&gpu);
    let before = pollster::block_on(training.scores(150)).unwrap();
    pollster::block_on(training.advance(&case.batches)).unwrap();
    let after = pollster::block_on(training.scores(150)).unwrap();
    for (before, after) in before.iter().zip(&after) {
        assert!(after.score.loss < 0.5 * before.score.loss && after.score.accuracy > 0.8, "{before:?} {after:?}");
    }
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_runs_are_equal_and_parts_make_the_whole() {
    let gpu = checks::gpu();
    let case = case(&[20, 40, 40, 40, 10], Activation::Tanh, 40, 7, 6);
    let mut whole = case.on_gpu(&gpu);
    pollster::block_on(whole.advance(&case.batches)).unwrap();
    let want = pollster::block_on(whole.parameters()).unwrap();
    let scores = pollster::block_on(whole.scores(150)).unwrap();

    let mut again = case.on_gpu(&gpu);
    pollster::block_on(async {
        // In three calls, one of no steps.
        again.advance(&case.batches[..80]).await?;
        again.advance(&[]).await?;
        again.advance(&case.batches[80..]).await
    })
    .unwrap();
    assert_eq!(checks::words(&pollster::block_on(again.parameters()).unwrap()), checks::words(&want));
    assert_eq!(pollster::block_on(again.scores(150)).unwrap(), scores);

    // Room for two members, or a few, in a pass, and for one in a measurement.
    let scratch = whole.work.scratch_bytes();
    let limit = 4 * case.parameters.len() as u64 + 2 * 2 * scratch;
    let mut parts = case.within(&gpu, limit).unwrap();
    assert_eq!(parts.group, 2);
    pollster::block_on(parts.advance(&case.batches)).unwrap();
    assert_eq!(checks::words(&pollster::block_on(parts.parameters()).unwrap()), checks::words(&want));
    assert_eq!(pollster::block_on(parts.scores(150)).unwrap(), scores);
    let error = case.within(&gpu, limit / 4).unwrap_err();
    assert!(error.to_string().contains("bytes for the parameters of all nets"), "{error}");
}

/// Members that overflow in a logit, in a parameter, and one whose weights were infinite from the start.
fn with_diverging() -> Case {
    let mut case = case(&[20, 40, 40, 10], Activation::Linear, 10, 6, 12);
    let n = case.parameters.len() / 6;
    // Logits beyond f32's range at once; gradients that grow until they are.
    case.parameters[n..2 * n].iter_mut().for_each(|w| *w *= 1e14);
    case.parameters[3 * n..4 * n].iter_mut().for_each(|w| *w *= 30.0);
    case.parameters[4 * n..5 * n].fill(f32::INFINITY);
    case
}

fn check_diverging(case: &Case, scores: &[TrainingScore], parameters: &[f32]) {
    let (of_nets, _) = case.of_nets();
    let n = parameters.len() / 6;
    let member = |all: &[f32], k: usize| all[k * n..(k + 1) * n].to_vec();
    let diverged: Vec<bool> = scores.iter().map(|s| s.is_diverged).collect();
    assert_eq!(diverged, [false, true, false, true, true, false]);
    assert!(scores.iter().all(|s| s.score.loss >= 0.0 && (0.0..=1.0).contains(&s.score.accuracy)), "{scores:?}");
    assert_eq!(member(parameters, 1), member(&case.parameters, 1), "before the first step");
    assert!(member(parameters, 3).iter().all(|w| w.is_finite()));
    for k in [0, 2, 5] {
        let (got, want) = (member(parameters, k), member(&of_nets, k));
        let moved = want.iter().zip(&member(&case.parameters, k)).map(|(a, b)| (a - b).abs()).fold(0.0, f32::max);
        checks::assert_close("others", &got, &want, |_| 1e-4 * f64::from(moved));
    }
}

#[test]
fn diverged_members_are_marked_and_leave_the_others_alone() {
    let case = with_diverging();
    let mut training = case.on_cpu();
    training.advance(&case.batches).unwrap();
    check_diverging(&case, &training.scores(150).unwrap(), training.parameters());
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_diverged_members_are_marked_and_leave_the_others_alone() {
    let gpu = checks::gpu();
    let diverging = with_diverging();
    let mut training = diverging.on_gpu(&gpu);
    pollster::block_on(training.advance(&diverging.batches)).unwrap();
    let parameters = pollster::block_on(training.parameters()).unwrap();
    check_diverging(&diverging, &pollster::block_on(training.scores(150)).unwrap(), &parameters);

    // The others, to the last bit, are what they are among healthy members.
    let healthy = case(&[20, 40, 40, 10], Activation::Linear, 10, 6, 12);
    let mut alone = healthy.on_gpu(&gpu);
    pollster::block_on(alone.advance(&healthy.batches)).unwrap();
    let want = pollster::block_on(alone.parameters()).unwrap();
    let n = want.len() / 6;
    for k in [0, 2, 5] {
        assert_eq!(parameters[k * n..(k + 1) * n], want[k * n..(k + 1) * n], "member {k}");
    }
    // Diverged members stay where they are, in two runs alike.
    let mut again = diverging.on_gpu(&gpu);
    for batches in diverging.batches.chunks(40) {
        pollster::block_on(again.advance(batches)).unwrap();
    }
    pollster::block_on(training.advance(&diverging.batches)).unwrap();
    let later = pollster::block_on(training.parameters()).unwrap();
    for k in [1, 3, 4] {
        let of_member = |all: &[f32]| checks::words(&all[k * n..(k + 1) * n]);
        assert_eq!(of_member(&later), of_member(&parameters), "member {k}");
        assert_eq!(of_member(&pollster::block_on(again.parameters()).unwrap()), of_member(&parameters), "member {k}");
    }
}

#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_takes_no_members_and_no_steps() {
    let gpu = checks::gpu();
    let none = Case { n_members: 0, parameters: Vec::new(), ..case(&[4, 3, 2], Activation::Tanh, 8, 1, 2) };
    let mut training = none.on_gpu(&gpu);
    assert_eq!(training.n_members(), 0);
    pollster::block_on(training.advance(&none.batches)).unwrap();
    assert!(pollster::block_on(training.scores(10)).unwrap().is_empty());
    assert!(pollster::block_on(training.parameters()).unwrap().is_empty());
    let some = case(&[4, 3, 2], Activation::Tanh, 8, 2, 0);
    let mut training = some.on_gpu(&gpu);
    pollster::block_on(training.advance(&[])).unwrap();
    assert_eq!(pollster::block_on(training.parameters()).unwrap(), some.parameters);
    assert_eq!(training.steps(), 0);
}

/// The device goes within a call: the call ends with the reason, and so do all later ones.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_destroyed_within_a_call_is_an_error() {
    let gpu = checks::gpu();
    let case = case(&[100, 64, 64, 64, 10], Activation::Tanh, 64, 40, 60);
    let mut training = case.on_gpu(&gpu);
    {
        let mut call = pin!(training.advance(&case.batches));
        let mut context = Context::from_waker(Waker::noop());
        assert!(call.as_mut().poll(&mut context).is_pending(), "the work is too small for this test");
        gpu.destroy();
        let error = pollster::block_on(call).unwrap_err();
        assert!(matches!(error, KernelError::Lost { .. }), "{error}");
    }
    let error = pollster::block_on(training.scores(10)).unwrap_err();
    assert_eq!(error.to_string(), "The graphics device was lost: it was given up");
    assert!(pollster::block_on(training.advance(&case.batches)).is_err());
}

/// A newer request drops the older future; a training begun afterwards is as if it had not been.
#[test]
#[ignore = "needs a Vulkan adapter"]
fn gpu_calls_can_be_dropped() {
    let gpu = checks::gpu();
    let large = case(&[100, 64, 64, 64, 10], Activation::Tanh, 64, 40, 60);
    let small = case(&[20, 40, 10], Activation::Tanh, 10, 3, 4);
    let run = || {
        let mut training = small.on_gpu(&gpu);
        pollster::block_on(training.advance(&small.batches)).unwrap();
        pollster::block_on(training.parameters()).unwrap()
    };
    let want = run();
    let mut training = large.on_gpu(&gpu);
    {
        let mut call = pin!(training.advance(&large.batches));
        let mut context = Context::from_waker(Waker::noop());
        assert!(call.as_mut().poll(&mut context).is_pending(), "the work is too small for this test");
    }
    assert_eq!(run(), want);
    // What was dropped can still be measured.
    let scores = pollster::block_on(training.scores(10)).unwrap();
    assert!(scores.iter().all(|s| s.score.loss.is_finite() && !s.is_diverged));
}

#[test]
fn wrong_sizes_are_named() {
    let case = case(&[4, 3, 2], Activation::Tanh, 8, 2, 2);
    let error = |sgd: Sgd, parameters: &[f32], examples: &Examples<'_>| {
        MlpTrainingOnCpu::new(&case.mlp(), &sgd, parameters, examples).unwrap_err().to_string()
    };
    let all = &case.parameters[..];
    let few = Examples { inputs: &case.inputs[1..], labels: &case.labels };
    for (said, says) in [
        (error(case.sgd, &all[1..], &case.examples()), "the training of many nets: expected 23 parameters, got 45"),
        (error(case.sgd, all, &few), "expected 600 numbers in the examples, got 599"),
        (error(Sgd { batch: 0, ..case.sgd }, all, &case.examples()), "expected 1 examples in a batch, got 0"),
        (
            error(Sgd { learning_rate: f64::NAN, ..case.sgd }, all, &case.examples()),
            "the learning rate must be in [0, 1e30], got NaN",
        ),
        (error(Sgd { batch: 1 << 25, ..case.sgd }, all, &case.examples()), "at most 1048576 examples in a batch"),
        (error(Sgd { learning_rate: -1.0, ..case.sgd }, all, &case.examples()), "got -1"),
    ] {
        assert!(said.contains(says), "{said}, not {says}");
    }
    let wide: &[usize] = &[1, 70, 1];
    let mlp = Mlp { widths: wide, ..case.mlp() };
    let examples = Examples { inputs: &[1.0], labels: &[0] };
    let large = Sgd { batch: 1 << 20, ..case.sgd };
    let said = MlpTrainingOnCpu::new(&mlp, &large, &[], &examples).unwrap_err().to_string();
    assert!(said.contains("at most 67108864 numbers in a batch of one net, got 74448896"), "{said}");
    let mut training = case.on_cpu();
    let said = training.advance(&case.batches[..9]).unwrap_err().to_string();
    assert!(said.contains("expected 8 examples in whole batches, got 9"), "{said}");
    let said = training.advance(&[0, 0, 0, 150, 0, 0, 0, 0]).unwrap_err().to_string();
    assert!(said.contains("at most 150 examples to number, got 151"), "{said}");
    let said = training.scores(0).unwrap_err().to_string();
    assert!(said.contains("expected 1 examples to measure, got 0"), "{said}");
    assert_eq!(training.parameters(), case.parameters);
}
