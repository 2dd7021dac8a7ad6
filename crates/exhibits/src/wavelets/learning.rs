//! Filters on their way, and what Gabor functions make of them.

use nets::sparse::{Coded, Dictionary};
use random::Stream;
use serde::{Deserialize, Serialize};
use theory::fourier::Fourier;
use theory::gabor::{Gabor, GaborFit, nearest_gabor};

use super::discriminator::{Classifier, Discriminator, Told};
use super::patches::{BATCH, Patches};
use super::settings::LearningKey;
use crate::job::{Checkpoint as _, Core, JobError};
use crate::kit::{Part, Scene, Sweep, Track};

/// Steps between kept states.
const KEPT_EVERY: u64 = 10;
/// Filters of each kind that are fitted at most.
const MOST_FITTED: usize = 64;

/// What has learnt for some steps, in numbers.
trait State: Clone {
    fn steps(&self) -> u64;

    /// The filters `[units, side, side]`, and for a net what comes behind them.
    fn numbers(&self) -> &[f32];
}

impl State for Dictionary {
    fn steps(&self) -> u64 {
        self.steps()
    }

    fn numbers(&self) -> &[f32] {
        self.atoms()
    }
}

impl State for Classifier {
    fn steps(&self) -> u64 {
        self.steps()
    }

    fn numbers(&self) -> &[f32] {
        self.parameters()
    }
}

/// A state on its way.
struct Course<S> {
    now: S,
    track: Track<S>,
}

impl<S: State> Course<S> {
    fn new(first: S) -> Self {
        Self { now: first.clone(), track: Track::new(first, KEPT_EVERY) }
    }

    /// The state from which `steps` are reached soonest, and its step; none once it is there.
    fn towards(&mut self, steps: u64) -> Option<(&mut S, u64)> {
        let (nearest, state) = self.track.up_to(steps);
        if self.now.steps() > steps || self.now.steps() < nearest {
            self.now = state.clone();
        }
        let at = self.now.steps();
        (at < steps).then_some((&mut self.now, at))
    }

    fn keep(&mut self) {
        self.track.keep(self.now.steps(), &self.now);
    }
}

/// What learns.
enum Learning {
    /// Patterns of which patches are made, at a price of activity.
    Sparse { lambda: f64, course: Course<Dictionary> },
    /// A net that tells patches from noise.
    Conv { net: Box<Discriminator>, course: Course<Classifier> },
}

/// Filters that learn.
pub(super) struct Learner {
    learning: Learning,
    /// Of each step's batch, before the step. Of sparse coding: the share of energy that is explained, and that of coefficients
    /// that are not 0. Of a net: the share that is told rightly, and the cross-entropy.
    pub(super) curve: Vec<(f64, f64)>,
    pub(super) units: usize,
    /// Of a filter.
    pub(super) side: usize,
    fourier: Fourier,
    /// Of the filters as they were drawn.
    drawn_frequencies: Vec<BestFrequency>,
}

/// The plane wave to which a filter responds most, as [`Fourier::best_frequency`] gives it.
pub(super) type BestFrequency = Option<[f64; 2]>;

impl Learner {
    pub(super) fn new(key: &LearningKey) -> Result<Self, JobError> {
        let &LearningKey { units, side, .. } = key;
        let stream = Stream::new(key.patches.seed, "filters");
        let learning = match key.lambda {
            Some(lambda) => {
                let drawn = Dictionary::drawn(units, side * side, stream)?;
                Learning::Sparse { lambda, course: Course::new(drawn) }
            }
            None => {
                let net = Box::new(Discriminator::new(units, side, BATCH)?);
                Learning::Conv { course: Course::new(net.drawn(stream)?), net }
            }
        };
        let mut learner = Self {
            learning,
            curve: Vec::new(),
            units,
            side,
            fourier: Fourier::for_best(side, side),
            drawn_frequencies: Vec::new(),
        };
        learner.drawn_frequencies = learner.best_frequencies();
        Ok(learner)
    }

    pub(super) fn steps(&self) -> u64 {
        match &self.learning {
            Learning::Sparse { course, .. } => course.now.steps(),
            Learning::Conv { course, .. } => course.now.steps(),
        }
    }

    /// All numbers that have learnt.
    fn numbers(&self) -> &[f32] {
        match &self.learning {
            Learning::Sparse { course, .. } => course.now.numbers(),
            Learning::Conv { course, .. } => course.now.numbers(),
        }
    }

    /// The filters `[units, side, side]`.
    pub(super) fn filters(&self) -> &[f32] {
        &self.numbers()[..self.units * self.side * self.side]
    }

    /// All numbers of the net behind its filters; nothing of sparse coding.
    pub(super) fn behind(&self) -> &[f32] {
        &self.numbers()[self.units * self.side * self.side..]
    }

    /// The filters as they were drawn.
    pub(super) fn drawn(&self) -> &[f32] {
        let numbers = match &self.learning {
            Learning::Sparse { course, .. } => course.track.first().numbers(),
            Learning::Conv { course, .. } => course.track.first().numbers(),
        };
        &numbers[..self.units * self.side * self.side]
    }

    /// Filters as numbers of double precision.
    pub(super) fn in_f64<'a>(&self, filters: &'a [f32]) -> impl Iterator<Item = Vec<f64>> + use<'a> {
        filters.chunks_exact(self.side * self.side).map(|filter| filter.iter().copied().map(f64::from).collect())
    }

    /// The best frequencies of the filters.
    pub(super) fn best_frequencies(&self) -> Vec<BestFrequency> {
        self.in_f64(self.filters()).map(|filter| self.fourier.best_frequency(&filter)).collect()
    }

    /// The same of the filters as they were drawn.
    pub(super) fn drawn_frequencies(&self) -> &[BestFrequency] {
        &self.drawn_frequencies
    }

    /// A step nearer to `steps`; false once it is there.
    pub(super) async fn approach(
        &mut self,
        steps: u64,
        patches: &Patches,
        scene: &mut Scene<'_>,
    ) -> Result<bool, JobError> {
        scene.checkpoint().await?;
        let (at, seen) = match &mut self.learning {
            Learning::Sparse { lambda, course } => {
                let Some((dictionary, at)) = course.towards(steps) else { return Ok(false) };
                let Coded { explained, active, .. } = dictionary.learn(&patches.batch(at)?, *lambda)?;
                course.keep();
                (at, (explained, active))
            }
            Learning::Conv { net, course } => {
                let Some((state, at)) = course.towards(steps) else { return Ok(false) };
                let Told { right, loss } = net.learn(state, [&patches.batch(at)?, &patches.noise(at)])?;
                course.keep();
                (at, (right, loss))
            }
        };
        if self.curve.len() as u64 == at {
            self.curve.push(seen);
        }
        Ok(true)
    }

    /// How it does on patches that it has not seen.
    pub(super) fn tested(&mut self, patches: &Patches) -> Result<Verdict, JobError> {
        let test = &patches.test[1];
        match &mut self.learning {
            Learning::Sparse { lambda, course } => Ok(Verdict::Coded(course.now.code(test, *lambda)?)),
            Learning::Conv { net, course } => {
                let noise = patches.test_noise();
                let n = BATCH * patches.dim();
                let mut right = 0.0;
                for both in test.chunks(n).zip(noise.chunks(n)) {
                    right += net.told(&course.now, [both.0, both.1])?.right * both.0.len() as f64;
                }
                Ok(Verdict::Told { right: right / test.len() as f64, noise })
            }
        }
    }
}

/// How filters do on patches of the test.
pub(super) enum Verdict {
    /// How patches are written.
    Coded(Coded),
    /// The share of patches and noise that is told rightly, and that noise.
    Told { right: f64, noise: Vec<f32> },
}

/// Which filters are fitted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum FilterKind {
    /// Those that have learnt.
    Learnt,
    /// As they were drawn.
    Random,
    /// Those that have learnt, with their pixels in random order.
    Shuffled,
}

/// The filters of a kind that are fitted, in order.
pub(super) fn fitted_filters(kind: FilterKind, learner: &Learner, seed: u64) -> Vec<Vec<f64>> {
    let of = if kind == FilterKind::Random { learner.drawn() } else { learner.filters() };
    let mut filters: Vec<_> = learner.in_f64(of).take(MOST_FITTED).collect();
    if kind == FilterKind::Shuffled {
        let mut cursor = Stream::new(seed, "shuffled pixels").cursor();
        filters.iter_mut().for_each(|filter| cursor.shuffle(filter));
    }
    filters
}

/// Fits of filters by kind and place.
pub(super) type Fits<O> = Sweep<O, (FilterKind, usize), Fit>;

/// The fits of a kind that are there, in order.
pub(super) fn fits_of<O: PartialEq>(fits: &Fits<O>, kind: FilterKind) -> Vec<GaborFit> {
    fits.found().range((kind, 0)..=(kind, usize::MAX)).map(|(_, fit)| fit.to_fit()).collect()
}

/// Finds the Gabor function that is nearest to a filter.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct FitPart {
    pub(super) filter: Vec<f64>,
    pub(super) columns: u32,
}

impl Part for FitPart {
    type Kept = ();
    type Answer = Fit;

    async fn run(self, _kept: &mut (), _core: &mut dyn Core) -> Result<Fit, JobError> {
        let GaborFit { gabor: g, r2 } = nearest_gabor(&self.filter, self.columns as usize);
        Ok(Fit([g.x_0, g.y_0, g.theta, g.sigma_u, g.sigma_v, g.frequency, g.a, g.b], r2))
    }
}

/// A fit on its way between cores.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Fit([f64; 8], f64);

impl Fit {
    fn to_fit(&self) -> GaborFit {
        let [x_0, y_0, theta, sigma_u, sigma_v, frequency, a, b] = self.0;
        GaborFit { gabor: Gabor { x_0, y_0, theta, sigma_u, sigma_v, frequency, a, b }, r2: self.1 }
    }
}
