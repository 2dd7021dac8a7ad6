//! The same training from other seeds, for what of it is chance.

use std::collections::BTreeMap;
use std::sync::Arc;

use ::training::{Step, Trainer};
use serde::{Deserialize, Serialize};

use super::settings::TrainingKey;
use super::training::{ALL, FEW, TESTED_EVERY, Training};
use crate::job::{Core, JobError};
use crate::kit::{Kept, LoadedSet, Part, Scene, Source, Sweep};
use crate::parts;
use crate::statistics::mean_and_sd;

/// Steps of a part.
const ROUND: u64 = 100;

/// What the trainings of other seeds have shown, by seed, for a training whose own seed is taken for 0.
pub(super) type Others = Sweep<TrainingKey, u64, Course>;

/// What a training has shown on its way.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Course {
    /// The mean loss of each step's batch.
    pub(super) losses: Vec<f32>,
    /// Shares of the first test images that are classified wrongly, by step.
    pub(super) tested: BTreeMap<u64, f64>,
    is_diverged: bool,
}

impl Course {
    fn steps(&self) -> u64 {
        self.losses.len() as u64
    }

    fn joined(mut self, next: Self) -> Self {
        self.losses.extend(next.losses);
        self.tested.extend(next.tested);
        Self { is_diverged: next.is_diverged, ..self }
    }
}

/// Trains as many other nets as are compared on the images that are there, up to the chosen step; `show` shows what there is of them.
pub(super) async fn train(
    others: &mut Others,
    key: &TrainingKey,
    (nets, steps): (u64, u64),
    scene: &mut Scene<'_>,
    show: impl FnMut(&Others, &mut Scene<'_>) -> Result<(), JobError>,
) -> Result<(), JobError> {
    let seeds: Vec<u64> = (1..nets).map(|k| key.recipe.seed.wrapping_add(k)).collect();
    let others = others.of(key.with_seed(0));
    others.retain(|seed| seeds.contains(seed));
    let rank = |_: &u64, course: Option<&Course>| match course {
        Some(course) if course.is_diverged || course.steps() >= steps => None,
        course => Some(course.map_or(0, Course::steps)),
    };
    let part = |seed: &u64, course: Option<&Course>| {
        let from = course.map_or(0, Course::steps);
        SeedPart { key: key.with_seed(*seed), from, to: steps.min(from + ROUND) }
    };
    let join = |course: Option<Course>, next| course.unwrap_or_default().joined(next);
    others.train(scene, seeds.clone(), rank, part, join, show).await
}

/// What is there of other nets that are trained as this one.
pub(super) fn of<'a>(others: &'a Others, key: &TrainingKey) -> Vec<&'a Course> {
    let is_of = others.origin() == Some(&key.with_seed(0));
    let others = others.found().iter().filter(|(seed, _)| is_of && **seed != key.recipe.seed);
    others.map(|(_, course)| course).collect()
}

/// The standard deviation over all nets of their test errors at the last step at which this one was tested, or why there is none.
pub(super) fn deviation(training: &Training, others: &[&Course], nets: u64) -> Result<f64, &'static str> {
    if nets < 2 {
        return Err("one net has none");
    }
    let (last, error) = training.tested.range(..=training.state().step()).next_back().ok_or("not tested yet")?;
    let of_others: Option<Vec<f64>> = others.iter().map(|course| course.tested.get(last).copied()).collect();
    match of_others {
        Some(errors) if errors.len() as u64 + 1 == nets => Ok(mean_and_sd(&[errors, vec![*error]].concat()).1),
        None if others.iter().any(|course| course.is_diverged) => Err("a net has diverged"),
        _ => Err("being computed"),
    }
}

/// Some steps of one training.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct SeedPart {
    key: TrainingKey,
    from: u64,
    to: u64,
}

/// What a core keeps: the images, and nets on their way, by seed.
#[derive(Default)]
pub(super) struct Nets {
    loaded: Kept<(Source, usize), LoadedSet>,
    trainers: BTreeMap<u64, (TrainingKey, Trainer)>,
}

impl Part for SeedPart {
    type Kept = Nets;
    type Answer = Course;
    const STAYS_ON_CORE: bool = true;

    async fn run(self, kept: &mut Nets, core: &mut dyn Core) -> Result<Course, JobError> {
        let Self { key, from, to } = self;
        let seed = key.recipe.seed;
        kept.trainers.retain(|_, (of, _)| of.with_seed(0) == key.with_seed(0));
        let load = async |(source, n): &(Source, usize)| LoadedSet::load(source, *n, ALL, core).await;
        let loaded = kept.loaded.get_async((key.images.clone(), key.examples), load).await?;
        if let Some(why) = loaded.notice.clone() {
            // Nets that have learnt other images are none to compare with; the next part may find these.
            kept.loaded = Kept::default();
            return Err(JobError::Failed(format!("The other nets have nothing to learn. {why}")));
        }
        let on_its_way = kept.trainers.remove(&seed).filter(|(_, trainer)| trainer.state().step() <= from);
        let mut trainer = match on_its_way {
            Some((_, trainer)) => trainer,
            None => key.trainer(loaded)?,
        };
        let before = trainer.state().clone();
        let course = course(&mut trainer, from, to, loaded, core).await;
        if course.is_err() {
            trainer.set_state(before);
        }
        kept.trainers.insert(seed, (key, trainer));
        course
    }
}

/// Goes to `from`, and on to `to` with what is seen on the way.
async fn course(
    trainer: &mut Trainer,
    from: u64,
    to: u64,
    loaded: &LoadedSet,
    core: &mut dyn Core,
) -> Result<Course, JobError> {
    let mut course = Course::default();
    let test = Arc::clone(&loaded.test);
    while trainer.state().step() < to {
        core.checkpoint().await?;
        let Step::Done { loss, .. } = trainer.step()? else {
            course.is_diverged = true;
            break;
        };
        let at = trainer.state().step();
        if at > from {
            course.losses.push(loss as f32);
            if at.is_multiple_of(TESTED_EVERY) {
                course.tested.insert(at, trainer.score(&test, 0..FEW.min(test.n()))?.error());
            }
        }
    }
    Ok(course)
}

parts!(
    /// What does the parts.
    pub FilterParts(Nets): SeedPart
);
