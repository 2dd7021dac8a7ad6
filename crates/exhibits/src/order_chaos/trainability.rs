//! The map of what depth can be trained (Schoenholz et al. 2017, figure 5): many nets over `sigma_w` and depth, trained a
//! little at a time, all of them, round after round.

use std::sync::Arc;

use figures::{Axis, Cells, Chart, ColourMap, ColourScale, Device, Role, Samples};
use protocol::Backend;
use theory::{Activation, MeanField, critical_line};

use super::cells::{ROUND_STEPS, Round, Task, Trained, WIDTH, examples};
use super::rows_on_gpu::RowsOnGpu;
use super::settings::Settings;
use crate::job::JobError;
use crate::kit::{Images, Kept, Scene, Shown, Sweep};

/// Cells: `sigma_w` across, depth upwards.
const COLUMNS: usize = 14;
const ROWS: usize = 12;
const DEPTH_STEP: usize = 4;
const MOST_DEPTH: usize = DEPTH_STEP * ROWS;
const ROUNDS: u32 = 8;
/// From this accuracy on a cell counts as trained.
const TRAINED: f32 = 0.9;
/// Schoenholz et al. find that nets train up to about so many `xi_c`.
const DEPTH_SCALES: f64 = 6.0;
/// Abscissae of the theory's curve.
const CURVE_POINTS: usize = 121;

/// Hidden layers of the nets in a row.
fn depth_of(row: usize) -> usize {
    DEPTH_STEP * (row + 1)
}

/// A net on its way.
#[derive(Debug)]
struct State {
    rounds: u32,
    trained: Trained,
}

impl State {
    /// Rounds made; all of them where another would change nothing.
    fn rounds(&self) -> u32 {
        if self.trained.is_diverged { ROUNDS } else { self.rounds }
    }

    /// With another round behind it.
    fn after(old: Option<Self>, trained: Trained) -> Self {
        Self { rounds: old.map_or(0, |old| old.rounds) + 1, trained }
    }
}

/// What theory says along the map.
#[derive(Clone, Debug)]
struct Span {
    /// Ends of `sigma_w`.
    sigma_w: (f64, f64),
    /// `sigma_w` and `xi_c`.
    xi_c: Vec<(f64, f64)>,
    xi_c_of_columns: Vec<f64>,
}

impl Span {
    fn new(activation: Activation, sigma_b: f64) -> Self {
        let critical = critical_line(activation, sigma_b).map_or(1.5, |point| point.sigma_w);
        // In steps of a twentieth, around where it matters.
        let round = |x: f64| (x * 20.0).round() / 20.0;
        let (low, high) = (round(0.6 * critical), round(2.0 * critical).max(round(0.6 * critical) + 0.1));
        let xi_c = |sigma_w: f64| {
            let field = MeanField::new(activation, sigma_w, sigma_b);
            field.ok().and_then(|field| field.coarse().summary().xi_c.layers()).unwrap_or(f64::NAN)
        };
        let at = |i: usize| low + (high - low) * i as f64 / (CURVE_POINTS - 1) as f64;
        let mut span = Self { sigma_w: (low, high), xi_c: Vec::new(), xi_c_of_columns: Vec::new() };
        span.xi_c = (0..CURVE_POINTS).map(|i| (at(i), xi_c(at(i)))).filter(|(_, xi)| !xi.is_nan()).collect();
        span.xi_c_of_columns = (0..COLUMNS).map(|column| xi_c(span.sigma_w_of(column))).collect();
        span
    }

    fn sigma_w_of(&self, column: usize) -> f64 {
        let (low, high) = self.sigma_w;
        low + (column as f64 + 0.5) * ((high - low) / COLUMNS as f64)
    }
}

/// The nets of the last map.
type Nets = Sweep<Task, usize, State>;

/// The map, as far as it has been trained.
#[derive(Debug, Default)]
pub(super) struct Training {
    cells: Nets,
    /// What computed them last.
    by: Device,
    span: Kept<(Activation, f64), Span>,
    shown: Shown<Task>,
}

/// What the picture is of; which images those are does not change by itself.
fn task(settings: &Settings, is_real: bool) -> Task {
    Task { activation: settings.activation, sigma_b: settings.sigma_b, seed: settings.seed, is_real }
}

impl Training {
    /// Mutes the picture of other nets.
    pub(super) fn mute_others(&mut self, settings: &Settings, scene: &mut Scene<'_>) {
        self.shown.mute_unless(&task(settings, true), scene);
    }

    /// Shows what there is of the map, and trains the rest where it is to be trained.
    pub(super) async fn show(
        &mut self,
        settings: &Settings,
        images: &Images,
        scene: &mut Scene<'_>,
    ) -> Result<(), JobError> {
        let task = task(settings, images.notice.is_none());
        let make = |_: &_| Span::new(task.activation, task.sigma_b);
        let span = self.span.get((task.activation, task.sigma_b), make).clone();
        if self.cells.origin() != Some(&task) {
            self.by = Device::Theory;
        }
        self.cells.of(task);
        let round = |cell: &usize, state: Option<&State>| Round {
            task,
            depth: depth_of(cell / COLUMNS),
            sigma_w: span.sigma_w_of(cell % COLUMNS),
            round: state.map_or(0, |state| state.rounds),
            parameters: state.map_or_else(Samples::default, |state| state.trained.parameters.clone()),
        };
        let (cells, last_by, shown) = (&mut self.cells, &mut self.by, &mut self.shown);
        let mut show = |cells: &Nets, by: &Device, scene: &mut Scene<'_>| {
            let figure = Map { settings, span: &span, cells }.figure().device(by.clone()).build();
            shown.show(Task { is_real: true, ..task }, figure, scene);
            let done = (0..COLUMNS * ROWS).filter_map(|cell| cells.get(&cell)).map(State::rounds).sum::<u32>();
            if settings.train {
                scene.progress(f64::from(done) / f64::from(ROUNDS * (COLUMNS * ROWS) as u32), "training");
            }
        };
        show(cells, last_by, scene);
        scene.flush().await?;
        let mut on_gpu = RowsOnGpu::default();
        // Which of CPU and graphics device is faster is found on one row.
        let mut is_first = scene.backend() == Backend::Auto;
        while let Some((rounds, row)) = next_row(cells).filter(|_| settings.train) {
            let wanted =
                if std::mem::take(&mut is_first) { (row.clone(), rounds + 1) } else { (deepest_first(), ROUNDS) };
            let of_row: Vec<Round> = row.iter().map(|cell| round(cell, cells.get(cell))).collect();
            let trained = scene.on_device(
                "training",
                WIDTH,
                async |gpu, scene| {
                    let trained = on_gpu.train(gpu, &of_row, &Arc::new(examples(&images.pack)?)).await?;
                    Ok(Some((trained, scene.device().clone())))
                },
                async |scene| {
                    let rank = |_: &usize, state: Option<&State>| {
                        Some(state.map_or(0, State::rounds)).filter(|rounds| *rounds < wanted.1).map(u64::from)
                    };
                    *last_by = scene.device().clone();
                    let show = |cells: &Nets, scene: &mut Scene<'_>| {
                        show(cells, last_by, scene);
                        Ok(())
                    };
                    cells.train(scene, wanted.0.iter().copied(), rank, round, State::after, show).await?;
                    Ok(None)
                },
            );
            if let Some((trained, by)) = trained.await? {
                for (cell, trained) in row.into_iter().zip(trained) {
                    cells.put(cell, State { rounds: rounds + 1, trained });
                }
                show(cells, &by, scene);
                *last_by = by;
                scene.flush().await?;
            }
        }
        Ok(())
    }
}

/// All cells, in the order in which those that have come as far are next.
fn deepest_first() -> Vec<usize> {
    (0..ROWS).rev().flat_map(|row| row * COLUMNS..(row + 1) * COLUMNS).collect()
}

/// The cells of a row whose round comes next and the rounds behind them; `None` when none is left. That is the row which has
/// come least far, and of those the deepest.
fn next_row(cells: &Nets) -> Option<(u32, Vec<usize>)> {
    let rounds = |cell: usize| cells.get(&cell).map_or(0, State::rounds);
    let least = (0..ROWS * COLUMNS).map(rounds).min().filter(|least| *least < ROUNDS)?;
    let first = deepest_first().into_iter().find(|cell| rounds(*cell) == least)?;
    let row = first / COLUMNS * COLUMNS;
    Some((least, (row..row + COLUMNS).filter(|cell| rounds(*cell) == least).collect()))
}

/// What is shown.
struct Map<'a> {
    settings: &'a Settings,
    span: &'a Span,
    cells: &'a Nets,
}

impl Map<'_> {
    fn accuracy(&self, cell: usize) -> f32 {
        self.cells.get(&cell).map_or(f32::NAN, |state| state.trained.accuracy)
    }

    fn figure(&self) -> Chart {
        let (low, high) = (0.5 * DEPTH_STEP as f64, (MOST_DEPTH + DEPTH_STEP / 2) as f64);
        let steps = self.cells.found().values().map(|state| state.rounds).max().unwrap_or(0) as usize * ROUND_STEPS;
        let n = COLUMNS * ROWS;
        let values = Samples((0..n).map(|cell| self.accuracy(cell)).collect());
        let sigma_w = self.span.sigma_w;
        let cells = Cells { columns: COLUMNS as u32, values, x: sigma_w, y: (low, high) };
        let names = [(0.1, "0.1"), (0.5, "0.5"), (0.9, "0.9")];
        let scaled = |factor: f64| {
            let points = self.span.xi_c.iter();
            points.map(move |(sigma_w, xi_c)| (*sigma_w, (factor * xi_c).min(4.0 * MOST_DEPTH as f64)))
        };
        Chart::new(
            "trainability",
            Axis::linear("weight scale σ_w", sigma_w.0, sigma_w.1),
            Axis::linear("depth, hidden layers", low, high),
        )
        .heat(cells, ColourScale::new("accuracy", ColourMap::Sequential, (0.0, 1.0)).named(names))
        .line("6 ξ_c", Role::Critical, scaled(DEPTH_SCALES))
        .dashed("ξ_c", Role::Critical, scaled(1.0))
        .handle_xy("sigma_w", "depth", self.settings.sigma_w, self.settings.depth as f64)
        .title(self.title(steps))
        .alt(format!(
            "Accuracy of {n} nets over weight scale and depth after {steps} steps, with six times the depth scale that theory \
             predicts."
        ))
        .with((steps == 0).then_some("Not trained yet."), Chart::note)
    }

    /// How deep training reaches, in units of theory's scale, where that is within the map.
    fn title(&self, steps: usize) -> String {
        if steps == 0 {
            return format!("{} nets, none trained yet", COLUMNS * ROWS);
        }
        let deepest = |column: usize| {
            let trained = (0..ROWS).filter(|row| self.accuracy(row * COLUMNS + column) > TRAINED);
            trained.map(depth_of).max().unwrap_or(0) as f64
        };
        let columns = self.span.xi_c_of_columns.iter().enumerate();
        let within = columns.filter(|(_, xi_c)| DEPTH_SCALES * **xi_c < MOST_DEPTH as f64);
        let reached = within.map(|(column, xi_c)| deepest(column) / xi_c).fold(f64::NAN, f64::max);
        if reached > 0.0 {
            format!("after {steps} steps: above 90 % up to {reached:.1} ξ_c")
        } else {
            format!("after {steps} steps")
        }
    }
}
