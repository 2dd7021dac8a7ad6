//! A net on its way through training, with what it was on the way, so that scrubbing back does not start anew.

use nets::mlp::{Examples, Trainable, Trainer};

use crate::job::{Checkpoint, JobError};

/// Kept states at most; beyond that every second one goes, and they stand twice as far apart.
const MOST_KEPT: usize = 256;

/// Trains until `steps` have been made in all, letting others in at every step; `before` is called before each. False where
/// training has ended in numbers without bounds: the net is then the last finite one.
///
/// # Errors
/// [`JobError`] for examples that do not fit, or when a newer request came.
pub async fn train_to<N: Trainable>(
    trainer: &mut Trainer<N>,
    steps: u64,
    examples: &Examples,
    pace: &mut (impl Checkpoint + ?Sized),
    mut before: impl FnMut(&mut Trainer<N>) -> Result<(), JobError>,
) -> Result<bool, JobError> {
    while trainer.steps() < steps && !trainer.is_diverged() {
        pace.checkpoint().await?;
        before(trainer)?;
        trainer.step(examples)?;
    }
    Ok(!trainer.is_diverged())
}

/// One training, to any step and back. The same recipe, stream and examples give the same net at a step, whatever way led there.
#[derive(Clone, Debug)]
pub struct Session<N: Trainable> {
    /// The states after 0, `every`, 2 `every`, ... steps, as far as training has come or until it diverged.
    kept: Vec<Trainer<N>>,
    every: u64,
    /// The state that was asked for last.
    last: Trainer<N>,
    /// What trains the states that are kept, apart from `last`: while training is played both go on.
    ahead: Trainer<N>,
}

impl<N: Trainable> Session<N> {
    /// Begins with a net before its first step. At most `every` steps are done again when scrubbing back.
    #[must_use]
    pub fn new(start: Trainer<N>, every: u64) -> Self {
        Self { kept: vec![start.clone()], every: every.max(1), last: start.clone(), ahead: start }
    }

    /// The net after so many steps, or as it was when training diverged before. It goes on from the nearest state before; what
    /// it has become by a cancellation is kept.
    ///
    /// # Errors
    /// [`JobError`] for examples that do not fit, or when a newer request came.
    pub async fn advance(
        &mut self,
        steps: u64,
        examples: &Examples,
        pace: &mut (impl Checkpoint + ?Sized),
    ) -> Result<&mut Trainer<N>, JobError> {
        let index = usize::try_from(steps / self.every).unwrap_or(usize::MAX).min(self.kept.len() - 1);
        let nearest = &self.kept[index];
        if self.last.steps() > steps || self.last.steps() < nearest.steps() {
            self.last = nearest.clone();
        }
        train(&mut self.last, steps, examples, (&mut self.kept, &mut self.every), pace).await?;
        Ok(&mut self.last)
    }

    /// Trains up to the next state that is to be kept, if that is at most `most` steps; whether there was one.
    ///
    /// # Errors
    /// As [`advance`](Self::advance).
    pub async fn keep_next(
        &mut self,
        most: u64,
        examples: &Examples,
        pace: &mut (impl Checkpoint + ?Sized),
    ) -> Result<bool, JobError> {
        let next = self.kept.len() as u64 * self.every;
        let has_ended = [&self.last, &self.ahead].iter().any(|state| state.is_diverged() && state.steps() < next);
        if next > most || has_ended || examples.n() == 0 {
            return Ok(false);
        }
        if let Some(last) = self.kept.last().filter(|last| last.steps() > self.ahead.steps()) {
            self.ahead = last.clone();
        }
        train(&mut self.ahead, next, examples, (&mut self.kept, &mut self.every), pace).await?;
        Ok(true)
    }

    /// The state that was asked for last.
    #[must_use]
    pub fn last(&self) -> &Trainer<N> {
        &self.last
    }

    /// The same, for scores and outputs.
    pub fn last_mut(&mut self) -> &mut Trainer<N> {
        &mut self.last
    }

    /// The states at every [`every`](Self::every) steps so far.
    #[must_use]
    pub fn kept(&self) -> &[Trainer<N>] {
        &self.kept
    }

    /// Steps between kept states.
    #[must_use]
    pub fn every(&self) -> u64 {
        self.every
    }
}

/// Trains on to so many steps, and keeps the states that are to be kept.
async fn train<N: Trainable>(
    state: &mut Trainer<N>,
    steps: u64,
    examples: &Examples,
    (kept, every): (&mut Vec<Trainer<N>>, &mut u64),
    pace: &mut (impl Checkpoint + ?Sized),
) -> Result<(), JobError> {
    // Without examples there is nothing to learn.
    let steps = if examples.n() > 0 { steps } else { 0 };
    while state.steps() < steps && !state.is_diverged() {
        let next = steps.min(kept.len() as u64 * *every).max(state.steps() + 1);
        train_to(state, next, examples, pace, |_| Ok(())).await?;
        if !state.is_diverged() && state.steps() == kept.len() as u64 * *every {
            kept.push(state.clone());
        }
        if kept.len() > MOST_KEPT {
            let mut place = 0..;
            kept.retain(|_| place.next().is_some_and(|place: usize| place.is_multiple_of(2)));
            *every *= 2;
        }
    }
    Ok(())
}
