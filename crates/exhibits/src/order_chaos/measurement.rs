//! What real random nets do, layer by layer: on every core, or all of them on a graphics device.

use std::collections::BTreeMap;

use figures::{Device, Role};
use nets::LayerStats;
use protocol::Readout;

use super::net::{Net, Nets};
use super::on_gpu;
use crate::job::JobError;
use crate::kit::{Scene, Sweep};
use crate::statistics::{LEAST_SAMPLE, Spread, rms_of_student};

/// Standard errors below this are rounding of f32, not spread over nets.
const LEAST_ERROR: f64 = 1e-5;

/// By the nets' numbers.
type Found = BTreeMap<usize, LayerStats>;

/// The nets that have been measured, and those of the last `sigma_w` and `sigma_b`.
#[derive(Debug, Default)]
pub(super) struct Measured {
    found: Sweep<Nets, usize, LayerStats>,
    /// What computed them.
    by: Device,
    before: Option<(Nets, Found)>,
}

impl Measured {
    /// Keeps what is of these nets; and what was measured before, as such, if `sigma_w` and `sigma_b` alone are others.
    pub(super) fn of(&mut self, nets: &Nets) {
        if self.found.origin() != Some(nets) {
            let last = self.found.origin().filter(|_| !self.found.found().is_empty());
            self.before = last.map(|last| (last.clone(), self.found.found().clone())).or(self.before.take());
            self.found.of(nets.clone());
        }
        let Nets { sigma_w, sigma_b, .. } = *nets;
        self.before.take_if(|(before, _)| Nets { sigma_w, sigma_b, ..before.clone() } != *nets);
    }

    /// What may be shown of the first `n` nets.
    pub(super) fn seen(&self, n: usize) -> Option<Measurement<'_>> {
        seen(self.found.found(), self.before.as_ref(), n, &self.by)
    }

    /// Whether the first `n` nets have been measured.
    pub(super) fn has(&self, n: usize) -> bool {
        (0..n).all(|net| self.found.get(&net).is_some())
    }

    /// Measures the first `n` nets as far as they have not been; `show` is told of what there is, more and more.
    pub(super) async fn measure(
        &mut self,
        n: usize,
        scene: &mut Scene<'_>,
        mut show: impl FnMut(Option<Measurement<'_>>, &mut Scene<'_>),
    ) -> Result<(), JobError> {
        let Some(of) = self.found.origin().cloned() else { return Ok(()) };
        let missing: Vec<usize> = (0..n).filter(|net| self.found.get(net).is_none()).collect();
        if !missing.is_empty() {
            let layers = of.depth.saturating_mul(missing.len());
            let weights = of.width.saturating_mul(of.width).saturating_mul(layers);
            let kept_bytes = nets::kept_bytes_of_core(scene.n_cores());
            // Those of a device that is lost are not mixed with the CPU's.
            let was_gpu = std::mem::replace(&mut self.by, scene.device().clone()).is_gpu();
            let (found, before, by) = (&mut self.found, self.before.as_ref(), &self.by);
            // On a graphics device nets that follow one another are measured together.
            let numbers: Vec<usize> = (missing[0]..n).collect();
            let on_gpu = scene.on_device(
                "nets",
                weights,
                async |gpu, scene| Ok(Some((on_gpu::measured(&gpu, &of, &numbers).await?, scene.device().clone()))),
                async |scene| {
                    found.retain(|_| !was_gpu);
                    let net = |net: &usize| Net { of: of.clone(), net: *net, kept_bytes };
                    let show = |found: &Sweep<Nets, usize, LayerStats>, scene: &mut Scene<'_>| {
                        show(seen(found.found(), before, n, by), scene);
                        Ok(())
                    };
                    found.fill(scene, 0..n, net, show).await?;
                    Ok(None)
                },
            );
            // The CPU has shown its own.
            let Some((measured, gpu)) = on_gpu.await? else { return Ok(()) };
            numbers.iter().zip(measured).for_each(|(net, one)| self.found.put(*net, one));
            self.by = gpu;
        }
        show(self.seen(n), scene);
        scene.flush().await
    }
}

/// The first `n` nets of `found`; those of before while there is none.
fn seen<'a>(found: &'a Found, before: Option<&'a (Nets, Found)>, n: usize, by: &'a Device) -> Option<Measurement<'a>> {
    let current = Measurement { nets: found, n, by, is_current: true };
    let before = before.map(|(_, nets)| Measurement { nets, is_current: false, ..current });
    Some(current).filter(|current| current.n_nets() > 0).or(before)
}

/// What was measured on several nets, in the order of their numbers whatever the order in which they came.
#[derive(Clone, Copy, Debug)]
pub(super) struct Measurement<'a> {
    nets: &'a Found,
    /// Those beyond are not asked for.
    n: usize,
    /// What computed them.
    pub(super) by: &'a Device,
    /// Whether they are nets of the settings, and not of those before.
    pub(super) is_current: bool,
}

impl<'a> Measurement<'a> {
    fn nets(self) -> impl Iterator<Item = &'a LayerStats> {
        self.nets.range(..self.n).map(|(_, net)| net)
    }

    /// Number of nets so far.
    pub(super) fn n_nets(self) -> usize {
        self.nets().count()
    }

    /// For a legend.
    pub(super) fn name(self, width: usize) -> String {
        match self.n_nets() {
            _ if !self.is_current => "nets before this change".into(),
            1 => format!("one net of width {width}"),
            n => format!("{n} nets of width {width}; bars: standard deviation"),
        }
    }

    pub(super) fn role(self) -> Role {
        if self.is_current { Role::Simulation } else { Role::Neutral }
    }

    /// The first layer at which a net's numbers are beyond single precision; `None` while they are within.
    pub(super) fn overflow(self) -> Option<usize> {
        self.nets().filter_map(|net| net.lengths.iter().position(|q| !q.is_finite())).min()
    }

    /// Correlation of a pair.
    pub(super) fn correlation(self, pair: usize) -> Spread {
        self.spread(|net| net.correlations.get(pair).map_or(&[], Vec::as_slice))
    }

    /// Mean squared pre-activation of the first input.
    pub(super) fn length(self) -> Spread {
        self.spread(|net| &net.lengths)
    }

    /// Base-10 logarithm of the mean squared gradient.
    pub(super) fn log_gradient(self) -> Spread {
        self.spread(|net| &net.log10_gradients)
    }

    fn spread(self, of: impl Fn(&'a LayerStats) -> &'a [f64]) -> Spread {
        Spread::of(&self.nets().map(of).collect::<Vec<_>>())
    }

    /// How far the correlations of pairs are from theory's, as root mean square over all layers and pairs; and the same in
    /// standard errors of the nets.
    pub(super) fn gaps(self, theory: &[Vec<f64>]) -> [Readout; 2] {
        let n = self.n_nets();
        let (mut squares, mut in_errors) = (Vec::new(), Vec::new());
        for (i, theory) in theory.iter().enumerate() {
            let spread = self.correlation(i);
            // At layer 0 nothing has been predicted yet.
            let layers = theory.iter().zip(&spread.mean).zip(&spread.sd).skip(1);
            // Where a net has overflowed, or a length is zero, there is nothing to compare.
            for ((c, mean), sd) in layers.filter(|((c, mean), _)| c.is_finite() && mean.is_finite()) {
                squares.push((c - mean).powi(2));
                let error = sd / (n as f64).sqrt();
                if error > LEAST_ERROR {
                    in_errors.push(((c - mean) / error).powi(2));
                }
            }
        }
        let rms = |squares: &[f64]| (squares.iter().sum::<f64>() / squares.len() as f64).sqrt();
        let or = |value: Option<f64>, why: String| value.map_or(Readout::Undefined(why), Readout::from_f64);
        let gap = (!squares.is_empty()).then(|| rms(&squares));
        match rms_of_student(n) {
            _ if gap.is_none() => [0; 2].map(|_| Readout::Undefined("no numbers to compare".into())),
            None => [or(gap, String::new()), Readout::Undefined(format!("needs {LEAST_SAMPLE} nets"))],
            Some(of_theory) => {
                let errors = (!in_errors.is_empty()).then(|| rms(&in_errors) / of_theory);
                [or(gap, String::new()), or(errors, "the nets agree to rounding".into())]
            }
        }
    }
}
