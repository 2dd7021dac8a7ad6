//! Whether training finds the sawtooth that the same net can be.

use figures::{Axis, Chart, Figure, Role};
use nets::mlp::{Examples, Loss, Mlp, Recipe, Saved, Shape, Trainable as _, Trainer};
use random::Stream;
use serde::{Deserialize, Serialize};
use theory::Activation;
use theory::sawtooth::tent_power;

use super::settings::{Settings, optimiser};
use super::words::count;
use crate::job::{Core, JobError};
use crate::kit::{Part, Rounds, Rule, Sweep, rms_error, train_round};
use crate::statistics::mean_and_sd;

/// After each the nets are measured and shown.
pub(super) const ROUNDS: u64 = 16;
/// Depths that are tried, at most.
const MAX_K: u32 = 8;
/// Nets of each depth.
const COPIES: u64 = 5;
pub(super) const BATCH: usize = 64;
/// Examples for each tooth, and at least.
const EXAMPLES_PER_PIECE: usize = 16;
const LEAST_EXAMPLES: usize = 256;
pub(super) const SIGMA_W: f64 = std::f64::consts::SQRT_2;
/// Of the biases at first: without them every unit turns at 0.
pub(super) const SIGMA_B: f64 = 0.5;
/// The root mean square distance of m^k from its mean 1/2.
const CONSTANT: f64 = 0.288_675_134_594_812_9;
/// A net beyond this error has learnt nothing, it has blown up.
const MOST_ERROR: f64 = 100.0;
/// Places at which the best net is drawn.
const DRAWN: usize = 257;

/// What the training of every net depends on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Lesson {
    width: usize,
    steps: u64,
    rule: Rule,
    seed: u64,
}

/// Nets by their depth and number.
pub(super) type Trained = Sweep<Lesson, (u32, u64), Rounds>;

impl Lesson {
    pub(super) fn of(settings: &Settings) -> Self {
        Self { width: settings.width, steps: settings.steps, rule: settings.optimiser, seed: settings.seed }
    }

    /// k hidden layers.
    fn shape(&self, k: u32) -> Result<Shape, JobError> {
        let mut widths = vec![self.width; k as usize + 2];
        widths[0] = 1;
        widths[k as usize + 1] = 1;
        Ok(Shape::new(&widths, Activation::Relu)?)
    }

    /// A net of k layers as it is, and after how many steps.
    pub(super) fn net(&self, k: u32, rounds: &Rounds) -> Option<(Mlp, u64)> {
        let saved = rounds.saved.as_ref()?;
        Some((Mlp::new(self.shape(k).ok()?, saved.parameters.clone()).ok()?, saved.steps))
    }
}

/// The part that is one round of one net, from where the round before left it.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Round {
    pub(super) lesson: Lesson,
    /// Depth and number of the net.
    pub(super) net: (u32, u64),
    pub(super) saved: Option<Saved>,
}

impl Part for Round {
    type Kept = ();
    type Answer = Rounds;

    async fn run(self, (): &mut (), core: &mut dyn Core) -> Result<Rounds, JobError> {
        let Self { lesson, net: (k, copy), saved } = self;
        let n = n_examples(k);
        let x: Vec<f32> = (0..n).map(|i| (i as f32 + 0.5) / n as f32).collect();
        let y = x.iter().map(|&x| tent_power(k, f64::from(x)).unwrap_or(0.0) as f32).collect();
        let examples = Examples::with_numbers(n, 1, x, 1, y)?;
        let (loss, optimiser) = (Loss::SquaredError, optimiser(lesson.rule));
        let recipe = Recipe { sigma_w: SIGMA_W, sigma_b: SIGMA_B, loss, optimiser, batch: BATCH };
        let stream = Stream::new(lesson.seed, "sawtooth training").child(k.into()).child(copy);
        let (mut trainer, all) = (Trainer::new(lesson.shape(k)?, recipe, stream)?, (lesson.steps, ROUNDS));
        let error = |trainer: &mut Trainer| rms_error(trainer, &examples);
        let mut round = train_round(&mut trainer, saved.as_ref(), all, &examples, core, |_| Ok(()), error).await?;
        let has_blown_up = round.has_blown_up(MOST_ERROR);
        round.saved.iter_mut().for_each(|saved| saved.is_diverged = has_blown_up);
        Ok(round)
    }
}

/// Examples of m^k, at the middles of so many parts of \[0, 1\].
pub(super) fn n_examples(k: u32) -> usize {
    (EXAMPLES_PER_PIECE << k).max(LEAST_EXAMPLES)
}

fn depths(settings: &Settings) -> u32 {
    settings.k.min(MAX_K)
}

/// The nets of all depths, or of the greatest alone; those of the first number first.
pub(super) fn wanted(settings: &Settings, of_all_depths: bool) -> Vec<(u32, u64)> {
    let least = if of_all_depths { 1 } else { depths(settings) };
    (0..COPIES).flat_map(|copy| (least..=depths(settings)).map(move |k| (k, copy))).collect()
}

/// Those that have diverged.
pub(super) fn n_diverged(settings: &Settings, trained: &Trained) -> usize {
    wanted(settings, true).iter().filter(|key| trained.get(key).is_some_and(Rounds::is_diverged)).count()
}

/// The nets of one depth.
fn of_depth(k: u32) -> [(u32, u64); COPIES as usize] {
    std::array::from_fn(|copy| (k, copy as u64))
}

/// The error of a net after so many rounds; none before the first, and none of a net that has diverged.
fn error(net: &Rounds, rounds: u64) -> Option<f64> {
    net.score(rounds).filter(|_| rounds > 0 && !net.is_diverged())
}

/// The last error of a net.
pub(super) fn last_error(net: &Rounds) -> Option<f64> {
    error(net, net.done(ROUNDS))
}

/// The errors of all nets of one depth, as far as they all are.
fn errors(k: u32, trained: &Trained) -> Vec<f64> {
    let rounds = trained.done(&of_depth(k), ROUNDS).unwrap_or(0);
    of_depth(k).iter().filter_map(|key| error(trained.get(key)?, rounds)).collect()
}

/// Errors against depth.
pub(super) fn picture(settings: &Settings, trained: &Trained) -> Figure {
    let all = 1..=depths(settings);
    let found: Vec<(f64, Vec<f64>)> = all.clone().map(|k| (f64::from(k), errors(k, trained))).collect();
    let found = || found.iter().filter(|(_, errors)| !errors.is_empty());
    let spread = |(k, errors): &(f64, Vec<f64>)| {
        let (mean, sd) = mean_and_sd(errors);
        (*k, mean, sd)
    };
    let best = |(k, errors): &(f64, Vec<f64>)| (*k, errors.iter().copied().fold(f64::INFINITY, f64::min));
    let mut x = Axis::linear("layers k", 0.5, f64::from(depths(settings)) + 0.5);
    x.names = all.clone().map(|k| (f64::from(k), k.to_string())).collect();
    Chart::new("training", x, Axis::linear("root mean square error", -0.02, 0.5))
        .rule_at_y("no better than a constant", Role::Neutral, CONSTANT)
        .line("a net with error 0 exists", Role::Theory, all.map(|k| (f64::from(k), 0.0)))
        .points_with_bars(&format!("trained, {}, ± s.d.", count(COPIES, "net")), Role::Simulation, found().map(spread))
        .dashed("the best of them", Role::Simulation, found().map(best))
        .title(format!("{} a layer", count(settings.width as u64, "unit")))
        .alt("Error of trained nets against depth, beside zero, which the same nets can reach.")
        .build()
}

/// The best net of the greatest depth, beside what it was to learn.
pub(super) fn best(settings: &Settings, trained: &Trained) -> Figure {
    let k = depths(settings);
    let nets: Vec<&Rounds> = of_depth(k).iter().filter_map(|key| trained.get(key)).collect();
    let best = nets.iter().filter_map(|net| Some((last_error(net)?, net))).min_by(|a, b| a.0.total_cmp(&b.0));
    let places: Vec<f32> = (0..DRAWN).map(|i| i as f32 / (DRAWN - 1) as f32).collect();
    let outputs = best.and_then(|(_, net)| Lesson::of(settings).net(k, net)?.0.outputs_at(DRAWN, &places).ok());
    let Some(outputs) = outputs else {
        let why = if nets.is_empty() { "The nets are still in training." } else { "All of these nets have diverged." };
        return Chart::empty("trained", why).build();
    };
    let n = 1_usize << k;
    let teeth = (0..=n).map(|i| (i as f64 / n as f64, (i % 2) as f64));
    let learnt = outputs.iter().enumerate().map(|(i, y)| (i as f64 / (DRAWN - 1) as f64, f64::from(*y)));
    Chart::new("trained", Axis::linear("x", 0.0, 1.0), Axis::linear("output", -0.3, 1.3))
        .thin("to be learnt", Role::Theory, teeth)
        .line("learnt", Role::Simulation, learnt)
        .title(count(k.into(), "layer"))
        .alt("The best trained net of the greatest depth beside the sawtooth that it was to learn.")
        .build()
}
