//! The alternating points, and how many of them a shallow net must label wrongly.

use figures::{Axis, Figure, Layer, Role, Stroke, format_number};
use theory::sawtooth::{
    MAX_WIDTH, NetError, PiecewiseLinear, alternating_errors, alternating_points, best_shallow_net, crossing_error,
    crossing_intervals, lemma_2_1_error, shallow_pieces, tent_power,
};

use super::draw::{figure, rule};
use super::settings::Settings;

/// Most points in the picture; beyond them it shows those around the place where the rival leaves.
const SHOWN: u64 = 64;

/// What becomes of the labels.
pub(super) struct Labels {
    pub(super) rival: PiecewiseLinear,
    pub(super) rival_errors: u64,
    pub(super) deep_errors: u64,
    /// The least part that as few pieces as the rival's label wrongly (Telgarsky's Lemma 2.1).
    pub(super) lemma: f64,
}

impl Labels {
    pub(super) fn of(settings: &Settings) -> Result<Self, NetError> {
        let k = settings.points;
        let rival = shallow(k, settings.m)?;
        let rival_errors = alternating_errors(k, |x| rival.eval(x))?;
        // A deeper net passes the output of tent k on.
        let tents = settings.k.min(k);
        let deep_errors = alternating_errors(k, |x| tent_power(tents, x).unwrap_or(0.0))?;
        Ok(Self { rival, rival_errors, deep_errors, lemma: lemma_2_1_error(k, shallow_pieces(settings.m as u64))? })
    }
}

/// The best net of m units, swept from left to right: with thousands of units the way through all activation regions would
/// take as many times longer. Its weights are dyadic, so that nothing is rounded.
fn shallow(k: u32, m: usize) -> Result<PiecewiseLinear, NetError> {
    let net = best_shallow_net(k, m)?;
    let (hidden, output) = (&net.hidden()[0], net.output());
    let (mut value, mut slope) = (output.biases()[0], 0.0);
    // Where a unit turns, and by how much the slope changes there.
    let mut turns = Vec::new();
    for ((weight, bias), out) in hidden.weights().iter().zip(hidden.biases()).zip(output.weights()) {
        value += out * bias.max(0.0);
        let is_on = *bias > 0.0 || (*bias == 0.0 && *weight > 0.0);
        slope += if is_on { out * weight } else { 0.0 };
        let at = -bias / weight;
        if at > 0.0 && at < 1.0 {
            turns.push((at, out * weight.abs()));
        }
    }
    turns.sort_by(|a, b| a.0.total_cmp(&b.0));
    let (mut x, mut y) = (vec![0.0], vec![value]);
    for (at, turn) in turns.into_iter().chain([(1.0, 0.0)]) {
        value += slope * (at - x[x.len() - 1]);
        slope += turn;
        x.push(at);
        y.push(value);
    }
    PiecewiseLinear::through(&x, &y)
}

pub(super) fn share(errors: u64, k: u32) -> f64 {
    errors as f64 / (1_u64 << k) as f64
}

/// The points with their labels, and both nets.
pub(super) fn classification(settings: &Settings, labels: &Labels) -> Result<Figure, NetError> {
    let (k, m) = (settings.points, settings.m as u64);
    let n = 1_u64 << k;
    let first = if n <= SHOWN { 0 } else { (m + 2).saturating_sub(SHOWN / 2).min(n - SHOWN) };
    let last = (first + SHOWN).min(n) - 1;
    let (low, high) = (first as f64 / n as f64, last as f64 / n as f64);
    let place = |label: bool| if label { 1.0 } else { 0.0 };
    let (mut right, mut wrong) = (Vec::new(), Vec::new());
    let from = usize::try_from(first).unwrap_or(0);
    for (x, label) in alternating_points(k)?.skip(from).take(SHOWN as usize) {
        let list = if (labels.rival.eval(x) >= 0.5) == label { &mut right } else { &mut wrong };
        list.push((x, place(label)));
    }
    let kinks =
        |f: &dyn Fn(f64) -> f64| (first..=last).map(|i| i as f64 / n as f64).map(|x| (x, f(x))).collect::<Vec<_>>();
    let tents = settings.k.min(k);
    // At twice as many places, which has all kinks of up to as many tents.
    let deep: Vec<_> = (2 * first..=2 * last)
        .map(|i| i as f64 / (2 * n) as f64)
        .map(|x| (x, tent_power(tents, x).unwrap_or(0.0)))
        .collect();
    let layers = vec![
        rule("1/2", Role::Neutral, 0.5, false),
        Layer::line("deep net", Role::Theory, Stroke::Thin, deep),
        Layer::line("best shallow net", Role::Ordered, Stroke::Solid, kinks(&|x| labels.rival.eval(x))),
        Layer::points("shallow is right", Role::Ordered, right),
        Layer::points("shallow is wrong", Role::Chaotic, wrong),
    ];
    let title = format!("{} of {n} wrong", labels.rival_errors);
    // Half a step of air, and for one or two points more.
    let air = 0.5 / n as f64;
    Ok(figure(
        "classification",
        title,
        Axis::linear(
            if n <= SHOWN { "x" } else { "x, around the last tooth of the shallow net" },
            low - air,
            high + air,
        ),
        Axis::linear("output and label", -1.1, 1.3),
        layers,
        format!("Alternating points; the best shallow net labels {} of {n} wrongly.", labels.rival_errors),
    ))
}

/// (units, part of the labels) of the best shallow nets, measured; for powers of two.
pub(super) fn measured(settings: &Settings, m: usize) -> Result<f64, NetError> {
    let net = shallow(settings.points, m)?;
    Ok(share(alternating_errors(settings.points, |x| net.eval(x))?, settings.points))
}

/// The part of wrong labels against units: two lower bounds, the best shallow nets, and the deep net.
pub(super) fn shallow_error(settings: &Settings, labels: &Labels, found: &[(f64, f64)]) -> Result<Figure, NetError> {
    let k = settings.points;
    let widths = || (0..=96).map(|i| (MAX_WIDTH as f64).powf(f64::from(i) / 96.0).round() as u64);
    let bound = |f: &dyn Fn(u128) -> Result<f64, NetError>| {
        widths().map(|m| Ok((m as f64, f(shallow_pieces(m))?))).collect::<Result<Vec<_>, NetError>>()
    };
    let telgarsky = bound(&|t| lemma_2_1_error(k, t))?;
    let crossing = bound(&|t| crossing_error(k, crossing_intervals(t)))?;
    let here = share(labels.rival_errors, k);
    let layers = vec![
        Layer::line("Telgarsky, Lemma 2.1", Role::Theory, Stroke::Solid, telgarsky),
        Layer::line("by counting crossings", Role::Theory, Stroke::Dashed, crossing),
        Layer::points("best shallow nets", Role::Ordered, found.iter().copied()),
        Layer::points("deep net", Role::Simulation, [(f64::from(2 * settings.k.min(k)), share(labels.deep_errors, k))]),
        Layer::Handle { x: settings.m as f64, y: here, x_control: "m".into(), y_control: String::new() },
    ];
    Ok(figure(
        "shallow-error",
        format!("{} ≥ {}", format_number(here), format_number(labels.lemma)),
        Axis::log("hidden units", 1.0, MAX_WIDTH as f64),
        Axis::linear("part of the labels that is wrong", -0.03, 0.55),
        layers,
        "The part of wrong labels against hidden units: lower bounds, the best shallow nets, and the deep net.".into(),
    ))
}
