//! Pictures of filters and of what they make of patches.

use std::f64::consts::TAU;

use figures::{Axis, Chart, ColourMap, ColourScale, Figure, Pixels, Role, Samples, Shape};
use nets::sparse::Coded;
use theory::fourier::{Fourier, bandwidth_octaves};
use theory::gabor::GaborFit;

use super::learning::{BestFrequency, Learner};
use super::patches::Patches;
use super::settings::{ImageKind, Settings};
use crate::kit::{gabor_pairs, gabor_shares, mean_share};
use crate::statistics::median;

/// Filters whose Gabor functions are shown.
const MOST_PAIRS: usize = 12;
/// Patches that are shown.
const MOST_PATCHES: usize = 24;
/// Parts of a patch that are shown.
const MOST_TERMS: usize = 14;
/// Frequencies of a spectrum, each way.
const FREQUENCIES: usize = 25;
/// Longer waves than 100 pixels are a flat grey to a patch.
const LEAST_FREQUENCY: f64 = 0.01;
/// Of the slope of a bell, whose amplitude at frequency f is f exp(−½ (2πσf)²).
const EDGE_OCTAVES: f64 = 2.59;
/// Responses are counted up to so many deviations, in bins of so many.
const MOST_DEVIATIONS: f64 = 8.0;
const BIN: f64 = 0.5;
const NONE: [&str; 0] = [];

fn numbers(of: &[f32]) -> Pixels {
    Pixels::Numbers(Samples(of.to_vec()))
}

fn square(side: usize) -> (u32, u32) {
    (side as u32, side as u32)
}

fn after(learner: &Learner) -> String {
    match learner.steps() {
        0 => "as they are drawn, before learning".to_owned(),
        1 => "after 1 step".to_owned(),
        steps => format!("after {steps} steps"),
    }
}

/// All filters.
pub(super) fn filters(settings: &Settings, learner: &Learner) -> Figure {
    let side = learner.side;
    let title = format!("{} filters of {side}×{side}, {}", learner.units, after(learner));
    Chart::images("filters")
        .image_grid(square(side), numbers(learner.filters()), ColourScale::diverging("weight", learner.filters()), NONE)
        .choosing(Some(settings.unit() as u32), "unit")
        .alt(title.clone())
        .title(title)
        .build()
}

/// What each filter answers to each plane wave.
pub(super) fn spectra(settings: &Settings, learner: &Learner) -> Figure {
    let fourier = Fourier::new(learner.side, learner.side, FREQUENCIES);
    let all: Vec<f32> = learner
        .in_f64(learner.filters())
        .flat_map(|filter| {
            let amplitudes = fourier.amplitudes(&filter);
            let most = amplitudes.iter().fold(1e-12_f64, |most, a| most.max(*a));
            // Rows of images run down, vertical frequencies up.
            let rows = amplitudes.chunks_exact(FREQUENCIES).rev();
            rows.flatten().map(|a| (a / most) as f32).collect::<Vec<_>>()
        })
        .collect();
    Chart::images("spectra")
        .image_grid(
            square(FREQUENCIES),
            numbers(&all),
            ColourScale::new("share of the largest amplitude", ColourMap::Sequential, (0.0, 1.0)),
            NONE,
        )
        .choosing(Some(settings.unit() as u32), "unit")
        .title(format!("−½ to ½ cycles a pixel, {}", after(learner)))
        .alt("The amplitude spectrum of each filter, frequency 0 in the middle.")
        .build()
}

/// What the batches showed.
pub(super) fn learning(settings: &Settings, learner: &Learner) -> Figure {
    let most = (settings.steps as f64).max(learner.curve.len() as f64).max(50.0);
    let stretch = learner.curve.len().div_ceil(120).max(5);
    let mean = |of: &[(f64, f64)], which: fn(&(f64, f64)) -> f64| of.iter().map(which).sum::<f64>() / of.len() as f64;
    let curve = |which: fn(&(f64, f64)) -> f64| {
        let parts = learner.curve.chunks(stretch).enumerate();
        parts.map(move |(k, of)| ((k * stretch) as f64 + 0.5 * of.len() as f64, mean(of, which))).collect::<Vec<_>>()
    };
    let most = (most / 50.0 * 1.25).ceil() * 50.0;
    let x = Axis::linear("step of learning", 0.0, most);
    let chart = if !settings.has_price() {
        Chart::new("learning", x, Axis::linear("share", 0.4, 1.0))
            .line("told rightly", Role::Simulation, curve(|(right, _)| *right))
            .dashed("guessing", Role::Neutral, [(0.0, 0.5), (most, 0.5)])
            .handle_x("steps", settings.steps as f64, 0.4)
            .alt("The share of patches and noise that the net tells rightly, against the step of learning.")
    } else {
        let high = learner.curve.iter().fold(0.2_f64, |high, (explained, active)| high.max(*explained).max(*active));
        let high = ((10.0 * high).ceil() / 10.0).min(1.0);
        Chart::new("learning", x, Axis::linear("share", 0.0, high))
            .line("of energy explained", Role::Simulation, curve(|(explained, _)| *explained))
            .dashed("of coefficients in use", Role::Theory, curve(|(_, active)| *active))
            .handle_x("steps", settings.steps as f64, 0.0)
            .alt("The share of the patches’ energy that is explained, and the share of coefficients that are not 0, against the step of learning.")
    };
    chart.title(after(learner)).build()
}

/// Patches of the test, as they are and whitened; and noise that a net has to tell from those.
pub(super) fn patches(settings: &Settings, patches: &Patches) -> Figure {
    let n = MOST_PATCHES * patches.dim();
    let [raw, white] = &patches.test;
    let (raw, white) = (&raw[..n.min(raw.len())], &white[..n.min(white.len())]);
    let grey = ColourScale::new("pixel", ColourMap::Grey, (0.0, 1.0)).without_bar();
    let of = match patches.pictures.kind {
        ImageKind::Leaves => "dead leaves",
        ImageKind::Noise => "noise",
        ImageKind::Own => "your own images",
    };
    Chart::images("patches")
        .image_grid(square(patches.side()), numbers(raw), grey, NONE)
        .image_grid(square(patches.side()), numbers(white), ColourScale::diverging("whitened", white), NONE)
        .with((!settings.has_price()).then(|| patches.test_noise()), |chart, noise| {
            let noise = &noise[..n.min(noise.len())];
            chart.image_grid(square(patches.side()), numbers(noise), ColourScale::diverging("noise", white), NONE)
        })
        .title(format!("patches of {of}"))
        .alt(format!("Patches of {of}, and the same whitened."))
        .build()
}

/// A patch as a sum of filters.
pub(super) fn code(settings: &Settings, coded: &Coded, learner: &Learner, patches: &Patches) -> Figure {
    let (dim, units) = (patches.dim(), learner.units);
    let n = coded.codes.len() / units;
    let index = settings.patch.min(n.saturating_sub(1));
    let patch = &patches.test[1][index * dim..(index + 1) * dim];
    let made = &coded.reconstructed[index * dim..(index + 1) * dim];
    let codes = &coded.codes[index * units..(index + 1) * units];
    let mut used: Vec<usize> = (0..units).filter(|j| codes[*j] != 0.0).collect();
    used.sort_by(|a, b| codes[*b].abs().total_cmp(&codes[*a].abs()));
    let shown = &used[..used.len().min(MOST_TERMS)];
    let atoms = learner.filters();
    let terms: Vec<f32> =
        shown.iter().flat_map(|j| atoms[j * dim..(j + 1) * dim].iter().map(|w| w * codes[*j])).collect();
    let all = [patch, made, &terms].concat();
    // One scale for all patches, so that a weak one looks weak.
    let scale = ColourScale::new("whitened", ColourMap::Diverging, (-patches.contrast, patches.contrast));
    let square_sum = |of: &[f32]| of.iter().map(|x| f64::from(x * x)).sum::<f64>();
    let left: Vec<f32> = patch.iter().zip(made).map(|(x, y)| x - y).collect();
    let explained = 1.0 - square_sum(&left) / square_sum(patch).max(f64::MIN_POSITIVE);
    let captions = shown.iter().map(|j| signed(f64::from(codes[*j])));
    let more = if used.len() > shown.len() { format!("; {} are shown", shown.len()) } else { String::new() };
    Chart::images("code")
        .image_grid(
            square(patches.side()),
            numbers(&all),
            scale,
            ["patch".to_owned(), "sum".to_owned()].into_iter().chain(captions),
        )
        .title(format!(
            "patch {index}: {} of {units} filters, {:.0} % of its energy{more}",
            used.len(),
            100.0 * explained
        ))
        .alt("A whitened patch, what the filters make of it, and the parts of that sum with their coefficients.")
        .build()
}

/// Filters and their Gabor functions.
pub(super) fn gabor(filters: &[Vec<f64>], fits: &[GaborFit], side: u32) -> Chart {
    let n = MOST_PAIRS.min(filters.len()).min(fits.len());
    gabor_pairs("gabor", (side, side), &filters[..n], &fits[..n])
        .title(format!("the first {n} filters and their nearest Gabor functions"))
}

/// How much of filters Gabor functions explain.
pub(super) fn explained(learnt: &[GaborFit], random: &[GaborFit], shuffled: &[GaborFit]) -> Chart {
    let all = [learnt, random, shuffled];
    gabor_shares("explained", all, all.map(mean_share))
}

/// The plane wave to which each filter responds most, and the width of its band in octaves.
pub(super) struct Waves<'a> {
    best: Vec<BestFrequency>,
    /// The same of the filters as they were drawn.
    drawn: &'a [BestFrequency],
    octaves: Vec<Option<f64>>,
}

impl<'a> Waves<'a> {
    pub(super) fn of(learner: &'a Learner) -> Self {
        let best = learner.best_frequencies();
        let octaves = learner
            .in_f64(learner.filters())
            .zip(&best)
            .map(|(filter, best)| bandwidth_octaves(&filter, learner.side, (*best)?))
            .collect();
        Self { best, drawn: learner.drawn_frequencies(), octaves }
    }

    /// The median bandwidth of the filters that have one.
    pub(super) fn median_octaves(&self) -> Option<f64> {
        let all: Vec<f64> = self.octaves.iter().copied().flatten().collect();
        Some(median(&all)).filter(|median| median.is_finite())
    }

    /// Where in the plane of frequencies.
    pub(super) fn plane(&self, settings: &Settings) -> Figure {
        let unit = settings.unit();
        let chosen = self.best.get(unit).copied().flatten();
        let both = |[x, y]: [f64; 2]| [(x, y), (-x, -y)];
        let all = |of: &[BestFrequency]| of.iter().copied().flatten().flat_map(both).collect::<Vec<_>>();
        let ring = (0..=96).map(|k| TAU * f64::from(k) / 96.0).map(|t| (0.25 * libm::cos(t), 0.25 * libm::sin(t)));
        let title = match chosen.map(|[x, y]| libm::hypot(x, y)) {
            None => format!("filter {unit} answers to no wave"),
            Some(f) if f < LEAST_FREQUENCY => format!("filter {unit} answers most to a flat grey"),
            Some(f) => format!("filter {unit} answers most to waves of {:.1} pixels", 1.0 / f),
        };
        let axis = |direction: &str| Axis::linear(&format!("{direction} frequency, cycles a pixel"), -0.5, 0.5);
        Chart::new("plane", axis("horizontal"), axis("vertical"))
            .thin("waves of 4 pixels", Role::Neutral, ring)
            .points("as drawn", Role::Neutral, all(self.drawn))
            .shape(Shape::Cross)
            .points("filters", Role::Simulation, all(&self.best))
            .shape(Shape::Disc)
            .with(chosen, |chart, chosen| chart.points("the chosen one", Role::Accent, both(chosen)).shape(Shape::Diamond))
            .square()
            .title(title)
            .alt("For each filter the frequency of the plane wave to which it responds most, and the same wave run the other way.")
            .build()
    }

    /// How fine and how selective they are.
    pub(super) fn bandwidth(&self, settings: &Settings) -> Figure {
        let place = |(best, octaves): (&Option<[f64; 2]>, &Option<f64>)| {
            Some((best.map(|[x, y]| libm::hypot(x, y))?, (*octaves)?))
        };
        let all: Vec<Option<(f64, f64)>> = self.best.iter().zip(&self.octaves).map(place).collect();
        let n = all.iter().flatten().count();
        let chosen = all.get(settings.unit()).copied().flatten();
        let high = all.iter().flatten().fold(4.0_f64, |high, (_, octaves)| high.max(octaves.ceil()));
        let edges = [(LEAST_FREQUENCY, EDGE_OCTAVES), (0.71, EDGE_OCTAVES)];
        Chart::new(
            "bandwidth",
            Axis::log("best frequency, cycles a pixel", LEAST_FREQUENCY, 0.71),
            Axis::linear("bandwidth, octaves", 0.0, high),
        )
        .dashed("an edge: the slope of a bell", Role::Theory, edges)
        .points("filters", Role::Simulation, all.iter().copied().flatten())
        .with(chosen, |chart, chosen| chart.points("the chosen one", Role::Accent, [chosen]).shape(Shape::Diamond))
        .title(self.median_octaves().map_or_else(
            || "no filter has a band".to_owned(),
            |median| format!("median of {n} filters: {median:.1} octaves"),
        ))
        .alt("The width in octaves of each filter’s band against its best frequency.")
        .build()
    }
}

/// What filters answer to patches of the test, each in its own deviations.
pub(super) struct Responses {
    /// Of the filters as they are, and as they were drawn.
    all: [Vec<f64>; 2],
}

impl Responses {
    pub(super) fn of(learner: &Learner, patches: &Patches) -> Self {
        let dim = learner.side * learner.side;
        let seen = patches.corners(learner.side);
        let of = |filters: &[f32]| {
            let mut all = Vec::new();
            for filter in filters.chunks_exact(dim) {
                let answer = |patch: &[f32]| patch.iter().zip(filter).map(|(x, w)| f64::from(x * w)).sum::<f64>();
                let answers: Vec<f64> = seen.chunks_exact(dim).map(answer).collect();
                let mean_square = answers.iter().map(|a| a * a).sum::<f64>() / answers.len().max(1) as f64;
                if mean_square > 0.0 {
                    all.extend(answers.iter().map(|a| a / mean_square.sqrt()));
                }
            }
            all
        };
        Self { all: [learner.filters(), learner.drawn()].map(of) }
    }

    /// `E[a⁴]/E[a²]² − 3`: 0 for a normal distribution, more where most answers are small and some are large.
    pub(super) fn kurtosis(&self) -> Option<f64> {
        kurtosis(&self.all[0])
    }

    pub(super) fn figure(&self) -> Figure {
        let bins = (2.0 * MOST_DEVIATIONS / BIN) as usize;
        let middle = |k: usize| (k as f64 + 0.5) * BIN - MOST_DEVIATIONS;
        let density = |all: &[f64]| {
            let mut counts = vec![0_u32; bins];
            for a in all {
                let k = ((a + MOST_DEVIATIONS) / BIN).floor();
                if k >= 0.0 && k < bins as f64 {
                    counts[k as usize] += 1;
                }
            }
            let scale = 1.0 / (all.len().max(1) as f64 * BIN);
            let found = counts.into_iter().enumerate().filter(|(_, n)| *n > 0);
            found.map(|(k, n)| (middle(k), f64::from(n) * scale)).collect::<Vec<_>>()
        };
        let normal = (0..=160).map(|k| 0.1 * f64::from(k) - 8.0).map(|x| (x, libm::exp(-0.5 * x * x) / TAU.sqrt()));
        let [now, drawn] = self.all.each_ref().map(|all| density(all));
        let said = self.all.each_ref().map(|all| kurtosis(all).map_or_else(|| "none".into(), signed));
        Chart::new(
            "responses",
            Axis::linear("response, in deviations of its filter", -MOST_DEVIATIONS, MOST_DEVIATIONS),
            Axis::log("density", 1e-5, 3.0),
        )
        .line("a normal distribution", Role::Theory, normal.filter(|(_, density)| *density > 1e-5))
        .points("filters", Role::Simulation, now)
        .points("as drawn", Role::Neutral, drawn)
        .shape(Shape::Cross)
        .title(format!("excess kurtosis {}, as drawn {}", said[0], said[1]))
        .alt("How often filters answer how strongly to patches, beside a normal distribution of the same deviation.")
        .build()
    }
}

fn kurtosis(all: &[f64]) -> Option<f64> {
    let mean = |power: i32| all.iter().map(|a| a.powi(power)).sum::<f64>() / all.len() as f64;
    (!all.is_empty()).then(|| mean(4) / mean(2).powi(2) - 3.0)
}

/// With one digit behind the point, and the sign of minus.
fn signed(x: f64) -> String {
    format!("{x:.1}").replace('-', "−")
}
