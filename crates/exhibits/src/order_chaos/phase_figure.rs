//! The phase map.

use figures::{Axis, ColourMap, ColourScale, Device, Figure, Layer, Role, Samples, Stroke, View};
use protocol::Mark;
use theory::{Activation, MeanField, Phase, PhaseGrid, PhaseMap, PhaseTable, critical_line_points};

use super::settings::{MapKind, Settings};

/// Cells of the map: finer than the eye asks of a smooth map, and a fifth of the pixels it is painted on.
const COLUMNS: usize = 240;
const ROWS: usize = 192;
/// The window that is shown unless the state lies outside it.
const SIGMA_W_END: f64 = 5.0;
const SIGMA_B_END: f64 = 2.0;
/// Points of the critical line.
const LINE_POINTS: usize = 81;

/// See [`Background::key`].
pub(super) type Key = (Activation, (f64, f64), MapKind);

/// What does not change while `sigma_w` and `sigma_b` are dragged.
#[derive(Debug)]
pub(super) struct Background {
    activation: Activation,
    /// The ends of the window: `sigma_w`, `sigma_b`.
    window: (f64, f64),
    map: PhaseMap,
    /// `(sigma_b, sigma_w)` where χ₁ = 1.
    line: Vec<(f64, f64)>,
    names: Vec<(f64, f64, &'static str, Role)>,
}

impl Background {
    /// Computes the map, unless `old` already is this one.
    pub(super) fn refreshed(old: Option<Self>, settings: &Settings) -> Self {
        let window = (window_end(SIGMA_W_END, settings.sigma_w), window_end(SIGMA_B_END, settings.sigma_b));
        if let Some(old) = old
            && old.activation == settings.activation
            && old.window == window
        {
            return old;
        }
        let grid = PhaseGrid {
            sigma_w: centres(window.0, COLUMNS),
            sigma_b: centres(window.1, ROWS),
            columns: COLUMNS,
            rows: ROWS,
        };
        let map = PhaseTable::new(settings.activation).map(&grid);
        let line = critical_line_points(settings.activation, window.1, LINE_POINTS);
        let names = names(settings.activation, window, &line);
        Self { activation: settings.activation, window, map, line, names }
    }

    /// The picture for one state.
    pub(super) fn figure(&self, settings: &Settings) -> Figure {
        let (title, values, colours) = self.heat(settings.map);
        let mut layers = vec![Layer::Heat {
            columns: COLUMNS as u32,
            values,
            x: (0.0, self.window.0),
            y: (0.0, self.window.1),
            colours,
        }];
        if !self.line.is_empty() {
            let line = self.line.iter().map(|(sigma_b, sigma_w)| (*sigma_w, *sigma_b));
            layers.push(Layer::line("χ₁ = 1", Role::Critical, Stroke::Solid, line));
        }
        layers.extend(self.names.iter().map(|(x, y, text, role)| Layer::Text {
            text: (*text).into(),
            role: *role,
            x: *x,
            y: *y,
        }));
        layers.push(Layer::Handle {
            x: settings.sigma_w,
            y: settings.sigma_b,
            x_control: "sigma_w".into(),
            y_control: "sigma_b".into(),
        });
        Figure {
            id: "phase".into(),
            title,
            x: Axis::linear("weight scale σ_w", 0.0, self.window.0),
            y: Axis::linear("bias scale σ_b", 0.0, self.window.1),
            layers,
            view: View::Plane,
            alt: format!(
                "Phase map for {}: ordered left of the critical line, chaotic right of it. The state is at σ_w = {}, \
                 σ_b = {}.",
                settings.activation.label(),
                figures::format_number(settings.sigma_w),
                figures::format_number(settings.sigma_b),
            ),
            note: None,
            device: Device::Theory,
        }
    }

    fn heat(&self, kind: MapKind) -> (String, Samples, ColourScale) {
        let scale = |label: &str, map, range, names: &[(f32, &str)]| {
            ColourScale::new(label, map, range).named(names.iter().copied())
        };
        let samples = |values: &[f32], f: fn(f32) -> f32| Samples(values.iter().map(|v| f(*v)).collect());
        let decades = [(-1.0, "0.1"), (0.0, "1"), (1.0, "10"), (2.0, "100")];
        match kind {
            MapKind::LogChi1 => (
                "log χ₁: below 0 ordered, above 0 chaotic".into(),
                samples(&self.map.chi_1, f32::ln),
                scale("ln χ₁", ColourMap::Diverging, (-1.5, 1.5), &[]),
            ),
            MapKind::XiC => (
                "ξ_c: how many layers a correlation lasts".into(),
                samples(&self.map.xi_c, |v| v.log10()),
                scale("ξ_c, layers", ColourMap::Sequential, (-0.5, 2.0), &decades[1..]),
            ),
            MapKind::QStar => (
                "q*: mean squared pre-activation far down the net".into(),
                samples(&self.map.q_star, |v| v.log10()),
                scale("q*", ColourMap::Sequential, (-1.5, 2.0), &decades),
            ),
            MapKind::CStar => (
                "c*: the correlation that every pair ends at".into(),
                samples(&self.map.c_star, |v| v),
                scale("c*", ColourMap::Sequential, (0.0, 1.0), &[]),
            ),
        }
    }

    /// What the picture depends on besides the place of its handle, which the page itself keeps at the controls.
    pub(super) fn key(&self, settings: &Settings) -> Key {
        (self.activation, self.window, settings.map)
    }

    /// The critical values beside this state, for the sliders' tracks: read off the line, which a mark's width forgives.
    pub(super) fn marks(&self, settings: &Settings) -> Vec<Mark> {
        let mark = |control: &str, value: f64| Mark { control: control.into(), value, label: "critical".into() };
        let crossing = |of: fn(&(f64, f64)) -> (f64, f64), at: f64| {
            self.line.windows(2).find_map(|ends| {
                let ((x0, y0), (x1, y1)) = (of(&ends[0]), of(&ends[1]));
                let share = (at - x0) / (x1 - x0);
                (0.0..=1.0).contains(&share).then_some(y0 + share * (y1 - y0))
            })
        };
        let sigma_w = crossing(|p| *p, settings.sigma_b);
        let sigma_b = crossing(|p| (p.1, p.0), settings.sigma_w);
        sigma_w.map(|v| mark("sigma_w", v)).into_iter().chain(sigma_b.map(|v| mark("sigma_b", v))).collect()
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

/// Names of the phases where there is room for them, found by asking theory there.
fn names(activation: Activation, window: (f64, f64), line: &[(f64, f64)]) -> Vec<(f64, f64, &'static str, Role)> {
    let sigma_b = 0.62 * window.1;
    let nearest = line.iter().min_by(|a, b| (a.0 - sigma_b).abs().total_cmp(&(b.0 - sigma_b).abs()));
    let middle = nearest.map_or(0.5 * window.0, |p| p.1).min(window.0);
    let (left, right) = (0.5 * middle, 0.5 * (middle + window.0));
    let name = |sigma_w: f64| {
        let phase = MeanField::new(activation, sigma_w, sigma_b).ok()?.summary().phase;
        let (text, role) = match phase {
            Phase::Ordered => ("ordered", Role::Ordered),
            Phase::Chaotic => ("chaotic", Role::Chaotic),
            Phase::Critical => ("critical", Role::Critical),
            Phase::Unbounded => ("lengths grow without bound", Role::Neutral),
        };
        Some((sigma_w, sigma_b, text, role))
    };
    let mut names: Vec<_> = [left, right].into_iter().filter_map(name).collect();
    if let [(.., a, _), (.., b, _)] = names[..]
        && a == b
    {
        names.truncate(1);
    }
    names
}
