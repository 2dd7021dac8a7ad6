//! Pictures of functions: the net over its layers, and how far it is from what it stands for.

use figures::{Axis, Chart, Figure, Role, crests, format_number, outline};
use theory::sawtooth::{PiecewiseLinear, ReluNet, ShallowRival, Target};

use super::graph::{Graph, MAX_PIECES};
use super::settings::Settings;
use super::target::name;
use super::words::count;

/// Pieces of an earlier layer's output that is still drawn: beyond them it would hide the others.
const THIN_PIECES: u64 = 64;
/// Kinks that are marked.
const MARKED: usize = 65;
/// Teeth and waves that can be told apart; of more the picture shows so many from the left.
const TOLD_APART: f64 = 128.0;
/// Places at which a distance is measured for its picture, if its pieces are fewer; else at the ends and middles.
const SAMPLES: usize = 1 << 14;
/// Distances are drawn down to this part of the smallest maximum.
const DEPTH_OF_FIELD: f64 = 0.03;
/// More arches of a distance than this are drawn by their height alone, three in a strip, in at most so many.
const ARCHES: usize = 48;
const STRIPS: usize = 240;
/// Beyond rounding.
const LEAST_DISTANCE: f64 = 1e-15;

/// The net's output over its interval, with those of fewer layers; `before` is the net before it was perturbed.
pub(super) fn outputs(
    settings: &Settings,
    target: &Target,
    graph: &PiecewiseLinear,
    before: Option<&ReluNet>,
) -> Figure {
    let interval = target.interval();
    let shown = (interval.0, interval.0 + (interval.1 - interval.0) * (TOLD_APART / target.arches() as f64).min(1.0));
    let exact: Vec<_> = (0..=1024).map(|i| at(shown, i, 1024)).map(|x| (x, target.value(x))).collect();
    // One point more than is in view, for the line that leaves it.
    let in_view = |graph: &PiecewiseLinear| {
        let mut beyond = 0;
        let near = graph.points().take_while(|p| {
            beyond += usize::from(p.0 >= shown.1);
            beyond < 2
        });
        outline(near.collect())
    };
    let kinks = in_view(graph);
    let (low, high) =
        exact.iter().chain(&kinks).fold((0.0_f64, 0.0_f64), |(low, high), p| (low.min(p.1), high.max(p.1)));
    let room = 0.06 * (high - low).max(1e-9);
    let times = ((interval.1 - interval.0) / (shown.1 - shown.0)).round() as u64;
    let (part, x) = if times > 1 {
        (" in all", format!("x, enlarged {times} times: the first 1/{times} of the interval"))
    } else {
        ("", "x".into())
    };
    let y = Axis::linear("output", low - room, high + room);
    let mut chart = Chart::new("sawtooth", Axis::linear(&x, shown.0, shown.1), y);
    // Where the picture shows a part, an earlier layer has fewer pieces in it.
    let thin = THIN_PIECES * (target.arches() as u64 / TOLD_APART as u64).max(1);
    for steps in 1..settings.k {
        let earlier = target.net(steps).ok().filter(|_| 1_u64 << steps <= thin);
        let Some(found) = earlier.and_then(|net| PiecewiseLinear::graph_of(&net.net, shown, MAX_PIECES).ok()) else {
            break;
        };
        // The one that is folded last stands out.
        let (name, role) = match settings.k - steps {
            1 => ("one step less", Role::Ordered),
            _ if steps == 1 => ("fewer steps", Role::Neutral),
            _ => ("", Role::Neutral),
        };
        chart = chart.thin(name, role, in_view(&found));
    }
    let is_sawtooth = matches!(target, Target::Sawtooth { .. });
    chart = if is_sawtooth {
        chart.rule_at_y("1/2", Role::Neutral, 0.5)
    } else {
        chart.dashed("target", Role::Theory, exact)
    };
    let of_net = if before.is_some() { format!("perturbed, σ = {}", settings.sigma) } else { "the net".into() };
    let others = if is_sawtooth && before.is_none() { "falling pieces" } else { "every other piece" };
    // Every other piece in another colour, while they can be told apart.
    let second = (kinks.len() <= MARKED).then(|| {
        kinks.windows(2).skip(1).step_by(2).flat_map(|p| [p[0], p[1], (p[1].0, f64::NAN)]).collect::<Vec<_>>()
    });
    let before = before.and_then(|net| PiecewiseLinear::graph_of(net, shown, MAX_PIECES).ok());
    let pieces = count(graph.n_pieces() as u64, "straight piece");
    chart
        .with(before, |chart, before| chart.dashed("without perturbation", Role::Neutral, in_view(&before)))
        .line(&of_net, Role::Simulation, kinks.iter().copied())
        .with(second, |chart, second| chart.line(others, Role::Chaotic, second))
        .title(format!("{pieces}{part} for {}", name(target)))
        .alt(format!("The output of the net for {} over its input, which has {pieces}.", name(target)))
        .build()
}

fn at((low, high): (f64, f64), i: usize, n: usize) -> f64 {
    low + (high - low) * i as f64 / n as f64
}

/// The distance from the target over x, deep and shallow; there is no bound of a perturbed net.
pub(super) fn approximation(
    settings: &Settings,
    target: &Target,
    found: &Graph,
    bound: Option<f64>,
    rival: &ShallowRival,
) -> Figure {
    let is_seen = |d: &f64| d.is_finite() && *d > LEAST_DISTANCE;
    let (deep, bound) = (found.error, bound.filter(is_seen));
    // A bound that is reached is no line of its own.
    let least = Some(rival.least).filter(|least| is_seen(least) && *least < 0.999 * rival.distance);
    let seen = || [deep, rival.distance].into_iter().chain(bound).chain(least).filter(is_seen);
    let top = seen().fold(LEAST_DISTANCE, f64::max);
    let bottom = seen().fold(top, f64::min);
    let (curve, shallow) = (&found.function, &rival.function);
    let label = if arches(target, curve).max(arches(target, shallow)) > ARCHES {
        "distance from the target, its crests"
    } else {
        "distance from the target"
    };
    let y = Axis::decades(label, [DEPTH_OF_FIELD * bottom, 1.5 * top]);
    let (low, interval) = (y.range.0, target.interval());
    let units = count(settings.m as u64, "unit");
    let of_net = if settings.is_perturbed() { "the deep net, perturbed" } else { "the deep net" };
    let mut chart = Chart::new("approximation", Axis::linear("x", interval.0, interval.1), y);
    if is_seen(&rival.distance) {
        chart = chart.thin(&format!("one layer, {units}"), Role::Ordered, distance_curve(target, shallow, low));
    }
    chart = if is_seen(&deep) {
        chart.line(of_net, Role::Simulation, distance_curve(target, curve, low))
    } else {
        chart.rule_at_y("the deep net: 0 everywhere", Role::Simulation, 1.5 * low)
    };
    let number = |distance: f64| if is_seen(&distance) { format_number(distance) } else { "0".into() };
    chart
        .with(bound, |chart, bound| chart.rule_at_y("bound of the deep net", Role::Theory, bound))
        .with(least, |chart, least| {
            chart.dashed(&format!("no {units} come nearer"), Role::Ordered, [(interval.0, least), (interval.1, least)])
        })
        .title(format!("at most: deep {}, one layer {}", number(deep), number(rival.distance)))
        .alt("The distance of the deep net, and of a net of one layer, from the target over x.")
        .build()
}

/// Arches of the distance between a function and the target, at most.
fn arches(target: &Target, function: &PiecewiseLinear) -> usize {
    function.x().len().max(target.arches())
}

/// Distances at some places of each piece, no less than `least`, for a logarithm has no zero.
fn distance_curve(target: &Target, function: &PiecewiseLinear, least: f64) -> Vec<(f64, f64)> {
    let arches = arches(target, function);
    let per_piece = ((8 * arches).clamp(4096, SAMPLES) / function.x().len()).max(2);
    let curve = function.distances(|x| target.value(x), per_piece).map(|(x, distance)| (x, distance.max(least)));
    let curve: Vec<_> = curve.collect();
    if arches <= ARCHES { outline(curve) } else { crests(&curve, (arches / 3).min(STRIPS)) }
}
