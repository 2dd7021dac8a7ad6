//! A net that is trained a round at a time, each round a part of its own.

use nets::mlp::{Examples, Saved, Trainable, Trainer};
use serde::{Deserialize, Serialize};

use super::{Part, Scene, Sweep, Tagged, train_to};
use crate::job::{Core, JobError};

/// Where the last round left a net, and what was measured on it before the first round and after each.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Rounds {
    /// None before the first round.
    pub saved: Option<Saved>,
    /// Errors, or whatever is measured.
    pub scores: Vec<f64>,
}

impl Rounds {
    /// Rounds made; `all` of them where another would change nothing.
    #[must_use]
    pub fn done(&self, all: u64) -> u64 {
        if self.is_diverged() { all } else { self.scores.len().saturating_sub(1) as u64 }
    }

    /// Whether training has ended in numbers without bounds.
    #[must_use]
    pub fn is_diverged(&self) -> bool {
        self.saved.as_ref().is_some_and(|saved| saved.is_diverged)
    }

    /// Whether that, or an error so large that it has blown up.
    #[must_use]
    pub fn has_blown_up(&self, most_error: f64) -> bool {
        self.is_diverged() || self.scores.last().is_some_and(|error| error.is_nan() || *error > most_error)
    }

    /// What was measured after so many rounds, or last in a training that diverged before.
    #[must_use]
    pub fn score(&self, round: u64) -> Option<f64> {
        let last = self.scores.len().checked_sub(1)?;
        let index = round as usize;
        if index > last && !self.is_diverged() { None } else { self.scores.get(index.min(last)).copied() }
    }

    /// With another round behind it, whose scores come after these.
    #[must_use]
    pub fn joined(self, round: Self) -> Self {
        Self { saved: round.saved, scores: [self.scores, round.scores].concat() }
    }
}

impl<O: PartialEq, K: Ord + Clone> Sweep<O, K, Rounds> {
    /// [`train`](Self::train) for nets of so many rounds each; `round` is the next one of a net, from where the last has left it.
    ///
    /// # Errors
    /// As [`fill`](Self::fill).
    pub async fn train_rounds<P>(
        &mut self,
        scene: &mut Scene<'_>,
        wanted: impl IntoIterator<Item = K>,
        rounds: u64,
        round: impl Fn(&K, Option<Saved>) -> P,
        show: impl FnMut(&Self, &mut Scene<'_>) -> Result<(), JobError>,
    ) -> Result<(), JobError>
    where
        P: Part<Answer = Rounds> + Tagged,
    {
        // Nets that have not been begun, and could be measured at their start, are first.
        let rank = |_: &K, net: Option<&Rounds>| match net.map(|net| net.done(rounds)) {
            None => Some(0),
            Some(done) => (done < rounds).then_some(done + 1),
        };
        let part = |key: &K, net: Option<&Rounds>| round(key, net.and_then(|net| net.saved.clone()));
        let join = |old: Option<Rounds>, round| old.unwrap_or_default().joined(round);
        self.train(scene, wanted, rank, part, join, show).await
    }

    /// What was measured on several nets after so many rounds; none unless they are all there and have made them.
    #[must_use]
    pub fn scores(&self, nets: &[K], rounds: u64) -> Option<Vec<f64>> {
        nets.iter().map(|key| self.get(key)?.score(rounds)).collect()
    }

    /// How many rounds several nets have all made, up to `all`; none unless they are all there.
    #[must_use]
    pub fn done(&self, nets: &[K], all: u64) -> Option<u64> {
        let done: Option<Vec<u64>> = nets.iter().map(|key| Some(self.get(key)?.done(all))).collect();
        done?.into_iter().min()
    }

    /// Which share of the rounds of some nets is done, in \[0, 1\]; 0 of no nets.
    #[must_use]
    pub fn share(&self, nets: &[K], rounds: u64) -> f64 {
        let done = |key: &K| self.get(key).map_or(0, |net| net.done(rounds));
        nets.iter().map(done).sum::<u64>() as f64 / (rounds * nets.len().max(1) as u64) as f64
    }
}

/// Does the next of `rounds` equal parts of a training of `steps` steps, on from what was saved; `score` measures the net before
/// the first round and after each, `before` is called before each step.
///
/// # Errors
/// [`JobError`] for examples that do not fit, or when the part is called back.
pub async fn train_round<N: Trainable>(
    trainer: &mut Trainer<N>,
    saved: Option<&Saved>,
    (steps, rounds): (u64, u64),
    examples: &Examples,
    core: &mut dyn Core,
    before: impl FnMut(&mut Trainer<N>) -> Result<(), JobError>,
    mut score: impl FnMut(&mut Trainer<N>) -> Result<f64, JobError>,
) -> Result<Rounds, JobError> {
    let mut scores = Vec::new();
    match saved {
        Some(saved) => trainer.restore(saved, examples)?,
        None => scores.push(score(trainer)?),
    }
    let end = (1..=rounds).map(|round| steps * round / rounds).find(|end| *end > trainer.steps());
    train_to(trainer, end.unwrap_or(steps), examples, core, before).await?;
    scores.push(score(trainer)?);
    Ok(Rounds { saved: Some(trainer.save()), scores })
}

/// The root mean square error over examples of a net that is trained on half the squared error; infinite where it overflows.
///
/// # Errors
/// [`JobError`] for examples that do not fit.
pub fn rms_error<N: Trainable>(trainer: &mut Trainer<N>, examples: &Examples) -> Result<f64, JobError> {
    Ok((2.0 * trainer.score(examples)?.loss).sqrt())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rounds_join_and_end_early_when_they_diverge() {
        let round = |scores: &[f64], is_diverged| Rounds {
            saved: Some(Saved { is_diverged, ..Saved::default() }),
            scores: scores.to_vec(),
        };
        let net = Rounds::default().joined(round(&[1.0, 0.5], false));
        assert_eq!((Rounds::default().done(9), net.done(9), net.score(0), net.score(2)), (0, 1, Some(1.0), None));
        let net = net.joined(round(&[7.0], true));
        assert_eq!((net.done(9), net.score(5)), (9, Some(7.0)));
    }
}
