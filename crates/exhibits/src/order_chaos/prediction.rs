//! Everything that theory says at one setting.

use protocol::Readout;
use theory::{CorrelationMap, DepthScale, LengthFixedPoint, MeanField, Summary};

use super::settings::Settings;

/// Lengths beyond these are the same for every map, and safe to square.
const Q_RANGE: (f64, f64) = (1e-12, 1e12);

/// Everything that theory says at one setting, but for the trajectories of the inputs.
#[derive(Clone, Debug)]
pub(super) struct Prediction {
    /// Exact, or quick.
    pub(super) field: MeanField,
    pub(super) summary: Summary,
    /// `q_0` and the length of each layer, `depth + 1` of them.
    pub(super) lengths: Vec<f64>,
    maps: LayerMaps,
    /// The length at which the correlation map is drawn: `q*`, or the last layer's where there is none.
    pub(super) q_of_map: f64,
    /// Base-10 logarithms of the mean squared gradient at layers `0..=depth`, relative to the last.
    pub(super) log_gradients: Vec<f64>,
}

impl Prediction {
    /// The numbers are exact; the lines follow `field`, which may be the quicker one.
    pub(super) fn new(settings: &Settings, field: MeanField) -> Self {
        let summary = settings.field.summary();
        Self::along(settings, field, summary)
    }

    /// The same with exact lines.
    pub(super) fn refined(&self, settings: &Settings) -> Self {
        Self::along(settings, settings.field, self.summary)
    }

    fn along(settings: &Settings, field: MeanField, summary: Summary) -> Self {
        let lengths = field.length_trajectory(settings.q_0, settings.depth);
        let last = lengths.last().copied().unwrap_or(settings.q_0);
        let q_of_map = summary.q_star.filter(|q| *q > 0.0).unwrap_or(last).clamp(Q_RANGE.0, Q_RANGE.1);
        let log_gradients = log_gradients(&field, &lengths);
        let maps = LayerMaps::new(&field, &lengths);
        Self { field, summary, lengths, maps, q_of_map, log_gradients }
    }

    /// Correlations of a pair at each layer, `depth + 1` of them; see [`LayerMaps::correlations`].
    pub(super) fn correlations(&self, c_0: f64) -> Vec<f64> {
        self.maps.correlations(c_0)
    }

    /// The readouts that theory gives.
    pub(super) fn readouts(&self) -> Vec<(String, Readout)> {
        let summary = &self.summary;
        let unbounded = "lengths grow without bound";
        let number = |x: Option<f64>, why: &str| x.map_or_else(|| Readout::Undefined(why.into()), Readout::from_f64);
        let scale = |s: DepthScale, why: &str| match s {
            DepthScale::Finite(x) => Readout::Number(x),
            DepthScale::Infinite => Readout::Infinite,
            DepthScale::Undefined => Readout::Undefined(why.into()),
        };
        let why_no_c = match summary.fixed_point {
            LengthFixedPoint::Zero => "every signal dies out",
            _ => unbounded,
        };
        vec![
            ("phase".into(), Readout::Text(summary.phase.key().into())),
            ("chi_1".into(), number(summary.chi_1, unbounded)),
            ("q_star".into(), number(summary.q_star, unbounded)),
            ("c_star".into(), number(summary.c_star, why_no_c)),
            ("xi_c".into(), scale(summary.xi_c, why_no_c)),
            ("xi_q".into(), scale(summary.xi_q, why_no_c)),
        ]
    }

    /// What the user should know about this point, if anything.
    pub(super) fn notice(&self, settings: &Settings) -> Option<String> {
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
            let q = q.clamp(Q_RANGE.0, Q_RANGE.1);
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
        let q = lengths[l].clamp(Q_RANGE.0, Q_RANGE.1);
        if !agree(q, last_q) {
            (last_q, log_chi) = (q, libm::log10(field.chi_1_at(q).max(1e-300)));
        }
        logs[l] = logs[l + 1] + log_chi;
    }
    logs
}
