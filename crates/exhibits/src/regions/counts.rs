//! Numbers of regions: on the way through training, and of random nets of many shapes.

use std::collections::BTreeMap;

use figures::{Axis, Figure, Layer, Role, Samples, Stroke};
use theory::regions::{hanin_rolnick_growth, montufar_2014_lower, serra_2018_upper, zaslavsky};

use super::parts::Counts;
use super::picture::{LAYER_ROLES, count, line};
use super::settings::NetKey;
use super::training::KEPT_EVERY;
use crate::statistics::mean_and_sd;

/// The bounds of nets with so many inputs.
const N_0: usize = 2;
/// Steps at the right end.
pub(super) const MOST_STEPS: u64 = 2000;
/// Random nets of a shape.
pub(super) const NETS: u64 = 8;
/// Depths and total numbers of units, which all depths divide.
const DEPTHS: [usize; 3] = [1, 2, 4];
const UNITS: [usize; 5] = [4, 8, 16, 32, 64];

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

    /// With the look of their lines.
    fn named(&self) -> [(&'static str, Role, Stroke, Option<f64>); 4] {
        [
            ("no net has more (Serra)", Role::Chaotic, Stroke::Solid, self.serra_upper),
            ("N in one layer (Zaslavsky)", Role::Theory, Stroke::Solid, self.zaslavsky),
            ("typical, N²/2", Role::Theory, Stroke::Dashed, self.hanin_rolnick),
            ("some net has (Montúfar)", Role::Ordered, Stroke::Solid, self.montufar_lower),
        ]
    }
}

/// Other seeds whose nets are trained and counted as well.
pub(super) const OTHER_SEEDS: u64 = 4;
/// Kept states between counts of their nets.
pub(super) const SELDOM: usize = 4;
/// Nets of more units are trained for one seed alone: the others would take minutes on a small machine.
pub(super) const MOST_UNITS_OF_OTHERS: usize = 96;

/// Counts on the way through training, by the number of the kept state.
#[derive(Debug)]
pub(super) struct TrainingCounts {
    pub(super) key: (NetKey, [f64; 4]),
    pub(super) found: BTreeMap<usize, Option<u32>>,
    /// Of other seeds, by their number: at every [`SELDOM`]th kept state.
    pub(super) others: BTreeMap<usize, Counts>,
}

impl TrainingCounts {
    pub(super) fn figure(&self, steps: u64) -> Figure {
        let bounds = Bounds::new(&self.key.0.widths());
        let counts = || self.found.iter().filter_map(|(i, n)| Some((*i as u64 * KEPT_EVERY, f64::from((*n)?))));
        // Bounds that are far above would press what is counted to the ground.
        let most = counts().map(|c| c.1).chain(bounds.zaslavsky).chain(bounds.hanin_rolnick).fold(1.0, f64::max);
        let most = self.of_others().iter().map(|(_, mean, sd)| mean + sd).fold(most, f64::max);
        let y = Axis::linear("linear regions", 0.0, 1.35 * most);
        let mut figure = Figure::blank("count-training", Axis::linear("training steps", 0.0, MOST_STEPS as f64), y);
        for (name, role, stroke, bound) in bounds.named() {
            if let Some(n) = bound.filter(|n| *n <= 1.35 * most) {
                let ends = [Samples(vec![0.0, MOST_STEPS as f32]), Samples::from_f64([n, n])];
                figure.layers.push(line(name, role, stroke, ends));
            }
        }
        figure.layers.push(Layer::Rule { name: "now".into(), role: Role::Accent, at: steps as f64, upright: true });
        if !self.others.is_empty() {
            let name = format!("{OTHER_SEEDS} other seeds, mean and spread");
            figure.layers.push(Layer::points_with_bars(&name, Role::Neutral, self.of_others()));
        }
        let here = counts().map(|(step, n)| (step as f64, n));
        figure.layers.push(Layer::points("this net, in the window", Role::Simulation, here));
        if let (Some(first), Some(last)) = (counts().next(), counts().next_back()) {
            figure.title = format!("from {} to {}", count(first.1), count(last.1));
            figure.alt = format!("The number of regions goes from {} to {} in training.", first.1, last.1);
        }
        figure
    }
}

impl TrainingCounts {
    /// Step, mean and spread of what the nets of other seeds have.
    fn of_others(&self) -> Vec<(f64, f64, f64)> {
        let longest = self.others.values().map(Vec::len).max().unwrap_or(0);
        let at = |i: usize| {
            let known: Vec<f64> =
                self.others.values().filter_map(|counts| counts.get(i).copied().flatten()).map(f64::from).collect();
            let (mean, sd) = mean_and_sd(&known);
            ((i * SELDOM) as f64 * KEPT_EVERY as f64, mean, sd)
        };
        (0..longest).map(at).filter(|(_, mean, _)| mean.is_finite()).collect()
    }
}

/// Counts of random nets, by depth and number of units.
#[derive(Debug)]
pub(super) struct RandomCounts {
    /// Sigmas and seed.
    pub(super) key: (f64, f64, u64),
    pub(super) found: BTreeMap<(usize, usize), Counts>,
}

/// All shapes: depth and number of units, small nets first.
pub(super) fn shapes() -> Vec<(usize, usize)> {
    UNITS.into_iter().flat_map(|n| DEPTHS.map(|depth| (depth, n))).collect()
}

/// The greatest depth to which nets of one width are counted.
pub(super) const MOST_DEPTH: usize = 8;
/// The width of these nets, at most: so that all have few enough units to be counted while one looks.
const MOST_WIDTH: usize = 16;

fn width_by_depth(key: &NetKey) -> usize {
    key.width.min(MOST_WIDTH)
}

/// The shapes of one width: depth and number of units.
pub(super) fn shapes_by_depth(key: &NetKey) -> Vec<(usize, usize)> {
    (1..=MOST_DEPTH).map(|depth| (depth, depth * width_by_depth(key))).collect()
}

impl RandomCounts {
    /// Mean and standard deviation over the nets of a shape.
    fn spread(&self, shape: (usize, usize)) -> Option<(f64, f64)> {
        let counts = self.found.get(&shape)?;
        let known: Vec<f64> = counts.iter().flatten().map(|n| f64::from(*n)).collect();
        Some(mean_and_sd(&known))
    }

    /// Over the depth, at one width.
    pub(super) fn figure_by_depth(&self, key: &NetKey) -> Figure {
        let width = width_by_depth(key);
        let bounds: Vec<_> = (1..=MOST_DEPTH).map(|depth| (depth as f64, Bounds::new(&vec![width; depth]))).collect();
        let most = bounds.last().and_then(|(_, b)| b.serra_upper).unwrap_or(1e3).max(10.0);
        let x = Axis::linear("hidden layers, L", 0.5, MOST_DEPTH as f64 + 0.5);
        let mut figure = Figure::blank("count-depth", x, Axis::log("linear regions", 1.0, 100.0 * most));
        for kind in 0..4 {
            let (name, role, stroke, _) = bounds[0].1.named()[kind];
            let points: Vec<_> = bounds.iter().filter_map(|(depth, b)| Some([*depth, b.named()[kind].3?])).collect();
            figure.layers.push(line(name, role, stroke, super::chain::samples(&[points])));
        }
        let shapes = shapes_by_depth(key).into_iter();
        let points = shapes.filter_map(|shape| self.spread(shape).map(|(mean, sd)| (shape.0 as f64, mean, sd)));
        figure.layers.push(Layer::points_with_bars(&format!("{NETS} random nets"), Role::Simulation, points));
        figure.title = format!("width n = {width}");
        figure.alt = format!("Numbers of regions of random nets of width {width} over their depth, with bounds.");
        figure
    }

    pub(super) fn figure(&self, key: &NetKey) -> Figure {
        let [first, .., last] = UNITS.map(|n| n as f64);
        let most = Bounds::new(&[UNITS[UNITS.len() - 1]]).zaslavsky.unwrap_or(1e3);
        let x = Axis::log("neurons in all, N", 0.8 * first, 1.25 * last);
        let mut figure = Figure::blank("count-width", x, Axis::log("linear regions", 1.0, 100.0 * most));
        // Of the chosen depth, at all of its widths.
        let of_width = |width: usize| (width * key.layers, Bounds::new(&vec![width; key.layers]));
        let bounds: Vec<_> = (1..=64).map(of_width).filter(|(n, _)| *n as f64 <= 1.25 * last).collect();
        for kind in 0..4 {
            let all = bounds.iter().map(|(n, bounds)| (*n as f64, bounds.named()[kind]));
            let points: Vec<_> = all.filter_map(|(n, (.., value))| Some([n, value?])).collect();
            let (name, role, stroke, _) = Bounds::new(&[1]).named()[kind];
            let name = if kind % 3 == 0 { format!("{name}, L = {}", key.layers) } else { name.into() };
            figure.layers.push(line(&name, role, stroke, super::chain::samples(&[points])));
        }
        for (i, depth) in DEPTHS.into_iter().enumerate() {
            // Side by side, or they would cover each other.
            let shift = 1.06f64.powi(i as i32 - 1);
            let points =
                UNITS.into_iter().filter_map(|n| self.spread((depth, n)).map(|(m, sd)| (n as f64 * shift, m, sd)));
            let name = if depth == 1 { "1 layer".into() } else { format!("{depth} layers") };
            figure.layers.push(Layer::points_with_bars(&name, LAYER_ROLES[i], points));
        }
        figure.title = "about N²/2, whatever the depth".into();
        figure.alt =
            "Numbers of regions of random nets over their number of neurons, for three depths, with bounds.".into();
        figure
    }
}
