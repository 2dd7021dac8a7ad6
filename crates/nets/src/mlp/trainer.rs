//! Training, one step at a time.

use random::Stream;

use super::saved::Saved;
use super::{Examples, Loss, Mlp, Passes as _, Score, Shape, Trainable};
use crate::NetError;
use crate::engine::rules::{Optimiser, RuleState, Update};

/// How a net is drawn and trained.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Recipe {
    /// Weights are drawn from `N(0, sigma_w²/fan_in)`.
    pub sigma_w: f64,
    /// Biases are drawn from `N(0, sigma_b²)`.
    pub sigma_b: f64,
    /// What is minimised.
    pub loss: Loss,
    /// How.
    pub optimiser: Optimiser,
    /// Examples in a batch, at least 1; all of them where there are fewer.
    pub batch: usize,
}

impl Recipe {
    /// # Errors
    /// [`NetError::Range`] for a value outside its range.
    pub fn check(&self) -> Result<(), NetError> {
        for (name, got) in [("sigma_w", self.sigma_w), ("sigma_b", self.sigma_b)] {
            if !(0.0..=1e18).contains(&got) {
                return Err(NetError::Range { name, got, allowed: "[0, 1e18]" });
            }
        }
        if self.batch == 0 {
            return Err(NetError::Range { name: "batch", got: 0.0, allowed: "[1, inf)" });
        }
        self.optimiser.check()
    }
}

/// What became of a step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Step {
    /// The parameters have moved.
    Done {
        /// Mean loss of the batch before the step, finite.
        loss: f64,
    },
    /// The loss or the parameters would no longer be finite. The parameters are those before the step; every further step
    /// says the same until [`Trainer::reset`] or [`Trainer::set_parameters`].
    Diverged,
}

/// A net in training, with everything that this needs.
///
/// The same stream, shape, recipe and examples give the same numbers, bit for bit, on every target.
#[derive(Clone, Debug)]
pub struct Trainer<N: Trainable = Mlp> {
    net: N,
    recipe: Recipe,
    weights: Stream,
    orders: Stream,
    workspace: N::Workspace,
    gradient: Vec<f32>,
    state: RuleState<f32>,
    /// The order of the examples in this epoch.
    order: Vec<usize>,
    /// How many of them have had their turn.
    taken: usize,
    epoch: u64,
    steps: u64,
    is_diverged: bool,
}

impl Trainer {
    /// A random perceptron: see [`drawn`](Self::drawn).
    ///
    /// # Errors
    /// [`NetError::Range`] for a value of the recipe outside its range, [`NetError::TooLarge`] for too large a net.
    pub fn new(shape: Shape, recipe: Recipe, stream: Stream) -> Result<Self, NetError> {
        Self::drawn(Mlp::zeros(shape), recipe, stream)
    }
}

impl<N: Trainable> Trainer<N> {
    /// A net of the shape of `net`, whose parameters are drawn anew from `stream.child(0)` as [`Trainable::draw`] says;
    /// epoch `e` takes the examples in an order drawn from `stream.child(1).child(e)`.
    ///
    /// # Errors
    /// [`NetError::Range`] for a value of the recipe outside its range, [`NetError::TooLarge`] for too large a net.
    pub fn drawn(mut net: N, recipe: Recipe, stream: Stream) -> Result<Self, NetError> {
        recipe.check()?;
        let workspace = net.workspace(recipe.batch)?;
        let (weights, orders) = (stream.child(0), orders_of(stream));
        let n = net.parameters().len();
        net.draw(recipe.sigma_w, recipe.sigma_b, weights);
        Ok(Self {
            net,
            recipe,
            weights,
            orders,
            workspace,
            gradient: vec![0.0; n],
            state: RuleState::new(n),
            order: Vec::new(),
            taken: 0,
            epoch: 0,
            steps: 0,
            is_diverged: false,
        })
    }

    /// Back to the start: the same weights, the same order of examples.
    pub fn reset(&mut self) {
        self.net.draw(self.recipe.sigma_w, self.recipe.sigma_b, self.weights);
        self.forget();
    }

    /// Starts anew from given parameters.
    ///
    /// # Errors
    /// [`NetError::Size`] when there are not as many.
    pub fn set_parameters(&mut self, parameters: &[f32]) -> Result<(), NetError> {
        crate::error::check_size("parameters", self.gradient.len(), parameters.len())?;
        self.net.parameters_mut().copy_from_slice(parameters);
        self.forget();
        Ok(())
    }

    /// All that going on later needs, on any core; see [`restore`](Self::restore).
    #[must_use]
    pub fn save(&self) -> Saved {
        let (first, second) = self.state.moments();
        Saved {
            parameters: self.net.parameters().to_vec(),
            first: first.to_vec(),
            second: second.to_vec(),
            squares: self.state.squares(),
            steps: self.steps,
            epoch: self.epoch,
            taken: self.taken,
            is_diverged: self.is_diverged,
        }
    }

    /// Goes on where a trainer of the same net, recipe and stream was on the same examples, with the same bits as if it had
    /// never stopped.
    ///
    /// # Errors
    /// [`NetError::Size`] when it was a net of another size, [`NetError::NoExample`] when it had taken more examples than
    /// there are. The trainer is then as it was.
    pub fn restore(&mut self, saved: &Saved, examples: &Examples) -> Result<(), NetError> {
        let n = self.gradient.len();
        crate::error::check_size("parameters", n, saved.parameters.len())?;
        if saved.taken > examples.n() {
            return Err(NetError::NoExample { op: "restore", got: saved.taken - 1, n: examples.n() });
        }
        let moments = (&saved.first[..], &saved.second[..]);
        self.state = RuleState::from_moments(n, moments, saved.squares, saved.steps)?;
        self.net.parameters_mut().copy_from_slice(&saved.parameters);
        self.epoch = saved.epoch;
        self.order.clear();
        self.order.resize(examples.n(), 0);
        self.start_epoch();
        self.taken = saved.taken;
        self.steps = saved.steps;
        self.is_diverged = saved.is_diverged;
        Ok(())
    }

    fn forget(&mut self) {
        self.state.reset();
        self.order.clear();
        self.taken = 0;
        self.epoch = 0;
        self.steps = 0;
        self.is_diverged = false;
    }

    /// Goes on with other constants; velocities and moments are kept unless the rule changes.
    ///
    /// # Errors
    /// [`NetError::Range`] for a value outside its range.
    pub fn set_optimiser(&mut self, optimiser: Optimiser) -> Result<(), NetError> {
        optimiser.check()?;
        if std::mem::discriminant(&optimiser.rule) != std::mem::discriminant(&self.recipe.optimiser.rule) {
            self.state.reset();
        }
        self.recipe.optimiser = optimiser;
        Ok(())
    }

    /// One step on the next batch. Each epoch has the examples in a new random order, cut into batches; the few that are
    /// left over at its end have their turn in another epoch.
    ///
    /// Nothing is allocated but in the first step, and where `examples` has another number than in the step before, which
    /// starts a new epoch.
    ///
    /// # Errors
    /// [`NetError::Empty`] without examples, [`NetError::Size`], [`NetError::NoClass`] and [`NetError::Targets`] for
    /// examples that do not fit the net and the loss.
    pub fn step(&mut self, examples: &Examples) -> Result<Step, NetError> {
        let n = examples.n();
        let batch = self.recipe.batch.min(n);
        if n == 0 {
            return Err(NetError::Empty { op: "step" });
        }
        if self.order.len() != n {
            self.order.clear();
            self.order.resize(n, 0);
            self.start_epoch();
        } else if n - self.taken < batch {
            self.epoch += 1;
            self.start_epoch();
        }
        // The order is taken out for the time of the step, which needs the rest of the trainer.
        let order = std::mem::take(&mut self.order);
        let step = self.step_on(examples, &order[self.taken..self.taken + batch]);
        self.order = order;
        if let Ok(Step::Done { .. }) = step {
            self.taken += batch;
        }
        step
    }

    fn start_epoch(&mut self) {
        shuffle_for_epoch(self.orders, self.epoch, &mut self.order);
        self.taken = 0;
    }

    /// One step on the examples at `indices`, which may repeat.
    ///
    /// # Errors
    /// As [`step`](Self::step), and [`NetError::NoExample`] for an index beyond the last.
    pub fn step_on(&mut self, examples: &Examples, indices: &[usize]) -> Result<Step, NetError> {
        if self.is_diverged {
            return Ok(Step::Diverged);
        }
        let loss =
            self.workspace.loss_and_gradient(&self.net, self.recipe.loss, examples, indices, &mut self.gradient)?;
        let is_done = loss.is_finite()
            && self.state.step(&self.recipe.optimiser, None, self.net.parameters_mut(), &mut self.gradient)?
                == Update::Done;
        if !is_done {
            self.is_diverged = true;
            return Ok(Step::Diverged);
        }
        self.steps += 1;
        Ok(Step::Done { loss })
    }

    /// Mean loss and accuracy of all examples.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub fn score(&mut self, examples: &Examples) -> Result<Score, NetError> {
        self.score_range(examples, 0..examples.n())
    }

    /// Mean loss and accuracy of the examples in a range.
    ///
    /// # Errors
    /// As [`step`](Self::step).
    pub fn score_range(&mut self, examples: &Examples, range: std::ops::Range<usize>) -> Result<Score, NetError> {
        self.workspace.score_range(&self.net, self.recipe.loss, examples, range)
    }

    /// The outputs `[n, outputs]` for inputs `[n, inputs]`, both row-major.
    ///
    /// # Errors
    /// [`NetError::Size`] when the slices do not fit.
    pub fn outputs(&mut self, n: usize, inputs: &[f32], outputs: &mut [f32]) -> Result<(), NetError> {
        self.workspace.outputs(&self.net, n, inputs, outputs)
    }

    /// The net as it is; its parameters are finite.
    #[must_use]
    pub fn net(&self) -> &N {
        &self.net
    }

    /// How it was drawn and is trained.
    #[must_use]
    pub fn recipe(&self) -> &Recipe {
        &self.recipe
    }

    /// Steps made since the start.
    #[must_use]
    pub fn steps(&self) -> u64 {
        self.steps
    }

    /// Whole epochs since the start.
    #[must_use]
    pub fn epoch(&self) -> u64 {
        self.epoch
    }

    /// Whether training has ended in numbers without bounds.
    #[must_use]
    pub fn is_diverged(&self) -> bool {
        self.is_diverged
    }
}

/// The first batches that a [`Trainer`] of this stream takes of `n` examples, `[n_steps, batch]`: for training elsewhere.
#[must_use]
pub fn batches(stream: Stream, n: usize, batch: usize, n_steps: usize) -> Vec<u32> {
    let batch = batch.min(n);
    let mut batches = Vec::with_capacity(n_steps * batch);
    let mut order = vec![0; n];
    // As at the end of an epoch before the first.
    let (mut taken, mut epoch) = (n, 0);
    for _step in 0..n_steps {
        if n - taken < batch {
            shuffle_for_epoch(orders_of(stream), epoch, &mut order);
            (taken, epoch) = (0, epoch + 1);
        }
        batches.extend(order[taken..taken + batch].iter().map(|index| *index as u32));
        taken += batch;
    }
    batches
}

fn orders_of(stream: Stream) -> Stream {
    stream.child(1)
}

/// The order of all examples in an epoch.
fn shuffle_for_epoch(orders: Stream, epoch: u64, order: &mut [usize]) {
    order.iter_mut().enumerate().for_each(|(i, index)| *index = i);
    orders.child(epoch).cursor().shuffle(order);
}
