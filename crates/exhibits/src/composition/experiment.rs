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
    fn copies(&self, kind: NetKind, units: usize) -> Vec<NetKey> {
        (0..self.settings.nets).map(|copy| (kind, units, copy)).collect()
    }

    /// The errors of all nets of a kind and size after so many rounds; none unless they have all made them.
    pub(super) fn spread(&self, kind: NetKind, units: usize, round: u64) -> Option<Range> {
        self.nets.scores(&self.copies(kind, units), round).map(|errors| Range::of(&errors))
    }

    /// The errors of all nets of a kind and size as far as they all are.
    pub(super) fn latest(&self, kind: NetKind, units: usize) -> Option<Range> {
        self.spread(kind, units, self.nets.done(&self.copies(kind, units), ROUNDS)?)
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
        self.nets.found().values().filter(|net| net.has_blown_up(MOST_ERROR)).count()
    }
}
