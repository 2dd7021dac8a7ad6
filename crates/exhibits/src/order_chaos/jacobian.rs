//! Singular values of the input-output Jacobian of the nets (Pennington et al. 2017, 2018): a histogram over theory's
//! density, and their mean square with depth.

use figures::{Axis, Figure, Layer, Role, Samples, Stroke, View, format_number};
use nets::jacobian::{JacobianProduct, orthogonal_layer};
use random::Stream;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use theory::jacobian::{Ensemble, JacobianTheory};

use super::measurement::parameters;
use super::parts::PartState;
use super::prediction::Prediction;
use super::settings::Settings;
use crate::job::{Checkpoint, JobError};
use crate::statistics::mean_and_sd;

/// Widest net: the work grows with its third power, and 128 singular values of a net fill a histogram.
const MOST_WIDTH: usize = 128;
/// Most nets.
const MOST_NETS: usize = 4;
/// Pairs of rows between two looks at the clock.
const PAIRS: usize = 2_000;
/// Abscissae of the density.
const CURVE_POINTS: usize = 220;
const BINS: usize = 36;
/// Singular values below this part of the sample are left out of the picture: Gaussian nets have them down to e^-L.
const HIDDEN_SHARE: f64 = 0.04;
const LN_10: f64 = std::f64::consts::LN_10;

/// Neurons of the nets whose Jacobian is taken.
pub(super) fn width(settings: &Settings) -> usize {
    settings.width.min(MOST_WIDTH)
}

/// How many nets.
pub(super) fn n_nets(settings: &Settings) -> usize {
    settings.nets.min(MOST_NETS)
}

/// What theory says.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct Density {
    /// `log₁₀ s` and the density over it, within the bands; empty where there is none or theory could not resolve it.
    curve: Vec<(f64, f64)>,
    /// `log₁₀ s` of single values, with their part of all.
    atoms: Vec<(f64, f64)>,
    /// The part that is zero.
    zeros: f64,
    /// `log₁₀` of the mean of `s²`.
    log_mean: f64,
    /// The variance of `s²` over the square of its mean; NaN where there is none.
    relative_variance: f64,
    /// `log₁₀` of the largest.
    log_largest: f64,
    /// Why there is no curve, if there is none.
    complaint: Option<String>,
}

/// Theory at the length that the nets are at.
pub(super) fn density(settings: &Settings, q: f64) -> Result<Density, JobError> {
    let depth = settings.depth.max(1) as u32;
    let theory = JacobianTheory::new(settings.activation, q, settings.sigma_w, depth, settings.ensemble);
    let theory = theory.map_err(|e| JobError::Failed(e.to_string()))?;
    let atoms = theory.atoms();
    let log_from_lambda = |lambda: f64| 0.5 * libm::log10(lambda);
    let (curve, complaint) = match theory.spectrum() {
        Ok(spectrum) => (curve(&spectrum.log_bands(), |x| spectrum.log_density(x)), None),
        Err(error) => (Vec::new(), Some(error.to_string())),
    };
    Ok(Density {
        curve,
        atoms: atoms.iter().filter(|a| a.lambda > 0.0).map(|a| (log_from_lambda(a.lambda), a.mass)).collect(),
        zeros: theory.atom_at_zero(),
        log_mean: f64::from(depth) * libm::log10(theory.chi().max(1e-300)),
        relative_variance: if settings.sigma_w > 0.0 { theory.relative_variance() } else { f64::NAN },
        log_largest: 0.5 * theory.ln_lambda_max() / LN_10,
        complaint,
    })
}

/// The density of `log₁₀ s` from that of `ln λ`, `λ = s²`; a gap between two bands has points of density 0.
fn curve(bands: &[(f64, f64)], log_density: impl Fn(f64) -> f64) -> Vec<(f64, f64)> {
    let per_band = (CURVE_POINTS / bands.len().max(1)).max(2);
    let point = |x: f64| (x / (2.0 * LN_10), log_density(x) * 2.0 * LN_10);
    let of_band = |&(low, high): &(f64, f64)| {
        // Dense at the ends, where densities have roots or poles.
        let at = move |i: usize| {
            let angle = std::f64::consts::PI * (i as f64 + 0.5) / per_band as f64;
            0.5 * (low + high) - 0.5 * (high - low) * libm::cos(angle)
        };
        let ends = |x: f64| (x / (2.0 * LN_10), 0.0);
        std::iter::once(ends(low))
            .chain((0..per_band).map(move |i| point(at(i))))
            .chain([ends(high)])
            .collect::<Vec<_>>()
    };
    bands.iter().flat_map(of_band).filter(|(x, y)| x.is_finite() && y.is_finite()).collect()
}

/// What was found on one net.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct OneJacobian {
    /// `ln s`, descending; without zeros.
    ln_values: Vec<f64>,
    /// Number of singular values, zeros included.
    n_values: usize,
    /// `log₁₀` of the mean of `s²` after each layer.
    log_means: Vec<f64>,
}

impl OneJacobian {
    /// Measures net `net`, from pre-activations of mean square `q`.
    pub(super) async fn measured(
        net: usize,
        settings: &Settings,
        q: f64,
        state: &mut PartState,
        pace: &mut dyn Checkpoint,
    ) -> Result<Self, JobError> {
        let width = width(settings);
        let nets = state.jacobian_nets(settings, width);
        let mut z = vec![0.0; width];
        Stream::new(settings.seed, "order-chaos jacobian").child(net as u64).fill_normal_f32(0, &mut z);
        let scale = (q / nets::mean_square(&z).max(1e-30)).sqrt() as f32;
        z.iter_mut().for_each(|z| *z *= scale);
        let mut product = JacobianProduct::new(z)?;
        let mut log_means = Vec::with_capacity(settings.depth);
        for layer in 0..settings.depth {
            let layer = nets.layer(net, layer)?;
            let layer = if settings.ensemble == Ensemble::Orthogonal { orthogonal_layer(&layer)? } else { layer };
            product.push(&layer, &parameters(settings))?;
            log_means.push(product.ln_mean_square() / LN_10);
            pace.checkpoint().await?;
        }
        let mut svd = product.svd();
        while !svd.advance(PAIRS) {
            pace.checkpoint().await?;
        }
        let ln_values = svd.ln_singular_values().into_iter().filter(|ln| ln.is_finite()).collect();
        Ok(Self { ln_values, n_values: width, log_means })
    }
}

/// The logarithm of the mean, as theory predicts it, and the standard deviation of the logarithms. The mean of the logarithms
/// would lie lower. NaN of nothing.
fn log10_of_mean(logs: &[f64]) -> (f64, f64) {
    let largest = logs.iter().copied().fold(f64::NEG_INFINITY, f64::max);
    let parts: f64 = logs.iter().map(|log| libm::pow(10.0, log - largest)).sum();
    (largest + libm::log10(parts / logs.len() as f64), mean_and_sd(logs).1)
}

/// The standard deviation of `s²` over its mean, from `log₁₀ s` ascending of those that are not zero and the number of all;
/// `None` where all are zero. Relative to the largest, so that no size over- or underflows.
fn found_spread(sample: &[f64], n_values: usize) -> Option<f64> {
    let largest = sample.last().filter(|x| x.is_finite())?;
    let squares = || sample.iter().map(|x| libm::pow(10.0, 2.0 * (x - largest)));
    let n = n_values.max(1) as f64;
    let mean = squares().sum::<f64>() / n;
    Some((squares().map(|s| s * s).sum::<f64>() / n / (mean * mean) - 1.0).max(0.0).sqrt())
}

/// What has been found so far.
#[derive(Debug, Default)]
pub(super) struct Jacobians {
    pub(super) density: Option<Density>,
    pub(super) nets: BTreeMap<usize, OneJacobian>,
}

impl Jacobians {
    /// `log₁₀ s` of all nets, ascending, and how many there are with zeros.
    fn sample(&self) -> (Vec<f64>, usize) {
        let mut all: Vec<f64> = self.nets.values().flat_map(|n| &n.ln_values).map(|ln| ln / LN_10).collect();
        all.sort_by(f64::total_cmp);
        (all, self.nets.values().map(|n| n.n_values).sum())
    }

    /// Histogram over density.
    pub(super) fn spectrum(&self, settings: &Settings) -> Figure {
        let (sample, n_values) = self.sample();
        let range = self.range(&sample);
        let bin = (range.1 - range.0) / BINS as f64;
        let mut counts = [0u32; BINS];
        for x in &sample {
            let i = (x - range.0) / bin;
            if i >= 0.0 && i < BINS as f64 {
                counts[i as usize] += 1;
            }
        }
        let height = |count: u32| f64::from(count) / (n_values.max(1) as f64 * bin);
        let corners: Vec<(f64, f64)> = (0..BINS)
            .flat_map(|i| [(i, counts[i]), (i + 1, counts[i])])
            .map(|(i, count)| (range.0 + bin * i as f64, height(count)))
            .collect();
        let tallest = height(counts.iter().copied().max().unwrap_or(0));
        let mut layers = vec![Layer::Band {
            name: format!("{} {} nets, width {}", self.nets.len(), settings.ensemble.label(), width(settings)),
            role: Role::Simulation,
            x: Samples::from_f64(corners.iter().map(|c| c.0)),
            low: Samples::from_f64(corners.iter().map(|_| 0.0)),
            high: Samples::from_f64(corners.iter().map(|c| c.1)),
        }];
        let mut top = tallest;
        if let Some(density) = &self.density {
            // A pole does not squash the rest.
            let highest = density.curve.iter().map(|c| c.1).fold(0.0, f64::max);
            top = top.max(highest.min(if tallest > 0.0 { 2.0 * tallest } else { highest }));
            let curve = density.curve.iter().copied();
            layers.push(Layer::line("theory, infinite width", Role::Theory, Stroke::Solid, curve));
            for (x, mass) in &density.atoms {
                let name = if *mass > 0.999 { "all of them".into() } else { format!("{:.0} % of them", 100.0 * mass) };
                layers.push(Layer::Rule { name, role: Role::Theory, at: *x, upright: true });
            }
        }
        Figure {
            id: "jacobian-spectrum".into(),
            title: self.title(&sample, n_values),
            x: Axis::linear("log₁₀ of the singular value", range.0, range.1),
            y: Axis::linear("density", 0.0, 1.08 * top.max(1e-6)),
            layers,
            view: View::Plane,
            alt: format!(
                "Histogram of the singular values of the input-output Jacobian of {} nets of depth {}, with the density \
                 that theory predicts.",
                self.nets.len(),
                settings.depth
            ),
            note: self.density.as_ref().and_then(|d| d.complaint.clone()),
            device: String::new(),
        }
    }

    fn title(&self, sample: &[f64], n_values: usize) -> String {
        let Some(density) = &self.density else { return String::new() };
        let zeros =
            if density.zeros > 0.0005 { format!("; {:.1} % are zero", 100.0 * density.zeros) } else { String::new() };
        if density.relative_variance.is_nan() {
            return "all singular values are zero".into();
        }
        let predicted = format_number(density.relative_variance.sqrt());
        let found =
            found_spread(sample, n_values).map_or_else(String::new, |s| format!(", {} found", format_number(s)));
        format!("spread of s²: {predicted} predicted{found}{zeros}")
    }

    /// From the smallest that are shown to the largest, in quarters of a decade.
    fn range(&self, sample: &[f64]) -> (f64, f64) {
        let hidden = (HIDDEN_SHARE * sample.len() as f64) as usize;
        let mut low = sample.get(hidden).copied().unwrap_or(f64::INFINITY);
        let mut high = sample.last().copied().unwrap_or(f64::NEG_INFINITY);
        if let Some(density) = &self.density {
            high = high.max(density.log_largest);
            let first = density.curve.first().map(|c| c.0);
            let atoms = density.atoms.iter().map(|a| a.0);
            low = atoms.chain(first.filter(|_| sample.is_empty())).fold(low, f64::min);
            high = density.atoms.iter().map(|a| a.0).fold(high, f64::max);
        }
        if !(low.is_finite() && high.is_finite()) {
            return (-1.0, 1.0);
        }
        let unit = if high - low > 8.0 { 1.0 } else { 0.25 };
        let (low, high) = (((low - 0.1) / unit).floor() * unit, ((high + 0.05) / unit).ceil() * unit);
        (low, high.max(low + 0.5))
    }

    /// The mean of `s²` after each layer.
    pub(super) fn mean_with_depth(&self, settings: &Settings, prediction: &Prediction) -> Figure {
        let chi = libm::log10(settings.field.chi_1_at(prediction.q_of_map).max(1e-300));
        let depth = settings.depth as f64;
        let layers = if self.nets.is_empty() { 0 } else { settings.depth };
        // A net that passes nothing on has no logarithm.
        let at = |l: usize| self.nets.values().filter_map(move |net| net.log_means.get(l)).filter(|x| x.is_finite());
        let spread: Vec<(f64, f64)> =
            (0..layers).map(|l| log10_of_mean(&at(l).copied().collect::<Vec<f64>>())).collect();
        let bars = spread.iter().flat_map(|s| [s.0 - s.1, s.0 + s.1]).filter(|x| x.is_finite());
        let ends = [0.0, chi * depth].into_iter().chain(bars);
        let (low, high) = ends.fold((-0.5f64, 0.5f64), |(low, high), x| (low.min(x), high.max(x)));
        let pad = 0.06 * (high - low);
        let step = layers.div_ceil(16).max(1);
        let shown = (step - 1..layers).step_by(step).map(|l| ((l + 1) as f64, spread[l].0, spread[l].1));
        let name = format!("mean of {} nets, width {}; bars: their spread", self.nets.len(), width(settings));
        Figure {
            id: "jacobian-depth".into(),
            title: format!("theory: χ₁ = {} a layer", format_number(10f64.powf(chi))),
            x: Axis::linear("layer l", 0.0, depth.max(1.0)),
            y: Axis::linear("log₁₀ mean squared singular value", low - pad, high + pad),
            layers: vec![
                Layer::Rule { name: String::new(), role: Role::Neutral, at: 0.0, upright: false },
                Layer::line("theory, χ₁ a layer", Role::Theory, Stroke::Solid, [(0.0, 0.0), (depth, chi * depth)]),
                Layer::points_with_bars(&name, Role::Simulation, shown),
            ],
            view: View::Plane,
            alt: "Mean squared singular value of the Jacobian up to each layer, predicted and simulated.".into(),
            note: None,
            device: String::new(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{found_spread, log10_of_mean};

    #[test]
    fn a_mean_is_taken_of_numbers_not_of_their_logarithms() {
        for log_size in [0.0, 200.0, -400.0] {
            let (mean, sd) = log10_of_mean(&[log_size, log_size + 1.0]);
            // The mean of 1 and 10 is 5.5; the logarithms are 0 and 1. Sums near 400 are right to 400 · 2⁻⁵³.
            assert!((mean - log_size - 5.5f64.log10()).abs() < 1e-12, "{mean}");
            assert!((sd - 0.5f64.sqrt()).abs() < 1e-12);
        }
        assert!(log10_of_mean(&[]).0.is_nan());
    }

    #[test]
    fn a_spread_does_not_depend_on_the_size() {
        // s² of 0, 1 and 2 times some size: mean 1, variance 2/3.
        let exact = (2.0f64 / 3.0).sqrt();
        for log_size in [0.0, 120.0, -150.0] {
            let sample = [log_size, log_size + 0.5 * 2f64.log10()];
            let found = found_spread(&sample, 3).expect("some are not zero");
            // The difference of two logarithms near 150 is right to 150 · 2⁻⁵³.
            assert!((found - exact).abs() < 1e-12, "{found} at 10^{log_size}");
        }
        assert_eq!(found_spread(&[], 3), None);
    }
}
