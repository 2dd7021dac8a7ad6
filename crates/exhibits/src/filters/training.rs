//! A net on its way through training, and what was measured on it.

use std::collections::BTreeMap;
use std::sync::Arc;

use nets::engine::{Dims, LANES, Net, NodeId, Op, Pass};
use random::Stream;
use training::{Images, Recipe, Session, State, Trainer};

use super::settings::TrainingKey;
use crate::job::{Checkpoint as _, JobError};
use crate::kit::{LoadedSet, Scene};

/// Steps between kept states.
const KEPT_EVERY: u64 = 20;
/// Steps between test errors on the way.
pub(super) const TESTED_EVERY: u64 = 50;
/// Test images of those.
pub(super) const FEW: usize = 500;
/// Test images of the error at the end.
pub(super) const ALL: usize = 2000;
/// Images between two checkpoints.
pub(super) const AT_ONCE: usize = 64;

/// All that is known of one net's training.
pub(super) struct Training {
    pub(super) loaded: LoadedSet,
    pub(super) session: Session,
    pub(super) classes: usize,
    /// Shares of the first test images that are classified wrongly, by step.
    pub(super) tested: BTreeMap<u64, f64>,
}

/// What the net makes of the test images.
#[derive(Clone, Debug)]
pub(super) struct Verdicts {
    /// The class that it names for each, with the probability that it gives it.
    pub(super) named: Vec<(u8, f32)>,
    /// How strongly each of the first units responds at most to each, `[images, units]`.
    pub(super) responses: Vec<f32>,
    pub(super) units: usize,
}

impl Verdicts {
    /// Whether the net gives numbers at all.
    pub(super) fn are_finite(&self) -> bool {
        self.named.iter().all(|(_, probability)| probability.is_finite())
    }
}

impl TrainingKey {
    /// The same from another seed.
    pub(super) fn with_seed(&self, seed: u64) -> Self {
        Self { recipe: Recipe { seed, ..self.recipe.clone() }, ..self.clone() }
    }

    /// A net before its first step.
    pub(super) fn trainer(&self, loaded: &LoadedSet) -> Result<Trainer, JobError> {
        let mut images = Arc::clone(&loaded.train);
        if self.shuffled {
            let stream = Stream::new(self.recipe.seed, "order of labels");
            images = Arc::new(Images::clone(&images).with_shuffled_labels(stream));
        }
        Ok(Trainer::new(&self.spec, images, self.recipe.clone())?)
    }
}

impl Training {
    pub(super) fn new(key: &TrainingKey, mut loaded: LoadedSet) -> Result<Self, JobError> {
        let trainer = key.trainer(&loaded)?;
        loaded.train = Arc::clone(trainer.images());
        let classes = trainer.net().output().features();
        Ok(Self { loaded, session: Session::new(trainer, KEPT_EVERY), classes, tested: BTreeMap::new() })
    }

    pub(super) fn state(&self) -> &State {
        self.session.trainer().state()
    }

    pub(super) fn net(&self) -> &Net {
        self.session.trainer().net()
    }

    /// Units of the first layer.
    pub(super) fn n_first_units(&self) -> usize {
        self.net().node(first_units(self.net())).map_or(0, |node| node.dims.channels)
    }

    /// A step nearer to `steps`; false once it is there or training has diverged.
    pub(super) async fn approach(&mut self, steps: u64, scene: &mut Scene<'_>) -> Result<bool, JobError> {
        if self.session.rewind_for(steps) {
            return Ok(false);
        }
        scene.checkpoint().await?;
        self.session.step()?;
        let at = self.state().step();
        if at.is_multiple_of(TESTED_EVERY) && !self.tested.contains_key(&at) {
            let test = Arc::clone(&self.loaded.test);
            let error = self.session.trainer_mut().score(&test, 0..FEW.min(test.n()))?.error();
            self.tested.insert(at, error);
        }
        Ok(true)
    }

    /// All test images, some at a time.
    pub(super) async fn verdicts(&mut self, scene: &mut Scene<'_>) -> Result<Verdicts, JobError> {
        let test = Arc::clone(&self.loaded.test);
        let first = first_units(self.net());
        let dims = self.net().node(first).map_or_else(|| self.net().output(), |node| node.dims);
        let mut verdicts = Verdicts { named: Vec::new(), responses: Vec::new(), units: dims.channels };
        for start in (0..test.n()).step_by(AT_ONCE) {
            scene.checkpoint().await?;
            let which: Vec<u32> = (start as u32..test.n().min(start + AT_ONCE) as u32).collect();
            let pass = self.session.trainer_mut().look_at(&test, &which)?;
            for i in 0..which.len() {
                verdicts.named.push(named(&logits(pass, i)));
                verdicts.responses.extend((0..dims.channels).map(|unit| strongest_response(pass, first, i, unit)));
            }
        }
        Ok(verdicts)
    }
}

/// The largest number, over its places, of a unit for an example of a pass; NaN of what there is not.
pub(super) fn strongest_response(pass: &Pass<f32, 1>, id: NodeId, example: usize, unit: usize) -> f32 {
    let Some(Dims { channels, rows, columns }) = pass.net().node(id).map(|node| node.dims) else { return f32::NAN };
    let (positions, features) = (rows * columns, channels * rows * columns);
    let block = pass.values(id).and_then(|x| x.chunks_exact(features).nth(example / LANES));
    let of_unit = block.and_then(|block| block.get(unit * positions..(unit + 1) * positions));
    let numbers = of_unit.map(|lanes| lanes.iter().map(|x| x[0][example % LANES]));
    numbers.map_or(f32::NAN, |x| x.fold(f32::NEG_INFINITY, f32::max))
}

/// What a net gives for an example of a pass.
pub(super) fn logits(pass: &Pass<f32, 1>, example: usize) -> Vec<f32> {
    (0..pass.net().output().features()).filter_map(|o| pass.output(example, o)).map(|[y]| y).collect()
}

/// The largest of some logits and its share of the softmax.
pub(super) fn named(logits: &[f32]) -> (u8, f32) {
    let largest = (0..logits.len()).fold(0, |best, o| if logits[o] > logits[best] { o } else { best });
    (largest as u8, probabilities(logits).get(largest).copied().unwrap_or(f32::NAN))
}

/// The softmax.
pub(super) fn probabilities(logits: &[f32]) -> Vec<f32> {
    let largest = logits.iter().copied().fold(f32::NEG_INFINITY, f32::max);
    let powers: Vec<f32> = logits.iter().map(|z| libm::expf(z - largest)).collect();
    let sum: f32 = powers.iter().sum();
    powers.into_iter().map(|power| power / sum).collect()
}

/// The values of the first layer, after its activation.
pub(super) fn first_units(net: &Net) -> NodeId {
    stages(net).first().copied().unwrap_or_else(|| net.output_node())
}

/// Values that are looked at: what comes out of activations and poolings, while there is more to come than the classes.
pub(super) fn stages(net: &Net) -> Vec<NodeId> {
    let nodes = net.nodes();
    let is_stage = |op: &Op| matches!(op, Op::Activate(_) | Op::MaxPool(_) | Op::MeanPool(_));
    // Each node's name is that by which others take it.
    let named = nodes.iter().flat_map(|node| node.inputs.iter().copied());
    let mut all: Vec<NodeId> = named.filter(|id| is_stage(&nodes[id.index()].op)).collect();
    all.sort_by_key(|id| id.index());
    all.dedup();
    all
}

/// The first test images, by how strongly a unit responds to them: the strongest first.
pub(super) fn strongest(verdicts: &Verdicts, unit: usize, n: usize) -> Vec<(usize, f32)> {
    let response = |i: usize| verdicts.responses.get(i * verdicts.units + unit).copied();
    let mut all: Vec<(usize, f32)> =
        (0..verdicts.named.len()).filter_map(|i| Some((i, response(i)?))).filter(|(_, r)| !r.is_nan()).collect();
    all.sort_by(|a, b| b.1.total_cmp(&a.1));
    all.truncate(n);
    all
}

/// Test images that are read wrongly, those first that the net is surest of.
pub(super) fn wrong(images: &Images, verdicts: &Verdicts) -> Vec<usize> {
    let labels = images.labels();
    let mut all: Vec<usize> =
        (0..verdicts.named.len()).filter(|i| labels.get(*i) != Some(&verdicts.named[*i].0)).collect();
    all.sort_by(|a, b| verdicts.named[*b].1.total_cmp(&verdicts.named[*a].1));
    all
}

/// Test images of a class that are read as another.
pub(super) fn read_as(images: &Images, verdicts: &Verdicts, class: u8, other: u8) -> Vec<usize> {
    let labels = images.labels().iter().zip(&verdicts.named).enumerate();
    labels.filter(|(_, (label, (named, _)))| **label == class && *named == other).map(|(i, _)| i).collect()
}
