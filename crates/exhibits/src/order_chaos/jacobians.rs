//! Singular values of the input-output Jacobian of the nets (Pennington et al. 2017, 2018): a histogram over theory's
//! density, and their mean square with depth.

use figures::{Axis, Chart, Role, format_number};
use nets::jacobian::SingularValues;
use nets::{NetParameters, RandomNet};
use random::Stream;
use serde::{Deserialize, Serialize};
use theory::Activation;
use theory::jacobian::{Ensemble, JacobianTheory};

use super::curves::DRAWN_LAYERS;
use super::drawn::CoreState;
use super::prediction::Prediction;
use super::settings::Settings;
use crate::job::{Core, JobError};
use crate::kit::{Part, Scene, Shown, Sweep};
use crate::statistics::{densities, log10_of_mean, relative_spread};

/// Widest net: the work grows with its third power, and 128 singular values of a net fill a histogram.
const MOST_WIDTH: usize = 128;
/// Most nets.
const MOST_NETS: usize = 4;
/// Abscissae of the density.
const CURVE_POINTS: usize = 220;
const BINS: usize = 36;
/// Singular values below this part of the sample are left out of the picture: Gaussian nets have them down to e^-L.
const HIDDEN_SHARE: f64 = 0.04;
const LN_10: f64 = std::f64::consts::LN_10;

/// What all singular values depend on.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Task {
    #[serde(with = "crate::kit::as_key")]
    activation: Activation,
    sigma_w: f64,
    sigma_b: f64,
    depth: usize,
    width: usize,
    seed: u64,
    #[serde(with = "crate::kit::as_key")]
    ensemble: Ensemble,
    /// The length that the nets are at.
    q: f64,
}

impl Task {
    fn new(settings: &Settings, q: f64) -> Self {
        let Settings { activation, sigma_w, sigma_b, depth, seed, weights: ensemble, .. } = *settings;
        Self { activation, sigma_w, sigma_b, depth, width: settings.width.min(MOST_WIDTH), seed, ensemble, q }
    }
}

/// What is found: theory's density without a number, or the singular values of the net with this one.
type Results = Sweep<Task, Option<usize>, Found>;

/// A result.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) enum Found {
    Density(Density),
    Net(SingularValues),
}

/// The part that finds one result.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Jacobian {
    task: Task,
    net: Option<usize>,
    kept_bytes: usize,
}

impl Part for Jacobian {
    type Kept = CoreState;
    type Answer = Found;

    async fn run(self, kept: &mut CoreState, core: &mut dyn Core) -> Result<Found, JobError> {
        let Some(net) = self.net else { return Ok(Found::Density(density(&self.task)?)) };
        let Task { activation, sigma_w, sigma_b, depth, width, seed, ensemble, q } = self.task;
        let parameters = NetParameters { activation, sigma_w, sigma_b };
        let drawn = kept.jacobian_nets(seed, width, self.kept_bytes);
        let mut of = RandomNet { drawn, number: net, depth, parameters };
        let mut z = vec![0.0; width];
        Stream::new(seed, "order-chaos jacobian").child(net as u64).fill_normal_f32(0, &mut z);
        Ok(Found::Net(of.singular_values(z, q, ensemble, async || core.checkpoint().await).await?))
    }
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
    /// The variance of `s²` over the square of its mean; NaN where there is none.
    relative_variance: f64,
    /// `log₁₀` of the largest.
    log_largest: f64,
    /// Why there is no curve, if there is none.
    complaint: Option<String>,
}

/// Theory at the length that the nets are at.
fn density(task: &Task) -> Result<Density, JobError> {
    let depth = task.depth.max(1) as u32;
    let theory = JacobianTheory::new(task.activation, task.q, task.sigma_w, depth, task.ensemble)?;
    let atoms = theory.atoms();
    let (curve, complaint) = match theory.spectrum() {
        Ok(spectrum) => (spectrum.log10_curve(CURVE_POINTS), None),
        Err(error) => (Vec::new(), Some(error.to_string())),
    };
    Ok(Density {
        curve,
        atoms: atoms.iter().filter(|a| a.lambda > 0.0).map(|a| (0.5 * libm::log10(a.lambda), a.mass)).collect(),
        zeros: theory.atom_at_zero(),
        relative_variance: if task.sigma_w > 0.0 { theory.relative_variance() } else { f64::NAN },
        log_largest: 0.5 * theory.ln_lambda_max() / LN_10,
        complaint,
    })
}

/// What is found, and the pictures of it.
#[derive(Debug, Default)]
pub(super) struct Jacobians {
    found: Results,
    /// For the length that the nets start from, in place of that at which they are.
    shown: [Shown<Task>; 2],
}

impl Jacobians {
    /// Mutes pictures of other nets.
    pub(super) fn mute_others(&mut self, settings: &Settings, scene: &mut Scene<'_>) {
        let of = Task::new(settings, settings.q_0);
        self.shown.iter_mut().for_each(|shown| shown.mute_unless(&of, scene));
    }

    /// Finds what is missing, and shows the pictures that are in view.
    pub(super) async fn show(
        &mut self,
        settings: &Settings,
        theory: &Prediction,
        scene: &mut Scene<'_>,
    ) -> Result<(), JobError> {
        if !scene.wants_any(&["jacobian-spectrum", "jacobian-depth"]) {
            return Ok(());
        }
        let (task, n) = (Task::new(settings, theory.q_of_map), settings.nets.min(MOST_NETS));
        let kept_bytes = nets::kept_bytes_of_core(scene.n_cores());
        let wanted = std::iter::once(None).chain((0..n).map(Some));
        let show = |found: &Results, scene: &mut Scene<'_>| {
            if !found.found().is_empty() {
                let sample = Sample::of(found, n);
                let charts = [sample.spectrum(settings), sample.mean_with_depth(settings, theory)];
                for (shown, chart) in self.shown.iter_mut().zip(charts) {
                    shown.show(Task::new(settings, settings.q_0), chart.device(scene.device().clone()).build(), scene);
                }
            }
            Ok(())
        };
        self.found.of(task).fill(scene, wanted, |net| Jacobian { task, net: *net, kept_bytes }, show).await
    }
}

/// What is shown.
struct Sample<'a> {
    density: Option<&'a Density>,
    nets: Vec<&'a SingularValues>,
    /// `log₁₀ s` of all nets, ascending, without zeros.
    logs: Vec<f64>,
    /// How many there are with zeros.
    n_values: usize,
}

impl<'a> Sample<'a> {
    /// Of the first `n` nets.
    fn of(found: &'a Results, n: usize) -> Self {
        let density = match found.get(&None) {
            Some(Found::Density(density)) => Some(density),
            _ => None,
        };
        let nets = (0..n).filter_map(|net| match found.get(&Some(net)) {
            Some(Found::Net(found)) => Some(found),
            _ => None,
        });
        let nets: Vec<&SingularValues> = nets.collect();
        let mut logs: Vec<f64> = nets.iter().flat_map(|net| &net.ln_values).map(|ln| ln / LN_10).collect();
        logs.sort_by(f64::total_cmp);
        let n_values = nets.iter().map(|net| net.n_values).sum();
        Self { density, nets, logs, n_values }
    }

    /// Histogram over density.
    fn spectrum(&self, settings: &Settings) -> Chart {
        let x = self.axis();
        let (low, high) = x.range;
        let (edges, heights) = densities(&self.logs, self.n_values, (low, high), BINS);
        let tallest = heights.iter().copied().fold(0.0, f64::max);
        let curve = self.density.map_or(&[][..], |density| &density.curve);
        // A pole does not squash the rest.
        let highest = curve.iter().map(|c| c.1).fold(0.0, f64::max);
        let top = tallest.max(highest.min(if tallest > 0.0 { 2.0 * tallest } else { highest }));
        let (n, depth, width) = (self.nets.len(), settings.depth, settings.width.min(MOST_WIDTH));
        let name = format!("{n} {} nets of width {width}", settings.weights.label());
        let atoms = self.density.map_or(&[][..], |density| &density.atoms);
        Chart::new("jacobian-spectrum", x, Axis::linear("density", 0.0, 1.08 * top.max(1e-6)))
            .histogram(&name, Role::Simulation, edges, heights)
            .with((!curve.is_empty()).then_some(curve), |chart, curve| {
                chart.line("theory, infinite width", Role::Theory, curve.iter().copied())
            })
            .with_each(atoms, |chart, (x, mass)| {
                let share = if *mass > 0.999 { "all of them".into() } else { format!("{:.0} % of them", 100.0 * mass) };
                chart.rule_at_x(&share, Role::Theory, *x)
            })
            .with(self.density.and_then(|density| density.complaint.as_deref()), Chart::note)
            .title(self.title())
            .alt(format!(
                "Histogram of the singular values of the input-output Jacobian of {n} nets of depth {depth}, with the density \
                 that theory predicts."
            ))
    }

    fn title(&self) -> String {
        let Some(density) = self.density else { return String::new() };
        let zeros =
            if density.zeros > 0.0005 { format!("; {:.1} % are zero", 100.0 * density.zeros) } else { String::new() };
        if density.relative_variance.is_nan() {
            return "all singular values are zero".into();
        }
        let predicted = format_number(density.relative_variance.sqrt());
        let found = relative_spread(&self.logs, self.n_values);
        let found = found.map_or_else(String::new, |s| format!(", {} found", format_number(s)));
        format!("spread of s²: {predicted} predicted{found}{zeros}")
    }

    /// From the smallest that are shown to the largest, in quarters of a decade.
    fn axis(&self) -> Axis {
        let hidden = (HIDDEN_SHARE * self.logs.len() as f64) as usize;
        let mut low = self.logs.get(hidden).copied().unwrap_or(f64::INFINITY);
        let mut high = self.logs.last().copied().unwrap_or(f64::NEG_INFINITY);
        if let Some(density) = self.density {
            let atoms = || density.atoms.iter().map(|a| a.0);
            let first = density.curve.first().map(|c| c.0);
            low = atoms().chain(first.filter(|_| self.logs.is_empty())).fold(low, f64::min);
            high = atoms().fold(high.max(density.log_largest), f64::max);
        }
        let label = "log₁₀ of the singular value";
        if !(low.is_finite() && high.is_finite()) {
            return Axis::linear(label, -1.0, 1.0);
        }
        Axis::in_steps(label, (low - 0.1, high + 0.05), if high - low > 8.0 { 1.0 } else { 0.25 }, 0.5)
    }

    /// The mean of `s²` after each layer.
    fn mean_with_depth(&self, settings: &Settings, theory: &Prediction) -> Chart {
        let (log_chi, depth) = (libm::log10(theory.chi().max(1e-300)), settings.depth as f64);
        let layers = if self.nets.is_empty() { 0 } else { settings.depth };
        // A net that passes nothing on has no logarithm.
        let at =
            |l: usize| self.nets.iter().filter_map(move |net| net.ln_mean_squares.get(l)).filter(|ln| ln.is_finite());
        let spread = |l: usize| log10_of_mean(&at(l).map(|ln| ln / LN_10).collect::<Vec<f64>>());
        let spread: Vec<(f64, f64)> = (0..layers).map(spread).collect();
        let bars = spread.iter().flat_map(|s| [s.0 - s.1, s.0 + s.1]).filter(|x| x.is_finite());
        let ends = [0.0, log_chi * depth].into_iter().chain(bars);
        let (low, high) = ends.fold((-0.5f64, 0.5f64), |(low, high), x| (low.min(x), high.max(x)));
        let step = layers.div_ceil(DRAWN_LAYERS).max(1);
        let points = (step - 1..layers).step_by(step).map(|l| ((l + 1) as f64, spread[l].0, spread[l].1));
        let points = points.filter(|(_, mean, _)| mean.is_finite());
        let (n, width) = (self.nets.len(), settings.width.min(MOST_WIDTH));
        let name = format!("mean of {n} nets of width {width}; bars: standard deviation");
        let y = Axis::rounded("log₁₀ of the mean squared singular value", [low, high]);
        Chart::new("jacobian-depth", Axis::linear("layer l", 0.0, depth.max(1.0)), y)
            .rule_at_y("", Role::Neutral, 0.0)
            .line("theory, χ₁ a layer", Role::Theory, [(0.0, 0.0), (depth, log_chi * depth)])
            .points_with_bars(&name, Role::Simulation, points)
            .title(format!("theory: χ₁ = {} a layer", format_number(10f64.powf(log_chi))))
            .alt("Mean squared singular value of the Jacobian up to each layer, predicted and simulated.")
    }
}
