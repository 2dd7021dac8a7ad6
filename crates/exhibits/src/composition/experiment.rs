//! What the errors of all nets say.

use super::settings::{NetKind, Settings};
use super::training::{NetKey, ROUNDS};
use crate::kit::{Rounds, Sweep};
use crate::statistics::{Range, slope};

/// A constant's error is 1: a net beyond this one has learnt nothing, it has blown up.
const MOST_ERROR: f64 = 100.0;

/// All nets of the same training, by kind, size and number.
pub(super) type Nets = Sweep<Settings, NetKey, Rounds>;

/// The nets beside what is asked of them.
#[derive(Clone, Copy)]
pub(super) struct Experiment<'a> {
    pub(super) settings: &'a Settings,
    pub(super) nets: &'a Nets,
}

impl Experiment<'_> {
    fn of_all<T>(&self, kind: NetKind, units: usize, of: impl Fn(&Rounds) -> Option<T>) -> Option<Vec<T>> {
        (0..self.settings.nets).map(|copy| of(self.nets.get(&(kind, units, copy))?)).collect()
    }

    /// The errors of all nets of a kind and size after so many rounds; none unless they have all made them.
    pub(super) fn spread(&self, kind: NetKind, units: usize, round: u64) -> Option<Range> {
        self.of_all(kind, units, |net| net.score(round)).map(|errors| Range::of(&errors))
    }

    /// The errors of all nets of a kind and size as far as they all are.
    pub(super) fn latest(&self, kind: NetKind, units: usize) -> Option<Range> {
        let rounds = self.of_all(kind, units, |net| Some(net.done(ROUNDS)))?;
        self.spread(kind, units, rounds.into_iter().min()?)
    }

    /// `ln error` against `ln N` over all sizes; none unless there are two of them that are finite.
    pub(super) fn slope(&self, kind: NetKind) -> Option<f64> {
        let point = |units: usize| {
            let error = self.latest(kind, units)?.median;
            let n = self.settings.n_parameters(kind, units) as f64;
            (error > 0.0 && error.is_finite()).then(|| (libm::log(n), libm::log(error)))
        };
        let points: Vec<_> = self.settings.sizes().into_iter().filter_map(point).collect();
        Some(slope(&points)).filter(|slope| slope.is_finite())
    }

    /// Nets whose training has ended in numbers without bounds, or far beyond what a constant does.
    pub(super) fn n_diverged(&self) -> usize {
        self.nets
            .found()
            .values()
            .filter(|net| {
                net.is_diverged() || net.scores.last().is_some_and(|error| error.is_nan() || *error > MOST_ERROR)
            })
            .count()
    }
}
