//! A net that is trained a round at a time, each round a part of its own.

use nets::mlp::Saved;
use serde::{Deserialize, Serialize};

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
