//! Everything that theory says at one setting.

use figures::format_number;
use protocol::Readout;
use theory::{DepthScale, LayerMaps, LengthBasin, LengthFate, LengthFixedPoint, MeanField, Summary};

use super::inputs::Pair;
use super::settings::Settings;
use crate::job::JobError;

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
    pub(super) basin: LengthBasin,
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
            basin: LengthBasin::new(settings.q_0, &sketch, &exact),
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
        let log_gradients = field.log10_gradient_norms(&lengths);
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
        let of_lengths = fates(&self.basin, settings.q_0, self.summary.fixed_point).or_else(|| self.fate(settings));
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
                format_number(settings.sigma_w),
                format_number(settings.sigma_b),
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

/// What becomes of the length from here and from elsewhere; `None` where all starts have the same fate.
fn fates(basin: &LengthBasin, q_0: f64, limit: LengthFixedPoint) -> Option<String> {
    if basin.is_whole() {
        return None;
    }
    let said = |fate: LengthFate| match fate {
        LengthFate::Settles(q) => format!("settles at {}", format_number(q)),
        LengthFate::DiesOut => "dies out".into(),
        LengthFate::Grows => "grows without bound".into(),
    };
    let elsewhere = |word: &str, from: Option<(f64, LengthFate)>| {
        from.map_or_else(String::new, |(border, fate)| {
            format!("; from {word} {} it {}", format_number(border), said(fate))
        })
    };
    let map = basin.from_one.map(|fate| format!(" The phase map starts from q = 1, where it {}.", said(fate)));
    Some(format!(
        "Where the length goes depends on where it starts. From q₀ = {} it {}{}{}.{}",
        format_number(q_0),
        said(limit.into()),
        elsewhere("below", basin.below),
        elsewhere("above", basin.above),
        map.unwrap_or_default(),
    ))
}
