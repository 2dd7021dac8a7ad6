//! A training that goes to any step and back.

use crate::{State, Step, Trainer, TrainingError};

/// Most bytes of kept states: 64 MiB, 270 states of LeNet-5 under SGD or 90 under Adam.
const MOST_BYTES: usize = 64 << 20;
/// Most kept states, however small.
const MOST_KEPT: usize = 512;
/// Most steps whose losses are kept, eight megabytes of them.
const MOST_STEPS: u64 = 1 << 20;

/// What the batches of a training have shown, a number each step.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Curve {
    /// Mean losses.
    pub losses: Vec<f32>,
    /// Shares that were classified rightly.
    pub right: Vec<f32>,
}

/// One training, to any step and back: going on from a step gives the bits that it gave the first time. Memory: the
/// [`Trainer`]'s buffers, at most 64 MiB of states and eight bytes a step.
#[derive(Clone, Debug)]
pub struct Session {
    trainer: Trainer,
    /// After 0, `every`, 2 `every`, … steps.
    kept: Vec<State>,
    every: u64,
    curve: Curve,
}

impl Session {
    /// Before the first step; states are kept every so many steps, and twice as far apart whenever there are too many.
    #[must_use]
    pub fn new(trainer: Trainer, every: u64) -> Self {
        Self { kept: vec![trainer.state().clone()], every: every.max(1), trainer, curve: Curve::default() }
    }

    /// What is trained, where it is.
    #[must_use]
    pub fn trainer(&self) -> &Trainer {
        &self.trainer
    }

    /// The same, for scores.
    pub fn trainer_mut(&mut self) -> &mut Trainer {
        &mut self.trainer
    }

    /// Losses and shares of all steps so far, also of those after the one where training is.
    #[must_use]
    pub fn curve(&self) -> &Curve {
        &self.curve
    }

    /// Steps between kept states.
    #[must_use]
    pub fn every(&self) -> u64 {
        self.every
    }

    /// The kept states, the first before any step.
    #[must_use]
    pub fn kept(&self) -> &[State] {
        &self.kept
    }

    /// Makes one step.
    ///
    /// # Errors
    /// What passes say; [`TrainingError::Range`] beyond 2^20 steps.
    pub fn step(&mut self) -> Result<Step, TrainingError> {
        let at = self.trainer.state().step();
        if at >= MOST_STEPS {
            let allowed = format!("[0, {MOST_STEPS}]");
            return Err(TrainingError::Range { name: "steps", got: (at + 1) as f64, allowed });
        }
        let step = self.trainer.step()?;
        if let Step::Done { loss, right } = step {
            if self.curve.losses.len() as u64 == at {
                self.curve.losses.push(loss as f32);
                self.curve.right.push(right as f32);
            }
            self.keep();
        }
        Ok(step)
    }

    /// Goes to a step: from where training is or from the nearest kept state before it, whichever is nearer. `let_in` is called
    /// before every step that is made, and what it says ends the way there. Less than `step` when training diverges before.
    ///
    /// # Errors
    /// What `let_in` says, and as [`step`](Self::step).
    pub async fn go_to<E: From<TrainingError>>(
        &mut self,
        step: u64,
        mut let_in: impl AsyncFnMut() -> Result<(), E>,
    ) -> Result<u64, E> {
        while !self.rewind_for(step) {
            let_in().await?;
            self.step()?;
        }
        Ok(self.trainer.state().step())
    }

    /// Goes back, where training is behind `step` or far before a kept state that is not. Whether it has arrived: is at that step,
    /// or has diverged before.
    pub fn rewind_for(&mut self, step: u64) -> bool {
        let index = usize::try_from(step / self.every).unwrap_or(usize::MAX).min(self.kept.len() - 1);
        let at = self.trainer.state().step();
        let nearest = &self.kept[index];
        if at > step || at < nearest.step() {
            self.trainer.set_state(nearest.clone());
        }
        self.trainer.state().step() == step || self.trainer.state().is_diverged()
    }

    fn keep(&mut self) {
        let state = self.trainer.state();
        if state.step() != self.kept.len() as u64 * self.every {
            return;
        }
        self.kept.push(state.clone());
        let bytes: usize = self.kept.iter().map(State::bytes).sum();
        if self.kept.len() > MOST_KEPT || (bytes > MOST_BYTES && self.kept.len() > 2) {
            let mut place = 0..;
            self.kept.retain(|_| place.next().is_some_and(|place: usize| place.is_multiple_of(2)));
            self.every *= 2;
        }
    }
}
