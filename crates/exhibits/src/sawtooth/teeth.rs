//! The alternating points, and how many of them a shallow net must label wrongly.

use figures::{Axis, Chart, Figure, Role, format_number, outline};
use theory::sawtooth::{
    MAX_WIDTH, NetError, PiecewiseLinear, ReluNet, alternating_errors, alternating_points, best_shallow_function,
    crossing_error, crossing_intervals, lemma_2_1_error, shallow_pieces, tent_net,
};

use super::graph::MAX_PIECES;
use super::perturbation;
use super::settings::Settings;

/// Most points in the picture; beyond them it shows those around the place where the rival leaves.
const SHOWN: u64 = 64;

/// What becomes of the labels.
pub(super) struct Labels {
    /// The net of k tents, perturbed if it is to be.
    pub(super) deep: ReluNet,
    rival: PiecewiseLinear,
    rival_errors: u64,
    deep_errors: u64,
    k: u32,
}

impl Labels {
    pub(super) fn of(settings: &Settings) -> Result<Self, NetError> {
        let k = settings.points;
        let rival = best_shallow_function(k, settings.m)?;
        let rival_errors = alternating_errors(k, |x| rival.eval(x))?;
        let deep = perturbation::shown(&tent_net(settings.k)?, settings)?;
        let deep_errors = alternating_errors(k, |x| deep.eval(&[x]).unwrap_or(0.0))?;
        Ok(Self { deep, rival, rival_errors, deep_errors, k })
    }

    /// The part of the labels that the best net of one layer gets wrong.
    pub(super) fn rival_share(&self) -> f64 {
        share(self.rival_errors, self.k)
    }

    /// The part that the deep net gets wrong.
    pub(super) fn deep_share(&self) -> f64 {
        share(self.deep_errors, self.k)
    }
}

/// The least part that as few pieces as the rival's label wrongly (Telgarsky's Lemma 2.1).
pub(super) fn lemma(settings: &Settings) -> Result<f64, NetError> {
    lemma_2_1_error(settings.points, shallow_pieces(settings.m as u64))
}

fn share(errors: u64, k: u32) -> f64 {
    errors as f64 / (1_u64 << k) as f64
}

/// As in legends.
fn deep_name(settings: &Settings) -> &'static str {
    if settings.is_perturbed() { "deep net, perturbed" } else { "deep net" }
}

/// The points with their labels, and both nets.
pub(super) fn classification(settings: &Settings, labels: &Labels) -> Result<Figure, NetError> {
    let (k, m) = (settings.points, settings.m as u64);
    let n = 1_u64 << k;
    let first = if n <= SHOWN { 0 } else { (m + 2).saturating_sub(SHOWN / 2).min(n - SHOWN) };
    let last = (first + SHOWN).min(n) - 1;
    let (low, high) = (first as f64 / n as f64, last as f64 / n as f64);
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    let from = usize::try_from(first).unwrap_or(0);
    for (x, label) in alternating_points(k)?.skip(from).take(SHOWN as usize) {
        let list = if (labels.rival.eval(x) >= 0.5) == label { &mut right } else { &mut wrong };
        list.push((x, f64::from(u8::from(label))));
    }
    let rival = (first..=last).map(|i| i as f64 / n as f64).map(|x| (x, labels.rival.eval(x)));
    // One of too many pieces to be listed is not drawn.
    let deep = PiecewiseLinear::graph_of(&labels.deep, (low, high), MAX_PIECES);
    let deep = deep.map_or_else(|_| Vec::new(), |deep| deep.points().collect());
    let name = if n <= SHOWN { "x" } else { "x, around the last tooth of the net of one layer" };
    // Half a step of air, and for one or two points more.
    let air = 0.5 / n as f64;
    let y = Axis::linear("output and label", -1.1, 1.3);
    Ok(Chart::new("classification", Axis::linear(name, low - air, high + air), y)
        .rule_at_y("1/2", Role::Neutral, 0.5)
        .thin(deep_name(settings), Role::Theory, outline(deep))
        .line("best net of one layer", Role::Ordered, rival)
        .points("one layer is right", Role::Ordered, right)
        .points("one layer is wrong", Role::Chaotic, wrong)
        .title(format!("wrong of {n} labels: one layer {}, deep {}", labels.rival_errors, labels.deep_errors))
        .alt(format!(
            "Alternating points; the best net of one layer labels {} of {n} wrongly, the {} {}.",
            labels.rival_errors,
            deep_name(settings),
            labels.deep_errors
        ))
        .build())
}

/// (units, part of the labels) of the best net of so many units, measured.
pub(super) fn measured(points: u32, m: usize) -> Result<(f64, f64), NetError> {
    let net = best_shallow_function(points, m)?;
    Ok((m as f64, share(alternating_errors(points, |x| net.eval(x))?, points)))
}

/// The part of wrong labels against units: two lower bounds, the best nets of one layer that were `found`, and the deep net.
pub(super) fn shallow_error(settings: &Settings, labels: &Labels, found: &[(f64, f64)]) -> Result<Figure, NetError> {
    let k = settings.points;
    let widths = || (0..=96).map(|i| (MAX_WIDTH as f64).powf(f64::from(i) / 96.0).round() as u64);
    let bound = |f: &dyn Fn(u128) -> Result<f64, NetError>| {
        widths().map(|m| Ok((m as f64, f(shallow_pieces(m))?))).collect::<Result<Vec<_>, NetError>>()
    };
    let (m, here) = (settings.m as f64, labels.rival_share());
    let x = Axis::log("hidden units", 1.0, MAX_WIDTH as f64);
    Ok(Chart::new("shallow-error", x, Axis::linear("part of the labels that is wrong", -0.03, 0.55))
        .line("Telgarsky, Lemma 2.1", Role::Theory, bound(&|t| lemma_2_1_error(k, t))?)
        .dashed("by counting crossings", Role::Theory, bound(&|t| crossing_error(k, crossing_intervals(t)))?)
        .points("best nets of one layer", Role::Ordered, found.iter().copied().chain([(m, here)]))
        .points(deep_name(settings), Role::Simulation, [(f64::from(2 * settings.k), labels.deep_share())])
        .handle_x("m", m, here)
        .title(format!("{} ≥ {}", format_number(here), format_number(lemma(settings)?)))
        .alt("The part of wrong labels against hidden units: lower bounds, the best nets of one layer, and the deep net.")
        .build())
}
