//! The phase map.

use figures::{Axis, Cells, Chart, ColourMap, ColourScale, Figure, Role, Samples, format_number};
use theory::{Activation, MeanField, Phase, PhaseGrid, PhaseMap, PhaseTable, critical_line_points, ordinate_at};

use super::settings::{MapKind, Settings};
use crate::kit::{Kept, Scene};

/// Cells of the map: finer than the eye asks of a smooth map, and a fifth of the pixels it is painted on.
const COLUMNS: usize = 240;
const ROWS: usize = 192;
/// The window that is shown unless the state lies outside it.
const SIGMA_W_END: f64 = 5.0;
const SIGMA_B_END: f64 = 2.0;
/// Points of the critical line.
const LINE_POINTS: usize = 81;

/// The phase map on the page.
#[derive(Debug, Default)]
pub(super) struct PhaseFigure {
    background: Kept<Window, Background>,
    /// What has been handed over; it is large, and most drags only move its handle.
    sent: Option<Key>,
}

impl PhaseFigure {
    /// Shows the map, unless the page still has it, and marks the critical values on the sliders' tracks.
    pub(super) fn show(&mut self, settings: &Settings, scene: &mut Scene<'_>) {
        let key = key(settings);
        let background = self.background.get(key.0, Background::new);
        background.mark(settings, scene);
        if scene.wants("phase") {
            if self.sent.replace(key) == Some(key) && scene.keeps("phase") {
                scene.unchanged("phase");
            } else {
                scene.figure("phase", || background.figure(settings));
            }
        }
    }
}

/// What the map of all quantities depends on: the activation, and the ends of the window in `sigma_w` and `sigma_b`.
type Window = (Activation, (f64, f64));

/// What the picture depends on besides the place of its handle, which the page itself keeps at the controls.
type Key = (Window, MapKind);

/// The window that these settings lie in, and what is shown of it.
fn key(settings: &Settings) -> Key {
    let window = (window_end(SIGMA_W_END, settings.sigma_w), window_end(SIGMA_B_END, settings.sigma_b));
    ((settings.activation, window), settings.map)
}

/// What does not change while `sigma_w` and `sigma_b` are dragged.
#[derive(Debug)]
struct Background {
    /// The ends of the window: `sigma_w`, `sigma_b`.
    window: (f64, f64),
    map: PhaseMap,
    /// `(sigma_b, sigma_w)` where χ₁ = 1.
    line: Vec<(f64, f64)>,
    names: Vec<(f64, f64, Phase)>,
}

impl Background {
    /// Computes the map.
    fn new(&(activation, window): &Window) -> Self {
        let grid = PhaseGrid {
            sigma_w: centres(window.0, COLUMNS),
            sigma_b: centres(window.1, ROWS),
            columns: COLUMNS,
            rows: ROWS,
        };
        let map = PhaseTable::new(activation).map(&grid);
        let line = critical_line_points(activation, window.1, LINE_POINTS);
        let names = names(activation, window, &line);
        Self { window, map, line, names }
    }

    /// The picture for one state.
    fn figure(&self, settings: &Settings) -> Figure {
        let (title, values, colours) = self.heat(settings.map);
        let cells = Cells { columns: COLUMNS as u32, values, x: (0.0, self.window.0), y: (0.0, self.window.1) };
        let line = self.line.iter().map(|(sigma_b, sigma_w)| (*sigma_w, *sigma_b));
        let phases: Vec<&str> = self.names.iter().map(|(_, _, phase)| name(*phase).0).collect();
        Chart::new(
            "phase",
            Axis::linear("weight scale σ_w", 0.0, self.window.0),
            Axis::linear("bias scale σ_b", 0.0, self.window.1),
        )
        .heat(cells, colours)
        .with((!self.line.is_empty()).then_some(line), |chart, line| chart.line("χ₁ = 1", Role::Critical, line))
        .with_each(&self.names, |chart, (x, y, phase)| {
            let (text, role) = name(*phase);
            chart.text(text, role, *x, *y)
        })
        .handle_xy("sigma_w", "sigma_b", settings.sigma_w, settings.sigma_b)
        .title(title)
        .alt(format!(
            "Phase map for {}, with lengths that start from q = 1; from small to large weights: {}. The state is at σ_w = {}, \
             σ_b = {}.",
            settings.activation.label(),
            phases.join(", then "),
            format_number(settings.sigma_w),
            format_number(settings.sigma_b),
        ))
        .build()
    }

    /// Title, values and colours. Where lengths grow without bound nothing is defined but the limit of χ₁.
    fn heat(&self, kind: MapKind) -> (String, Samples, ColourScale) {
        let scale = |label: &str, map, range, names: &[(f32, &str)]| {
            ColourScale::new(label, map, range).named(names.iter().copied())
        };
        let is_bounded: Vec<bool> = self.map.q_star.iter().map(|q| q.is_finite()).collect();
        let is_whole = is_bounded.iter().all(|bounded| *bounded);
        let of_bounded = |values: &[f32], f: fn(f32) -> f32| {
            let defined = values.iter().zip(&is_bounded).map(|(v, bounded)| if *bounded { f(*v) } else { f32::NAN });
            Samples(defined.collect())
        };
        let hatched = |scale: ColourScale| if is_whole { scale } else { scale.hatched("lengths without bound") };
        let decades = [(-1.0, "0.1"), (0.0, "1"), (1.0, "10"), (2.0, "100")];
        match kind {
            MapKind::LogChi1 => (
                self.sides(&is_bounded),
                Samples(self.map.chi_1.iter().map(|v| v.ln()).collect()),
                scale("ln χ₁", ColourMap::Diverging, (-1.5, 1.5), &[]),
            ),
            MapKind::XiC => (
                "ξ_c: how many layers a correlation lasts".into(),
                of_bounded(&self.map.xi_c, f32::log10),
                hatched(scale("ξ_c, layers", ColourMap::Sequential, (-0.5, 2.0), &decades[1..])),
            ),
            MapKind::QStar => (
                "q*: mean squared pre-activation far down the net".into(),
                of_bounded(&self.map.q_star, f32::log10),
                hatched(scale("q*", ColourMap::Sequential, (-1.5, 2.0), &decades)),
            ),
            MapKind::CStar => (
                "c*: the correlation that every pair ends at".into(),
                of_bounded(&self.map.c_star, |v| v),
                hatched(scale("c*", ColourMap::Sequential, (0.0, 1.0), &[])),
            ),
        }
    }

    /// What lies on either side of `ln χ₁ = 0`.
    fn sides(&self, is_bounded: &[bool]) -> String {
        let above = || self.map.chi_1.iter().zip(is_bounded).filter(|(chi_1, _)| **chi_1 > 1.0);
        match (above().any(|(_, bounded)| *bounded), above().any(|(_, bounded)| !bounded)) {
            (true, false) => "ln χ₁: below 0 ordered, above 0 chaotic".into(),
            (false, true) => "ln χ₁: below 0 ordered, above 0 lengths grow without bound".into(),
            (true, true) => "ln χ₁: below 0 ordered, above 0 chaotic, or lengths grow without bound".into(),
            (false, false) => "ln χ₁: below 0 ordered".into(),
        }
    }

    /// Marks the critical values beside this state: read off the line, which a mark's width forgives.
    fn mark(&self, settings: &Settings, scene: &mut Scene<'_>) {
        let turned: Vec<(f64, f64)> = self.line.iter().map(|(sigma_b, sigma_w)| (*sigma_w, *sigma_b)).collect();
        let sigma_w = ordinate_at(&self.line, settings.sigma_b);
        let sigma_b = ordinate_at(&turned, settings.sigma_w);
        for (control, value) in [("sigma_w", sigma_w), ("sigma_b", sigma_b)] {
            value.into_iter().for_each(|value| scene.mark(control, value, "critical"));
        }
    }
}

/// The usual end of the window, or a round number beyond the state.
fn window_end(usual: f64, state: f64) -> f64 {
    if state <= usual { usual } else { (state * 1.2).ceil() }
}

/// The first and the last centre of `n` equal cells from 0 to `end`.
fn centres(end: f64, n: usize) -> (f64, f64) {
    let half = 0.5 * end / n as f64;
    (half, end - half)
}

fn name(phase: Phase) -> (&'static str, Role) {
    match phase {
        Phase::Ordered => ("ordered", Role::Ordered),
        Phase::Chaotic => ("chaotic", Role::Chaotic),
        Phase::Critical => ("critical", Role::Critical),
        Phase::Unbounded => ("lengths grow without bound", Role::Neutral),
    }
}

/// The phases where there is room for their names, found by asking theory there.
fn names(activation: Activation, window: (f64, f64), line: &[(f64, f64)]) -> Vec<(f64, f64, Phase)> {
    let sigma_b = 0.62 * window.1;
    let nearest = line.iter().min_by(|a, b| (a.0 - sigma_b).abs().total_cmp(&(b.0 - sigma_b).abs()));
    let middle = nearest.map_or(0.5 * window.0, |p| p.1).min(window.0);
    let there = |sigma_w: f64| {
        let phase = MeanField::new(activation, sigma_w, sigma_b).ok()?.summary().phase;
        Some((sigma_w, sigma_b, phase))
    };
    let mut names: Vec<_> = [0.5 * middle, 0.5 * (middle + window.0)].into_iter().filter_map(there).collect();
    names.dedup_by_key(|(.., phase)| *phase);
    names
}
