//! Everything that theory says at one setting.

use protocol::Readout;
use theory::{DepthScale, LengthFixedPoint, MeanField, Summary};

use super::settings::Settings;

/// Lengths beyond these are the same for every map, and safe to square.
const Q_RANGE: (f64, f64) = (1e-12, 1e12);

/// Everything that theory says at one setting, but for the trajectories of the inputs.
#[derive(Clone, Debug)]
pub(super) struct Prediction {
    pub(super) summary: Summary,
    /// `q_0` and the length of each layer, `depth + 1` of them.
    pub(super) lengths: Vec<f64>,
    /// The length at which the correlation map is drawn: `q*`, or the last layer's where there is none.
    pub(super) q_of_map: f64,
    /// Base-10 logarithms of the mean squared gradient at layers `0..=depth`, relative to the last.
    pub(super) log_gradients: Vec<f64>,
}

impl Prediction {
    pub(super) fn new(settings: &Settings) -> Self {
        let field = &settings.field;
        let summary = field.summary();
        let lengths = field.length_trajectory(settings.q_0, settings.depth);
        let last = lengths.last().copied().unwrap_or(settings.q_0);
        let q_of_map = summary.q_star.filter(|q| *q > 0.0).unwrap_or(last).clamp(Q_RANGE.0, Q_RANGE.1);
        let log_gradients = log_gradients(field, &lengths);
        Self { summary, lengths, q_of_map, log_gradients }
    }

    /// Correlations of a pair at each layer, `depth + 1` of them, for inputs of length `q_0` and correlation `c_0`.
    ///
    /// Unlike the correlation map of the papers, the lengths are those of each layer and not `q*` from the start, for
    /// that is what the simulated nets do: `c^l = (σ_w² E φ(u_1) φ(u_2) + σ_b²) / q^l`, u of variance `q^{l-1}`.
    pub(super) fn correlations(&self, field: &MeanField, c_0: f64) -> Vec<f64> {
        let mut correlations = Vec::with_capacity(self.lengths.len());
        correlations.push(c_0);
        let (mut c, mut last_q) = (c_0, f64::NAN);
        for q in self.lengths.iter().take(self.lengths.len().saturating_sub(1)) {
            let q = q.clamp(Q_RANGE.0, Q_RANGE.1);
            let next = layer_correlation(field, q, c);
            // Where length and correlation stand still to rounding, the rest of the layers do too.
            if (next - c).abs() < 1e-15 && (q - last_q).abs() <= 1e-15 * q {
                break;
            }
            (c, last_q) = (next, q);
            correlations.push(c);
        }
        correlations.resize(self.lengths.len(), c);
        correlations
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

/// Correlation of two pre-activations in the next layer when both have length `q` and correlation `c` in this one.
pub(super) fn layer_correlation(field: &MeanField, q: f64, c: f64) -> f64 {
    let sigma_w2 = field.sigma_w() * field.sigma_w();
    let sigma_b2 = field.sigma_b() * field.sigma_b();
    let length = field.length_map(q);
    let product = sigma_w2 * theory::e_phi_phi(field.activation(), q, q, c) + sigma_b2;
    if length > 0.0 { (product / length).clamp(-1.0, 1.0) } else { 0.0 }
}

/// `log₁₀ ∏_{k=l}^{L-1} χ_1(q^k)` for `l = 0..=L`: Schoenholz et al. (2017), eq. (19), with each layer's own length.
fn log_gradients(field: &MeanField, lengths: &[f64]) -> Vec<f64> {
    let mut logs = vec![0.0; lengths.len()];
    for l in (0..lengths.len().saturating_sub(1)).rev() {
        let chi = field.chi_1_at(lengths[l].clamp(Q_RANGE.0, Q_RANGE.1));
        logs[l] = logs[l + 1] + chi.max(1e-300).log10();
    }
    logs
}
