//! What has been found so far.

use super::settings::{Origin, Settings};
use super::trainings::{Ended, Start, Which};
use crate::kit::Sweep;
use crate::statistics::mean_and_sd;

/// Numbers of images of the second task in the figure of those.
pub(super) const EXAMPLES: [usize; 6] = [25, 50, 100, 200, 500, 1000];

/// Results that are there.
pub(super) struct Found<'a> {
    pub(super) settings: &'a Settings,
    pub(super) ended: &'a Sweep<Origin, Which, Ended>,
}

impl Found<'_> {
    /// Of all nets; nothing before the last one has ended, as a mean of fewer would look like one of all.
    fn of(&self, start: Start, layers: usize, examples: usize) -> Vec<&Ended> {
        let which = |net| Which::new(start, layers, examples, net);
        let all: Option<Vec<&Ended>> = (0..self.settings.nets).map(|net| self.ended.get(&which(net))).collect();
        all.unwrap_or_default()
    }

    /// Mean and deviation of test errors over all nets; none before they have ended, or where any has diverged.
    pub(super) fn error(&self, start: Start, layers: usize, examples: usize) -> Option<(f64, f64)> {
        let errors: Vec<f64> = self.of(start, layers, examples).iter().map(|ended| ended.error).collect();
        Some(mean_and_sd(&errors)).filter(|(mean, _)| mean.is_finite())
    }

    /// Shares of the images of batches that were classified wrongly, averaged over nets.
    pub(super) fn course(&self, start: Start, layers: usize) -> Vec<f64> {
        let all = self.of(start, layers, self.settings.examples);
        let n = all.iter().map(|ended| ended.course.len()).min().unwrap_or(0);
        (0..n).map(|i| all.iter().map(|ended| f64::from(ended.course[i])).sum::<f64>() / all.len() as f64).collect()
    }

    /// The mean test error over all nets, or why there is none.
    pub(super) fn of_all_nets(&self, start: Start, layers: usize) -> Result<f64, &'static str> {
        let examples = self.settings.examples;
        if self.of(start, layers, examples).is_empty() {
            return Err("being computed");
        }
        self.error(start, layers, examples).map(|(mean, _)| mean).ok_or("training diverged")
    }
}
