//! One training, a step at a time.

use std::ops::Range;
use std::sync::Arc;

use data::distort::Distorter;
use nets::NetError;
use nets::engine::rules::{Mask, Optimiser, RuleState, Update};
use nets::engine::{ByParameters, Net, Norms, Pass, Wants, values};
use random::Stream;

use crate::{Images, Recipe, Spec, TrainingError};

/// All that a step depends on, besides what does not change.
#[derive(Clone, Debug, PartialEq)]
pub struct State {
    step: u64,
    parameters: Vec<f32>,
    statistics: Vec<f32>,
    rule: RuleState<f32>,
    is_diverged: bool,
}

impl State {
    /// Steps that were made.
    #[must_use]
    pub fn step(&self) -> u64 {
        self.step
    }

    /// The net's parameters.
    #[must_use]
    pub fn parameters(&self) -> &[f32] {
        &self.parameters
    }

    /// Its running statistics.
    #[must_use]
    pub fn statistics(&self) -> &[f32] {
        &self.statistics
    }

    /// Whether a further step would have ended in numbers that are infinite or NaN. The parameters are then the last finite ones.
    #[must_use]
    pub fn is_diverged(&self) -> bool {
        self.is_diverged
    }

    /// What it takes in memory.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let (first, second) = self.rule.moments();
        4 * (self.parameters.len() + self.statistics.len() + first.len() + second.len())
    }
}

/// What a step has seen of its batch before it moved.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// The net has moved.
    Done {
        /// The mean loss of its batch.
        loss: f64,
        /// The share of the batch that was classified rightly.
        right: f64,
    },
    /// Numbers would have become infinite or NaN; the net stays where it was.
    Diverged,
}

/// What a part of a batch is computed from, besides the parameters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// The step.
    pub step: u64,
    /// Which part of its batch.
    pub index: usize,
}

/// What it gives.
#[derive(Clone, Debug, PartialEq)]
pub struct PartAnswer {
    /// The share of the mean loss over the batch.
    pub loss: f64,
    /// Images that were classified rightly.
    pub right: usize,
    /// The share of the loss's gradient.
    pub gradient: Vec<f32>,
    /// Its own means and variances in batch norms; empty without them.
    pub statistics: Vec<f32>,
}

/// How a net does on images.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Score {
    /// How many images.
    pub n: usize,
    /// Of which classified rightly.
    pub right: usize,
    /// The mean loss.
    pub loss: f64,
}

impl Score {
    /// The share of images that are classified wrongly; NaN of none.
    #[must_use]
    pub fn error(&self) -> f64 {
        (self.n - self.right) as f64 / self.n as f64
    }

    /// Of both together.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        let n = self.n + other.n;
        let loss = if n == 0 { 0.0 } else { (self.loss * self.n as f64 + other.loss * other.n as f64) / n as f64 };
        Self { n, right: self.right + other.right, loss }
    }
}

/// A net that is trained. Its buffers grow with the batch's part, not with the images.
#[derive(Clone, Debug)]
pub struct Trainer {
    net: Net,
    images: Arc<Images>,
    recipe: Recipe,
    mask: Option<Mask>,
    pass: Pass<f32, 1>,
    distorter: Option<Distorter>,
    state: State,
    /// The images of an epoch in their order.
    order: (u64, Vec<u32>),
}

impl Trainer {
    /// A drawn net before its first step.
    ///
    /// # Errors
    /// [`TrainingError::NoImages`], a number of the recipe outside its range, and what the net says of its sizes.
    pub fn new(spec: &Spec, images: Arc<Images>, recipe: Recipe) -> Result<Self, TrainingError> {
        let net = spec.net(images.dims(), images.n_classes())?;
        let parameters = net.draw(Stream::new(recipe.seed, "weights"))?;
        Self::from_parameters(net, parameters, images, recipe)
    }

    /// A net that has its parameters already: trained on other images, or by another recipe.
    ///
    /// # Errors
    /// As [`new`](Self::new).
    pub fn from_parameters(
        net: Net,
        parameters: Vec<f32>,
        images: Arc<Images>,
        recipe: Recipe,
    ) -> Result<Self, TrainingError> {
        recipe.check()?;
        if images.n() == 0 {
            return Err(TrainingError::NoImages);
        }
        let (expected, got) = (net.n_parameters(), parameters.len());
        if expected != got {
            return Err(NetError::Size { op: "parameters of a net", expected, got }.into());
        }
        let in_a_part = recipe.images_in_a_step(images.n()).div_ceil(recipe.parts);
        let distorter = match recipe.distortion {
            Some(distortion) => Some(Distorter::new(images.dims().rows, images.dims().columns, distortion)?),
            None => None,
        };
        let state = State {
            step: 0,
            statistics: net.first_statistics(),
            rule: RuleState::new(parameters.len()),
            parameters,
            is_diverged: false,
        };
        Ok(Self {
            pass: Pass::new(&net, in_a_part)?,
            net,
            images,
            recipe,
            mask: None,
            distorter,
            state,
            order: (u64::MAX, Vec::new()),
        })
    }

    /// With parameters that are frozen, or pruned at once.
    ///
    /// # Errors
    /// [`NetError::Size`] for a mask of another net.
    pub fn with_mask(mut self, mask: Mask) -> Result<Self, TrainingError> {
        mask.prune(&mut self.state.parameters)?;
        self.mask = Some(mask);
        Ok(self)
    }

    /// The net.
    #[must_use]
    pub fn net(&self) -> &Net {
        &self.net
    }

    /// What it is trained on.
    #[must_use]
    pub fn images(&self) -> &Arc<Images> {
        &self.images
    }

    /// How it is trained.
    #[must_use]
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Where training is.
    #[must_use]
    pub fn state(&self) -> &State {
        &self.state
    }

    /// Goes to a state that this training has been in.
    pub fn set_state(&mut self, state: State) {
        self.state = state;
    }

    /// The learning rate of a step.
    #[must_use]
    pub fn learning_rate(&self, step: u64) -> f64 {
        self.recipe.schedule.rate(self.recipe.optimiser.learning_rate, self.recipe.warm_up, step)
    }

    /// One step on the next batch. After divergence nothing moves any more.
    ///
    /// # Errors
    /// What passes say.
    pub fn step(&mut self) -> Result<Step, TrainingError> {
        if self.state.is_diverged {
            return Ok(Step::Diverged);
        }
        let step = self.state.step;
        if self.recipe.parts == 1 {
            let (loss, right) = self.pass_over(Part { step, index: 0 })?;
            let share = self.recipe.statistics_share;
            if self.net.n_statistics() > 0 {
                self.pass.update_statistics(&mut self.state.statistics, share)?;
            }
            return self.moved(loss, right, None);
        }
        let answers = (0..self.recipe.parts).map(|index| self.part(Part { step, index }));
        let answers = answers.collect::<Result<Vec<_>, _>>()?;
        self.step_from(&answers)
    }

    /// A part of the gradient at the parameters as they are, on this core.
    ///
    /// # Errors
    /// What passes say.
    pub fn part(&mut self, part: Part) -> Result<PartAnswer, TrainingError> {
        let (loss, right) = self.pass_over(part)?;
        let mut statistics = vec![0.0; self.net.n_statistics()];
        if !statistics.is_empty() {
            self.pass.update_statistics(&mut statistics, 1.0)?;
        }
        Ok(PartAnswer { loss, right, gradient: self.pass.gradient().as_flattened().to_vec(), statistics })
    }

    /// The step whose parts these are, in their order.
    ///
    /// # Errors
    /// [`NetError::Size`] for answers of another net, or another number of them.
    pub fn step_from(&mut self, parts: &[PartAnswer]) -> Result<Step, TrainingError> {
        if self.state.is_diverged {
            return Ok(Step::Diverged);
        }
        let (expected, got) = (self.recipe.parts, parts.len());
        if expected != got {
            return Err(NetError::Size { op: "parts of a batch", expected, got }.into());
        }
        let mut gradient = vec![0.0; self.net.n_parameters()];
        let mut statistics = vec![0.0; self.net.n_statistics()];
        for part in parts {
            add("gradient of a part", &mut gradient, &part.gradient)?;
            add("statistics of a part", &mut statistics, &part.statistics)?;
        }
        let share = self.recipe.statistics_share as f32;
        for (running, sum) in self.state.statistics.iter_mut().zip(&statistics) {
            *running = (1.0 - share) * *running + share * (sum / parts.len() as f32);
        }
        let loss = parts.iter().map(|part| part.loss).sum();
        let right = parts.iter().map(|part| part.right).sum();
        self.moved(loss, right, Some(gradient))
    }

    /// Follows a gradient, or that of the last pass.
    fn moved(&mut self, loss: f64, right: usize, mut gradient: Option<Vec<f32>>) -> Result<Step, TrainingError> {
        let learning_rate = self.learning_rate(self.state.step);
        let optimiser = Optimiser { learning_rate, ..self.recipe.optimiser };
        let State { parameters, rule, .. } = &mut self.state;
        let gradient = match &mut gradient {
            Some(gradient) => gradient.as_mut_slice(),
            None => self.pass.gradient_mut().as_flattened_mut(),
        };
        let has_ended =
            !loss.is_finite() || rule.step(&optimiser, self.mask.as_ref(), parameters, gradient)? == Update::Diverged;
        if has_ended {
            self.state.is_diverged = true;
            return Ok(Step::Diverged);
        }
        self.state.step += 1;
        let n = self.recipe.images_in_a_step(self.images.n());
        Ok(Step::Done { loss, right: right as f64 / n as f64 })
    }

    /// The images of a part of a batch.
    #[must_use]
    pub fn images_of(&mut self, part: Part) -> Vec<u32> {
        let n = self.images.n();
        let batch = self.recipe.images_in_a_step(n);
        let an_epoch = self.recipe.steps_of_an_epoch(n);
        let (epoch, within) = (part.step / an_epoch, (part.step % an_epoch) as usize);
        if self.order.0 != epoch {
            let mut order: Vec<u32> = (0..n as u32).collect();
            Stream::new(self.recipe.seed, "order").child(epoch).cursor().shuffle(&mut order);
            self.order = (epoch, order);
        }
        let of_batch = &self.order.1[within * batch..(within + 1) * batch];
        of_batch[part_of(batch, self.recipe.parts, part.index)].to_vec()
    }

    /// Loss, right ones and, in the pass, the gradient of a part.
    fn pass_over(&mut self, part: Part) -> Result<(f64, usize), TrainingError> {
        let batch = self.recipe.images_in_a_step(self.images.n());
        let which = self.images_of(part);
        let Self { pass, images, distorter, state, recipe, .. } = self;
        match distorter {
            None => images.gather(pass, &which, |i, numbers| images.write(i, numbers))?,
            Some(distorter) => {
                let drawn = Stream::new(recipe.seed, "distortions").child(part.step);
                images.gather(pass, &which, |i, numbers| {
                    // By image, so that no part of a batch shifts another's draws.
                    distorter.distort(images.pixels(i).unwrap_or_default(), drawn.child(i as u64), numbers);
                    let standard = images.standard();
                    numbers.iter_mut().for_each(|x| *x = standard.number_from_pixel(f64::from(*x)));
                })?;
            }
        }
        let classes = images.classes(&which);
        pass.forward(values(&state.parameters), Norms::OfBatch)?;
        let right = recipe.loss.n_right(pass, &classes)?;
        let [loss] = recipe.loss.write_seed(pass, &classes, 1.0 / batch as f64)?;
        pass.backward(values(&state.parameters), Wants { parameters: ByParameters::Set, input: false })?;
        Ok((loss, right))
    }

    /// How the net does on some images, with its running statistics. Images go through in groups of a batch's part; whoever
    /// has to let others in asks for a range at a time and puts scores together by [`Score::and`].
    ///
    /// # Errors
    /// What passes say; [`NetError::NoExample`] beyond the last image.
    pub fn score(&mut self, images: &Images, range: Range<usize>) -> Result<Score, TrainingError> {
        let mut score = Score { n: 0, right: 0, loss: 0.0 };
        if range.end > images.n() {
            return Err(NetError::NoExample { op: "score", got: range.end, n: images.n() }.into());
        }
        for start in range.clone().step_by(self.pass.capacity()) {
            let which: Vec<u32> = (start as u32..range.end.min(start + self.pass.capacity()) as u32).collect();
            self.look_at(images, &which)?;
            let Self { pass, recipe, .. } = self;
            let classes = images.classes(&which);
            let right = recipe.loss.n_right(pass, &classes)?;
            let [loss] = recipe.loss.write_seed(pass, &classes, 1.0 / which.len() as f64)?;
            score = score.and(Score { n: which.len(), right, loss });
        }
        Ok(score)
    }

    /// The pass after the net has seen some images, at most a batch's part of them: what every value of it is.
    ///
    /// # Errors
    /// What passes say of their sizes.
    pub fn look_at(&mut self, images: &Images, which: &[u32]) -> Result<&Pass<f32, 1>, TrainingError> {
        let Self { pass, state, .. } = self;
        images.gather(pass, which, |i, numbers| images.write(i, numbers))?;
        pass.forward(values(&state.parameters), Norms::Running(&state.statistics))?;
        Ok(&self.pass)
    }
}

/// The places of a part of a batch: as even as can be, the first ones longer.
fn part_of(batch: usize, parts: usize, index: usize) -> Range<usize> {
    let at = |k: usize| k * (batch / parts) + k.min(batch % parts);
    at(index.min(parts))..at((index + 1).min(parts))
}

fn add(op: &'static str, sum: &mut [f32], of: &[f32]) -> Result<(), TrainingError> {
    let (expected, got) = (sum.len(), of.len());
    if expected != got {
        return Err(NetError::Size { op, expected, got }.into());
    }
    sum.iter_mut().zip(of).for_each(|(sum, x)| *sum += x);
    Ok(())
}
