//! Everything that theory says at one setting.

use protocol::Readout;
use theory::{CorrelationMap, DepthScale, LengthFixedPoint, MeanField, Summary};

use super::basin::Basin;
use super::inputs::Pair;
use super::settings::Settings;
use crate::job::JobError;

/// Lengths of correlation maps. Beyond the second all are the same for a map, as no bias matters there; a bias matters to
/// lengths however small, down to its own square.
const Q_OF_MAPS: (f64, f64) = (1e-150, 1e12);
/// Lengths that simulated nets can be given: their roots are numbers in single precision.
const Q_OF_NETS: (f64, f64) = (1e-60, 1e12);

/// Everything that theory says at one setting.
#[derive(Clone, Debug)]
pub(super) struct Prediction {
    exact: MeanField,
    /// The same nets, quicker, for curves that are drawn.
    pub(super) sketch: MeanField,
    /// What lines follow: one of the two.
    pub(super) field: MeanField,
    /// For lengths that start from `q_0`.
    pub(super) summary: Summary,
    pub(super) basin: Basin,
    /// `q_0` and the length of each layer, `depth + 1` of them.
    pub(super) lengths: Vec<f64>,
    /// The pairs of inputs that are followed.
    pub(super) pairs: Vec<Pair>,
    /// Their correlations at each layer, `depth + 1` of them; see [`LayerMaps::correlations`].
    pub(super) correlations: Vec<Vec<f64>>,
    /// The length at which the correlation map is drawn: `q*`, or the last layer's where there is none.
    pub(super) q_of_map: f64,
    /// Base-10 logarithms of the mean squared gradient at layers `0..=depth`, relative to the last.
    pub(super) log_gradients: Vec<f64>,
}

impl Prediction {
    /// With quick lines, which differ from the exact ones by less than a pixel in ten thousand; the numbers are exact.
    pub(super) fn sketched(settings: &Settings, pairs: &[Pair]) -> Result<Self, JobError> {
        let exact = settings.field()?;
        let sketch = exact.coarse();
        let without_lines = Self {
            exact,
            sketch,
            field: sketch,
            summary: exact.summary_from(settings.q_0),
            basin: Basin::new(settings.q_0, &sketch, &exact),
            pairs: pairs.to_vec(),
            lengths: Vec::new(),
            correlations: Vec::new(),
            q_of_map: 0.0,
            log_gradients: Vec::new(),
        };
        Ok(without_lines.along(settings))
    }

    /// The same with exact lines.
    pub(super) fn refined(self, settings: &Settings) -> Self {
        Self { field: self.exact, ..self }.along(settings)
    }

    /// With the lines of its field.
    fn along(self, settings: &Settings) -> Self {
        let field = self.field;
        let lengths = field.length_trajectory(settings.q_0, settings.depth);
        let last = lengths.last().copied().unwrap_or(settings.q_0);
        let q_of_map = self.summary.q_star.filter(|q| *q > 0.0).unwrap_or(last).clamp(Q_OF_NETS.0, Q_OF_NETS.1);
        let log_gradients = log_gradients(&field, &lengths);
        let maps = LayerMaps::new(&field, &lengths);
        let correlations = self.pairs.iter().map(|pair| maps.correlations(pair.c_0)).collect();
        Self { lengths, correlations, q_of_map, log_gradients, ..self }
    }

    /// Factor of a gradient in a layer at the length of the correlation map.
    pub(super) fn chi(&self) -> f64 {
        self.exact.chi_1_at(self.q_of_map)
    }

    /// The readouts that theory gives.
    pub(super) fn readouts(&self) -> [(&'static str, Readout); 6] {
        let summary = &self.summary;
        let from_here = |what: &str| {
            if self.basin.is_whole() { what.to_owned() } else { format!("from this q₀ {what}") }
        };
        let unbounded = &from_here("lengths grow without bound");
        let number = |x: Option<f64>, why: &str| x.map_or_else(|| Readout::Undefined(why.into()), Readout::from_f64);
        let scale = |s: DepthScale, why: &str| match s {
            DepthScale::Finite(x) => Readout::Number(x),
            DepthScale::Infinite => Readout::Infinite,
            DepthScale::Undefined => Readout::Undefined(why.into()),
        };
        let why_no_xi = match summary.fixed_point {
            LengthFixedPoint::Zero => from_here("every signal dies out"),
            LengthFixedPoint::Diverges => unbounded.clone(),
            // Exactly there, lengths stay; beside it they leave.
            LengthFixedPoint::Finite { .. } | LengthFixedPoint::Marginal { .. } => {
                "lengths leave this fixed point".into()
            }
        };
        let why_no_c = if self.field.keeps_correlations() { "every pair keeps its correlation" } else { &why_no_xi };
        [
            ("phase", Readout::Text(summary.phase.key().into())),
            ("chi_1", number(summary.chi_1, unbounded)),
            ("q_star", number(summary.q_star, unbounded)),
            ("c_star", number(summary.c_star, why_no_c)),
            ("xi_c", scale(summary.xi_c, why_no_c)),
            ("xi_q", scale(summary.xi_q, &why_no_xi)),
        ]
    }

    /// What the user should know about this point, if anything.
    pub(super) fn notice(&self, settings: &Settings) -> Option<String> {
        let of_lengths = self.basin.sentence(settings.q_0, self.summary.fixed_point).or_else(|| self.fate(settings));
        let of_pairs = self.field.keeps_correlations().then(|| {
            "Linear units without bias keep every correlation: there is no single c*, each pair stays at its c₀."
                .to_owned()
        });
        match (of_lengths, of_pairs) {
            (Some(lengths), Some(pairs)) => Some(format!("{lengths} {pairs}")),
            (one, other) => one.or(other),
        }
    }

    /// What becomes of every length, wherever it starts; nothing where it settles.
    fn fate(&self, settings: &Settings) -> Option<String> {
        match self.summary.fixed_point {
            LengthFixedPoint::Diverges => Some(format!(
                "There is no length fixed point here: with {} and σ_w = {}, σ_b = {} activations grow without bound. \
                 Lower σ_w.",
                settings.activation.label(),
                figures::format_number(settings.sigma_w),
                figures::format_number(settings.sigma_b),
            )),
            LengthFixedPoint::Zero => {
                Some("The only length fixed point is 0: without bias every signal dies out. Raise σ_w or σ_b.".into())
            }
            LengthFixedPoint::Marginal { .. } => {
                Some("Every length is a fixed point here: it stays what it was at the input.".into())
            }
            LengthFixedPoint::Finite { .. } => None,
        }
    }
}

/// Whether two lengths are the same to rounding.
fn agree(q: f64, other: f64) -> bool {
    (q - other).abs() <= 1e-13 * q
}

/// The correlation map of each distinct length, and which of them acts on each layer.
#[derive(Clone, Debug)]
pub(super) struct LayerMaps {
    maps: Vec<CorrelationMap>,
    map_of_layer: Vec<usize>,
}

impl LayerMaps {
    /// Layers whose lengths agree to rounding share a map.
    pub(super) fn new(field: &MeanField, lengths: &[f64]) -> Self {
        let mut maps = Vec::new();
        let mut map_of_layer = Vec::with_capacity(lengths.len());
        let mut last_q = f64::NAN;
        for q in lengths.iter().take(lengths.len().saturating_sub(1)) {
            let q = q.clamp(Q_OF_MAPS.0, Q_OF_MAPS.1);
            if !agree(q, last_q) {
                maps.push(CorrelationMap::new(field, q));
                last_q = q;
            }
            map_of_layer.push(maps.len() - 1);
        }
        Self { maps, map_of_layer }
    }

    /// Correlations of a pair at each layer, one more than there are maps, for inputs of the first length and
    /// correlation `c_0`.
    ///
    /// Unlike the correlation map of the papers, the lengths are those of each layer and not `q*` from the start, for
    /// that is what the simulated nets do: `c^l = (σ_w² E φ(u_1) φ(u_2) + σ_b²) / q^l`, u of variance `q^{l-1}`.
    pub(super) fn correlations(&self, c_0: f64) -> Vec<f64> {
        let n = self.map_of_layer.len() + 1;
        let mut correlations = Vec::with_capacity(n);
        correlations.push(c_0);
        let (mut c, mut last_map) = (c_0, usize::MAX);
        for &map in &self.map_of_layer {
            let next = self.maps[map].map(c);
            // Where length and correlation stand still to rounding, the rest of the layers do too.
            let arrived = map == last_map && (next - c).abs() < 1e-15;
            (c, last_map) = (next, map);
            correlations.push(c);
            if arrived && map + 1 == self.maps.len() {
                break;
            }
        }
        correlations.resize(n, c);
        correlations
    }
}

/// `log₁₀ ∏_{k=l}^{L-1} χ_1(q^k)` for `l = 0..=L`: Schoenholz et al. (2017), eq. (19), with each layer's own length.
fn log_gradients(field: &MeanField, lengths: &[f64]) -> Vec<f64> {
    let mut logs = vec![0.0; lengths.len()];
    let (mut last_q, mut log_chi) = (f64::NAN, 0.0);
    for l in (0..lengths.len().saturating_sub(1)).rev() {
        let q = lengths[l].clamp(Q_OF_MAPS.0, Q_OF_MAPS.1);
        if !agree(q, last_q) {
            (last_q, log_chi) = (q, libm::log10(field.chi_1_at(q).max(1e-300)));
        }
        logs[l] = logs[l + 1] + log_chi;
    }
    logs
}
