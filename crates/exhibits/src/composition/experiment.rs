//! All nets of a task, and what their errors say.

use std::collections::BTreeMap;

use super::settings::{NetKind, Settings, Task};
use super::training::{NetKey, Progress, ROUNDS, Round};
use crate::statistics::{median, slope};

/// The nets of one task.
#[derive(Clone, Debug)]
pub(super) struct Experiment {
    task: Task,
    nets: BTreeMap<NetKey, Progress>,
}

/// Errors of several nets.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Spread {
    pub(super) low: f64,
    pub(super) median: f64,
    pub(super) high: f64,
}

impl Experiment {
    /// `old` where it is of the same task, with the nets of the sizes and numbers that are asked for, in view or not.
    pub(super) fn refreshed(old: Option<Self>, settings: &Settings) -> Self {
        let mut experiment = match old {
            Some(old) if old.task == settings.task => old,
            _ => Self { task: settings.task, nets: BTreeMap::new() },
        };
        let sizes = settings.sizes();
        experiment.nets.retain(|(_, units, copy), _| sizes.contains(units) && *copy < settings.nets);
        experiment
    }

    /// The net's state; none before its first round.
    pub(super) fn net(&self, key: &NetKey) -> Option<&Progress> {
        self.nets.get(key)
    }

    /// Whether a net is to have the round with this number (0 is the first).
    pub(super) fn lacks(&self, key: &NetKey, round: u64) -> bool {
        self.nets.get(key).is_none_or(|net| net.rounds() <= round)
    }

    /// Takes a round in.
    pub(super) fn take(&mut self, key: NetKey, round: Round) {
        let net = self.nets.entry(key).or_default();
        net.errors.extend(round.errors);
        net.saved = Some(round.state);
    }

    /// Rounds that all nets of a kind and size have made; none before the first.
    fn rounds(&self, settings: &Settings, kind: NetKind, units: usize) -> Option<u64> {
        let of = |copy| self.nets.get(&(kind, units, copy)).map(Progress::rounds);
        (0..settings.nets).map(of).min().flatten()
    }

    /// The errors of all nets of a kind and size after so many rounds; none unless they have all made them.
    pub(super) fn spread(&self, settings: &Settings, kind: NetKind, units: usize, round: u64) -> Option<Spread> {
        let errors: Option<Vec<f64>> =
            (0..settings.nets).map(|copy| self.nets.get(&(kind, units, copy))?.error(round)).collect();
        let errors = errors?;
        let fold = |of: fn(f64, f64) -> f64, start: f64| errors.iter().copied().fold(start, of);
        let (low, high) = (fold(f64::min, f64::INFINITY), fold(f64::max, 0.0));
        Some(Spread { low, median: median(&errors), high })
    }

    /// The errors of all nets of a kind and size as far as they all are.
    pub(super) fn latest(&self, settings: &Settings, kind: NetKind, units: usize) -> Option<Spread> {
        self.spread(settings, kind, units, self.rounds(settings, kind, units)?)
    }

    /// `ln error` against `ln N` over all sizes; none unless there are two of them that are finite.
    pub(super) fn slope(&self, settings: &Settings, kind: NetKind) -> Option<f64> {
        let point = |units: usize| {
            let error = self.latest(settings, kind, units)?.median;
            let n = self.task.parameters(kind, units) as f64;
            (error > 0.0 && error.is_finite()).then(|| (libm::log(n), libm::log(error)))
        };
        let points: Vec<_> = settings.sizes().into_iter().filter_map(point).collect();
        Some(slope(&points)).filter(|slope| slope.is_finite())
    }

    /// Nets whose training has ended in numbers without bounds.
    pub(super) fn n_diverged(&self) -> usize {
        self.nets.values().filter(|net| net.is_diverged()).count()
    }

    /// Share of the rounds that are done.
    pub(super) fn share(&self, wanted: &[NetKey]) -> f64 {
        let done = |key: &NetKey| self.nets.get(key).map_or(0, Progress::rounds);
        wanted.iter().map(done).sum::<u64>() as f64 / (ROUNDS * wanted.len().max(1) as u64) as f64
    }
}
