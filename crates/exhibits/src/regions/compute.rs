//! The computation: bounds at once, then the net with its regions, then counts of many nets.

use std::rc::Rc;

use exhibit::typed::points_from_text;
use figures::{Cells, Figure, format_number};
use kernels::{PixelGrid, ReluNet, pattern_map};
use protocol::{Backend, Readout};
use theory::sawtooth::PiecewiseLinear;

use super::counts::{self, Bounds, InPlane, InWindow, OfRandom, Others};
use super::nets::Nets;
use super::parts::{Given, MOST_STEPS, Parts, ROUNDS, Random, Round, in_plane};
use super::region_explainer::RegionExplainer;
use super::settings::{Colour, NetKey, Settings};
use super::training::{State, Training};
use super::window_regions::{Pixels, SIDE, WindowRegions};
use super::{along, picture};
use crate::job::JobError;
use crate::kit::{Compute, Kept, Scene, output_cells};

/// Units whose regions are found within a few frames.
const UNITS_AT_ONCE: usize = 128;
/// Units whose regions are counted in the plane before anything is shown: in some milliseconds.
const UNITS_IN_PLANE: usize = 64;
/// Hidden units below which the way to a graphics device and back takes longer than the exact regions.
const LEAST_UNITS_ON_GPU: usize = 96;
/// Nets of more units are trained for one seed alone: the others would take minutes on a small machine.
const MOST_UNITS_OF_OTHERS: usize = 96;

/// What a net at a step is kept by.
type StateKey = (NetKey, u64);
/// What its regions in a window are kept by.
type WindowKey = (StateKey, [f64; 4]);

/// What is known along a segment by.
type LineKey = (StateKey, [[f64; 2]; 2]);

/// What is kept from one request to the next.
#[derive(Debug, Default)]
pub struct Regions {
    training: Kept<NetKey, Training>,
    state: Kept<StateKey, Rc<State>>,
    cut: Kept<WindowKey, Result<Rc<WindowRegions>, String>>,
    pixels: Kept<(WindowKey, Backend), Rc<Pixels>>,
    line: Kept<LineKey, Result<PiecewiseLinear, String>>,
    output: Kept<(StateKey, f64), Cells>,
    plane: Kept<StateKey, Result<usize, String>>,
    in_plane: InPlane,
    in_window: InWindow,
    others: Others,
    random: OfRandom,
}

impl Compute for Regions {
    const ID: &'static str = super::EXHIBIT.id;
    type Settings = Settings;
    type Parts = Parts;

    async fn run(&mut self, settings: &Settings, scene: &mut Scene<'_>) -> Result<(), JobError> {
        let net = settings.net();
        scene.say_of("points", settings.complaint());
        scene.say("drawing", settings.hint());
        bounds(&net, scene);
        let training = self.training.try_get(net.clone(), Training::new)?;
        scene.say("diverged", training.complaint(settings.steps));
        scene.flush().await?;

        let key = (net.clone(), settings.steps);
        let make = async |_: &StateKey| Ok::<_, JobError>(Rc::new(training.state(settings.steps, scene).await?));
        let state = Rc::clone(self.state.get_async(key.clone(), make).await?);
        scene.say("diverged", training.complaint(settings.steps));
        let accuracy = state.accuracy.filter(|_| settings.steps > 0);
        let why = if state.accuracy.is_some() { "not trained" } else { "no points" };
        scene.readout_or("accuracy", accuracy, why);

        let is_quick = net.n_units() <= UNITS_IN_PLANE || self.plane.peek(&key).is_some();
        if is_quick {
            self.count_plane(&key, &state, scene).await?;
        } else {
            scene.readout("regions_plane", Readout::Undefined("being counted".into()));
        }
        self.show_window(settings, &key, &state, scene).await?;
        self.show_output(settings, &key, &state, scene).await?;
        if !is_quick {
            scene.flush().await?;
            self.count_plane(&key, &state, scene).await?;
        }
        self.offer(settings, &key, &state, scene);
        scene.flush().await?;
        self.count_random(&net, scene).await?;
        self.offer(settings, &key, &state, scene);
        if scene.wants("count-training") {
            self.count_training(settings, &net, scene).await?;
        }
        Ok(())
    }

    fn check_text(_key: &str, text: &str) -> Result<(), String> {
        points_from_text(text).map(drop).map_err(|error| error.to_string())
    }
}

/// The theorems' numbers for the shape of the net.
fn bounds(net: &NetKey, scene: &mut Scene<'_>) {
    let bounds = Bounds::new(&net.widths());
    for (key, bound) in [
        ("bound_zaslavsky", bounds.zaslavsky),
        ("hanin_rolnick", bounds.hanin_rolnick),
        ("bound_montufar_lower", bounds.montufar_lower),
        ("bound_serra_upper", bounds.serra_upper),
    ] {
        scene.readout_or(key, bound, "needs width 2");
    }
}

/// A number, or the sentence that says why there is none.
fn number_or(n: Result<usize, &String>) -> Readout {
    n.map_or_else(|why| Readout::Undefined(why.clone()), |n| Readout::Number(n as f64))
}

/// The first layers of a net that is cut up for a tenth of a second and more.
async fn preview(settings: &Settings, state: &State, scene: &mut Scene<'_>) -> Result<(), JobError> {
    let layers = (UNITS_AT_ONCE / settings.width.max(1)).max(1);
    if layers >= settings.layers || !scene.wants("regions") {
        return Ok(());
    }
    let cut = match WindowRegions::new(&state.net.first_layers(layers)?, settings.window(), scene).await? {
        Ok(cut) => cut,
        Err(_) => return Ok(()),
    };
    let device = scene.device().clone();
    let pixels = Pixels::new(&cut.regions, device, scene).await?;
    // There is no output yet to be shown.
    let settings = Settings { colour: Colour::Pattern, ..settings.clone() };
    scene.measured("regions", || Figure {
        title: format!("the first {layers} layers alone"),
        ..picture::regions(&settings, Ok((&cut, &pixels)), None)
    });
    scene.flush().await
}

/// The points of the grid, on the graphics device or on the CPU.
async fn pixels(
    settings: &Settings,
    state: &State,
    cut: &WindowRegions,
    scene: &mut Scene<'_>,
) -> Result<Pixels, JobError> {
    let on_cpu = async |scene: &mut Scene<'_>| {
        let device = scene.device().clone();
        Pixels::new(&cut.regions, device, scene).await
    };
    let units = settings.width * settings.layers;
    if scene.backend() == Backend::Auto && units < LEAST_UNITS_ON_GPU {
        return on_cpu(scene).await;
    }
    let [x_min, x_max, y_min, y_max] = settings.edges();
    let grid = PixelGrid { x: (x_min, x_max), y: (y_min, y_max), columns: SIDE, rows: SIDE };
    let net = state.trainer.net();
    let net = ReluNet { widths: net.shape().widths(), parameters: net.parameters() };
    let size = SIDE * SIDE * units;
    let on_gpu = async |gpu: Rc<kernels::Gpu>, scene: &mut Scene<'_>| {
        let map = pattern_map(&gpu, &net, &grid).await?;
        Ok(Pixels::from_map(map, &cut.regions, scene.device().clone()))
    };
    scene.on_device("regions", size, on_gpu, on_cpu).await
}

impl Regions {
    async fn count_plane(&mut self, key: &StateKey, state: &State, scene: &mut Scene<'_>) -> Result<(), JobError> {
        let make = async |_: &StateKey| in_plane(&state.net, &mut *scene).await;
        let count = self.plane.get_async(key.clone(), make).await?;
        scene.readout("regions_plane", number_or(count.as_ref().copied()));
        Ok(())
    }

    /// The regions in the window, and the output along the segment.
    async fn show_window(
        &mut self,
        settings: &Settings,
        key: &StateKey,
        state: &Rc<State>,
        scene: &mut Scene<'_>,
    ) -> Result<(), JobError> {
        let cut_key = (key.clone(), settings.edges());
        let make = async |_: &WindowKey| {
            preview(settings, state, scene).await?;
            Ok::<_, JobError>(WindowRegions::new(&state.net, settings.window(), scene).await?.map(Rc::new))
        };
        let cut = self.cut.get_async(cut_key.clone(), make).await?.clone();
        let points = self.training.peek(&key.0).filter(|_| settings.steps > 0).map(|training| &training.points);
        scene.readout("regions", number_or(cut.as_ref().map(|cut| cut.regions.len())));
        match &cut {
            Ok(cut) => {
                scene.explain(Rc::new(RegionExplainer(Rc::clone(cut))));
                let pixels_key = (cut_key, scene.backend());
                if scene.backend() == Backend::Gpu && self.pixels.peek(&pixels_key).is_some_and(|p| !p.device.is_gpu())
                {
                    // The CPU has stood in for a device that may be there again.
                    self.pixels.clear();
                }
                let make = async |_: &_| Ok::<_, JobError>(Rc::new(pixels(settings, state, cut, scene).await?));
                let pixels = Rc::clone(self.pixels.get_async(pixels_key, make).await?);
                scene.readout("regions_pixels", pixels.n_patterns as f64);
                scene.figure("regions", || {
                    let figure = picture::regions(settings, Ok((cut, &pixels)), points);
                    Figure { device: pixels.device.clone(), ..figure }
                });
            }
            Err(why) => {
                scene.readout("regions_pixels", Readout::Undefined(why.clone()));
                scene.measured("regions", || picture::regions(settings, Err(why), points));
            }
        }
        let segment = settings.segment();
        let met = self.line.get((key.clone(), segment), |_| along::along(&state.net, segment)).as_ref();
        scene.readout("regions_line", number_or(met.map(PiecewiseLinear::n_pieces)));
        scene.measured("line", || along::figure(met, segment, settings.layers));
        scene.flush().await
    }

    async fn show_output(
        &mut self,
        settings: &Settings,
        key: &StateKey,
        state: &State,
        scene: &mut Scene<'_>,
    ) -> Result<(), JobError> {
        let Some(training) = self.training.peek(&key.0).filter(|_| scene.wants("output")) else { return Ok(()) };
        let reach = picture::reach(settings, &training.points);
        let make = async |_: &_| output_cells(reach, picture::OUTPUT_SIDE, &state.trainer, scene).await;
        let cells = self.output.get_async((key.clone(), reach), make).await?;
        let accuracy = state.accuracy.filter(|_| settings.steps > 0);
        let title = accuracy.map_or_else(String::new, |accuracy| {
            let percent = format_number((1e3 * accuracy).round() / 10.0);
            format!("{percent} % of the points right after {} steps", state.trainer.steps())
        });
        scene.measured("output", || picture::output(cells, settings, &training.points).title(title).build());
        Ok(())
    }

    /// The net that is shown, and the random ones that have been counted.
    fn offer(&self, settings: &Settings, key: &StateKey, state: &Rc<State>, scene: &mut Scene<'_>) {
        let plane = self.plane.peek(key).and_then(|count| count.as_ref().ok().copied());
        let cut = self.cut.peek(&(key.clone(), settings.edges())).and_then(|cut| cut.as_ref().ok());
        let window = cut.map(|cut| cut.regions.len());
        let random = self.random.found().clone();
        scene.offer(Rc::new(Nets { settings: settings.clone(), state: Rc::clone(state), plane, window, random }));
    }

    /// Random nets of many shapes.
    async fn count_random(&mut self, net: &NetKey, scene: &mut Scene<'_>) -> Result<(), JobError> {
        let (sigmas, seed, width) = (net.sigmas, net.seed, counts::width_by_depth(net));
        let mut shapes = Vec::new();
        if scene.wants("count-width") {
            shapes.extend(counts::UNITS.into_iter().flat_map(|n| counts::DEPTHS.map(|depth| (depth, n))));
        }
        if scene.wants("count-depth") {
            shapes.extend((1..=counts::MOST_DEPTH).map(|depth| (depth, depth * width)));
        }
        let wanted = shapes.into_iter().flat_map(|shape| (0..counts::NETS).map(move |index| (shape, index)));
        let part = |((depth, units), index): &(counts::Shape, u64)| Random {
            widths: vec![units / depth; *depth],
            sigmas,
            seed,
            index: *index,
        };
        let bounds = if scene.wants("count-depth") { counts::bounds_by_depth(width) } else { Vec::new() };
        let show = |random: &OfRandom, scene: &mut Scene<'_>| {
            scene.measured("count-width", || counts::by_units(random));
            scene.measured("count-depth", || counts::by_depth(random, width, &bounds));
            Ok(())
        };
        self.random.of((sigmas, seed)).fill(scene, wanted, part, show).await
    }

    /// The whole training, and the counts on its way.
    async fn count_training(
        &mut self,
        settings: &Settings,
        net: &NetKey,
        scene: &mut Scene<'_>,
    ) -> Result<(), JobError> {
        let Self { training, in_plane, in_window, others, .. } = self;
        let training = training.try_get(net.clone(), Training::new)?;
        let edges = settings.edges();
        in_plane.of(net.clone());
        in_window.of((net.clone(), edges));
        others.of(net.clone());
        let show = |found: (&InPlane, &InWindow, &Others), scene: &mut Scene<'_>| {
            scene.measured("count-training", || counts::in_training(found, net, settings.steps));
            Ok::<_, JobError>(())
        };
        show((in_plane, in_window, others), scene)?;
        scene.flush().await?;
        while training.session.keep_next(MOST_STEPS, &training.examples, scene).await? {
            let steps = training.session.kept().last().map_or(0, |state| state.steps());
            scene.progress(steps as f64 / MOST_STEPS as f64, format!("{steps} training steps"));
            scene.hand_over();
        }
        let kept = training.session.kept();
        let given = |i: &usize, edges| Given::new(kept[*i].net(), edges);
        let all = || 0..kept.len();
        in_plane.fill(scene, all(), |i| given(i, None), |found, scene| show((found, in_window, others), scene)).await?;
        let in_this = |i: &usize| given(i, Some(edges));
        in_window.fill(scene, all(), in_this, |found, scene| show((in_plane, found, others), scene)).await?;
        if net.n_units() > MOST_UNITS_OF_OTHERS || training.examples.n() == 0 {
            return Ok(());
        }
        let round =
            |i: &u64, state| Round { settings: Settings { seed: settings.seed + i, ..settings.clone() }, state };
        let show = |found: &Others, scene: &mut Scene<'_>| show((in_plane, in_window, found), scene);
        others.train_rounds(scene, 1..=counts::OTHER_SEEDS, ROUNDS, round, show).await
    }
}
