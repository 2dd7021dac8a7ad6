//! Pictures of numbers of regions: on the way through training, and of random nets of many shapes.

use std::sync::OnceLock;

use figures::{Axis, Chart, Figure, Role};
use theory::regions::{hanin_rolnick_growth, montufar_2014_lower, serra_2018_upper, zaslavsky};

use super::parts::{MOST_STEPS, SELDOM};
use super::picture::LAYER_ROLES;
use super::settings::NetKey;
use super::training::KEPT_EVERY;
use crate::kit::{Rounds, Sweep};
use crate::statistics::mean_and_sd;

/// The bounds of nets with so many inputs.
const N_0: usize = 2;
/// Depths and total numbers of units, which all depths divide.
pub(super) const DEPTHS: [usize; 3] = [1, 2, 4];
pub(super) const UNITS: [usize; 5] = [4, 8, 16, 32, 64];
/// The greatest depth to which nets of one width are counted, and their width at most: so that all are counted while one looks.
pub(super) const MOST_DEPTH: usize = 8;
const MOST_WIDTH: usize = 16;
/// Other seeds whose nets are trained and counted as well.
pub(super) const OTHER_SEEDS: u64 = 4;

/// Of a net in training, by the number of the kept state: in the plane, and in a window.
pub(super) type InPlane = Sweep<NetKey, usize, f64>;
pub(super) type InWindow = Sweep<(NetKey, [f64; 4]), usize, f64>;
/// Of nets of other seeds.
pub(super) type Others = Sweep<NetKey, u64, Rounds>;
/// Of random nets in the plane, by their shape and number; they depend on the sigmas and the seed.
pub(super) type OfRandom = Sweep<((f64, f64), u64), (Shape, u64), f64>;
/// Depth and number of units.
pub(super) type Shape = (usize, usize);
/// Random nets of a shape.
pub(super) const NETS: u64 = 8;

/// The width of the nets that are counted over their depth.
pub(super) fn width_by_depth(net: &NetKey) -> usize {
    net.width.min(MOST_WIDTH)
}

/// The theorems' numbers for one shape; `None` where a bound says nothing.
#[derive(Clone, Debug)]
pub(super) struct Bounds {
    pub(super) zaslavsky: Option<f64>,
    pub(super) hanin_rolnick: Option<f64>,
    pub(super) montufar_lower: Option<f64>,
    pub(super) serra_upper: Option<f64>,
}

impl Bounds {
    pub(super) fn new(widths: &[usize]) -> Self {
        let n = widths.iter().sum();
        Self {
            zaslavsky: zaslavsky(n, N_0).ok().map(|count| count.to_f64()),
            hanin_rolnick: hanin_rolnick_growth(N_0, n).ok(),
            montufar_lower: montufar_2014_lower(N_0, widths).ok().flatten().map(|count| count.to_f64()),
            serra_upper: serra_2018_upper(N_0, widths).ok().map(|count| count.to_f64()),
        }
    }

    /// As lines over some abscissae, where they are not above `top`.
    fn lines(of: &[(f64, Self)], top: f64, chart: Chart) -> Chart {
        let line = |value: fn(&Self) -> Option<f64>| {
            of.iter().filter_map(move |(x, b)| Some((*x, value(b).filter(|n| *n <= top)?)))
        };
        chart
            .line("upper bound (Serra)", Role::Chaotic, line(|b| b.serra_upper))
            .line("N neurons in one layer (Zaslavsky)", Role::Theory, line(|b| b.zaslavsky))
            .dashed("N²/2", Role::Theory, line(|b| b.hanin_rolnick))
            .line("lower bound on the maximum (Montúfar)", Role::Ordered, line(|b| b.montufar_lower))
    }
}

fn mean_of(counts: &[f64]) -> Option<(f64, f64)> {
    let known: Vec<f64> = counts.iter().copied().filter(|n| n.is_finite()).collect();
    Some(mean_and_sd(&known)).filter(|(mean, _)| mean.is_finite())
}

/// The net that is shown, and those of other seeds, over the steps of training.
pub(super) fn in_training(
    (in_plane, in_window, others): (&InPlane, &InWindow, &Others),
    net: &NetKey,
    steps: u64,
) -> Figure {
    let step = |i: &usize| (*i as u64 * KEPT_EVERY) as f64;
    let known = |(i, n): (&usize, &f64)| n.is_finite().then_some((step(i), *n));
    let plane: Vec<_> = in_plane.found().iter().filter_map(known).collect();
    let window = in_window.found().iter().filter_map(known);
    let others = of_others(others);
    let bounds = Bounds::new(&net.widths());
    // Bounds that are far above would press what is counted to the ground.
    let counted = plane.iter().map(|c| c.1).chain(others.iter().map(|(_, mean, sd)| mean + sd));
    let most = counted.chain(bounds.zaslavsky).chain(bounds.hanin_rolnick).fold(1.0, f64::max);
    let x = Axis::linear("training steps", 0.0, MOST_STEPS as f64);
    let y = Axis::rounded_from_zero("linear regions", [1.3 * most]);
    let top = y.range.1;
    let chart =
        Bounds::lines(&[(0.0, bounds.clone()), (MOST_STEPS as f64, bounds)], top, Chart::new("count-training", x, y))
            .rule_at_x("now", Role::Accent, steps as f64)
            .with((!others.is_empty()).then_some(others), |chart, others| {
                let name = format!("{OTHER_SEEDS} other seeds in the plane, mean and standard deviation");
                chart.points_with_bars(&name, Role::Neutral, others)
            })
            .points("this net in the window", Role::Critical, window)
            .points("this net in the plane", Role::Simulation, plane.iter().copied());
    match (plane.first(), plane.last()) {
        (Some((_, first)), Some((at, last))) => chart
            .title(format!("in the plane: {first} at the start, {last} after {at} steps"))
            .alt(format!("In training the number of regions in the plane goes from {first} to {last}."))
            .build(),
        _ => chart.build(),
    }
}

/// Step, mean and standard deviation of what the nets of other seeds have.
fn of_others(others: &Others) -> Vec<(f64, f64, f64)> {
    let longest = others.found().values().map(|net| net.scores.len()).max().unwrap_or(0);
    let at = |i: usize| {
        let counts: Vec<f64> = others.found().values().filter_map(|net| net.scores.get(i).copied()).collect();
        mean_of(&counts).map(|(mean, sd)| ((i as u64 * SELDOM) as f64, mean, sd))
    };
    (0..longest).filter_map(at).collect()
}

/// Mean and standard deviation of random nets of one depth, over some numbers of units.
fn spreads(random: &OfRandom, shapes: impl Iterator<Item = Shape>) -> Vec<(Shape, f64, f64)> {
    let all = |shape| (0..NETS).map(|index| random.get(&(shape, index)).copied()).collect::<Option<Vec<f64>>>();
    let spread = |shape| mean_of(&all(shape)?).map(|(mean, sd)| (shape, mean, sd));
    shapes.filter_map(spread).collect()
}

/// The bounds of nets of one width, over their depth.
pub(super) fn bounds_by_depth(width: usize) -> Vec<(f64, Bounds)> {
    (1..=MOST_DEPTH).map(|depth| (depth as f64, Bounds::new(&vec![width; depth]))).collect()
}

/// Random nets of one width over their depth.
pub(super) fn by_depth(random: &OfRandom, width: usize, bounds: &[(f64, Bounds)]) -> Figure {
    let most = bounds.last().and_then(|(_, b)| b.serra_upper).unwrap_or(1e3);
    let x = Axis::linear("hidden layers, L", 0.5, MOST_DEPTH as f64 + 0.5);
    let points = spreads(random, (1..=MOST_DEPTH).map(|depth| (depth, depth * width)));
    let points = points.into_iter().map(|((depth, _), mean, sd)| (depth as f64, mean, sd));
    let chart = Chart::new("count-depth", x, Axis::decades("linear regions in the plane", [1.0, 100.0 * most]));
    Bounds::lines(bounds, f64::INFINITY, chart)
        .points_with_bars(&format!("{NETS} random nets"), Role::Simulation, points)
        .title(format!("nets of width {width}"))
        .alt(format!("Numbers of regions of random nets of width {width} over their depth, with bounds."))
        .build()
}

/// Random nets of some depths over the number of their units, each beside the bounds of its own depth.
pub(super) fn by_units(random: &OfRandom) -> Figure {
    let [first, .., last] = UNITS.map(|n| n as f64);
    // By the place of the depth; the same whatever the controls.
    static BOUNDS: OnceLock<[Vec<(f64, Bounds)>; DEPTHS.len()]> = OnceLock::new();
    let of = |depth| move |width| ((width * depth) as f64, Bounds::new(&vec![width; depth]));
    let bounds = BOUNDS.get_or_init(|| DEPTHS.map(|depth| (1..=80 / depth).map(of(depth)).collect()));
    let line = |i: usize, value: fn(&Bounds) -> Option<f64>| {
        bounds[i].iter().filter_map(move |(n, bounds)| Some((*n, value(bounds)?)))
    };
    let x = Axis::log("neurons in all, N", 0.8 * first, 1.25 * last);
    let most = Bounds::new(&[UNITS[UNITS.len() - 1]]).zaslavsky.unwrap_or(1e3);
    let mut chart = Chart::new("count-width", x, Axis::decades("linear regions in the plane", [1.0, 100.0 * most]))
        .dashed("N²/2", Role::Neutral, line(0, |bounds| bounds.hanin_rolnick));
    let mut found = Vec::new();
    for (i, depth) in DEPTHS.into_iter().enumerate() {
        let name = if depth == 1 { "1 layer".into() } else { format!("{depth} layers") };
        let points = spreads(random, UNITS.into_iter().map(|n| (depth, n)));
        found.extend(points.last().filter(|p| p.0.1 as f64 == last).map(|p| format!("{:.0} ({name})", p.1)));
        chart = match depth {
            1 => chart.line("1 layer: lines in general position (Zaslavsky)", LAYER_ROLES[i], line(i, |b| b.zaslavsky)),
            _ => chart
                .line(&format!("{name}: upper bound (Serra)"), LAYER_ROLES[i], line(i, |b| b.serra_upper))
                .dashed(&format!("{name}: lower bound on the maximum (Montúfar)"), LAYER_ROLES[i], {
                    line(i, |b| b.montufar_lower)
                }),
        };
        let points = points.into_iter().map(|((_, n), mean, sd)| (n as f64, mean, sd));
        chart = chart.points_with_bars(&name, LAYER_ROLES[i], points);
    }
    let title = if found.is_empty() { String::new() } else { format!("N = {last}: {}", found.join(", ")) };
    let alt = "Numbers of regions of random nets over their number of neurons, for three depths, with bounds.";
    chart.title(title).alt(alt).build()
}
